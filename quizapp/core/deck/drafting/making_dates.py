"""Cards that ask when: from a date or period and its sentence."""

import re

from quizapp.core.deck.drafting.context import is_dangling, lower_subject
from quizapp.core.deck.drafting.model import Finding, Located
from quizapp.core.deck.drafting.parts import Frame, make_frame, make_gap
from quizapp.core.deck.drafting.questions import Clause, cut_out, read_clause
from quizapp.core.deck.drafting.verbs import BASES
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
# No learner types these as a date: “early 1945”, “Christmas 1938”.
_VAGUE = re.compile(
    r"\b(?:early|late|mid|end|start|beginning|middle|spring|summer|autumn|fall|winter|Eve|Day|Christmas|Easter|Ides)\b"
)
# The word before a period that says where in time it points: the period “after the war” is not the war.
_POINTING = re.compile(
    r"(?:\b(?:since|until|till|by|before|after|following|throughout|around|"
    r"(?:at|towards?) the (?:end|start|beginning) of|(?:the )?(?:end|start|beginning|height|outbreak|eve) of)|"
    r"(?:^|, )from)(?: the)? $",
    re.IGNORECASE,
)
_SPELL = re.compile(r"(?:the )?(?:recent|past|coming) ", re.IGNORECASE)
# Words before an exact date that belong into the question: “Until when did …?”
_BOUND = re.compile(r"\b(until|till|since|by|before|after|from)$", re.IGNORECASE)
# Behind these a date may belong to the second verb: “wrote that none had come since 1958”.
_SECOND = re.compile(r"\b(?:that|while|whom|whose|a\.m|p\.m)\b|\bto ([a-z]+)\b")
_FEWEST_WRONG = 2
_MOST_TYPED = 4  # words of a time that is typed
_YEAR = re.compile(r"\b\d{4}\b")
_MOST_STATED = 30  # words
_ONE_IN = 3  # of the years about which a statement can be made, so many get one


def is_exact(finding: Finding) -> bool:
    """Whether this is a day, month or year of the calendar, which a learner can type."""
    return finding.sort in _CALENDAR and any(map(str.isdigit, finding.text)) and not _VAGUE.search(finding.text)


def _show(located: Located) -> str:
    """A time as an answer to “when”: “During the Cold War”, “Since the 1980s”, “In recent years”."""
    finding = located.finding
    text = finding.text.strip(" ,")
    if pointing := _POINTING.search(located.sentence.text[: finding.start]):
        return capitalise(f"{pointing[0].lstrip(', ')}{text}")
    if finding.sort == "day" and not text.startswith(("Christmas", "Easter")):
        return f"On {text}"
    if finding.sort == "period" and not _HEAD.match(text):
        even = re.sub(r"-(?=era$|times$|period$)", " ", text)
        bare = even if even.casefold().startswith(("the ", "world war")) else f"the {even}"
        return f"During {bare[:1].lower()}{bare[1:]}" if bare[:4].casefold() == "the " else f"During {bare}"
    is_spell = finding.sort != "relative" or _SPELL.match(text)
    if finding.sort in ("relative", "decade", "century", "month") and is_spell and not _HEAD.match(text):
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


def _leans(located: Located) -> bool:
    """Whether a time needs the words behind it: “nine days after the vote”."""
    behind = located.sentence.text[located.finding.end :]
    return located.finding.text.endswith((" after", " before")) and behind.lstrip()[:1].isalpha()


def _list_wrong(shop: Workshop, located: Located, asked: str, *, as_written: bool = False) -> list[str]:
    """Other times of the text; ``as_written``, for a gap, else as answers to “when”."""
    finding = located.finding
    near = [other for other in list_near(shop, located) if not is_exact(other.finding)]
    alike = [other for other in near if _classify(other.finding) == _classify(finding) and not _leans(other)]
    shown = {other.finding.text: _write(other.finding) if as_written else _show(other) for other in near}
    wrong = choose_wrong(shop, asked, located, alike)
    if len(wrong) < _FEWEST_WRONG and _classify(finding) != "length" and not as_written:
        wrong = choose_wrong(shop, asked, located, (other for other in near if _classify(other.finding) != "length"))
    wrong = [shown.get(text, text) for text in wrong]
    right = (_write(finding) if as_written else _show(located)).casefold()
    return [text for text in dict.fromkeys(wrong) if is_safe(text) and text.casefold() != right]


