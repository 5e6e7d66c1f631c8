// What every page has: keys, errors that lead to their fields, and forms that are sent once.
//
// Every action has a key. What a key does is written on the control itself: data-key="Enter Space".

const dialog = document.querySelector("#keys");
const toggle = document.querySelector("#keys-on");
const STORED = "quizapp-keys";

function readSetting() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true; // the browser forbids storage: the keys work, the choice is not kept
  }
}

function useKeys(on) {
  toggle.checked = on;
  document.documentElement.classList.toggle("has-keys", on);
}

function store(on) {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // see readSetting
  }
}

const isTyping = (target) => target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

// What a browser does with Enter and Space on a control is left to it.
function hasOwnAction(target, key) {
  if (key === "Enter") return target.matches("a, button, summary") || Boolean(target.form);
  return key === "Space" && target.matches("button, summary, input");
}

function act(control) {
  if (control.matches("input[type=radio], input[type=checkbox]")) {
    control.focus();
    control.click();
  } else if (control.matches("input, select")) {
    control.focus();
  } else {
    control.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || !toggle.checked) return;
  if (event.key === "?") {
    event.preventDefault();
    if (dialog.open) dialog.close();
    else dialog.showModal();
    return;
  }
  if (dialog.open || event.repeat) return;
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (hasOwnAction(event.target, key)) return;
  const controls = document.querySelectorAll(`[data-key~="${CSS.escape(key)}"]`);
  const control = [...controls].find((each) => each.checkVisibility());
  if (!control) return;
  event.preventDefault();
  act(control);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) dialog.showModal();
  if (event.target === dialog) dialog.close(); // a click beside it
  const field = document.getElementById(event.target.closest(".summary a")?.hash.slice(1));
  if (field) {
    event.preventDefault();
    field.focus();
  }
});

// On a slow line people press again. What is on its way is not sent a second time; after a while it may have got lost.
const PATIENCE = 10_000;
let sent = new WeakMap();

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.getAttribute("method")?.toLowerCase() !== "post") return;
  const pressed = event.submitter ?? event.target;
  const now = performance.now();
  if (now - (sent.get(pressed) ?? -PATIENCE) < PATIENCE) event.preventDefault();
  else sent.set(pressed, now);
});

addEventListener("pageshow", () => {
  sent = new WeakMap(); // who comes back to a page may send its forms anew
});

// What was opened over the page closes again: by Escape, by a click beside it, and by going on with Tab.
const more = document.querySelector("details.more");

function closeMore(event) {
  if (!more?.open || more.contains(event.target)) return;
  more.open = false;
}

document.addEventListener("click", closeMore);
document.addEventListener("focusin", closeMore);
more?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !more.open) return;
  more.open = false;
  more.querySelector("summary").focus();
});

toggle.addEventListener("change", () => {
  useKeys(toggle.checked);
  store(toggle.checked);
});

function showHelpButtons() {
  for (const button of document.querySelectorAll("[data-help]")) button.hidden = false;
}

document.addEventListener("swapped", showHelpButtons);
showHelpButtons();
useKeys(readSetting());
