"""The teacher's side: making, changing, publishing, copying and removing tests, and trying them out."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.answers import Fill
from quizapp.core.assessments.draw import PoolTooSmall, draw_questions
from quizapp.core.assessments.plan import MOST_QUESTIONS, Plan, check_change, check_plan, refuse
from quizapp.core.assessments.timing import Window, check_window
from quizapp.core.errors import Conflict, Invalid
from quizapp.core.messages import Message, say
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.access import Assessment, load_taught, read_assessment, require_staff
from quizapp.services.assessments.pool import PoolEntry, list_pool, search_pool
from quizapp.services.assessments.sitting import Sitting, SittingQuestion, make_questions, read_asked_json
from quizapp.services.results import read_card
from quizapp.services.rules import StudyRules
from quizapp.store import assessments as store
from quizapp.store import assessments_attempts as attempts
from quizapp.store import assessments_pool as pool_store
from quizapp.store.assessments_attempts import AttemptRecord

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A test as its form says. ``class_handle`` is blank for no class."""

    title: str
    plan: Plan
    window: Window
    class_handle: str = ""
    by_link: bool = False
    holds: bool = False


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class that a test can be for."""

    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class TestLine:
    """A test in a teacher's list."""

    __test__ = False  # what a person calls a test, not what pytest does

    assessment: Assessment
    attempts: int


@dataclass(frozen=True, slots=True)
class DeckCard:
    """A card of a deck to choose for a test."""

    ref: str
    type: str
    prompt: str
    difficulty: str
    tags: tuple[str, ...]
    language: str
    chosen: bool


def list_class_choices(session: Session, viewer: Viewer | None) -> list[ClassChoice]:
    """The classes that a teacher can set tests for."""
    teacher = require_staff(viewer)
    return [ClassChoice(handle, name) for _, handle, name in store.list_classes(session, teacher.account_id or 0)]


def list_tests(session: Session, viewer: Viewer | None) -> list[TestLine]:
    """The tests of a teacher and their classes, the newest first. Raises Forbidden."""
    teacher = require_staff(viewer)
    records = store.list_taught(session, teacher.account_id or 0)
    return [TestLine(read_assessment(record), attempts.count_attempts(session, record.id)) for record in records]


def _clean_title(title: str) -> str:
    cleaned = " ".join(title.split())
    if not 0 < len(cleaned) <= LONGEST_TITLE or not cleaned.isprintable():
        message = say("Give the test a name of 1 to %(most)s characters.", most=LONGEST_TITLE)
        raise Invalid(say("The test was not saved."), {"title": message})
    return cleaned


def _find_class(session: Session, teacher: Viewer, handle: str) -> int | None:
    """The id of a class that the teacher teaches, None for no class."""
    if not handle:
        return None
    known = {row[1]: row[0] for row in store.list_classes(session, teacher.account_id or 0)}
    if handle in known:
        return known[handle]
    raise Invalid(say("The test was not saved."), {"class_handle": say("You do not teach such a class.")})


def _check(draft: Draft, *, publish: bool) -> None:
    faults: dict[str, Message] = dict(check_window(draft.window))
    if publish:
        faults |= check_plan(draft.plan, has_due=draft.window.due is not None)
        if not draft.class_handle and not draft.by_link:
            faults["class_handle"] = say("Choose a class, or let in whoever has the link.")
    refuse(faults)


def _values(draft: Draft, class_id: int | None) -> dict[str, object]:
    return {
        "title": _clean_title(draft.title),
        "plan": draft.plan.model_dump_json(),
        "class_id": class_id,
        "by_link": draft.by_link,
        "holds": draft.holds,
        "opens_at": draft.window.opens,
        "due_at": draft.window.due,
        "closes_at": draft.window.closes,
    }


def _check_pool(plan: Plan, entries: Sequence[PoolEntry]) -> None:
    try:
        draw_questions(plan, [entry.card for entry in entries], b"trial")
    except PoolTooSmall as error:
        raise Invalid(say("The test was not saved."), {"cards": error.message}) from error


