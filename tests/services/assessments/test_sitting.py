"""Beginning an attempt, saving answers, and the end of the time."""

from datetime import timedelta
from typing import Any

import pytest
from plumbing.meanwhile import meanwhile

from quizapp.core.assessments.answers import Fill, Given
from quizapp.core.assessments.draw import PoolTooSmall
from quizapp.core.assessments.plan import Draw, Feedback, Plan
from quizapp.core.assessments.saving import Stamp
from quizapp.core.assessments.timing import GRACE, Window
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.services.accounts import Viewer
from quizapp.services.assessments import editing, sitting
from quizapp.services.assessments.sitting import Save
from quizapp.services.library import InputFile, load_files
from quizapp.store import assessments as store

MINUTE = timedelta(minutes=1)
DECK_OF_ONE = b"""\
format: 1
id: birds
title: Birds
language: en
theme: nature
cards:
  - {id: legs, type: short, prompt: Other words, answer: other}
"""


def test_an_attempt_is_drawn_once_and_begun_again_it_goes_on(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    assert school.begin(handle) == attempt
    assert [one.position for one in school.view(handle, attempt).questions] == list(range(1, 8))


def test_the_same_draw_is_there_after_the_deck_has_changed(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    before = school.view(handle, attempt).questions
    changed = DECK_OF_ONE
    with school.database.writing() as session:
        report = load_files(session, [], [InputFile("birds.yaml", changed)], school.noon)
    assert report.problems == ()
    assert school.view(handle, attempt).questions == before
    number = school.position(handle, attempt, "short")
    assert school.save(attempt, school.make_save(number, "long")).fill is Fill.WHOLE


def test_options_in_one_order_for_all_are_the_same_for_all_and_not_the_decks(school: Any) -> None:
    handle = school.set_test(Plan(cards=("birds/food",), shuffle_options=False, attempts=50))
    orders = set()
    for number in range(3):
        with school.database.reading() as session:
            drawn = sitting.draw_attempt(session, school.bob, handle, bytes([number]) * 16, school.rules)
        orders.add(drawn.questions[0].asked)
    assert len(orders) == 1


def test_no_question_tells_of_a_hint(school: Any) -> None:
    handle = school.set_test()
    questions = school.view(handle, school.begin(handle)).questions
    assert not any(question.asked.hint_available for question in questions)


@pytest.mark.parametrize(("opens", "closes", "words"), [(1, None, "not open yet"), (None, -1, "closed")])
def test_a_test_is_begun_between_opening_and_closing_only(
    school: Any, opens: int | None, closes: int | None, words: str
) -> None:
    hour = timedelta(hours=1)
    window = Window(opens and school.noon + opens * hour, None, closes and school.noon + closes * hour)
    handle = school.set_test(window=window)
    with pytest.raises(Conflict, match=words):
        school.begin(handle)


def test_attempts_run_out(school: Any) -> None:
    handle = school.set_test(Plan(cards=("birds/legs",), attempts=2))
    for _ in range(2):
        school.hand_in(handle, school.begin(handle))
    with pytest.raises(Conflict, match="all your attempts"):
        school.begin(handle)


def test_an_attempt_whose_time_is_over_is_ended_before_the_next_begins(school: Any) -> None:
    handle = school.set_test(Plan(cards=("birds/legs",), attempts=2, limit_minutes=1))
    first = school.begin(handle)
    second = school.begin(handle, school.noon + 2 * MINUTE)
    assert second != first
    assert school.view(handle, first) is None


def test_strangers_find_no_test_and_no_attempt(school: Any, library_add_user: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    with pytest.raises(NotFound):
        school.begin(handle, who=school.charlie)
    for handles in ((handle, attempt), (handle, "x"), ("no such test", attempt)):
        with pytest.raises(NotFound):
            school.view(*handles, who=school.charlie)
    with pytest.raises(NotFound):
        school.save(attempt, school.make_save(1, "long"), who=school.charlie)
    with pytest.raises(NotFound), school.database.writing() as session:
        sitting.hand_in(session, school.charlie, handle, attempt, school.noon)
    other = school.set_test()
    with pytest.raises(NotFound):
        school.view(other, attempt)


def test_the_link_lets_in_who_is_signed_in_and_no_guest(school: Any) -> None:
    handle = school.set_test(by_link=True, class_handle="")
    assert school.begin(handle, who=school.charlie)
    with pytest.raises(NotFound):
        school.begin(handle, who=Viewer(school.bob.learner_id, school.bob.handle))


def test_an_answer_is_saved_with_its_time_and_found_again(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    number = school.position(handle, attempt, "short")
    saved = school.save(attempt, school.make_save(number, "long"), school.noon + MINUTE)
    assert (saved.version, saved.saved_at, saved.fill) == (1, school.noon + MINUTE, Fill.WHOLE)
    found = school.view(handle, attempt).questions[number - 1]
    assert (found.typed, found.version, found.saved_at) == ("long", 1, school.noon + MINUTE)


def test_late_and_repeated_saves_of_a_tab_never_overwrite_newer_ones(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    number = school.position(handle, attempt, "short")
    school.save(attempt, school.make_save(number, "second", counter=2))
    late = school.save(attempt, school.make_save(number, "first", counter=1))
    assert (late.version, late.stale, late.overtaken) == (1, True, False)
    again = school.save(attempt, school.make_save(number, "second", counter=2))
    assert (again.version, again.stale) == (1, False)
    assert school.view(handle, attempt).questions[number - 1].typed == "second"


def test_between_tabs_the_newest_wins_and_is_told_of_the_other(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    number = school.position(handle, attempt, "short")
    one, other = {"client": "aaaaaaaa"}, {"client": "bbbbbbbb"}
    assert not school.save(attempt, school.make_save(number, "from one", **one)).overtaken
    assert school.save(attempt, school.make_save(number, "from the other", **other)).overtaken
    repeated = school.save(attempt, school.make_save(number, "from one", **one))
    assert repeated.stale
    assert school.view(handle, attempt).questions[number - 1].typed == "from the other"
    with school.database.reading() as session:
        pulse = sitting.view_pulse(session, school.bob, handle, attempt, school.noon)
    assert pulse.versions[number] == 2
    back = school.save(attempt, school.make_save(number, "from one again", counter=2, base=2, **one))
    assert (back.version, back.overtaken) == (3, False)


def test_what_a_page_did_not_change_it_does_not_save(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    number = school.position(handle, attempt, "short")
    school.save(attempt, school.make_save(number, "long"))
    untouched = Save(number, Stamp("cccccccc", 1, 0), lambda _: Given("", ""), None, lambda typed: typed == "")
    assert school.save(attempt, untouched).version == 1
    assert school.view(handle, attempt).questions[number - 1].typed == "long"


def test_an_answer_can_be_emptied_and_a_part_is_kept(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    text, order = school.position(handle, attempt, "short"), school.position(handle, attempt, "order")
    school.save(attempt, school.make_save(text, "long"))
    assert school.save(attempt, school.make_save(text, "", counter=2)).fill is Fill.NOTHING
    part = Save(order, Stamp("dddddddd", 1, 0), lambda asked: Given(["1", "", ""], [asked.options[0]]))
    assert school.save(attempt, part).fill is Fill.PART
    held = school.view(handle, attempt)
    assert held.questions[order - 1].typed == ["1", "", ""]
    assert len(held.unanswered) == 7


@pytest.mark.parametrize("position", [0, -1, 8, 10_001, 2**70])
def test_a_question_that_is_not_in_the_test_is_not_found(school: Any, position: int) -> None:
    attempt = school.begin(school.set_test())
    with pytest.raises(NotFound):
        school.save(attempt, school.make_save(position, "long"))


@pytest.mark.parametrize(
    "stamp", [{"client": ""}, {"client": "x" * 50}, {"counter": 0}, {"counter": 2**31}, {"base": -1}, {"base": 2**40}]
)
def test_a_save_without_a_good_stamp_is_refused(school: Any, stamp: dict[str, Any]) -> None:
    attempt = school.begin(school.set_test())
    with pytest.raises(Invalid):
        school.save(attempt, school.make_save(1, "long", **stamp))


@pytest.mark.parametrize("confidence", [0, 4, 1])
def test_a_confidence_that_was_not_asked_is_refused(school: Any, confidence: int) -> None:
    handle = school.set_test(Plan(cards=("birds/legs",), confidence=confidence != 1))
    attempt = school.begin(handle)
    with pytest.raises(Invalid, match="not saved"):
        school.save(attempt, school.make_save(1, "long", confidence))


def test_several_answers_are_saved_all_or_none(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    text, choice = school.position(handle, attempt, "short"), school.position(handle, attempt, "choice")
    both = [school.make_save(text, "long"), school.make_save(choice, "3 m")]
    with pytest.raises(Invalid), school.database.writing() as session:
        sitting.save_answers(session, school.bob, attempt, both, school.noon)
    assert school.view(handle, attempt).questions[text - 1].typed is None


def test_the_time_runs_out_on_the_server_with_a_few_seconds_of_grace(school: Any) -> None:
    handle = school.set_test(Plan(cards=("birds/legs",), limit_minutes=1))
    attempt = school.begin(handle)
    school.save(attempt, school.make_save(1, "long"), school.noon + MINUTE + GRACE)
    with pytest.raises(Conflict, match="time is over"):
        school.save(attempt, school.make_save(1, "other", counter=2), school.noon + MINUTE + 2 * GRACE)
    with school.database.reading() as session:
        pulse = sitting.view_pulse(session, school.bob, handle, attempt, school.noon + MINUTE + 2 * GRACE)
    assert not pulse.open
    assert school.tidy(school.noon + MINUTE + 2 * GRACE) == 1
    assert school.view(handle, attempt) is None


def test_after_handing_in_nothing_is_taken(school: Any) -> None:
    handle = school.set_test()
    attempt = school.begin(handle)
    school.hand_in(handle, attempt)
    school.hand_in(handle, attempt, school.noon + MINUTE)
    with pytest.raises(Conflict, match="over"):
        school.save(attempt, school.make_save(1, "long"))


def _check(school: Any, attempt: str, position: int, response: Any, counter: int = 1) -> Any:
    with school.database.writing() as session:
        save = school.make_save(position, response, counter=counter)
        return sitting.check_answer(session, school.bob, attempt, save, school.noon)


def test_a_checked_answer_is_graded_and_stays(school: Any) -> None:
    handle = school.set_test(Plan(cards=("birds/legs",), feedback=Feedback.AT_ONCE))
    attempt = school.begin(handle)
    assert _check(school, attempt, 1, "blue").score == 0
    assert _check(school, attempt, 1, "long", 2).score == 0
    with pytest.raises(Conflict, match="stays as it is"):
        school.save(attempt, school.make_save(1, "long", counter=3))
    assert school.view(handle, attempt).questions[0].settled


def test_only_a_whole_answer_in_a_test_with_feedback_at_once_is_checked(school: Any) -> None:
    handle = school.set_test(Plan(cards=("birds/legs",), feedback=Feedback.AT_ONCE))
    with pytest.raises(Invalid, match="whole question"):
        _check(school, school.begin(handle), 1, "")
    attempt = school.begin(school.set_test(Plan(cards=("birds/legs",))))
    with pytest.raises(Conflict, match="later"):
        _check(school, attempt, 1, "long")
    assert school.save(attempt, school.make_save(1, "other")).version == 1


def test_a_pool_that_shrank_tells_so_and_writes_nothing(school: Any) -> None:
    handle = school.set_test(Plan(draws=(Draw(count=7),)))
    only = DECK_OF_ONE
    with school.database.writing() as session:
        load_files(session, [], [InputFile("birds.yaml", only)], school.noon)
    with pytest.raises(PoolTooSmall, match="asks for 7 cards"):
        school.begin(handle)


def test_an_attempt_asks_what_the_test_is_when_it_begins_not_when_it_was_drawn(school: Any) -> None:
    handle = school.set_test(Plan(cards=("birds/legs",)))
    with school.database.reading() as session:
        drawn = sitting.draw_attempt(session, school.bob, handle, bytes(16), school.rules)
    with school.database.writing() as session:
        record = store.find_assessment(session, handle)
        changed = school.draft(Plan(cards=("birds/winter",)))
        editing.change_test(session, school.alice, handle, changed, record.version, school.noon)
    with school.database.writing() as session:
        attempt = sitting.begin_attempt(session, school.bob, handle, drawn, school.noon)
    assert [one.asked.type for one in school.view(handle, attempt).questions] == ["truefalse"]


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_who_begins_while_the_test_is_changed_is_asked_what_it_is_then(
    school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = school.set_test(Plan(cards=("birds/legs",)))
    with school.database.reading() as session:
        drawn = sitting.draw_attempt(session, school.bob, handle, bytes(16), school.rules)
        version = store.find_assessment(session, handle).version
    changed = school.draft(Plan(cards=("birds/winter",)))

    def begin(session: Any) -> str:
        return sitting.begin_attempt(session, school.bob, handle, drawn, school.noon)

    with school.database.writing() as session:
        commit = session.commit
        monkeypatch.setattr(session, "commit", lambda: None)
        editing.change_test(session, school.alice, handle, changed, version, school.noon)
        with meanwhile(school.database, begin) as begun:
            commit()
    assert [one.asked.type for one in school.view(handle, begun[0]).questions] == ["truefalse"]


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_a_test_that_is_just_being_begun_keeps_its_questions(school: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = school.set_test(Plan(cards=("birds/legs",)))
    with school.database.reading() as session:
        drawn = sitting.draw_attempt(session, school.bob, handle, bytes(16), school.rules)
        version = store.find_assessment(session, handle).version
    changed = school.draft(Plan(cards=("birds/winter",)))
    with school.database.writing() as session:
        commit = session.commit
        monkeypatch.setattr(session, "commit", lambda: None)
        attempt = sitting.begin_attempt(session, school.bob, handle, drawn, school.noon)
        with meanwhile(
            school.database,
            lambda other: editing.change_test(other, school.alice, handle, changed, version, school.noon),
        ) as refused:
            commit()
    assert isinstance(refused[0], Invalid)
    assert [one.asked.type for one in school.view(handle, attempt).questions] == ["short"]
