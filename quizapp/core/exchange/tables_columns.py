"""What the columns of a table mean: found from the names in its first row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from quizapp.core.messages import say

OWN_COLUMNS: Final = (
    *("id", "type", "prompt", "text", "answer", "wrong", "accept", "match", "tolerance", "explanation", "note"),
    *("hint", "tags", "difficulty", "citations", "kept"),
)
"""The columns that Quizapp writes itself; their cells are Markdown, lists have an entry a line."""

# How other programs and people call them.
_NAMES: Final[Mapping[str, Sequence[str]]] = {
    "prompt": (
        *("prompt", "question", "questions", "question text", "front", "term", "word", "stem", "item", "problem"),
        *("frage", "fragetext", "begriff", "wort", "vorderseite", "terme", "mot", "recto", "pregunta", "término"),
        *("palabra", "domanda", "pergunta", "vraag", "pytanie", "вопрос", "термин", "السؤال", "سؤال", "问题", "質問"),
    ),
    "answer": (
        *("answer", "answers", "back", "definition", "meaning", "translation", "right answer", "solution"),
        *("antwort", "lösung", "bedeutung", "übersetzung", "rückseite", "réponse", "définition", "verso", "respuesta"),
        *("definición", "risposta", "resposta", "antwoord", "odpowiedź", "ответ", "определение", "الإجابة", "الجواب"),
        *("جواب", "答案", "答え"),
    ),
    "correct": (
        *("correct", "correct answer", "correct answers", "correct option", "correct answer(s)", "key"),
        *("richtig", "richtige antwort", "bonne réponse", "correcta", "respuesta correcta", "risposta corretta"),
        *("resposta correta", "правильный ответ", "الإجابة الصحيحة"),
    ),
    "wrong": ("wrong", "wrong answers", "distractors", "incorrect answers", "falsch", "falsche antworten"),
    "explanation": (
        *("explanation", "feedback", "general feedback", "rationale", "answer explanation", "extra"),
        *("erklärung", "erläuterung", "explication", "explicación", "spiegazione", "explicação", "объяснение", "الشرح"),
    ),
    "hint": ("hint", "hints", "hinweis", "tipp", "indice", "pista", "подсказка", "تلميح"),
    "note": ("note", "notes", "comment", "comments", "notiz", "kommentar", "remarque", "nota", "comentario"),
    "tags": ("tags", "tag", "category", "topic", "labels", "kategorie", "thema", "catégorie", "categoría"),
    "difficulty": ("difficulty", "level"),
    "type": ("type", "question type", "typ", "fragetyp"),
    "id": ("id", "guid", "card id", "question id"),
    "time": ("time", "time limit", "time in seconds", "time limit (sec)", "points"),
}
_KNOWN = {name: column for column, names in _NAMES.items() for name in names}
_OPTION = re.compile(
    r"[a-h]|(?:option|answer|choice|alternative|answer option|antwort|réponse|respuesta|risposta|resposta|ответ|a|o)"
    r"[ _-]*(?:[1-9][0-9]?|[a-h])"
    r"(?: - max [0-9]+ characters)?"
)
_WRONG_OPTION = re.compile(r"(?:wrong|wrong answer|incorrect|incorrect answer|distractor)[ _-]*(?:[1-9][0-9]?|[a-h])?")
_MOST_OPTIONS = 100


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands, counted from 0. ``options`` hold one option each, ``wrongs`` one wrong option each.

    ``is_own`` says that the table has the columns of Quizapp itself. ``unused`` are the names of the others.
    """

    places: Mapping[str, int]
    options: tuple[int, ...] = ()
    wrongs: tuple[int, ...] = ()
    is_own: bool = False
    unused: tuple[str, ...] = field(default=())
    names: tuple[str, ...] = field(default=())


# What templates add to a name: “- max 120 characters”, “(Optional)”.
_ADDED = re.compile(r"\s*(?:[-–—] (?:max|choose) .*|\((?!s\)).*)$")


def _tidy(name: str) -> str:
    tidied = " ".join(name[:100].replace("_", " ").casefold().strip("*: \ufeff").split())
    return tidied if tidied in _KNOWN else _ADDED.sub("", tidied)


def find_column(name: str) -> str:
    """What a name in small letters means, of the columns known here; blank where it is none of them."""
    return _KNOWN.get(name, "")


def _find_columns(header: Sequence[str]) -> Columns:
    places: dict[str, int] = {}
    options: list[int] = []
    wrongs: list[int] = []
    unused: list[str] = []
    for place, name in enumerate(map(_tidy, header)):
        if name in _KNOWN and _KNOWN[name] not in places:
            places[_KNOWN[name]] = place
        elif _WRONG_OPTION.fullmatch(name) and len(wrongs) < _MOST_OPTIONS:
            wrongs.append(place)
        elif _OPTION.fullmatch(name) and len(options) < _MOST_OPTIONS:
            options.append(place)
        elif name:
            unused.append(header[place].strip()[:40])
    return Columns(places, tuple(options), tuple(wrongs), unused=tuple(unused), names=tuple(header))


def read_header(header: Sequence[str]) -> Columns | None:
    """The columns that a first row names; None where it is a row of questions already."""
    names = [_tidy(name) for name in header]
    if {"type", "prompt"} <= set(names) and set(names) <= set(OWN_COLUMNS):
        return Columns({name: place for place, name in enumerate(names)}, is_own=True, names=tuple(header))
    columns = _find_columns(header)
    has_answer = {"answer", "correct"} & set(columns.places) or columns.options
    return columns if "prompt" in columns.places and has_answer else None


def assume_columns(width: int) -> Columns:
    """The columns of a table without names: question, answer and, third, an explanation."""
    names = ("prompt", "answer", "explanation")[:width]
    unused = tuple(say("column %(number)s", number=number) for number in range(4, min(width, 12) + 1))
    return Columns({name: place for place, name in enumerate(names)}, unused=unused, names=())
