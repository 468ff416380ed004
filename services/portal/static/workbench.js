// List and sheet of a submission walk together: by the arrow keys (or j and k within them), by the buttons, by a click on either. Every
// place has an address of its own, which is followed where the sheet on the page does not show it.
(function () {
  "use strict";

  const waits = document.querySelector("[data-pending]");
  if (waits) wait(waits.getAttribute("data-pending"));

  const bench = document.querySelector("[data-bench]");
  if (!bench) return;
  const total = Number(bench.getAttribute("data-total"));
  const live = bench.querySelector("[data-live]");
  const counter = bench.querySelector("[data-count]");
  const list = bench.querySelector(".findings");
  let at = Number(bench.getAttribute("data-at"));
  if (!total) return;

  document.addEventListener("keydown", (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey || e.defaultPrevented) return;
    const inBench = bench.contains(document.activeElement);
    const free = document.activeElement === document.body || document.activeElement === document.getElementById("main");
    if (!inBench && !free) return;
    if (e.target.matches("input, select, textarea")) return;
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const letter = inBench && { j: 1, k: -1 }[e.key.toLowerCase()];
    const step = arrow || letter;
    if (!step) return;
    e.preventDefault();
    walk(at + step, true);
  });
  bench.addEventListener("click", (e) => {
    const link = e.target.closest("a");
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return;
    let to = -1;
    const item = link.closest("li");
    if (link.hasAttribute("data-step")) to = at + Number(link.getAttribute("data-step"));
    else if (link.hasAttribute("data-goto")) to = Number(link.getAttribute("data-goto"));
    else if (link.classList.contains("finding-link") && item) to = Number(item.getAttribute("data-first"));
    else return;
    if (to < 0 || to >= total) {
      e.preventDefault();
      return;
    }
    if (walk(to, link.classList.contains("finding-link"))) e.preventDefault();
  });
  show(item(at), at);
  const frame = list.querySelector(".finding-list");
  if (item(at) && frame.scrollHeight > frame.clientHeight) within(frame, item(at));

  // walk goes to a place, on this page or to its own. It reports whether it stayed.
  function walk(to, focus) {
    if (to < 0 || to >= total) return true;
    const li = item(to);
    const cell = li && cellOf(li, to);
    if (!li || cell === "-") {
      location.assign(address(to));
      return false;
    }
    at = to;
    show(li, to);
    within(list.querySelector(".finding-list"), li);
    if (focus) li.querySelector(".finding-link").focus({ preventScroll: true });
    live.textContent = to + 1 + " / " + total + " " + cell + " " + li.querySelector(".finding-link").textContent.trim().replace(/\s+/g, " ");
    history.replaceState(null, "", address(to));
    return true;
  }

  function item(place) {
    for (const li of bench.querySelectorAll(".finding"))
      if (Number(li.getAttribute("data-first")) <= place && place <= Number(li.getAttribute("data-last"))) return li;
    return null;
  }

  // cellOf is the name of the cell of a place: "" where it has none, - where the sheet on the page does not show it.
  function cellOf(li, place) {
    const cells = li.getAttribute("data-cells").split(",");
    const name = cells[place - Number(li.getAttribute("data-first"))];
    return name === undefined ? "-" : name;
  }

  function address(place) {
    const to = new URL(location.href);
    to.searchParams.delete("sheet");
    to.searchParams.delete("rows");
    to.searchParams.set("at", place + 1);
    to.hash = "";
    return to.href;
  }

  function show(li, place) {
    if (!li) return;
    for (const old of bench.querySelectorAll(".here")) old.classList.remove("here");
    for (const old of bench.querySelectorAll(".findings [aria-current=true]:not(.chip)")) old.removeAttribute("aria-current");
    li.classList.add("here");
    const link = li.querySelector(".finding-link");
    link.setAttribute("aria-current", "true");
    const cell = document.getElementById("cell-" + cellOf(li, place));
    if (cell) {
      cell.classList.add("here");
      reveal(cell);
    }
    const more = li.querySelector('[data-goto="' + place + '"]');
    if (more) more.setAttribute("aria-current", "true");
    counter.textContent = place + 1 + " / " + total;
    step(-1, place);
    step(1, place);
  }

  function step(by, place) {
    const button = bench.querySelector('[data-step="' + by + '"]');
    const there = place + by >= 0 && place + by < total;
    if (there) button.href = address(place + by);
    else button.removeAttribute("href");
    if (there) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
  }

  // reveal scrolls the sheet, and the page only where the cell is not in sight.
  function reveal(cell) {
    const frame = cell.closest(".sheet");
    const heads = { top: 32, left: 48 };
    const f = frame.getBoundingClientRect();
    const c = cell.getBoundingClientRect();
    if (c.left < f.left + heads.left || c.right > f.right) frame.scrollLeft += c.left - f.left - Math.max(heads.left, (f.width - c.width) / 2);
    if (c.top < f.top + heads.top || c.bottom > f.bottom) frame.scrollTop += c.top - f.top - Math.max(heads.top, (f.height - c.height) / 2);
  }

  function within(frame, inner) {
    const f = frame.getBoundingClientRect();
    const i = inner.getBoundingClientRect();
    if (frame.scrollHeight > frame.clientHeight) {
      if (i.top < f.top) frame.scrollTop += i.top - f.top;
      if (i.bottom > f.bottom) frame.scrollTop += i.bottom - f.bottom;
    } else if (i.top < 0 || i.bottom > window.innerHeight) inner.scrollIntoView({ block: "nearest" });
  }

  // wait reloads the page when the submission has its outcome.
  async function wait(id) {
    for (let tries = 0; tries < 30; tries++) {
      try {
        const answer = await fetch("/api/v1/submissions/" + encodeURIComponent(id) + "?wait=20s", { credentials: "same-origin" });
        const state = answer.ok ? await answer.json() : { pending: true };
        if (!state.pending || state.held) {
          location.reload();
          return;
        }
      } catch (_) {
        // the network may come back
      }
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
})();
