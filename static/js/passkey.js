// Asks the browser for a passkey and sends what it answers in the form around the button; and tells the passkey manager
// which passkeys are in use. Without this script pages say what else there is.
"use strict";

(async () => {
  const { credentials } = navigator;
  const Passkeys = window.PublicKeyCredential;
  const forms = [...document.querySelectorAll("form[data-passkey]")];
  const show = (selector) => document.querySelectorAll(selector).forEach((element) => { element.hidden = false; });
  const hide = (selector) => document.querySelectorAll(selector).forEach((element) => { element.hidden = true; });

  if (!Passkeys?.parseRequestOptionsFromJSON || !credentials) {
    show("[data-passkey-none]");
    return hide(".passkey");
  }
  show(".passkey");

  // Only one question to the browser at a time: the one before is taken back, and has to be over first.
  let controller;
  let running = Promise.resolve();
  const ask = (form, mediation) => {
    controller?.abort();
    const own = (controller = new AbortController());
    const before = running;
    return (running = (async () => {
      await before.catch(() => {});
      own.signal.throwIfAborted();
      const body = new URLSearchParams({ csrf: form.elements.csrf.value, door: form.dataset.door ?? "" });
      const request = { method: "POST", body, redirect: "manual", signal: own.signal };
      const answer = await fetch(form.dataset.options, request).catch(fail);
      // The page is older than its session, than the last proof, or than the passkeys: opened anew, it says what is so.
      if ([400, 403, 404].includes(answer.status) || answer.type === "opaqueredirect") {
        if (!mediation) location.reload();
        throw new DOMException("", "AbortError");
      }
      if (answer.status === 429) throw new DOMException("", "QuotaExceededError");
      if (!answer.ok) fail();
      const options = await answer.json();
      const { signal } = own;
      return form.dataset.passkey === "create"
        ? credentials.create({ signal, publicKey: Passkeys.parseCreationOptionsFromJSON(options) })
        : credentials.get({ signal, mediation, publicKey: Passkeys.parseRequestOptionsFromJSON(options) });
    })());
  };

  const fail = (error) => {
    throw error?.name === "AbortError" ? error : new DOMException("", "NetworkError");
  };

  const send = (form, credential) => {
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.requestSubmit();
  };

  const say = {
    NotAllowedError: "cancelled",
    InvalidStateError: "exists",
    SecurityError: "address",
    NotSupportedError: "kind",
    ConstraintError: "kind",
    NetworkError: "network",
    QuotaExceededError: "busy",
  };

  // Silent: the browser offers passkeys in the address field. Asked anew before its challenge runs out, once.
  const MINUTES_4_5 = 270_000;
  const offer = async (form, again) => {
    if (!(await Passkeys.isConditionalMediationAvailable?.())) return;
    const timer = again && setTimeout(() => offer(form, false), MINUTES_4_5);
    try {
      send(form, await ask(form, "conditional"));
    } catch {
      // Nobody asked for it, so nobody is told.
    } finally {
      clearTimeout(timer);
    }
  };

  for (const form of forms) {
    form.elements.credential.value = "";
    const button = form.querySelector("button");
    const status = form.querySelector("[role=status]");
    const words = button.textContent;
    button.addEventListener("click", async () => {
      if (button.ariaBusy === "true") return;
      const started = performance.now();
      button.ariaBusy = "true";
      button.textContent = form.dataset.waiting;
      status.textContent = "";
      let sent = false;
      try {
        send(form, await ask(form));
        sent = true;
      } catch ({ name }) {
        console.info(`passkey: ${name} after ${Math.round(performance.now() - started)} ms`);
        const which = say[name] ?? "cancelled";
        if (name !== "AbortError") status.textContent = form.dataset[which] ?? form.dataset.cancelled;
      }
      if (sent) return;
      button.ariaBusy = "false";
      button.textContent = words;
      button.focus();
      if ("silent" in form.dataset) offer(form, true);
    });
    if ("silent" in form.dataset) offer(form, true);
  }
  // A page out of the history has a button that waits for an answer which was given.
  window.addEventListener("pageshow", ({ persisted }) => persisted && forms.length && location.reload());

  const { signalAll, signalUser, signalUnknown } = document.getElementById("main").dataset;
  const signal = (method, data) => data && Passkeys[method]?.(JSON.parse(data)).catch(() => {});
  signal("signalAllAcceptedCredentials", signalAll);
  signal("signalCurrentUserDetails", signalUser);
  signal("signalUnknownCredential", signalUnknown);

  const can = await Passkeys.getClientCapabilities?.();
  if (can?.passkeyPlatformAuthenticator === false) {
    show("[data-platform-none]");
    hide("[data-platform]");
  }
})();
