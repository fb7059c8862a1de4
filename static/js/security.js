// Shows and hides a password. Everything else works without scripts, and so does this page.
"use strict";

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  if (!(field instanceof HTMLInputElement)) continue;

  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };

  button.addEventListener("click", () => show(field.type === "password"));
  // Sent and remembered as a password, never as text; also when the page comes back from the history.
  field.form?.addEventListener("submit", () => show(false));
  window.addEventListener("pagehide", () => show(false));
  button.hidden = false;
}
