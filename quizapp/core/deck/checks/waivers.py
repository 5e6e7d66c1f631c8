"""Rules that a deck or card has set aside with a reason, and reasons that nothing needs any more."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from quizapp.core.deck.checks.desk import Finding
from quizapp.core.deck.checks.rules import RULES
from quizapp.core.deck.schema import Deck
from quizapp.core.messages import say

_Used = set[tuple[int | None, str]]


def apply_waivers(deck: Deck, findings: Iterable[Finding]) -> tuple[list[Finding], _Used]:
    """The findings that stay, and which waivers were needed: by card number (None for the deck's) and code."""
    staying: list[Finding] = []
    used: _Used = set()
    for finding in findings:
        own = deck.cards[finding.card].waive if finding.card is not None else {}
        if not RULES[finding.code].can_be_waived:
            staying.append(finding)
        elif finding.code in own:
            used.add((finding.card, finding.code))
        elif finding.code in deck.waive:
            used.add((None, finding.code))
        else:
            staying.append(finding)
    return staying, used


def _check_waivers(
    waive: Mapping[str, str], card: int | None, used: _Used, unsure: Collection[str]
) -> Iterator[Finding]:
    for code in waive:
        path = ("waive", code)
        rule = RULES.get(code)
        if rule is None:
            likely = get_close_matches(code, RULES, 1)
            fix = (
                say("Did you mean `%(likely)s`?", likely=likely[0])
                if likely
                else say("docs/writing-decks.md lists the rules.")
            )
            yield Finding("unknown-waiver", say("There is no rule `%(code)s`.", code=code), fix, card, path)
        elif not rule.can_be_waived:
            message = say("The rule `%(code)s` cannot be waived.", code=code)
            yield Finding("unknown-waiver", message, say("Mend what it reports, and delete this."), card, path)
        elif (card, code) not in used and code not in unsure:
            message = say("Nothing is reported by the rule `%(code)s` here.", code=code)
            yield Finding("unused-waiver", message, say("Delete this waiver."), card, path)


def check_waivers(deck: Deck, used: _Used, unsure: Collection[str]) -> Iterator[Finding]:
    """The rules ``unknown-waiver`` and ``unused-waiver``; ``unsure`` are rules that could not see all they need."""
    yield from _check_waivers(deck.waive, None, used, unsure)
    for number, card in enumerate(deck.cards):
        if card.waive:
            yield from _check_waivers(card.waive, number, used, unsure)
