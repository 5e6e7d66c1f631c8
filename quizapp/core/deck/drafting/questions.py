"""Statements of English sentences turned into questions; None wherever that is not sure to be good English."""

import re
from dataclasses import dataclass

from quizapp.core.deck.drafting.verbs import AUXILIARIES, find_base, find_base_of_present
from quizapp.core.deck.drafting.wordlists import split_set

_LONGEST_SUBJECT = 10
_MOST_WORDS = 40
_ARTICLES = ("the", "a", "an")
# Words at the head of a sentence that end so are trades or doings, and no names.
_PARTICIPLES = split_set("been begun come cut done gone hit hung let made put read run set shut struck sung sunk")
_AND = re.compile(r"\band (?:then |also |later )?([a-z]+)\b")
_TRADES = ("ists", "ers", "ors", "ments", "tions")
_JOINING = split_set("of and or in on at by for from with to under over near as between against like")
_NEAR = 5  # words: “the old talks were held”, where “talks” could be a verb but for the one behind it
# A subject that begins so points back to another sentence, or is none.
_DANGLING = split_set(
    "he she it they we you i this that these those there such both here his her its their our my your who which "
    "what when where why how if because although though while whereas since after before as until unless however "
    "moreover meanwhile but and or nor so yet then thus hence also not only even just instead rather despite in "
    "on at by for from with without under over during through to of about among between against into onto upon "
    "nobody nothing one some others another each either neither none now today currently always perhaps sometimes "
    "besides as unable"
)
_LEADING = re.compile(
    r"^(?:(?:and|but|or|so|yet|then|when|while|although|though|because|since|after|before|until|that|where|as|however|"
    r"moreover|meanwhile|therefore|thus|finally|later|eventually|significantly|still|nevertheless|once|now|today|"
    r"currently)[ ,]+)+",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"\s*[,;:!?()“”\"—]\s*|\s+[–-]\s+|\s+(?:when|while|because|although|though|whereas|after|before|until|since|"
    r"so that|but|which|who|whose|where|if|unless)\s+"
)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A statement in three parts: who, the verb as it is written, the rest. ``aux`` and ``base`` are how it is asked.

    “North Korea | invaded | South Korea” has the aux “did” and the base “invade”; “the talks | were | held in May” has
    the aux “were” and no base.
    """

    subject: str
    verb: str
    rest: str
    aux: str
    base: str

    def ask(self, word: str) -> str:
        """The question for ``word``: “In which year did North Korea invade South Korea?”"""
        return (
            " ".join(part for part in (word, self.aux, self.subject, self.base, self.rest) if part).rstrip(" .") + "?"
        )

    def state(self) -> str:
        """The statement again, as a sentence without its full stop."""
        return " ".join(part for part in (raise_first(self.subject), self.verb, self.rest) if part).rstrip(" .")


def raise_first(text: str) -> str:
    """The text with a capital at its head."""
    return text[:1].upper() + text[1:]


def lower_first(text: str, names: bool) -> str:
    """The text with a small letter at its head, unless it begins with a name."""
    first = text.split(" ", 1)[0]
    is_common = first.endswith(_TRADES) and text == first
    is_small = is_common or first in (
        "The",
        "A",
        "An",
        "Most",
        "Many",
        "Some",
        "Few",
        "All",
        "Several",
        "Military",
        "Economic",
    )
    return text if names and not is_small else text[:1].lower() + text[1:]


def _is_verb(word: str) -> bool:
    return word in AUXILIARIES or find_base(word) is not None


def _split_verb(words: list[str], at: int) -> tuple[str, str] | None:
    """How a verb is asked: its auxiliary and its base."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in AUXILIARIES:
        is_participle = following.endswith(("ed", "en", "n", "t")) or following in _PARTICIPLES or find_base(following)
        is_main = word in ("had", "has", "have", "did", "does", "do") and not is_participle
        if not is_main or following in ("been", "become", "come", "had", "made", "long", "also", "now"):
            return word, ""
        return {"had": ("did", "have"), "has": ("does", "have"), "have": ("do", "have")}.get(word)
    if base := find_base(word):
        return "did", base
    is_noun = words[at - 1].casefold() in _ARTICLES or any(map(_is_verb, words[at + 1 : at + _NEAR]))
    if (base := find_base_of_present(word)) and not is_noun and not words[at - 1].endswith("s"):
        return "does", base
    return None


