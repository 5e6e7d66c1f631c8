"""The map of a text for a class or one student of it: what is remembered of each sentence, and what was answered."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
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
    count_coverage,
    list_to_teach,
    map_text,
)
from quizapp.core.deck.cloze import parse_cloze
from quizapp.core.deck.schema import Card, Cloze, Flashcard
from quizapp.core.errors import NotFound
from quizapp.core.learning.grading import grade, parse_response
from quizapp.core.learning.scheduling import recall_after
from quizapp.core.markup import plain_text
from quizapp.core.messages import say
from quizapp.core.slugs import is_slug
from quizapp.services import classes
from quizapp.services.accounts import Viewer
from quizapp.services.classes import Member, TaughtClass
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules, find_rules
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

    ``panel`` is the sentence that was asked for. ``teach`` are those to teach again, the least remembered first.
    """

    taught: TaughtClass
    source: SourceRecord
    members: tuple[Member, ...]
    member: Member | None
    blocks: tuple[MapBlock, ...]
    coverage: Coverage
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


def _remember(
    session: Session, class_id: int, citing: Sequence[CitingCard], students: set[int], rules: StudyRules, now: datetime
) -> list[Remembered]:
    """What the students remember today of the cards, by the parameters that each of them studies with."""
    parameters = {card.card_id: card.parameters for card in citing}
    of_student: dict[int, StudyRules] = {}
    found = []
    for memory in store.list_memories(session, class_id, list(parameters)):
        if memory.learner_id not in students:
            continue
        if memory.learner_id not in of_student:
            of_student[memory.learner_id] = find_rules(session, rules, memory.learner_id)
        own = of_student[memory.learner_id].in_deck(parameters[memory.card_id])
        days = (own.calendar.day_of(now) - own.calendar.day_of(memory.last_review)).days
        recall = recall_after(days, memory.stability, own.scheduler.settings.decay)
        found.append(Remembered(memory.learner_id, memory.card_id, recall))
    return found


def _prompt_of(card: Card) -> str:
    if isinstance(card, Cloze):
        return card.prompt + " " + " … ".join(piece.strip() for piece in parse_cloze(card.text).pieces)
    return card.prompt


def _list_wrong_texts(review: WrongReview) -> tuple[str, ...]:
    card = read_card(review.body)
    if isinstance(card, Flashcard):
        return ()
    return list_wrong_parts(grade(card, parse_response(card, json.loads(review.response)), review.language).parts)


def _group(reviews: Iterable[WrongReview], names: dict[int, str], language: str) -> tuple[WrongLine, ...]:
    answers = [
        WrongAnswer(review.learner_id, text, review.confidence)
        for review in reviews
        for text in _list_wrong_texts(review)
    ]
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
    memories: dict[int, list[float]]
    wrong: dict[int, list[WrongReview]]
    names: dict[int, str]

    def show(self, card_id: int) -> MapCard:
        """One card for the page."""
        record, recalls = self.citing[card_id], self.memories.get(card_id, [])
        card, reviews = read_card(record.body), self.wrong.get(card_id, [])
        forgot = {self.names[review.learner_id] for review in reviews if isinstance(card, Flashcard)}
        return MapCard(
            deck=record.deck_slug,
            card=record.card_slug,
            prompt=_prompt_of(card),
            language=record.language,
            met=len(recalls),
            recall=sum(recalls) / len(recalls) if recalls else None,
            wrong=_group(reviews, self.names, record.language),
            forgot=tuple(sorted(forgot)),
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
    names = {member.learner_id: member.name for member in members}
    memories: dict[int, list[float]] = defaultdict(list)
    for one in remembered:
        memories[one.card].append(one.recall)
    wrong: dict[int, list[WrongReview]] = defaultdict(list)
    for review in store.list_wrong(session, class_id, [card.card_id for card in citing]):
        if review.learner_id in names:
            wrong[review.card_id].append(review)
    return _Shelf({card.card_id: card for card in citing}, memories, wrong, names)


def _draw(
    session: Session, source_id: str, citing: Sequence[CitingCard], memories: Sequence[Remembered]
) -> tuple[MapBlock, ...]:
    stored = source_store.list_blocks(session, source_id)
    texts = {block.number: plain_text(block.text) for block in stored if block.number is not None}
    mapped = map_text(texts, [Asking(card.card_id, card.paragraph, card.quote) for card in citing], memories)
    return tuple(
        MapBlock(block.kind, block.level, block.number, plain_text(block.text), mapped.get(block.number or 0, ()))
        for block in stored
    )


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
) -> TextMap:
    """The map of a text for a class; with ``student`` (a handle), for that one of its students.

    ``at`` names a sentence to look into (``PARAGRAPH.NUMBER``); one that is not there is none. ``rules`` are the
    school's. Raises Forbidden or NotFound where the class is not the viewer's, NotFound for an unknown text or student.
    """
    taught = classes.load_taught_class(session, viewer, handle)
    source = _find_source(session, source_id)
    members = tuple(classes.list_members(session, taught))
    member = classes.load_member(session, taught, student) if student else None
    shown = members if member is None else (member,)
    citing = store.list_citing(session, source.id)
    memories = _remember(session, taught.id, citing, {one.learner_id for one in shown}, rules, now)
    blocks = _draw(session, source.id, citing, memories)
    sentences = [sentence for block in blocks for sentence in block.sentences]
    shelf = _fill_shelf(session, taught.id, citing, memories, shown)
    fewest = 1 if member else min(FEWEST, max(len(members), 1))
    return TextMap(
        taught=taught,
        source=source,
        members=members,
        member=member,
        blocks=blocks,
        coverage=count_coverage(sentences),
        teach=tuple(shelf.open(sentence) for sentence in list_to_teach(sentences, fewest)),
        panel=next((shelf.open(sentence) for sentence in sentences if sentence.handle == at), None),
    )
