"""Organisations and treaties: by the words of their names, by what stands beside them, and by the state they serve."""

import re
from collections.abc import Sequence

from quizapp.core.deck.drafting.model import Sentence
from quizapp.core.deck.drafting.named import Named, fold_name, slice_text
from quizapp.core.deck.drafting.tokens import Run, Token, follows_closely, get_token, is_possessive, touches
from quizapp.core.deck.drafting.wordlists import (
    ALONE,
    CALENDAR,
    COMPANIES,
    GIVEN_NAMES,
    NATIONALITIES,
    NOT_NAMES,
    ORGANISATIONS,
    REALMS,
    TITLES,
    TREATIES,
    split_set,
)

HEADS = ORGANISATIONS | TREATIES
# What a state has, in small letters: Britain’s army, Japan’s foreign ministry, the Austrian navy.
_OFFICES = split_set("army cabinet congress government intelligence ministry navy parliament police senate treasury")
_MARKING = split_set("air central federal foreign military royal secret")
_NO_BODIES = split_set("Contracting Each Member Signatory State States")
_MONTHS = CALENDAR | split_set("Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec")
_OWNING = split_set("acquired subsidiary subsidiaries merged shares")
_BEHIND_COMPANIES = split_set("a an the")
# Capitals in the middle of a word, as companies like them; not McKinley, MacArthur, DeGaulle.
_WRITTEN = re.compile(
    r"(?!Ma?c[A-Z]|De[A-Z]|Di[A-Z]|La[A-Z]|Le[A-Z]|Van[A-Z]|Fitz)[A-Z]?[a-z]{1,12}[A-Z][A-Za-z]{0,12}"
)
_FARTHEST_COMPANY = 4  # words from the comma: “Merck, a German chemical company”


def find_office(tokens: Sequence[Token], at: int) -> int | None:
    """The token behind an office of a state, where the apostrophe stands at ``at``."""
    for office in range(at + 2, at + 5):
        word = get_token(tokens, office)
        if word in _OFFICES:
            return office + 1
        if not word[:1].islower():
            return None
    return None


def find_nations_office(tokens: Sequence[Token], run: Run) -> Named | None:
    """“The Austrian army”, “the Soviet secret police”: a run that ends in a nationality, and the office behind it."""
    last = run.last
    if tokens[last - 1].text not in NATIONALITIES:
        return None
    office = last + 1 if get_token(tokens, last) in _MARKING else last
    if get_token(tokens, office) not in _OFFICES:
        return None
    words = " ".join(token.text for token in tokens[last - 1 : office + 1])
    return Named(last - 1, office + 1, "organisation", fold_name(words))


def _extend(tokens: Sequence[Token], last: int) -> int:
    """The token behind “of the Interior”, “for Security and Defence” and the like."""
    at = last
    while get_token(tokens, at) in ("of", "for", "and", "on"):
        if get_token(tokens, at) == "and" and at == last:
            break
        behind = at + 2 if get_token(tokens, at + 1) == "the" else at + 1
        if behind >= len(tokens) or not tokens[behind].is_capital or tokens[behind].text in _MONTHS:
            break
        is_another = behind == at + 2 or tokens[behind].text in GIVEN_NAMES | TITLES
        if get_token(tokens, at) == "and" and is_another:
            break
        while behind < len(tokens) and tokens[behind].is_capital and follows_closely(tokens, behind - 1):
            behind += 1
        if get_token(tokens, behind) == "-" and touches(tokens, behind) and tokens[behind + 1].is_capital:
            behind += 2  # the Treaty of Brest-Litovsk
        at = behind
    return at


