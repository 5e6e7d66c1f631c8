"""Cards that ask why and what for: from a motive and its sentence."""

import re
from dataclasses import dataclass
from typing import Literal

from quizapp.core.deck.drafting.context import find_context, is_dangling, lower_subject
from quizapp.core.deck.drafting.model import Finding, Located
from quizapp.core.deck.drafting.parts import make_frame
from quizapp.core.deck.drafting.questions import Clause, read_clause
from quizapp.core.deck.drafting.verbs import AUXILIARIES
from quizapp.core.deck.drafting.wordings import capitalise, escape, is_safe, quote, shorten
from quizapp.core.deck.drafting.wordlists import split_set
from quizapp.core.deck.drafting.workshop import Workshop, are_kin, list_near, share_matter
from quizapp.core.deck.schema import Card

_Form = Literal["aim", "doing", "matter", "statement", "other"]

_MOST_WORDS = 22
_LONGEST_STEM = 40
_FEWEST_WRONG = 2
_MOST_WRONG = 3
_POINTING = frozenset(["this", "that", "these", "those", "it", "them", "him", "her", "so", "such", "which"])
_OPENINGS = tuple(
    split_set(
        "afraid alarmed angry anxious believing convinced desperate determined eager fearing frightened hoping intent "
        "keen needing seeking tired unable unwilling wanting wishing worried"
    )
)
_WHOSE = ("threat to", "danger to", " driving", " among")
_RESULTS = ("As a result", "As a consequence", "Therefore", "Consequently", "Hence", "This is why", "That is why")
_BREAK = re.compile(r"[,;:(—“]\s*|\s(?:while|when|but|although|whereas|that|which|who)\s")
_DRIVING = re.compile(r"((?:\w+ )?\w+?)(?: (is|are|was|were))?(?: been)? (driving|drives?|drove|driven)")
_WHAT = {
    "purpose": "The words %s tell the purpose.",
    "cause": "The words %s tell the cause.",
    "fear": "The words %s tell the fear or worry.",
    "wish": "The words %s tell the wish.",
    "aim": "The words %s tell the aim.",
    "interest": "The words %s tell the interest.",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is answered, and its grammar: what somebody wants “to do”, “doing” it, a matter, a statement.

    Answers of the form ``other`` are like no others. ``rest`` is the answer as the sentence goes on behind the cue.
    """

    form: _Form
    text: str
    rest: str


def is_result(finding: Finding) -> bool:
    """Whether the motive tells what followed, and the reason stands in the sentence before."""
    return finding.cue.startswith(_RESULTS)


def _read_answer(finding: Finding) -> _Answer | None:
    """The reason as an answer that stands alone; None where it points elsewhere or is too long to choose."""
    reason = shorten(finding.reason.strip(" ,"), _MOST_WORDS)
    if reason is None or (reason.split()[0].casefold() in _POINTING and len(reason.split()) <= 2):
        return None
    if "“" in reason or '"' in reason or reason.count("(") != reason.count(")"):
        return None
    return _Answer(form := _find_form(finding, reason), _word(finding, form, reason), reason)


def _opens(finding: Finding) -> bool:
    """Whether the motive is told by how somebody is at the head of the sentence: “Unable to win, …”."""
    return finding.start == 0 and finding.cue.casefold().startswith(_OPENINGS)


def _find_form(finding: Finding, reason: str) -> _Form:
    cue = finding.cue.casefold()
    is_wanted = finding.sort in ("purpose", "wish", "aim")
    if finding.sort == "interest" or cue.startswith("the ") or cue.endswith(_WHOSE) or _opens(finding):
        return "other"
    if cue == "to" or (is_wanted and cue.endswith(" to") and not cue.startswith(("oppos", "with ", "opposed"))):
        return "aim"
    if cue in ("because", "so that", "as", "since", "lest", "in case") or cue.endswith((" as", " that")):
        return "statement"
    return "doing" if reason.split(maxsplit=1)[0].endswith("ing") else "matter"


def _word(finding: Finding, form: _Form, reason: str) -> str:
    """The answer as it stands alone: “To win”, “Unable to win”, “The weather”."""
    if form == "aim":
        return f"To {reason}"
    if driven := _DRIVING.fullmatch(finding.cue):
        return capitalise(driven[1])
    return capitalise(finding.text if _opens(finding) else reason)


def _before(located: Located) -> str:
    """The clause before the cue."""
    text = located.sentence.text[: located.finding.start].rstrip(" ,")
    start, mark = 0, ""
    for found in _BREAK.finditer(text):
        if found.end() < len(text):
            start, mark = found.end(), found[0].strip()
    piece = text[start:].strip()
    return "" if mark == "," and " and " in f" {' '.join(piece.split()[:5])} " else piece


def _ask_act(shop: Workshop, located: Located) -> str | None:
    """“Why did …?”, from the clause before the cue, or for a cue at the head of the sentence, from the one behind."""
    finding, text = located.finding, located.sentence.text
    behind = re.split(r"[;:(—“]", text[finding.end :].lstrip(" ,"), maxsplit=1)[0].rstrip(". ")
    clause = read_clause(_before(located) if finding.start else behind)
    if clause is None or not clause.rest:
        return None
    asked = lower_subject(shop, located, clause).ask("For what purpose" if finding.sort == "purpose" else "Why")
    return None if is_dangling(asked) else asked


def _ask_wish(located: Located) -> str | None:
    """“What does … want to do?”, where the cue is itself the verb or what is wished."""
    finding = located.finding
    subject, cue = _before(located), finding.cue.split()
    verb = cue[0]
    if cue[-2:-1] in (["is"], ["are"], ["was"], ["were"]) and cue[-1] == "to":
        return f"What {cue[-2]} {subject} {' '.join(cue[:-2])}?" if subject and _stands(f"{subject} x") else None
    tail = " ".join(cue[1:])
    clause = read_clause(f"{subject} {finding.cue} x")
    if clause is None or not (clause.verb == verb or f"{clause.rest} ".startswith(f"{finding.cue} ")):
        return None
    asked = Clause(clause.subject, clause.verb, clause.rest.removesuffix("x").rstrip(), clause.aux, clause.base)
    if finding.sort in ("wish", "aim") and tail.endswith("to"):
        return asked.ask("What").replace("?", " do?")
    if tail.endswith("that"):
        asked = Clause(asked.subject, asked.verb, asked.rest.removesuffix("that").rstrip(), asked.aux, asked.base)
    return None if is_dangling(asked.ask("What")) else asked.ask("What")


def _stands(subject: str) -> bool:
    return read_clause(f"{subject} is so") is not None


def _is_act(finding: Finding) -> bool:
    """Whether the cue follows what is done, so that the question is why."""
    cue = finding.cue.split()[0].casefold()
    return (
        finding.sort in ("purpose", "cause") and cue not in ("the",) and not finding.cue[:1].isupper()
    ) or finding.start == 0


def _ask(shop: Workshop, located: Located) -> str | None:
    finding = located.finding
    if driven := _DRIVING.fullmatch(finding.cue):
        be = "was" if driven[2] in ("was", "were") else "is"
        return f"What {be} driving {finding.reason}?" if driven[3] == "driving" else None
    if finding.cue.startswith("the reason"):
        return None
    if finding.sort == "cause" and finding.cue.endswith(" by"):
        return None
    is_noun = finding.cue.split()[0].casefold() in (
        "effort",
        "efforts",
        "attempt",
        "attempts",
        "bid",
        "campaign",
        "struggle",
    )
    if is_noun or finding.cue.split()[0] in AUXILIARIES:
        return None
    return _ask_act(shop, located) if _is_act(finding) else _ask_wish(located)


def _complete(shop: Workshop, located: Located) -> str | None:
    """The sentence up to the cue and with it, to be completed; None where too little stands before it."""
    finding, text = located.finding, located.sentence.text
    stem = text[: finding.start + len(finding.cue)].strip()
    if finding.start == 0 or "reason" in finding.cue or not 4 <= len(stem.split()) <= _LONGEST_STEM:
        return None
    context = find_context(shop, located)
    return None if context is None else f"How does the sentence go on in the text? {quote(f'{context}{stem} …')}"


def _list_wrong(shop: Workshop, located: Located, answer: _Answer, asked: str, *, is_question: bool) -> list[str]:
    """Other reasons of the text in the same grammar, of other matters and from other sentences."""
    pool = sorted(list_near(shop, located), key=lambda other: shop.chance(asked, other.finding.text))
    chosen: list[str] = []
    for other in pool:
        wrong = None if is_result(other.finding) else _read_answer(other.finding)
        if wrong is None or wrong.form != answer.form or wrong.form == "other" or not is_safe(wrong.text):
            continue
        about = [answer.text, *chosen]
        if share_matter(other.sentence.text, located.sentence.text) and share_matter(wrong.text, asked):
            continue
        if any(are_kin(wrong.text, text) or share_matter(wrong.text, text) for text in about):
            continue
        chosen.append(wrong.text if is_question else _continue(wrong.rest))
        if len(chosen) == _MOST_WRONG:
            break
    return chosen


def _make_result_card(shop: Workshop, located: Located) -> Card | None:
    """What followed: the sentence before is the reason."""
    sentences = shop.passages[located.sentence.paragraph].sentences
    at = sentences.index(located.sentence)
    proof = shop.prove(located)
    if at == 0 or proof is None or len(sentences[at - 1].text.split()) > _LONGEST_STEM:
        return None
    answer = capitalise(located.finding.reason)
    frame = make_frame(
        shop, located, proof, "It follows from the sentence before.", _hint(located), ("motives", "cause"), "medium"
    )
    prompt = f"What followed from this, according to the text? {quote(sentences[at - 1].text)}"
    return frame.flashcard(prompt, escape(answer)) if len(answer.split()) >= 4 else None


def _hint(located: Located) -> str:
    return f"Look in paragraph {located.sentence.paragraph} for the words {quote(located.finding.cue)}."


def make_motive_card(shop: Workshop, located: Located) -> Card | None:
    """A card on a motive; None where the reason points elsewhere, or no question can be made."""
    finding = located.finding
    if is_result(finding):
        return _make_result_card(shop, located)
    proof, answer = shop.prove(located), _read_answer(finding)
    if proof is None or answer is None or not is_safe(answer.text):
        return None
    question = _ask(shop, located)
    prompt = f"{escape(question.removesuffix('?'))}, according to the text?" if question else _complete(shop, located)
    told = answer.text if question else answer.rest
    if prompt is None or told.casefold() in prompt.casefold():
        return None
    more = _WHAT[finding.sort] % quote(finding.cue)
    frame = make_frame(shop, located, proof, more, _hint(located), ("motives", finding.sort), "medium")
    wrong = _list_wrong(shop, located, answer, prompt, is_question=question is not None)
    text = answer.text if question else _continue(answer.rest)
    if len(wrong) >= _FEWEST_WRONG:
        return frame.choice(prompt, text, wrong)
    return frame.flashcard(prompt, escape(text))


def _continue(rest: str) -> str:
    """An answer as the rest of a sentence that ends with the cue."""
    return f"… {rest.rstrip('.,;:')}"
