"""Two lines of a list for one student."""

from collections.abc import Iterable
from dataclasses import replace

from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.core.rosters.model import Pupil, Remark


def list_marks(pupil: Pupil) -> list[str]:
    """What tells this student from all others: the number, the sign-in name; where there is neither, the name."""
    marks = []
    if pupil.external_id:
        marks.append(f"id|{pupil.external_id}")
    if pupil.sign_in_name:
        marks.append(f"account|{name_key(pupil.sign_in_name)}")
    return marks or [f"name|{name_key(pupil.first_name)}|{name_key(pupil.last_name)}"]


def _is_same(one: Pupil, other: Pupil) -> bool:
    return replace(one, number=0, groups=()) == replace(other, number=0, groups=())


def part_twins(pupils: Iterable[Pupil]) -> tuple[list[Pupil], list[Remark], list[Remark]]:
    """The students, each once; problems and notes about the lines that spoke of one again.

    A second line that says the same, perhaps with another group, is taken into the first. One that contradicts it is a
    problem, and stays out.
    """
    kept: dict[int, Pupil] = {}
    owner: dict[str, int] = {}
    problems, notes = [], []
    for pupil in pupils:
        earlier = next((owner[mark] for mark in list_marks(pupil) if mark in owner), None)
        if earlier is None:
            kept[pupil.number] = pupil
            owner.update(dict.fromkeys(list_marks(pupil), pupil.number))
        elif _is_same(kept[earlier], pupil):
            groups = tuple(dict.fromkeys((*kept[earlier].groups, *pupil.groups)))
            kept[earlier] = replace(kept[earlier], groups=groups)
            reason = say("The same student as in line %(line)s.", line=earlier)
            notes.append(Remark(pupil.number, reason, say("Counted once; the groups of both lines hold.")))
        else:
            reason = say("Line %(line)s has the same student with other details.", line=earlier)
            advice = say("Keep one of the two. If they are two people, give each a number or a sign-in name.")
            problems.append(Remark(pupil.number, reason, advice))
    return list(kept.values()), problems, notes
