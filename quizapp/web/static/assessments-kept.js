// Tests that lie on this device while they are sat: the page, and what was typed on it. Gone when the test is over, when
// its student signs out, and when somebody else is here.

const { isOwn, request, use } = await import(document.querySelector("#outbox").src);
const OLD = "quizapp-attempt-"; // where releases before 0.2 kept unsent answers, in localStorage
const CACHE = "tests"; // read by service-worker.js
const MOST_PAGES = 100;

/** The number under which the database keeps the answer to a question. */
export const idOf = (attempt, position) => `${attempt}/${position}`;

// A long test has a page for each question: those seen last are kept. The page without a number is the one seen last.
async function keepPages({ address, one }, html) {
  const cache = await caches.open(CACHE);
  const page = () => new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  await cache.put(address, page());
  if (!one) return;
  await cache.delete(`${address}?at=${one}`);
  await cache.put(`${address}?at=${one}`, page());
  const pages = (await cache.keys(address, { ignoreSearch: true })).filter(({ url }) => new URL(url).search);
  for (const old of pages.slice(0, -MOST_PAGES)) await cache.delete(old);
}

/** Keep the page of a test; `test` says whose it is, where it is, when its time is over, and what questions it has.
 * What was typed for its other questions stays. */
export async function keepTest({ positions, one, ...test }, html, media) {
  await keepPages({ address: test.address, one }, html);
  await use("tests", (store) => {
    const asked = store.get(test.attempt);
    asked.onsuccess = () => {
      const typed = Object.entries(asked.result?.typed ?? {}).filter(([position]) => !positions.includes(position));
      store.put({ ...test, typed: Object.fromEntries(typed) });
    };
    return asked;
  });
  const held = await caches.open("media");
  for (const address of media) if (!(await held.match(address))) await held.add(address);
}

/** Keep what was typed for a question of a test whose page is kept; what was saved of it, too. */
export const keepTyped = (attempt, position, entry) =>
  use("tests", (store) => {
    const asked = store.get(attempt);
    asked.onsuccess = () => {
      const { result } = asked;
      const typed = new Map(Object.entries(result?.typed ?? {}));
      const older = entry.at < (typed.get(String(position))?.at ?? 0); // another tab's is the later one
      if (result && !older) store.put({ ...result, typed: Object.fromEntries(typed.set(String(position), entry)) });
    };
    return asked;
  });

export async function forgetTest({ attempt, address }) {
  await (await caches.open(CACHE)).delete(address, { ignoreSearch: true });
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
