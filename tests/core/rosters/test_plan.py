"""What an import would do to a class."""

from quizapp.core.rosters.model import Pupil, Roster
from quizapp.core.rosters.plan import Act, ImportPlan, Known, list_wanted_names, plan_import

ANN = Known(1, "ann.lee", Pupil(0, "7", "Ann", "Lee", groups=("Red",)))


def _plan(*pupils: Pupil, known: tuple[Known, ...] = (ANN,), taken: tuple[str, ...] = ()) -> ImportPlan:
    return plan_import(Roster(pupils), known, taken, "seed", pseudonymous=False)


def test_an_empty_list_does_nothing() -> None:
    plan = _plan()
    assert (plan.steps, plan.problems, plan.changes_something, plan.unlisted) == ((), (), False, (1,))


def test_a_known_student_stays_as_they_are() -> None:
    plan = _plan(Pupil(2, "7", "Ann", "Lee", groups=("red",)))
    assert [(step.act, step.learner_id, step.changed) for step in plan.steps] == [(Act.SAME, 1, ())]
    assert (plan.changes_something, plan.count(Act.SAME), plan.unlisted) == (False, 1, ())


def test_a_blank_cell_takes_nothing_away() -> None:
    step = _plan(Pupil(2, "7", "", "", "a@example.org")).steps[0]
    assert (step.act, step.changed, step.pupil.full_name) == (Act.CHANGE, ("email",), "Ann Lee")


def test_two_lines_about_one_student_are_told() -> None:
    plan = _plan(Pupil(2, "7", "Ann", "Lee"), Pupil(3, "", "Ann", "", sign_in_name="ANN.lee"))
    assert [problem.line for problem in plan.problems] == [3]


def test_a_name_that_two_have_is_a_doubt() -> None:
    twins = (Known(1, "a1", Pupil(0, "", "Ann", "Lee")), Known(2, "a2", Pupil(0, "", "Ann", "Lee")))
    plan = _plan(Pupil(2, "", "Ann", "Lee"), known=twins)
    assert "2 students" in plan.problems[0].reason
    assert _plan(Pupil(2, "", "Ann", "Lee", sign_in_name="a2"), known=twins).steps[0].learner_id == 2


def test_another_number_is_another_student() -> None:
    plan = _plan(Pupil(2, "8", "Ann", "Lee"), taken=("ann.lee",))
    assert [(step.act, step.sign_in_name) for step in plan.steps] == [(Act.ADD, "ann.lee2")]
    clash = _plan(Pupil(2, "8", "Ann", "Lee", sign_in_name="ann.lee"), taken=("ann.lee",))
    assert [problem.line for problem in clash.problems] == [2]


def test_a_guest_is_known_by_the_name_they_gave() -> None:
    guest = Known(3, None, Pupil(0, "", "Kim", ""))
    step = _plan(Pupil(2, "5", "kim", ""), known=(guest,)).steps[0]
    assert (step.act, step.learner_id, step.sign_in_name) == (Act.CHANGE, 3, "")


def test_who_is_elsewhere_joins_by_number_and_not_by_name() -> None:
    elsewhere = Known(4, "bo", Pupil(0, "9", "Bo", "Ray"), in_class=False)
    assert _plan(Pupil(2, "9", "Bo", "Ray"), known=(elsewhere,)).steps[0].act is Act.JOIN
    assert _plan(Pupil(2, "", "Bo", "Ray"), known=(elsewhere,)).steps[0].act is Act.ADD


def test_names_that_are_asked_for_hold_all_that_may_be_given() -> None:
    pupils = [Pupil(2, "", "Ann", "Lee"), Pupil(3, "", "X", "Y", sign_in_name="Xy")]
    wanted = list_wanted_names(pupils, "seed", pseudonymous=False)
    assert {"ann.lee", "ann.lee2", "xy"} <= wanted
    assert not any("lee" in name for name in list_wanted_names(pupils, "seed", pseudonymous=True))


def test_a_sign_in_name_that_nobody_has_makes_a_new_student() -> None:
    step = _plan(Pupil(2, "", "Ann", "Lee", sign_in_name="other")).steps[0]
    assert (step.act, step.sign_in_name) == (Act.ADD, "other")


def test_who_joined_without_details_is_known_by_the_accounts_name_and_who_left_comes_back() -> None:
    gone = Known(5, "Bo Ray", Pupil(0), left=True)
    plan = _plan(Pupil(2, "", "Bo", "Ray"), known=(gone,))
    assert [(step.act, step.learner_id) for step in plan.steps] == [(Act.RETURN, 5)]
    assert _plan(known=(gone,)).unlisted == ()
