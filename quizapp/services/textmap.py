"""The map of a text for a class or one student of it: what is remembered of each sentence, and what was answered."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.analysis.items.misconceptions import WrongAnswer, group_wrong_answers, list_wrong_parts
from quizapp.core.analysis.textmap import (
    FEWEST,
    Asking,
    Coverage,
    MappedSentence,
    Remembered,
    Standing,
    count_coverage,
    list_to_teach,
    map_text,
    shade,
    weigh,
)
from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Cloze, Flashcard
from quizapp.core.errors import NotFound
from quizapp.core.learning.grading import parse_response
from quizapp.core.markup import plain_text
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services import classes
from quizapp.services.accounts import Viewer
from quizapp.services.classes import Member, TaughtClass
from quizapp.services.grading import grade_any
from quizapp.services.recalls import find_curves
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules
from quizapp.store import sources as source_store
from quizapp.store import textmap as store
from quizapp.store.sources import SourceRecord
from quizapp.store.textmap import CitingCard, WrongReview


@dataclass(frozen=True, slots=True)
class MapLine:
    """A text in the list of maps: so many cards in use cite it."""

    id: str
    title: str
    language: str
    cards: int


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A wrong answer, who gave it, and how many of the answers came with full confidence."""

    text: str
    students: tuple[str, ...]
    answers: int
    sure: int


@dataclass(frozen=True, slots=True)
class MapCard:
    """A card that asks a sentence: ``met`` students know it, ``recall`` is their mean today; their wrong answers.

    ``forgot`` are those who turned it over and did not know it: of a flashcard that is all there is.
    """

    deck: str
    card: str
    prompt: str
    language: str
    met: int
    recall: float | None
    wrong: tuple[WrongLine, ...]
    forgot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapBlock:
    """A heading (``text``) or a paragraph (``sentences``) of the text."""

    kind: str
    level: int
    number: int | None
    text: str
    sentences: tuple[MappedSentence, ...]


@dataclass(frozen=True, slots=True)
class MapPanel:
    """A sentence with the cards that ask it."""

    sentence: MappedSentence
    cards: tuple[MapCard, ...]


@dataclass(frozen=True, slots=True)
class TextMap:
    """The map of a text. ``member`` is the student it is about; None for the whole class.

    ``panel`` is the sentence that was asked for. ``weak`` counts the sentences to teach again; ``teach`` are those, the
    least remembered first, where they were asked for.
    """

    taught: TaughtClass
    source: SourceRecord
    members: tuple[Member, ...]
    member: Member | None
    blocks: tuple[MapBlock, ...]
    coverage: Coverage
    weak: int
    teach: tuple[MapPanel, ...]
    panel: MapPanel | None

    @property
    def sentences(self) -> tuple[MappedSentence, ...]:
        """All sentences in the order of the text."""
        return tuple(sentence for block in self.blocks for sentence in block.sentences)


def list_maps(session: Session, viewer: Viewer | None, handle: str) -> tuple[TaughtClass, tuple[MapLine, ...]]:
    """A class and the texts that have a map. Raises Forbidden, NotFound."""
    taught = classes.load_taught_class(session, viewer, handle)
    return taught, tuple(MapLine(*row) for row in store.list_cited(session))


def _find_source(session: Session, source_id: str) -> SourceRecord:
    source = source_store.find_source(session, source_id) if is_slug(source_id) else None
    if source is None:
        raise NotFound(say("There is no such text."))
    return source


def _prompt_of(card: Card) -> str:
    if isinstance(card, Cloze):
        return card.prompt + " " + " … ".join(piece.strip() for piece in parse_cloze(card.text).pieces)
    return card.prompt


def _list_wrong_texts(reviews: Sequence[WrongReview]) -> list[WrongAnswer]:
    """What was wrong in these answers. Many students give the same one: each is graded once."""
    graded: dict[tuple[str, str], tuple[str, ...]] = {}
    answers = []
    for review in reviews:
        if (review.body, review.response) not in graded:
            card = read_card(review.body)
            answer = parse_response(card, json.loads(review.response))
            graded[review.body, review.response] = list_wrong_parts(grade_any(card, answer, review.language).parts)
        texts = graded[review.body, review.response]
        answers += [WrongAnswer(review.learner_id, text, review.confidence) for text in texts]
    return answers


