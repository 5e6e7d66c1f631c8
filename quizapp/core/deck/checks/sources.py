"""Whether a study edition is true to its original, and in words of its own."""

import re
from collections.abc import Iterable, Iterator, Sequence

from quizapp.core.deck.checks.rules import RULES
from quizapp.core.deck.checks.words import cut_ending, fold_case, get_primary, list_words
from quizapp.core.deck.schema import LONGEST_QUOTE_WORDS
from quizapp.core.markup import plain_text
from quizapp.core.messages import say
from quizapp.core.problem import Problem
from quizapp.core.source.document import Block, Source
from quizapp.core.source.original import OriginalText
from quizapp.core.source.quotes import fold_text

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_WORDS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_LETTERS = re.compile(r"[^\W\d_]+")
_MARKS = " \t\"'“”„‘’«»()[]*_"
_EDGES = ".,;:!?…*_`\"'()[]«»„‚–—-"
_SENTENCE_ENDS = ".!?:…"
# Languages that write every noun with a capital: there a capital tells no name.
_CAPITAL_NOUNS = ("de", "lb")


def _report(source: Source, place: tuple[int, int], code: str, message: str, fix: str) -> Problem:
    return Problem(source.file, *place, code, message, fix, RULES[code].severity)


def _split_words(text: str) -> list[str]:
    """Words as a quote's are counted, by spaces: “Jong-un” and “U.S.” are one each."""
    bare = (word.strip(_EDGES) for word in fold_text(text).casefold().split())
    return [word for word in bare if word]


def list_runs(texts: Iterable[str], length: int = LONGEST_QUOTE_WORDS + 1) -> set[tuple[str, ...]]:
    """All runs of so many words in the texts."""
    runs: set[tuple[str, ...]] = set()
    for text in texts:
        words = _split_words(text)
        runs.update(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
    return runs


def find_copied(text: str, runs: set[tuple[str, ...]], length: int = LONGEST_QUOTE_WORDS + 1) -> str | None:
    """The beginning of the first run of a text that is among the runs of an original."""
    words = _split_words(text) if text.count(" ") >= length - 1 else []
    for at in range(len(words) - length + 1):
        if tuple(words[at : at + length]) in runs:
            return " ".join(words[at : at + 4])
    return None


def _list_numbers(text: str) -> dict[str, str]:
    """The numbers of a text, separators aside, and how each is written."""
    return {re.sub("[.,]", "", number): number for number in _NUMBER.findall(text)}


def _find_lost_numbers(original: str, edition: str) -> list[str]:
    kept, words = _list_numbers(edition), set(list_words(edition))
    spelled = {str(number): word for number, word in enumerate(_NUMBER_WORDS)}
    return [
        written
        for number, written in _list_numbers(original).items()
        if number not in kept and spelled.get(number) not in words
    ]


def _list_capitals(text: str) -> Iterator[tuple[str, bool]]:
    """The words with a capital in a text, and whether a sentence begins there."""
    for match in _LETTERS.finditer(text):
        if match[0][0].isupper() and len(match[0]) > 1:
            before = text[max(0, match.start() - 4) : match.start()].rstrip(_MARKS)
            yield match[0], before == "" or before[-1] in _SENTENCE_ENDS


def _list_known_names(paragraphs: Sequence[str]) -> set[str]:
    """The words that have a capital within a sentence and are nowhere written without one."""
    within = {word for text in paragraphs for word, begins in _list_capitals(text) if not begins}
    small = {word for text in paragraphs for word in _LETTERS.findall(text) if word.islower()}
    return {word for word in within if word.lower() not in small}


def _find_lost_names(original: str, edition: str, known: set[str]) -> list[str]:
    text = fold_case(edition)
    names = dict.fromkeys(word for word, _ in _list_capitals(original) if word in known)
    return [name for name in names if cut_ending(name.casefold()) not in text]


def _compare_paragraph(source: Source, block: Block, original: str, known: set[str]) -> Iterator[Problem]:
    edition, place = plain_text(block.text), (block.line, 1)
    if lost := _find_lost_numbers(original, edition):
        message = say(
            "Paragraph %(number)s has lost the number %(join)s of the original.",
            number=block.number,
            join=", ".join(lost),
        )
        yield _report(source, place, "lost-number", message, say("Tell it again."))
    if get_primary(source.language) not in _CAPITAL_NOUNS and (gone := _find_lost_names(original, edition, known)):
        message = say(
            "Paragraph %(number)s has lost the name %(join)s of the original.",
            number=block.number,
            join=", ".join(gone),
        )
        yield _report(source, place, "lost-name", message, say("Tell who or what it is by name."))


def _compare(source: Source, original: OriginalText) -> Iterator[Problem]:
    if len(source.paragraphs) != len(original.paragraphs):
        message = say(
            "The study edition has %(count)s paragraphs and its original %(count_2)s, headings not counted.",
            count=len(source.paragraphs),
            count_2=len(original.paragraphs),
        )
        fix = say("Tell each paragraph in one of its own, so that citations fit both.")
        yield _report(source, (source.paragraphs[-1].line, 1), "paragraphs-differ", message, fix)
    known = _list_known_names(original.paragraphs)
    for block, text in zip(source.paragraphs, original.paragraphs, strict=False):
        yield from _compare_paragraph(source, block, text, known)
    runs = list_runs(original.paragraphs)
    for block in source.blocks:
        if copied := find_copied(plain_text(block.text), runs):
            message = say(
                "Over %(longest_quote_words)s words in a row are the original's, from “%(copied)s …” on.",
                longest_quote_words=LONGEST_QUOTE_WORDS,
                copied=copied,
            )
            yield _report(source, (block.line, 1), "copied-run", message, say("Tell it in words of your own."))


def check_source(source: Source, original: OriginalText | None = None) -> list[Problem]:
    """What is wrong with a source, and where its original is at hand, with how it retells that."""
    problems: list[Problem] = []
    if source.kind == "study-edition" and source.original is None:
        fix = say("Add `original` with `file` and `sha256`.")
        problems.append(
            _report(source, (1, 1), "no-original", say("The study edition does not name its original."), fix)
        )
    if original is None:
        return problems
    if source.original is not None and source.original.sha256 != original.sha256:
        message = say(
            "%(file)s is not the text that this source retells: its SHA-256 is %(sha256)s.",
            file=original.file,
            sha256=original.sha256,
        )
        fix = say("Find the right file; or, where the text has changed, compare it and put the new `sha256` here.")
        problems.append(_report(source, source.places.at("original", "sha256"), "original-differs", message, fix))
    if source.kind == "study-edition":
        problems += _compare(source, original)
    return problems


def find_repeated_sources(sources: Iterable[Source]) -> list[Problem]:
    """Sources whose id another one has already."""
    first: dict[str, Source] = {}
    problems = []
    for source in sources:
        other = first.setdefault(source.id, source)
        if other is not source:
            message = say("The id `%(id)s` is already that of %(file)s.", id=source.id, file=other.file)
            place = source.places.at("id")
            problems.append(
                _report(source, place, "duplicate-source-id", message, say("Give one of the two another id."))
            )
    return problems
