// The keyboard flow of the keying screen. Without it every box is there, and Tab goes through them.
(() => {
  "use strict";
  const form = document.querySelector("form[data-keying]");
  if (!form) return;
  const places = Array.from(form.querySelectorAll("[data-place]"));
  const words = { "-": "Không ghi", "–": "Không ghi", "?": "Không đọc được" };
  const told = (box) => form.querySelector(`[data-told-of="${box.id}"]`);

  function show(box) {
    const place = told(box);
    const said = words[box.value.trim()];
    if (said) place.textContent = said;
    else if (Object.values(words).includes(place.textContent)) place.textContent = "";
  }
  function go(box, step) {
    const next = places[places.indexOf(box) + step];
    if (next) { next.focus(); next.select(); next.scrollIntoView({ block: "nearest" }); }
    else if (step > 0) form.querySelector("button[data-hotkey]").focus();
  }
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = event.target;
    if (box.matches("[data-aside]")) {
      event.preventDefault();
      go(box.closest(".key-boxes").querySelector("[data-place]"), event.shiftKey ? 0 : 1);
    } else if (box.matches("[data-place]")) {
      event.preventDefault();
      go(box, event.shiftKey ? -1 : 1);
    } else if (box.matches("input") && !event.shiftKey) {
      event.preventDefault();
      if (places[0]) places[0].focus();
    }
  });
  form.addEventListener("input", (event) => { if (event.target.matches("[data-place]")) show(event.target); });
  places.forEach(show);
  if (!document.getElementById("error-summary")) {
    const first = places.find((box) => !box.value) || places[0];
    if (first) first.focus();
  }

  // What a machine reads stands beside an empty box, and goes into it only when it is asked to.
  function suggest(box, text) {
    if (box.value) return;
    const place = told(box);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: "Dùng (Alt+↓)" });
    button.tabIndex = -1;
    button.addEventListener("click", () => { box.value = text; box.focus(); });
    place.replaceChildren(`Máy đọc: ${text}`, button);
  }
  form.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key !== "ArrowDown" || !event.target.matches("[data-place]")) return;
    const button = told(event.target).querySelector("button");
    if (button) { event.preventDefault(); button.click(); }
  });
  if (form.dataset.suggestions) {
    fetch(form.dataset.suggestions, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { places: {} }))
      .then(({ places: read }) => places.forEach((box) => { if (read[box.dataset.place]) suggest(box, read[box.dataset.place]); }))
      .catch(() => {});
  }
})();
