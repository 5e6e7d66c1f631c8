"""Organisations, states and people in the sentences of a text, by their words and what stands beside them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from quizapp.core.deck.checks.words import get_primary
from quizapp.core.deck.drafting.actors import add_actors, find_actors
from quizapp.core.deck.drafting.gazetteer import load_gazetteer
from quizapp.core.deck.drafting.model import Finding, Sentence
from quizapp.core.deck.drafting.named import Named, Reader, fold_name, is_acronym, match_known
from quizapp.core.deck.drafting.organisations import (
    HEADS,
    find_company,
    find_nations_office,
    find_office,
    find_organisation,
    find_realm,
)
from quizapp.core.deck.drafting.people import acts, find_companion, find_person
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
    EVENTS,
    GIVEN_NAMES,
    MOTIONS,
    NOT_NAMES,
    PLACES,
    TITLES,
    split_set,
)

# Before “Assembly” or “Court” these belong to the name.
_FITTING = split_set(
    "Central Economic Eastern Global High International Military National New Northern Political Southern Western"
)
_PASSED = NOT_NAMES | frozenset(("AD", "BC", "BCE", "CE", "AM", "PM"))
_SHORTEST_ACRONYM, _LONGEST_ACRONYM = 3, 4  # letters of which the text does not tell for what they stand
_FEWEST_SHOUTED = 4
_LOCATING = split_set("across around at inside in into near outside through throughout via")
_SMALL_WORDS = split_set("a an and as at but by de for from in into la of on or over s so the to up vs with")


def _is_place(tokens: Sequence[Token], at: int, behind: int, last: int) -> bool:
    """Whether a capital is the town here, and does not stand for its state: “born in Vienna”, “flew to London”."""
    before = get_token(tokens, at - 1).casefold()
    is_part = behind < last and tokens[behind].is_capital and follows_closely(tokens, behind - 1)
    if is_part or before in _LOCATING or get_token(tokens, behind) == "itself":
        return True
    near = [get_token(tokens, number) for number in range(max(0, at - 6), at - 1)]
    return before in ("to", "from", "for") and (not MOTIONS.isdisjoint(near) or "from" in near)


def _list_known(reader: Reader, tokens: Sequence[Token], first: int, last: int) -> Iterator[Named]:
    """The known names among some tokens, one behind the other. Parts of the earth are passed over."""
    at = first
    while at < last:
        found = match_known(reader, tokens, at)
        if found is None:
            at += 1
            continue
        known, behind = found
        if known.sort == "state" and is_possessive(tokens, behind) and (office := find_office(tokens, behind)):
            words = " ".join(token.text for token in tokens[behind + 2 : office])
            yield Named(at, office, "organisation", f"{known.thing}: {words}")
        elif known.sort != "region" and not (known.sort == "seat" and _is_place(tokens, at, behind, last)):
            yield Named(at, behind, known.sort, known.thing)
        at = behind


def _is_shouted(tokens: Sequence[Token]) -> bool:
    """Whether all but small words have capitals, as in a headline: then capitals tell nothing."""
    words = [token for token in tokens if token.text[0].isalpha()]
    return len(words) >= _FEWEST_SHOUTED and all(word.is_capital or word.text in _SMALL_WORDS for word in words)


def _find_acronym(reader: Reader, tokens: Sequence[Token], at: int) -> Named | None:
    text = tokens[at].text
    if not is_acronym(text):
        return None
    if text in reader.acronyms:
        return Named(at, at + 1, "organisation", reader.acronyms[text])
    first = last = at
    while is_acronym(get_token(tokens, first - 1)) and follows_closely(tokens, first - 1):
        first -= 1
    while is_acronym(get_token(tokens, last + 1)) and follows_closely(tokens, last):
        last += 1
    is_told = get_token(tokens, first - 1).lower() == "the" or acts(get_token(tokens, last + 1))
    is_short = len(text) <= _LONGEST_ACRONYM and get_token(tokens, first - 1) not in ("a", "an")
    is_dateline = first == 0 and (get_token(tokens, last + 1) in "–—-" or get_token(tokens, last + 2)[:1].isdigit())
    is_short = is_short and not is_dateline and not _is_shouted(tokens)
    if len(text) >= _SHORTEST_ACRONYM and (is_told or (is_short and get_primary(reader.language) == "en")):
        return Named(first, last + 1, "organisation", fold_name(" ".join(one.text for one in tokens[first : last + 1])))
    return None


def _trim(reader: Reader, tokens: Sequence[Token], run: Run) -> Run:
    """The run without words before it that are no part of a name."""
    first = run.first
    has_head = any(tokens[at].text in HEADS for at in range(run.first, run.last))
    while first < run.last and tokens[first].text in _PASSED and tokens[first].text not in TITLES:
        if has_head and tokens[first].text in _FITTING:
            break
        if match_known(reader, tokens, first) is not None:
            break
        first += 1
    if first == 0 and run.last > 1 and tokens[0].text.lower() in reader.small and tokens[0].text not in GIVEN_NAMES:
        first = 1
    return Run(first, run.last)


def _read_run(reader: Reader, tokens: Sequence[Token], run: Run, sentence: Sentence) -> list[Named]:
    run = _trim(reader, tokens, run)
    if run.first >= run.last:
        return []
    known = list(_list_known(reader, tokens, run.first, run.last))
    if known and known[0].first == run.first and known[0].last >= run.last:
        return known
    realm = find_realm(tokens, run, sentence) if not known else None
    if realm is not None:
        return [realm]
    if office := find_nations_office(tokens, run):
        return [*(found for found in known if found.last <= office.first), office]
    if organisation := find_organisation(tokens, run, sentence) or (
        None if known else find_company(tokens, run, sentence)
    ):
        rest = [Run(organisation.last, run.last)] if organisation.last < run.last else []
        return [organisation, *(found for part in rest for found in _read_run(reader, tokens, part, sentence))]
    if any(tokens[at].text in EVENTS for at in range(run.first, run.last)):
        behind = max(at for at in range(run.first, run.last) if tokens[at].text in EVENTS) + 1
        return _read_run(reader, tokens, Run(behind, run.last), sentence)
    if tokens[run.last - 1].text in PLACES or tokens[run.first].text in PLACES:
        return []
    person = find_person(reader, tokens, run, sentence)
    if person is not None:
        return [*(found for found in known if found.last <= person.first), person]
    acronyms = (_find_acronym(reader, tokens, at) for at in range(run.first, run.last))
    return known or [found for found in acronyms if found]


def _list_taken(named: Sequence[Named]) -> set[int]:
    return {at for one in named for at in range(one.first, one.last)}


def _list_companions(
    reader: Reader, tokens: Sequence[Token], named: Sequence[Named], sentence: Sentence
) -> Iterator[Named]:
    """People beside people, whom nothing else tells."""
    if get_primary(reader.language) != "en" or _is_shouted(tokens):
        return
    people = [one for one in named if one.sort == "person"]
    taken = _list_taken(named)
    for run in (_trim(reader, tokens, one) for one in list_runs(tokens)):
        if run.first < run.last and taken.isdisjoint(range(run.first, run.last)):
            found = find_companion(tokens, run, people, sentence)
            if found is not None:
                yield found


def _learn_acronym(reader: Reader, tokens: Sequence[Token], named: Named) -> None:
    """“Shanghai Cooperation Organization (SCO)”: from here on the letters stand for the name."""
    letters = get_token(tokens, named.last + 1)
    is_told = get_token(tokens, named.last) == "(" and get_token(tokens, named.last + 2) == ")" and is_acronym(letters)
    initials = "".join(token.text[0] for token in tokens[named.first : named.last] if token.is_capital)
    if is_told and named.sort in ("organisation", "treaty") and initials.startswith(letters[0]):
        reader.acronyms.setdefault(letters, named.thing)


def _read_sentence(reader: Reader, tokens: Sequence[Token], sentence: Sentence) -> list[Named]:
    if _is_shouted(tokens) or get_primary(reader.language) != "en":
        found = list(_list_known(reader, tokens, 0, len(tokens)))
        return found + [named for at in range(len(tokens)) if (named := _find_acronym(reader, tokens, at))]
    found = []
    for run in list_runs(tokens):
        found += _read_run(reader, tokens, run, sentence)
    blocs = (match_known(reader, tokens, at) for at, token in enumerate(tokens) if token.text in ("the", "The"))
    for bloc in blocs:
        if bloc is not None:
            known, behind = bloc
            found.append(Named(behind - len(known.words), behind, known.sort, known.thing))
    for named in found:
        _learn_acronym(reader, tokens, named)
    return found


def _list_surnames(found: Mapping[int, Sequence[Named]], tokens: Sequence[Sequence[Token]]) -> dict[str, str]:
    """The last words of people's names, and whom they stand for; one that two people share stands for nobody."""
    owners: dict[str, set[str]] = defaultdict(set)
    for index, all_named in found.items():
        for named in all_named:
            if named.sort == "person" and named.last - named.first > 1:
                owners[tokens[index][named.last - 1].text].add(named.thing)
    firms = {  # Siemens is the firm as much as its founder
        token.text
        for index, all_named in found.items()
        for named in all_named
        if named.sort == "organisation"
        for token in tokens[index][named.first : named.last]
    }
    return {
        word: next(iter(things))
        for word, things in owners.items()
        if len(things) == 1 and word[0].isupper() and word not in firms and word not in ("Jr", "Sr")
    }


