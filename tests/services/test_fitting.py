"""Fits: only when there is enough, only what is better, never in a request, and for those whom they concern."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from plumbing.learning import load_cards, study_for_a_year

from quizapp.core.errors import NotFound
from quizapp.core.learning import fitting as core_fitting
from quizapp.core.learning.scheduling import SchedulerSettings
from quizapp.services import adopting, fitting, jobs, memory, study
from quizapp.services.accounts import Viewer
from quizapp.services.fitting import ADOPT, FIRST_FIT_AT, FIT, FitScope
from quizapp.services.rules import StudyRules, find_rules
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.fits import FitRecord
from quizapp.store.tables import ClassMemberRow, ClassRow

AddUser = Callable[..., Viewer]
USUAL = SchedulerSettings().parameters


@pytest.fixture(autouse=True)
def fits_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """How good the fits of a long look are is measured in the tests of ``core``."""
    monkeypatch.setattr(core_fitting, "_LOOKS", 40_000)


@pytest.fixture
def cards_database(sqlite_database: Database, noon: datetime) -> Database:
    """A deck of 60 cards."""
    load_cards(sqlite_database, "many", 60, noon)
    return sqlite_database


def _study(database: Database, who: Viewer, rules: StudyRules, noon: datetime, **how: object) -> int:
    with database.writing() as session:
        return study_for_a_year(session, who, rules, noon, **how)  # type: ignore[arg-type]


def _add_class(database: Database, noon: datetime, *members: Viewer) -> int:
    with database.writing() as session:
        row = ClassRow(handle=f"class-{len(members)}", name="Biology", created_at=noon)
        session.add(row)
        session.flush()
        class_id = int(row.id or 0)
        session.commit()
    for member in members:
        _join(database, class_id, member, noon)
    return class_id


def _join(database: Database, class_id: int, member: Viewer, noon: datetime) -> None:
    with database.writing() as session:
        session.add(
            ClassMemberRow(class_id=class_id, learner_id=member.learner_id, pseudonym=member.handle[:8], joined_at=noon)
        )
        session.commit()


def _fit(database: Database, scope: FitScope, subject_id: int, now: datetime) -> FitRecord | None:
    """Fit at once, and bring everybody concerned to the result."""
    with database.writing() as session:
        jobs.enqueue(session, FIT, fitting.name_job(scope, subject_id), now)
        session.commit()
    assert jobs.run_next(database, {FIT: fitting.read_fit}, lambda: now) is not None
    with database.reading() as session:
        return fitting.find_last_fit(session, scope, subject_id)


def _adopt_all(database: Database, rules: StudyRules, now: datetime) -> int:
    count = 0
    while jobs.run_next(database, {ADOPT: adopting.make_adoption(rules)}, lambda: now) is not None:
        count += 1
    return count


def _waiting(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.execute(sa.text("SELECT kind, subject FROM job WHERE state = 'waiting' ORDER BY id"))
        return [(row.kind, row.subject) for row in rows]


def _said(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(sa.text("SELECT result FROM job ORDER BY id")).scalars())


def test_a_learner_who_forgets_faster_gets_parameters_of_their_own(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = add_sqlite_user("Bob")
    answers = _study(cards_database, bob, rules, noon)
    later = noon + timedelta(days=400)
    fit = _fit(cards_database, FitScope.LEARNER, bob.learner_id, later)
    assert fit is not None
    assert (fit.outcome, fit.reviews, fit.created_at) == ("kept", answers, later)
    assert fit.log_loss < min(fit.log_loss_before, fit.log_loss_average)
    assert fit.held_out > 50
    assert _waiting(cards_database) == [(ADOPT, str(bob.learner_id))]
    shown = fitting.show_fit(fit)
    assert shown["outcome"] == "kept"
    assert shown["parameters"] == json.loads(fit.parameters)
    assert shown["prior"] == {}
    with cards_database.reading() as session:
        assert find_rules(session, rules, bob.learner_id).scheduler == rules.scheduler
        due = session.execute(sa.text("SELECT card_id, due FROM card_state ORDER BY card_id")).all()
    assert _adopt_all(cards_database, rules, later) == 1
    with cards_database.reading() as session:
        own = find_rules(session, rules, bob.learner_id)
        assert own.fitted
        assert own.scheduler.settings.parameters == tuple(json.loads(fit.parameters))
        assert own.scheduler.settings.parameters[2] < USUAL[2] / 1.5
        assert session.execute(sa.text("SELECT card_id, due FROM card_state ORDER BY card_id")).all() == due
        found = fitting.find_fit(session, bob.learner_id)
        assert (found.in_use, found.refused) == (fit, None)
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()


def test_a_fit_that_is_no_better_is_refused_and_told(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = add_sqlite_user("Bob")
    _study(cards_database, bob, rules, noon)
    kept = _fit(cards_database, FitScope.LEARNER, bob.learner_id, noon)
    _adopt_all(cards_database, rules, noon)
    again = _fit(cards_database, FitScope.LEARNER, bob.learner_id, noon)
    assert kept is not None
    assert again is not None
    assert again.outcome == "refused"
    assert again.log_loss_before == pytest.approx(kept.log_loss)
    assert _waiting(cards_database) == []
    assert _said(cards_database)[-1].startswith("refused: log loss 0.")
    with cards_database.reading() as session:
        found = fitting.find_fit(session, bob.learner_id)
        assert (found.in_use, found.refused) == (kept, again)


@pytest.mark.parametrize("cards", [0, 1, 5])
def test_too_few_answers_change_nothing_and_are_told_with_both_numbers(
    sqlite_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime, cards: int
) -> None:
    bob = add_sqlite_user("Bob")
    if cards:
        load_cards(sqlite_database, "few", cards, noon)
        _study(sqlite_database, bob, rules, noon)
    assert _fit(sqlite_database, FitScope.LEARNER, bob.learner_id, noon) is None
    assert "300 are needed" in _said(sqlite_database)[0]
    class_id = _add_class(sqlite_database, noon, bob)
    assert _fit(sqlite_database, FitScope.CLASS, class_id, noon) is None
    assert "300 are needed" in _said(sqlite_database)[1]


def test_answers_out_of_order_and_of_a_clock_that_ran_ahead_are_learned_from_without_damage(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = add_sqlite_user("Bob")
    _study(cards_database, bob, rules, noon)
    day = 86_400_000
    with cards_database.writing() as session:
        for divisor, days in ((7, 365), (11, -300), (13, 20_000)):
            session.execute(
                sa.text(
                    "UPDATE review SET answered_at = answered_at + :ms, study_day = study_day + :days"
                    " WHERE seq % :n = 0"
                ),
                {"ms": days * day, "days": days, "n": divisor},
            )
        session.commit()
        before = session.execute(sa.text("SELECT card_id, due FROM card_state ORDER BY card_id")).all()
    fit = _fit(cards_database, FitScope.LEARNER, bob.learner_id, noon)
    assert fit is not None
    _adopt_all(cards_database, rules, noon)
    with cards_database.reading() as session:
        assert session.execute(sa.text("SELECT card_id, due FROM card_state ORDER BY card_id")).all() == before
        highest = session.execute(sa.text("SELECT max(stability), max(difficulty) FROM card_state")).one()
        assert highest <= (36_500, 10)


def test_a_class_fit_is_for_the_members_without_one_of_their_own_and_for_later_ones(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob, charlie, eve = (add_sqlite_user(name) for name in ("Bob", "Charlie", "Eve"))
    for who in (bob, charlie):
        _study(cards_database, who, rules, noon)
    class_id = _add_class(cards_database, noon, bob, charlie)
    own = _fit(cards_database, FitScope.LEARNER, bob.learner_id, noon)
    _adopt_all(cards_database, rules, noon)
    of_class = _fit(cards_database, FitScope.CLASS, class_id, noon)
    assert of_class is not None
    assert of_class.outcome == "kept"
    assert _adopt_all(cards_database, rules, noon) == 1
    with cards_database.reading() as session:
        assert fitting.find_fit(session, bob.learner_id).in_use == own
        assert fitting.find_fit(session, charlie.learner_id).in_use == of_class
        assert fitting.find_unadopted(session) == []
    _join(cards_database, class_id, eve, noon)
    with cards_database.reading() as session:
        assert fitting.find_unadopted(session) == [(ADOPT, str(eve.learner_id))]
    with cards_database.writing() as session:
        jobs.enqueue(session, ADOPT, str(eve.learner_id), noon)
        session.commit()
    _adopt_all(cards_database, rules, noon)
    with cards_database.reading() as session:
        assert fitting.find_fit(session, eve.learner_id).in_use == of_class
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()


def test_where_everybody_has_parameters_of_their_own_a_class_gets_none(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = add_sqlite_user("Bob")
    _study(cards_database, bob, rules, noon)
    class_id = _add_class(cards_database, noon, bob)
    _fit(cards_database, FitScope.LEARNER, bob.learner_id, noon)
    _adopt_all(cards_database, rules, noon)
    assert _fit(cards_database, FitScope.CLASS, class_id, noon) is None
    assert "of their own already" in _said(cards_database)[-1]


def test_a_class_teaches_how_fast_each_card_fades_and_later_learners_start_from_it(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    factors = {f"card-{number}": 0.15 if number % 2 else 2.0 for number in range(1, 61)}
    members = [add_sqlite_user(f"Student {number}") for number in range(8)]
    for number, member in enumerate(members):
        start = noon + timedelta(days=60 * number)
        _study(cards_database, member, rules, start, parameters=USUAL, factors=factors, most=4)
    class_id = _add_class(cards_database, noon, *members)
    fit = _fit(cards_database, FitScope.CLASS, class_id, noon)
    assert fit is not None
    assert fit.outcome == "kept"
    prior = json.loads(fit.prior)
    fast, slow = ([prior[f"many/card-{n}"] for n in range(1, 61) if n % 2 == odd] for odd in (1, 0))
    assert sum(fast) < 0.8 * sum(slow)
    assert _adopt_all(cards_database, rules, noon) == 8
    with cards_database.reading() as session:
        own = find_rules(session, rules, members[0].learner_id)
        assert own.prior_of("many/card-1") == prior["many/card-1"]
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()
    _study(cards_database, eve := add_sqlite_user("Eve"), rules, noon)
    _join(cards_database, class_id, eve, noon)
    with cards_database.writing() as session:
        jobs.enqueue(session, ADOPT, str(eve.learner_id), noon)
        session.commit()
    _adopt_all(cards_database, rules, noon)
    of_eve = _fit(cards_database, FitScope.LEARNER, eve.learner_id, noon)
    assert of_eve is not None
    assert json.loads(of_eve.prior) == prior  # a fit of one's own goes on from what the class has taught


def test_a_deck_fit_is_for_learners_without_any(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob, charlie = add_sqlite_user("Bob"), add_sqlite_user("Charlie")
    for who in (bob, charlie):
        _study(cards_database, who, rules, noon)
    _fit(cards_database, FitScope.LEARNER, bob.learner_id, noon)
    _adopt_all(cards_database, rules, noon)
    with cards_database.reading() as session:
        deck_id = fitting.find_subject(session, FitScope.DECK, "many")
    fit = _fit(cards_database, FitScope.DECK, deck_id, noon)
    assert fit is not None
    assert (fit.outcome, fit.prior) == ("kept", "")
    assert _waiting(cards_database) == [(ADOPT, str(charlie.learner_id))]
    _adopt_all(cards_database, rules, noon)
    with cards_database.reading() as session:
        assert fitting.find_fit(session, charlie.learner_id).in_use is None
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()


def test_what_is_answered_while_states_are_counted_is_counted_too(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = add_sqlite_user("Bob")
    _study(cards_database, bob, rules, noon)
    _fit(cards_database, FitScope.LEARNER, bob.learner_id, noon)
    later = noon + timedelta(days=500)
    with cards_database.reading() as session:
        compute = adopting.make_adoption(rules)(session, str(bob.learner_id))
    write = compute()
    with cards_database.writing() as session:
        submission = Submission("many", "card-1", 1, True)
        study.answer_card(session, bob, submission, "123e4567-e89b-42d3-a456-426614174000", rules, later)
    with cards_database.writing() as session:
        assert "counted again" in write(session, later)
        session.commit()
        assert memory.rebuild_states(session, rules, dry_run=True).differences == ()


def test_a_log_that_cannot_be_read_keeps_its_state_and_what_has_none_gets_none(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = add_sqlite_user("Bob")
    _study(cards_database, bob, rules, noon)
    _fit(cards_database, FitScope.LEARNER, bob.learner_id, noon)
    first = "SELECT * FROM card_state WHERE card_id = (SELECT min(id) FROM card)"
    with cards_database.writing() as session:
        session.execute(sa.text("UPDATE review SET state_after = '?' WHERE card_id = (SELECT min(id) FROM card)"))
        session.execute(sa.text("DELETE FROM card_state WHERE card_id = (SELECT max(id) FROM card)"))
        session.commit()
        before = session.execute(sa.text(first)).one()
    _adopt_all(cards_database, rules, noon)
    with cards_database.reading() as session:
        assert session.execute(sa.text(first)).one() == before
        assert session.execute(sa.text("SELECT count(*) FROM card_state")).scalar_one() == 59
        assert fitting.find_fit(session, bob.learner_id).in_use is not None


def test_fits_are_queued_when_there_is_enough_that_is_new(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob, charlie = add_sqlite_user("Bob"), add_sqlite_user("Charlie")
    answers = _study(cards_database, bob, rules, noon)
    assert answers > FIRST_FIT_AT
    class_id = _add_class(cards_database, noon, bob, charlie)

    def ask(seq: int, who: Viewer = bob) -> list[tuple[str, str]]:
        with cards_database.writing() as session:
            session.execute(sa.text("DELETE FROM job"))
            fitting.queue_if_due(session, who.learner_id, seq, noon)
            fitting.queue_if_due(session, who.learner_id, seq, noon)
            session.commit()
        return _waiting(cards_database)

    of_bob, of_class = (FIT, f"learner:{bob.learner_id}"), (FIT, f"class:{class_id}")
    assert ask(answers) == [of_bob, of_class]
    assert ask(200) == [of_class]
    assert ask(1, charlie) == [of_class]
    for scope, subject in ((FitScope.LEARNER, bob.learner_id), (FitScope.CLASS, class_id)):
        _fit(cards_database, scope, subject, noon)
    assert ask(answers) == []
    assert ask(2 * answers) == [of_bob]


@pytest.mark.parametrize("scope", FitScope)
def test_who_is_gone_is_told(cards_database: Database, noon: datetime, rules: StudyRules, scope: FitScope) -> None:
    assert _fit(cards_database, scope, 999, noon) is None
    assert _said(cards_database) == ["It is no longer there."]
    with cards_database.reading() as session:
        with pytest.raises(NotFound):
            fitting.find_subject(session, scope, "nobody")
        with pytest.raises(NotFound):
            adopting.make_adoption(rules)(session, "999")


def test_whoever_leaves_while_a_fit_is_computed_gets_none(
    cards_database: Database, add_sqlite_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    bob = add_sqlite_user("Bob")
    _study(cards_database, bob, rules, noon)
    class_id = _add_class(cards_database, noon, bob)
    with cards_database.reading() as session:
        write = fitting.read_fit(session, f"class:{class_id}")()
    with cards_database.writing() as session:
        session.execute(sa.text("DELETE FROM class_member"))
        session.execute(sa.text("DELETE FROM class"))
        with pytest.raises(NotFound):
            write(session, noon)


def test_a_subject_is_found_by_the_name_that_people_use(database: Database, add_user: AddUser, noon: datetime) -> None:
    load_cards(database, "many", 1, noon)
    bob = add_user("Bob")
    class_id = _add_class(database, noon, bob)
    with database.reading() as session:
        assert fitting.find_subject(session, FitScope.LEARNER, " BOB ") == bob.learner_id
        assert fitting.find_subject(session, FitScope.CLASS, "class-1") == class_id
        assert fitting.find_subject(session, FitScope.DECK, "many") > 0


def test_on_every_database_answers_are_read_and_fits_are_found(
    database: Database, add_user: AddUser, rules: StudyRules, noon: datetime
) -> None:
    load_cards(database, "many", 60, noon)
    bob, charlie = add_user("Bob"), add_user("Charlie")
    _study(database, bob, rules, noon)
    class_id = _add_class(database, noon, bob, charlie)
    with database.reading() as session:
        deck_id = fitting.find_subject(session, FitScope.DECK, "many")
    of_deck = _fit(database, FitScope.DECK, deck_id, noon)
    assert of_deck is not None
    assert of_deck.outcome == "kept"
    assert _adopt_all(database, rules, noon) == 1
    of_class = _fit(database, FitScope.CLASS, class_id, noon)
    assert of_class is not None
    assert of_class.log_loss_before == pytest.approx(of_deck.log_loss)
    with database.writing() as session:
        fitting.queue_if_due(session, bob.learner_id, 5_000, noon)
        session.commit()
        assert fitting.find_unadopted(session) == []
        assert memory.rebuild_states(session, rules).differences == ()
    assert _waiting(database) == [(FIT, f"learner:{bob.learner_id}")]
