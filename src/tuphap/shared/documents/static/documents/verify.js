// The file stays in the browser: only its hash is asked about. It is sent when its holder agrees, by the form's own button.
"use strict";

(() => {
  const form = document.getElementById("verify-file");
  if (!form || !window.crypto || !crypto.subtle || !window.fetch) return;
  const input = form.querySelector("input[type=file]");
  const answer = document.getElementById("verify-answer");
  const consent = form.querySelector("[data-consent]");
  consent.hidden = true;

  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    answer.setAttribute("aria-busy", "true");
    answer.textContent = "Đang đối chiếu tệp…";
    try {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      body.append("sha256", hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())));
      const reply = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (!reply.ok) throw new Error(String(reply.status));
      answer.innerHTML = await reply.text();
      consent.hidden = !answer.querySelector("[data-unmatched]");
    } catch {
      answer.textContent = "Chưa đối chiếu được tại trình duyệt. Ông/bà có thể đồng ý gửi tệp để hệ thống kiểm tra.";
      consent.hidden = false;
    }
    answer.removeAttribute("aria-busy");
    answer.focus();
  });
})();
