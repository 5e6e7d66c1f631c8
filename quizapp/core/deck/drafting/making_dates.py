"""Cards that ask when: from a date or period and its sentence."""

import re

from quizapp.core.deck.drafting.model import Finding, Located
from quizapp.core.deck.drafting.parts import Frame, make_frame, make_gap
from quizapp.core.deck.drafting.questions import Clause, cut_out, read_clause
from quizapp.core.deck.drafting.wordings import capitalise, escape, is_safe, quote
from quizapp.core.deck.drafting.workshop import Workshop, choose_wrong, list_near
from quizapp.core.deck.schema import Card

_CALENDAR = ("day", "month", "year")
_TYPED = ("day", "month", "year", "range", "decade", "century", "period")
_WORDS = {"year": "In which year", "duration": "For how long"}
_IN_THE_WORDS = "in the words of the text,"
_HEAD = re.compile(
    r"^(?:in|on|at|by|for|from|since|after|before|until|during|within|over|following|prior|just|about|more|less|almost|"
    r"nearly|last|next|this|yesterday|tomorrow)\b",
    re.IGNORECASE,
)
_FEWEST_WRONG = 2
_ONE_IN = 3  # of the years about which a statement can be made, so many get one


def is_exact(finding: Finding) -> bool:
    """Whether this is a day, month or year of the calendar, which a learner can type."""
    return finding.sort in _CALENDAR and any(map(str.isdigit, finding.text))


def _show(finding: Finding) -> str:
    """A time as an answer to “when”: “During the Cold War”, “In recent years”."""
    text = finding.text.strip(" ,")
    if finding.sort == "day":
        return f"On {text}"
    if finding.sort == "period" and not _HEAD.match(text):
        even = re.sub(r"-(?=era$|times$|period$)", " ", text)
        bare = even if even.casefold().startswith(("the ", "world war")) else f"the {even}"
        return f"During {bare[:1].lower()}{bare[1:]}" if bare[:4].casefold() == "the " else f"During {bare}"
    if (
        finding.sort in ("relative", "decade", "century")
        and not _HEAD.match(text)
        and not text.endswith(("ago", "later"))
    ):
        return f"In {text[:1].lower()}{text[1:]}"
    return capitalise(text)


def _write(finding: Finding) -> str:
    return capitalise(finding.text.strip(" ,"))


def _classify(finding: Finding) -> str:
    """Times of one class look alike: how long, or when by name, by the calendar of the writer, or by an event."""
    if finding.sort in ("duration", "age"):
        return "length"
    return finding.sort if finding.sort in ("relative", "event") else "named"


def _hint(located: Located) -> str:
    year = re.search(r"\b(1\d|20)(\d)\d\b", located.finding.text)
    if is_exact(located.finding) and year:
        return f"It is in the {year[1]}{year[2]}0s."
    return f"Look at paragraph {located.sentence.paragraph}, and at the words that tell the time."


def _list_wrong(shop: Workshop, located: Located, asked: str, *, as_written: bool = False) -> list[str]:
    """Other times of the text; ``as_written``, for a gap, else as answers to “when”."""
    finding = located.finding
    near = [other for other in list_near(shop, located) if not is_exact(other.finding)]
    alike = [other for other in near if _classify(other.finding) == _classify(finding)]
    show = _write if as_written else _show
    shown = {other.finding.text: show(other.finding) for other in near}
    wrong = choose_wrong(shop, asked, located, alike)
    if len(wrong) < _FEWEST_WRONG and _classify(finding) != "length":
        wrong = choose_wrong(shop, asked, located, (other for other in near if _classify(other.finding) != "length"))
    wrong = [shown.get(text, text) for text in wrong]
    return [text for text in dict.fromkeys(wrong) if is_safe(text) and text.casefold() != show(finding).casefold()]


def _state(shop: Workshop, located: Located, clause: Clause, frame: Frame) -> Card | None:
    """A statement with the right year, or with another year of the text."""
    finding = located.finding
    years = [other for other in list_near(shop, located) if other.finding.sort == "year" and is_exact(other.finding)]
    wrong = choose_wrong(shop, clause.rest, located, years)
    if finding.sort != "year" or not wrong or shop.chance("state", finding.text) % _ONE_IN:
        return None
    is_true = shop.chance("truth", finding.text, located.sentence.text) % 2 == 0
    year = finding.text if is_true else wrong[0]
    return frame.truefalse(f"According to the text: {escape(clause.state())} in {year}.", answer=is_true)


def _ask(shop: Workshop, located: Located, clause: Clause, frame: Frame) -> Card | None:
    finding = located.finding
    word = _WORDS.get(finding.sort, "When")
    prompt = escape(clause.ask(word if is_exact(finding) else f"{word}, {_IN_THE_WORDS}"))
    if is_exact(finding) and is_safe(finding.text):
        return _state(shop, located, clause, frame) or frame.short(prompt, finding.text, is_date=True)
    answer = _show(finding)
    wrong = _list_wrong(shop, located, prompt)
    if len(wrong) >= _FEWEST_WRONG and is_safe(answer):
        return frame.choice(prompt, answer, wrong)
    return None


def _fill(shop: Workshop, located: Located, frame: Frame) -> Card | None:
    """The sentence with a gap: to type where a learner can, else with other times of the text to choose from."""
    finding = located.finding
    answer = finding.text.strip(" ,")
    is_typed = finding.sort in _TYPED or not shop.speaks_english
    if not is_typed:
        gapped = make_gap(located, (answer,), gap="(…)")
        wrong = _list_wrong(shop, located, located.sentence.text, as_written=True)
        if gapped and len(wrong) >= _FEWEST_WRONG:
            return frame.choice(f"Which time belongs in the gap (…)? “{gapped}”", _write(finding), wrong)
    text = make_gap(located, (answer,))
    return frame.cloze(text) if text and len(answer.split()) <= 6 else None


def make_date_card(shop: Workshop, located: Located) -> Card | None:
    """A card on a date or period; None where no good one can be made."""
    finding, sentence = located.finding, located.sentence
    proof = shop.prove(located)
    if proof is None:
        return None
    more = f"The words {quote(finding.text.strip(' ,'))} tell the time." if not is_exact(finding) else ""
    frame = make_frame(
        shop, located, proof, more, _hint(located), ("dates", finding.sort), "easy" if is_exact(finding) else "medium"
    )
    statement = cut_out(sentence.text, finding.start, finding.end) if shop.speaks_english else None
    clause = read_clause(statement) if statement else None
    is_attribute = "-" in finding.text and finding.sort == "period"
    can_ask = (
        clause is not None
        and not is_attribute
        and ((clause.rest or (clause.base and " " in clause.subject)) and not re.search(r"\d{4}", clause.rest))
    )
    card = _ask(shop, located, clause, frame) if clause and can_ask else None
    return card or _fill(shop, located, frame)
