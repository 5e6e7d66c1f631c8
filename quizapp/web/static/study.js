// Asks, checks and goes on without leaving the page. Without this script the same forms and links work as they are.

const main = document.querySelector("main");
const live = document.querySelector("#live");
const PATIENCE_MS = 20_000;

const pageOf = (address) => address.pathname + address.search;

let busy = false;
let shown = pageOf(location); // a jump within the page is none to another one

// How long the card has been looked at: only while the page can be seen.
const watch = { spent: 0, since: null };

function startWatch() {
  const before = main.querySelector("[name=shown_ms]");
  watch.spent = Number(before?.value) || 0;
  watch.since = document.hidden ? null : performance.now();
}

function readWatch() {
  return Math.round(watch.spent + (watch.since === null ? 0 : performance.now() - watch.since));
}

document.addEventListener("visibilitychange", () => {
  watch.spent = readWatch();
  watch.since = document.hidden ? null : performance.now();
});

function show(html, url, replace) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const title = page.querySelector("template[data-title]");
  if (title) {
    document.title = title.content.textContent.trim();
    title.remove();
  }
  if (url && url !== location.href) history[replace ? "replaceState" : "pushState"](null, "", url);
  shown = pageOf(location);
  carryOver(page);
  main.replaceChildren(...page.body.childNodes);
  if (!main.querySelector(".verdict")) scrollTo(0, 0);
  startWatch();
  document.dispatchEvent(new Event("swapped"));
  focusNext();
}

// What was given while a reply was on its way that shows the same question again, with its hint, say.
function carryOver(page) {
  const [before, after] = [main, page].map((place) => place.querySelector("form[data-question]"));
  if (!after || !before || before.elements.card?.value !== after.elements.card?.value) return;
  for (const field of after.querySelectorAll("input:not([type=hidden]), select")) {
    const isChoice = field.matches("[type=radio], [type=checkbox]");
    const same = [...before.elements].find(
      ({ name, type, value }) => name === field.name && type === field.type && (!isChoice || value === field.value),
    );
    if (same && isChoice) field.checked = same.checked;
    else if (same) field.value = same.value;
  }
}

function focusNext() {
  const wanted = main.querySelector(".summary[data-focus]") ?? main.querySelector("#hint") ?? main.querySelector("[data-focus]");
  wanted?.focus();
  wanted?.scrollIntoView({ block: "nearest" });
}

// What went wrong, in words, with the answer left as it is and a button to send it again.
function fail(kind, again) {
  main.querySelector("[data-failure]")?.remove();
  const box = document.querySelector(kind).content.firstElementChild.cloneNode(true);
  box.dataset.failure = "";
  const button = box.querySelector("button");
  button.addEventListener("click", again);
  (main.querySelector(".card") ?? main).prepend(box);
  button.focus();
}

function addressOf(response, asked) {
  const named = response.headers.get("Content-Location");
  if (named) return new URL(named, location.href).href;
  if (response.redirected) return response.url;
  return asked.method === "GET" && response.ok ? asked.url : null;
}

async function go(asked) {
  if (busy) return;
  busy = true;
  main.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => (live.textContent = live.dataset.checking), 1000);
  try {
    const response = await fetch(asked.url, {
      method: asked.method,
      body: asked.body,
      headers: { "X-Fragment": "main" },
      cache: "no-store", // a part of a page must never be found where a whole one is looked for
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const isPage = response.headers.get("Content-Type")?.startsWith("text/html");
    const html = await response.text();
    if (!isPage || response.status >= 500 || response.status === 429) fail("#bad-answer", asked.again ?? (() => go(asked)));
    else show(html, addressOf(response, asked), asked.replace);
  } catch {
    const failed = () => fail("#no-answer", asked.again ?? (() => go(asked)));
    const detail = { ...asked, failed };
    if (document.dispatchEvent(new CustomEvent("unreached", { cancelable: true, detail }))) failed(); // see offline.js
    await detail.done; // busy until it is kept: pressed twice, it is kept once
  } finally {
    clearTimeout(slow);
    live.textContent = "";
    main.removeAttribute("aria-busy");
    busy = false;
  }
}

main.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-swap]")) return;
  event.preventDefault();
  const { submitter } = event;
  const shownMs = form.querySelector("[name=shown_ms]");
  // The time is read at the first sending: a second one, after a lost reply, must say the same.
  if (shownMs && !form.dataset.sent) shownMs.value = readWatch();
  form.dataset.sent = "yes";
  go({
    url: submitter?.hasAttribute("formaction") ? submitter.formAction : form.action,
    method: "POST",
    body: new URLSearchParams(new FormData(form, submitter)),
    replace: !form.matches("[data-question]"),
    again: () => form.requestSubmit(submitter),
  });
});

main.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go({ url: link.href, method: "GET" });
});

document.addEventListener("offered", ({ detail }) => show(detail.html, detail.url, true));

addEventListener("popstate", () => {
  if (pageOf(location) === shown) return;
  if (busy) location.reload();
  else go({ url: location.href, method: "GET" });
});

startWatch();
focusNext();
