// The section page: paste from Excel, arrow keys in tables, and a clash shown instead of an error.
"use strict";

function cells(container) {
  return [...container.querySelectorAll("input:not([type=hidden]), select, textarea")];
}

function grid(container) {
  const rows = container.matches("table") ? [...container.tBodies[0].rows] : [container];
  return rows.map(cells);
}

function place(rows, element) {
  const y = rows.findIndex((row) => row.includes(element));
  return y < 0 ? null : [y, rows[y].indexOf(element)];
}

// A block copied from Excel or WPS is laid over the boxes from the one it is pasted into.
document.addEventListener("paste", (event) => {
  const container = event.target.closest("[data-paste]");
  const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
  if (!container || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const block = text.split("\n").map((line) => line.split("\t"));
  while (container.matches("table") && grid(container).length < place(grid(container), event.target)[0] + block.length) addRow(container);
  const rows = grid(container);
  const [top, left] = place(rows, event.target);
  block.forEach((line, y) => line.forEach((value, x) => {
    const box = (rows[top + y] || [])[left + x];
    if (box) box.value = box.classList.contains("num") ? value.replace(/[,\s\u2009]/g, "") : value.trim();
  }));
  event.target.dispatchEvent(new Event("change", { bubbles: true }));
});

function addRow(table) {
  const body = table.tBodies[0];
  const row = body.rows[body.rows.length - 1].cloneNode(true);
  const number = body.rows.length;
  cells(row).forEach((box) => {
    box.name = box.name.replace(/\.\d+\./, `.${number}.`);
    box.id = `i-${box.name}`;
    box.value = "";
  });
  body.append(row);
}

document.addEventListener("keydown", (event) => {
  const table = event.target.closest("table[data-paste]");
  if (!table || !["ArrowUp", "ArrowDown", "Enter"].includes(event.key) || event.target.matches("textarea, select")) return;
  const rows = grid(table);
  const [y, x] = place(rows, event.target);
  const next = (rows[y + (event.key === "ArrowUp" ? -1 : 1)] || [])[x];
  if (event.key === "Enter") event.preventDefault();
  if (next) { next.focus(); if (next.select) next.select(); }
});

// Typing into the last row offers another one.
document.addEventListener("input", (event) => {
  const table = event.target.closest("table[data-rows]");
  if (table && event.target.closest("tr") === table.tBodies[0].rows[table.tBodies[0].rows.length - 1]) addRow(table);
});

// A clash or a refusal comes with its own words: show them where "saved" would stand.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
document.addEventListener("htmx:sendError", () => {
  document.getElementById("saved").innerHTML = '<span class="saved bad">没有连上服务器，尚未保存；恢复后会再试。</span>';
});
