// Shows what the choices in the form would do while they are being made. Without this script a button does the same.

const form = document.querySelector("form[data-preview]");
const shown = form?.querySelector("[data-effect]");
const WAIT_MS = 500;
const PATIENCE_MS = 15_000;

let timer = 0;
let latest = 0;

// A sentence in place of the forecast: whoever is choosing is not held up by it.
function fail() {
  const words = document.createElement("p");
  words.className = "help";
  words.textContent = shown.dataset.failed;
  shown.replaceChildren(words);
}

async function look() {
  const turn = ++latest;
  shown.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.dataset.preview, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-Fragment": "effect" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const html = await response.text();
    if (turn !== latest) return; // something else was chosen meanwhile
    if (response.ok || response.status === 422) {
      const page = new DOMParser().parseFromString(html, "text/html");
      const wasOpen = shown.querySelector("details")?.open;
      shown.replaceChildren(...page.body.childNodes);
      shown.querySelector("details")?.toggleAttribute("open", wasOpen ?? false);
    } else fail();
  } catch {
    if (turn === latest) fail();
  } finally {
    if (turn === latest) shown.removeAttribute("aria-busy");
  }
}

function lookSoon() {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT_MS);
}

// The zone that this device says it is in, if the list has it and it is not chosen already.
function offerOwnZone() {
  const button = form.querySelector("[data-own-zone]");
  const list = form.querySelector("[name=timezone]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...list.options].some((option) => option.value === zone);
  if (!known || list.value === zone) return;
  button.append(` (${zone.replaceAll("_", " ")})`);
  button.hidden = false;
  button.addEventListener("click", () => {
    list.value = zone;
    button.hidden = true;
    list.focus();
    lookSoon();
  });
}

if (form) {
  offerOwnZone();
  form.addEventListener("input", lookSoon);
  form.addEventListener("submit", () => clearTimeout(timer));
  form.querySelector("[data-look]").hidden = true;
  // A browser that comes back to this page keeps what was typed.
  addEventListener("pageshow", (event) => event.persisted && lookSoon());
}

const wanted = document.querySelector(".summary[data-focus]") ?? document.querySelector("[data-focus]");
wanted?.focus();