def _is_subject(words: list[str]) -> bool:
    """Whether these words can stand before a verb: a name or a noun with its article, and no pointing word."""
    if not words or any(mark in word for word in words for mark in '(),“”"'):
        return False
    if len(words) > _LONGEST_SUBJECT or words[0].casefold() in _DANGLING:
        return False
    if any(word in _ARTICLES and words[at] not in _JOINING for at, word in enumerate(words[1:])):
        return False  # “the Second World War the US Navy”
    is_noun = words[0][:1].isupper() or words[0] in ("the", "a", "an", "many", "most") or words[0].endswith("s")
    return words[-1].casefold() not in _DANGLING and is_noun


def read_clause(text: str) -> Clause | None:
    """A statement taken apart at its first verb; None where its subject or its verb is not clear.

    Adverbs between subject and verb and verbs in a relative clause make it unclear.
    """
    plain = _LEADING.sub("", text.strip(" ,;:.")).strip()
    words = _WORD.findall(plain)
    if not 2 <= len(words) <= _MOST_WORDS:
        return None
    for at in range(1, min(len(words), _LONGEST_SUBJECT + 1)):
        word = words[at].strip(",")
        if word in ("that", "who", "which", "and", "to") and word != "and":
            return None
        asked = _split_verb(words, at)
        if asked is None:
            continue
        subject = words[:at]
        is_bare = not asked[1] and at + 1 == len(words)
        if words[at] != word or is_bare or not _is_subject(subject):
            return None
        shown = " ".join(subject)
        rest = " ".join(words[at + 1 :])
        if (asked[1] or asked[0] == "had") and any(find_base(verb) for verb in _AND.findall(rest)):
            return None  # “did she enter the house and sat down”
        return Clause(lower_first(shown, names=True), words[at], rest, asked[0], asked[1])
    return None


def cut_out(text: str, start: int, end: int) -> str | None:
    """The statement around some words, without them and without the preposition before them.

    “When Putin came to power in 2000, efforts were made” without “2000” gives “Putin came to power”; words at the head
    of a sentence give the statement behind their comma, and “in 1991, when the wall fell” the one behind the “when”.
    """
    before = re.sub(
        r"(?:^|(?<= ))(?:(?:back|only|just|early|late|as early as|as late as) )?(?:in|on|by|since|until|during|from|at|"
        r"after|before|around|about|of|for|within|over|throughout|between|to)(?: the| about| early| late| mid)?\s*$",
        "",
        text[:start],
        flags=re.IGNORECASE,
    ).rstrip()
    after = text[end:].lstrip()
    if behind := re.match(r",? when (?=[^,;]{8,200})", text[end:]):
        return _first_piece(text[end + behind.end() :])
    if not before.strip(' “"(,'):
        return _first_piece(after.lstrip(" ,"))
    left = _last_piece(before).rstrip(",")
    if before.endswith(",") or not left:
        return left or _first_piece(after.lstrip(" ,"))
    return f"{left} {_first_piece(after)}".strip() if after[:1] not in (",", ";", ":", ".", "”", ")") else left


def _first_piece(text: str) -> str:
    found = _BREAK.search(text)
    return text[: found.start()].strip() if found else text.strip(" .")


def _last_piece(text: str) -> str:
    """What stands behind the last break; nothing where that may be the end of a list: “Ada, Bea and Cy sang”."""
    start, mark = 0, ""
    for found in _BREAK.finditer(text):
        if found.end() < len(text):
            start, mark = found.end(), found[0].strip()
    piece = text[start:].strip()
    return "" if mark == "," and " and " in f" {' '.join(piece.split()[:5])} " else piece
