"""The parts of a card that all makers write: its head, its gap, its citation."""

from dataclasses import dataclass

from quizapp.core.deck.drafting.context import find_context
from quizapp.core.deck.drafting.model import Located
from quizapp.core.deck.drafting.wordings import escape, explain, is_safe
from quizapp.core.deck.drafting.workshop import Workshop, make_slug
from quizapp.core.deck.schema import Choice, Citation, Cloze, Difficulty, Flashcard, Short, TrueFalse, WrongOption

_MOST_CLOZE_WORDS = 45
_MOST_ACCEPTED = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """What a card has beside its question: its id, what explains it, what helps, and the words that prove it."""

    id: str
    explanation: str
    hint: str
    tags: tuple[str, ...]
    difficulty: Difficulty
    citations: tuple[Citation, ...]

    def choice(self, prompt: str, answer: str, wrong: list[str]) -> Choice:
        """One right option among others."""
        return Choice(
            type="choice",
            prompt=prompt,
            answer=answer,
            wrong=tuple(WrongOption(text=text) for text in wrong),
            **self._shared(),
        )

    def short(self, prompt: str, answer: str, accept: tuple[str, ...] = (), *, is_date: bool = False) -> Short:
        """A typed answer."""
        match = "date" if is_date else "text"
        return Short(
            type="short", prompt=prompt, answer=answer, accept=accept[:_MOST_ACCEPTED], match=match, **self._shared()
        )

    def cloze(self, text: str) -> Cloze:
        """A sentence with a gap."""
        return Cloze(type="cloze", text=text, **self._shared())

    def truefalse(self, prompt: str, *, answer: bool) -> TrueFalse:
        """A statement that holds or does not."""
        return TrueFalse(type="truefalse", prompt=prompt, answer=answer, **self._shared())

    def flashcard(self, prompt: str, answer: str) -> Flashcard:
        """A question whose answer is too long to type or to choose."""
        return Flashcard(type="flashcard", prompt=prompt, answer=answer, **self._shared())

    def _shared(self) -> dict[str, object]:
        return {
            "id": self.id,
            "explanation": self.explanation,
            "hint": self.hint,
            "tags": self.tags,
            "difficulty": self.difficulty,
            "citations": self.citations,
        }


def make_frame(
    shop: Workshop, located: Located, proof: str, more: str, hint: str, tags: tuple[str, ...], difficulty: Difficulty
) -> Frame:
    """The frame of a card for a finding; in other languages than English its words are the text's alone."""
    paragraph = located.sentence.paragraph
    is_english = shop.speaks_english
    return Frame(
        id=make_slug(f"p{paragraph}", tags[0], located.finding.text),
        explanation=explain(proof, more) if is_english else f"“{escape(proof)}” (§ {paragraph})",
        hint=hint if is_english else "",
        tags=tags,
        difficulty=difficulty,
        citations=(Citation(source=shop.source, paragraph=paragraph, quote=proof),),
    )


def make_gap(shop: Workshop, located: Located, answers: tuple[str, ...], gap: str = "") -> str | None:
    """The finding's sentence with a gap in its place: a cloze blank of the answers, or ``gap`` where that is given.

    Before a sentence that points back stand the sentences that it points to. None where none make it clear, and where
    the sentence is too long, holds braces, or tells the answer a second time.
    """
    context = find_context(shop, located) if shop.speaks_english else ""
    if context is None:
        return None
    sentence, finding = located.sentence.text, located.finding
    before, after = context + sentence[: finding.start], sentence[finding.end :]
    rest = f"{before} {after}".casefold()
    told = any(answer.casefold() in rest for answer in answers)
    if told or len(sentence.split()) > _MOST_CLOZE_WORDS or "{{" in rest or "}}" in rest:
        return None
    if not all(map(is_safe, answers)):
        return None
    blank = gap or "{{" + "|".join(answers[:_MOST_ACCEPTED]) + "}}"
    return escape(before) + blank + escape(after)
