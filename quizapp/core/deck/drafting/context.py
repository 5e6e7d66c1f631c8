"""Whether a text stands alone, and the sentences before it where it does not: nobody can fill “She moved to (…)”."""

import re
from dataclasses import replace

from quizapp.core.deck.drafting.model import Located
from quizapp.core.deck.drafting.questions import Clause, lower_first
from quizapp.core.deck.drafting.wordlists import CALENDAR, NATIONALITIES, NOT_NAMES, ROLES, split_set
from quizapp.core.deck.drafting.workshop import Workshop

_PEOPLE = split_set("he she him her his hers himself herself")
_THINGS = split_set("they them their theirs it its themselves itself this these those such")
_BACK = split_set("two three former latter same other others pair following previous")  # behind “the”
_WORD = re.compile(r"[\w’-]+|[.?!](?= )")
_SUBJECTS = split_set("he she they his their")
_OBJECTS = split_set("him")
# Behind these begins another clause, in which somebody may be the “him” of the first.
_OPENING = split_set(
    "after although as because before for if lest since so that to until when where which while who whose"
)
# Behind “her” these begin something new: “sold her a house”, and not “sold her house”.
_BEHIND_HER = split_set("a an the to as for in on at into out up back from with that and by unconscious equal")
# These ask for who acts, so that a “he” behind them is the one who is asked for.
_ASKING = split_set("Who Which")
_MOST_BEFORE = 3  # sentences
_MOST_WORDS = 70


def _is_person(word: str, *, is_first: bool, names: frozenset[str]) -> bool:
    """Whether a later “he” may mean this word: a name or a trade; a capital at the head of a sentence tells nothing."""
    if word[0].isupper() and word not in NOT_NAMES | CALENDAR:
        return not is_first or word.removesuffix("’s") in names
    return word.casefold() in ROLES | {"man", "woman", "boy", "girl"}


def _is_object(word: str, following: str) -> bool:
    return word in _OBJECTS or (word == "her" and (following in _BEHIND_HER or not following[:1].isalpha()))


def is_dangling(text: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether a text points back to something that it does not name: “He did the same there”.

    ``names`` are words that are known to be names. Somebody who acts is not the “him” behind the verb. A question that
    asks who acts binds the pronouns behind its verb: “Who left because he was tired?”
    """
    words = _WORD.findall(text)
    asks = bool(words) and words[0] in _ASKING
    people, has_thing, is_apart = 0, False, False
    for at, word in enumerate(words):
        low, before = word.casefold(), words[at - 1].casefold() if at else "."
        following = words[at + 1] if at + 1 < len(words) else ""
        bound = asks and low in _SUBJECTS
        needed = 2 if _is_object(low, following) and not is_apart else 1
        if low in _PEOPLE and people < needed and not bound:
            return True
        if (low in _THINGS or (low == "the" and following in _BACK)) and not has_thing and not bound:
            return True
        is_person = _is_person(word, is_first=before in (".", "?", "!"), names=names)
        is_apart = (is_apart or low in _OPENING) and not is_person
        people += is_person and not (at and _is_person(words[at - 1], is_first=False, names=names))
        is_noun = (
            low in ("people", "men", "women", "children")
            or before in ("the", "a", "an", "of", "and")
            or (word.endswith("s") and len(word) > len("this"))
        )
        has_thing = has_thing or is_person or is_noun
    return False


def _mask(shop: Workshop, located: Located) -> str:
    """The sentence without its times, which no pronoun means."""
    text = located.sentence.text
    for other in shop.by_sentence.get((located.sentence.paragraph, located.sentence.start), ()):
        if other.finding.kind == "date":
            start, end = other.finding.start, other.finding.end
            text = text[:start] + "." * (end - start) + text[end:]
    return text


def lower_subject(shop: Workshop, located: Located, clause: Clause) -> Clause:
    """The clause with a small letter where only the head of the sentence gave its subject a capital: “shares rose”."""
    words = clause.subject.split()
    names = shop.by_sentence[located.sentence.paragraph, located.sentence.start]
    is_name = any(other.finding.kind == "name" and other.finding.start == 0 for other in names)
    is_nation = words[0] in NATIONALITIES or words[0].removesuffix("s") in NATIONALITIES
    is_odd = not words[0].isalpha() or not words[0][1:].islower() or (len(words) > 1 and words[1][0].isupper())
    if is_name or is_nation or is_odd or not located.sentence.text.startswith(words[0]):
        return clause
    return replace(clause, subject=lower_first(clause.subject, names=False))


def find_context(shop: Workshop, located: Located) -> str | None:
    """The sentences before that make the finding's sentence clear; nothing where it stands alone, None where none do.

    The first sentence of a text has none before it and is taken as it stands.
    """
    if not is_dangling(_mask(shop, located), shop.names):
        return ""
    paragraph = located.sentence.paragraph
    earlier = shop.passages.get(paragraph - 1)
    here = shop.passages[paragraph].sentences
    told = [*(earlier.sentences if earlier else ()), *here[: here.index(located.sentence)]]
    for count in range(1, min(_MOST_BEFORE, len(told)) + 1):
        before = " ".join(sentence.text for sentence in told[-count:])
        if len(f"{before} {located.sentence.text}".split()) > _MOST_WORDS:
            return None
        if not is_dangling(f"{before} {located.sentence.text}", shop.names):
            return before + " "
    return None if told else ""