def _list_single(found: Mapping[int, Sequence[Named]], tokens: Sequence[Sequence[Token]]) -> set[str]:
    """The organisations of a single word that the text has told of once: so they are wherever they stand."""
    words = {
        tokens[index][one.first].text
        for index, each in found.items()
        for one in each
        if one.sort == "organisation" and one.last - one.first == 1
    }
    return words - ALONE


def _add_surnames(named: Sequence[Named], tokens: Sequence[Token], surnames: Mapping[str, str]) -> Iterator[Named]:
    taken = {at for one in named for at in range(one.first, one.last)}
    for at, token in enumerate(tokens):
        if at in taken or token.text not in surnames:
            continue
        is_longer = follows_closely(tokens, at) and tokens[at + 1].is_capital and tokens[at + 1].text not in NOT_NAMES
        if not is_longer:
            yield Named(at, at + 1, "person", surnames[token.text])


def _merge_single(found: Mapping[int, Sequence[Named]], surnames: Mapping[str, str]) -> dict[int, list[Named]]:
    """People told by title and surname alone are those of the full name."""
    return {
        index: [
            Named(one.first, one.last, one.sort, surnames.get(one.thing.title(), one.thing))
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
    reader = Reader(language, load_gazetteer(language), frozenset(counts), {})
    found: dict[int, list[Named]] = {
        index: _read_sentence(reader, tokens[index], sentence) for index, sentence in enumerate(sentences)
    }
    for index, each in enumerate(tokens):  # letters that are told late in a text stand for the same before
        known = {at for named in found[index] for at in range(named.first, named.last)}
        told = (_find_acronym(reader, each, at) for at in range(len(each)) if at not in known)
        found[index] += [named for named in told if named]
    for index, sentence in enumerate(sentences):
        found[index] += _list_companions(reader, tokens[index], found[index], sentence)
    surnames = _list_surnames(found, tokens)
    found = _merge_single(found, surnames)
    actors: dict[str, str] = {}
    if get_primary(language) == "en":
        everyone = {index: _list_taken(found[index]) for index in found}
        actors = dict.fromkeys(find_actors(reader, tokens, everyone), "agent")
        actors |= dict.fromkeys(_list_single(found, tokens), "organisation")
    listed = []
    for index, sentence in enumerate(sentences):
        named = [*found[index], *_add_surnames(found[index], tokens[index], surnames)]
        named += add_actors(tokens[index], _list_taken(named), actors)
        findings = (_make_finding(one, tokens[index], sentence) for one in named)
        listed.append(_keep_longest(findings))
    return listed


def _make_finding(named: Named, tokens: Sequence[Token], sentence: Sentence) -> Finding:
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