def _write_pool(session: Session, assessment_id: int, plan: Plan) -> None:
    entries = search_pool(session, plan)
    _check_pool(plan, entries)
    store.replace_pool(session, assessment_id, [entry.card.card_id for entry in entries])


def create_test(session: Session, viewer: Viewer | None, draft: Draft, now: datetime) -> str:
    """Make a test that students do not see yet; gives its handle. Raises Forbidden, Invalid."""
    teacher = require_staff(viewer)
    _check(draft, publish=False)
    handle = str(uuid.uuid4())
    values = _values(draft, _find_class(session, teacher, draft.class_handle))
    owner = {"handle": handle, "owner_id": teacher.account_id, "created_at": now}
    _write_pool(session, store.add_assessment(session, values | owner), draft.plan)
    session.commit()
    return handle


def _check_begun(session: Session, before: Assessment, draft: Draft, class_id: int | None, now: datetime) -> None:
    """What must stay once somebody has begun."""
    if not attempts.count_attempts(session, before.record.id):
        return
    faults = dict(check_change(before.plan, draft.plan))
    if class_id != before.record.class_id:
        faults["class_handle"] = say("Students have begun, so the class stays. Copy the test for another class.")
    if draft.window.opens is not None and draft.window.opens > now:
        faults["opens"] = say("Students have begun: the opening cannot be in the future.")
    refuse(faults)


def _load_to_change(session: Session, viewer: Viewer | None, handle: str) -> Assessment:
    """The test, which nobody else changes or begins until the transaction ends. Raises as ``load_taught`` does."""
    load_taught(session, viewer, handle)
    store.lock_assessment(session, handle, to_change=True)
    return load_taught(session, viewer, handle)


def change_test(
    session: Session, viewer: Viewer | None, handle: str, draft: Draft, version: int, now: datetime
) -> None:
    """Write a test anew; its pool is looked up again. Once somebody has begun, only what is safe can change.

    Raises NotFound, Invalid naming the fields, Conflict where somebody else changed the test since ``version``.
    """
    before = _load_to_change(session, viewer, handle)
    teacher = require_staff(viewer)
    class_id = before.record.class_id
    if draft.class_handle != find_class_handle(session, before):
        class_id = _find_class(session, teacher, draft.class_handle)
    _check(draft, publish=before.published)
    _check_begun(session, before, draft, class_id, now)
    if not attempts.count_attempts(session, before.record.id):
        _write_pool(session, before.record.id, draft.plan)
    if not store.change_assessment(session, before.record, version, _values(draft, class_id) | {"changed_at": now}):
        raise Conflict(say("Somebody else has changed this test in the meantime. Look at it again first."))
    session.commit()


def find_class_handle(session: Session, assessment: Assessment) -> str:
    """The handle of the class that a test is for, blank for none."""
    return store.find_class_handle(session, assessment.record.class_id)


def draft_of(session: Session, assessment: Assessment) -> Draft:
    """A test as its form says."""
    record = assessment.record
    return Draft(
        record.title,
        assessment.plan,
        assessment.window,
        find_class_handle(session, assessment),
        record.by_link,
        record.holds,
    )


def publish_test(session: Session, viewer: Viewer | None, handle: str, now: datetime) -> None:
    """Let students see a test. Raises NotFound, and Invalid where something is missing; again changes nothing."""
    assessment = _load_to_change(session, viewer, handle)
    if not assessment.published:
        _check(draft_of(session, assessment), publish=True)
        _write_pool(session, assessment.record.id, assessment.plan)
        store.change_assessment(session, assessment.record, assessment.record.version, {"published_at": now})
    session.commit()


def withdraw_test(session: Session, viewer: Viewer | None, handle: str) -> None:
    """Hide a test again. Raises NotFound, and Conflict once somebody has begun."""
    assessment = _load_to_change(session, viewer, handle)
    if attempts.count_attempts(session, assessment.record.id):
        raise Conflict(say("Students have begun, so the test stays. Give it a closing date to end it."))
    store.change_assessment(session, assessment.record, assessment.record.version, {"published_at": None})
    session.commit()


