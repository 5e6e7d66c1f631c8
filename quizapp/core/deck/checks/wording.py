"""How a card is worded: negations that stand out, plain sentences, an explanation, a hint."""

import re
from collections.abc import Iterator

from quizapp.core.deck.checks.desk import CardView, Finding
from quizapp.core.deck.checks.words import is_unspaced
from quizapp.core.messages import say

_NEGATIONS = {
    "en": re.compile(r"\b(?:[Nn]ot(?! only)|[Nn]ever|[Ee]xcept|[Cc]annot|[a-z]+n[’']t)\b"),
    "de": re.compile(r"\b(?:[Nn]icht(?! nur)|[Nn]ie(?:mals)?|[Kk]eine?[nmrs]?|[Aa]ußer)\b"),
    "fr": re.compile(r"\b(?:[Jj]amais|[Ss]auf|pas(?! seulement))\b"),
    "es": re.compile(r"\b(?:[Nn]o(?! solo)|[Nn]unca|[Ee]xcepto|[Ss]alvo)\b"),
}
_WHERE_NEGATIONS_TELL = ("choice", "multiple", "truefalse")
_EMPHASIS_OR_QUOTE = re.compile(r"(\*\*|__|\*|_)(?=\S)[^*_]+\1|“[^”]*”|„[^“]*“|«[^»]*»|\"[^\"]*\"|‘[^’]*’")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»)]*\s+")

# LIX (Björnsson 1968): words a sentence plus the percentage of words over six letters. From 50 on a text counts as
# difficult. German builds longer words; other languages are not measured.
_HARDEST = {"en": 50, "fr": 50, "es": 50, "it": 50, "pt": 50, "nl": 50, "sv": 50, "da": 50, "nb": 50, "de": 58}
_FEWEST_MEASURED = 30
_LONG_WORDS = re.compile(r"\b[^\W\d_A-ZÀ-ÖØ-Þ][^\W\d_]{6,}")
_SENTENCES = re.compile(r"[.!?…:;](?:\s|$)")
_SHORTEST_EXPLANATION = 5


def _find_question(prompt: str) -> str:
    """The sentences that ask: those with a question mark, else the last one."""
    sentences = _SENTENCE_END.split(prompt)
    asking = [sentence for sentence in sentences if "?" in sentence]
    return " ".join(asking or sentences[-1:])


def _check_negation(view: CardView) -> Iterator[Finding]:
    card, negations = view.card, _NEGATIONS.get(view.language)
    if negations is None or card.type not in _WHERE_NEGATIONS_TELL or not negations.search(card.prompt):
        return
    plain = _EMPHASIS_OR_QUOTE.sub(" ", card.prompt)
    found = negations.search(plain if card.type == "truefalse" else _find_question(plain))
    if found:
        message = say("The negation “%(found)s” is easily overlooked.", found=found[0])
        yield Finding(
            "unmarked-negation",
            message,
            say("Write **%(found)s**, or ask without it.", found=found[0]),
            view.number,
            ("prompt",),
        )


def measure_lix(text: str) -> float | None:
    """The readability measure LIX of a text; None for fewer than 30 words.

    Quoted words are left out, and words with a capital do not count as long: nobody can choose a name.
    """
    own = _EMPHASIS_OR_QUOTE.sub(" ", text)
    words = len(own.split())
    if words < _FEWEST_MEASURED:
        return None
    sentences = max(1, len(_SENTENCES.findall(own)))
    return words / sentences + 100 * len(_LONG_WORDS.findall(own)) / words


def _check_reading_level(view: CardView) -> Iterator[Finding]:
    hardest = _HARDEST.get(view.language)
    if hardest is None or len(view.stem) + len(view.card.explanation) < 3 * _FEWEST_MEASURED:
        return
    lix = measure_lix(f"{view.stem}\n{view.card.explanation}")
    if lix is not None and lix > hardest:
        message = say(
            "Question and explanation are very hard to read (LIX %(lix)s; up to %(hardest)s is plain enough).",
            lix=f"{lix:.0f}",
            hardest=hardest,
        )
        yield Finding("hard-to-read", message, say("Make the sentences shorter, and take plainer words."), view.number)


def _check_explanation(view: CardView) -> Iterator[Finding]:
    explanation = view.card.explanation
    if not explanation:
        yield Finding(
            "short-explanation",
            say("The card explains nothing."),
            say("Say in `explanation` why it is so."),
            view.number,
        )
    elif len(explanation.split()) < _SHORTEST_EXPLANATION and not is_unspaced(explanation):
        message = say("The explanation is shorter than a sentence.")
        yield Finding(
            "short-explanation",
            message,
            say("Say why it is so, and which words prove it."),
            view.number,
            ("explanation",),
        )


def check_wording(view: CardView) -> Iterator[Finding]:
    """The rules on the wording of one card, and on the parts that every card should have."""
    yield from _check_negation(view)
    yield from _check_reading_level(view)
    yield from _check_explanation(view)
    if not view.card.hint:
        fix = say("Add `hint`: a first step towards the answer.")
        yield Finding("no-hint", say("The card has no hint."), fix, view.number)
    if view.card.difficulty is None:
        yield Finding(
            "no-difficulty", say("The card does not say how hard it is."), say("Add `difficulty: easy`."), view.number
        )
