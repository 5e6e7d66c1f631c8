"""Cards that ask who: from an organisation, a state or a person and its sentence."""

import re

from quizapp.core.deck.drafting.context import is_dangling
from quizapp.core.deck.drafting.model import Located
from quizapp.core.deck.drafting.parts import Frame, make_frame, make_gap
from quizapp.core.deck.drafting.questions import read_clause
from quizapp.core.deck.drafting.wordings import capitalise, escape, is_safe, quote
from quizapp.core.deck.drafting.wordlists import FAMILY_FIRST, NATIONALITIES, TITLES
from quizapp.core.deck.drafting.workshop import Workshop, choose_wrong, list_near
from quizapp.core.deck.schema import Card

_WORDS = {"person": "Who", "state": "Which state", "organisation": "Which organisation", "treaty": "Which treaty"}
_POWERS = ("state", "seat", "bloc")
_FEWEST_WRONG = 2
_SHORTEST_QUESTION = 3
_ACRONYM = re.compile(r" \(([A-Z]{2,8})\)")
_ARTICLE = re.compile(r"\b[Tt]he $")
_BREAK = re.compile(
    r"[,;:“(—]\s*(?:and |but |while |when |so )?$|\b(?:but|while|when|because|so|although|whereas|that) $"
)


def _show(located: Located) -> str:
    """The name with the article that the text gives it."""
    before = located.sentence.text[: located.finding.start]
    text = located.finding.text
    return f"The {text}" if _ARTICLE.search(before) and not text.casefold().startswith("the ") else capitalise(text)


def _list_accepted(shop: Workshop, located: Located) -> tuple[str, ...]:
    """Other names that the text has for the same, and a person's last name."""
    finding = located.finding
    others = [other.finding.text for other in shop.by_thing[finding.thing][:200] if other.finding.sort == finding.sort]
    if finding.sort == "person" and " " in finding.text:
        words = finding.text.split()
        others += [word for word in (words[0] if words[0] in FAMILY_FIRST else words[-1],) if not word.isupper()]
    known = dict.fromkeys(text.removeprefix("the ") for text in others)
    return tuple(text for text in known if text != finding.text and is_safe(text))


def ask_who(located: Located) -> str | None:
    """The question whose answer is the name; None where the name is not who or what acts in its clause."""
    finding, text = located.finding, located.sentence.text
    before = _ARTICLE.sub("", text[: finding.start])
    while (words := before.split()) and words[-1] in TITLES | NATIONALITIES:
        before = before[: before.rstrip().rindex(words[-1])]
    if before.strip() and not _BREAK.search(before):
        return None
    behind = text[finding.start :]
    piece = re.split(r"[,;:!?()—]| [–-] ", behind, maxsplit=1)[0]
    clause = read_clause(piece)
    if clause is None or clause.subject.removeprefix("the ") != finding.text.removeprefix("the "):
        return None
    rest = clause.rest.rstrip(". ")
    if len(rest.split()) < _SHORTEST_QUESTION or finding.text in rest or clause.verb in ("are", "were", "have", "do"):
        return None
    asked = f"{_WORDS.get(finding.sort, 'Who')} {clause.verb} {rest}"
    return None if is_dangling(asked) else asked


def _is_alike(located: Located, other: Located) -> bool:
    sort, another = located.finding.sort, other.finding.sort
    return sort == another or (sort in _POWERS and another in _POWERS)


def _list_wrong(shop: Workshop, located: Located, asked: str) -> list[str]:
    near = [other for other in list_near(shop, located) if _is_alike(located, other)]
    shown = {other.finding.text: _show(other) for other in near}
    wrong = [shown.get(text, text) for text in choose_wrong(shop, asked, located, near)]
    answer = _show(located).casefold()
    return [text for text in wrong if is_safe(text) and text.casefold() != answer]


def _expand(located: Located, frame: Frame) -> Card | None:
    """What letters stand for, where the text tells it: “Shanghai Cooperation Organization (SCO)”."""
    found = _ACRONYM.match(located.sentence.text, located.finding.end)
    if not found or located.finding.sort not in ("organisation", "treaty") or not is_safe(located.finding.text):
        return None
    return frame.short(f"What do the letters {found[1]} stand for in the text?", located.finding.text)


def make_name_card(shop: Workshop, located: Located) -> Card | None:
    """A card on a name; None where no good one can be made."""
    finding = located.finding
    proof = shop.prove(located)
    if proof is None or not is_safe(finding.text):
        return None
    answer = _show(located)
    letters = f"It begins with “{finding.text.removeprefix('the ')[:1]}”."
    more = f"It names {quote(finding.text)} here."
    frame = make_frame(shop, located, proof, more, letters, ("names", finding.sort), "easy")
    if not shop.speaks_english:
        text = make_gap(shop, located, (finding.text,))
        return frame.cloze(text) if text else None
    if card := _expand(located, frame):
        return card
    accepted = _list_accepted(shop, located)
    if asked := ask_who(located):
        prompt = f"{escape(asked)}, according to the text?"
        wrong = _list_wrong(shop, located, asked)
        if len(wrong) >= _FEWEST_WRONG:
            return frame.choice(prompt, answer, wrong)
        return frame.short(prompt, answer, (finding.text, *accepted) if answer != finding.text else accepted)
    shown = finding.text.removeprefix("the ")
    text = (
        make_gap(shop, located, (finding.text,))
        if shown != finding.text
        else make_gap(shop, located, (shown, *accepted))
    )
    return frame.cloze(text) if text else None
