// Answers that the server does not have yet: kept on this device with whose they are, and sent in their order as soon as
// the server can be reached, each under its own key, so that each counts once. Without a database in the browser, or
// without this script, everything works as it does with a network.

const bar = document.querySelector("#outbox-bar");
const who = document.querySelector("#outbox-who").dataset;
const PATIENCE_MS = 20_000;
const SLOWEST_RETRY_MS = 60_000;
const HERE = "quizapp-learner";

/** The words of the page for what is kept. */
export const says = bar.dataset;

// The page for when nothing can be reached is the same for all: on it, whoever was here last is here.
function findLearner() {
  try {
    if ("shared" in who) return localStorage.getItem(HERE) ?? "";
    localStorage.setItem(HERE, who.learner);
  } catch {
    // the browser forbids storage
  }
  return who.learner ?? "";
}

/** Who is here; blank for nobody. */
export const learner = findLearner();
export const isOwn = (kept) => kept.learner === learner;
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(values, name) ? values[name] : all));

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("quizapp", 2);
    asked.onupgradeneeded = ({ oldVersion }) => {
      if (!oldVersion) asked.result.createObjectStore("answers", { keyPath: "id", autoIncrement: true });
      if (!oldVersion) asked.result.createObjectStore("decks", { keyPath: "deck" });
      asked.result.createObjectStore("tests", { keyPath: "attempt" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close(); // another tab has a newer release
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Do one thing in a store of the database, and give what came of it once it is safe. */
export async function use(store, act) {
  const transaction = (await open()).transaction(store, "readwrite", { durability: "strict" });
  const asked = act(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** All that is kept, those of tests first: their time runs. Each is waiting, sent or refused. */
export async function list() {
  const all = await use("answers", (store) => store.getAll());
  return all.sort((one, other) => !one.attempt - !other.attempt || (one.attempt ? one.at - other.at : one.id - other.id));
}
export const isWaiting = (answer) => answer.state === "waiting";

/** Write down what became of an answer, or forget it; unless it was given anew meanwhile. */
export const settle = (answer, changed) =>
  use("answers", (store) => {
    const asked = store.get(answer.id);
    asked.onsuccess = () => {
      if (asked.result?.at !== answer.at || asked.result.counter !== answer.counter) return;
      if (changed) store.put({ ...answer, ...changed });
      else store.delete(answer.id);
    };
    return asked;
  });

/** Keep an answer until it is sent; gives its number. */
export async function keep(answer) {
  const id = await use("answers", (store) => store.add({ ...answer, at: Date.now(), state: "waiting" }));
  await show();
  return id;
}

export const request = (url, more) => fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), ...more });

const more = () => import(says.more); // only what needs the server: so it can be had when it is needed
const tests = () => import(says.tests);

async function work() {
  const unsent = (await list()).filter(isWaiting);
  if (!unsent.length || navigator.onLine === false) return;
  const now = await (await request(says.token)).json(); // who is signed in by now
  bar.toggleAttribute("data-asks", now.learner !== learner);
  const own = unsent.filter((each) => each.learner === now.learner);
  if (own.length) await (await more()).sendAll(own, now.csrf_token);
}

let working = null;
let again = false;
let retry;
let pause = 5000;

async function tryToSend() {
  clearTimeout(retry);
  try {
    if (navigator.locks) await navigator.locks.request("quizapp-outbox", work);
    else await work();
    pause = 5000;
  } catch {
    retry = setTimeout(send, pause);
    pause = Math.min(pause * 2, SLOWEST_RETRY_MS);
  }
  await show();
}

async function sendWhatComes() {
  while (again) {
    again = false;
    await tryToSend().catch(() => {});
  }
}

/** Send what can be sent now, what is kept meanwhile too; never fails. */
export function send() {
  again = true;
  working ??= sendWhatComes().finally(() => (working = null));
  return working;
}

/** Say how many answers wait, and what became of the others. */
export async function show() {
  const all = await list();
  const number = all.filter((answer) => isWaiting(answer) && (!learner || isOwn(answer))).length;
  bar.hidden = !number;
  bar.querySelector("a").textContent = fill(learner && !bar.hasAttribute("data-asks") ? says.unsent : says.stranger, { number });
  const done = all.filter((answer) => !isWaiting(answer) && isOwn(answer));
  if (!done.length && document.querySelector("#outbox-news").hidden) return;
  await more().then(({ showNews }) => showNews(done), () => {});
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== says.signOut || "sure" in form.dataset) return;
  event.preventDefault();
  const leave = () => {
    form.dataset.sure = "";
    form.requestSubmit();
  };
  more()
    .then(({ signOut }) => signOut(leave))
    .catch(leave); // no database: nothing is kept
});
document.addEventListener("unsent", () => show().catch(() => {}));
document.addEventListener("visibilitychange", () => document.hidden || send());
addEventListener("online", () => {
  pause = 5000;
  send();
});

// What another person left: their questions go at once; what they had not sent waits for them.
async function tidy() {
  if ("shared" in who) return;
  const old = Object.keys(localStorage).some((name) => name.startsWith("quizapp-attempt-"));
  if (old || (await use("tests", (store) => store.count()))) await (await tests()).tidy();
  for (const deck of await use("decks", (store) => store.getAll())) {
    if (!isOwn(deck)) await use("decks", (store) => store.delete(deck.deck));
  }
  for (const answer of await list()) if (answer.state === "sent" && !isOwn(answer)) await settle(answer, null);
}

if ("account" in who) navigator.serviceWorker?.register(says.worker).catch(() => {}); // without it, pages need the network
tidy().then(send, () => {});
