"""What pydantic refuses, in a teacher's words: which key of which card, what is wrong, what would be right."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from quizapp.core.deck.layout import ODD_SPACES, name_odd_space
from quizapp.core.deck.places import Places
from quizapp.core.deck.schema import CARD_MODELS, CARD_TYPES, LANGUAGE_PATTERN, SLUG_PATTERN
from quizapp.core.deck.text import shorten
from quizapp.core.deck.tree import Tree
from quizapp.core.problem import Problem

Path = tuple[str | int, ...]
Words = tuple[str, str, str]  # code, message, fix

_LONGEST_KEY = 80
_LONGEST_ID = 1000  # characters that an id is suggested from
# Latin letters that are not another one with a mark, in the spelling of those who lack them; ß casefolds to ss.
_SPELLED = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"})

_EXAMPLES = {
    "format": "format: 1",
    "id": "id: fall-of-the-wall",
    "title": "title: Dates and periods",
    "language": "language: en",
    "theme": "theme: dates",
    "cards": 'cards: [{id: fall, type: short, prompt: When did the Wall fall?, answer: "1989"}]',
    "type": "type: choice",
    "prompt": "prompt: In which year did the Wall fall?",
    "answer": 'answer: "1989"',
    "answers": "answers: [Paris, Lyon]",
    "wrong": "wrong: [Rome, Madrid]",
    "text": 'text: "The Wall fell in {{1989}}."',
    "items": "items: [first, second, third]",
    "pairs": "pairs: [[France, Paris], [Italy, Rome]]",
    "source": "source: my-article",
    "paragraph": "paragraph: 4",
    "quote": "quote: a few words of the source",
    "kind": "kind: article",
    "file": "file: my-article.txt",
    "sha256": f"sha256: {hashlib.sha256().hexdigest()}",
}
# What pydantic wanted -> its name.
_SHAPES = {
    "string_type": "a text",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys and values",
    "model_type": "a mapping of keys and values",
    "model_attributes_type": "a mapping of keys and values",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "decimal_type": "a number",
    "literal_error": "a word",
}


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _join(words: Sequence[str], last: str) -> str:
    quoted = [f"`{word}`" for word in words]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)


def _name_shape(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping of keys and values"
    return "a list" if isinstance(value, list) else "a text"


def _suggest_slug(text: str) -> str:
    spelled = text[:_LONGEST_ID].casefold().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", plain))[:80].strip("-")


def look_up(value: Tree | None, path: Path) -> Tree | None:
    """What stands at a path; None where it leads nowhere."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _read_plain(key: str) -> str:
    """A key as it would be written, letter case and odd spaces aside."""
    return key[:_LONGEST_KEY].strip().lower()


def find_variant(owner: Tree | None, key: str) -> str | None:
    """The key of a mapping that is most likely meant for a missing one: in other letters, or beside odd spaces."""
    if not isinstance(owner, dict) or key in owner:
        return None
    return next((other for other in owner if _read_plain(other) == key), None)


def explain_variant(variant: str, key: str) -> Words:
    """What to say of such a key."""
    if odd := [character for character in variant if character in ODD_SPACES]:
        message = f"Beside the key `{key}` stands {name_odd_space(odd[0])} (often pasted from Word or a web page)."
        return "unknown-key", message, "Type ordinary spaces."
    return "unknown-key", f"The key `{shorten(variant)}` is not known in these letters.", f"Write it small: `{key}`."


