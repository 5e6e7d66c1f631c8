"""Every table and every column: export and erasure are driven by this list, and a test compares it with the tables."""

from quizapp.core.privacy.inventory.answers import ANSWERS
from quizapp.core.privacy.inventory.classes import CLASSES
from quizapp.core.privacy.inventory.people import PEOPLE
from quizapp.core.privacy.inventory.school import SCHOOL
from quizapp.core.privacy.model import Table, read_tables

INVENTORY: dict[str, Table] = {
    table.name: table for text in (PEOPLE, ANSWERS, CLASSES, SCHOOL) for table in read_tables(text)
}
"""All tables by name."""
EXPORTED = tuple(table for table in INVENTORY.values() if table.file)
"""The tables that are part of somebody's export, in the order of their files."""