def _group(reviews: Sequence[WrongReview], names: dict[int, str], language: str) -> tuple[WrongLine, ...]:
    answers = _list_wrong_texts(reviews)
    lines = []
    for found in group_wrong_answers(answers, language):
        writings = {found.text, *found.others}
        gave = {answer.student for answer in answers if " ".join(answer.text.split()) in writings}
        students = tuple(sorted(names[one] for one in gave))
        lines.append(WrongLine(found.text, students, found.answers, found.sure[2]))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The cards of a text with what the students answered, to be laid out sentence by sentence."""

    citing: dict[int, CitingCard]
    standings: dict[int, Standing]
    wrong: dict[int, list[WrongReview]]
    names: dict[int, str]

    def show(self, card_id: int) -> MapCard:
        """One card for the page."""
        record, standing = self.citing[card_id], self.standings.get(card_id)
        card, reviews = read_card(record.body), self.wrong.get(card_id, [])
        turned = isinstance(card, Flashcard)
        return MapCard(
            deck=record.deck_slug,
            card=record.card_slug,
            prompt=_prompt_of(card),
            language=record.language,
            met=standing.met if standing else 0,
            recall=standing.recall if standing else None,
            wrong=() if turned else _group(reviews, self.names, record.language),
            forgot=tuple(sorted({self.names[one.learner_id] for one in reviews})) if turned else (),
        )

    def open(self, sentence: MappedSentence) -> MapPanel:
        """A sentence with its cards."""
        return MapPanel(sentence, tuple(self.show(card) for card in sentence.cards))


def _fill_shelf(
    session: Session,
    class_id: int,
    citing: Sequence[CitingCard],
    remembered: Sequence[Remembered],
    members: Sequence[Member],
) -> _Shelf:
    """The answers to these cards and to no others: there may be a great many."""
    names = {member.learner_id: member.name for member in members}
    cards = {one.card_id: one for one in citing}
    wrong: dict[int, list[WrongReview]] = defaultdict(list)
    for review in store.list_wrong(session, class_id, list(cards)) if cards else ():
        if review.learner_id in names:
            wrong[review.card_id].append(review)
    by_name = weigh({str(card): (card,) for card in cards}, remembered)
    return _Shelf(cards, {int(name): standing for name, standing in by_name.items()}, wrong, names)


def _draw(
    session: Session, source_id: str, citing: Sequence[CitingCard], memories: Sequence[Remembered]
) -> tuple[MapBlock, ...]:
    stored = source_store.list_blocks(session, source_id)
    texts = {block.number: plain_text(block.text) for block in stored if block.number is not None}
    mapped = map_text(texts, [Asking(card.card_id, card.paragraph, card.quote) for card in citing])
    standings = weigh({one.handle: one.cards for some in mapped.values() for one in some}, memories)
    return tuple(
        MapBlock(
            block.kind,
            block.level,
            block.number,
            plain_text(block.text),
            shade(mapped.get(block.number or 0, ()), standings),
        )
        for block in stored
    )


def _list_memories(
    session: Session,
    class_id: int,
    citing: Sequence[CitingCard],
    member: Member | None,
    rules: StudyRules,
    now: datetime,
) -> list[Remembered]:
    """What the students of a class, or the one asked for, remember of these cards at the end of the study day."""
    only = member.learner_id if member else None
    ids = {card.card_id for card in citing}
    return store.list_recalls(session, class_id, ids, rules.day_ends(now), find_curves(session, rules), only)


@dataclass(frozen=True, slots=True)
class _Looked:
    """Whom a map is of, and what it shows: ``citing`` cards and what is remembered of them."""

    taught: TaughtClass
    source: SourceRecord
    members: tuple[Member, ...]
    member: Member | None
    citing: Sequence[CitingCard]
    memories: Sequence[Remembered]


def _look(
    session: Session,
    viewer: Viewer | None,
    handle: str,
    source_id: str,
    rules: StudyRules,
    now: datetime,
    student: str,
) -> _Looked:
    taught = classes.load_taught_class(session, viewer, handle)
    source = _find_source(session, source_id)
    members = tuple(classes.list_members(session, taught))
    member = classes.load_member(session, taught, student) if student else None
    citing = store.list_citing(session, source.id)
    memories = _list_memories(session, taught.id, citing, member, rules, now)
    return _Looked(taught, source, members, member, citing, memories)


def _open_shelf(session: Session, looked: _Looked, sentences: Sequence[MappedSentence]) -> _Shelf:
    opened = {card for sentence in sentences for card in sentence.cards}
    shown = looked.members if looked.member is None else (looked.member,)
    citing = [one for one in looked.citing if one.card_id in opened]
    return _fill_shelf(session, looked.taught.id, citing, looked.memories, shown)


def read_text_map(
    session: Session,
    viewer: Viewer | None,
    handle: str,
    source_id: str,
    rules: StudyRules,
    now: datetime,
    *,
    student: str = "",
    at: str = "",
    to_teach: bool = False,
) -> TextMap:
    """The map of a text for a class; with ``student`` (a handle), for that one of its students.

    ``at`` names a sentence to look into (``PARAGRAPH.NUMBER``); one that is not there is none. ``to_teach`` opens the
    sentences to teach again, too. ``rules`` are the school's. Raises Forbidden or NotFound where the class is not the
    viewer's, NotFound for an unknown text or student.
    """
    looked = _look(session, viewer, handle, source_id, rules, now, student)
    blocks = _draw(session, looked.source.id, looked.citing, looked.memories)
    sentences = [sentence for block in blocks for sentence in block.sentences]
    weak = list_to_teach(sentences, 1 if looked.member else min(FEWEST, max(len(looked.members), 1)))
    teach = weak if to_teach else []
    at_sentence = [sentence for sentence in sentences if sentence.handle == at]
    shelf = _open_shelf(session, looked, [*teach, *at_sentence])
    return TextMap(
        taught=looked.taught,
        source=looked.source,
        members=looked.members,
        member=looked.member,
        blocks=blocks,
        coverage=count_coverage(sentences),
        weak=len(weak),
        teach=tuple(map(shelf.open, teach)),
        panel=next(map(shelf.open, at_sentence), None),
    )
