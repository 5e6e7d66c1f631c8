"""What an import would do: the list compared with who is known. The dry run shows it, the import does it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.core.rosters.model import Pupil, Remark, Roster
from quizapp.core.rosters.pupils import split_name
from quizapp.core.rosters.sign_in_names import propose_sign_in_names


class Act(StrEnum):
    """What happens to a student of the list."""

    ADD = "add"
    """A new account is made."""
    JOIN = "join"
    """An account is known from another class of the teacher, and joins this one."""
    RETURN = "return"
    """Somebody who had left comes back."""
    CHANGE = "change"
    """Somebody in the class gets other details."""
    SAME = "same"
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Known:
    """A student that a line may be about. ``in_class``: is or was in the class; ``left``: was."""

    learner_id: int
    account_name: str | None
    pupil: Pupil
    in_class: bool = True
    left: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What the import does for one student; ``learner_id`` is None for a new one.

    ``pupil`` is as it will be, ``changed`` what of it is new. ``sign_in_name`` is blank for who has none.
    """

    act: Act
    pupil: Pupil
    sign_in_name: str
    learner_id: int | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All steps, in the order of the list; the problems; and who is in the class but not in the list (they stay)."""

    steps: tuple[Step, ...]
    problems: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    unlisted: tuple[int, ...]

    def count(self, act: Act) -> int:
        """How many steps are of this kind."""
        return sum(step.act == act for step in self.steps)

    @property
    def changes_something(self) -> bool:
        """Whether the import would change anything."""
        return any(step.act != Act.SAME for step in self.steps)


_DETAILS = ("external_id", "first_name", "last_name", "email")


def _name_mark(known: Known) -> tuple[str, str]:
    first, last = known.pupil.first_name, known.pupil.last_name
    if not (first or last):
        first, last = split_name(known.account_name or "")
    return name_key(first), name_key(last)


class _Register:
    """Who is known, by all that tells a student."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_id: dict[str, Known] = {}
        self.by_account: dict[str, Known] = {}
        self.by_name: dict[tuple[str, str], list[Known]] = {}
        for one in sorted(known, key=lambda each: (not each.in_class, each.left)):
            if one.pupil.external_id:
                self.by_id.setdefault(one.pupil.external_id, one)
            if one.account_name is not None:
                self.by_account.setdefault(name_key(one.account_name), one)
            if one.in_class:
                self.by_name.setdefault(_name_mark(one), []).append(one)

    def find(self, pupil: Pupil) -> list[Known]:
        """Those whom the line may mean: none is a new student, more than one is a doubt."""
        if pupil.external_id and pupil.external_id in self.by_id:
            return [self.by_id[pupil.external_id]]
        if pupil.sign_in_name and (found := self.by_account.get(name_key(pupil.sign_in_name))):
            return [] if pupil.external_id and found.pupil.external_id else [found]
        if pupil.sign_in_name:
            return []
        named = self.by_name.get((name_key(pupil.first_name), name_key(pupil.last_name)), [])
        return [one for one in named if not (one.pupil.external_id and pupil.external_id)]


def _merge(known: Known, pupil: Pupil) -> tuple[Pupil, tuple[str, ...]]:
    """The student with what the line adds; a blank cell takes nothing away, and no group is left."""
    fresh = {name: getattr(pupil, name) for name in _DETAILS if getattr(pupil, name)}
    keys = {name_key(group) for group in known.pupil.groups}
    groups = (*known.pupil.groups, *(group for group in pupil.groups if name_key(group) not in keys))
    merged = replace(known.pupil, number=pupil.number, groups=groups, **fresh)
    changed = tuple(name for name in (*_DETAILS, "groups") if getattr(merged, name) != getattr(known.pupil, name))
    return merged, changed


def _step_for(known: Known, pupil: Pupil) -> Step:
    merged, changed = _merge(known, pupil)
    if not known.in_class:
        act = Act.JOIN
    elif known.left:
        act = Act.RETURN
    else:
        act = Act.CHANGE if changed else Act.SAME
    return Step(act, merged, known.account_name or "", known.learner_id, changed)


def list_wanted_names(pupils: Sequence[Pupil], seed: str, *, pseudonymous: bool) -> set[str]:
    """Every sign-in name that the import may want to give, by key: ask which are taken, then plan."""
    return {
        name_key(name) for pupil in pupils for name in propose_sign_in_names(pupil, seed, pseudonymous=pseudonymous)
    }


def _add(pupil: Pupil, seed: str, taken: set[str], *, pseudonymous: bool) -> Step | Remark:
    for name in propose_sign_in_names(pupil, seed, pseudonymous=pseudonymous):
        if name_key(name) not in taken:
            taken.add(name_key(name))
            return Step(Act.ADD, pupil, name)
    reason = say("The sign-in name “%(name)s” belongs to an account outside your classes.", name=pupil.sign_in_name)
    advice = say("If it is this student’s, give them the class’s link. Else choose another sign-in name in the list.")
    return Remark(pupil.number, reason, advice)


def _doubt(pupil: Pupil, found: Sequence[Known], used: dict[int, int]) -> Remark | None:
    if len(found) > 1:
        reason = say("%(count)s students of the class have this name.", count=len(found))
        return Remark(pupil.number, reason, say("Give the line the student’s number or sign-in name."))
    if found and found[0].learner_id in used:
        reason = say("Line %(line)s is about the same student of the class.", line=used[found[0].learner_id])
        return Remark(pupil.number, reason, say("Keep one of the two lines."))
    return None


def plan_import(
    roster: Roster, known: Sequence[Known], taken: Iterable[str], seed: str, *, pseudonymous: bool
) -> ImportPlan:
    """What importing the list into a class would do.

    ``known`` are the students of this class, and of the teacher's other classes; ``taken`` the keys of sign-in names
    that are in use; ``seed`` the class. The same list again gives steps that change nothing.
    """
    register, names = _Register(known), set(taken)
    steps, problems, used = list[Step](), list[Remark](), dict[int, int]()
    for pupil in roster.pupils:
        found = register.find(pupil)
        doubt = _doubt(pupil, found, used)
        done = doubt or (_step_for(found[0], pupil) if found else _add(pupil, seed, names, pseudonymous=pseudonymous))
        if isinstance(done, Step):
            steps.append(done)
            if done.learner_id is not None:
                used[done.learner_id] = pupil.number
        else:
            problems.append(done)
    unlisted = tuple(one.learner_id for one in known if one.in_class and not one.left and one.learner_id not in used)
    in_order = sorted((*roster.problems, *problems), key=lambda remark: remark.line)
    return ImportPlan(tuple(steps), tuple(in_order), roster.notes, unlisted)
