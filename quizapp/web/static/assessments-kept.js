// Tests that lie on this device while they are sat: the page, and what was typed on it. Gone when the test is over, when
// its student signs out, and when somebody else is here.

const { isOwn, request, use } = await import(document.querySelector("#outbox").src);
const OLD = "quizapp-attempt-"; // where releases before 0.2 kept unsent answers, in localStorage
const CACHE = "tests"; // read by service-worker.js

/** The number under which the database keeps the answer to a question. */
export const idOf = (attempt, position) => `${attempt}/${position}`;

/** Keep the page of a test; `test` says whose it is, where it is, and when its time is over. */
export async function keepTest(test, html, media) {
  const cache = await caches.open(CACHE);
  await cache.put(test.address, new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
  await use("tests", (store) => store.put({ ...test, typed: {} }));
  const held = await caches.open("media");
  for (const address of media) if (!(await held.match(address))) await held.add(address);
}

/** Keep what was typed for a question of a test whose page is kept; what was saved of it, too. */
export const keepTyped = (attempt, position, entry) =>
  use("tests", (store) => {
    const asked = store.get(attempt);
    asked.onsuccess = () => {
      const { result } = asked;
      if (result) store.put({ ...result, typed: { ...result.typed, [position]: entry } });
    };
    return asked;
  });

export async function forgetTest({ attempt, address }) {
  await (await caches.open(CACHE)).delete(address);
  await use("tests", (store) => store.delete(attempt));
}

/** Forget all tests. */
export async function forgetTests() {
  await self.caches?.delete(CACHE);
  await use("tests", (store) => store.clear());
}

async function isOver(test) {
  if (test.address === location.pathname) return !document.querySelector("[data-sitting]"); // its result, for one
  try {
    const response = await request(test.pulse);
    return response.ok ? !(await response.json()).open : response.status === 404;
  } catch {
    return false; // without network nobody knows
  }
}

/** Take over what older releases kept, once. */
export async function migrate() {
  for (const name of Object.keys(localStorage).filter((each) => each.startsWith(OLD))) {
    const attempt = name.slice(OLD.length);
    let entries = {};
    try {
      entries = JSON.parse(localStorage.getItem(name));
    } catch {
      // not ours
    }
    for (const [position, entry] of Object.entries(entries ?? {})) {
      if (!entry?.learner) continue;
      const id = idOf(attempt, position);
      await use("answers", (store) => store.put({ state: "waiting", ...entry, id, attempt, position: Number(position) }));
    }
    localStorage.removeItem(name);
  }
}

/** What another person left goes at once, and so does what is over. */
export async function tidy() {
  await migrate();
  for (const test of await use("tests", (store) => store.getAll())) {
    if (!isOwn(test) || (await isOver(test))) await forgetTest(test);
  }
}
