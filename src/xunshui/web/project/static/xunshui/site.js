// What every page needs: theme and text size, dialogs that ask again, a guard for what is not saved yet.
"use strict";

function remember(name, value) {
  document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`;
}

function choose(name, attribute, choices) {
  const root = document.documentElement;
  const next = choices[(choices.indexOf(root.getAttribute(attribute)) + 1) % choices.length];
  root.setAttribute(attribute, next);
  remember(name, next);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cycle]");
  if (button) {
    if (button.dataset.cycle === "theme") choose("theme", "data-theme", ["light", "dark", "contrast"]);
    if (button.dataset.cycle === "size") choose("text_size", "data-size", ["normal", "large"]);
  }
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
  if (event.target.closest("[data-prints]")) window.print();
});

// A dangerous act asks for the name to be typed: its button stays off until it matches.
document.addEventListener("input", (event) => {
  const typed = event.target.closest("[data-must-equal]");
  if (typed) typed.form.querySelector("[type=submit]").disabled = typed.value.trim() !== typed.dataset.mustEqual;
});

// A form is sent once: a second press while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (!form.hasAttribute("data-many")) { form.dataset.sent = "1"; setTimeout(() => delete form.dataset.sent, 8000); }
});

// What is typed and not yet saved stops the page from being left.
let unsaved = 0;
document.addEventListener("input", (event) => { if (event.target.closest("[data-autosave]")) unsaved += 1; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.target.closest("[data-autosave]")) unsaved = 0;
});
document.addEventListener("submit", () => { unsaved = 0; });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

// What scrolls within the page can be reached and scrolled by the keyboard.
function reachable() {
  for (const box of document.querySelectorAll(".scroll")) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    else if (!box.hasAttribute("role")) box.removeAttribute("tabindex");
  }
}
window.addEventListener("load", reachable);
window.addEventListener("resize", reachable);
document.addEventListener("htmx:afterSettle", reachable);
