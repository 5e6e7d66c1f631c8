"""The lines of a plain text: which of them belong together, and which are no part of it.

What people paste comes from web pages (a line is a paragraph), from mails and old files (lines of even width, blank
lines between paragraphs) and from PDF viewers (lines of even width, often without a blank line, words divided at the
line's end, numbers of pages in between).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quizapp.core.source.original import CLOSERS

_SENTENCE_ENDS = tuple(".!?…:;。！？：；؟۔।")
_MARKER = re.compile(r"\s*(?:[-*•‣◦▪●]|[0-9]{1,3}[.)])\s+\S")
_PAGE = re.compile(
    r"""(?:[-–—]\s*)?(?P<bare>[0-9]{1,3})(?:\s*[-–—])?
    | (?:page|seite|página|pagina|p\.|s\.)\s*[0-9]{1,4}(?:\s*(?:of|von|de|di|/)\s*[0-9]{1,4})?
    | [0-9]{1,4}\s*(?:/|of|von)\s*[0-9]{1,4}""",
    re.IGNORECASE | re.VERBOSE,
)
_FIRST_NUMBER = re.compile("[0-9]+")
_LONGEST_NUMBER = 30
_LETTERS = re.compile(r"[^\W\d_]+")
_DIVIDED = re.compile(r"(?P<head>[^\W\d_]++)-$")
_LONGEST_WORD = 100
_LEFT_OPEN = frozenset(("and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e"))
_LEADING = frozenset(("self", "well", "ex", "half", "all", "non", "co", "cross", "long", "short", "high", "low", "mid"))
# Scripts that are written without spaces between words: kana, Chinese characters, and their punctuation.
_UNSPACED = re.compile("[\u2e80-\u2fff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")

_WIDEST_WRAPPED = 200
_NARROWEST_WRAPPED = 30
_ENOUGH = 0.4
_ENOUGH_LOWER = 0.3
_NEARLY_FULL = 0.6


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does, closing quotation marks and brackets aside."""
    return line.rstrip().rstrip(CLOSERS).endswith(_SENTENCE_ENDS)


def has_marker(line: str) -> bool:
    """Whether a line begins as an item of a list does."""
    return _MARKER.match(line) is not None


def _goes_on(line: str, following: str) -> bool:
    """Whether a line stops in the middle of a sentence, and the next one takes it up with a small letter."""
    return not ends_sentence(line) and following.lstrip()[:1].islower()


def _is_unspaced(line: str) -> bool:
    return _UNSPACED.match(line.strip()[-1:]) is not None


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a text is broken into lines. ``width`` is that of its full lines, 0 where a line is a paragraph."""

    width: int
    doubled: bool = False


def _percentile(lengths: Sequence[int], share: float) -> int:
    return sorted(lengths)[min(int(len(lengths) * share), len(lengths) - 1)]


def find_wrapping(lines: Sequence[str]) -> Wrapping:
    """Whether lines are broken at a width: then most stop in mid-sentence, and nearly at the same place.

    ``doubled``: so they are, and there is a blank line behind each of them.
    """
    doubled = [line for line in lines if line.strip()]
    pairs = [(one, two) for one, two in pairwise(lines) if one.strip() and two.strip()]
    is_doubled = not pairs and len(doubled) > 3
    if is_doubled:
        pairs = list(pairwise(doubled))
    if not pairs or max(map(len, lines)) > _WIDEST_WRAPPED:
        return Wrapping(0)
    width = _percentile([len(one.rstrip()) for one, _ in pairs], 0.9)
    full = [(one, two) for one, two in pairs if len(one.rstrip()) >= _NEARLY_FULL * width and not ends_sentence(one)]
    lower = sum(_goes_on(one, two) or _is_unspaced(one) for one, two in full)
    wrapped = width >= _NARROWEST_WRAPPED and len(full) >= _ENOUGH * len(pairs) and lower >= _ENOUGH_LOWER * len(full)
    if is_doubled and not lower >= _NEARLY_FULL * len(pairs):
        return Wrapping(0)
    return Wrapping(width, is_doubled) if wrapped else Wrapping(0)


def drop_page_numbers(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines without those that only number a page, and these; a form feed is the end of a page too.

    A bare number counts only where the next one goes on from it, page by page, so that a year or a chapter alone stays.
    """
    found: list[tuple[int, int]] = []
    dropped: set[int] = set()
    for index, line in enumerate(lines):
        text = line.replace("\f", " ").strip()
        if text and len(text) < _LONGEST_NUMBER and (match := _PAGE.fullmatch(text)):
            found.append((index, int(_FIRST_NUMBER.findall(text)[0])))
            if match["bare"] is None:
                dropped.add(index)
    for (one, first), (two, second) in pairwise(found):
        if second == first + 1:
            dropped |= {one, two}
    kept = ["" if index in dropped else line.replace("\f", " ") for index, line in enumerate(lines)]
    return kept, [lines[index].replace("\f", " ").strip() for index in sorted(dropped)]