class _Explainer:
    """Puts the errors of one file into words."""

    def __init__(self, value: Tree, whole: str, list_keys: Callable[[Path], Sequence[str]]) -> None:
        self.value = value
        self.whole = whole
        self.list_keys = list_keys

    def explain(self, error: ErrorDetails, path: Path) -> Words:
        kind = error["type"]
        if "fix" in error.get("ctx", {}):
            return kind, error["ctx"]["message"], error["ctx"]["fix"]
        for kinds, explain in self._EXPLAINERS.items():
            if kind in kinds:
                return explain(self, error, path)
        return "wrong-value", f"{self._name(path)} is not right: {error['msg']}.", "See docs/writing-decks.md."

    def _name_owner(self, path: Path) -> str:
        """The card, or the part of one, that a path stands in."""
        if len(path) < 2 or path[0] != "cards":
            return self.whole
        identifier = look_up(self.value, (*path[:2], "id"))
        known = isinstance(identifier, str) and identifier
        name = f"the card `{shorten(str(identifier))}`" if known else f"card number {int(path[1]) + 1}"
        if len(path) > 3:
            part = "citation {} of {}" if path[2] == "citations" else f"entry {{}} of `{path[2]}` of {{}}"
            return part.format(int(path[3]) + 1, name)
        return name

    def _name(self, path: Path) -> str:
        path = path[:-1] if path[-1:] == ("[key]",) else path
        if not path or isinstance(path[-1], int):
            return _capitalise(self._name_owner(path))
        return f"`{shorten(path[-1])}` of {self._name_owner(path[:-1])}"

    def _explain_missing(self, error: ErrorDetails, path: Path) -> Words:
        if isinstance(path[-1], int):
            return "wrong-shape", f"{self._name(path[:-1])} has one side only.", "Write a pair as [left, right]."
        key = str(path[-1])
        owner = self._name_owner(path[:-1])
        example = "text: Rome" if "wrong" in path[:-1] else _EXAMPLES[key]
        if look_up(self.value, path) == "":
            return (
                "missing-key",
                f"`{key}` of {owner} has nothing behind it.",
                f"Write it, for example `{example}`.",
            )
        source = " `sha256sum FILE` prints that of your file." if key == "sha256" else ""
        return "missing-key", f"{_capitalise(owner)} has no `{key}`.", f"Add it, for example `{example}`.{source}"

    def _explain_unknown(self, error: ErrorDetails, path: Path) -> Words:
        key = str(path[-1])
        allowed = self.list_keys(path[:-1])
        meant = _read_plain(key)
        if meant in allowed and find_variant(look_up(self.value, path[:-1]), meant) == key:
            return explain_variant(key, meant)
        message = f"{_capitalise(self._name_owner(path[:-1]))} has the unknown key `{shorten(key)}`."
        if likely := get_close_matches(key[:80], allowed, 1):
            return "unknown-key", message, f"Did you mean `{likely[0]}`?"
        users = [name for name, model in CARD_MODELS.items() if key in model.model_fields] if path[0] == "cards" else []
        if users:
            return "unknown-key", message, f"It belongs to cards of the type {_join(users, 'or')}."
        return "unknown-key", message, f"Delete it; the keys here are {_join(allowed, 'and')}."

    def _explain_type(self, error: ErrorDetails, path: Path) -> Words:
        owner = _capitalise(self._name_owner(path))
        card = look_up(self.value, path)
        given = look_up(card, (find_variant(card, "type") or "type",))
        types = _join(CARD_TYPES, "or")
        if given is None or given == "":
            return "missing-key", f"{owner} has no `type`.", f"Add `type:` with {types}."
        if not isinstance(given, str):
            return "wrong-shape", f"The type of {owner} is {_name_shape(given)}.", f"Write {types}."
        likely = get_close_matches(given[:80].lower(), CARD_TYPES, 1)
        fix = f"Did you mean `{likely[0]}`?" if likely else f"Write {types}."
        return "unknown-type", f"{owner} has the unknown type `{shorten(given)}`.", fix

    def _explain_shape(self, error: ErrorDetails, path: Path) -> Words:
        wanted, found = _SHAPES[error["type"]], _name_shape(error["input"])
        fix = f"Write {wanted}."
        if wanted == "a list":
            fix = "Write a list: [one, two], or one entry a line, each with a dash."
        elif wanted == "a text" and found != "a text":
            fix = "If it is a text with brackets, braces or a colon in it, put it in quotation marks."
        return "wrong-shape", f"{self._name(path)} must be {wanted}, and is {found}.", fix

    def _explain_choice_of_words(self, error: ErrorDetails, path: Path) -> Words:
        if not isinstance(given := error["input"], str | int):
            return self._explain_shape(error, path)
        expected = str(error["ctx"]["expected"]).replace("'", "`")
        likely = get_close_matches(str(given)[:80].lower(), re.findall("`([^`]+)`", expected), 1)
        fix = f"Did you mean `{likely[0]}`?" if likely else f"Write {expected}."
        return "wrong-value", f"{self._name(path)} cannot be `{shorten(str(given))}`.", fix

    def _explain_number(self, error: ErrorDetails, path: Path) -> Words:
        name, given = self._name(path), shorten(str(error["input"]))
        if error["type"] == "greater_than_equal":
            return "wrong-value", f"{name} is {given}.", f"Write {error['ctx']['ge']} or more."
        if error["type"] == "less_than_equal":
            return "wrong-value", f"{name} is {given}.", f"Write {error['ctx']['le']} or less."
        return "wrong-value", f"{name} is `{given}`, which is not such a number.", "Write digits, for example 4."

    def _explain_count(self, error: ErrorDetails, path: Path) -> Words:
        if error["type"] == "too_short":
            least = error["ctx"]["min_length"]
            return "too-few", f"{self._name(path)} has {len(error['input'])} entries.", f"Write at least {least}."
        most = error["ctx"]["max_length"]
        return "too-many", f"{self._name(path)} has {len(error['input'])} entries.", f"At most {most} are allowed."

    def _explain_length(self, error: ErrorDetails, path: Path) -> Words:
        if error["type"] == "string_too_short":
            return "empty-text", f"{self._name(path)} is empty.", "Write a text, or delete it."
        most = error["ctx"]["max_length"]
        message = f"{self._name(path)} has {len(error['input'])} characters."
        return "too-long", message, f"At most {most} are allowed: shorten it."

    def _explain_pattern(self, error: ErrorDetails, path: Path) -> Words:
        pattern, given = error["ctx"]["pattern"], str(error["input"])
        if pattern == SLUG_PATTERN:
            slug = _suggest_slug(given)
            fix = "Use small letters a to z, digits, and single hyphens between them"
            return "bad-id", f"{self._name(path)} is `{shorten(given)}`.", f"{fix}: `{slug}`." if slug else f"{fix}."
        if pattern == LANGUAGE_PATTERN:
            message = f"{self._name(path)} is `{shorten(given)}`, which is no language tag."
            return "wrong-value", message, "Write a tag of BCP 47 such as `en`, `de` or `pt-BR`."
        if re.search(r"[\r\n]", given.strip()):
            return "several-lines", f"{self._name(path)} has several lines.", "Write it in one line."
        message = f"{self._name(path)} holds a character that cannot be seen."
        return "hidden-character", message, "Delete it: it can change how the text reads."

    _EXPLAINERS: Mapping[tuple[str, ...], Callable[["_Explainer", ErrorDetails, Path], Words]] = {
        ("missing",): _explain_missing,
        ("extra_forbidden",): _explain_unknown,
        ("union_tag_invalid", "union_tag_not_found"): _explain_type,
        ("literal_error",): _explain_choice_of_words,
        tuple(_SHAPES): _explain_shape,
        ("too_short", "too_long"): _explain_count,
        ("string_too_short", "string_too_long"): _explain_length,
        ("string_pattern_mismatch",): _explain_pattern,
        (
            "int_parsing",
            "int_parsing_size",
            "int_from_float",
            "decimal_parsing",
            "greater_than_equal",
            "less_than_equal",
        ): _explain_number,
    }


