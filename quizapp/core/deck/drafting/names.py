"""Organisations, states and people in the sentences of a text, by their words and what stands beside them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizapp.core.deck.checks.words import get_primary
from quizapp.core.deck.drafting.gazetteer import Known, load_gazetteer
from quizapp.core.deck.drafting.model import Finding, Sentence
from quizapp.core.deck.drafting.tokens import (
    Run,
    Token,
    follows_closely,
    get_token,
    is_possessive,
    list_runs,
    split_tokens,
)
from quizapp.core.deck.drafting.wordlists import (
    ALONE,
    CALENDAR,
    DEEDS,
    EVENTS,
    GIVEN_NAMES,
    NATIONALITIES,
    NO_ACRONYMS,
    NOT_NAMES,
    ORGANISATIONS,
    PLACES,
    ROLES,
    TITLES,
    TREATIES,
    split_set,
)

_HEADS = ORGANISATIONS | TREATIES
# What a state has, in small letters: Britain’s army, Japan’s foreign ministry.
_OFFICES = frozenset(
    ["army", "cabinet", "congress", "government", "intelligence", "ministry", "navy", "parliament", "police", "senate"]
)
_BEHIND_PEOPLE = frozenset(["a", "an", "the", "then", "who", "whose", "born", "aged"])
_LONGEST_PERSON = 8  # words and marks
_FEWEST_SHOUTED = 4
_SMALL_WORDS = split_set("a an and as at but by de for from in into la of on or over s so the to up vs with")
_CAPITAL_NOUNS = ("de", "lb")


@dataclass(frozen=True, slots=True)
class _Named:
    """Tokens ``first`` up to ``last`` as a name."""

    first: int
    last: int
    sort: str
    thing: str


@dataclass(slots=True)
class _Reader:
    """A text that is read for names: what its language knows, and what the text itself has told so far."""

    language: str
    gazetteer: Mapping[str, Sequence[Known]]
    small: frozenset[str]
    acronyms: dict[str, str]


def fold_name(text: str) -> str:
    """The form in which two names count as the same."""
    return " ".join(text.replace("-", " ").replace("’", "'").split()).casefold()


def _text(tokens: Sequence[Token], first: int, last: int, sentence: Sentence) -> str:
    return sentence.text[tokens[first].start : tokens[last - 1].end]


def _match_known(reader: _Reader, tokens: Sequence[Token], at: int) -> tuple[Known, int] | None:
    """The longest known name that begins here, and the token behind it."""
    head = tokens[at].text
    for known in reader.gazetteer.get("the" if head == "The" else head, ()):
        last, is_there = at, True
        for word in known.words[1:]:
            last += 1
            if get_token(tokens, last) == "-" and "-" not in known.words:
                last += 1
            is_there = is_there and get_token(tokens, last) == word
        ends_name = not (known.words[0] == "the" and follows_closely(tokens, last) and tokens[last + 1].is_capital)
        if is_there and ends_name:
            return known, last + 1
    return None


def _list_known(reader: _Reader, tokens: Sequence[Token], first: int, last: int) -> Iterator[_Named]:
    """The known names among some tokens, one behind the other. Parts of the earth are passed over."""
    at = first
    while at < last:
        found = _match_known(reader, tokens, at)
        if found is None:
            at += 1
            continue
        known, behind = found
        if known.sort == "state" and is_possessive(tokens, behind) and (office := _find_office(tokens, behind)):
            words = " ".join(token.text for token in tokens[behind + 2 : office])
            yield _Named(at, office, "organisation", f"{known.thing}: {words}")
        elif known.sort != "region":
            yield _Named(at, behind, known.sort, known.thing)
        at = behind


def _find_office(tokens: Sequence[Token], at: int) -> int | None:
    """The token behind an office of a state, where the apostrophe stands at ``at``."""
    for office in range(at + 2, at + 5):
        word = get_token(tokens, office)
        if word in _OFFICES:
            return office + 1
        if not word[:1].islower():
            return None
    return None


def _extend_organisation(tokens: Sequence[Token], last: int) -> int:
    """The token behind “of the Interior”, “for Security and Defence” and the like."""
    at = last
    while get_token(tokens, at) in ("of", "for", "and", "on"):
        if get_token(tokens, at) == "and" and at == last:
            break
        behind = at + 2 if get_token(tokens, at + 1) == "the" else at + 1
        if behind >= len(tokens) or not tokens[behind].is_capital or tokens[behind].text in CALENDAR:
            break
        if get_token(tokens, at) == "and" and tokens[behind].text in GIVEN_NAMES | TITLES:
            break
        while behind < len(tokens) and tokens[behind].is_capital and follows_closely(tokens, behind - 1):
            behind += 1
        at = behind
    return at


def _find_organisation(tokens: Sequence[Token], run: Run, sentence: Sentence) -> _Named | None:
    heads = [at for at in range(run.first, run.last) if tokens[at].text in _HEADS]
    if not heads:
        return None
    first, last = run.first, heads[-1] + 1
    while first < heads[-1] and tokens[first].text in TITLES:
        first += 1
    extended = _extend_organisation(tokens, last) if last == run.last else last
    is_bare = last - first == 1 and extended == last
    if is_bare and first >= 3 and is_possessive(tokens, first - 2) and tokens[first - 3].is_capital:
        first -= 3  # St Mary’s Hospital
        while first > 0 and tokens[first - 1].is_capital and follows_closely(tokens, first - 1):
            first -= 1
        while first < heads[-1] and tokens[first].text in NOT_NAMES:
            first += 1
    elif is_bare and tokens[first].text not in ALONE:
        return None
    sort = "treaty" if tokens[heads[-1]].text in TREATIES else "organisation"
    return _Named(first, extended, sort, fold_name(_text(tokens, first, extended, sentence)))


def _has_title(tokens: Sequence[Token], run: Run) -> tuple[int, bool]:
    """Where the name begins behind nationalities and titles, and whether there is a title or a trade before it."""
    first, titled = run.first, False
    while first < run.last and tokens[first].text in TITLES | NATIONALITIES and tokens[first].text not in GIVEN_NAMES:
        titled = titled or tokens[first].text in TITLES
        first += 2 if get_token(tokens, first + 1) in (".", "-") else 1
    before = get_token(tokens, first - 1)
    return first, titled or before in ROLES


def _is_person(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether what stands behind two or more capitalised words follows people only."""
    behind = get_token(tokens, last)
    if behind == ",":
        return get_token(tokens, last + 1) in _BEHIND_PEOPLE
    if is_possessive(tokens, last):
        return get_token(tokens, last + 2) in ROLES
    return behind in DEEDS and last - first > 1


