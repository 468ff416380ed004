// Files that are dropped or chosen are uploaded each with its progress, shown as they were recognised, and sent when that is confirmed.
// Everything that is shown comes from the server: the same lines that the pages without a script show.
(function () {
  "use strict";

  const form = document.querySelector("[data-upload]");
  const atOnce = 3;

  document.querySelectorAll("[data-waiting]").forEach(follow);
  if (!form) return;

  const card = document.querySelector("[data-files]");
  const list = card.querySelector("[data-files-list]");
  const live = card.querySelector("[data-files-live]");
  const sendForm = card.querySelector("[data-send]");
  const sendAll = card.querySelector("[data-send-all]");
  const input = form.querySelector("input[type=file]");
  const pick = form.querySelector(".drop-pick");
  const words = form.querySelector("[data-words]").content;
  const word = (name) => words.querySelector("[data-" + name + "]").textContent;
  const queue = [];
  let uploading = 0;

  form.classList.add("enhanced");
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  form.addEventListener("submit", (e) => e.preventDefault());

  // A file that misses the zone must not replace the page: it may be dropped anywhere.
  let depth = 0;
  const hasFiles = (e) => e.dataTransfer && Array.from(e.dataTransfer.types).indexOf("Files") >= 0;
  document.addEventListener("dragenter", (e) => {
    if (hasFiles(e) && ++depth > 0) form.classList.add("over");
  });
  document.addEventListener("dragleave", (e) => {
    if (hasFiles(e) && --depth <= 0) form.classList.remove("over");
  });
  document.addEventListener("dragover", (e) => {
    if (hasFiles(e)) e.preventDefault();
  });
  document.addEventListener("drop", (e) => {
    if (!hasFiles(e)) return;
    e.preventDefault();
    depth = 0;
    form.classList.remove("over");
    take(e.dataTransfer.files);
  });

  function take(files) {
    if (!files.length) return;
    if (!list.querySelector("[name=file], .uploading")) list.textContent = ""; // what was sent before makes room
    const first = card.hidden;
    card.hidden = false;
    for (const file of Array.from(files)) {
      const line = element("li", "file uploading");
      const name = element("div", "file-name");
      name.appendChild(element("b", "", file.name));
      line.appendChild(name);
      list.appendChild(line);
      queue.push({ file, line });
    }
    if (first) card.querySelector("h2").focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
    next();
    count();
  }

  function next() {
    while (uploading < atOnce && queue.length) {
      uploading++;
      upload(queue.shift());
    }
  }

  function upload(job) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    for (const field of form.querySelectorAll("input[type=hidden]")) body.append(field.name, field.value);
    body.append("file", job.file, job.file.name);
    const state = element("p", "file-words");
    const bar = element("progress", "");
    bar.max = 1;
    bar.value = 0;
    const says = element("span", "muted", " " + word("uploading"));
    bar.setAttribute("aria-label", job.file.name);
    state.append(bar, says);
    replaceWords(job.line, state);
    request.upload.addEventListener("progress", (e) => {
      if (!e.lengthComputable) return;
      bar.value = e.loaded / e.total;
      says.textContent = " " + (e.loaded < e.total ? word("uploading") + " " + Math.floor((100 * e.loaded) / e.total) + "%" : word("recognising"));
    });
    request.addEventListener("loadend", () => {
      uploading--;
      if (request.status === 200) {
        const line = firstElement(request.responseText);
        job.line.replaceWith(line);
      } else {
        failed(job, request.status);
      }
      next();
      count();
    });
    request.open("POST", form.action);
    request.setRequestHeader("X-Fragment", "1");
    request.send(body);
  }

  // why says what kept a file back. Who has to sign in does so in another window: the files stay here.
  function why(status) {
    const state = element("p", "file-words bad", word(status === 401 ? "ended" : "failed") + " ");
    if (status === 401) {
      const to = element("a", "", word("signin"));
      to.href = "/sign-in";
      to.target = "_blank";
      state.append(to, " ");
    }
    return state;
  }

  function failed(job, status) {
    const state = why(status);
    const again = element("button", "small", word("again"));
    again.type = "button";
    again.addEventListener("click", () => {
      queue.push(job);
      next();
      count();
    });
    state.appendChild(again);
    job.line.classList.remove("uploading");
    replaceWords(job.line, state);
  }

  function replaceWords(line, state) {
    const old = line.querySelector(".file-words");
    if (old) old.replaceWith(state);
    else line.appendChild(state);
  }

  // count says how many files are recognised, and whether they can be sent.
  function count() {
    const busy = list.querySelectorAll(".uploading").length;
    const ready = list.querySelectorAll("[name=file]").length;
    const all = list.children.length;
    live.textContent = busy ? all - busy + " / " + all : "";
    sendAll.disabled = busy > 0;
    card.querySelector(".files-foot").hidden = !busy && !ready;
    card.querySelector("h2").textContent = word(busy || ready || !all ? "confirm" : "sent");
    if (busy || ready) pick.classList.remove("primary"); // the thing to do next is to confirm
  }

  list.addEventListener("change", (e) => {
    const line = e.target.closest(".file");
    const foreseen = line && line.querySelector("[data-foreseen]");
    if (foreseen) foreseen.remove(); // it was about the choice before
  });

  card.querySelector("[data-clear]").addEventListener("click", () => {
    list.textContent = "";
    queue.length = 0;
    card.hidden = true;
    input.focus();
  });

  sendForm.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (sendAll.disabled) return;
    sendAll.disabled = true;
    const lines = Array.from(list.children).filter((line) => line.querySelector("[name=file]"));
    const sent = [];
    for (const line of lines) {
      const fields = new URLSearchParams();
      for (const field of line.querySelectorAll("[name]")) fields.append(field.name, field.value);
      if (fields.get("form") === "-") {
        line.remove();
        continue;
      }
      const state = element("p", "file-words muted", word("sending"));
      replaceWords(line, state);
      try {
        const answer = await fetch(sendForm.action, { method: "POST", body: fields, headers: { "X-Fragment": "1" }, credentials: "same-origin" });
        if (!answer.ok) {
          state.replaceWith(why(answer.status));
          continue;
        }
        const outcome = firstElement(await answer.text());
        line.replaceWith(outcome);
        sent.push(outcome);
        if (outcome.hasAttribute("data-waiting")) follow(outcome);
      } catch (_) {
        state.className = "file-words bad";
        state.textContent = word("failed");
      }
    }
    count();
    sendAll.disabled = false;
    live.textContent = "";
    document.dispatchEvent(new CustomEvent("huizong-sent"));
    const only = sent.length === 1 && document.querySelector("[data-bench], [data-pending]") && sent[0].querySelector("a[href^='/submissions/']");
    if (only) location.assign(only.getAttribute("href")); // corrected beside the old one: go on with the new
  });

  // follow asks for the outcome of a line that still waits for it.
  async function follow(line) {
    for (let tries = 0; tries < 20; tries++) {
      await new Promise((done) => setTimeout(done, 1000));
      if (!line.isConnected) return;
      try {
        const answer = await fetch("/sent?id=" + encodeURIComponent(line.getAttribute("data-waiting")), { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
        if (!answer.ok) continue;
        const now = firstElement(await answer.text());
        if (now.hasAttribute("data-waiting")) continue;
        line.replaceWith(now);
        document.dispatchEvent(new CustomEvent("huizong-sent"));
        return;
      } catch (_) {
        continue; // the network may come back
      }
    }
  }

  function element(name, className, text) {
    const e = document.createElement(name);
    if (className) e.className = className;
    if (text) e.textContent = text;
    return e;
  }

  function firstElement(html) {
    return new DOMParser().parseFromString("<ul>" + html + "</ul>", "text/html").querySelector("li");
  }
})();
