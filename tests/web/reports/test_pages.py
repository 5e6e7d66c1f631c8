"""The pages of reports, and their files."""

import csv
import io
import re
from html import unescape

import pytest
import sqlalchemy as sa

from quizapp.core.reports.definitions import DEFINITIONS, Kind
from quizapp.core.reports.formats import MEDIA_TYPES, Format
from quizapp.services.accounts import Role
from quizapp.store.tables import ClassMemberRow, table_of
from quizapp.web import reports
from quizapp.web.reports import PREVIEW


def _rows(page: str) -> list[list[str]]:
    """The rows of the first table, the header first."""
    table = page.split("<table>")[1].split("</table>", maxsplit=1)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows)
    return [[unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in row] for row in cells]


def test_a_class_leads_to_its_reports_and_they_to_their_files(alice, classroom) -> None:
    assert f'href="{classroom.url}"' in alice.get(f"/classes/{classroom.handle}").get_data(as_text=True)
    page = alice.get(classroom.url).get_data(as_text=True)
    for kind in Kind:
        assert f'href="{classroom.url}/{kind.value}"' in page
        for each in Format:
            assert f'href="{classroom.url}/{kind.value}.{each.value}"' in page
    assert f'href="{classroom.url}/students/{classroom.bob.handle}"' in page


@pytest.mark.parametrize("kind", Kind)
def test_the_page_shows_what_the_file_holds(alice, classroom, kind: Kind) -> None:
    classroom.answer(3)
    response = alice.get(f"{classroom.url}/{kind.value}")
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    for column in DEFINITIONS[kind].columns:
        assert f"<code>{column.name}</code>" in page
    file = alice.get(f"{classroom.url}/{kind.value}.csv").get_data(as_text=True)
    read = list(csv.reader(io.StringIO(file, newline="")))
    if kind is Kind.ATTEMPTS:
        assert "There are no rows yet." in page
        assert len(read) == 1
    else:
        assert [[cell.removeprefix("'") for cell in row] for row in read] == _rows(page)


def test_a_long_report_shows_its_first_rows_and_says_so(alice, classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "PREVIEW", 2)
    classroom.answer(3)
    page = alice.get(f"{classroom.url}/responses").get_data(as_text=True)
    assert len(_rows(page)) == 3
    assert "first 2 rows" in page
    assert PREVIEW == 50


def test_columns_sort_the_page_and_the_file_alike(alice, classroom) -> None:
    page = alice.get(f"{classroom.url}/students?sort=-answers").get_data(as_text=True)
    assert 'aria-sort="descending"' in page
    assert "students.csv?sort=-answers" in page
    assert "sort=answers" in page
    assert alice.get(f"{classroom.url}/students.csv?sort=answers").status_code == 200
    for path in ("students?sort=nothing", "students.csv?sort=nothing", "responses?sort=score"):
        assert alice.get(f"{classroom.url}/{path}").status_code == 422


@pytest.mark.parametrize("each", Format)
def test_a_file_comes_with_its_type_and_a_plain_name(alice, classroom, each: Format) -> None:
    response = alice.client.get(f"{classroom.url}/students.{each.value}")
    assert response.status_code == 200
    assert response.mimetype == MEDIA_TYPES[each]
    assert re.fullmatch(
        rf"attachment; filename=herons-8b-students-\d{{4}}-\d\d-\d\d\.{each.value}",
        response.headers["Content-Disposition"],
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert response.get_data()


def test_csv_for_excel_begins_with_a_byte_order_mark(alice, classroom) -> None:
    assert alice.client.get(f"{classroom.url}/students.csv?bom=1").get_data().startswith(b"\xef\xbb\xbf")
    assert not alice.client.get(f"{classroom.url}/students.csv").get_data().startswith(b"\xef")


def test_hostile_names_are_texts_on_the_page_and_harmless_in_the_file(alice, classroom) -> None:
    classroom.set(name='=1+1 <script>alert(1)</script> "', member_last_name="<b>=1</b>")
    page = alice.get(f"{classroom.url}/students").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;b&gt;=1&lt;/b&gt;" in page
    file = alice.client.get(f"{classroom.url}/students.csv")
    assert "'=1+1 <script>" in file.get_data(as_text=True)
    assert "\n" not in file.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["", "/students", "/students.csv", "/students.xlsx", "/items/birds/height/1"])
