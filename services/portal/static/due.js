// What is on the page follows what becomes of the unit's sheets: where an outcome is told, the parts that show it are fetched anew.
(function () {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  if (!document.querySelector("[data-refresh]")) return;

  let running = false;
  let again = false;
  async function refresh() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch (_) {
      // the next outcome, or the next visit, shows it
    }
    running = false;
    if (again) {
      again = false;
      refresh();
    }
  }

  function swap(fresh) {
    for (const part of document.querySelectorAll("[data-refresh]")) {
      const now = fresh.querySelector('[data-refresh="' + part.getAttribute("data-refresh") + '"]');
      if (now && now.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.replaceWith(now);
    }
  }
  document.addEventListener("huizong-sent", refresh);

  // A page that nobody looks at or touches asks for nothing: a session has to be able to end.
  const idle = 10 * 60 * 1000;
  let events = null;
  let touched = Date.now();
  function listen() {
    const wanted = !document.hidden && Date.now() - touched < idle;
    if (wanted && !events) {
      events = new EventSource("/api/v1/events");
      events.addEventListener("outcome", refresh);
    }
    if (!wanted && events) {
      events.close();
      events = null;
    }
  }
  for (const kind of ["pointerdown", "keydown", "focus"])
    window.addEventListener(kind, () => {
      touched = Date.now();
      if (!events) listen();
    });
  document.addEventListener("visibilitychange", listen);
  setInterval(listen, 60 * 1000);
  listen();
})();
