"""Cards on their way from another system into a deck: ids, checks, and words for what could not be taken."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from quizapp.core.deck.places import Places
from quizapp.core.deck.refusals import Path, explain_refusals
from quizapp.core.deck.schema import (
    CARD_MODELS,
    LANGUAGE_PATTERN,
    MOST_CARDS,
    Card,
    Citation,
    Deck,
    Flashcard,
    WrongOption,
)
from quizapp.core.deck.text import HIDDEN, shorten
from quizapp.core.exchange.carry import Carried
from quizapp.core.exchange.htmltext import is_unmarked
from quizapp.core.exchange.model import Imported, ImportOptions, MediaFile, PastReview
from quizapp.core.messages import say
from quizapp.core.problem import Problem, Severity
from quizapp.core.slugs import LONGEST_SLUG, is_slug

MOST_PROBLEMS: Final = 1_000
MOST_REFUSED: Final = 20_000
"""Cards that cannot be taken until a file is given up: to find out what is wrong takes longer than to take a card."""
_CARD: Final[TypeAdapter[Card]] = TypeAdapter(Card)
# Letters and digits stay, small; all else becomes a hyphen. A hundred thousand ids are made so, each of one look.
_HYPHENATED: Final = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 45 for code in range(256))
_HYPHENS = re.compile("--+")
_LONGEST_WORDS = 48
_HIDDEN_SIGN = re.compile(f"[{HIDDEN}\ud800-\udfff\\s]+")
# Latin letters that are not another one with a mark, in the spelling of those who lack them.
_SPELLED = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"})


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _hyphenate(text: str) -> str:
    """The Latin letters and digits of a text, small, with one hyphen for all that stands between."""
    words = text.encode("ascii", "replace").translate(_HYPHENATED).strip(b"-").decode()
    return _HYPHENS.sub("-", words) if "--" in words else words


def make_slug(text: str, longest: int = _LONGEST_WORDS) -> str:
    """An id of the first words of a text, always the same for the same text.

    Where letters were lost that no slug can hold, or words were cut, a hash of the whole text tells it from others.
    """
    head = text[: 4 * longest]
    if len(text) <= longest and text.isascii() and (words := _hyphenate(text)):
        return words
    lost = False
    if not head.isascii():
        marked = unicodedata.normalize("NFKD", head.casefold().translate(_SPELLED))
        head = "".join(sign for sign in marked if not unicodedata.combining(sign))
        lost = any(sign.isalnum() and not sign.isascii() for sign in head)
    words = _hyphenate(head)
    kept = words if len(words) <= longest else words[:longest].rsplit("-", 1)[0].strip("-")
    is_cut = len(kept) < len(words) or len(text) > 4 * longest or not kept
    if not (is_cut or lost):
        return kept
    return f"{kept}-{_hash(text)}" if kept else _hash(text)


def clean_line(text: str, longest: int = 500) -> str:
    """A text fit for a title, a tag or a name: one line, nothing hidden, cut where it is long."""
    line = " ".join(_HIDDEN_SIGN.sub(" ", text[: 4 * longest]).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


_PLAIN: Final = Flashcard(id="plain", type="flashcard", prompt="prompt", answer="answer")
_LONGEST_PLAIN: Final = 2_000
_SIDES: Final = ("type", "prompt", "answer")
_HIDDEN_ONLY = re.compile(f"[{HIDDEN}\ud800-\udfff]")
_PLAIN_VALUES: Final = _PLAIN.__dict__
_PLAIN_FIELDS: Final = _PLAIN.__pydantic_fields_set__
_new: Final = Flashcard.__new__
# What pydantic writes by ``object.__setattr__`` when it makes copies, looked up once: by name it takes twice as long.
_put_values, _put_fields, _put_extra, _put_private = (
    BaseModel.__dict__[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def _make_plain(card_id: str, prompt: str, answer: str) -> Flashcard:
    """A card of two sides that need no check, made as pydantic makes copies, for a sixth of the price of a check."""
    card = _new(Flashcard)
    values = _PLAIN_VALUES.copy()
    values["id"], values["prompt"], values["answer"] = card_id, prompt, answer
    _put_values(card, values)
    _put_fields(card, _PLAIN_FIELDS)
    _put_extra(card, None)
    _put_private(card, None)
    return card


def _find_sides(values: Mapping[str, Any]) -> tuple[str, str] | None:
    """The two sides of a flashcard that is nothing else and that the schema takes as it is; None of any other card."""
    if len(values) != len(_SIDES) or values.get("type") != "flashcard":
        return None
    prompt, answer = values.get("prompt"), values.get("answer")
    if not (isinstance(prompt, str) and isinstance(answer, str)) or len(prompt) + len(answer) > _LONGEST_PLAIN:
        return None
    prompt, answer = prompt.strip(), answer.strip()
    return (prompt, answer) if prompt and answer and not _HIDDEN_ONLY.search(f"{prompt}{answer}") else None


def _list_keys(values: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    if len(path) <= 2:
        kind = values.get("type")
        return tuple(CARD_MODELS[kind].model_fields) if isinstance(kind, str) and kind in CARD_MODELS else ()
    return tuple((Citation if path[2] == "citations" else WrongOption).model_fields)


@dataclass(slots=True)
class Gathering:
    """Collects the cards of one deck. Nothing here raises on what a file holds; ``finish`` gives what came together."""

    options: ImportOptions
    cards: list[Card] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    head: dict[str, object] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _numbers: dict[str, int] = field(default_factory=dict)
    _repeated: tuple[str, Mapping[str, Any], str] = field(default=("", {}, ""))
    _refused: int = 0
    is_full: bool = False

    def report(self, line: int, code: str, message: str, fix: str = "", *, warning: bool = False) -> None:
        """Say what could not be taken, or, as a warning, what was taken otherwise than it stood there."""
        severity = Severity.WARNING if warning else Severity.ERROR
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.options.file, line, 0, code, message, fix, severity))
        elif len(self.problems) == MOST_PROBLEMS:
            message, fix = say("More problems follow from here on."), say("Mend those above first.")
            self.problems.append(Problem(self.options.file, line, 0, "more-problems", message, fix))

    def report_too_many(self, line: int, most: int) -> None:
        """Say that the file is not read beyond a line, since it holds more questions than are read of one file."""
        message = say(
            "The file has more than %(count)s questions; those from here on were left out.", count=f"{most:,}"
        )
        self.report(line, "too-many", message, say("Split it into several files."))

    def add(self, line: int, values: Mapping[str, Any], carried: Carried | None = None, key: str = "") -> str | None:
        """Take a card, given as the schema takes it but without an id; gives its id, None where it was refused.

        ``carried`` is what came back from a block of ``carry``; it fills in what ``values`` lacks. ``key`` is the other
        system's own id of it. The id is the carried one, else made from the key, else from the prompt.
        """
        if len(self.cards) >= MOST_CARDS:
            if not self.is_full:
                self.report(
                    line,
                    "too-many",
                    say("The file has more than %(most_cards)s cards.", most_cards=f"{MOST_CARDS:,}"),
                    say("Split it into several."),
                )
            self.is_full = True
            return None
        wanted = carried.id if carried and is_slug(carried.id) else ""
        card_id = self._choose_id(wanted, key, values)
        if carried is None and (sides := _find_sides(values)):
            self._taken.add(card_id)
            self.cards.append(_make_plain(card_id, *sides))
            return card_id
        shared = carried.values if carried else {}
        card = self._check(line, {**values, **shared, "id": card_id}, values if shared else None)
        if card is None:
            return None
        self._taken.add(card_id)
        self.cards.append(card)
        return card_id

    def add_plain(self, prompt: str, answer: str) -> bool:
        """Take a card of two plain sides the short way; False where it has to go the long one, with the same outcome.

        Plain is what stands on one line without anything that could be a mark, as most of what is imported.
        """
        return is_unmarked(prompt) and is_unmarked(answer) and self.add_unmarked(prompt, answer)

    def add_unmarked(self, prompt: str, answer: str) -> bool:
        """Like ``add_plain``, of two sides that are known to be unmarked."""
        if len(prompt) + len(answer) > _LONGEST_PLAIN:
            return False
        card_id = make_slug(prompt)
        if card_id in self._taken or len(self.cards) >= MOST_CARDS:
            return False
        self._taken.add(card_id)
        self.cards.append(_make_plain(card_id, prompt.rstrip(), answer.rstrip()))
        return True

    def _choose_id(self, wanted: str, key: str, values: Mapping[str, Any]) -> str:
        base = wanted or make_slug(key or str(values.get("prompt") or values.get("text") or ""))
        if base not in self._taken:
            return base
        if self._repeated[:2] != (base, values):  # a file of one line over and over asks for its hash once
            answers = str([value for name, value in values.items() if name not in ("explanation", "tags")])
            self._repeated = base, dict(values), f"{base[: LONGEST_SLUG - 9].strip('-')}-{_hash(answers)}"
        base = self._repeated[2]
        number, card_id = self._numbers.get(base, 1), base
        while card_id in self._taken:
            number += 1
            card_id = f"{base[: LONGEST_SLUG - 8].strip('-')}-{number}"
        self._numbers[base] = number
        return card_id

    def _check(self, line: int, whole: dict[str, Any], without: Mapping[str, Any] | None) -> Card | None:
        """The card; where what was carried does not fit the schema (any more), the card without it."""
        try:
            return _CARD.validate_python(whole)
        except ValidationError as refusal:
            if without is not None:
                plain = self._check(line, {**without, "id": whole["id"]}, None)
                if plain is not None:
                    message = say(
                        "Of the card “%(name)s” only the question could be taken.",
                        name=shorten(str(whole.get("prompt", ""))),
                    )
                    fix = say(
                        "The lines that Quizapp had added to it were changed; correct them there, or add them here."
                    )
                    self.report(line, "carried-lines", message, fix, warning=True)
                return plain
            self._refused += 1
            self.is_full = self.is_full or self._refused > MOST_REFUSED
            if len(self.problems) <= MOST_PROBLEMS:
                self._explain(line, whole, refusal)
            return None

    def _explain(self, line: int, whole: dict[str, Any], refusal: ValidationError) -> None:
        tree: Any = {"cards": [whole]}
        file = self.options.file
        for told in explain_refusals(
            refusal, tree, Places(), file, say("the card"), lambda path: _list_keys(whole, path), ("cards", 0)
        )[:5]:
            self.report(line, told.code, told.message, told.fix)

    def finish(
        self,
        title: str = "",
        note: str = "",
        media: tuple[MediaFile, ...] = (),
        reviews: tuple[PastReview, ...] = (),
    ) -> Imported:
        """The deck of all that was taken, none where nothing was; ``title`` is what the file calls itself."""
        options = self.options
        if not self.cards:
            if not self.problems:
                self.report(
                    0, "empty-file", say("There is no question in the file."), say("Choose another file or format.")
                )
            return Imported((), tuple(self.problems), media, reviews, note)
        stem = options.file.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
        name = clean_line(options.title or title or str(self.head.get("title", "")) or stem) or "Imported"
        carried_id = str(self.head.get("id", ""))
        deck_id = options.deck_id or (carried_id if is_slug(carried_id) else make_slug(options.title or stem or name))
        said = {"language": options.language, "theme": options.theme, **self.head}
        return Imported((self._make_deck(deck_id, name, said),), tuple(self.problems), media, reviews, note)

    def _make_deck(self, deck_id: str, name: str, said: Mapping[str, object]) -> Deck:
        language, theme = str(said["language"]), clean_line(str(said["theme"])) or "imported"
        cited = dict.fromkeys(citation.source for card in self.cards for citation in card.citations)
        head: dict[str, Any] = {
            "format": 1,
            "id": deck_id if is_slug(deck_id) else make_slug(deck_id),
            "title": name,
            "language": language if re.fullmatch(LANGUAGE_PATTERN, language) and len(language) < 36 else "en",
            "theme": theme,
            "sources": tuple(cited)[:100],
            "cards": tuple(self.cards[:1]),
        }
        rest = {
            key: said[key] for key in ("description", "sources", "author", "license", "tags", "waive") if key in said
        }
        try:
            deck = Deck.model_validate({**head, **rest})
        except ValidationError:
            self.report(
                0, "carried-lines", say("Not all that the file says of the whole deck could be taken."), warning=True
            )
            deck = Deck.model_validate(head)
        # All cards were checked when they came, and counted: no need to do it again with them as a whole.
        return deck.model_copy(update={"cards": tuple(self.cards)})
