// The site home: a table copied as cells, what is open stays open when figures come, a lost connection is told.
"use strict";

// Excel takes tabs and line ends for cells; it takes thin spaces and the minus of typesetters for text.
function cellsOf(table) {
  return [...table.rows].map((row) => [...row.cells]
    .map((cell) => cell.innerText.trim().replace(/[\u2009\u202f]/g, "").replace(/^−/, "-").replace(/\s+/g, " "))
    .join("\t")).join("\r\n");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const text = cellsOf(document.querySelector(button.dataset.copies));
  const put = (copied) => { copied.clipboardData.setData("text/plain", text); copied.preventDefault(); };
  document.addEventListener("copy", put, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", put);
  button.textContent = done ? "已复制，到 Excel 里粘贴" : "浏览器不让复制，请选中表格再复制";
});

const home = document.getElementById("now");
let kept = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== home) return;
  const scrolled = [...home.querySelectorAll(".scroll[id]")].map((box) => [box.id, box.scrollLeft]);
  kept = { open: [...home.querySelectorAll("details[id][open]")].map((one) => one.id), scrolled };
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== home || !kept) return;
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, left] of kept.scrolled) { const box = document.getElementById(id); if (box) box.scrollLeft = left; }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const lost = document.getElementById("lost");
  if (lost && event.detail.elt === home) lost.hidden = event.detail.xhr.status === 200 || event.detail.xhr.status === 204;
});
