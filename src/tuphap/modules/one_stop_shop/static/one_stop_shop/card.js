// The identity card at the counter: a scanner types its code into a box and ends with Enter; the page's fields are
// filled with what the card says. Nothing that was typed by hand is written over.
(() => {
  "use strict";

  async function read(box) {
    const typed = box.value.trim();
    const told = document.getElementById(box.getAttribute("aria-describedby").split(" ").pop());
    if (!typed) return;
    box.value = ""; // the code itself is kept nowhere
    const body = new FormData();
    body.append("card", typed);
    const token = box.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(box.dataset.card, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });
    const said = await answer.json();
    if (!answer.ok) { told.textContent = said.detail; box.focus(); return; }
    const filled = Object.entries(said.fields).filter(([name, value]) => value && fill(box, name, value));
    told.textContent = filled.length ? `${said.told} ${said.note}`.trim() : "Các ô đã có thông tin nên không thay đổi.";
    next(box);
  }

  function fill(box, name, value) {
    const field = Array.from(box.form.elements).filter((one) => one.name === box.dataset.prefix + name);
    const choice = field.find((one) => one.type === "radio" && one.value === value);
    if (choice) {
      if (field.some((one) => one.checked)) return false;
      choice.checked = true;
      return true;
    }
    if (!field.length || field[0].type === "radio" || field[0].value) return false;
    field[0].value = value;
    return true;
  }

  // On to the first box of the section that is still empty.
  function next(box) {
    const section = box.closest("section");
    const empty = Array.from(section.querySelectorAll("input:not([type=hidden],[type=radio],[type=checkbox],[data-card]),select,textarea"))
      .find((one) => !one.value);
    (empty || box).focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches || !event.target.matches("[data-card]")) return;
    event.preventDefault(); // Enter ends the scan; it does not send the form
    read(event.target);
  });
})();
