"""Questions in the JSON of other programs: lists of entries with a question and its answers, under names people use.

Known are two sides (front and back, question and answer, term and definition), options with the right one told by its
text, its letter, its number or a mark, and a right answer beside wrong ones (as the Open Trivia Database gives).
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from quizapp.core.deck.schema import CARD_TYPES
from quizapp.core.exchange.htmltext import escape_markdown
from quizapp.core.exchange.tables_columns import find_column
from quizapp.core.messages import say

_LISTS: Final = (
    "questions",
    "results",
    "items",
    "flashcards",
    "cards",
    "notes",
    "terms",
    "quiz",
    "data",
    "deck",
    "quizzes",
)
_OPTIONS: Final = frozenset(("options", "choices", "alternatives", "possible answers", "answer options", "answers"))
_TEXTS: Final = ("text", "answer", "option", "label", "content", "value", "title", "name")
_MARKS: Final = frozenset(("correct", "is correct", "right", "is right", "is answer"))
_NUMBERS: Final = frozenset(("correct index", "answer index", "correct answer index", "correct option index"))
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LETTER = re.compile(r"\(?([a-zA-Z])[).]?")
_DEEPEST = 6
_MOST_OPTIONS = 26
MOST_ENTRIES: Final = 25_000

Entry = Mapping[str, Any]


def _tidy(name: str) -> str:
    """``correctAnswer`` and ``correct_answer`` as people would write it."""
    return " ".join(_HUMP.sub(" ", name[:60]).replace("_", " ").replace("-", " ").casefold().split())


def _is_question(value: object) -> bool:
    return isinstance(value, dict) and any(find_column(_tidy(name)) == "prompt" for name in value)


def is_own(entry: Entry) -> bool:
    """Whether an entry has the keys of a card of ours."""
    return entry.get("type") in CARD_TYPES and ("prompt" in entry or "text" in entry)


def find_entries(value: Any, depth: int = 0) -> list[Any]:
    """The list of questions in what a file holds; empty where there is none, or where the cards are our own."""
    if isinstance(value, list):
        entries = [entry for entry in value if isinstance(entry, dict)]
        if any(map(_is_question, entries)) and not any(map(is_own, entries)):
            return value
    if depth >= _DEEPEST or not isinstance(value, dict):
        return []
    names = {_tidy(name): inner for name, inner in value.items()}
    found = (find_entries(names[name], depth + 1) for name in _LISTS if name in names)
    return next(filter(None, found), [])


def _plain(value: object) -> str:
    """A value as plain text; blank where it is a list or mapping. Some programs write signs as HTML does."""
    text = value if isinstance(value, str) else ""
    return (html.unescape(text) if "&" in text else text).strip()


def _line(text: str) -> str:
    return escape_markdown(" ".join(text.split()))


def _read_option(value: object) -> tuple[str, bool]:
    """The text of an option, and whether it is marked as right."""
    if not isinstance(value, dict):
        return _plain(value), False
    names = {_tidy(name): inner for name, inner in value.items()}
    text = next((_plain(names[name]) for name in _TEXTS if name in names), "")
    return text, any(names.get(name) in ("true", "1") for name in _MARKS)


def _list_options(names: Entry) -> list[tuple[str, bool]]:
    given = next((inner for name, inner in names.items() if name in _OPTIONS and isinstance(inner, list | dict)), [])
    values: Iterable[object] = given.values() if isinstance(given, dict) else given
    return [option for option in map(_read_option, list(values)[: _MOST_OPTIONS + 1]) if option[0]]


def _list_texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in map(_plain, values[:_MOST_OPTIONS]) if text]


def _find_said(names: Entry) -> list[str]:
    """What an entry calls right, as it stands there."""
    for column in ("correct", "answer"):
        for name, inner in names.items():
            is_meant = find_column(name) == column or (column == "correct" and name in _NUMBERS)
            is_list = isinstance(inner, list) and name in _OPTIONS
            if is_meant and not is_list and (texts := _list_texts(inner)):
                return texts
    return []


def list_numbers(entries: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """For each right option that is told by a number: the number, and how many options there are."""
    for entry in entries:
        names = {_tidy(name): inner for name, inner in entry.items()} if isinstance(entry, dict) else {}
        texts = [text for text, _ in _list_options(names)]
        said = _find_said(names) if texts else []
        yield from ((int(one), len(texts)) for one in said if one not in texts and one.isdecimal() and len(one) < 4)


def choose_first(numbers: Sequence[tuple[int, int]]) -> int:
    """From where a file counts options: from 1 where a number would else be too high and none is 0, else from 0."""
    is_from_one = any(number == count for number, count in numbers) and all(number for number, _ in numbers)
    return 1 if is_from_one else 0


def _find_place(said: str, texts: Sequence[str], first: int) -> int:
    """Which option is meant: by its text, its number or its letter; -1 where none is."""
    folded = [text.casefold() for text in texts]
    if said.casefold() in folded:
        return folded.index(said.casefold())
    letter = _LETTER.fullmatch(said)
    place = int(said) - first if said.isdecimal() and len(said) < 4 else ord(letter[1].lower()) - 97 if letter else -1
    return place if 0 <= place < len(texts) else -1


def _make_choice(options: Sequence[tuple[str, bool]], said: Sequence[str], first: int) -> dict[str, Any] | str:
    texts = [text for text, _ in options]
    right = {place for place, (_, is_right) in enumerate(options) if is_right}
    right |= set() if right else {_find_place(one, texts, first) for one in said}
    if not right or -1 in right:
        told = " ".join(", ".join(said).split())[:60]
        return say("none of the options is “%(said)s”, which it calls right", said=told)
    answers = [_line(text) for place, text in enumerate(texts) if place in right]
    wrong = [_line(text) for place, text in enumerate(texts) if place not in right]
    if not wrong:
        return say("all its options are right, so there is nothing to choose")
    if len(answers) == 1:
        return {"type": "choice", "answer": answers[0], "wrong": wrong}
    return {"type": "multiple", "answers": answers, "wrong": wrong}


def _make(names: Entry, first: int) -> dict[str, Any] | str:
    options, said = _list_options(names), _find_said(names)
    if len(options) > _MOST_OPTIONS:
        return say("it is too long")
    if options and (said or any(is_right for _, is_right in options)):
        return _make_choice(options, said, first)
    if not said:
        return say("it has no answer")
    wrong = [text for name, inner in names.items() if find_column(name) == "wrong" for text in _list_texts(inner)]
    if {text.casefold() for text in (*said, *wrong)} <= {"true", "false"} and len(said) == 1:
        return {"type": "truefalse", "answer": said[0].casefold()}
    if wrong:
        return {"type": "choice", "answer": _line(said[0]), "wrong": [_line(text) for text in wrong]}
    return {"type": "flashcard", "answer": "\n\n".join(map(escape_markdown, said))}


def read_entry(entry: object, first: int) -> tuple[dict[str, Any], str] | str:
    """The values of a card and the entry's own id; or a sentence why there is none."""
    if not isinstance(entry, dict):
        return say("it is no question with an answer")
    names = {_tidy(name): inner for name, inner in entry.items()}
    columns = {find_column(name): _plain(inner) for name, inner in reversed(list(names.items())) if _plain(inner)}
    if not columns.get("prompt"):
        return say("it has no question")
    made = _make(names, first)
    if isinstance(made, str):
        return made
    made["prompt"] = escape_markdown(columns["prompt"])
    made |= {name: escape_markdown(columns[name]) for name in ("explanation", "hint", "note") if columns.get(name)}
    tags = [tag for name, inner in names.items() if find_column(name) == "tags" for tag in _list_texts(inner)]
    if tags := list(dict.fromkeys(" ".join(tag.split()) for tag in tags)):
        made["tags"] = tags
    if (level := columns.get("difficulty", "").casefold()) in ("easy", "medium", "hard"):
        made["difficulty"] = level
    return made, columns.get("id", "")
