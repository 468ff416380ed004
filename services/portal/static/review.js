// The reviewer's pages. Everything works without it: a cell of the matrix has a page of its own, filters have a button, remarks have
// fields. With it a cell opens at the side, arrow keys walk the matrix, and a click on a cell of the sheet begins a remark.
(function () {
  "use strict";

  document.querySelectorAll("[data-filters]").forEach((form) => {
    const button = form.querySelector("[data-submit]");
    if (button && form.querySelector("[data-auto]")) button.classList.add("visually-hidden");
    form.addEventListener("change", (e) => { if (e.target.hasAttribute("data-auto")) form.submit(); });
  });

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  document.querySelectorAll("[data-copy]").forEach((button) => {
    const field = button.parentNode.querySelector("textarea");
    const name = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      field.select();
      // An office server without TLS is no secure context: there a browser has no clipboard but the old command.
      if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(field.value);
      else document.execCommand("copy");
      button.textContent = button.getAttribute("data-done");
      setTimeout(() => { button.textContent = name; }, 2000);
    });
  });

  approve(document.querySelector("[data-approve]"));
  matrix(document.querySelector("[data-review]"));
  remarks(document.querySelector("[data-return]"));

  // approve counts what is ticked.
  function approve(form) {
    if (!form) return;
    const boxes = Array.from(form.querySelectorAll("input[name=submission]"));
    const all = form.querySelector("[data-all]");
    const count = form.querySelector("[data-count]");
    const button = form.querySelector("button.primary");
    const tell = () => {
      const n = boxes.filter((b) => b.checked).length;
      count.textContent = count.getAttribute("data-words").replace("%", n);
      button.disabled = n === 0;
      all.firstElementChild.checked = n === boxes.length;
    };
    all.hidden = false;
    all.addEventListener("change", () => { boxes.forEach((b) => { b.checked = all.firstElementChild.checked; }); tell(); });
    form.addEventListener("change", tell);
    tell();
  }

  // matrix opens cells at the side and lets the arrow keys walk over them. One cell of a table is in the order of the Tab key.
  function matrix(root) {
    if (!root) return;
    const place = root.querySelector("[data-at]");
    const hint = root.querySelector("[data-keys]");
    if (hint) hint.hidden = false;
    let asked = 0;
    root.querySelectorAll("[data-grid]").forEach(walk);
    root.addEventListener("click", (e) => {
      const link = e.target.closest("a.mk, a[data-open]");
      if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return;
      e.preventDefault();
      open(link);
    });

    function walk(table) {
      const rows = Array.from(table.tBodies[0].rows);
      const links = Array.from(table.querySelectorAll("a.mk"));
      const first = table.querySelector("a.mk[aria-current]") || links[0];
      links.forEach((a) => { a.tabIndex = a === first ? 0 : -1; });
      table.addEventListener("keydown", (e) => {
        const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -99], End: [0, 99] }[e.key];
        const at = e.target.closest && e.target.closest("a.mk");
        if (!step || !at || e.altKey || e.ctrlKey || e.metaKey) return;
        e.preventDefault();
        const to = Math.abs(step[1]) > 1 ? edge(at, step[1]) : next(rows, at, step);
        if (to) focus(links, to);
      });
      table.addEventListener("focusin", (e) => { if (e.target.matches("a.mk")) links.forEach((a) => { a.tabIndex = a === e.target ? 0 : -1; }); });
    }

    function focus(links, to) {
      links.forEach((a) => { a.tabIndex = a === to ? 0 : -1; });
      to.focus();
      to.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    function next(rows, at, step) {
      let row = rows.indexOf(at.closest("tr")), col = at.closest("td").cellIndex;
      for (;;) {
        row += step[0];
        col += step[1];
        if (row < 0 || row >= rows.length || col < 0 || col >= rows[row].cells.length) return null;
        const link = rows[row].cells[col].querySelector("a.mk");
        if (link) return link;
      }
    }

    function edge(at, direction) {
      const links = at.closest("tr").querySelectorAll("a.mk");
      return links[direction < 0 ? 0 : links.length - 1];
    }

    // open shows a cell at the side. The address says so too: a reload, or the way back from another page, shows it again.
    function open(link) {
      const turn = ++asked;
      const here = new URL(location.href);
      const path = new URL(link.href).pathname;
      here.searchParams.delete("done");
      here.searchParams.set("cell", decodeURIComponent(path.replace("/review/", "")));
      const back = new URL(here);
      back.searchParams.delete("cell");
      const query = new URLSearchParams({ part: "side" });
      if (back.search) query.set("back", back.pathname + back.search);
      fetch(path + "?" + query, { headers: { Accept: "text/html" } }).then((answer) => {
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        return answer.text();
      }).then((html) => {
        if (turn !== asked) return;
        const side = new DOMParser().parseFromString(html, "text/html").querySelector("[data-side]");
        place.replaceChildren ? place.replaceChildren(side) : (place.textContent = "", place.appendChild(side));
        root.classList.add("with-side");
        history.replaceState(null, "", here);
        root.querySelectorAll("a.mk[aria-current]").forEach((a) => a.removeAttribute("aria-current"));
        root.querySelectorAll("a.mk").forEach((a) => { if (a.pathname === path) a.setAttribute("aria-current", "true"); });
        if (place.getBoundingClientRect().top < 0 || place.offsetTop + 80 < root.offsetTop || window.innerWidth <= 1100) side.scrollIntoView({ block: "nearest" });
        side.querySelector("h2").focus({ preventScroll: true });
      }).catch(() => location.assign(link.href));
    }
    root.addEventListener("keydown", (e) => { // back to the cell that was opened
      if (e.key !== "Escape" || !e.target.closest("[data-side]")) return;
      const cell = root.querySelector("a.mk[aria-current]");
      if (cell) cell.focus();
    });
  }

  // remarks: a click on a cell of the sheet fills in the next remark, and there is always an empty one.
  function remarks(form) {
    if (!form) return;
    const list = form.querySelector("[data-remarks]");
    const sheet = document.querySelector("table.sheet-cells");
    form.addEventListener("input", (e) => { if (e.target.closest("[data-remark]")) spare(); });
    if (!sheet) return;
    const picking = sheet.closest("section");
    form.querySelector("[data-pick]").hidden = false;
    picking.classList.add("picking");
    sheet.addEventListener("click", (e) => {
      const cell = e.target.closest("tbody td");
      const name = cell && nameOf(cell);
      if (!name) return;
      e.preventDefault();
      const row = rowFor(name);
      row.querySelector("[name=cell]").value = name;
      row.querySelector("[name=sheet]").value = picking.getAttribute("data-sheet") || "";
      cell.classList.add("remarked-now");
      row.querySelector("[name=remark]").focus();
      spare();
    });

    function rows() { return Array.from(list.querySelectorAll("[data-remark]")); }
    function value(row, name) { return row.querySelector("[name=" + name + "]").value.trim(); }
    function rowFor(name) {
      return rows().find((r) => value(r, "cell").toUpperCase() === name) || rows().find((r) => !value(r, "cell") && !value(r, "remark")) || spare();
    }
    function spare() {
      const last = rows()[rows().length - 1];
      if (!value(last, "cell") && !value(last, "remark")) return last;
      const fresh = last.cloneNode(true);
      fresh.querySelectorAll("input:not([type=hidden])").forEach((i) => { i.value = ""; });
      list.appendChild(fresh);
      return fresh;
    }

    // nameOf is the cell's name: the letter above it and the number at its side, where merged cells stand in between.
    function nameOf(cell) {
      const letters = Array.from(sheet.tHead.rows[0].cells).slice(1).map((c) => c.textContent.trim());
      const taken = [];
      for (const row of sheet.tBodies[0].rows) {
        let col = 0;
        const covered = taken.map((n) => n > 0);
        taken.forEach((n, i) => { if (n > 0) taken[i] = n - 1; });
        for (const c of Array.from(row.cells).slice(1)) {
          while (covered[col]) col++;
          if (c === cell) return letters[col] && /^\d+$/.test(row.cells[0].textContent.trim()) ? letters[col] + row.cells[0].textContent.trim() : "";
          for (let i = 0; i < c.colSpan; i++) if (c.rowSpan > 1) taken[col + i] = c.rowSpan - 1;
          col += c.colSpan;
        }
      }
      return "";
    }
  }
})();
