// The little behaviour that pages have beyond HTML. Every page works without it.
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  // Boxes to tick and buttons take no letters: keys of one letter work while they have the focus.
  const isTyping = (element) => element && (element.isContentEditable || /^(SELECT|TEXTAREA)$/.test(element.tagName)
    || (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit|file)$/.test(element.type)));

  // Errors: the summary takes the focus; its links go to the field itself.
  function focusErrors() {
    const summary = document.getElementById("error-summary");
    if (summary) summary.focus();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#']");
    if (!link) return;
    const holder = document.getElementById(link.hash.slice(1));
    const field = holder && (holder.matches("input,select,textarea") ? holder : holder.querySelector("input:not([type=hidden]),select,textarea"));
    if (!field) return;
    event.preventDefault();
    holder.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });

  // Drop-down menus: one open at a time, closed by Escape or by leaving.
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // The side menu on small screens.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toggles]");
    if (!button) return;
    const target = document.getElementById(button.dataset.toggles);
    const open = target.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  });

  // Dialogs: opened by [data-opens], closed by [data-closes]; forms with data-confirm ask first.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog) { event.preventDefault(); if (dialog.id === "keys") showKeys(); else dialog.showModal(); }
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); }
    if (event.target.matches("dialog")) event.target.close();
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const question = (button && button.dataset.confirm) || form.dataset.confirm;
    if (question && !form.dataset.confirmed) {
      event.preventDefault();
      const dialog = document.getElementById("confirm");
      dialog.querySelector("[data-question]").textContent = question;
      dialog.querySelector("[data-yes]").textContent = (button && button.textContent.trim()) || "Đồng ý";
      dialog.returnValue = "";
      dialog.onclose = () => {
        if (dialog.returnValue !== "yes") return;
        form.dataset.confirmed = "1";
        form.requestSubmit(button || undefined);
      };
      dialog.showModal();
      return;
    }
    if (form.classList.contains("is-busy")) { event.preventDefault(); return; }
    if (form.method === "post" && !form.hasAttribute("hx-post")) form.classList.add("is-busy");
  });
  window.addEventListener("pageshow", () => all("form.is-busy").forEach((form) => form.classList.remove("is-busy")));

  // Keys of the page: [data-hotkey] ("ctrl+Enter", "alt+j") works everywhere, [data-shortcut] (one letter) where nothing
  // is being typed; a box gets the focus, everything else is pressed. Who reads with a screen reader or speaks to the
  // machine switches the keys of one letter off; the choice stays in this browser.
  const SINGLE = "tuphap.single-keys";
  const singleKeys = () => localStorage.getItem(SINGLE) !== "off";
  const shown = (element) => element.getClientRects().length > 0;
  function use(element) {
    if (isTyping(element)) { element.focus(); if (element.select) element.select(); } else element.click();
  }
  function fits(event, hotkey) {
    const parts = hotkey.split("+");
    const key = parts.pop();
    const wanted = (name) => parts.includes(name);
    return (event.ctrlKey || event.metaKey) === wanted("ctrl") && event.altKey === wanted("alt")
      && (event.key === key || event.code === `Key${key.toUpperCase()}`);
  }
  document.addEventListener("keydown", (event) => {
    if (!event.altKey && !event.ctrlKey && !event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    const chosen = all("[data-hotkey]").find((one) => shown(one) && fits(event, one.dataset.hotkey));
    if (!chosen) return;
    event.preventDefault();
    use(chosen);
  });
  function nameKeys() {
    all("[data-hotkey],[data-shortcut]").forEach((one) => {
      const hotkey = one.dataset.hotkey;
      one.setAttribute("aria-keyshortcuts", hotkey ? hotkey.replace("ctrl", "Control").replace("alt", "Alt") : one.dataset.shortcut);
    });
    all("[data-single-keys]").forEach((box) => { box.checked = singleKeys(); });
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-single-keys]")) localStorage.setItem(SINGLE, event.target.checked ? "on" : "off");
  });
  // The table of keys tells those of this page as well.
  function showKeys() {
    const keys = document.getElementById("keys");
    if (!keys) return;
    const place = keys.querySelector("[data-page-keys]");
    const lines = all("[data-hotkey],[data-shortcut]").filter((one) => shown(one) && one.dataset.shortcutTitle).map((one) => {
      const line = document.createElement("div");
      const key = document.createElement("dt");
      const words = (one.dataset.hotkey || one.dataset.shortcut).split("+");
      words.forEach((word, n) => {
        if (n) key.append(" + ");
        const text = word.length > 1 ? word[0].toUpperCase() + word.slice(1) : words.length > 1 ? word.toUpperCase() : word;
        key.append(Object.assign(document.createElement("kbd"), { textContent: text }));
      });
      line.append(key, Object.assign(document.createElement("dd"), { textContent: one.dataset.shortcutTitle }));
      return line;
    });
    place.replaceChildren(...lines);
    place.hidden = !lines.length;
    if (!keys.open) keys.showModal();
  }

  // Parts of a long form: on to the first box of the next one, or back; every mandatory paper noted at once.
  document.addEventListener("click", (event) => {
    const go = event.target.closest("[data-go]");
    if (go) goTo(Number(go.dataset.go));
    const ticks = event.target.closest("[data-ticks]");
    if (ticks) all(`${ticks.dataset.ticks} input[type=checkbox]`).forEach((box) => { if (!box.checked) box.click(); });
  });
  function goTo(by) {
    const parts = all("form section[id]");
    const here = parts.findIndex((part) => part.contains(document.activeElement));
    const part = parts[Math.min(parts.length - 1, Math.max(0, here + by))];
    const box = part && firstBox(part);
    if (box) { part.scrollIntoView({ block: "start" }); box.focus({ preventScroll: true }); }
  }
  function firstBox(root) {
    return all("input:not([type=hidden]),select,textarea", root).find((box) => shown(box) && !box.disabled);
  }
  // From a search box down into what it found.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || !event.target.matches || !event.target.matches("[data-to-rows]")) return;
    if (!document.querySelector("[data-rows] > *")) return;
    event.preventDefault();
    step(1);
  });

  // Keys: "?" shows them, "/" goes to search, j/k/Enter walk a list, x ticks a row, "g" then a letter opens a menu line.
  let awaiting = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); showKeys(); return; }
    if (!singleKeys()) return;
    if (Date.now() - awaiting < 1500) {
      awaiting = 0;
      const line = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (line) { event.preventDefault(); line.click(); }
      return;
    }
    if (event.key === "g") { awaiting = Date.now(); return; }
    const chosen = all("[data-shortcut]").find((one) => one.dataset.shortcut === event.key && shown(one));
    if (chosen) { event.preventDefault(); use(chosen); return; }
    if (event.key === "/") {
      const box = document.querySelector("[data-search]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else if (event.key === "x") {
      const tick = document.querySelector("[data-rows] .is-current input[type=checkbox]");
      if (tick) tick.click();
    }
  });
  function step(by) {
    const link = (row) => (row.matches("a") ? row : row.querySelector("a"));
    const rows = all("[data-rows] > *").filter((row) => shown(row) && link(row));
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.classList.contains("is-current"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, here + by))];
    rows.forEach((row) => row.classList.toggle("is-current", row === next));
    link(next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  // "Tick all" boxes, and buttons that say how many are ticked.
  function countTicks(form) {
    const ticked = all("input[type=checkbox][data-tick]:checked", form).length;
    all("[data-tick-count]", form).forEach((place) => { place.textContent = ticked ? `(${ticked})` : ""; });
  }
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form) return;
    if (event.target.matches("[data-tick-all]")) {
      all("input[type=checkbox][data-tick]", form).forEach((box) => { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-tick],[data-tick-all]")) countTicks(form);
    if (event.target.matches("[data-submit-on-change]")) form.requestSubmit();
  });

  // The picker of communes: suggestions for what is typed, in an ordinary datalist.
  let pause;
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-suggest]");
    if (!box || box.value.length < 2) return;
    clearTimeout(pause);
    pause = setTimeout(async () => {
      const address = new URL(box.dataset.suggest, location.origin);
      address.searchParams.set("q", box.value);
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const list = document.getElementById(box.getAttribute("list"));
      const found = await answer.json();
      list.replaceChildren(...found.items.map((label) => Object.assign(document.createElement("option"), { value: label })));
    }, 180);
  });

  // Days typed as digits only: 05032026 becomes 05/03/2026 on leaving the field.
  document.addEventListener("focusout", (event) => {
    const box = event.target;
    if (!box.matches || !box.matches("[data-day]")) return;
    const digits = box.value.trim();
    if (/^\d{8}$/.test(digits)) box.value = `${digits.slice(0, 2)}/${digits.slice(2, 4)}/${digits.slice(4)}`;
  });

  // Files: say at once when one is too large, before it has travelled.
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches || !box.matches("input[type=file][data-limit]")) return;
    const large = Array.from(box.files).find((file) => file.size > Number(box.dataset.limit));
    box.setCustomValidity(large ? `Tệp “${large.name}” vượt quá ${Math.round(box.dataset.limit / 1048576)} MB.` : "");
    box.reportValidity();
  });

  // Pages that watch work being done elsewhere: reload a part until it says it is finished.
  function watch(place) {
    const timer = setInterval(async () => {
      const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Watch": "1" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(place.id);
      if (!fresh) { clearInterval(timer); location.reload(); return; }
      place.replaceChildren(...fresh.childNodes);
      if (!fresh.hasAttribute("data-watch")) clearInterval(timer);
    }, Number(place.dataset.watch) || 3000);
  }

  // Word from the live stream: one more notice on the bell; a list that is no longer as it was drawn.
  function listen() {
    document.body.addEventListener("tuphap:notice", () => all("[data-bell]").forEach((bell) => {
      let count = bell.querySelector(".count");
      if (!count) { count = Object.assign(document.createElement("span"), { className: "count", textContent: "0" }); bell.append(count); }
      count.firstChild.textContent = String(Number.parseInt(count.textContent, 10) + 1);
    }));
    document.body.addEventListener("tuphap:dossier", () => all("[data-fresh]").forEach((line) => { line.hidden = false; }));
  }

  document.addEventListener("DOMContentLoaded", () => {
    listen();
    nameKeys();
    focusErrors();
    const start = document.querySelector("[data-start]");
    if (start && !document.getElementById("error-summary")) { const box = start.matches("a,button") ? start : firstBox(start); if (box) box.focus(); }
    if (document.querySelector("[data-print-now]")) setTimeout(() => window.print(), 50);
    all("[data-watch]").forEach(watch);
    all("form").forEach(countTicks);
  });
  document.addEventListener("htmx:afterSwap", focusErrors);
})();
