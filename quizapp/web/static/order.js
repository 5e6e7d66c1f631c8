// Putting lines in order: buttons, arrow keys and dragging beside the numbers, which stay what is sent.

const live = document.querySelector("#live");
const movers = document.querySelector("#movers");

const PLACE = "[name*='position-']"; // a select, or a number where there are many lines

const textOf = (row) => row.querySelector(".item").dataset.said;

// What can be moved no further says so.
function limit(list) {
  const rows = [...list.children];
  rows.forEach((row, index) => {
    row.querySelector("[data-move='-1']").disabled = index === 0;
    row.querySelector("[data-move='1']").disabled = index === rows.length - 1;
  });
}

function renumber(list) {
  [...list.children].forEach((row, index) => {
    const place = row.querySelector(PLACE);
    place.querySelector("option[value='']")?.remove();
    place.value = String(index + 1);
    place.removeAttribute("aria-invalid"); // now every place is taken once
    place.removeAttribute("aria-describedby");
    row.querySelector(".error")?.remove();
  });
  limit(list);
}

// Somebody changed the order: whatever keeps answers as they are given hears of it.
function settle(list) {
  renumber(list);
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

const indexOf = (row) => [...row.parentElement.children].indexOf(row);

function announce(row) {
  live.textContent = live.dataset.moved
    .replace("{item}", () => textOf(row))
    .replace("{position}", indexOf(row) + 1)
    .replace("{total}", row.parentElement.children.length);
}

// The row itself stays where it is in the document and the others move around it: so it keeps finger and focus.
function place(row, to) {
  const list = row.parentElement;
  const last = list.children.length - 1;
  const wanted = Math.max(0, Math.min(to, last));
  while (indexOf(row) < wanted) list.insertBefore(row.nextElementSibling, row);
  while (indexOf(row) > wanted) list.insertBefore(row.previousElementSibling, row.nextElementSibling);
}

function move(row, to, focused) {
  place(row, to);
  settle(row.parentElement);
  const target = focused.disabled ? row.querySelector("[data-move]:not(:disabled)") : focused;
  target.focus();
  announce(row);
}

function enhance(list) {
  const rows = [...list.children];
  if ("enhanced" in list.dataset || rows.some((row) => row.querySelector(PLACE).disabled)) return;
  list.dataset.enhanced = "";
  const chosen = (row) => Number(row.querySelector(PLACE).value) || Infinity;
  rows.sort((one, other) => chosen(one) - chosen(other)); // a stable sort: lines without a number keep their order
  for (const row of rows) {
    const buttons = movers.content.cloneNode(true);
    for (const button of buttons.querySelectorAll("button")) {
      button.setAttribute("aria-label", button.getAttribute("aria-label").replace("{item}", () => textOf(row)));
    }
    row.append(buttons);
    list.append(row);
  }
  // Where each answer is saved as it is given, an order that nobody touched is none yet.
  if (list.dataset.order === "open" && !Number.isFinite(chosen(rows[0]))) limit(list);
  else renumber(list);
}

function start() {
  for (const list of document.querySelectorAll("[data-order]")) enhance(list);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-order] [data-move]");
  if (!button) return;
  const row = button.closest("li");
  move(row, indexOf(row) + Number(button.dataset.move), button);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches(`[data-order] ${PLACE}`)) return;
  move(event.target.closest("li"), Number(event.target.value) - 1, event.target);
});

document.addEventListener("keydown", (event) => {
  const button = event.target.closest("[data-order] [data-move]");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!button || !step) return;
  event.preventDefault();
  const row = button.closest("li");
  move(row, indexOf(row) + step, button);
});

// Dragging: a mouse may take hold of the whole line, a finger of its grip, since elsewhere it scrolls the page.
const FIRM = 4; // pixels before a press counts as dragging
const EDGE = 64; // this near the edge of the window, the page scrolls along
const SCROLL = 10;

let drag = null;

function follow() {
  if (!drag?.moving) return;
  const toTop = EDGE - drag.y;
  const toEnd = drag.y - (innerHeight - EDGE);
  if (toTop > 0) scrollBy(0, -SCROLL);
  else if (toEnd > 0) scrollBy(0, SCROLL);
  const others = [...drag.row.parentElement.children].filter((each) => each !== drag.row);
  const above = others.filter((each) => {
    const box = each.getBoundingClientRect();
    return box.top + box.height / 2 < drag.y;
  });
  place(drag.row, above.length);
  drag.frame = requestAnimationFrame(follow);
}

function endDrag(keep) {
  if (!drag) return;
  const { row, from, moving, frame } = drag;
  drag = null;
  if (!moving) return;
  cancelAnimationFrame(frame);
  row.classList.remove("dragged");
  if (!keep) {
    place(row, from);
    return;
  }
  settle(row.parentElement);
  announce(row);
}

document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest("[data-order] > li");
  const grip = event.target.closest("[data-grip]");
  if (!row || event.button || !event.isPrimary) return;
  if (!grip && (event.pointerType !== "mouse" || event.target.closest("a, button, select, input"))) return;
  drag = { row, from: indexOf(row), id: event.pointerId, y: event.clientY, start: event.clientY, moving: false };
  event.preventDefault(); // no text is selected on the way
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drag?.id) return;
  drag.y = event.clientY;
  if (drag.moving || Math.abs(drag.y - drag.start) < FIRM) return;
  drag.moving = true;
  drag.row.classList.add("dragged");
  follow();
});

document.addEventListener("pointerup", (event) => {
  if (event.pointerId === drag?.id) endDrag(true);
});

document.addEventListener("pointercancel", () => endDrag(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") endDrag(false);
});

document.addEventListener("swapped", () => (drag = null));
document.addEventListener("swapped", start);
start();