def _state(shop: Workshop, located: Located, frame: Frame) -> Card | None:
    """The sentence with its year, or with another year of the text in its place."""
    finding, sentence = located.finding, located.sentence.text
    years = [other for other in list_near(shop, located) if other.finding.sort == "year" and is_exact(other.finding)]
    wrong = choose_wrong(shop, sentence, located, years)
    if finding.sort != "year" or not wrong or shop.chance("state", finding.text) % _ONE_IN:
        return None
    is_plain = len(sentence.split()) <= _MOST_STATED and not re.search(r"[“”\"?!;]", sentence)
    others = [year for year in _YEAR.findall(sentence) if year != finding.text]
    if not is_plain or others or not _YEAR.fullmatch(finding.text) or is_dangling(sentence, shop.names):
        return None
    is_true = shop.chance("truth", finding.text, located.sentence.text) % 2 == 0
    nearest = min(filter(_YEAR.fullmatch, wrong), key=lambda other: abs(int(other) - int(finding.text)), default="")
    if not nearest:
        return None
    year = finding.text if is_true else nearest
    stated = f"{sentence[: finding.start]}{year}{sentence[finding.end :]}"
    return frame.truefalse(f"According to the text: {escape(stated)}", answer=is_true)


def _ask(shop: Workshop, located: Located, clause: Clause, frame: Frame) -> Card | None:
    finding = located.finding
    word = _WORDS.get(finding.sort, "When")
    if is_exact(finding) and (bound := _BOUND.search(located.sentence.text[: finding.start].rstrip())):
        word = f"{capitalise(bound[1])} {'which year' if finding.sort == 'year' else 'when'}"
    if is_dangling(clause.ask(word)):
        return None
    prompt = escape(clause.ask(word if is_exact(finding) else f"{word}, {_IN_THE_WORDS}"))
    if is_exact(finding) and is_safe(finding.text):
        return _state(shop, located, frame) or frame.short(prompt, finding.text, is_date=True)
    answer = _show(located)
    wrong = _list_wrong(shop, located, prompt)
    if len(wrong) >= _FEWEST_WRONG and is_safe(answer):
        return frame.choice(prompt, answer, wrong)
    return None


def _fill(shop: Workshop, located: Located, frame: Frame) -> Card | None:
    """The sentence with a gap: to type where a learner can, else with other times of the text to choose from."""
    finding = located.finding
    answer = finding.text.strip(" ,")
    is_typed = finding.sort in _TYPED or not shop.speaks_english or _leans(located)
    if not is_typed:
        gapped = make_gap(shop, located, (answer,), gap="(…)")
        gapped = gapped.replace("“", "‘").replace("”", "’") if gapped else None
        wrong = _list_wrong(shop, located, located.sentence.text, as_written=True)
        if gapped and len(wrong) >= _FEWEST_WRONG:
            return frame.choice(f"Which time belongs in the gap (…)? “{gapped}”", _write(finding), wrong)
    text = make_gap(shop, located, (answer,)) if len(answer.split()) <= _MOST_TYPED else None
    return frame.cloze(text) if text else None


def _is_unclear(shop: Workshop, located: Located, clause: Clause) -> bool:
    """Whether the date may belong to another verb than the one asked about, or another time stays in the question."""
    others = shop.by_sentence[located.sentence.paragraph, located.sentence.start]
    times = (other.finding.text for other in others if other.finding.kind == "date" and other != located)
    if any(time in clause.rest or time in clause.subject for time in times):
        return True
    before = clause.rest if located.finding.start > 0 else ""
    found = list(_SECOND.finditer(before))
    return any(match[1] is None or match[1] in BASES for match in found)


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
    clause = lower_subject(shop, located, clause) if clause else None
    is_attribute = "-" in finding.text and finding.sort == "period"
    can_ask = (
        clause is not None
        and not is_attribute
        and not _is_unclear(shop, located, clause)
        and ((clause.rest or (clause.base and " " in clause.subject)) and not re.search(r"\d{4}", clause.rest))
    )
    card = _ask(shop, located, clause, frame) if clause and can_ask else None
    return card or _fill(shop, located, frame)
