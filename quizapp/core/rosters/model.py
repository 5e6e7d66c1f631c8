"""What a school's list of students comes down to."""

from dataclasses import dataclass

LARGEST_ROSTER = 2_000
"""Students in one list. A class is not a school; whoever has more imports class by class."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is the matter with a line of a list, and what to do. ``line`` 0 is the list as a whole."""

    line: int
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student as one line of a list tells. All but ``number``, the line, may be blank; no two of a list are the same.

    ``sign_in_name`` is a wish. ``external_id`` is the school's own number, such as the ``sourcedId`` of OneRoster.
    """

    number: int
    external_id: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    sign_in_name: str = ""
    groups: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """First and last name, as far as known."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class ListedClass:
    """A class that a OneRoster archive speaks of."""

    sourced_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A list as read. Lines with problems are not among ``pupils``; notes are worth a look and stop nothing.

    ``classes`` are those of an archive that holds several, where it must be said which is meant.
    """

    pupils: tuple[Pupil, ...] = ()
    problems: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    classes: tuple[ListedClass, ...] = ()