def remove_test(session: Session, viewer: Viewer | None, handle: str) -> None:
    """Delete a test that nobody has begun. Raises NotFound, Conflict."""
    assessment = _load_to_change(session, viewer, handle)
    if attempts.count_attempts(session, assessment.record.id):
        raise Conflict(say("Students have begun, so the test stays: their answers hang on it."))
    store.remove_assessment(session, assessment.record.id)
    session.commit()


def copy_test(session: Session, viewer: Viewer | None, handle: str, now: datetime) -> str:
    """A new test with the same questions and settings, without dates, not published; gives its handle."""
    assessment = load_taught(session, viewer, handle)
    teacher = require_staff(viewer)
    draft = draft_of(session, assessment)
    known = {row[1]: row[0] for row in store.list_classes(session, teacher.account_id or 0)}
    values = _values(draft, known.get(draft.class_handle)) | {"opens_at": None, "due_at": None, "closes_at": None}
    copied = str(uuid.uuid4())
    owner = {"handle": copied, "owner_id": teacher.account_id, "created_at": now}
    assessment_id = store.add_assessment(session, values | owner)
    store.replace_pool(session, assessment_id, [entry.card.card_id for entry in search_pool(session, draft.plan)])
    session.commit()
    return copied


def list_decks(session: Session) -> list[tuple[str, str, str]]:
    """All decks as slug, title and theme."""
    return pool_store.list_decks(session)


def list_deck_cards(session: Session, plan: Plan, deck: str) -> list[DeckCard]:
    """The cards of a deck that a test can ask, and which of them it does ask of everybody."""
    found = pool_store.list_all(session, [deck])
    lines = []
    for record in found:
        card, ref = read_card(record.body), f"{record.deck_slug}/{record.slug}"
        if record.type != "flashcard":
            prompt = card.prompt or getattr(card, "text", "")
            line = DeckCard(
                ref, record.type, prompt, card.difficulty or "", card.tags, record.language, ref in plan.cards
            )
            lines.append(line)
    return lines


def choose_cards(
    session: Session, viewer: Viewer | None, handle: str, deck: str, chosen: Sequence[str], version: int, now: datetime
) -> None:
    """Ask these cards of a deck of everybody, and no others of it. Raises as ``change_test`` does."""
    assessment = load_taught(session, viewer, handle)
    known = [card.ref for card in list_deck_cards(session, assessment.plan, deck)]
    strange = [ref for ref in chosen if ref not in known]
    if strange:
        raise Invalid(say("The test was not saved."), {"cards": say("This deck has no such card for a test.")})
    kept = [ref for ref in assessment.plan.cards if ref not in known or ref in chosen]
    cards = (*kept, *(ref for ref in known if ref in chosen and ref not in kept))
    if len(cards) > MOST_QUESTIONS:
        message = say("At most %(most)s questions.", most=MOST_QUESTIONS)
        raise Invalid(say("The test was not saved."), {"cards": message})
    draft = draft_of(session, assessment)
    plan = draft.plan.model_copy(update={"cards": cards})
    changed = Draft(draft.title, plan, draft.window, draft.class_handle, draft.by_link, draft.holds)
    change_test(session, viewer, handle, changed, version, now)


def preview_test(
    session: Session, viewer: Viewer | None, handle: str, seed: bytes, rules: StudyRules, now: datetime
) -> Sitting:
    """A test as a student would have it, drawn with this seed; nothing is written. Raises NotFound, PoolTooSmall."""
    assessment = load_taught(session, viewer, handle)
    entries = {entry.card.card_id: entry for entry in list_pool(session, assessment.record.id)}
    questions = tuple(
        SittingQuestion(
            position=position,
            asked=read_asked_json(new.asked),
            language=entries[new.card_id].language,
            typed=None,
            fill=Fill.NOTHING,
            confidence=None,
            version=0,
            saved_at=None,
            settled=False,
            deck=entries[new.card_id].card.ref.partition("/")[0],
        )
        for position, new in enumerate(make_questions(assessment, session, seed, rules), start=1)
    )
    attempt = AttemptRecord(0, handle, assessment.record.id, 1, seed.hex(), now)
    return Sitting(assessment, attempt, questions, None)
