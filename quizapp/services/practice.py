"""What can be practised, and beginning a round of it. Practice touches no schedule."""

import hmac
import json
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.learning.grading import CORRECT_FROM
from quizapp.core.learning.practice import (
    Candidate,
    Mistakes,
    PracticeChoice,
    draw_cards,
    find_fitting,
    guess_difficulty,
)
from quizapp.core.messages import Message, say
from quizapp.services.accounts import Viewer
from quizapp.services.assessments.holding import list_held_cards
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import check_key
from quizapp.store import decks as deck_store
from quizapp.store import practice as store
from quizapp.store import sources as source_store
from quizapp.store import study as study_store
from quizapp.store.practice import AnswerSummary, PoolCard, PracticeRecord

OPEN_ROUNDS = 3
"""How many of the rounds not ended yet the start page lists."""
OPEN_FOR = timedelta(days=30)
"""For how long it does; after that a round can still be found by its address."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to choose: its value in the form, its name, and how many cards it has."""

    value: str
    name: str
    cards: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class TextOffer:
    """A text, and its paragraphs that cards cite."""

    text: Offer
    paragraphs: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round begun and not ended."""

    handle: str
    started_at: datetime
    choice: PracticeChoice
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class PracticeOffer:
    """All that the start page shows; ``mistakes`` counts the cards for each kind of mistakes."""

    cards: int
    decks: tuple[Offer, ...]
    themes: tuple[Offer, ...]
    tags: tuple[Offer, ...]
    texts: tuple[TextOffer, ...]
    mistakes: dict[str, int]
    open_rounds: tuple[OpenRound, ...]


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """A round as it would be: the handle it has or would have, what was asked for, and the revisions drawn."""

    handle: str
    choice: PracticeChoice
    revisions: tuple[int, ...]


def check_handle(handle: str) -> str:
    """A round's handle in its canonical form. Raises NotFound for anything that can be none."""
    try:
        return check_key(handle)
    except Invalid as error:
        raise NotFound(say("There is no such practice, or it is not yours.")) from error


def _since(choice: PracticeChoice, rules: StudyRules, now: datetime) -> datetime:
    """When the first of the chosen study days began."""
    first = rules.calendar.day_of(now).toordinal() - choice.days + 1
    return rules.calendar.start_of(date.fromordinal(max(first, 1_000)))


def _candidate(card: PoolCard, places: frozenset[tuple[str, int]], summary: AnswerSummary | None) -> Candidate:
    body = json.loads(card.body)
    wrong_at = None if summary is None else summary.wrong_at
    return Candidate(
        card_id=card.card_id,
        revision_id=card.revision_id,
        ref=f"{card.deck_slug}/{card.card_slug}",
        deck=card.deck_slug,
        theme=card.theme,
        tags=frozenset((*card.deck_tags, *body.get("tags", ()))),
        places=places,
        difficulty=guess_difficulty(card.difficulty, body.get("difficulty")),
        wrong_at=wrong_at,
        wrong_last=summary is not None and wrong_at is not None and wrong_at >= summary.last_at,
        wrong_though_sure=summary is not None
        and summary.sure_wrong_at is not None
        and summary.sure_wrong_at == summary.sure_at,
    )


def list_candidates(session: Session, learner_id: int | None, now: datetime) -> list[Candidate]:
    """Every card that a learner (None: a visitor) may practise: not those that a test keeps for itself."""
    held = list_held_cards(session, learner_id, now)
    places = store.list_places(session)
    answers = {} if learner_id is None else store.summarise_answers(session, learner_id)
    return [
        _candidate(card, places.get(card.revision_id, frozenset()), answers.get(card.card_id))
        for card in store.list_pool(session, learner_id)
        if card.card_id not in held
    ]


def check_choice(candidates: Sequence[Candidate], choice: PracticeChoice) -> None:
    """Raise NotFound where a choice names a deck, theme, tag, text or paragraph that is not there."""
    decks = {one.deck for one in candidates}
    themes = {one.theme for one in candidates}
    tags = {tag for one in candidates for tag in one.tags}
    places = {place for one in candidates for place in one.places}
    refs = {one.ref for one in candidates}
    missing: list[Message] = []
    missing += [say("There is no deck “%(name)s”.", name=name) for name in choice.decks if name not in decks]
    missing += [say("There is no theme “%(name)s”.", name=name) for name in choice.themes if name not in themes]
    missing += [say("No card has the tag “%(name)s”.", name=name) for name in choice.tags if name not in tags]
    missing += [say("There is no card “%(name)s”.", name=name) for name in choice.cards if name not in refs]
    cited = {source for source, _ in places}
    missing += [say("No card is about the text “%(name)s”.", name=name) for name in choice.sources if name not in cited]
    missing += [
        say("No card is about paragraph %(number)s of “%(name)s”.", number=number, name=name)
        for name, number in choice.paragraphs
        if (name, number) not in places
    ]
    if missing:
        raise NotFound(missing[0])


def _count(values: Counter[str], names: dict[str, tuple[str, str]]) -> tuple[Offer, ...]:
    return tuple(
        Offer(value, name, values[value], language) for value, (name, language) in names.items() if values[value]
    )


def _offer_texts(session: Session, candidates: Sequence[Candidate]) -> tuple[TextOffer, ...]:
    places = Counter(place for one in candidates for place in one.places)
    texts = Counter(source for one in candidates for source in {source for source, _ in one.places})
    return tuple(
        TextOffer(
            Offer(source.id, source.title, texts[source.id], source.language),
            tuple(
                Offer(f"{source.id}:{number}", str(number), places[source.id, number])
                for number in sorted(number for cited, number in places if cited == source.id)
            ),
        )
        for source in source_store.list_sources(session)
        if texts[source.id]
    )


