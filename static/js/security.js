// Shows and hides a password, copies a text, prints. Everything else works without scripts, and so does every page.
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

for (const button of document.querySelectorAll("[data-copy]")) {
  const status = document.getElementById(button.dataset.status);
  if (!status || !navigator.clipboard) continue;

  button.addEventListener("click", async () => {
    let said = button.dataset.copied;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      said = button.dataset.blocked;
    }
    // Emptied first, so that a second press is announced too.
    status.textContent = "";
    setTimeout(() => { status.textContent = said; }, 50);
  });
  button.hidden = false;
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
  button.hidden = false;
}

// A second press right after the first would lose what the first is answered with: often another cookie.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.timeStamp - form.dataset.sent < 5000) event.preventDefault();
  else if (!event.defaultPrevented) form.dataset.sent = event.timeStamp;
});

// What is shown once does not come back from the history.
if (document.querySelector("[data-once]")) {
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}

// The page that waits for a link goes on once it was opened in this browser; after ten minutes there is none to wait for.
const waiting = document.querySelector("[data-poll]");
if (waiting) {
  const timer = setInterval(async () => {
    const answer = await fetch(waiting.dataset.poll, { cache: "no-store" }).catch(() => null);
    // Not a reload: that would send again what was last sent from here.
    if (answer?.status === 200) window.location.replace("/login/link");
  }, 3000);
  setTimeout(() => clearInterval(timer), 600000);
}

// The other ways go on with what is ticked.
const trust = document.querySelector("[name=trust]");
trust?.addEventListener("change", () => {
  for (const way of document.querySelectorAll("a[href^='/login/verify']")) {
    const to = new URL(way.href);
    to.searchParams.set("trust", trust.checked ? "on" : "");
    way.href = to;
  }
});
