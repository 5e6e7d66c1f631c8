// Putting lines in order: buttons and arrow keys beside the numbers, which stay what is sent.

const live = document.querySelector("#live");
const movers = document.querySelector("#movers");

const PLACE = "[name^='position-']"; // a select, or a number where there are many lines

const textOf = (row) => row.querySelector(".item").textContent.trim();

function renumber(list) {
  const rows = [...list.children];
  rows.forEach((row, index) => {
    const place = row.querySelector(PLACE);
    place.value = String(index + 1);
    place.removeAttribute("aria-invalid"); // now every place is taken once
    place.removeAttribute("aria-describedby");
    row.querySelector(".error")?.remove();
    row.querySelector("[data-move='-1']").disabled = index === 0;
    row.querySelector("[data-move='1']").disabled = index === rows.length - 1;
  });
}

function move(row, to, focused) {
  const list = row.parentElement;
  const rest = [...list.children].filter((each) => each !== row);
  const place = Math.max(0, Math.min(to, rest.length));
  list.insertBefore(row, rest[place] ?? null);
  renumber(list);
  const target = focused.disabled ? row.querySelector("[data-move]:not(:disabled)") : focused;
  target.focus();
  live.textContent = live.dataset.moved
    .replace("{item}", () => textOf(row))
    .replace("{position}", place + 1)
    .replace("{total}", rest.length + 1);
}

const indexOf = (row) => [...row.parentElement.children].indexOf(row);

function enhance(list) {
  if (list.dataset.enhanced) return;
  list.dataset.enhanced = "";
  const rows = [...list.children];
  const chosen = (row) => Number(row.querySelector(PLACE).value) || Infinity;
  rows.sort((one, other) => chosen(one) - chosen(other)); // a stable sort: lines without a number keep their order
  for (const row of rows) {
    row.querySelector("option[value='']")?.remove();
    const buttons = movers.content.cloneNode(true);
    for (const button of buttons.querySelectorAll("button")) {
      button.setAttribute("aria-label", button.getAttribute("aria-label").replace("{item}", () => textOf(row)));
    }
    row.append(buttons);
    list.append(row);
  }
  renumber(list);
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

document.addEventListener("swapped", start);
start();
