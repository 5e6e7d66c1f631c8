// The part of the outbox that needs the server: sending, the list of what became of answers, and signing out.

const { fill, isOwn, isWaiting, learner, list, request, says, send, settle, show, use } = await import(
  document.querySelector("#outbox").src
);
const news = document.querySelector("#outbox-news");

async function post(answer, more, token, headers) {
  const body = new URLSearchParams([...answer.fields.filter(([name]) => name !== "csrf_token"), ...more]);
  body.set("csrf_token", token);
  body.set("learner", answer.learner);
  const response = await request(answer.url, { method: "POST", body, headers });
  if (response.status >= 500 || [400, 401, 408, 429].includes(response.status)) throw new Error("not now");
  return response;
}

async function sendAnswer(answer, token) {
  const response = await post(answer, [["given_at", answer.at]], token, { "X-Fragment": "main" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const verdict = page.querySelector("[data-verdict]")?.dataset.verdict;
  if (verdict) return { state: "sent", verdict, address: response.headers.get("Content-Location") };
  // The card waits for a test to be over: so does the answer, and holds up no other.
  if (response.headers.has("Retry-After")) return { state: "waiting" };
  const wrong = page.querySelectorAll(".summary li, .error-page p:not(.eyebrow)");
  if (!wrong.length) throw new Error("this page is not ours");
  return { state: "refused", refused: [...wrong].map((each) => each.textContent.trim()).join(" ") };
}

async function sendAttempt(answer, token) {
  const response = await post(answer, [["client", answer.client], ["counter", answer.counter]], token);
  const told = await response.json();
  if (!response.ok) return { state: "refused", refused: told.message };
  const { keepTyped } = await import(says.tests);
  await keepTyped(answer.attempt, answer.position, { ...answer, saved: told.saved, fill: told.fill, version: told.version });
  return null;
}

/** Send these answers of whoever is signed in, in their order; throws where the server cannot take them now. */
export async function sendAll(answers, token) {
  for (const answer of answers) {
    const sat = document.querySelector("[data-sitting]")?.dataset.sitting;
    if (sat && sat === answer.attempt) continue; // that page sends its own
    await settle(answer, await (answer.attempt ? sendAttempt : sendAnswer)(answer, token));
  }
}

function describe(answer) {
  const line = document.createElement("li");
  const words = document.createElement(answer.address ? "a" : "b");
  if (answer.address) words.href = answer.address;
  words.textContent = answer.words;
  line.append(words, ` – ${answer.refused ?? (Object.hasOwn(says, answer.verdict) ? says[answer.verdict] : "")}`);
  if (!answer.refused) return line;
  const given = answer.fields.filter(([name, value]) => value && /^(q\d+-)?(response|blank|right|position|rating)/.test(name));
  line.append(` ${fill(says.given, { answer: given.map(([, value]) => value).join(", ") })}`);
  return line;
}

/** Show what became of answers; nothing where a test is being sat, or to somebody else. */
export function showNews(done) {
  news.hidden = !done.length || !learner || document.querySelector("[data-sitting]") !== null;
  const right = done.filter(({ verdict }) => verdict === "right" || verdict === "almost").length;
  news.querySelector("h2").textContent = fill(done.length === 1 ? says.one : says.many, { number: done.length, right });
  news.querySelector("ol").replaceChildren(...done.map(describe));
}

async function forget(which) {
  const going = (await list()).filter((answer) => isOwn(answer) && which(answer));
  await Promise.all(going.map((answer) => settle(answer, null)));
}

news.querySelector("button").addEventListener("click", async () => {
  await forget((answer) => !isWaiting(answer));
  await show();
});

async function leaveNothing(leave) {
  await forget(() => true);
  await use("decks", (store) => store.clear());
  await (await import(says.tests)).forgetTests();
  await self.caches?.delete("media");
  leave();
}

function ask(leave, number) {
  const dialog = document.querySelector("#outbox-ask");
  const trouble = dialog.querySelector("[role=alert]");
  trouble.hidden = true;
  dialog.querySelector("h2").textContent = fill(says.unsent, { number });
  dialog.querySelector("[data-throw]").onclick = async () => {
    try {
      await request(says.token); // without the server nobody can sign out, so nothing is thrown away
    } catch {
      trouble.hidden = false;
      return;
    }
    await leaveNothing(leave);
  };
  dialog.showModal();
}

/** Send what can be sent; where something is left, ask; then forget all and leave. */
export async function signOut(leave) {
  await Promise.race([send(), new Promise((resolve) => setTimeout(resolve, 5000))]);
  const unsent = (await list()).filter((answer) => isWaiting(answer) && isOwn(answer));
  if (unsent.length) ask(leave, unsent.length);
  else await leaveNothing(leave);
}
