// The match game: tiles are chosen by key, by button or by dragging; the server says whether two belong together.

const table = document.querySelector("[data-table]");
const live = document.querySelector("#live");
const end = document.querySelector("#end");
const PATIENCE_MS = 20_000;
const DRAG_FROM = 8; // pixels: less is a press with an unsteady hand

let chosen = null;
let busy = false;
let tries = 0;

const tiles = () => [...table.querySelectorAll(".tile")];
const isFound = (tile) => tile.getAttribute("aria-disabled") === "true";
const textOf = (tile) => tile.querySelector("span").dataset.said;

function say(template, values) {
  live.textContent = template.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(values, name) ? values[name] : all));
}

function choose(tile) {
  chosen?.setAttribute("aria-pressed", "false");
  chosen = tile;
  tile?.setAttribute("aria-pressed", "true");
  if (tile) say(live.dataset.picked, { tile: textOf(tile) });
}

async function ask(left, right) {
  const body = new URLSearchParams(new FormData(table));
  body.set("left", left.dataset.place);
  body.set("right", right.dataset.place);
  const response = await fetch(table.action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()).right;
}

function markFound(tile) {
  tile.setAttribute("aria-disabled", "true");
  tile.removeAttribute("aria-pressed");
  tile.removeAttribute("data-key");
  tile.removeAttribute("aria-keyshortcuts");
  const state = document.createElement("span");
  state.className = "state";
  state.textContent = live.dataset.found;
  tile.append(state);
}

function finish(total) {
  const words = end.querySelector(".lead");
  words.textContent = tries === total
    ? words.dataset.first
    : words.dataset.tries.replace("{tries}", tries).replace("{total}", total);
  end.hidden = false;
  end.querySelector("h2").focus();
  end.scrollIntoView({ block: "nearest" });
}

function onRight(left, right) {
  for (const tile of [left, right]) markFound(tile);
  const total = tiles().length / 2;
  const found = tiles().filter(isFound).length / 2;
  say(live.dataset.right, { left: textOf(left), right: textOf(right), found, total });
  if (found === total) finish(total);
  else tiles().find((tile) => !isFound(tile)).focus();
}

async function pair(one, other) {
  if (busy) return;
  busy = true;
  table.setAttribute("aria-busy", "true");
  const [left, right] = one.dataset.side === "left" ? [one, other] : [other, one];
  choose(null);
  try {
    const belong = await ask(left, right);
    tries += 1;
    if (belong) onRight(left, right);
    else say(live.dataset.notYet, {});
  } catch {
    say(live.dataset.lost, {});
  } finally {
    busy = false;
    table.removeAttribute("aria-busy");
  }
}

function press(tile) {
  if (isFound(tile) || busy) return;
  if (chosen && chosen.dataset.side !== tile.dataset.side) pair(chosen, tile);
  else choose(chosen === tile ? null : tile);
}

// Dragging: an extra for those who like it. What is dragged comes down on a tile of the other side, or goes back.

let drag = null;
let dragged = false; // the click that ends a drag is none

function tileUnder(event) {
  const found = document.elementsFromPoint(event.clientX, event.clientY).map((each) => each.closest(".tile"));
  return found.find((tile) => tile && tile !== drag.tile && tile.dataset.side !== drag.tile.dataset.side && !isFound(tile));
}

function endDrag() {
  for (const tile of tiles()) tile.classList.remove("dragged", "over");
  drag.tile.style.transform = "";
  drag = null;
}

table.addEventListener("pointerdown", (event) => {
  const tile = event.target.closest(".tile");
  dragged = false;
  if (tile && !isFound(tile) && event.button === 0) drag = { tile, x: event.clientX, y: event.clientY, id: event.pointerId };
});

addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!dragged && Math.hypot(x, y) < DRAG_FROM) return;
  dragged = true;
  drag.tile.classList.add("dragged");
  drag.tile.style.transform = `translate(${x}px, ${y}px)`;
  const target = tileUnder(event);
  for (const tile of tiles()) tile.classList.toggle("over", tile === target);
});

addEventListener("pointerup", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  const { tile } = drag;
  const target = dragged ? tileUnder(event) : null;
  endDrag();
  if (target) pair(tile, target);
});

addEventListener("pointercancel", () => drag && endDrag());

table.addEventListener("click", (event) => {
  const tile = event.target.closest(".tile");
  if (!tile) return;
  if (dragged && event.detail) dragged = false;
  else press(tile);
});

table.addEventListener("submit", (event) => event.preventDefault());

for (const note of document.querySelectorAll("[data-no-script]")) note.hidden = true;
table.hidden = false;
