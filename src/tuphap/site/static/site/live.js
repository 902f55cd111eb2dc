// Keeps a page in touch: <body data-live="address of the ticket">. Each event of the stream becomes a DOM event on
// <body> ("tuphap:notice", "tuphap:dossier", "tuphap:sample", "tuphap:again"), for hx-trigger="tuphap:notice from:body".
(() => {
  "use strict";
  const address = document.body && document.body.dataset.live;
  if (!address || !window.EventSource) return;
  const KINDS = ["notice", "dossier", "sample", "again"];
  let pause = 1000;

  const tell = (kind, detail) => document.body.dispatchEvent(new CustomEvent(`tuphap:${kind}`, { detail }));

  const later = () => {
    window.setTimeout(join, pause + Math.random() * 1000);
    pause = Math.min(pause * 2, 60000);
  };

  async function join() {
    let answer;
    try {
      answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
    } catch {
      return later();
    }
    if (answer.status === 401 || answer.status === 403) return; // the login has ended
    if (!answer.ok) return later();
    const source = new EventSource((await answer.json()).url);
    source.addEventListener("open", () => { pause = 1000; });
    for (const kind of KINDS) source.addEventListener(kind, (event) => tell(kind, JSON.parse(event.data)));
    // A ticket opens the stream once: after any break a new one is fetched, and the page looks again.
    source.addEventListener("error", () => { source.close(); tell("again", {}); later(); });
    window.addEventListener("pagehide", () => source.close(), { once: true });
  }

  join();
})();
