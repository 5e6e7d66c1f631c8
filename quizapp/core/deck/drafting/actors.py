"""Single words that act like somebody, of whom the text tells no more: Hannibal, Pfizer, Greenpeace.

One capital tells little, so the whole text is asked: such a word has to do what people and bodies do, must stand with
a capital inside a sentence, and nowhere as places and things do (“in Berlin”, “the Rhine”).
"""

from collections.abc import Iterator, Mapping, Sequence

from quizapp.core.deck.drafting.gazetteer import CITIES
from quizapp.core.deck.drafting.named import Named, Reader, fold_name, is_acronym
from quizapp.core.deck.drafting.people import acts, is_past
from quizapp.core.deck.drafting.tokens import Token, follows_closely, get_token, is_possessive
from quizapp.core.deck.drafting.wordlists import (
    CALENDAR,
    EVENTS,
    NATIONALITIES,
    NOT_NAMES,
    PLACE_WORDS,
    PLACES,
    TITLES,
    split_set,
)

_STRANGE = NOT_NAMES | NATIONALITIES | PLACE_WORDS | PLACES | EVENTS | CALENDAR | TITLES
_LOCATING = split_set("across along around at from in inside into near outside through throughout to toward towards")
_SHORTEST = 3
_NOUN_ENDINGS = (
    "s", "ing", "tion", "sion", "ment", "ness", "ity", "ism", "ance", "ence", "ship", "hood", "age", "ure", "logy",
    "men", "folk", "cy", "dom", "ry", "est", "ed", "ly", "graphy", "ful", "ive", "al", "ic", "ble", "ous",
)  # fmt: skip
_NOUNS = split_set(
    "Air Archaeology Aid Blood Bread Business Capital Cavalry Cattle Charity Children Class Clergy Coal Coffee "
    "Concrete Copper Corn Cotton Credit Crime Crowd Culture Custom Dawn Death Debt Demand Dirt Disease Doubt Dust "
    "Education Electricity Energy Everybody Evidence Experience Faith Fame Family Farm Fashion Fate Fear Film Fire "
    "Flour Folklore Food Fortune Freedom Frost Fuel Gas Genius Glass Gold Gossip Grain Grass Growth Half Hate Health "
    "Heat Heaven Help Hope Hunger Ice Infantry Ink Iron Labour Land Language Law Legend Life Light Linen Literature "
    "Luck Man Management Mankind Meat Medicine Memory Midnight Milk Money Mud Music Myth News Nightfall Noise Oil "
    "Oxygen Paper Parliament Peace People Police Poetry Policy Pollen Power Press Pride Progress Proof Public "
    "Publicity Race Radio Rain Reason Relief Religion Research Rice Rubber Rule Rumour Rust Salt Sand School Science "
    "Sex Silence Silk Silver Sleep Smoke Snow Soap Soil Space Speech Staff Stage Steam Steel Stone Sugar Sunlight "
    "Support Talk Tax Tea Technology Television Theory Thought Time Timber Tin Tobacco Town Tradition Traffic Training "
    "Travel Treatment Troops Truth Type Uranium Virtue Vote War Waste Water Wealth Weather Wheat Wind Wine Woman Wood "
    "Wool Word Work World Writing Youth Ten Twelve Four Five Six Seven Eight Nine Twenty Thirty Forty Fifty Hundreds "
    "Part Parts Bigger Smaller Fewer Much"
)


def _is_noun(word: str) -> bool:
    """Whether a word that begins a sentence may be a noun without its article: “Police said”, “Geologists found”."""
    return word.endswith(_NOUN_ENDINGS) or word in _NOUNS


def _is_alone(tokens: Sequence[Token], at: int) -> bool:
    """Whether a capitalised word has no other beside it and is not half of a compound."""
    before, behind = get_token(tokens, at - 1), get_token(tokens, at + 1)
    has_neighbour = (follows_closely(tokens, at) and tokens[at + 1].is_capital) or (
        at > 0
        and tokens[at - 1].is_capital
        and follows_closely(tokens, at - 1)
        and tokens[at - 1].text not in NOT_NAMES
    )
    return not has_neighbour and before not in ("-", "–", "&", "’", "'") and behind not in ("-", "–", "&")


def _is_acting(tokens: Sequence[Token], at: int) -> bool:
    before = get_token(tokens, at - 1)
    if before in ("by", "By"):
        return is_past(get_token(tokens, at - 2))
    is_subject = at == 0 or not before.isalpha() or before in ("and", "but", "that", "when", "while", "as", "because")
    return is_subject and acts(get_token(tokens, at + 1)) and not is_possessive(tokens, at + 1)


def _is_lying(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word stands as places and things do."""
    before = get_token(tokens, at - 1).casefold()
    return before in _LOCATING or before in ("the", "a", "an", "this", "every", "each")


def find_actors(reader: Reader, tokens: Sequence[Sequence[Token]], taken: Mapping[int, set[int]]) -> set[str]:
    """The single words that act, among what was not read as another name."""
    acting: set[str] = set()
    inside: set[str] = set()
    lying: set[str] = set()
    for index, each in enumerate(tokens):
        for at, token in enumerate(each):
            if not token.is_capital or at in taken[index] or not _is_alone(each, at):
                continue
            if _is_lying(each, at):
                lying.add(token.text)
            if (at > 0 and get_token(each, at - 1) not in ("“", ":", "‘", '"')) or not _is_noun(token.text):
                inside.add(token.text)
            if _is_acting(each, at):
                acting.add(token.text)
    return {word for word in acting & inside - lying if len(word) >= _SHORTEST and _could_act(reader, word)}


def _could_act(reader: Reader, word: str) -> bool:
    is_common = word.casefold() in reader.small or word in _STRANGE or word.removesuffix("s") in NATIONALITIES
    return not is_common and word not in CITIES and word not in reader.gazetteer and not is_acronym(word)


def add_actors(tokens: Sequence[Token], taken: set[int], actors: Mapping[str, str]) -> Iterator[Named]:
    """The mentions of the words that act, each with its sort."""
    for at, token in enumerate(tokens):
        if token.text in actors and at not in taken and _is_alone(tokens, at):
            yield Named(at, at + 1, actors[token.text], fold_name(token.text))
