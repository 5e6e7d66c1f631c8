"""What pydantic refuses, in a teacher's words: which key of which card, what is wrong, what would be right."""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from quizapp.core.deck.layout import ODD_SPACES, name_odd_space
from quizapp.core.deck.places import Places
from quizapp.core.deck.refusal_words import (
    EXAMPLES,
    SHAPES,
    begin,
    find_meant,
    join_and,
    join_or,
    name_shape,
    suggest_slug,
)
from quizapp.core.deck.schema import CARD_MODELS, CARD_TYPES, LANGUAGE_PATTERN, SLUG_PATTERN
from quizapp.core.deck.text import shorten
from quizapp.core.deck.tree import Tree
from quizapp.core.messages import say
from quizapp.core.problem import Problem

Path = tuple[str | int, ...]
Words = tuple[str, str, str]  # code, message, fix

_LONGEST_KEY = 80


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
        message = say(
            "Beside the key `%(key)s` stands %(space)s (often pasted from Word or a web page).",
            key=key,
            space=name_odd_space(odd[0]),
        )
        return "unknown-key", message, say("Type ordinary spaces.")
    return (
        "unknown-key",
        say("The key `%(variant)s` is not known in these letters.", variant=shorten(variant)),
        say("Write it small: `%(key)s`.", key=key),
    )


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
        return (
            "wrong-value",
            say("%(name)s is not right: %(msg)s.", name=self._name(path), msg=error["msg"]),
            say("See docs/writing-decks.md."),
        )

    def _name_owner(self, path: Path) -> str:
        """The card, or the part of one, that a path stands in."""
        if len(path) < 2 or path[0] != "cards":
            return self.whole
        identifier = look_up(self.value, (*path[:2], "id"))
        known = isinstance(identifier, str) and identifier
        name = (
            say("the card `%(identifier)s`", identifier=shorten(str(identifier)))
            if known
            else say("card number %(number)s", number=int(path[1]) + 1)
        )
        if len(path) <= 3:
            return name
        number = int(path[3]) + 1
        if path[2] == "citations":
            return say("citation %(number)s of %(whole)s", number=number, whole=name)
        return say("entry %(number)s of `%(key)s` of %(whole)s", number=number, key=path[2], whole=name)

    def _name(self, path: Path) -> str:
        path = path[:-1] if path[-1:] == ("[key]",) else path
        if not path or isinstance(path[-1], int):
            return begin(self._name_owner(path))
        return say("`%(path)s` of %(owner)s", path=shorten(path[-1]), owner=self._name_owner(path[:-1]))

    def _explain_missing(self, error: ErrorDetails, path: Path) -> Words:
        if isinstance(path[-1], int):
            return (
                "wrong-shape",
                say("%(name)s has one side only.", name=self._name(path[:-1])),
                say("Write a pair as [left, right]."),
            )
        key = str(path[-1])
        owner = self._name_owner(path[:-1])
        example = "text: Rome" if "wrong" in path[:-1] else EXAMPLES[key]
        if look_up(self.value, path) == "":
            return (
                "missing-key",
                say("`%(key)s` of %(owner)s has nothing behind it.", key=key, owner=owner),
                say("Write it, for example `%(example)s`.", example=example),
            )
        message = say("%(owner)s has no `%(key)s`.", owner=begin(owner), key=key)
        fix = say("Add it, for example `%(example)s`.", example=example)
        if key == "sha256":
            fix = say("%(fix)s `sha256sum FILE` prints that of your file.", fix=fix)
        return "missing-key", message, fix

    def _explain_unknown(self, error: ErrorDetails, path: Path) -> Words:
        key = str(path[-1])
        allowed = self.list_keys(path[:-1])
        meant = _read_plain(key)
        if meant in allowed and find_variant(look_up(self.value, path[:-1]), meant) == key:
            return explain_variant(key, meant)
        message = say(
            "%(owner)s has the unknown key `%(key)s`.", owner=begin(self._name_owner(path[:-1])), key=shorten(key)
        )
        if key == "<<":
            fix = say("Write the keys and values themselves: `<<` of YAML, which merges others in, is not used here.")
            return "unknown-key", message, fix
        if likely := find_meant(key, allowed):
            return "unknown-key", message, say("Did you mean `%(likely)s`?", likely=likely)
        users = [name for name, model in CARD_MODELS.items() if key in model.model_fields] if path[0] == "cards" else []
        if users:
            return "unknown-key", message, say("It belongs to cards of the type %(types)s.", types=join_or(users))
        return "unknown-key", message, say("Delete it; the keys here are %(keys)s.", keys=join_and(allowed))

    def _explain_type(self, error: ErrorDetails, path: Path) -> Words:
        owner = begin(self._name_owner(path))
        card = look_up(self.value, path)
        given = look_up(card, (find_variant(card, "type") or "type",))
        types = join_or(CARD_TYPES)
        if given is None or given == "":
            return (
                "missing-key",
                say("%(owner)s has no `type`.", owner=owner),
                say("Add `type:` with %(types)s.", types=types),
            )
        if not isinstance(given, str):
            return (
                "wrong-shape",
                say("The type of %(owner)s is %(name_shape)s.", owner=owner, name_shape=name_shape(given)),
                say("Write %(types)s.", types=types),
            )
        likely = get_close_matches(given[:80].lower(), CARD_TYPES, 1)
        fix = say("Did you mean `%(likely)s`?", likely=likely[0]) if likely else say("Write %(types)s.", types=types)
        return (
            "unknown-type",
            say("%(owner)s has the unknown type `%(given)s`.", owner=owner, given=shorten(given)),
            fix,
        )

    def _explain_shape(self, error: ErrorDetails, path: Path) -> Words:
        wanted, found = SHAPES[error["type"]], name_shape(error["input"])
        fix = say("Write %(wanted)s.", wanted=wanted)
        if wanted == "a list":
            fix = say("Write a list: [one, two], or one entry a line, each with a dash.")
        elif wanted == "a text" and found != "a text":
            fix = say("If it is a text with brackets, braces or a colon in it, put it in quotation marks.")
        return (
            "wrong-shape",
            say("%(name)s must be %(wanted)s, and is %(found)s.", name=self._name(path), wanted=wanted, found=found),
            fix,
        )

    def _explain_choice_of_words(self, error: ErrorDetails, path: Path) -> Words:
        if not isinstance(given := error["input"], str | int):
            return self._explain_shape(error, path)
        expected = str(error["ctx"]["expected"]).replace("'", "`")
        words = re.findall("`([^`]+)`", expected)
        likely = get_close_matches(str(given)[:80].lower(), words, 1)
        expected = join_or(words) if words else expected
        fix = (
            say("Did you mean `%(likely)s`?", likely=likely[0])
            if likely
            else say("Write %(expected)s.", expected=expected)
        )
        return (
            "wrong-value",
            say("%(name)s cannot be `%(given)s`.", name=self._name(path), given=shorten(str(given))),
            fix,
        )

    def _explain_number(self, error: ErrorDetails, path: Path) -> Words:
        name, given = self._name(path), shorten(str(error["input"]))
        if error["type"] == "greater_than_equal":
            return (
                "wrong-value",
                say("%(name)s is %(given)s.", name=name, given=given),
                say("Write %(ge)s or more.", ge=error["ctx"]["ge"]),
            )
        if error["type"] == "less_than_equal":
            return (
                "wrong-value",
                say("%(name)s is %(given)s.", name=name, given=given),
                say("Write %(le)s or less.", le=error["ctx"]["le"]),
            )
        if error["type"] == "finite_number":
            message = say("%(name)s is `%(given)s`, and must be a finite number.", name=name, given=given)
            return "wrong-value", message, say("Write digits, for example 4.")
        return (
            "wrong-value",
            say("%(name)s is `%(given)s`, which is not such a number.", name=name, given=given),
            say("Write digits, for example 4."),
        )

    def _explain_count(self, error: ErrorDetails, path: Path) -> Words:
        if error["type"] == "too_short":
            least = error["ctx"]["min_length"]
            return (
                "too-few",
                say("%(name)s has %(count)s entries.", name=self._name(path), count=len(error["input"])),
                say("Write at least %(least)s.", least=least),
            )
        most = error["ctx"]["max_length"]
        return (
            "too-many",
            say("%(name)s has %(count)s entries.", name=self._name(path), count=len(error["input"])),
            say("At most %(most)s are allowed.", most=most),
        )

    def _explain_length(self, error: ErrorDetails, path: Path) -> Words:
        if error["type"] == "string_too_short":
            return "empty-text", say("%(name)s is empty.", name=self._name(path)), say("Write a text, or delete it.")
        most = error["ctx"]["max_length"]
        message = say("%(name)s has %(count)s characters.", name=self._name(path), count=len(error["input"]))
        return "too-long", message, say("At most %(most)s are allowed: shorten it.", most=most)

    def _explain_pattern(self, error: ErrorDetails, path: Path) -> Words:
        pattern, given = error["ctx"]["pattern"], str(error["input"])
        if pattern == SLUG_PATTERN:
            slug = suggest_slug(given)
            fix = say("Use small letters a to z, digits, and single hyphens between them.")
            if slug:
                fix = say("Use small letters a to z, digits, and single hyphens between them: `%(slug)s`.", slug=slug)
            return "bad-id", say("%(name)s is `%(given)s`.", name=self._name(path), given=shorten(given)), fix
        if pattern == LANGUAGE_PATTERN:
            message = say(
                "%(name)s is `%(given)s`, which is no language tag.", name=self._name(path), given=shorten(given)
            )
            return "wrong-value", message, say("Write a tag of BCP 47 such as `en`, `de` or `pt-BR`.")
        if re.search(r"[\r\n]", given.strip()):
            return (
                "several-lines",
                say("%(name)s has several lines.", name=self._name(path)),
                say("Write it in one line."),
            )
        message = say("%(name)s holds a character that cannot be seen.", name=self._name(path))
        return "hidden-character", message, say("Delete it: it can change how the text reads.")

    _EXPLAINERS: Mapping[tuple[str, ...], Callable[["_Explainer", ErrorDetails, Path], Words]] = {
        ("missing",): _explain_missing,
        ("extra_forbidden",): _explain_unknown,
        ("union_tag_invalid", "union_tag_not_found"): _explain_type,
        ("literal_error",): _explain_choice_of_words,
        tuple(SHAPES): _explain_shape,
        ("too_short", "too_long"): _explain_count,
        ("string_too_short", "string_too_long"): _explain_length,
        ("string_pattern_mismatch",): _explain_pattern,
        (
            "int_parsing",
            "int_parsing_size",
            "int_from_float",
            "decimal_parsing",
            "finite_number",
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
