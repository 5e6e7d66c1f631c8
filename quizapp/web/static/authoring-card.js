// Writing a card: the students' view and the checks follow what is typed; rows grow as they are filled; nothing typed is
// lost by closing the page. Without this script, "Check and show" does the same by a reload.

const form = document.querySelector("form#card");
const preview = document.querySelector("#preview");
const QUIET = 350;

let timer = 0;
let asked = 0;
let dirty = false;

async function refresh() {
  const mine = ++asked;
  preview.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
    if (!response.ok || mine !== asked) return;
    preview.innerHTML = await response.text();
  } catch {
    // no network: the view stays as it is, and saving says so
  } finally {
    if (mine === asked) preview.removeAttribute("aria-busy");
  }
}

// The last row is always an empty one.
function grow(fieldset) {
  const rows = [...fieldset.querySelectorAll("[data-row]")];
  const last = rows.at(-1);
  if (![...last.querySelectorAll("input")].some((input) => input.value)) return;
  const row = last.cloneNode(true);
  const number = rows.length + 1;
  const renumber = (words) => words.replace(/\d+(?=\D*$)/, number);
  for (const input of row.querySelectorAll("input")) {
    input.value = "";
    const name = input.getAttribute("aria-label");
    if (name) input.setAttribute("aria-label", renumber(name));
  }
  for (const control of row.querySelectorAll("[id]")) {
    const label = row.querySelector(`label[for="${control.id}"]`);
    control.id = `${control.name}-${number}`;
    if (!label) continue;
    label.htmlFor = control.id;
    label.textContent = renumber(label.textContent);
  }
  last.after(row);
}

// A warning that is wrong here: its name goes into the first free row, and the reason is asked for.
function setAside(code) {
  const names = [...form.querySelectorAll('input[name="waive"]')];
  const name = names.find((input) => input.value === code) ?? names.find((input) => !input.value);
  name.value = code;
  name.closest("details").open = true;
  const reason = name.closest("[data-row]").querySelector('input[name="reason"]');
  name.dispatchEvent(new Event("input", { bubbles: true }));
  reason.focus();
}

if (form && preview) {
  document.documentElement.classList.add("has-script");
  form.addEventListener("input", (event) => {
    dirty = true;
    const rows = event.target.closest("[data-rows]");
    if (rows) grow(rows);
    clearTimeout(timer);
    timer = setTimeout(refresh, QUIET);
  });
  form.querySelector("#type").addEventListener("change", () => {
    clearTimeout(timer);
    form.requestSubmit(form.querySelector('button[value="type"]'));
  });
  preview.addEventListener("click", (event) => {
    const button = event.target.closest("[data-waive]");
    if (button) setAside(button.dataset.waive);
  });
  form.addEventListener("submit", ({ submitter }) => {
    dirty = false;
    form.inert = submitter?.value === "type"; // another page comes: what was typed into this one now would be lost
  });
  addEventListener("pageshow", () => { form.inert = false; });
  form.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.primary"));
  });
  for (const rows of form.querySelectorAll("[data-rows]")) grow(rows); // filled before this script came
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}
