"""Cards that are hard on a page: long lists, long words, writing from right to left; and cards that are dragged."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from plumbing.browser_steps import Student, Watch
from plumbing.inspection import Inspector
from plumbing.server import LiveServer

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
NARROW = {"width": 320, "height": 640}  # also what is left of 1280 pixels at 400 %
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

ODDITIES = f"""\
format: 1
id: oddities
title: Oddities under a title that is far too long for the top of a telephone
description: Long lists and long words.
language: en
theme: nature
cards:
  - id: twelve
    type: choice
    prompt: Which of twelve, {LONG}?
    answer: a first option that runs over more than one line of a telephone, as some options do
    wrong: [{", ".join(f"option {number} {LONG}" for number in range(2, 13))}]
    explanation: It is {LONG}.
  - id: forty
    type: order
    prompt: Put forty in order.
    items: [{", ".join(f"item {number}{' ' + LONG if number % 9 == 0 else ''}" for number in range(1, 41))}]
    explanation: By number.
  - id: ten
    type: match
    prompt: Find ten pairs.
    pairs: [{", ".join(f"[left {number} {LONG}, right {number} {LONG}]" for number in range(10))}]
    explanation: By number.
  - id: long
    type: short
    prompt: Say it at length.
    answer: {" ".join(["a rather long answer"] * 12)}
    explanation: At length.
  - id: blanks
    type: cloze
    text: "{" and ".join(f"{{{{{LONG} {number}}}}}" for number in range(6))}"
    explanation: Six.
"""

ARABIC = """\
format: 1
id: tuyur
title: الطيور
description: بطاقات عن الطيور
language: ar
theme: nature
cards:
  - id: choose
    type: choice
    prompt: ما اسم هذا الطائر (Ardea cinerea)؟
    answer: مالك الحزين
    wrong: [اللقلق الأبيض, "COVID-19 (2020)"]
    hint: فكر في الماء
    explanation: يبلغ طوله 100 cm ويعيش قرب الماء.
  - id: write
    type: short
    prompt: أين يعيش؟
    answer: قرب الماء
    explanation: قرب الماء.
  - id: blanks
    type: cloze
    text: يبلغ طول {{مالك الحزين}} نحو {{100}} سم.
    explanation: نحو 100 سم.
  - id: line-up
    type: order
    prompt: رتب هذه الأسماء.
    items: [مالك الحزين, اللقلق الأبيض, "COVID-19, 2020"]
    explanation: كما ترى.
  - id: pair-up
    type: match
    prompt: ما الذي يناسب؟
    pairs: [[مالك الحزين, "100 cm"], [اللقلق الأبيض, USSR]]
    explanation: كما ترى.
"""

HEBREW = """\
format: 1
id: tsiporim
title: ציפורים
description: כרטיסים על ציפורים
language: he
theme: nature
cards:
  - id: choose
    type: multiple
    prompt: מה היא אוכלת (Ardea cinerea)?
    answers: [דגים, צפרדעים]
    wrong: [לחם, "NATO 1949"]
    explanation: דגים וצפרדעים, לא NATO.
  - id: truth
    type: truefalse
    prompt: גובהה מגיע ל-100 cm.
    answer: true
    explanation: כן.
  - id: turn
    type: flashcard
    prompt: מה שמה?
    answer: אנפה אפורה (Ardea cinerea)
    explanation: ראו בכותרת.
"""


@pytest.fixture
def load_deck(shared_server: LiveServer, tmp_path) -> Callable[[str, str], None]:
    """Load a deck into the shared server: ``load_deck("name", text)``."""

    def load(name: str, text: str) -> None:
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        done = shared_server.run("deck", "load", str(path))
        assert done.returncode == 0, done.stderr + done.stdout

    return load


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    """Whatever is wrong with the pages looked at fails the test, all at once."""
    looking = Inspector()
    yield looking
    assert looking.wrong == []


def _answer_anyhow(page: Page) -> None:
    """Give some answer to the card on the page, of whatever type."""
    turn = page.get_by_role("button", name="Show the answer")
    if turn.is_visible():
        turn.click()
        page.get_by_role("button", name="Well").click()
    else:
        for choice in page.get_by_role("radio").all()[:1] + page.get_by_role("checkbox").all()[:1]:
            choice.check()
        for field in page.locator("#response[type=text], .cloze input").all():
            field.fill(f"{LONG} {LONG}")
        for select in page.locator(".match select").all():
            select.select_option(index=1)
        page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#verdict")).to_be_visible()


def _study(student: Student, deck: str, look: Callable[[Page, str], None]) -> int:
    """Answer every card of a deck once; ``look`` is shown each of them asked and answered."""
    page = student.page
    student.open(f"/study/{deck}")
    seen = set()
    while not student.end.is_visible():
        card = page.locator("input[name=card]").get_attribute("value")
        is_new = card not in seen  # one that was wrong is due again after a minute
        if is_new:
            look(page, f"{deck}/{card} asked")
        _answer_anyhow(page)
        if is_new:
            look(page, f"{deck}/{card} answered")
        student.go_on()
        seen.add(card)
    return len(seen)


def _check_width(page: Page, state: str) -> None:
    page.set_viewport_size(NARROW)
    assert page.evaluate(_WIDER) == 0, state


def test_long_lists_and_long_words_stay_on_a_narrow_page(student: Student, load_deck) -> None:
    load_deck("oddities", ODDITIES)
    assert _study(student, "oddities", _check_width) == 5


# Where the button is 40 ms after the verdict began to appear, and at the end.
_PLACES = """(verdict) => {
  const button = verdict.querySelector(".button");
  const place = () => Math.round(button.getBoundingClientRect().top);
  verdict.style.animation = "none";
  verdict.offsetTop;
  verdict.style.animation = "";
  const [appears] = verdict.getAnimations();
  appears.pause();
  appears.currentTime = 40;
  const soon = place();
  appears.finish();
  return [soon, place()];
}"""


def test_on_a_telephone_the_button_to_go_on_stays_in_its_place_while_the_verdict_appears(student: Student) -> None:
    student.page.set_viewport_size(NARROW)
    student.open("/study/dates")
    student.answer(right=True)
    soon, later = student.page.locator(".verdict").evaluate(_PLACES)
    assert soon == later > NARROW["height"] - 100


def _check_direction(page: Page, state: str) -> None:
    """Every text of the card stands in the deck's language and runs from right to left; the interface does not."""
    _check_width(page, state)
    language = "ar" if "tuyur" in state else "he"
    wrong = page.evaluate(
        """([language, letters]) => {
          const isTheirs = (text) => new RegExp(letters).test(text);
          const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
          const wrong = [];
          while (walk.nextNode()) {
            const { nodeValue: text, parentElement: at } = walk.currentNode;
            if (!text.trim() || at.closest("option, .strip, [aria-hidden]")) continue;
            const direction = getComputedStyle(at).direction;
            if (isTheirs(text) && (direction !== "rtl" || at.closest("[lang]").lang !== language)) wrong.push(text);
            if (/^[A-Za-z .,]{12,}$/.test(text.trim()) && direction !== "ltr") wrong.push(text);
          }
          return wrong;
        }""",
        [language, "[\u0600-\u06ff]" if language == "ar" else "[\u0590-\u05ff]"],
    )
    assert wrong == [], state