def test_a_class_of_somebody_else_is_not_there(classroom, browser_of, visitor, path: str) -> None:
    classroom.answer()
    for who, role in (("Dana", Role.TEACHER), ("Charlie", Role.STUDENT)):
        assert browser_of(who, role).get(classroom.url + path).status_code == 404
    away = visitor.get(classroom.url + path)
    assert (away.status_code, away.location.startswith("/sign-in")) == (303, True)


def test_students_of_the_class_see_no_report(classroom, new_browser) -> None:
    bob = new_browser()
    bob.get("/sign-in")
    bob.post("/sign-in", {"name": "Bob", "password": "three grey herons"})
    for path in ("", "/responses", "/responses.json", f"/students/{classroom.bob.handle}"):
        assert bob.get(classroom.url + path).status_code == 404


def test_another_teacher_of_the_class_sees_it_all(classroom, browser_of, alice) -> None:
    dana = browser_of("Dana", Role.TEACHER)
    assert alice.get(f"/classes/{classroom.handle}/settings").status_code == 200
    alice.post(f"/classes/{classroom.handle}/teachers", {"teacher-name": "Dana"})
    assert dana.get(f"{classroom.url}/students").status_code == 200
    assert "=Young" in dana.page


def test_in_a_class_of_pseudonyms_only_its_teachers_see_names(classroom, browser_of, alice) -> None:
    classroom.set(pseudonymous=True)
    admin = browser_of("Erin", Role.ADMIN)
    for path in ("/students", "/students.csv", "/responses.json", f"/students/{classroom.bob.handle}"):
        assert "Young" not in admin.get(classroom.url + path).get_data(as_text=True)
    assert "Only a teacher of the class" in admin.get(classroom.url).get_data(as_text=True)
    assert admin.get(f"{classroom.url}/canvas").status_code == 403
    assert admin.get(f"{classroom.url}/moodle.csv").status_code == 403
    assert "Young" in alice.get(f"{classroom.url}/students").get_data(as_text=True)
    assert alice.get(f"{classroom.url}/canvas").status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/students.pdf", "/students.doc", "/nothing.csv", "/items/birds/none/1"])
def test_what_there_is_not_is_not_found(alice, classroom, path: str) -> None:
    assert alice.get(classroom.url + path).status_code == 404
    assert alice.get(f"/classes/none/reports{path}").status_code == 404


def test_a_class_without_students_has_reports_without_rows(alice, classroom) -> None:
    with classroom.database.writing() as session:
        session.execute(sa.delete(table_of(ClassMemberRow)))
        session.commit()
    for kind in Kind:
        assert alice.get(f"{classroom.url}/{kind.value}").status_code == 200
        assert alice.client.get(f"{classroom.url}/{kind.value}.xlsx").status_code == 200
    assert "There are no students in this class yet." in alice.get(classroom.url).get_data(as_text=True)


def test_other_methods_are_refused(alice, classroom) -> None:
    alice.get(classroom.url)
    assert alice.post(f"{classroom.url}/students").status_code == 405
    assert alice.client.head(f"{classroom.url}/students.csv").status_code == 200


def test_an_item_shows_its_options_and_wrong_answers(alice, classroom) -> None:
    classroom.answer()
    page = alice.get(f"{classroom.url}/items").get_data(as_text=True)
    (link,) = set(re.findall(rf'href="({classroom.url}/items/birds/height/1)"', page))
    item = alice.get(link).get_data(as_text=True)
    for said in ("How tall is a grey heron at most?", "too few to say", "50 cm", "Who chose what"):
        assert said in item


def test_a_sheet_for_parents_is_a_page_and_a_pdf(alice, classroom) -> None:
    classroom.answer()
    url = f"{classroom.url}/students/{classroom.bob.handle}"
    page = alice.get(url).get_data(as_text=True)
    for said in ("Bob =Young", "1 answer", "Birds", "There were no tests yet.", "<svg"):
        assert said in page
    pdf = alice.client.get(f"{url}.pdf")
    assert (pdf.status_code, pdf.mimetype, pdf.get_data()[:5]) == (200, "application/pdf", b"%PDF-")
    assert alice.get(f"{classroom.url}/students/nobody").status_code == 404
    assert alice.get(f"{classroom.url}/students/nobody.pdf").status_code == 404


def test_the_pages_speak_arabic(alice, classroom) -> None:
    classroom.answer()
    headers = {"Accept-Language": "ar"}
    url = f"{classroom.url}/students/{classroom.bob.handle}"
    for path in (classroom.url, f"{classroom.url}/students", url, f"{url}.pdf", f"{classroom.url}/students.xlsx"):
        assert alice.client.get(path, headers=headers).status_code == 200
