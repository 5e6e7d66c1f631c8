// Studying goes on without network: with the questions that lie on this device (offline/decks/…), into the outbox.

const { keep, learner, request, says, send, use } = await import(document.querySelector("#outbox").src);
const main = document.querySelector("main");
const texts = document.querySelector("#offline-texts").content;
const FRESH_MS = 10 * 60_000;
const FEW = 5;
const SOON_MS = 5000;

const pathOf = (address) => new URL(address, location.href).pathname;

// The deck at an address such as /study/DECK; undefined for any other.
function deckAt(address) {
  const path = pathOf(address);
  const rest = path.startsWith(says.study) ? path.slice(says.study.length) : "/";
  return rest && !rest.includes("/") ? decodeURIComponent(rest) : undefined;
}

const findHeld = async (deck) => {
  const held = await use("decks", (store) => store.get(deck));
  return held?.learner === learner ? held : undefined;
};

async function takeAlong() {
  const deck = deckAt(document.querySelector("[data-question]")?.getAttribute("action") ?? "/");
  if (!deck || navigator.onLine === false) return;
  const held = await findHeld(deck);
  if (held && Date.now() - held.at < FRESH_MS && held.questions.length >= FEW) return;
  const response = await request(says.decks + encodeURIComponent(deck));
  if (!response.ok) return;
  const packed = await response.json();
  if (packed.learner === learner) await use("decks", (store) => store.put({ ...packed, at: Date.now() }));
}

// In one transaction: a newer pack, which may come meanwhile, is not undone.
const strike = (deck, card) =>
  use("decks", (store) => {
    const asked = store.get(deck);
    asked.onsuccess = () => {
      const held = asked.result;
      if (held?.learner !== learner) return;
      store.put({ ...held, questions: held.questions.filter((question) => question.card !== card) });
    };
    return asked;
  });

// What the page shows instead of the one that cannot be fetched; studying goes on by the same form.
function offer(held, url, note, question) {
  const strip = texts.querySelector(".strip").cloneNode(true);
  const title = strip.querySelector("bdi");
  title.textContent = held.title;
  title.lang = held.language;
  const told = note ? texts.querySelector(`[data-note="${note}"]`).outerHTML : "";
  const end = texts.querySelector("[data-end]").outerHTML;
  const html = `${strip.outerHTML}${told}${question?.html ?? end}`;
  document.dispatchEvent(new CustomEvent("offered", { detail: { html, url } }));
}

async function goOn(deck, note, skipped) {
  const held = await findHeld(deck);
  if (!held) return false;
  const question = held.questions.find(({ card }) => card !== skipped);
  offer(held, new URL(held.address, location.href).href, note, question);
  return true;
}

function isWhole(form, body) {
  if (form?.querySelector("[type=radio]") && !body.has("response")) return false;
  return ![...body].some(([name, value]) => /^(right|position)-/.test(name) && !value);
}

async function keepAnswer(deck, { url, body }) {
  const form = main.querySelector("[data-question]");
  if (!isWhole(form, body)) {
    form.querySelector("[data-note]")?.remove();
    form.prepend(texts.querySelector("[data-note=part]").cloneNode(true));
    return true;
  }
  const words = (form.querySelector("#prompt") ?? form.querySelector(".cloze") ?? form).textContent.trim().replace(/\s+/g, " ");
  const fields = [...body];
  const id = await keep({ learner: body.get("learner"), deck, url: pathOf(url), fields, words: words.slice(0, 200) });
  await strike(deck, body.get("card"));
  if (navigator.onLine !== false) {
    await Promise.race([send(), new Promise((resolve) => setTimeout(resolve, SOON_MS))]); // perhaps only the reply was lost
    const kept = await use("answers", (store) => store.get(id));
    if (kept?.address) {
      await use("answers", (store) => store.delete(id));
      location.assign(kept.address);
      return true;
    }
  }
  if (await goOn(deck, "kept")) return true;
  const title = main.querySelector(".strip bdi");
  offer({ title: title?.textContent ?? deck, language: title?.lang ?? "" }, url, "kept"); // nothing was taken along yet
  return true;
}

// What to do about a request that did not reach the server; undefined: nothing can be done here.
function findWay({ url, method, body }) {
  const deck = deckAt(url);
  if (method === "GET") return deck && (() => goOn(deck));
  if (!learner || body.get("learner") !== learner) return undefined;
  if (deck && body.get("key")) return () => keepAnswer(deck, { url, body });
  const turned = pathOf(url).endsWith("/reveal") && deckAt(pathOf(url).slice(0, -"/reveal".length));
  return turned && (() => goOn(turned, "back", body.get("card")));
}

document.addEventListener("unreached", (event) => {
  const way = findWay(event.detail);
  if (!way) return;
  event.preventDefault();
  const { failed } = event.detail;
  event.detail.done = way().then((done) => done || failed(), failed); // no database: as ever
});

main.addEventListener("submit", (event) => {
  if (navigator.onLine === false || !event.target.matches("[data-question]")) return;
  const deck = deckAt(event.target.getAttribute("action"));
  if (deck) strike(deck, new FormData(event.target).get("card")).catch(() => {});
});

let timer;

function planTakingAlong() {
  clearTimeout(timer);
  timer = setTimeout(() => takeAlong().catch(() => {}), 1500); // after what the page itself needs
}

// For when nothing can be reached: at the address of a deck it is the deck's.
async function start() {
  const list = document.querySelector("[data-held]");
  if (!list) return planTakingAlong();
  const deck = deckAt(location.href);
  if (deck && (await goOn(deck))) return undefined;
  let leaving = false;
  addEventListener("beforeunload", () => (leaving = true));
  addEventListener("online", () => !leaving && pathOf(location.href) !== says.page && location.reload());
  const tests = await use("tests", (store) => store.getAll());
  for (const held of [...tests, ...(await use("decks", (store) => store.getAll()))]) {
    if (held.learner !== learner || held.questions?.length === 0) continue;
    const line = list.content.firstElementChild.cloneNode(true);
    line.querySelector("a").href = held.address;
    line.querySelector("a").textContent = held.title;
    document.querySelector("#held-decks").append(line);
    document.querySelector("#held").hidden = false;
  }
  return undefined;
}

addEventListener("online", () => document.querySelector(".offline-mark")?.remove());
document.addEventListener("swapped", planTakingAlong);
start().catch(() => {});