@pytest.mark.parametrize(("name", "deck", "cards"), [("tuyur", ARABIC, 5), ("tsiporim", HEBREW, 3)])
def test_texts_from_right_to_left_say_their_language_and_run_their_way(
    student: Student, load_deck, inspector: Inspector, name: str, deck: str, cards: int
) -> None:
    load_deck(name, deck)

    def look(page: Page, state: str) -> None:
        _check_direction(page, state)
        if "choose" in state or "pair-up" in state:
            inspector.look(page, state)

    assert _study(student, name, look) == cards


def _middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


class Finger:
    """A finger on the glass, moved in steps as fingers move; playwright itself only taps."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tools = page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self._tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, let_go: bool = True) -> None:
        """From one point to another."""
        self._send("touchStart", start)
        for step in range(1, 9):
            self._send("touchMove", tuple(a + (b - a) * step / 8 for a, b in zip(start, end, strict=True)))
            self._page.evaluate("() => new Promise(requestAnimationFrame)")
        self._send("touchEnd" if let_go else "touchCancel")


class Mouse:
    """The same with a mouse."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, let_go: bool = True) -> None:
        """From one point to another."""
        mouse = self._page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=8)
        self._page.evaluate("() => new Promise(requestAnimationFrame)")
        self._page.evaluate("() => new Promise(requestAnimationFrame)")
        if not let_go:
            self._page.keyboard.press("Escape")
        mouse.up()


@pytest.mark.parametrize("hand", [Mouse, Finger])
def test_lines_and_partners_are_dragged_to_their_places(
    new_context: Callable[..., BrowserContext],
    answer_keys: dict,
    shared_server: LiveServer,
    watches: list[Watch],
    hand: type[Mouse] | type[Finger],
) -> None:
    page = new_context(viewport={"width": 400, "height": 900}, has_touch=hand is Finger).new_page()
    watches.append(Watch(page, shared_server.url))
    student = Student(page, shared_server.url, answer_keys)
    student.open("/study/birds")
    student.go_to("sequence")
    before = student.list_values("item-")
    rows = page.locator("[data-order] > li")
    x, bottom = _middle(rows.nth(2))[0], rows.nth(2).bounding_box()["y"] + rows.nth(2).bounding_box()["height"] - 4
    hand(page).drag(_middle(rows.nth(0).locator(".grip")), (x, bottom), let_go=False)
    assert student.list_values("item-") == before
    hand(page).drag(_middle(rows.nth(0).locator(".grip")), (x, bottom))
    assert student.list_values("item-") == [before[1], before[2], before[0]]
    assert student.list_values("position-") == ["1", "2", "3"]
    expect(page.locator("#live")).to_have_text(re.compile("is now number 3 of 3"))

    entry = student.go_to("seasons")
    chip, row = page.get_by_role("group", name="Partners").locator("button").nth(0), page.locator(".match li").nth(1)
    hand(page).drag(_middle(chip), _middle(row.locator("label")), let_go=False)
    assert student.list_values("right-") == ["", ""]
    hand(page).drag(_middle(chip), _middle(row.locator("label")))
    assert student.list_values("right-") == ["", chip.get_attribute("value")]
    student.fill(entry, entry.right)
    student.check()
    expect(student.verdict).to_have_text("Right")


def test_partners_are_found_by_pressing_them_one_after_the_other(student: Student) -> None:
    page = student.page
    student.open("/study/birds")
    entry = student.go_to("seasons")
    for left in student.list_values("left-"):
        page.get_by_role("group", name="Partners").get_by_role("button", name=entry.right[left]).click()
    expect(page.locator("#live")).to_have_text(re.compile("“.*” goes with “.*”"))
    page.get_by_role("group", name="Partners").get_by_role("button").first.click()  # all have one: nothing happens
    student.check()
    expect(student.verdict).to_have_text("Right")
