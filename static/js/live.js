// Shows at once what has changed elsewhere, but takes no form away that is being filled.
"use strict";

const main = document.getElementById("main");
let source;

const show = () => {
  if (!document.querySelector("main details[open] form")) return location.reload();
  source.close();
  const { stale, staleAction } = main.dataset;
  const element = (kind, values) => Object.assign(document.createElement(kind), values);
  const notice = element("div", { className: "notice neutral", role: "status" });
  const words = element("p");
  notice.append(words, element("a", { className: "button", href: "/security", textContent: staleAction }));
  main.prepend(notice);
  // Later, since what is in a status when it appears is not announced.
  setTimeout(() => { words.textContent = stale; }, 50);
};

// A browser holds few connections to one server, so a tab that nobody sees gives its own back.
const follow = () => {
  source?.close();
  if (document.hidden) return;
  source = new EventSource(main.dataset.live);
  for (const event of ["status", "end"]) source.addEventListener(event, show);
};

document.addEventListener("visibilitychange", follow);
follow();
