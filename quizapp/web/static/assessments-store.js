// The answers of an attempt that the server does not have yet, and the page itself, on this device.

const form = document.querySelector("[data-sitting]");
const page = document.documentElement.cloneNode(true); // as the server sent it, before other scripts work on it
const { isWaiting, list, says, settle, use } = await import(document.querySelector("#outbox").src);
const { forgetTest, idOf, keepTest, keepTyped, migrate } = await import(says.tests);
const PATIENCE_MS = 3000;

// The questions that the page has; one of a long test has a single one.
const listPositions = () => [...form.querySelectorAll("[data-question]")].map((each) => each.dataset.question);
const listMedia = () => [...form.querySelectorAll(":is(img, audio)[src]")].map((each) => each.getAttribute("src"));

// Only for holders of accounts, as in study, and only where the page has the questions.
async function keepPage(endsAt) {
  const has = self.caches && "account" in document.querySelector("#outbox-who").dataset;
  if (!has || !form.querySelector("[data-question]")) return;
  page.querySelector("[data-sitting]").dataset.kept = "";
  const { sitting: attempt, pulse } = form.dataset;
  const learner = form.querySelector("input[name=learner]").value;
  const title = document.querySelector("h1").textContent.trim();
  const positions = listPositions();
  const one = positions.length < document.querySelectorAll("[data-number]").length ? positions[0] : "";
  const test = { attempt, learner, pulse, endsAt, title, address: location.pathname, positions, one };
  await keepTest(test, `<!DOCTYPE html>${page.outerHTML}`, listMedia());
}

/** The unsent answers of an attempt, by question, in memory and in the browser's database; each with the tab it comes
 * from, its number there, and what outbox.js needs to send it from any other page. Without a database, in memory. */
export function createStore() {
  const attempt = form.dataset.sitting;
  const entries = Object.create(null); // what the device holds names the questions: no name may find what is not there
  const newest = Object.create(null); // when each question was answered last on this device, in whichever tab
  let order = 0;
  let written = Promise.resolve();

  const write = (act) => (written = Promise.allSettled([written, act().catch(() => {})]));

  function close(position, entry, changed) {
    if (entries[position]?.order === entry.order) delete entries[position];
    write(() => settle(entry, changed));
  }

  async function load(endsAt) {
    await migrate();
    for (const entry of (await list()).filter((each) => each.attempt === attempt && isWaiting(each))) {
      order += 1;
      entries[entry.position] ??= { ...entry, order };
    }
    const test = (await use("tests", (store) => store.get(attempt))) ?? {};
    for (const one of [...Object.values(test.typed ?? {}), ...Object.values(entries)]) hear(one.position, one.at);
    if ("kept" in form.dataset) return test;
    write(() => keepPage(endsAt));
    return { known: Object.values(test.typed ?? {}) };
  }

  // Later than all that is known, even where the clock of the device was put back meanwhile.
  const hear = (position, at = 0) => (newest[position] = Math.max(newest[position] ?? 0, at));
  const tell = (position) => hear(position, Math.max(Date.now(), (newest[position] ?? 0) + 1));

  // Whether another tab on this device has a later answer to the question, sent or not.
  async function isOvertaken(position, entry) {
    const stored = await use("answers", (store) => store.get(idOf(attempt, position)));
    const test = await use("tests", (store) => store.get(attempt));
    const others = [stored, new Map(Object.entries(test?.typed ?? {})).get(String(position))];
    return others.some((other) => other && other.client !== entry.client && other.at > entry.at);
  }

  return {
    /** Keep what a question holds; gives the time of answering. */
    put(position, entry) {
      order += 1;
      const at = tell(position);
      const kept = { state: "waiting", ...entry, at, id: idOf(attempt, position), attempt, position, order };
      entries[position] = kept;
      write(() =>
        use("answers", (store) => {
          const asked = store.put(kept);
          store.transaction.commit?.(); // at once: the tab may be closing
          return asked;
        }),
      );
      write(() => keepTyped(attempt, position, kept));
      return at;
    },
    /** Another tab answered a question at that time; whether an unsent answer of this one gives way to it. */
    yield(position, at) {
      hear(position, at);
      const gives = entries[position]?.at < at;
      if (gives) delete entries[position];
      return gives;
    },
    /** Forget an answer that is not to be sent; whether it was still the one of its question. */
    drop(position, entry) {
      const same = entries[position]?.order === entry.order;
      if (same) delete entries[position];
      return same;
    },
    isOvertaken: (position, entry) => isOvertaken(position, entry).catch(() => false),
    get: (position) => entries[position],
    settle(position, entry, { saved, fill, version } = {}) {
      close(position, entry, null);
      if (fill) write(() => keepTyped(attempt, position, { ...entry, saved, fill, version }));
    },
    refuse: (position, entry, message) => close(position, entry, { state: "refused", refused: message }),
    list: () => Object.entries(entries).map(([position, entry]) => [Number(position), entry]),
    first() {
      const [found] = Object.values(entries).sort((one, other) => one.order - other.order);
      return found && { position: found.position, entry: found };
    },
    /** Read what the device holds; gives what is known of a page that lay here. Never fails, and never takes long. */
    load: (endsAt) =>
      Promise.race([load(endsAt).catch(() => ({})), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, {}))]),
    /** Until all is written that was to be; not for ever. */
    written: () => Promise.race([written, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]),
    forget: () => forgetTest({ attempt, address: location.pathname }).catch(() => {}),
  };
}
