// Finding pairs: every partner as a chip that is pressed or dragged to its line. The selects stay what is sent, and the
// way of the keyboard.

const live = document.querySelector("#live");
const FIRM = 6; // pixels before a press counts as dragging

const rowsOf = (list) => [...list.querySelectorAll("li")];
const selectOf = (row) => row.querySelector("select");
const labelOf = (row) => row.querySelector("label").dataset.said;

let drag = null;
let active = null; // the line that a pressed chip goes to, where it was chosen

function nextRow(list) {
  if (active?.isConnected && list.contains(active)) return active;
  return rowsOf(list).find((row) => !selectOf(row).value) ?? null;
}

function refresh(list) {
  const chosen = rowsOf(list).map((row) => selectOf(row).value);
  const next = nextRow(list);
  for (const row of rowsOf(list)) row.classList.toggle("upnext", row === next);
  for (const chip of list.chips.children) chip.classList.toggle("used", chosen.includes(chip.value));
}

function pair(list, row, chip) {
  const select = selectOf(row);
  select.value = chip.value;
  select.removeAttribute("aria-invalid");
  select.removeAttribute("aria-describedby");
  row.querySelector(".error")?.remove();
  active = null;
  refresh(list);
  select.dispatchEvent(new Event("input", { bubbles: true })); // for what keeps answers as they are given
  live.textContent = live.dataset.paired
    .replace("{left}", () => labelOf(row))
    .replace("{right}", () => chip.textContent.trim());
}

function makeChip(option, select) {
  const chip = document.createElement("button");
  chip.type = "button";
  chip.className = "chip";
  chip.value = option.value;
  chip.textContent = option.textContent;
  chip.tabIndex = -1; // with keys, the selects are shorter
  chip.lang = select.lang;
  chip.dir = select.dir;
  return chip;
}

function enhance(list) {
  const first = selectOf(list);
  if (list.chips || first.disabled) return;
  list.chips = document.createElement("div");
  list.chips.className = "chips";
  list.chips.dir = list.dir;
  list.chips.setAttribute("role", "group");
  list.chips.setAttribute("aria-label", live.dataset.partners);
  list.chips.append(...[...first.options].filter((each) => each.value).map((each) => makeChip(each, first)));
  list.after(list.chips);
  refresh(list);
}

function start() {
  drag = active = null;
  for (const list of document.querySelectorAll("[data-match]")) enhance(list);
}

const listOf = (chip) => chip.closest(".chips").previousElementSibling;

function rowAt(list, x, y) {
  return document.elementsFromPoint(x, y).find((each) => each.matches("[data-match] > li") && list.contains(each));
}

document.addEventListener("focusin", (event) => {
  const row = event.target.matches("[data-match] select") ? event.target.closest("li") : null;
  if (!row) return;
  active = row;
  refresh(row.parentElement);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-match] select")) return;
  active = null;
  refresh(event.target.closest("[data-match]"));
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest(".chips > .chip");
  if (!chip) return;
  const list = listOf(chip);
  const row = nextRow(list);
  if (row) pair(list, row, chip);
});

document.addEventListener("pointerdown", (event) => {
  const chip = event.target.closest(".chips > .chip");
  if (!chip || event.button || !event.isPrimary) return;
  drag = { chip, list: listOf(chip), id: event.pointerId, x: event.clientX, y: event.clientY, ghost: null, over: null };
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drag?.id) return;
  const { clientX: x, clientY: y } = event;
  if (!drag.ghost) {
    if (Math.hypot(x - drag.x, y - drag.y) < FIRM) return;
    drag.ghost = drag.chip.cloneNode(true);
    drag.ghost.classList.add("ghost");
    drag.ghost.setAttribute("aria-hidden", "true");
    document.body.append(drag.ghost);
  }
  drag.ghost.style.translate = `${x}px ${y}px`;
  drag.over?.classList.remove("over");
  drag.over = rowAt(drag.list, x, y);
  drag.over?.classList.add("over");
});

function endDrag(keep) {
  if (!drag) return;
  const { chip, list, ghost, over } = drag;
  drag = null;
  over?.classList.remove("over");
  if (!ghost) return;
  ghost.remove();
  if (keep && over) pair(list, over, chip);
  // The click that follows a drag is none.
  const swallow = (event) => event.stopPropagation();
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }));
}

document.addEventListener("pointerup", (event) => {
  if (event.pointerId === drag?.id) endDrag(true);
});
document.addEventListener("pointercancel", () => endDrag(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") endDrag(false);
});

document.addEventListener("swapped", start);
start();