def _list_open(session: Session, learner_id: int | None, now: datetime) -> tuple[OpenRound, ...]:
    if learner_id is None:
        return ()
    return tuple(
        OpenRound(
            one.handle,
            one.started_at,
            PracticeChoice.model_validate_json(one.choice),
            answered,
            len(one.revisions),
        )
        for one, answered in store.list_open(session, learner_id, now - OPEN_FOR, OPEN_ROUNDS)
    )


def offer_practice(
    session: Session, learner_id: int | None, choice: PracticeChoice, rules: StudyRules, now: datetime
) -> PracticeOffer:
    """What can be practised, each with its number of cards; ``choice`` says how many days back mistakes count."""
    candidates = list_candidates(session, learner_id, now)
    decks = [line.deck for line in deck_store.count_decks(session, None, now)]
    themes = Counter(one.theme for one in candidates)
    tags = Counter(tag for one in candidates for tag in one.tags)
    since = _since(choice, rules, now)
    return PracticeOffer(
        cards=len(candidates),
        decks=_count(
            Counter(one.deck for one in candidates), {deck.slug: (deck.title, deck.language) for deck in decks}
        ),
        themes=_count(themes, {name: (name, "") for name in themes}),
        tags=_count(tags, {name: (name, "") for name in sorted(tags, key=lambda name: (-tags[name], name))}),
        texts=_offer_texts(session, candidates),
        mistakes={kind.value: len(find_fitting(candidates, PracticeChoice(mistakes=kind), since)) for kind in Mistakes},
        open_rounds=_list_open(session, learner_id, now),
    )


def count_fitting(
    session: Session, learner_id: int | None, choice: PracticeChoice, rules: StudyRules, now: datetime
) -> int:
    """How many cards a choice lets through. Raises NotFound for one that names what is not there."""
    candidates = list_candidates(session, learner_id, now)
    check_choice(candidates, choice)
    return len(find_fitting(candidates, choice, _since(choice, rules, now)))


def plan_practice(
    session: Session, learner_id: int | None, choice: PracticeChoice, handle: str, rules: StudyRules, now: datetime
) -> RoundPlan:
    """Draw the cards of a round. The same handle and choice draw the same cards while these stay as they are.

    Raises NotFound for a choice that names what is not there, Invalid where no card fits.
    """
    candidates = list_candidates(session, learner_id, now)
    check_choice(candidates, choice)
    fitting = find_fitting(candidates, choice, _since(choice, rules, now))
    if not fitting:
        raise Invalid(say("No card fits all that is chosen. Choose less, and more cards will fit."))
    seed = hmac.digest(rules.secret, f"practice|{handle}".encode(), "sha256")
    drawn = draw_cards(fitting, choice, seed)
    return RoundPlan(handle, choice, tuple(one.revision_id for one in drawn))


def begin_round(session: Session, learner_id: int, plan: RoundPlan, now: datetime) -> RoundPlan:
    """Write a planned round down, or give the one that has its handle already. Does not commit.

    Raises Conflict where the handle is that of a round with another choice.
    """
    known = store.find_practice(session, learner_id, plan.handle)
    if known is None:
        record = PracticeRecord(learner_id, plan.handle, plan.choice.model_dump_json(), plan.revisions, now)
        store.add_practice(session, record)
        return plan
    choice = PracticeChoice.model_validate_json(known.choice)
    if choice != plan.choice:
        raise Conflict(say("This form began another practice already. Open the practice page anew to begin one more."))
    return RoundPlan(plan.handle, choice, known.revisions)


def start_practice(
    session: Session, learner: Viewer, choice: PracticeChoice, handle: str, rules: StudyRules, now: datetime
) -> str:
    """Begin a round and give its handle. The same again begins no second one.

    Where ``handle`` is in use for another choice (a page gone back to), the round gets a new one. Raises NotFound for a
    choice that names what is not there, Invalid where no card fits or the handle is no UUID.
    """
    handle = check_key(handle)
    study_store.lock_learner(session, learner.learner_id)
    plan = plan_practice(session, learner.learner_id, choice, handle, rules, now)
    known = store.find_practice(session, learner.learner_id, handle)
    if known is not None and PracticeChoice.model_validate_json(known.choice) != choice:
        plan = plan_practice(
            session,
            learner.learner_id,
            choice,
            str(uuid.uuid5(uuid.UUID(handle), choice.model_dump_json())),
            rules,
            now,
        )
    handle = begin_round(session, learner.learner_id, plan, now).handle
    session.commit()
    return handle


def start_again(session: Session, learner: Viewer, old: str, handle: str, rules: StudyRules, now: datetime) -> str:
    """Begin a round of the cards that were answered wrong in an earlier one, and give its handle.

    Raises NotFound where the learner has no such round, Invalid where nothing in it was wrong, or where all that was
    is gone from the decks.
    """
    record = store.find_practice(session, learner.learner_id, check_handle(old))
    if record is None:
        raise NotFound(say("There is no such practice, or it is not yours."))
    answers = store.list_answers(session, learner.learner_id, record.handle)
    wrong = {answer.card_id for answer in answers if answer.score < CORRECT_FROM}
    if not wrong:
        raise Invalid(say("Nothing in this practice was wrong, so there is nothing to do again."))
    refs = tuple(one.ref for one in list_candidates(session, learner.learner_id, now) if one.card_id in wrong)
    if not refs:
        raise Invalid(say("These cards are not in the decks any more."))
    earlier = PracticeChoice.model_validate_json(record.choice)
    choice = PracticeChoice(cards=refs, count=None, order=earlier.order, confidence=earlier.confidence)
    return start_practice(session, learner, choice, handle, rules, now)
