"""A student at a browser: opens a deck, answers with the widgets of each type, and reads what the page says."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Locator, Page, Request, expect
from plumbing.answer_key import Entry

RIGHT, NOT_YET = "Right", "Not yet"
# What Chromium itself prints where a page is an error on purpose, and where a test cuts the network.
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of [45]\d\d")
NETWORK_FAILS = re.compile(r"Failed to load resource: (net::ERR_|the server responded with a status of [45]\d\d)")


def straighten(text: str) -> str:
    """A text as one compares it: one space between words, straight quotation marks, no marks of Markdown."""
    straight = text.translate(str.maketrans("‘’“”", "''\"\""))
    return " ".join(re.sub(r"[*_`]", "", straight).split())


class Student:
    """One person with one page. Every answer is read off the key of the deck, never off the page."""

    def __init__(self, page: Page, url: str, keys: Mapping[str, Mapping[str, Entry]]) -> None:
        self.page = page
        self.url = url
        self._keys = keys

    def open(self, path: str) -> None:
        """Go to an address of the server."""
        self.page.goto(self.url + path)

    def find_card(self) -> Entry:
        """The entry of the card that the page asks."""
        card = self.page.locator("input[name=card]").get_attribute("value")  # waits until a card is there
        deck = urlsplit(self.page.url).path.split("/")[2]
        return self._keys[deck][card or ""]

    def count_cards(self, deck: str) -> int:
        """How many cards a deck has."""
        return len(self._keys[deck])

    def fill(self, entry: Entry, response: Any) -> None:
        """Put a response into the form of the card, with the mouse."""
        getattr(self, f"_fill_{entry.type}")(response)

    def check(self) -> None:
        """Press the button that sends the answer."""
        self.page.get_by_role("button", name="Check", exact=True).click()

    def answer(self, *, right: bool) -> Entry:
        """Answer the card on the page, to the verdict; give its entry."""
        entry = self.find_card()
        self.fill(entry, entry.right if right else entry.wrong)
        if entry.type != "flashcard":
            self.check()
        expect(self.verdict).to_have_text(RIGHT if right else NOT_YET)
        return entry

    def go_on(self) -> None:
        """From the verdict to what comes next."""
        self.page.get_by_role("link", name="Continue").click()
        expect(self.asked.or_(self.end)).to_be_visible()

    def go_to(self, card: str) -> Entry:
        """Answer whatever comes before this card of the deck; give its entry."""
        while (entry := self.find_card()).id != card:
            self.answer(right=True)
            self.go_on()
        return entry

    @property
    def asked(self) -> Locator:
        return self.page.locator("#asked")

    @property
    def verdict(self) -> Locator:
        return self.page.locator("#verdict")

    @property
    def end(self) -> Locator:
        return self.page.get_by_role("heading", name="Done for now")

    def list_values(self, names: str) -> list[str]:
        """What the fields of the form whose names begin so hold, in the order of the page."""
        return list(self.page.locator(f"[name^={names}]").evaluate_all("all => all.map((each) => each.value)"))

    def _fill_choice(self, wanted: str) -> None:
        values = [straighten(value) for value in self.list_values("response")]
        self.page.locator("[name=response]").nth(values.index(straighten(wanted))).check()

    def _fill_multiple(self, wanted: Iterable[str]) -> None:
        chosen = {straighten(text) for text in wanted}
        for number, value in enumerate(self.list_values("response")):
            self.page.locator("[name=response]").nth(number).set_checked(straighten(value) in chosen)

    def _fill_truefalse(self, wanted: bool) -> None:
        self.page.get_by_role("radio", name=str(wanted)).check()

    def _fill_short(self, wanted: str) -> None:
        self.page.get_by_label("Your answer").fill(wanted)

    def _fill_cloze(self, wanted: Iterable[str]) -> None:
        for number, text in enumerate(wanted):
            self.page.get_by_label(f"Blank {number + 1} of").fill(text)

    def _fill_order(self, wanted: list[str]) -> None:
        """With script, lines are moved up by their buttons; without, each is given its number."""
        items = [straighten(item) for item in wanted]
        if not self.page.get_by_role("button", name=re.compile("^Move up")).count():
            for number, item in enumerate(self.list_values("item-")):
                place = self.page.locator(f"[name=position-{number}]")
                place.select_option(str(items.index(straighten(item)) + 1))
            return
        for place, item in enumerate(items):
            shown = [straighten(value) for value in self.list_values("item-")]
            for _ in range(shown.index(item) - place):
                self.find_row(item).get_by_role("button", name=re.compile("^Move up")).click()
        assert [straighten(value) for value in self.list_values("item-")] == items

    def find_row(self, item: str) -> Locator:
        """The line of an order card that holds this item."""
        values = [straighten(value) for value in self.list_values("item-")]
        return self.page.locator("[data-order]").get_by_role("listitem").nth(values.index(straighten(item)))

    def _fill_match(self, wanted: Mapping[str, str]) -> None:
        partners = {straighten(left): right for left, right in wanted.items()}
        for number, left in enumerate(self.list_values("left-")):
            self.page.locator(f"[name=right-{number}]").select_option(partners[straighten(left)])

    def _fill_flashcard(self, rating: int) -> None:
        self.page.get_by_role("button", name="Show the answer").click()
        self.page.locator(f"button[name=rating][value='{rating}']").click()


class Watch:
    """Everything on a page that a user should never have to see: errors of script and policy, requests elsewhere."""

    def __init__(self, page: Page, url: str, allowed: re.Pattern[str] = _STATUS) -> None:
        self.troubles: list[str] = []
        self._allowed = allowed
        self._home = urlsplit(url).netloc
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("request", self._on_request)
        page.on("dialog", self._on_dialog)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not self._allowed.match(message.text):
            self.troubles.append(f"console: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self._home:
            self.troubles.append(f"request: {request.url}")