def _find_path(error: ErrorDetails, base: Path) -> Path:
    """The error's path in the file: pydantic puts the type of a card before the keys in it."""
    location = error["loc"]
    part = error.get("ctx", {}).get("path", ())
    return (*base, *(location[1:] if base and location[:1] and location[0] in CARD_TYPES else location), *part)


def _is_echo(error: ErrorDetails) -> bool:
    """Entries with errors do not count as entries, so a list of them is told to be too short as well."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def _has_variant(error: ErrorDetails, value: Tree, path: Path) -> bool:
    """Whether a missing key stands there in other letters: then it is told of that one, and not that it is missing."""
    return error["type"] == "missing" and find_variant(look_up(value, path[:-1]), str(path[-1])) is not None


def _find_place(error: ErrorDetails, path: Path, places: Places) -> tuple[int, int]:
    if path[-1:] == ("[key]",):
        return places.key_at(*path[:-1])
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return places.at(*path, "type")
    return places.key_at(*path) if error["type"] == "extra_forbidden" else places.at(*path)


def explain_refusals(
    refusal: ValidationError,
    value: Tree,
    places: Places,
    file: str,
    whole: str,
    list_keys: Callable[[Path], Sequence[str]],
    base: Path = (),
) -> list[Problem]:
    """Problems for all that pydantic refused in ``value``.

    ``whole`` names the outermost value ("the deck"); ``list_keys`` gives the keys allowed in the mapping at a path;
    ``base`` is the path of what pydantic was given, where that is a card of ``value``.
    """
    explainer = _Explainer(value, whole, list_keys)
    problems = []
    for error in refusal.errors(include_url=False):
        path = _find_path(error, base)
        if not _is_echo(error) and not _has_variant(error, value, path):
            problems.append(Problem(file, *_find_place(error, path, places), *explainer.explain(error, path)))
    return problems
