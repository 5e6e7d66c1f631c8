"""The same student without a mouse: every step is a key."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, expect
from plumbing.browser_steps import Student, straighten

_FOCUS = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const seen = document.elementFromPoint(x, y);
  const places = [at, ...(at.labels ?? [])]; // a small box and its label are one target
  return {
    tag: at.tagName.toLowerCase(),
    id: at.id,
    name: at.getAttribute("name") ?? "",
    words: (at.getAttribute("aria-label") ?? at.textContent).trim().replace(/\\s+/g, " "),
    in_sight: places.some((place) => place.contains(seen)),
  };
}"""
MOST_TABS = 60


@dataclass(frozen=True)
class Focus:
    """What has the focus. ``in_sight``: its middle is on the screen, and nothing lies over it."""

    tag: str
    id: str
    name: str
    words: str
    in_sight: bool


class Typist(Student):
    """A student who has only keys. Enter checks and goes on; digits choose; Tab goes to what has no key."""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def focus(self) -> Focus:
        return Focus(**self.page.evaluate(_FOCUS))

    def tab_to(self, wanted: Callable[[Focus], bool]) -> Focus:
        """Press Tab until the focus is where it should be; give where that is."""
        for _ in range(MOST_TABS):
            self.press("Tab")
            if wanted(focus := self.focus):
                return focus
        raise AssertionError("Tab does not lead there")

    def list_stops(self) -> list[Focus]:
        """Where Tab leads, from the top of the page to its end."""
        self.page.evaluate("() => document.activeElement.blur()")
        stops = [self.tab_to(lambda focus: focus.words == "Skip to the content")]
        while len(stops) < MOST_TABS:
            self.press("Tab")
            if (focus := self.focus).tag == "body" or focus == stops[0]:
                break
            stops.append(focus)
        return stops

    def check(self) -> None:
        if self.focus.tag not in ("input", "div"):  # in a list or on a button, Enter is theirs
            self.tab_to(lambda focus: focus.tag == "button" and focus.words.startswith("Check"))
        self.press("Enter")

    def go_on(self) -> None:
        expect(self.verdict).to_be_focused()
        self.press("Enter")
        expect(self.asked.or_(self.end)).to_be_visible()

    def _choose(self, wanted: Iterable[str]) -> None:
        values = [straighten(value) for value in self.list_values("response")]
        for text in wanted:
            number = values.index(straighten(text))
            self.press(str(number + 1))
            expect(self.page.locator("[name=response]").nth(number)).to_be_checked()

    def _fill_choice(self, wanted: str) -> None:
        self._choose([wanted])

    def _fill_multiple(self, wanted: Iterable[str]) -> None:
        self._choose(wanted)

    def _fill_truefalse(self, wanted: bool) -> None:
        self._choose([str(wanted).lower()])

    def _fill_short(self, wanted: str) -> None:
        expect(self.page.get_by_label("Your answer")).to_be_focused()
        self.page.keyboard.type(wanted)

    def _fill_cloze(self, wanted: Iterable[str]) -> None:
        for number, text in enumerate(wanted):
            if number:
                self.press("Tab")
            expect(self.page.get_by_label(f"Blank {number + 1} of")).to_be_focused()
            self.page.keyboard.type(text)

    def _fill_order(self, wanted: list[str]) -> None:
        """A digit goes to the line that the page showed there first; arrows move it from its buttons."""
        items = [straighten(item) for item in wanted]
        for place, item in enumerate(items):
            shown = [straighten(value) for value in self.list_values("item-")]
            up = shown.index(item) - place
            if up:
                self._go_to_row(self.find_row(item))
                self.press(*["ArrowUp"] * up)
        assert [straighten(value) for value in self.list_values("item-")] == items

    def _go_to_row(self, row: Locator) -> None:
        self.press(row.get_by_role("combobox").get_attribute("data-key") or "")
        expect(row.get_by_role("combobox")).to_be_focused()
        self.press("Tab")
        assert self.focus.words.startswith("Move up")

    def _fill_match(self, wanted: Mapping[str, str]) -> None:
        partners = {straighten(left): straighten(right) for left, right in wanted.items()}
        self.press("1")
        for number, left in enumerate(self.list_values("left-")):
            if number:
                self.press("Tab")
            choice = self.page.locator(f"[name=right-{number}]")
            expect(choice).to_be_focused()
            values = choice.get_by_role("option").evaluate_all("all => all.map((each) => each.value)")
            self.press(*["ArrowDown"] * [straighten(value) for value in values].index(partners[straighten(left)]))

    def _fill_flashcard(self, rating: int) -> None:
        assert self.focus.words.startswith("Show the answer")
        self.press("Space")
        expect(self.page.get_by_label("Answer", exact=True)).to_be_focused()
        self.press(str(rating))
