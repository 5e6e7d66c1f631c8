"""People: by title, trade or first name, and by what stands around a name that could be anything."""

import re
from collections.abc import Sequence

from quizapp.core.deck.drafting.gazetteer import CITIES
from quizapp.core.deck.drafting.model import Sentence
from quizapp.core.deck.drafting.named import Named, Reader, fold_name, is_acronym, match_known, slice_text
from quizapp.core.deck.drafting.organisations import HEADS
from quizapp.core.deck.drafting.tokens import Run, Token, get_token, is_possessive
from quizapp.core.deck.drafting.verbs import find_base
from quizapp.core.deck.drafting.wordlists import (
    DEEDS,
    GIVEN_NAMES,
    NATIONALITIES,
    NOT_NAMES,
    PLACE_WORDS,
    ROLES,
    THINGS_DO,
    TITLES,
    split_set,
)

_BEHIND_PEOPLE = split_set("a an the then who whose born aged later")
_OFFICES_HELD = split_set("chief foreign head president prime vice first former deputy")
# Before a subject there may be one of these, and no noun: “the ship Ever Given had”.
_BEFORE_SUBJECTS = split_set(
    "after although and as because before but by if or so since that then though until when where whereas which while "
    "with whom under like than"
)
_BYNAMES = split_set(
    "Bald Bold Brave Conqueror Confessor Elder Fat Good Great Impaler Lion Magnificent Pious Terrible Wise Younger"
)
_ARTICLES = split_set("Das Der Die El Il La Las Le Les Los")  # “Le Monde wrote”
_NUMERAL = re.compile(r"(?:X{0,2}(?:IX|IV|V?I{1,3}|V)|X{1,2})")
_COUNTED = split_set(
    "Annex Apollo Appendix Article Book Chapter Grade Level Mark Part Phase Section Title Type Volume War"
)
_UNCHANGED = split_set("beat bet cast cut hit put quit read set shut")  # past and present alike
_PARTICIPLE = re.compile(r"[a-z]{2,12}(?:ed|en|wn|ne|nt|pt|ght|lt)")
_SHORTEST_PAST = 5  # letters of “acted”
# What is done to people: “was born”, “they named Lucie Castets”.
_DONE = split_set(
    "appointed arrested baptised born buried chosen crowned educated elected exiled hanged imprisoned killed knighted "
    "murdered named nominated raised released sentenced sworn"
)
_DOING = split_set(
    "accuse accused appoint appointed arrest arrested asked beat blamed chose defeated dismissed divorced elect "
    "elected employed fired hired killed marry married meet met murdered name named nominate nominated persuaded "
    "praised replace replaced shot succeed succeeded thanked told under"
)
_LONGEST_PERSON = 8  # words and marks
_FEWEST, _MOST = 2, 4  # words and marks of a person of whom nothing is told


def is_past(word: str) -> bool:
    """Whether a word is the past form of a verb, or may well be one."""
    return find_base(word) is not None or (word.endswith("ed") and word.islower() and len(word) >= _SHORTEST_PAST)


def acts(word: str) -> bool:
    """Whether a word tells what somebody did, and things hardly do."""
    return word in DEEDS or word in _UNCHANGED or (is_past(word) and word not in THINGS_DO)


def _skip_titles(tokens: Sequence[Token], run: Run) -> tuple[int, bool]:
    """Where the name begins behind nationalities and titles, and whether there is a title or a trade before it."""
    first, titled = run.first, False
    while first < run.last and tokens[first].text in TITLES | NATIONALITIES and tokens[first].text not in GIVEN_NAMES:
        titled = titled or tokens[first].text in TITLES
        first += 2 if get_token(tokens, first + 1) in (".", "-") else 1
    before = get_token(tokens, first - 1)
    if before == "," and run.last - first > 1:
        before = get_token(tokens, first - 2)  # “its president, Ada Lovelace”
    return first, titled or before in ROLES or before.removesuffix("s") in ROLES