def _is_acronym(text: str) -> bool:
    letters = text.replace(".", "")
    return 2 <= len(letters) <= 6 and letters.isupper() and text not in NO_ACRONYMS and letters.isascii()


def _find_person(reader: _Reader, tokens: Sequence[Token], run: Run, sentence: Sentence) -> _Named | None:
    first, titled = _has_title(tokens, run)
    length = run.last - first
    if not 1 <= length <= _LONGEST_PERSON or _is_acronym(tokens[first].text):
        return None
    known = _match_known(reader, tokens, first)
    if tokens[run.last - 1].text in _HEADS or (known is not None and known[1] >= run.last):
        return None
    is_named = length > 1 and tokens[first].text in GIVEN_NAMES
    is_told = length > 1 and tokens[first].text not in NOT_NAMES and _is_person(tokens, first, run.last)
    if not (titled or is_named or is_told):
        return None
    return _Named(first, run.last, "person", fold_name(_text(tokens, first, run.last, sentence)))


def _find_acronym(reader: _Reader, tokens: Sequence[Token], at: int) -> _Named | None:
    text = tokens[at].text
    if not _is_acronym(text):
        return None
    if text in reader.acronyms:
        return _Named(at, at + 1, "organisation", reader.acronyms[text])
    if len(text) >= 3 and get_token(tokens, at - 1).lower() == "the":
        return _Named(at, at + 1, "organisation", fold_name(text))
    return None


def _trim(reader: _Reader, tokens: Sequence[Token], run: Run) -> Run:
    """The run without words before it that are no part of a name."""
    first = run.first
    while first < run.last and tokens[first].text in NOT_NAMES and tokens[first].text not in TITLES:
        if _match_known(reader, tokens, first) is not None:
            break
        first += 1
    if first == 0 and run.last > 1 and tokens[0].text.lower() in reader.small and tokens[0].text not in GIVEN_NAMES:
        first = 1
    return Run(first, run.last)


def _read_run(reader: _Reader, tokens: Sequence[Token], run: Run, sentence: Sentence) -> list[_Named]:
    run = _trim(reader, tokens, run)
    if run.first >= run.last:
        return []
    known = list(_list_known(reader, tokens, run.first, run.last))
    if known and known[0].first == run.first and known[0].last >= run.last:
        return known
    if organisation := _find_organisation(tokens, run, sentence):
        rest = [Run(organisation.last, run.last)] if organisation.last < run.last else []
        return [organisation, *(found for part in rest for found in _read_run(reader, tokens, part, sentence))]
    if any(tokens[at].text in EVENTS for at in range(run.first, run.last)):
        behind = max(at for at in range(run.first, run.last) if tokens[at].text in EVENTS) + 1
        return _read_run(reader, tokens, Run(behind, run.last), sentence)
    if tokens[run.last - 1].text in PLACES or tokens[run.first].text in PLACES:
        return []
    person = _find_person(reader, tokens, run, sentence)
    if person is not None:
        return [*(found for found in known if found.last <= person.first), person]
    acronyms = (_find_acronym(reader, tokens, at) for at in range(run.first, run.last))
    return known or [found for found in acronyms if found]


