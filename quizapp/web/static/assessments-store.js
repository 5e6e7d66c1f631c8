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

const listUnsent = (entries) => Object.entries(entries).filter(([, entry]) => !entry.refused);

/** The unsent answers of an attempt, by question; each with the tab it comes from, its number there, and what outbox.js
 * needs to send it from any other page. Those that were refused are kept to be shown there, and no longer listed here. */
export function createStore(attempt) {
  const entries = read(attempt);
  let order = Math.max(0, ...Object.values(entries).map((entry) => entry.order));
  return {
    put(position, entry) {
      order += 1;
      entries[position] = { ...entry, order };
      write(attempt, entries);
    },
    get: (position) => (entries[position]?.refused ? undefined : entries[position]),
    settle(position, entry) {
      if (entries[position]?.order === entry.order) delete entries[position];
      write(attempt, entries);
    },
    refuse(position, entry, message) {
      if (entries[position]?.order === entry.order) entries[position] = { ...entry, state: "refused", refused: message };
      write(attempt, entries);
    },
    list: () => listUnsent(entries).map(([position, entry]) => [Number(position), entry]),
    first() {
      const [found] = listUnsent(entries).sort(([, one], [, other]) => one.order - other.order);
      return found && { position: Number(found[0]), entry: found[1] };
    },
  };
}
