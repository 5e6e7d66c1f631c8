"""The teacher's pages of tests."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from quizapp.services.accounts import Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _stamp() -> dict[str, object]:
    return {"client": "22222222-2222", "counter": "1"}


def test_a_teacher_makes_a_test_of_draws_and_sees_it_as_a_student(
    alice: Any, form_of: Callable[..., dict[str, object]]
) -> None:
    alice.get("/tests/new")
    draw = {"draw-0-count": "2", "draw-0-source": "herons", "draw-0-paragraphs": "1-2"}
    dates = {"opens": "2026-11-01T08:00", "due": "2026-12-01T08:00", "closes": "2026-12-02T08:00"}
    made = alice.post("/tests/new", form_of(**draw, **dates, limit_minutes="20", layout="one"))
    address = made.location
    page = alice.get(address).get_data(as_text=True)
    assert "Students do not see this test yet." in page
    assert "December 1, 2026" in page
    preview = alice.get(f"{address}/preview").get_data(as_text=True)
    assert "nothing is saved" in preview
    assert "Question 1 of 2" in preview
    seed = re.search(r"seed=([0-9a-f]{32})", preview)
    assert seed
    again = [alice.get(f"{address}/preview?seed={seed[1]}&at=2").get_data(as_text=True) for _ in range(2)]
    assert "Question 2 of 2" in again[0]
    prompts = [re.findall(r'class="prompt"[^>]*>(.*?)</div>', page, re.DOTALL) for page in again]
    assert prompts[0] == prompts[1] != []
    edit = alice.get(f"{address}/edit").get_data(as_text=True)
    assert 'value="2026-12-01T08:00"' in edit
    assert 'value="1, 2"' in edit


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Give the test a name"),
        ({"limit_minutes": "0"}, "Write a whole number from 1 to 1440."),
        ({"limit_minutes": "٣"}, "Write a whole number from 1 to 1440."),
        ({"attempts": "x"}, "Write a whole number from 1 to 50."),
        ({"opens": "soon"}, "Write date and time like"),
        ({"due": "0001-01-01T00:00"}, "Write date and time like"),
        ({"opens": "2026-12-01T08:00", "due": "2026-11-01T08:00"}, "The due date is to be after the opening."),
        ({"draw-0-count": "8"}, "Draw 1 asks for 8 cards; 7 are left for it."),
        ({"draw-0-count": "0"}, "Write a whole number from 1 to 200."),
        ({"draw-0-theme": "nature"}, "Write a whole number from 1 to 200."),
        ({"draw-0-count": "1", "draw-0-difficulty": "odd"}, "names something that does not exist"),
        ({"draw-0-count": "1", "draw-0-deck": "No Deck"}, "names something that does not exist"),
        ({"draw-0-count": "1", "draw-0-paragraphs": "1-x"}, "Write paragraphs like 3-7, 9."),
        ({"draw-0-count": "1", "draw-0-paragraphs": "9-3"}, "Write paragraphs like 3-7, 9."),
        ({"draw-0-count": "1", "draw-0-paragraphs": "1"}, "Choose the text"),
        ({"draw-0-count": "1", "draw-0-paragraphs": "1-1000, 2001-3001"}, "Name at most 2000 paragraphs."),
        ({"draw-0-count": "1", "draw-0-paragraphs": "1-1001," * 100_000}, "This row is too long."),
        ({"draw-0-count": "1", "draw-0-paragraphs": "1-1001," * 2_000}, "Name at most 2000 paragraphs."),
        ({"draw-0-count": "1", "draw-0-tags": "a," * 300_000}, "This row is too long."),
        ({"feedback": "sometimes"}, "Choose one of the values"),
        ({"class_handle": "strange"}, "You do not teach such a class."),
        ({f"draw-{number}-count": "1" for number in range(21)}, "At most 20 rows."),
    ],
)
def test_what_is_wrong_with_a_test_is_said_and_what_was_typed_stays(
    alice: Any, form_of: Callable[..., dict[str, object]], fields: dict[str, object], words: str
) -> None:
    alice.get("/tests/new")
    refused = alice.post("/tests/new", form_of(**({"introduction": "Good luck to you"} | fields)))
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert words in page
    assert "Good luck to you" in page
    assert "You have set no tests yet." in alice.get("/tests").get_data(as_text=True)


def test_another_row_is_added_without_saving(
    alice: Any, form_of: Callable[..., dict[str, object]], set_test: Callable[..., str]
) -> None:
    alice.get("/tests/new")
    page = alice.post("/tests/new", form_of(**{"draw-0-count": "2", "more": "1"})).get_data(as_text=True)
    assert 'name="draw-2-count"' in page
    assert 'value="2"' in page
    address = set_test("legs")
    alice.get(f"{address}/edit")
    assert 'name="draw-1-count"' in alice.post(f"{address}/edit", form_of(more="1")).get_data(as_text=True)


def test_a_test_without_questions_or_people_is_not_published(set_test: Callable[..., str], alice: Any) -> None:
    address = set_test(publish=False, by_link=None)
    alice.get(address)
    refused = alice.post(f"{address}/publish")
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "The test has no questions yet." in page
    assert "Choose a class" in page
    preview = alice.get(f"{address}/preview")
    assert preview.status_code == 200


def test_a_test_is_changed_copied_hidden_and_deleted(
    set_test: Callable[..., str], alice: Any, form_of: Callable[..., dict[str, object]]
) -> None:
    address = set_test("legs")
    alice.get(f"{address}/edit")
    version = alice.hidden("version")
    assert alice.post(f"{address}/edit", form_of(title="Long legs", version=version)).status_code == 303
    alice.get(f"{address}/edit")
    assert alice.post(f"{address}/edit", form_of(version=version)).status_code == 409
    alice.get(address)
    copied = alice.post(f"{address}/copy").location
    assert alice.get(copied).status_code == 200
    for action in ("withdraw", "remove"):
        alice.get(address)
        assert alice.post(f"{address}/{action}").status_code == 303
    assert alice.get(address).status_code == 404
    assert "Long legs" in alice.get("/tests").get_data(as_text=True)


def test_what_was_typed_into_an_old_page_of_a_test_stays_and_can_be_saved_after_all(
    set_test: Callable[..., str], alice: Any, form_of: Callable[..., dict[str, object]]
) -> None:
    address = set_test("legs")
    alice.get(f"{address}/edit")
    version = alice.hidden("version")
    assert alice.post(f"{address}/edit", form_of(title="Long legs", version=version)).status_code == 303
    alice.get(f"{address}/edit")
    stale = alice.post(f"{address}/edit", form_of(version=version, title="Grey", introduction="Read slowly, twice."))
    assert stale.status_code == 409
    assert "Somebody else has changed this test in the meantime." in alice.page
    assert "Read slowly, twice." in alice.page
    assert 'value="Grey"' in alice.page
    again = form_of(version=alice.hidden("version"), title="Grey", introduction="Read slowly, twice.")
    assert alice.post(f"{address}/edit", again).status_code == 303
    assert 'value="Grey"' in alice.get(f"{address}/edit").get_data(as_text=True)


def test_what_was_ticked_on_an_old_page_of_a_tests_cards_stays(set_test: Callable[..., str], alice: Any) -> None:
    address = set_test("legs", publish=False)
    alice.get(f"{address}/cards?deck=birds")
    fields: dict[str, object] = {"deck": "birds", "version": "1", "card": ["birds/food", "birds/winter"]}
    assert alice.post(f"{address}/cards", fields).status_code == 409
    assert re.findall(r'value="birds/(\w+)"\s+checked', alice.page) == ["food", "winter"]
    assert alice.post(f"{address}/cards", fields | {"version": alice.hidden("version")}).status_code == 303


@pytest.mark.parametrize("version", ["-1", "٣", "9" * 20, "9" * 5_000, "2147483648"])
def test_a_version_that_none_can_have_is_that_of_an_old_page(
    set_test: Callable[..., str], alice: Any, form_of: Callable[..., dict[str, object]], version: str
) -> None:
    address = set_test("legs")
    alice.get(f"{address}/edit")
    assert alice.post(f"{address}/edit", form_of(version=version)).status_code == 409


def test_once_begun_what_must_stay_is_said(
    set_test: Callable[..., str], alice: Any, bob: Any, begin: Any, form_of: Callable[..., dict[str, object]]
) -> None:
    address = set_test("legs", attempts="2")
    begin(bob, address)
    page = alice.get(f"{address}/edit").get_data(as_text=True)
    assert "Students have begun." in page
    version = alice.hidden("version")
    refused = alice.post(f"{address}/edit", form_of(version=version, attempts="1", confidence="1"))
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "you can give more attempts, not fewer" in page
    assert "so the scoring stays" in page
    alice.get(address)
    assert alice.post(f"{address}/remove").status_code == 409


def test_strange_cards_are_not_chosen(set_test: Callable[..., str], alice: Any) -> None:
    address = set_test("legs", publish=False)
    alice.get(f"{address}/cards?deck=birds")
    fields = {"deck": "birds", "version": alice.hidden("version"), "card": ["birds/name"]}
    refused = alice.post(f"{address}/cards", fields)
    assert refused.status_code == 422
    assert "no such card" in refused.get_data(as_text=True)
    assert alice.post(f"{address}/cards", fields | {"card": ["birds/food"], "version": "x"}).status_code == 409
    assert alice.get(f"{address}/cards").status_code == 200
    assert "no cards for a test" in alice.get(f"{address}/cards?deck=unknown").get_data(as_text=True)


def test_a_students_extra_time_is_set_from_the_report_and_seen_by_the_running_timer(
    set_test: Callable[..., str], alice: Any, bob: Any, begin: Any, class_of_alice: str
) -> None:
    address = set_test("legs", by_link=None, class_handle=class_of_alice, limit_minutes="10")
    attempt = begin(bob, address)
    report = alice.get(address).get_data(as_text=True)
    found = re.search(rf"{address}/students/([0-9a-f-]{{36}})", report)
    assert found
    path = found[0]
    assert alice.get(path).status_code == 200
    odd = alice.post(path, {"time_percent": "50", "extra_attempts": "x", "due": "never"})
    assert odd.status_code == 422
    assert "Write a whole number from 100 to 1000." in odd.get_data(as_text=True)
    assert alice.post(path, {"time_percent": "150", "extra_attempts": "1"}).status_code == 303
    assert bob.client.get(f"{attempt}/pulse").get_json()["left_ms"] > 14 * 60_000
    page = alice.get(address).get_data(as_text=True)
    assert "time × 1.5" in page
    assert "one more attempt" in page
    assert bob.get(path).status_code == 404


def test_results_lead_to_the_answers_behind_them(
    set_test: Callable[..., str], alice: Any, bob: Any, begin: Any, save: Any
) -> None:
    address = set_test("legs", "height")
    attempt = begin(bob, address)
    number = 1 if "legs of the bird" in bob.page.split('data-question="2"')[0] else 2
    save(bob, attempt, number, {"response": "blue"})
    under_way = alice.get(attempt).get_data(as_text=True)
    assert "under way" in under_way
    bob.post(attempt, _stamp() | {"go": "hand-in"})
    report = alice.get(address).get_data(as_text=True)
    assert f'href="{attempt}"' in report
    page = alice.get(attempt).get_data(as_text=True)
    assert "blue" in page
    assert "Bob" in page
    assert "Practise the" not in page


@pytest.mark.parametrize("action", ["publish", "withdraw", "remove", "copy", "edit", "cards"])
def test_only_its_teachers_change_a_test(
    set_test: Callable[..., str],
    bob: Any,
    browser_of: Callable[..., Any],
    form_of: Callable[..., dict[str, object]],
    visitor: Any,
    action: str,
) -> None:
    address = set_test("legs")
    dana = browser_of("Dana", Role.TEACHER)
    for stranger, status in ((bob, 404), (dana, 404), (visitor, 401)):
        stranger.get("/sign-in")
        assert stranger.post(f"{address}/{action}", form_of()).status_code == status
    for stranger, status in ((bob, 404), (dana, 404)):
        for page in ("edit", "cards", "preview", "students/x"):
            assert stranger.client.get(f"{address}/{page}").status_code == status
    assert bob.client.get("/tests/new").status_code == 403
    assert bob.client.get("/tests/no-such-test").status_code == 404
    assert dana.client.get(f"{address}/publish").status_code == 405