def _learn_acronym(reader: _Reader, tokens: Sequence[Token], named: _Named) -> None:
    """“Shanghai Cooperation Organization (SCO)”: from here on the letters stand for the name."""
    letters = get_token(tokens, named.last + 1)
    is_told = get_token(tokens, named.last) == "(" and get_token(tokens, named.last + 2) == ")" and _is_acronym(letters)
    initials = "".join(token.text[0] for token in tokens[named.first : named.last] if token.is_capital)
    if is_told and named.sort in ("organisation", "treaty") and initials.startswith(letters[0]):
        reader.acronyms.setdefault(letters, named.thing)


def _is_shouted(tokens: Sequence[Token]) -> bool:
    """Whether all but small words have capitals, as in a headline: then capitals tell nothing."""
    words = [token for token in tokens if token.text[0].isalpha()]
    return len(words) >= _FEWEST_SHOUTED and all(word.is_capital or word.text in _SMALL_WORDS for word in words)


def _read_sentence(reader: _Reader, tokens: Sequence[Token], sentence: Sentence) -> list[_Named]:
    if _is_shouted(tokens) or get_primary(reader.language) != "en":
        found = list(_list_known(reader, tokens, 0, len(tokens)))
        return found + [named for at in range(len(tokens)) if (named := _find_acronym(reader, tokens, at))]
    found = []
    for run in list_runs(tokens):
        found += _read_run(reader, tokens, run, sentence)
    blocs = (_match_known(reader, tokens, at) for at, token in enumerate(tokens) if token.text in ("the", "The"))
    for bloc in blocs:
        if bloc is not None:
            known, behind = bloc
            found.append(_Named(behind - len(known.words), behind, known.sort, known.thing))
    for named in found:
        _learn_acronym(reader, tokens, named)
    return found


def _list_surnames(found: Mapping[int, Sequence[_Named]], tokens: Sequence[Sequence[Token]]) -> dict[str, str]:
    """The last words of people's names, and whom they stand for; one that two people share stands for nobody."""
    owners: dict[str, set[str]] = defaultdict(set)
    for index, all_named in found.items():
        for named in all_named:
            if named.sort == "person" and named.last - named.first > 1:
                owners[tokens[index][named.last - 1].text].add(named.thing)
    return {word: next(iter(things)) for word, things in owners.items() if len(things) == 1 and word[0].isupper()}


def _add_surnames(named: Sequence[_Named], tokens: Sequence[Token], surnames: Mapping[str, str]) -> Iterator[_Named]:
    taken = {at for one in named for at in range(one.first, one.last)}
    for at, token in enumerate(tokens):
        if at in taken or token.text not in surnames:
            continue
        is_longer = follows_closely(tokens, at) and tokens[at + 1].is_capital and tokens[at + 1].text not in NOT_NAMES
        if not is_longer:
            yield _Named(at, at + 1, "person", surnames[token.text])


def _merge_single(found: Mapping[int, Sequence[_Named]], surnames: Mapping[str, str]) -> dict[int, list[_Named]]:
    """People told by title and surname alone are those of the full name."""
    return {
        index: [
            _Named(one.first, one.last, one.sort, surnames.get(one.thing.title(), one.thing))
            if one.sort == "person" and one.last - one.first == 1
            else one
            for one in all_named
        ]
        for index, all_named in found.items()
    }


def find_names(sentences: Sequence[Sentence], language: str) -> list[list[Finding]]:
    """The names in each sentence of a text, in order. All sentences come in one call, since a text tells who is who.

    In other languages than English: states as CLDR names them in that language, and acronyms behind an article.
    """
    tokens = [split_tokens(sentence.text) for sentence in sentences]
    counts = Counter(token.text for each in tokens for token in each if token.is_small)
    reader = _Reader(language, load_gazetteer(language), frozenset(counts), {})
    found: dict[int, list[_Named]] = {
        index: _read_sentence(reader, tokens[index], sentence) for index, sentence in enumerate(sentences)
    }
    for index, each in enumerate(tokens):  # letters that are told late in a text stand for the same before
        known = {at for named in found[index] for at in range(named.first, named.last)}
        told = (_find_acronym(reader, each, at) for at in range(len(each)) if at not in known)
        found[index] += [named for named in told if named]
    surnames = _list_surnames(found, tokens)
    found = _merge_single(found, surnames)
    listed = []
    for index, sentence in enumerate(sentences):
        named = [*found[index], *_add_surnames(found[index], tokens[index], surnames)]
        findings = (_make_finding(one, tokens[index], sentence) for one in named)
        listed.append(_keep_longest(findings))
    return listed


def _make_finding(named: _Named, tokens: Sequence[Token], sentence: Sentence) -> Finding:
    start, end = tokens[named.first].start, tokens[named.last - 1].end
    return Finding("name", named.sort, start, end, sentence.text[start:end], named.thing)


def _keep_longest(findings: Iterator[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    end = -1
    for finding in sorted(findings, key=lambda found: (found.start, -found.end)):
        if finding.start >= end:
            kept.append(finding)
            end = finding.end
    return kept
