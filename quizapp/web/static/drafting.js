// Ticking all suggestions of the page at once, and how many are ticked. Without script each is ticked by hand.
const form = document.querySelector("[data-suggestions]");

if (form) {
  const boxes = [...form.querySelectorAll('input[name="key"]')];
  const all = form.querySelector("[data-tick-all]");
  const every = all.querySelector("input");
  const told = form.querySelector("[data-ticked]");
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    told.textContent = ticked ? `(${ticked})` : "";
    every.checked = ticked === boxes.length;
    every.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  every.addEventListener("change", () => {
    for (const box of boxes) box.checked = every.checked;
    count();
  });
  form.addEventListener("change", count);
  all.hidden = false;
  count();
}
