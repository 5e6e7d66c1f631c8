// Select words of a paragraph, press a key, and a card that cites them opens.
//
// Without this script the same is done by the form under each paragraph.

const form = document.querySelector("[data-making]");
const bar = form.querySelector(".selected");
const quote = bar.querySelector("q");
const count = bar.querySelector(".count");
const field = bar.querySelector("input[name=quote]");
const button = bar.querySelector("button");
const most = Number(form.dataset.most);
const LETTER = /[\p{L}\p{M}\p{N}]/u;

const isLetter = (text, at) => at >= 0 && at < text.length && LETTER.test(text[at]);

// Half a word selected is a word meant.
function growToWords(text, start, end) {
  while (start < end && !isLetter(text, start) && /\s/u.test(text[start])) start += 1;
  while (end > start && /\s/u.test(text[end - 1])) end -= 1;
  while (isLetter(text, start) && isLetter(text, start - 1)) start -= 1;
  while (isLetter(text, end - 1) && isLetter(text, end)) end += 1;
  return text.slice(start, end);
}

// The words selected, and the number of the paragraph in which the selection begins; what lies beyond it is left out.
function readSelection() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const paragraphs = [...form.querySelectorAll("[data-paragraph]")];
  const words = paragraphs.find((each) => range.intersectsNode(each));
  if (!words) return null;
  const before = document.createRange();
  before.setStart(words, 0);
  if (before.comparePoint(range.startContainer, range.startOffset) >= 0 && words.contains(range.startContainer)) {
    before.setEnd(range.startContainer, range.startOffset);
  }
  const upTo = document.createRange();
  upTo.selectNodeContents(words);
  if (words.contains(range.endContainer)) upTo.setEnd(range.endContainer, range.endOffset);
  const text = words.textContent;
  const said = growToWords(text, before.toString().length, upTo.toString().length);
  const told = said.replace(/\s+/gu, " ").trim();
  return told ? { paragraph: words.dataset.paragraph, told } : null;
}

function show() {
  const found = readSelection();
  bar.hidden = !found;
  field.disabled = !found;
  if (!found) return;
  const words = found.told.split(" ").length;
  quote.textContent = found.told.length > 200 ? `${found.told.slice(0, 200)}…` : found.told;
  field.value = found.told;
  button.value = found.paragraph;
  button.disabled = words > most;
  count.textContent = words > most ? form.dataset.tooMany : `${words}/${most}`;
  count.classList.toggle("over", words > most);
}

document.addEventListener("selectionchange", show);
bar.addEventListener("mousedown", (event) => event.preventDefault()); // a press beside the words would unselect them
for (const help of form.querySelectorAll(".with-script")) help.hidden = false;
