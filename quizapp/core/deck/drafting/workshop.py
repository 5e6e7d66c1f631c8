"""What the makers share: the text with all that was found in it, options of the same kind, and how a card is begun."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from quizapp.core.deck.checks.words import cut_ending, get_primary, list_words, pick_telling
from quizapp.core.deck.drafting.model import Finding, Located, Passage
from quizapp.core.deck.drafting.quoting import find_proof, list_quoted
from quizapp.core.source.quotes import Span

_MOST_LOOKED_AT = 60
_OPTIONS = 3
# Where one of these is right, another may be defended: they are never options of each other.
_KIN = (
    frozenset(("su", "ru")),
    frozenset(("west", "us")),
    frozenset(("west", "gb")),
    frozenset(("west", "eu")),
    frozenset(("gb", "england", "scotland", "wales", "british-empire")),
    frozenset(("de", "ddr", "brd", "weimar", "prussia")),
    frozenset(("vn", "north-vietnam", "south-vietnam")),
    frozenset(("tr", "ottoman")),
    frozenset(("roman", "byzantine", "hre", "it")),
    frozenset(("cz", "czechoslovakia")),
)


@dataclass(frozen=True, slots=True)
class Workshop:
    """A text to make cards of. ``by_kind`` are the findings in order; ``seed`` decides wherever chance is wanted."""

    source: str
    language: str
    seed: int
    is_edition: bool
    passages: Mapping[int, Passage]
    by_kind: Mapping[str, Sequence[Located]]
    by_thing: Mapping[str, Sequence[Located]]
    places: Mapping[tuple[int, int], int] = field(default_factory=dict)
    by_sentence: Mapping[tuple[int, int], Sequence[Located]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()  # the words of the names of people

    @property
    def speaks_english(self) -> bool:
        """Whether questions, explanations and hints can be written in the language of the text."""
        return get_primary(self.language) == "en"

    def chance(self, *parts: str) -> int:
        """A number that hangs on the seed and these words alone."""
        told = "\x1f".join((str(self.seed), *parts)).encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.sha256(told).digest()[:8])

    def prove(self, located: Located) -> str | None:
        """The quote for a finding; in a study edition, of the original's own words in the same sentence."""
        passage, sentence = self.passages[located.sentence.paragraph], located.sentence
        within = Span(sentence.start, sentence.end)
        if not self.is_edition:
            return find_proof(passage, located.start, located.end, within)
        inside = [span for span in list_quoted(passage) if span.start < within.end and within.start < span.end]
        for span in inside:
            if span.start <= located.start and located.end <= span.end:
                return find_proof(passage, located.start, located.end, span)
        words = [span for span in inside if passage.text[span.start : span.end].count(" ") >= 2]
        proofs = (find_proof(passage, span.start, span.end, span) for span in words)
        return next((proof for proof in proofs if proof), None)


def build_workshop(
    source: str, language: str, seed: int, is_edition: bool, passages: Sequence[Passage], found: Sequence[Located]
) -> Workshop:
    """Sort what was found by kind and by thing."""
    by_kind: dict[str, list[Located]] = defaultdict(list)
    by_thing: dict[str, list[Located]] = defaultdict(list)
    by_sentence: dict[tuple[int, int], list[Located]] = defaultdict(list)
    places: dict[tuple[int, int], int] = {}
    for located in found:
        by_kind[located.finding.kind].append(located)
        by_thing[located.finding.thing].append(located)
        by_sentence[located.sentence.paragraph, located.sentence.start].append(located)
        places[located.sentence.paragraph, located.start] = len(by_kind[located.finding.kind]) - 1
    people = (located.finding for located in by_kind["name"] if located.finding.sort in ("person", "agent"))
    names = frozenset(word for finding in people for word in finding.text.split())
    by_number = {passage.number: passage for passage in passages}
    return Workshop(source, language, seed, is_edition, by_number, by_kind, by_thing, places, by_sentence, names)


def are_kin(thing: str, other: str) -> bool:
    """Whether two things are the same, or so near that both answers could be defended."""
    return thing == other or any({thing, other} <= group for group in _KIN)


def list_near(shop: Workshop, located: Located) -> list[Located]:
    """The findings of the same kind around one, nearest first."""
    every = shop.by_kind[located.finding.kind]
    at = shop.places[located.sentence.paragraph, located.start]
    near = every[max(0, at - _MOST_LOOKED_AT) : at + _MOST_LOOKED_AT]
    return [other for other in near if other.sentence != located.sentence]


def share_matter(text: str, other: str) -> bool:
    """Whether two texts speak of the same matter: over a third of the telling words of the shorter are in both."""
    one = {cut_ending(word) for word in pick_telling(list_words(text), "en")}
    two = {cut_ending(word) for word in pick_telling(list_words(other), "en")}
    fewer = min(len(one), len(two))
    return fewer > 0 and 3 * len(one & two) > fewer


def _holds_also(shop: Workshop, asked: str, finding: Finding) -> bool:
    """Whether the text says of another thing nearly what is asked: then it is no wrong option."""
    holding = shop.by_thing[finding.thing][:_MOST_LOOKED_AT]
    words = {cut_ending(word) for word in pick_telling(list_words(asked), "en")}
    for located in holding:
        said = {cut_ending(word) for word in pick_telling(list_words(located.sentence.text), "en")}
        if len(words) > 1 and 2 * len(words & said) > len(words):
            return True
    return False


def choose_wrong(shop: Workshop, asked: str, located: Located, candidates: Iterable[Located]) -> list[str]:
    """Up to three wrong options: other things, not in the sentence, of which the text does not say nearly the same."""
    right = located.finding
    inside = located.sentence.text.casefold()
    chosen: dict[str, str] = {}
    pool = sorted(candidates, key=lambda other: shop.chance(right.text, asked, other.finding.thing))
    for other in pool:
        finding = other.finding
        is_apart = finding.thing not in chosen and not any(
            are_kin(finding.thing, thing) for thing in (right.thing, *chosen)
        )
        text = drop_edges(finding.text)
        holds = text.casefold() in right.text.casefold() or right.text.casefold() in text.casefold()
        if is_apart and not holds and text.casefold() not in inside and not _holds_also(shop, asked, finding):
            chosen[finding.thing] = text
        if len(chosen) == _OPTIONS:
            break
    return list(chosen.values())


def drop_edges(text: str) -> str:
    """A finding's words without marks at their ends."""
    return text.strip(" ,;:").removesuffix("’s")


def make_key(located: Located) -> str:
    """What stays the same for a finding while its sentence does."""
    finding = located.finding
    told = "\x1f".join((finding.kind, located.sentence.text, finding.text, str(finding.start)))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def make_slug(*parts: str) -> str:
    """A card's id from some words: small letters, digits and hyphens, at most 60."""
    plain = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:60].strip("-") or "card"
