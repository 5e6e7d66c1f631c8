import re
import uuid
from html import unescape

import pytest
from plumbing import samples

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def answer(browser, *, right: bool = True):
    """Answer the card on the page the way its form asks."""
    action = unescape(re.search(r'<form class="card"[^>]*action="([^"]*)"', browser.page, re.DOTALL)[1])
    given = (samples.RIGHT if right else samples.WRONG)["height"]
    response = browser.post(action, browser.question_fields() | {"response": given})
    return browser.get(response.headers["Location"]) if response.status_code == 303 else response


def test_a_student_finds_the_assignment_studies_exactly_it_and_is_done(school, make) -> None:
    path = make(decks=[], tags=["size"])
    bob = school.bob
    bob.get("/")
    assert "To do" in school.text_of(bob.page)
    assert "Read about herons" in bob.page
    bob.get("/assignments")
    assert "0 of 1 cards" in school.text_of(bob.page)
    bob.get(path)
    words = school.text_of(bob.page)
    assert "Take your time." in words
    assert "Not begun" in words
    assert f'href="{path}/study"' in bob.page
    bob.get(f"{path}/study")
    assert "100 cm" in bob.page
    assert "Read about herons" in bob.page
    answer(bob)
    following = unescape(re.search(r'href="(/study/birds\?assignment=[^"]*)"', bob.page)[1])
    assert bob.get(following).headers["Location"] == f"{path}/study"
    bob.get(f"{path}/study")
    words = school.text_of(bob.page)
    assert "All of it is done" in words
    assert "1 of 1 cards" in words
    assert 'href="/study/birds"' in bob.page  # on in the deck, which follows nothing
    bob.get(path)
    assert "Done" in school.text_of(bob.page)
    assert f"{path}/study" not in bob.page
    bob.get("/")
    assert "To do" not in school.text_of(bob.page)


def test_a_wrong_answer_comes_back_until_it_is_right_and_can_be_undone(school, make) -> None:
    path, bob = make(decks=[], tags=["size"]), school.bob
    bob.get(f"{path}/study")
    answer(bob, right=False)
    bob.get(f"{path}/study")
    assert "Almost done" in school.text_of(bob.page)
    assert "0 of 1 cards" in school.text_of(bob.page)
    undo = unescape(re.search(r'action="(/study/birds/answers/[^"]*/undo[^"]*)"', bob.page)[1])
    assert bob.post(undo).headers["Location"].startswith("/study/birds?assignment=")
    bob.get(f"{path}/study")
    assert "How tall is a grey heron" in bob.page


def test_what_has_not_opened_shows_its_title_and_dates_only(school, make) -> None:
    path, bob = make(opens=school.moment(days=1)), school.bob
    bob.get(path)
    words = school.text_of(bob.page)
    assert "Read about herons" in words
    assert "not opened yet" in words
    assert "time." not in words
    assert "Birds" not in words
    assert bob.get(f"{path}/study").status_code == 409
    bob.get("/assignments")
    assert "Not open yet" in bob.page
    assert "of 8 cards" not in bob.page


def test_after_the_closing_the_link_says_so_and_the_deck_goes_on(school, make) -> None:
    path = make(opens=school.moment(days=-9), due=school.moment(days=-8), closes=school.moment(days=-7))
    bob = school.bob
    assert bob.get(f"{path}/study").status_code == 200
    assert "This assignment is closed" in school.text_of(bob.page)
    bob.get(path)
    assert "is closed" in school.text_of(bob.page)
    assert "Not done" in bob.page
    assert bob.get("/study/birds").status_code == 200


def test_what_is_overdue_can_be_done_and_is_marked(school, make) -> None:
    path = make(opens=school.moment(days=-9), due=school.moment(days=-8), decks=[], tags=["size"])
    bob = school.bob
    bob.get("/assignments")
    assert "Overdue" in bob.page
    bob.get(f"{path}/study")
    answer(bob)
    bob.get(f"{path}/study")
    assert "marked as done late" in school.text_of(bob.page)
    school.alice.get(path)
    assert "Done late" in school.text_of(school.alice.page)


def test_strangers_find_nothing(school, make, visitor) -> None:
    path = make()
    assert school.owls.name == "Owls 8c"
    for browser in (school.charlie, school.dana):
        for page in (path, f"{path}/study", f"{path}/edit", f"{path}/delete", f"{path}/copy", f"{path}.ics"):
            assert browser.get(page).status_code == 404, page
    for page in ("edit", "delete", "copy", f"students/{school.people['bob'].handle}"):
        assert school.bob.get(f"{path}/{page}").status_code == 404
    for page in (path, "/assignments", "/calendar", f"/classes/{school.herons.handle}/assignments"):
        response = visitor.get(page)
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (303, "/sign-in")
    assert school.charlie.get("/assignments").status_code == 200
    assert "Nothing is assigned to you" in school.text_of(school.charlie.page)
    for odd in ("x", str(uuid.uuid4()), "A" * 36, "../" * 12):
        assert school.bob.get(f"/assignments/{odd}").status_code == 404


def test_wrong_methods_and_forged_forms_are_refused(school, make) -> None:
    path = make()
    assert school.alice.client.post(path).status_code in (400, 405)
    assert school.alice.client.put(f"{path}/edit").status_code in (400, 405)
    assert school.alice.get(f"{path}/cards").status_code == 405
    assert school.alice.client.post(f"{path}/delete").status_code == 400
    assert school.alice.get(path).status_code == 200
