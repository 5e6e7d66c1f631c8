// The timed round: card after card until the time is up, with a pause, or without a clock at all.

const settings = document.querySelector("#settings");
const playing = document.querySelector("#playing");
const clock = document.querySelector("#clock");
const turn = document.querySelector("#turn");
const live = document.querySelector("#live");
const paused = document.querySelector("#paused");
const pause = document.querySelector("#pause");
const end = document.querySelector("#end");
const answered = document.querySelector("#answered");
const best = document.querySelector("#best");
const PATIENCE_MS = 20_000;
const TOLD_AT = [60, 30, 10]; // seconds left that are said aloud

let length = 0; // seconds; 0 is without a timer
let left = 0; // milliseconds
let since = null; // when the clock was last started; null while it stands
let ticking;
let busy = false;
let over = false;

const rightOnes = () => answered.querySelectorAll(":scope > [data-right=yes]").length;
const isRunning = () => since !== null;

// The best is kept for the same cards and the same time, on this device alone.
const bestName = (seconds) => `quizapp-best ${seconds} ${location.search}`;

function readBest(seconds) {
  try {
    return Number(localStorage.getItem(bestName(seconds))) || 0;
  } catch {
    return 0; // the browser forbids storage: there is no best
  }
}

function keepBest(right) {
  try {
    localStorage.setItem(bestName(length), String(right));
  } catch {
    // see readBest
  }
}

const chosenSeconds = () => Number(new FormData(settings).get("seconds"));

function showBest() {
  const right = readBest(chosenSeconds());
  best.hidden = !right;
  best.textContent = best.dataset.best.replace("{right}", right);
}

function msLeft() {
  return left - (isRunning() ? performance.now() - since : 0);
}

function showClock() {
  const seconds = Math.max(0, Math.ceil(msLeft() / 1000));
  const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (clock.textContent === shown) return;
  clock.textContent = shown;
  if (TOLD_AT.includes(seconds) && seconds < length) live.textContent = live.dataset.left.replace("{seconds}", seconds);
}

function tick() {
  showClock();
  if (msLeft() <= 0 && isRunning()) finish(end.querySelector("h2").dataset.over);
}

function startClock() {
  if (!length || isRunning() || over) return;
  since = performance.now();
  ticking = setInterval(tick, 200);
}

function stopClock() {
  if (!isRunning()) return;
  left = msLeft();
  since = null;
  clearInterval(ticking);
}

function focusTurn() {
  const wanted = turn.querySelector(".summary") ?? turn.querySelector("[data-focus], [autofocus]") ?? turn.querySelector("#asked");
  wanted?.focus();
}

function tell(line) {
  const word = line.querySelector("[data-word]").textContent;
  const said = [...line.querySelectorAll(".line:not(.left), .cloze")].map((each) => each.innerText.replace(/\s+/g, " ").trim());
  live.textContent = line.dataset.right === "yes" ? `${word}.` : `${word}. ${said.join(" · ")}`;
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const line = page.querySelector("li[data-right]");
  const form = page.querySelector("form");
  turn.replaceChildren(...(form ? [form] : []));
  if (line) {
    const shown = document.adoptNode(line);
    answered.append(shown);
    tell(shown);
  }
  document.querySelector("#score").textContent = document.querySelector("#score").dataset.right.replace("{right}", rightOnes());
  if (!form) finish(end.querySelector("h2").dataset.done);
  else if (!over) focusTurn();
}

// The clock stands while the network works: nobody loses time to it.
async function send(url, body) {
  if (busy) return;
  busy = true;
  stopClock();
  try {
    const response = await fetch(url, { method: "POST", body, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok && response.status !== 422) throw new Error(String(response.status));
    show(await response.text());
    if (paused.hidden) startClock();
  } catch {
    live.textContent = live.dataset.lost;
    if (!turn.firstElementChild) setPlaying(false);
  } finally {
    busy = false;
  }
}

function setPlaying(on) {
  settings.hidden = on;
  playing.hidden = !on;
}

function setPaused(on) {
  if (over) return;
  paused.hidden = !on;
  turn.hidden = on;
  pause.hidden = on;
  if (on) {
    stopClock();
    document.querySelector("#paused-title").focus();
  } else {
    startClock();
    focusTurn();
  }
}

function finish(title) {
  stopClock();
  over = true;
  const right = rightOnes();
  const total = answered.children.length;
  end.querySelector("h2").textContent = title;
  end.querySelector(".lead").textContent = end.querySelector(".lead").dataset.score.replace("{right}", right).replace("{total}", total);
  document.querySelector("#mistakes").hidden = right === total;
  if (length && right > readBest(length)) {
    keepBest(right);
    document.querySelector("#new-best").hidden = false;
  }
  live.textContent = "";
  playing.hidden = true;
  end.hidden = false;
  end.querySelector("h2").focus();
}

settings.addEventListener("change", showBest);

settings.addEventListener("submit", (event) => {
  event.preventDefault();
  length = chosenSeconds();
  left = length * 1000;
  setPlaying(true);
  live.textContent = live.dataset.begin;
  clock.hidden = !length;
  pause.hidden = !length;
  showClock();
  send(settings.action, new URLSearchParams(new FormData(settings)));
});

turn.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target));
  body.set("game", new FormData(settings).get("game"));
  send(playing.dataset.action, body);
});

pause.addEventListener("click", () => setPaused(true));
document.querySelector("#resume").addEventListener("click", () => setPaused(false));
document.querySelector("#stop").addEventListener("click", () => finish(end.querySelector("h2").dataset.stopped));

// Whoever looks at another tab is not playing.
document.addEventListener("visibilitychange", () => {
  if (document.hidden && isRunning()) setPaused(true);
});

for (const note of document.querySelectorAll("[data-no-script]")) note.hidden = true;
settings.hidden = false;
showBest();
