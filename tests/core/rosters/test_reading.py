"""Schools' lists of students, as their programs save them and as people spoil them."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.rosters.model import LARGEST_ROSTER, ListedClass, Pupil
from quizapp.core.rosters.reading import read_roster, read_text
from quizapp.core.rosters.writing import write_roster

ZOE = Pupil(2, first_name="Zoë", last_name="Müller")
PLAIN = "first_name,last_name\nZoë,Müller\n"


def _zip(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"export/{name}.csv", text)
    return out.getvalue()


USERS = "sourcedId,status,enabledUser,role,username,givenName,familyName,email,grades\n" + "".join(
    f"u{number},{status},true,{role},user{number},Ann,Lee{number},,8\n"
    for number, (status, role) in enumerate(
        [("active", "student"), ("", "student"), ("tobedeleted", "student"), ("active", "teacher")]
    )
)
ENROLMENTS = """sourcedId,status,classSourcedId,userSourcedId,role
1,active,c1,u0,student
2,active,c1,u3,teacher
3,active,c2,u1,student
4,tobedeleted,c2,u0,student
"""
CLASSES = "sourcedId,title\nc1,History 8b\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        b"Vorname;Nachname;Telefon\nZo\xc3\xab;M\xc3\xbcller;1\n",
        b"Name,First Name\nM\xc3\xbcller,Zo\xc3\xab\n",
        b'Name\n"M\xc3\xbcller, Zo\xc3\xab"\n',
        b"Name\nM\xc3\xbcller, Zo\xc3\xab\n",
        b"FULL NAME\n Zo\xc3\xab  M\xc3\xbcller \n",
        b"givenName,familyName,role\nZo\xc3\xab,M\xc3\xbcller,Student\n",
        b"given_name,FAMILY-NAME\nZoe\xcc\x88,M\xc3\xbcller\n",
        *(
            f"{first};{last}\nZoë;Müller\n".encode()
            for first, last in (
                *(("Prénom", "Nom"), ("Nombre", "Apellidos"), ("Имя", "Фамилия"), ("Ім'я", "Прізвище")),
                *(("Nome", "Cognome"), ("Nome", "Sobrenome"), ("Voornaam", "Achternaam"), ("Imię", "Nazwisko")),
                *(("Adı", "Soyadı"), ("Όνομα", "Επώνυμο"), ("الاسم الأول", "اسم العائلة")),
            )
        ),
        'Nr.;"Surname, Given"\n1;"Müller, Zoë"\n'.encode(),
        'Nr.;"Name, Vorname"\n1;"Müller, Zoë"\n'.encode(),
        "Nr.\tApellidos y nombre\n1\tMüller, Zoë\n".encode("utf-16"),
    ],
)
def test_a_list_reads_the_same_however_it_is_saved(data: bytes) -> None:
    read = read_roster(data)
    assert read.pupils == (ZOE,)
    assert read.problems == ()


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "SEP=;\r"])
def test_the_line_with_which_excel_names_the_separator_is_heeded(first: str) -> None:
    read = read_text(first + "first_name;last_name\nZoë;Müller\n;\nAmir;\n")
    assert [(pupil.number, pupil.full_name) for pupil in read.pupils] == [(3, "Zoë Müller"), (5, "Amir")]


def test_a_list_in_another_alphabet_of_windows_is_known_by_its_columns() -> None:
    read = read_roster("Фамилия;Имя;Класс\nИванова;Анна;8б\n".encode("cp1251"))
    assert [pupil.full_name for pupil in read.pupils] == ["Анна Иванова"]
    assert "Windows-1251" in read.notes[0].reason
    read = read_roster("Adı;Soyadı\nAylin;Şahin\n".encode("cp1254"))
    assert [pupil.last_name for pupil in read.pupils] == ["Şahin"]


def test_windows_letters_and_garbled_ones_get_a_note() -> None:
    assert "Windows-1252" in read_roster(PLAIN.encode("cp1252")).notes[0].reason
    garbled = PLAIN.encode().decode("cp1252").encode()
    assert "garbled" in read_roster(garbled).notes[0].reason
    assert read_roster(PLAIN.encode()).notes == ()


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 not a zip",
        _zip(content="x").replace(b"content", b"workboo"),
        b"%PDF-1.7",
        b"\x89PNG\r\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        b"name\n\x81\x8d\n",
        b"\xff\xfea",
        b"\x01\x02\x03\x04\x05\x06\x07",
        b"name\n" + b"\x00" * 9,
    ],
)
def test_what_is_no_list_is_refused_in_words(data: bytes) -> None:
    read = read_roster(data)
    assert read.pupils == ()
    assert [problem.line for problem in read.problems] == [0]
    assert all(problem.reason and problem.advice for problem in read.problems)


@pytest.mark.parametrize("text", ["", "\n\n", " \t \n", "\ufeff"])
def test_an_empty_list_says_so(text: str) -> None:
    assert [problem.reason for problem in read_text(text).problems] == ["There is nothing in it."]


def test_a_name_without_a_letter_is_none() -> None:
    assert [problem.reason for problem in read_text(" ; ; \n").problems] == ["The name is missing."]


def test_a_list_with_column_names_alone_has_no_student() -> None:
    assert [problem.reason for problem in read_text("first_name,last_name\n").problems] == [
        "There is no student in the list."
    ]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "email,groups\nx@example.org,Red\n"])
def test_a_list_that_does_not_name_its_columns_says_what_to_write(text: str) -> None:
    problem = read_text(text).problems[0]
    assert (problem.line, "first_name, last_name" in problem.advice) == (1, True)


def test_names_alone_are_a_list() -> None:
    read = read_text("Zoë Müller\nNg, Ben\nCher\n")
    assert [(pupil.first_name, pupil.last_name) for pupil in read.pupils] == [
        ("Zoë", "Müller"),
        ("Ben", "Ng"),
        ("Cher", ""),
    ]
    assert read.notes


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('first_name,last_name\nA,B\n"C,D\nE,F\n', 3),
        ('first_name,last_name\nA,B\n"C"x,D\n', 3),
        ('sep=,\nfirst_name,last_name\n"A,B', 3),
        ("first_name,last_name\n" + '"' + "x" * 200_000 + '",y\n', 2),
    ],
)
def test_a_broken_quotation_mark_is_told_with_its_line(text: str, line: int) -> None:
    read = read_text(text)
    assert read.pupils == ()
    assert [(problem.line, "quotation mark" in problem.reason) for problem in read.problems] == [(line, True)]


def test_a_broken_first_line_still_finds_its_separator() -> None:
    assert read_text('first_name;"last\nA;B').problems[0].line == 1
    assert read_text('"' + "x" * 200_000).problems[0].line == 1


def test_every_bad_line_is_told_at_once_and_the_good_ones_are_read() -> None:
    text = (
        "id,first_name,last_name,email,username,groups\n"
        "1,Ann,Lee,ann@example.org,ann.lee,Red;Blue|Red\n"
        "2,,,,,\n"
        "3,Ben,Ng,nowhere,,\n"
        "4,Cy,Oz,,<cy>,\n"
        f"5,{'x' * 81},Oz,,,\n"
        f"{'6' * 121},Di,Oz,,,\n"
        "7,Ed,Oz,,,,extra\n"
        f"8,Flo,Oz,,,{';'.join(map(str, range(21)))}\n"
        "9,Gil,Oz,,---,\n"
    )
    read = read_text(text)
    assert read.pupils == (Pupil(2, "1", "Ann", "Lee", "ann@example.org", "ann.lee", ("Red", "Blue")),)
    assert [problem.line for problem in read.problems] == list(range(3, 11))
    assert all(problem.reason and problem.advice for problem in read.problems)


def test_a_second_line_for_one_student_is_taken_in_or_told() -> None:
    text = (
        "id,first_name,last_name,groups\n1,Ann,Lee,Red\n1,Ann,Lee,Blue\n1,Ann,Ray,\n"
        ",Ben,Ng,\n,BEN,ng,\n,Ben,Ng,\n2,Cy,Oz,\n3,Cy,Oz,\n"
    )
    read = read_text(text)
    assert [(pupil.number, pupil.groups) for pupil in read.pupils] == [(2, ("Red", "Blue")), (5, ()), (8, ()), (9, ())]
    assert [problem.line for problem in read.problems] == [4, 6]
    assert [note.line for note in read.notes] == [3, 7]


def test_teachers_and_who_is_gone_are_left_out_with_a_note() -> None:
    read = read_text(
        "name,role,status,enabledUser\nAnn,student,active,true\nBen,teacher,,\nCy,,tobedeleted,\nDi,,,FALSE\n"
    )
    assert [pupil.full_name for pupil in read.pupils] == ["Ann"]
    assert [note.line for note in read.notes] == [3, 4, 5]


def test_a_formula_for_a_name_stays_text_and_gets_a_note() -> None:
    read = read_text('first_name,last_name\n"=HYPERLINK(""http://x"")",@Lee\n')
    assert read.pupils[0].full_name == '=HYPERLINK("http://x") @Lee'
    assert [note.line for note in read.notes] == [2]


def test_signs_that_cannot_be_seen_go() -> None:
    read = read_text("first_name\nA\u202en\x07n\u00a0 B\n")
    assert read.pupils[0].first_name == "Ann B"


def test_unused_columns_are_named() -> None:
    header = "first_name,shoe size," + ",".join(f"x{number}" for number in range(12))
    assert "shoe size" in read_text(header + "\nAnn\n").notes[0].reason
    assert "…" in read_text(header + "\nAnn\n").notes[0].reason


def test_10_000_lines_are_refused_in_clear_words() -> None:
    read = read_text("first_name\n" + "".join(f"Ann{number}\n" for number in range(10_000)))
    assert read.pupils == ()
    assert str(LARGEST_ROSTER) in str(read.problems[0].reason)
    most = read_text("first_name\n" + "".join(f"Ann{number}\n" for number in range(LARGEST_ROSTER)))
    assert len(most.pupils) == LARGEST_ROSTER


def test_one_class_of_a_oneroster_archive_is_read() -> None:
    read = read_roster(_zip(users=USERS))
    assert [pupil.external_id for pupil in read.pupils] == ["u0", "u1"]
    one = ENROLMENTS.replace("c2", "c1")
    read = read_roster(_zip(users=USERS, enrollments=one, classes=CLASSES))
    assert [pupil.external_id for pupil in read.pupils] == ["u0", "u1"]


def test_of_several_classes_one_is_chosen() -> None:
    data = _zip(users=USERS, enrollments=ENROLMENTS, classes=CLASSES)
    asked = read_roster(data)
    assert asked.pupils == ()
    assert asked.classes == (ListedClass("c2", "c2"), ListedClass("c1", "History 8b"))
    assert [pupil.external_id for pupil in read_roster(data, "c2").pupils] == ["u1"]
    assert read_roster(data, "c9").problems[0].reason == "The archive has no such class."


def test_a_whole_school_is_refused_unless_one_class_is_meant() -> None:
    users = "sourcedId,givenName\n" + "".join(f"u{number},Ann\n" for number in range(LARGEST_ROSTER + 1))
    assert "more than" in read_roster(_zip(users=users)).problems[0].reason
    read = read_roster(_zip(users=users, enrollments=ENROLMENTS.replace("c2", "c1")))
    assert [pupil.external_id for pupil in read.pupils] == ["u0", "u1"]


@pytest.mark.parametrize(
    "data",
    [
        _zip(users="sourcedId\n" + "x" * 8_000_001),
        _zip(users=USERS, enrollments='"a'),
        _zip(users=b"\x89PNG"),
        _zip(users=USERS, enrollments="", classes="")[:-10],
    ],
)
def test_a_spoilt_archive_is_refused_in_words(data: bytes) -> None:
    read = read_roster(data)
    assert (read.pupils, len(read.problems)) == ((), 1)


def test_a_damaged_entry_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", USERS * 50)
    data = bytearray(out.getvalue())
    data[60:90] = bytes(30)
    assert "damaged" in read_roster(bytes(data)).problems[0].reason


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert read_roster(data) == read_roster(data)


@given(st.text(max_size=400))
def test_what_was_read_is_read_again_from_what_is_written(text: str) -> None:
    first = read_text("first_name,last_name,email,id,username,groups\n" + text)
    again = read_text(write_roster(first.pupils))
    if first.pupils:
        assert again.problems == ()
        assert [(pupil.full_name, pupil.external_id) for pupil in again.pupils] == [
            (pupil.full_name, pupil.external_id) for pupil in first.pupils
        ]
