// The table of a deck: tick all cards at once, say how many are ticked, close an open menu.

const bulk = document.querySelector("[data-bulk]");
const all = document.querySelector("[data-all]");
const boxes = [...document.querySelectorAll('input[name="chosen"]')];

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
  for (const button of bulk.querySelectorAll("button")) button.disabled = ticked === 0;
}

if (bulk && all) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  count();
}

const menus = [...document.querySelectorAll("details.menu")];
document.addEventListener("click", (event) => {
  for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = menus.find((menu) => menu.open);
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