def _is_break(line: str, following: str, wrapping: Wrapping) -> bool:
    """Whether a paragraph ends between two lines of a wrapped text that have no blank line between them."""
    if has_marker(following):
        return True
    word = following.split(maxsplit=1)[0]
    would_fit = len(line.rstrip()) + 1 + len(word) <= wrapping.width * 0.9
    indented = len(following) - len(following.lstrip()) > len(line) - len(line.lstrip()) + 1
    if ends_sentence(line):
        return would_fit or indented
    return len(line.rstrip()) < _NEARLY_FULL * wrapping.width and not word[:1].islower()


def _split_chunk(chunk: Sequence[str], wrapping: Wrapping) -> Iterator[list[str]]:
    paragraph = [chunk[0]]
    for line, following in pairwise(chunk):
        if wrapping.width == 0 or _is_break(line, following, wrapping):
            yield paragraph
            paragraph = []
        paragraph.append(following)
    yield paragraph


def _split_chunks(lines: Sequence[str], wrapping: Wrapping) -> list[list[str]]:
    if wrapping.doubled:
        return [[line for line in lines if line.strip()]]
    chunks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            chunks[-1].append(line)
        elif chunks[-1]:
            chunks.append([])
    return [chunk for chunk in chunks if chunk]


def _join_across_pages(chunks: list[list[str]], wrapping: Wrapping) -> list[list[str]]:
    """Where a chunk stops in mid-sentence at a full line and the next one goes on, only a page ended between them."""
    joined: list[list[str]] = []
    for chunk in chunks:
        last = joined[-1][-1] if joined else ""
        if last and wrapping.width and len(last.rstrip()) >= _NEARLY_FULL * wrapping.width and _goes_on(last, chunk[0]):
            joined[-1] += chunk
        else:
            joined.append(chunk)
    return joined


def split_paragraphs(lines: Sequence[str]) -> list[list[str]]:
    """The lines of each paragraph."""
    wrapping = find_wrapping(lines)
    chunks = _join_across_pages(_split_chunks(lines, wrapping), wrapping)
    return [paragraph for chunk in chunks for paragraph in _split_chunk(chunk, wrapping)]


def _join_divided(word: str, following: str, known: frozenset[str]) -> tuple[str, str]:
    """What becomes of the last word of a line, which ends with a hyphen, and what stands behind it."""
    tail = _LETTERS.match(following)
    match = _DIVIDED.search(word[-_LONGEST_WORD:])
    if match is None or tail is None or (tail[0].casefold() in _LEFT_OPEN and tail.end() < len(following)):
        return word, " "
    own = f"{match['head']}-{tail[0]}".casefold() in known or match["head"].casefold() in _LEADING
    return (word, "") if own or not tail[0].islower() else (word[:-1], "")


def join_lines(lines: Sequence[str], known: frozenset[str]) -> str:
    """The lines of a paragraph as one; ``known`` are the words with hyphens of the text, letter case aside."""
    parts: list[str] = []
    for line in lines:
        words = " ".join(line.split())
        last = parts[-1] if parts else ""
        if last.endswith("-"):
            start, _, word = last.rpartition(" ")
            word, between = _join_divided(word, words, known)
            parts[-1] = f"{start} {word}{between}" if start else f"{word}{between}"
        elif last and not (_is_unspaced(last) and _UNSPACED.match(words)):
            parts[-1] += " "
        parts.append(words)
    return "".join(parts)
