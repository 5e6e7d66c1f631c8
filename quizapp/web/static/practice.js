// Says how many cards fit while they are being chosen. Without this script a button does the same.

const form = document.querySelector("[data-practice]");
const said = document.querySelectorAll("[data-fitting]");
const PATIENCE_MS = 250;
const OURS = new Set(["csrf_token", "key"]);

let waiting;
let asking; // the request in the air: an older reply must not overtake a newer one

function readChoice() {
  const query = new URLSearchParams(new FormData(form));
  for (const name of OURS) query.delete(name);
  return query;
}

async function count() {
  asking?.abort();
  asking = new AbortController();
  try {
    const response = await fetch(`${form.dataset.count}?${readChoice()}`, { signal: asking.signal, cache: "no-store" });
    if (!response.ok) return;
    const words = await response.text();
    for (const place of said) place.textContent = words;
  } catch {
    // The network is gone, or something newer was chosen: what is said stays until the next reply.
  }
}

function countSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(count, PATIENCE_MS);
}

if (form) {
  form.querySelector("[data-no-script]").hidden = true;
  form.addEventListener("input", countSoon);
}
