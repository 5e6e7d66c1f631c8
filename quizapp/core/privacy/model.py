"""How a table and a column are classified: whose it is, of what kind, how it is exported and how it is erased."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds."""

    PERSONAL = "personal"
    """What somebody is called, wrote, or is reached by."""
    PSEUDONYMOUS = "pseudonymous"
    """What somebody did, under a number or handle that another table leads to a name."""
    CONTENT = "content"
    """What is taught: it belongs to the school."""
    TECHNICAL = "technical"
    """What the program needs, and says nothing of a person by itself."""
    SECRET = "secret"  # noqa: S105 - a word, no password
    """Passwords, tokens and codes, hashed or not: never in an export."""


class Owner(StrEnum):
    """Whose the rows of a table are, by the column that leads there."""

    LEARNER = "learner_id"
    ACCOUNT = "account_id"
    ONESELF = "id"
    NOBODY = ""


class Erasure(StrEnum):
    """What becomes of a column when the person is deleted whom it is about, or whom it names."""

    ROW = "row"
    """The row goes."""
    NULL = "null"
    """The reference is taken out; the row stays and leads to nobody."""
    BLANK = "blank"
    """The text is blanked; the row stays."""
    STAYS = "stays"
    """It is about no person."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``export`` is its name in the export, blank where it is not in it; ``meaning`` says in plain words."""

    name: str
    kind: Kind
    erasure: Erasure
    export: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``file`` names its file in the export, blank where it has none; ``about`` says in plain words."""

    name: str
    owner: Owner
    file: str
    about: str
    columns: tuple[Column, ...]

    @property
    def exported(self) -> tuple[Column, ...]:
        """The columns that are in the export."""
        return tuple(column for column in self.columns if column.export)

    def column(self, name: str) -> Column:
        """The column of this name. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]


_KINDS = {"p": Kind.PERSONAL, "d": Kind.PSEUDONYMOUS, "c": Kind.CONTENT, "t": Kind.TECHNICAL, "s": Kind.SECRET}


def _read_column(line: str, owner: Owner) -> Column:
    """``name kind[/erasure] export meaning…``, with a dash for what is not exported."""
    name, mark, export, *words = line.split(maxsplit=3)
    letter, _, erasure = mark.partition("/")
    usual = Erasure.STAYS if owner is Owner.NOBODY else Erasure.ROW
    return Column(
        name,
        _KINDS[letter],
        Erasure(erasure) if erasure else usual,
        "" if export == "-" else export,
        words[0] if words else "",
    )


def read_tables(text: str) -> tuple[Table, ...]:
    """Tables written down as blocks: a head ``name owner file: about`` and an indented line for each column.

    A line of a column is its name, the letter of its kind, its name in the export and what it means. The letter is p
    for personal, d for what somebody did, c for content, t for technical, s for secret; behind a slash stands what
    becomes of the column at an erasure where that is not what becomes of the table's rows.
    """
    tables: list[Table] = []
    for block in text.strip().split("\n\n"):
        head, *lines = block.strip().splitlines()
        words, _, about = head.partition(": ")
        name, owner, file = words.split()
        whose = {"learner": Owner.LEARNER, "account": Owner.ACCOUNT, "self": Owner.ONESELF, "-": Owner.NOBODY}[owner]
        columns = tuple(_read_column(line, whose) for line in lines)
        tables.append(Table(name, whose, "" if file == "-" else file, about, columns))
    return tuple(tables)
