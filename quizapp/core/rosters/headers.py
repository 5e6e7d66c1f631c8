"""The names of columns, as school programs write them, and the one meaning that each has here.

Known are those of OneRoster 1.1 and 1.2 (users.csv: sourcedId, givenName, familyName, username, role, status, …), of
Kolibri and Canvas exports, of this program's own reports, and what people type in English, Arabic, Dutch, French,
German, Greek, Italian, Polish, Portuguese, Russian, Spanish, Turkish and Ukrainian.
"""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum


class Column(StrEnum):
    """What a column says of a student."""

    EXTERNAL_ID = "external_id"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    FULL_NAME = "name"
    EMAIL = "email"
    SIGN_IN_NAME = "sign_in_name"
    GROUPS = "groups"
    ROLE = "role"
    STATUS = "status"
    ENABLED = "enabled"


# In the order of preference: a list with both sourcedId and identifier is known by the first.
_NAMES: dict[Column, tuple[str, ...]] = {
    Column.EXTERNAL_ID: (
        *("sourcedid", "externalid", "sisuserid", "sisid", "studentid", "pupilid", "learnerid", "studentnumber"),
        *("identifier", "personid", "upn", "uid", "id", "schulerid", "schulernummer", "numero", "matricula"),
    ),
    Column.FIRST_NAME: (
        *("givenname", "firstname", "forename", "given", "first", "vorname", "rufname", "prenom", "nombre", "nombres"),
        *("prenoms", "nome", "voornaam", "roepnaam", "imie", "имя", "імя", "ονομα", "ad", "adi", "isim"),
        *("الاسمالاول", "الاسمالشخصي"),
    ),
    Column.LAST_NAME: (
        *("familyname", "lastname", "surname", "family", "last", "nachname", "familienname", "apellido", "apellidos"),
        *("nom", "nomdefamille", "cognome", "sobrenome", "apelido", "achternaam", "nazwisko", "фамилия", "прізвище"),
        *("επωνυμο", "soyad", "soyadi", "surnames", "اسمالعايله", "اللقب", "الكنيه"),
    ),
    Column.FULL_NAME: (
        *("fullname", "displayname", "studentname", "name", "student", "pupil", "learner", "schuler"),
        *("surnamegiven", "surnamegivenname", "surnamefirstname", "surnameforename", "lastfirst", "lastnamefirstname"),
        *("namevorname", "nachnamevorname", "nomprenom", "nometprenom", "nomcomplet", "apellidosnombre"),
        *("apellidosynombre", "apellidosynombres", "apellidosnombres", "nombrecompleto", "cognomenome", "cognomeenome"),
        *("nomecompleto", "adsoyad", "adisoyadi", "ученик", "учащиися", "фио", "піб", "الاسم", "الاسمالكامل"),
    ),
    Column.EMAIL: ("email", "emailaddress", "mail", "mailaddress", "correo", "courriel"),
    Column.SIGN_IN_NAME: (
        *("username", "signinname", "loginname", "sisloginid", "loginid", "login", "accountname", "benutzername"),
    ),
    Column.GROUPS: ("groups", "group", "section", "sections", "gruppe", "gruppen", "groupe", "grupo", "team", "группа"),
    Column.ROLE: ("role", "usertype", "roles"),
    Column.STATUS: ("status",),
    Column.ENABLED: ("enableduser", "enabled"),
}
# Letters that are written for each other, and that Unicode does not take apart.
_ALIKE = str.maketrans({"ı": "i", "ł": "l", "ة": "ه"})


def fold_header(text: str) -> str:
    """The name of a column with letter case, accents, spaces and punctuation set aside."""
    apart = unicodedata.normalize("NFKD", text.translate(_ALIKE).casefold())
    return "".join(sign for sign in apart if sign.isalnum())


_MEANINGS = {fold_header(name): column for column, names in _NAMES.items() for name in names}


def count_known(cells: Sequence[str]) -> int:
    """How many of these cells are names of columns."""
    return sum(fold_header(cell) in _MEANINGS for cell in cells)


def find_columns(cells: Sequence[str]) -> dict[Column, int]:
    """Where each meaning stands in the row of column names. A lone “name” beside a first name is the last name."""
    folded = [fold_header(cell) for cell in cells]
    found: dict[Column, int] = {}
    for column, names in _NAMES.items():
        place = next((folded.index(name) for name in names if name in folded), None)
        if place is not None:
            found[column] = place
    if Column.FIRST_NAME in found and Column.LAST_NAME not in found and Column.FULL_NAME in found:
        found[Column.LAST_NAME] = found.pop(Column.FULL_NAME)
    return found


def list_unused(cells: Sequence[str], found: dict[Column, int]) -> list[str]:
    """The names of the columns that say nothing we use."""
    return [cell.strip() for place, cell in enumerate(cells) if cell.strip() and place not in found.values()]
