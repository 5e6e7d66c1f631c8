"""Learners with long logs, written straight into the database: for tests that need hundreds of answers."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.core.learning.dice import Dice
from quizapp.core.learning.memory import MemoryState, Rating
from quizapp.core.learning.model import MemoryModel
from quizapp.services.accounts import Viewer
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules
from quizapp.store import schedulings, states
from quizapp.store.engine import Database
from quizapp.store.states import CardPlace
from quizapp.store.tables import CardRevisionRow, CardRow, ReviewRow, table_of

FORGETFUL = (
    *(0.1, 0.4, 0.8, 2.0, 7.5, 0.83, 3.0, 0.01, 1.2, 0.17, 0.8),
    *(1.0, 0.06, 0.26, 1.6, 0.4, 1.9, 0.54, 0.09, 0.07, 0.3),
)
"""Parameters of somebody who forgets much faster than most."""


def load_cards(database: Database, slug: str, cards: int, now: datetime) -> None:
    """Load a deck of so many cards, ``card-1`` and so on."""
    lines = [f"format: 1\nid: {slug}\ntitle: Many cards\ndescription: For long logs.\nlanguage: en\ntheme: t\ncards:"]
    lines += [
        f"  - {{id: card-{number}, type: truefalse, prompt: Is {number} a number?, answer: true, explanation: It is.}}"
        for number in range(1, cards + 1)
    ]
    with database.writing() as session:
        report = load_files(session, [], [InputFile(f"{slug}.yaml", "\n".join(lines).encode())], now)
    assert report.problems == ()


def study_for_a_year(
    session: Session,
    learner: Viewer,
    rules: StudyRules,
    start: datetime,
    *,
    parameters: Sequence[float] = FORGETFUL,
    factors: Mapping[str, float] | None = None,
    most: int = 14,
    seed: bytes = b"",
) -> int:
    """Answer every card there is over a year as somebody with these parameters would; gives the number of answers.

    ``factors`` multiply the first stability of cards, by their slugs. ``most`` is the most answers to one card.
    """
    card, revision = table_of(CardRow), table_of(CardRevisionRow)
    rows = session.execute(
        sa.select(card.c.deck_id, card.c.id, card.c.position, revision.c.id, card.c.slug)
        .join(revision, (revision.c.card_id == card.c.id) & (revision.c.number == card.c.revision))
        .order_by(card.c.id)
    ).all()
    log = []
    for deck_id, card_id, position, revision_id, slug in rows:
        dice = Dice(b"%s|%d|%d" % (seed, learner.learner_id, card_id))
        place = CardPlace(learner.learner_id, deck_id, card_id, position, retired=False)
        answers = _answer(dice, MemoryModel(parameters), start, (factors or {}).get(slug, 1.0), most)
        before: MemoryState | None = None
        for rating, now in answers:
            after = rules.scheduler.review(before, rating, now)
            log.append((now, place, revision_id, rating, before, after))
            before = after
        states.write_state(session, place, None, before)
    log.sort(key=lambda one: (one[0], one[1].card_id))
    session.execute(sa.insert(table_of(ReviewRow)), [_make_row(seq, *one, rules) for seq, one in enumerate(log, 1)])
    schedulings.keep(session, rules.scheduler)
    session.commit()
    return len(log)


def _answer(dice: Dice, model: MemoryModel, start: datetime, factor: float, most: int) -> list[tuple[Rating, datetime]]:
    now = start + timedelta(days=int(dice.roll() * 120), minutes=int(dice.roll() * 60))
    stability, difficulty = model.start(3)
    memory, planned = (stability * factor, difficulty), (stability, difficulty)  # nobody plans by the factor
    answers = [(Rating.GOOD, now)]
    while len(answers) < most and (now - start).days < 365:
        days = max(1, round(model.interval(planned[0], 0.9) * (0.3 + 3 * dice.roll() ** 2)))
        known = dice.roll() < model.recall(days, memory[0])
        memory, planned = (model.step(one, days, 3 if known else 1) for one in (memory, planned))
        now += timedelta(days=days)
        answers.append((Rating.GOOD if known else Rating.AGAIN, now))
        if not known:
            memory, planned = (model.step(one, 0, 3) for one in (memory, planned))
            answers.append((Rating.GOOD, now + timedelta(minutes=10)))
    return answers


def _make_row(
    seq: int,
    now: datetime,
    place: CardPlace,
    revision_id: int,
    rating: Rating,
    before: MemoryState | None,
    after: MemoryState,
    rules: StudyRules,
) -> dict[str, object]:
    return {
        "learner_id": place.learner_id,
        "key": str(uuid.UUID(int=place.learner_id << 64 | seq)),
        "seq": seq,
        "deck_id": place.deck_id,
        "card_id": place.card_id,
        "revision_id": revision_id,
        "answered_at": now,
        "study_day": rules.calendar.day_of(now).toordinal(),
        "response": "true",
        "body_digest": "",
        "score": float(rating > Rating.AGAIN),
        "verdict": "right" if rating > Rating.AGAIN else "wrong",
        "rating": int(rating),
        "model": rules.scheduler.model,
        "phase_before": "" if before is None else before.phase.value,
        "state_before": "" if before is None else before.to_json(),
        "state_after": after.to_json(),
    }