def find_organisation(tokens: Sequence[Token], run: Run, sentence: Sentence) -> Named | None:
    """The organisation or treaty whose head word is in a run."""
    heads = [at for at in range(run.first, run.last) if tokens[at].text in HEADS]
    if not heads or tokens[run.first].text in _NO_BODIES:
        return None
    first, last = run.first, heads[-1] + 1
    titles = [token.text for token in tokens[first : heads[-1]] if token.text in TITLES]
    if len(titles) == heads[-1] - first and titles != ["General"]:
        first = heads[-1]
    extended = _extend(tokens, last) if last == run.last else last
    is_bare = last - first == 1 and extended == last
    if is_bare and first >= 3 and is_possessive(tokens, first - 2) and tokens[first - 3].is_capital:
        first -= 3  # St Mary’s Hospital
        while first > 0 and tokens[first - 1].is_capital and follows_closely(tokens, first - 1):
            first -= 1
        while first < heads[-1] and tokens[first].text in NOT_NAMES:
            first += 1
    elif is_bare and tokens[first].text not in ALONE:
        return None
    elif get_token(tokens, first - 4) in ("the", "The") and is_possessive(tokens, first - 2):
        first -= 3  # the Hudson’s Bay Company
    sort = "treaty" if tokens[heads[-1]].text in TREATIES else "organisation"
    return Named(first, extended, sort, fold_name(slice_text(tokens, first, extended, sentence)))


def find_realm(tokens: Sequence[Token], run: Run, sentence: Sentence) -> Named | None:
    """A state by its form: the French Republic, the Kingdom of Naples, the Union of Soviet Socialist Republics."""
    last = run.last
    while get_token(tokens, last) in ("of", "and") and last + 1 < len(tokens) and tokens[last + 1].is_capital:
        if tokens[run.first].text not in REALMS and tokens[last - 1].text not in REALMS:
            break
        last += 2
        while last < len(tokens) and tokens[last].is_capital and follows_closely(tokens, last - 1):
            last += 1
    is_realm = tokens[last - 1].text in REALMS or (tokens[run.first].text in REALMS and last > run.last)
    if not is_realm or last - run.first < 2:
        return None
    return Named(run.first, last, "state", fold_name(slice_text(tokens, run.first, last, sentence)))


def _is_told_before(tokens: Sequence[Token], first: int) -> bool:
    """Whether the word before says what it is: “the salvage company Smit”, “a subsidiary of Boskalis”."""
    before = get_token(tokens, first - 1)
    if before in COMPANIES or before in ("acquired", "rival"):
        return before != "rival" or get_token(tokens, first - 2) in COMPANIES
    return before in ("of", "in", "with") and get_token(tokens, first - 2) in _OWNING


def _is_told_behind(tokens: Sequence[Token], last: int) -> bool:
    """Whether words behind a comma say what it is: “Merck, a chemical company”, “Kisen, which owns the ship”."""
    if get_token(tokens, last) != ",":
        return False
    if get_token(tokens, last + 1) == "which":
        return get_token(tokens, last + 2) in ("owned", "owns", "makes", "made", "employs", "employed", "sells", "sold")
    words = [get_token(tokens, at) for at in range(last + 1, last + 2 + _FARTHEST_COMPANY)]
    if words[0] not in _BEHIND_COMPANIES:
        return False
    for word in words[1:]:
        if word in COMPANIES:
            return True
        if not word.isalpha() or word in ("of", "and", "in", "from", "who", "for"):
            return False
    return False


def find_company(tokens: Sequence[Token], run: Run, sentence: Sentence) -> Named | None:
    """A name of whatever words that the text calls a company, a bank, a newspaper, or joins by “&”."""
    first, last = run.first, run.last
    is_thing = get_token(tokens, first - 1) in ("the", "The") and last - first == 1  # “the PlayStation”
    is_written = not is_thing and any(_WRITTEN.fullmatch(tokens[at].text) for at in range(first, last))
    is_joined = is_written or any(tokens[at].text == "&" for at in range(first, last))
    is_market = (
        is_possessive(tokens, last)
        and get_token(tokens, last + 2) == "of"
        and get_token(tokens, last + 3)[:1].isupper()
    )
    if is_market and last - first == 1:
        last += 4  # Lloyd’s of London
    elif not (is_joined or _is_told_before(tokens, first) or _is_told_behind(tokens, last)):
        return None
    return Named(first, last, "organisation", fold_name(slice_text(tokens, first, last, sentence)))