def _is_told(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether what stands behind a capitalised word follows people only."""
    behind, next_word = get_token(tokens, last), get_token(tokens, last + 1)
    if behind == ",":
        is_held = next_word in _OFFICES_HELD and get_token(tokens, last + 2)[:1].islower()
        return next_word in _BEHIND_PEOPLE or next_word in ROLES or is_held
    if is_possessive(tokens, last):
        return get_token(tokens, last + 2) in ROLES
    return last - first > 1 and behind in DEEDS


def _could_be(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether two to four capitalised words are no known place, day or thing."""
    words = [token.text for token in tokens[first:last]]
    if words[0] in PLACE_WORDS:
        return False
    strange = NOT_NAMES | NATIONALITIES
    is_plain = all(word not in strange and (word[0].isupper() or not word.isalpha()) for word in words)
    return _FEWEST <= len(words) <= _MOST and is_plain and " ".join(words) not in CITIES and not is_acronym(words[-1])


def _acts_here(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a run does something, and is no apposition: “Dirk Coster helped”, not “the ship Ever Given sank”."""
    before = get_token(tokens, first - 1)
    is_free = first == 0 or not before[:1].isalnum() or before.casefold() in _BEFORE_SUBJECTS
    if get_token(tokens, last) == "was" and get_token(tokens, last + 1) in _DONE:
        return True
    if get_token(tokens, first - 1) in _DOING:
        return True
    if is_possessive(tokens, last):
        return is_free
    if get_token(tokens, last) == "had" and _PARTICIPLE.fullmatch(get_token(tokens, last + 1)):
        return is_free
    behind = last
    while get_token(tokens, behind) in ("also", "first", "had", "has", "himself", "herself", "then"):
        behind += 1
    return is_free and acts(get_token(tokens, behind))


def _is_ruler(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether it is a ruler by number or byname: “Pius IX”."""
    number = tokens[last - 1].text
    named = tokens[first].text not in NOT_NAMES | _COUNTED and tokens[first].text not in PLACE_WORDS
    return last - first > 1 and _NUMERAL.fullmatch(number) is not None and named and last - first < _MOST


def find_person(reader: Reader, tokens: Sequence[Token], run: Run, sentence: Sentence) -> Named | None:
    """The person that a run of capitalised words names."""
    first, titled = _skip_titles(tokens, run)
    length = run.last - first
    if not 1 <= length <= _LONGEST_PERSON or is_acronym(tokens[first].text):
        return None
    known = match_known(reader, tokens, first)
    if tokens[run.last - 1].text in HEADS or (known is not None and known[1] >= run.last):
        return None
    is_named = length > 1 and tokens[first].text in GIVEN_NAMES
    is_told = length > 1 and tokens[first].text not in NOT_NAMES and _is_told(tokens, first, run.last)
    is_acting = _could_be(tokens, first, run.last) and _acts_here(tokens, first, run.last)
    if get_token(tokens, run.last) == "the" and get_token(tokens, run.last + 1) in _BYNAMES and length <= _FEWEST:
        return Named(first, run.last + 2, "person", fold_name(slice_text(tokens, first, run.last + 2, sentence)))
    if not (titled or is_named or is_told or is_acting or _is_ruler(tokens, first, run.last)):
        return None
    sort = "agent" if tokens[first].text in _ARTICLES else "person"
    return Named(first, run.last, sort, fold_name(slice_text(tokens, first, run.last, sentence)))


def find_companion(tokens: Sequence[Token], run: Run, people: Sequence[Named], sentence: Sentence) -> Named | None:
    """A run beside a person: “Fred Vine and Drummond Matthews”, “by Gaius Cassius”."""
    before, behind = get_token(tokens, run.first - 1), get_token(tokens, run.last)
    is_beside = any(
        (before in ("and", "or", ",") and one.last == run.first - 1)
        or (behind in ("and", "or") and one.first == run.last + 1)
        for one in people
    )
    is_doer = before == "by" and is_past(get_token(tokens, run.first - 2))
    if not (is_beside or is_doer) or not _could_be(tokens, run.first, run.last):
        return None
    return Named(run.first, run.last, "person", fold_name(slice_text(tokens, run.first, run.last, sentence)))
