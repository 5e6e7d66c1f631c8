// Sitting a test: every answer is saved as it is given, kept on this device until the server has it, and sent in the
// order of answering. Without this script the same form saves by its buttons.

const form = document.querySelector("[data-sitting]");
const live = document.querySelector("#live");
const trouble = document.querySelector("#trouble");
const PAUSE_MS = 500; // after the last key, before a typed answer is sent
const PATIENCE_MS = 10_000;
const PULSE_MS = 15_000;
const SLOWEST_RETRY_MS = 5_000;
const OVERTAKEN = "quizapp-overtaken";
const OLD = "quizapp-old-page";

const sectionOf = (position) => form.querySelector(`[data-question="${position}"]`);
const hidden = (name) => form.querySelector(`input[name="${name}"]`);

// What is wrong, in a box that stays until it is put right. One box of a kind.
function tell(kind, change = () => {}) {
  if (trouble.querySelector(`[data-kind="${kind}"]`)) return;
  const box = document.querySelector(`#${kind}`).content.firstElementChild.cloneNode(true);
  box.dataset.kind = kind;
  change(box);
  trouble.append(box);
}

const untell = (kind) => trouble.querySelector(`[data-kind="${kind}"]`)?.remove();

function sit(store) {
  const kept = "kept" in form.dataset; // this page lay on the device: the server could not be reached
  const client = kept ? crypto.randomUUID() : hidden("client").value; // another tab than the one it was kept by
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`quizapp-${form.dataset.sitting}`) : null;
  let counter = 0;
  let timer = null;
  let retry = null;
  let retryAfter = 1000;
  let working = null; // the sending that is under way
  let leaving = false;
  let endsAt = form.dataset.left ? Date.now() + Number(form.dataset.left) : null;
  let said = endsAt === null ? "" : endsAt - Date.now() > 300_000 ? "" : "five";

  function note(position, text, unsent = false) {
    const line = sectionOf(position)?.querySelector("[data-saved]");
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("unsent", unsent);
  }

  function mark(position, fill) {
    const link = document.querySelector(`[data-number="${position}"]`);
    if (!link) return;
    link.className = fill;
    const words = { whole: live.dataset.answered, part: live.dataset.partly, nothing: live.dataset.unanswered };
    link.querySelector("[data-word]").textContent = ` ${words[fill]}`;
  }

  // What a question holds now, to be kept until the server has it.
  function take(section) {
    const position = Number(section.dataset.question);
    const names = `q${position}-`;
    const fields = [...new FormData(form)].filter(([name]) => name.startsWith(names) && name !== `${names}was`);
    counter += 1;
    hidden("counter").value = String(counter + 1); // what a button sends is newer than all that was sent before
    const heading = section.querySelector("h2").textContent.trim();
    const words = `${document.querySelector("h1").textContent.trim()}: ${heading}`;
    const url = `${form.action}/answers/${position}`;
    const at = store.put(position, { client, counter, fields, url, words, learner: hidden("learner").value });
    channel?.postMessage({ position, at });
    note(position, live.dataset.saving);
  }

  function changed(event, wait) {
    const section = event.target.closest("[data-question]");
    if (!section || event.target.type === "hidden") return;
    take(section);
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  function body(position, entry) {
    const fields = new URLSearchParams(entry.fields);
    const known = hidden(`q${position}-version`);
    if (known && entry.client === client) fields.set(`q${position}-version`, known.value);
    for (const name of ["csrf_token", "learner"]) fields.set(name, hidden(name).value);
    fields.set("client", entry.client);
    fields.set("counter", String(entry.counter));
    return fields;
  }

  function accept(position, entry, answer) {
    store.settle(position, entry, answer);
    document.dispatchEvent(new Event("unsent"));
    const known = hidden(`q${position}-version`);
    if (known) known.value = String(answer.version);
    channel?.postMessage({ position, version: answer.version });
    setClock(answer.left_ms);
    if (answer.stale) {
      reload();
      return;
    }
    mark(position, answer.fill);
    if (store.get(position)) return; // it changed again meanwhile
    const saved = answer.saved ? live.dataset.saved.replace("{time}", answer.saved) : live.dataset.empty;
    note(position, answer.fill === "part" ? `${saved} – ${live.dataset.part}` : saved);
  }

  // This answer can never be saved as it is; the field still has it.
  function giveUp(position, entry, message) {
    store.settle(position, entry);
    note(position, message, true);
    untell("refused");
    tell("refused", (box) => (box.querySelector("[data-message]").textContent = message));
    return true;
  }

  // After another sign-in of the same person, in another tab: the page goes on under that one.
  async function renewToken() {
    const { request, says } = await import(document.querySelector("#outbox").src);
    const now = await request(says.token).then((reply) => reply.json()).catch(() => ({}));
    const token = hidden("csrf_token");
    if (!now.csrf_token || now.csrf_token === token.value || now.learner !== hidden("learner").value) return false;
    token.value = now.csrf_token;
    return true;
  }

  async function refuse(position, entry, response) {
    if (response.status === 400 && (await renewToken())) return true; // it is still the first, and is sent again
    if (response.status === 401 || response.status === 400) {
      noteAllKept();
      tell("signed-out", (box) => (box.querySelector("a").href = form.dataset.signIn));
      return false;
    }
    const message = (await response.json().catch(() => null))?.message ?? "";
    if (response.status === 413) return giveUp(position, entry, live.dataset.tooLong);
    if (response.status === 409) {
      store.refuse(position, entry, message || String(response.status)); // too late: it is shown as such
      reload();
      return false;
    }
    return giveUp(position, entry, message);
  }

  // Another tab on this device gave a later answer, sent or not: it counts, and this one is not sent after it.
  function surrender(position) {
    note(position, live.dataset.elsewhere);
    sessionStorage.setItem(OVERTAKEN, form.dataset.sitting); // said again once the page is loaded anew
    tellElsewhere();
  }

  function noteAllKept() {
    for (const [position] of store.list()) note(position, live.dataset.kept, true);
  }

  function fail() {
    noteAllKept();
    document.dispatchEvent(new Event("unsent")); // counted by outbox.js
    tell("no-connection");
    clearTimeout(retry);
    retry = setTimeout(send, retryAfter);
    retryAfter = Math.min(retryAfter * 2, SLOWEST_RETRY_MS);
    return false;
  }

  async function sendOne(position, entry, more) {
    if (await store.isOvertaken(position, entry)) {
      if (store.drop(position, entry)) surrender(position);
      return true;
    }
    const url = `${form.action}/answers/${position}`;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    let response;
    try {
      response = await fetch(url, { method: "POST", body: body(position, entry), signal, redirect: "error", ...more });
    } catch {
      return fail();
    }
    if (response.status >= 500 || response.status === 429) return fail();
    if (!response.ok) return refuse(position, entry, response);
    let answer;
    try {
      answer = await response.json();
    } catch {
      return fail();
    }
    retryAfter = 1000;
    for (const kind of ["no-connection", "signed-out", "refused"]) untell(kind);
    accept(position, entry, answer);
    return true;
  }

  async function work(more) {
    if (kept) return (await pulse()) || fail(); // which loads the page anew as soon as it can be had
    for (let next = store.first(); next; next = store.first()) {
      if (!(await sendOne(next.position, next.entry, more))) return false;
    }
    return true;
  }

  // Sends all that is not sent yet, one after the other; whether the server has everything now.
  function send(more = {}) {
    clearTimeout(timer);
    clearTimeout(retry);
    working ??= work(more).finally(() => (working = null));
    return working;
  }

  function reload() {
    if (leaving) return;
    leaving = true;
    store.written().then(() => location.reload());
  }

  function setClock(left) {
    endsAt = left === null || left === undefined ? null : Date.now() + left;
    if (endsAt === null || endsAt > Date.now()) form.inert = false; // more time was given
  }

  function tick() {
    const clock = document.querySelector("[data-clock]");
    if (!clock || endsAt === null) return;
    const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const two = (number) => String(number).padStart(2, "0");
    const time = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
    clock.textContent = live.dataset.left.replace("{time}", time);
    clock.closest(".clock").classList.toggle("near", seconds < 300);
    if (seconds <= 300 && seconds > 60 && said === "") [said, live.textContent] = ["five", live.dataset.five];
    if (seconds <= 60 && said !== "one") [said, live.textContent] = ["one", live.dataset.one];
    if (seconds === 0 && !form.inert) end();
  }

  // The time is over by the clock of this page: what is under way is sent in the seconds of grace, then the server says
  // whether it is. Without network the next pulse asks.
  async function end() {
    form.inert = true;
    if ((await send()) && (await pulse()) && form.inert) leave("hand-in");
  }

  function leave(go) {
    if (leaving) return;
    leaving = true;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "go", value: go });
    form.append(field);
    form.submit();
  }

  async function pulse() {
    let response;
    try {
      response = await fetch(form.dataset.pulse, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch {
      tell("no-connection");
      return false;
    }
    if (response.status === 401) tell("signed-out", (box) => (box.querySelector("a").href = form.dataset.signIn));
    if (!response.ok) return false;
    const found = await response.json().catch(() => null); // cut off on the way, or from whoever owns the network
    if (!found) {
      tell("no-connection");
      return false;
    }
    untell("no-connection");
    untell("signed-out");
    if (!found.open) {
      reload(); // what is left is sent from there, and refused with the server's words
      return false;
    }
    if (kept) {
      reload();
      return false;
    }
    setClock(found.left_ms);
    for (const [position, version] of Object.entries(found.versions)) compare(Number(position), version);
    if (store.first()) send();
    return true;
  }

  function compare(position, version) {
    const known = hidden(`q${position}-version`);
    if (!known || working || store.get(position) || version <= Number(known.value)) return;
    tellElsewhere();
  }

  function tellElsewhere() {
    tell("elsewhere", (box) => {
      const link = box.querySelector("a");
      link.href = location.href;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        location.reload();
      });
    });
  }

  // One question a page: all of them are here already, so going on needs no server.
  function show(position) {
    const wanted = sectionOf(position);
    if (!wanted) return false;
    for (const section of form.querySelectorAll("[data-question]")) section.hidden = section !== wanted;
    for (const link of document.querySelectorAll("[data-number]")) {
      if (link.dataset.number === String(position)) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    hidden("at").value = String(position);
    history.replaceState(null, "", `?at=${position}`);
    const buttons = form.querySelectorAll("[data-turn]");
    const last = form.querySelectorAll("[data-question]").length;
    for (const button of buttons) {
      if (button.value === "previous") button.hidden = position === 1;
      else button.firstElementChild.textContent = position === last ? button.dataset.last : button.dataset.next;
    }
    scrollTo(0, 0);
    wanted.querySelector("h2").focus();
    return true;
  }

  // Whether to fetch the page anew: another tab's answer was saved while it was on its way. Once, so that nothing goes
  // round; after that it is said.
  function isOld(known) {
    const older = known.some(({ position, version }) => version > Number(hidden(`q${position}-version`)?.value ?? version));
    const again = sessionStorage.getItem(OLD) === form.dataset.sitting;
    if (older && !again) sessionStorage.setItem(OLD, form.dataset.sitting);
    else sessionStorage.removeItem(OLD);
    if (older && again) tellElsewhere();
    return older && !again;
  }

  const turns = form.hasAttribute("data-turns");

  // Of a long test only the questions that were seen lie on the device, each as a page.
  function walk(go, at) {
    const next = at + { next: 1, previous: -1 }[go];
    if (turns || form.inert || !navigator.serviceWorker?.controller || !document.querySelector(`[data-number="${next}"]`)) return;
    store.written().then(() => location.assign(`?at=${next}`));
  }

  form.addEventListener("input", (event) => {
    const typed = event.target.matches("input:not([type=radio], [type=checkbox])");
    changed(event, typed ? PAUSE_MS : 0);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const go = event.submitter?.value ?? "next";
    const at = Number(hidden("at").value) || 1;
    const sent = send();
    if (turns && (go === "next" || go === "previous") && show(at + (go === "next" ? 1 : -1))) return;
    if ((await sent) && (await pulse())) leave(go);
    else if (trouble.querySelector("[data-kind=no-connection]")) walk(go, at);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-number]");
    if (!turns || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (show(Number(link.dataset.number))) event.preventDefault();
    send();
  });

  channel?.addEventListener("message", ({ data: { position, version, at } }) => {
    if (version) compare(position, version);
    else if (store.yield(position, at) || kept) surrender(position);
  });
  addEventListener("online", () => pulse());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("pagehide", () => send({ keepalive: true }));
  document.addEventListener("visibilitychange", () => (document.hidden ? send({ keepalive: true }) : pulse()));
  setInterval(tick, 500);
  setInterval(pulse, PULSE_MS);

  hidden("client").value = client;
  for (const section of form.querySelectorAll("[data-question]")) {
    if ([...section.querySelectorAll("input:not([type=hidden]), select")].some(isTouched)) take(section); // before this ran
  }
  store.load(endsAt).then((test) => {
    if (kept) endsAt = test.endsAt ?? null;
    if (kept && endsAt !== null && endsAt < Date.now()) store.forget();
    if (isOld(test.known ?? [])) return reload();
    for (const [position, entry] of Object.entries(test.typed ?? {})) {
      restore(position, entry);
      if (entry.fill) mark(position, entry.fill);
      if (entry.fill) note(position, live.dataset.saved.replace("{time}", entry.saved));
    }
    for (const [position, entry] of store.list()) restore(position, entry);
    const wanted = new URLSearchParams(location.search).get("at");
    if (kept && turns) show(Number(wanted) || 1);
    else if (kept && wanted && hidden("at").value !== wanted) tell("not-here");
    for (const { href } of document.querySelectorAll("link[data-after]")) import(href); // they build on what is chosen
    noteAllKept();
    if (!kept && sessionStorage.getItem(OVERTAKEN) === form.dataset.sitting) {
      tell("elsewhere", (box) => box.querySelector("a").remove()); // it is shown here
      sessionStorage.removeItem(OVERTAKEN);
    }
    tick();
    send();
  });
}

// Whether a field holds something else than what the page came with.
function isTouched(field) {
  if (field.matches("[type=radio], [type=checkbox]")) return field.checked !== field.defaultChecked;
  if (!field.matches("select")) return field.value !== field.defaultValue;
  const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.value !== first?.value;
}

// Puts what was kept on this device back into the fields of a question.
function restore(position, entry) {
  const section = sectionOf(position);
  if (!section) return;
  for (const field of section.querySelectorAll("input:not([type=hidden]), select")) {
    const values = entry.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
    else if (values.length) [field.value] = values;
  }
}

if (form) {
  const { createStore } = await import(document.querySelector("#assessments-store").href);
  sit(createStore());
}
