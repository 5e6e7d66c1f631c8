// Answers that the server does not have yet, kept on this device under the name of their attempt, and nothing else.

const nameOf = (attempt) => `quizapp-attempt-${attempt}`;

function read(attempt) {
  try {
    return JSON.parse(localStorage.getItem(nameOf(attempt)) ?? "{}");
  } catch {
    return {}; // the browser forbids storage, or somebody else wrote there: what is in memory still counts
  }
}

function write(attempt, entries) {
  try {
    if (Object.keys(entries).length) localStorage.setItem(nameOf(attempt), JSON.stringify(entries));
    else localStorage.removeItem(nameOf(attempt));
  } catch {
    // see read
  }
}

/** Forget what is kept of an attempt: it is over. */
export function forget(attempt) {
  write(attempt, {});
}

/** The unsent answers of an attempt, by question; each with the tab it comes from and its number there. */
export function createStore(attempt) {
  const entries = read(attempt);
  let order = Math.max(0, ...Object.values(entries).map((entry) => entry.order));
  return {
    put(position, entry) {
      order += 1;
      entries[position] = { ...entry, order };
      write(attempt, entries);
    },
    get: (position) => entries[position],
    settle(position, entry) {
      if (entries[position]?.order === entry.order) delete entries[position];
      write(attempt, entries);
    },
    list: () => Object.entries(entries).map(([position, entry]) => [Number(position), entry]),
    first() {
      const [found] = Object.entries(entries).sort(([, one], [, other]) => one.order - other.order);
      return found && { position: Number(found[0]), entry: found[1] };
    },
  };
}
