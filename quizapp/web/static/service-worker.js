// Keeps the app's own files, and a page for when nothing can be reached. Nothing that is about a person is kept by it:
// questions and answers lie in the device's database (outbox.js), and the page of a test that is being sat in the cache
// “tests” (assessments-kept.js); both are emptied at sign-out.
// The server puts KNOWN above this: its version, the addresses to keep, and where things are.

const CACHE = `quizapp-${KNOWN.version}`;
const PATIENCE_MS = 6000;
const MOST_MEDIA = 300;

async function install() {
  const cache = await caches.open(CACHE);
  // Without credentials: the page is kept as a stranger sees it.
  const wanted = [KNOWN.page, ...KNOWN.files].map((url) => new Request(url, { cache: "reload", credentials: "omit" }));
  await cache.addAll(wanted);
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith("quizapp-") && name !== CACHE) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// An address with a digest never means another file, whatever a browser says of itself (Vary).
async function findStatic(request, event) {
  const held = await caches.match(request, { cacheName: CACHE, ignoreVary: true });
  if (held && new URL(request.url).search) return held;
  try {
    const response = await fetch(held ? new Request(request, { cache: "no-cache" }) : request);
    if (response.ok && response.type === "basic") {
      const copy = response.clone();
      event.waitUntil(caches.open(CACHE).then((cache) => cache.put(request, copy)).catch(() => {})); // full: go without
    }
    return response;
  } catch (error) {
    const other = held ?? (await caches.match(request, { cacheName: CACHE, ignoreSearch: true, ignoreVary: true }));
    if (other) return other; // a kept page of an older release
    throw error;
  }
}

// What the device's database says of the decks that lie here; undefined where there is no such database.
function askDecks(question) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("quizapp");
    asked.onupgradeneeded = () => asked.transaction.abort(); // there is no such database
    asked.onerror = reject;
    asked.onsuccess = () => {
      const database = asked.result;
      database.onversionchange = () => database.close();
      if (!database.objectStoreNames.contains("decks")) return resolve(undefined);
      const found = question(database.transaction("decks").objectStore("decks"));
      found.onsuccess = () => resolve(found.result);
      found.onerror = reject;
      return database.close(); // once that is done
    };
  });
}

// Whether questions of the deck at this address lie on the device.
async function holdsDeck(path) {
  const deck = decodeURIComponent(path.slice(KNOWN.study.length));
  return (await askDecks((store) => store.getKey(deck))) !== undefined;
}

const findPage = () => caches.match(KNOWN.page, { cacheName: CACHE });

// The page of a test that lies here, with the headers that every page has: that of this question, else the one seen
// last, which says so.
async function findTest({ pathname, search }) {
  const at = /[?&](at=\d+)/.exec(search)?.[1];
  const kept =
    (at && (await caches.match(`${pathname}?${at}`, { cacheName: "tests" }))) ??
    (await caches.match(pathname, { cacheName: "tests" }));
  const page = kept && (await findPage());
  if (!page) return undefined;
  const headers = new Headers(page.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(kept.body, { headers });
}

async function findOnline(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

// Questions to take along: their pictures and sounds are kept too, the newest of all decks.
async function takeAlong(event) {
  const response = await fetch(event.request);
  const copy = response.clone();
  event.waitUntil(copy.json().then(keepMedia).catch(() => {}));
  return response;
}

async function keepMedia({ media = [] }) {
  const cache = await caches.open("media");
  for (const address of media) if (!(await cache.match(address))) await cache.add(address);
  for (const old of (await cache.keys()).slice(0, -MOST_MEDIA)) await cache.delete(old);
}

// A picture or sound of a question that lies here; of a sound the part that is asked for.
async function findMedium(request) {
  const held = await caches.match(request.url, { cacheName: "media", ignoreVary: true });
  const [, start, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "") ?? [];
  if (!held || !start) return held ?? fetch(request);
  const whole = await held.blob();
  const end = Math.min(last ? Number(last) + 1 : whole.size, whole.size);
  const headers = new Headers(held.headers);
  headers.set("Content-Range", `bytes ${start}-${end - 1}/${whole.size}`);
  headers.set("Content-Length", String(Math.max(end - Number(start), 0)));
  return new Response(whole.slice(Number(start), end), { status: 206, headers });
}

const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

// On a slow line, a deck that lies on the device is not waited for longer than this; other pages are.
async function findHeld(path, online) {
  await wait(PATIENCE_MS);
  const held = path.startsWith(KNOWN.study) && (await holdsDeck(path).catch(() => false));
  return (held && (await findPage())) || online;
}

function visit(event) {
  const address = new URL(event.request.url);
  const find = async () => (await findTest(address)) ?? (await findPage()) ?? Response.error();
  const online = findOnline(event).catch(find);
  return Promise.race([online, findHeld(address.pathname, online)]);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
  // On the very first visit, questions came before this worker did.
  const keepAll = async (decks) => { for (const deck of decks ?? []) await keepMedia(deck); };
  event.waitUntil(askDecks((store) => store.getAll()).then(keepAll).catch(() => {}));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(visit(event));
  else if (address.pathname.startsWith(KNOWN.decks)) event.respondWith(takeAlong(event));
  else if (address.pathname.startsWith(KNOWN.media)) event.respondWith(findMedium(request));
  else if (address.pathname.startsWith(KNOWN.statics)) event.respondWith(findStatic(request, event));
});
