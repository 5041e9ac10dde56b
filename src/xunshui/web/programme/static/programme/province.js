// The queue and the case page by keyboard, the filter without losing what is typed, phrases into the opinion.
"use strict";

function walkable() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
}

function step(by) {
  const rows = walkable();
  const here = rows.indexOf(document.activeElement.closest("[data-row]"));
  const next = rows[here < 0 ? 0 : Math.min(Math.max(here + by, 0), rows.length - 1)];
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
}

// Enter does on a row what a mouse would: open the case, or unfold the trace.
function open(row) {
  const details = row.querySelector("details");
  if (details) details.open = !details.open;
  else row.querySelector("a").click();
}

// The letters lead to the buttons and never press them: a slip must not decide a case.
function lead(id, unfolded) {
  const target = document.getElementById(id);
  if (!target) return;
  if (unfolded) document.getElementById(unfolded).open = true;
  target.focus();
  target.scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea, select")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "a") lead("accept");
  else if (event.key === "r") lead("reason", "refuse");
  else if (event.key === "Enter" && event.target.matches("[data-row]")) open(event.target);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const only = event.target.closest("[data-only]");
  // A page that the server filtered lacks the other rows; only a full one is filtered here.
  if (only && !location.search.includes("only=")) {
    event.preventDefault();
    const on = only.getAttribute("aria-current") !== "true";
    only.setAttribute("aria-current", String(on));
    document.querySelectorAll(".case [data-row]").forEach((row) => { row.hidden = on && !row.hasAttribute("data-differs"); });
  }
  const phrase = event.target.closest("[data-phrase]");
  if (phrase) {
    event.preventDefault();
    const box = document.getElementById("opinion");
    if (!box.value.includes(phrase.value)) box.value = box.value + phrase.value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }
});
