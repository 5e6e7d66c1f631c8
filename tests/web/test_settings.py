"""The page of choices: for a visitor, a guest and the holder of an account; what it does, and what it refuses."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from plumbing import samples
from sqlmodel import select

from quizapp.core.learning.choices import Choices
from quizapp.core.learning.limits import DailyLimits
from quizapp.services import study
from quizapp.services.accounts import Viewer
from quizapp.services.submissions import Submission
from quizapp.store.engine import Database
from quizapp.store.tables import AccountRow, CardStateRow, LearnerRow, RescheduleRow
from quizapp.web.settings_form import WEEKDAYS

WEEK = dict.fromkeys(WEEKDAYS, "1")


@pytest.fixture
def begin(app: Flask, web_database: Database) -> Callable[..., None]:
    """Let the one who has an account, or the one guest there is, have answered four cards three days ago."""
    rules = app.extensions["quizapp"].rules

    def answer(*cards: str) -> None:
        with web_database.reading() as session:
            account = session.exec(select(AccountRow)).first()
            learner = account.learner_id if account else session.exec(select(LearnerRow)).one().id
        start = datetime.now(UTC) - timedelta(days=3)
        for card in cards or ("height", "food", "winter", "legs"):
            for later in (timedelta(0), timedelta(minutes=10)):
                submission = Submission("birds", card, 1, samples.RIGHT[card], shown_ms=9_000)
                with web_database.writing() as session:
                    study.answer_card(
                        session, Viewer(learner, "whoever"), submission, str(uuid.uuid4()), rules, start + later
                    )

    return answer


@pytest.fixture
def choices_of(web_database: Database) -> Callable[[], Choices]:
    """What the one learner there is has chosen."""

    def read() -> Choices:
        with web_database.reading() as session:
            return Choices.from_json(session.exec(select(LearnerRow)).one().choices)

    return read


@pytest.fixture
def bob(visitor, begin: Callable[..., None]):
    """The browser of Bob, a guest with a past, on the page of his settings."""
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    begin("food", "winter", "legs")
    assert visitor.get("/settings").status_code == 200
    return visitor


def _fields(browser, **typed: str) -> dict[str, object]:
    return {"learner": browser.hidden("learner"), **WEEK, **typed}


def _value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*?value="([^"]*)"', page)
    assert found, f"no field {name}"
    return unescape(found[1])


def _chosen(page: str, name: str) -> str:
    select_ = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    assert select_, f"no list {name}"
    marked = re.search(r"<option(?: value=\"([^\"]*)\")? selected>([^<]*)<", select_[0])
    return "" if marked is None else marked[1] or marked[2]


def _words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_a_visitor_is_told_how_it_begins_and_nobody_is_made(visitor, web_database: Database) -> None:
    assert visitor.get("/settings").status_code == 200
    assert "Your settings begin with one answer" in visitor.page
    assert "No account needed" in visitor.page
    with web_database.reading() as session:
        assert session.exec(select(LearnerRow)).all() == []


def test_who_is_signed_in_may_choose_before_the_first_answer(browser_of) -> None:
    browser = browser_of("Bob")
    assert browser.get("/settings").status_code == 200
    assert "Your settings begin with one answer" not in browser.page
    assert browser.hidden("csrf_token")


def test_who_was_signed_out_elsewhere_is_told_so(visitor) -> None:
    visitor.client.set_cookie("quizapp_sign_in", "of a browser that was signed out")
    visitor.get("/settings")
    assert "You were signed out here" in visitor.page


def test_a_guest_chooses_too(visitor, choices_of) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    visitor.get("/settings")
    assert "Birds" in visitor.page
    assert visitor.post("/settings", _fields(visitor, new_cards="5")).status_code == 303
    assert choices_of().limits == DailyLimits(new=5)


def test_the_page_says_what_tomorrow_brings_as_it_is(bob) -> None:
    words = _words(bob.page)
    assert re.search(r"Tomorrow: \d+ reviews?, .* minutes?", words)
    assert "Over a year:" in words
    assert "This is how it is now." in words
    assert "Blank: 90%, as your school has it." in words
    ids = re.findall(r'\bid="([^"]*)"', bob.page)
    assert len(ids) == len(set(ids))
    assert "style=" not in bob.page


def test_what_is_saved_is_shown_again_and_said(bob, choices_of) -> None:
    typed = {
        "desired_retention": "92,5 %",
        "new_cards": "3",
        "reviews": "50",
        "new_cards-birds": "2",
        "reviews-birds": "",
        "learning_steps": "30s 5 min, 1h",
        "relearning_steps": "none",
        "maximum_interval": "180",
        "timezone": "Asia/Tokyo",
        "saturday": "half",
        "sunday": "off",
    }
    response = bob.post("/settings", _fields(bob) | typed)
    assert (response.status_code, response.headers["Location"]) == (303, "/settings")
    assert choices_of() == Choices(
        desired_retention=0.925,
        learning_steps=(timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1)),
        relearning_steps=(),
        maximum_interval=180,
        timezone="Asia/Tokyo",
        limits=DailyLimits(3, 50),
        decks={"birds": DailyLimits(new=2)},
        week=(1, 1, 1, 1, 1, 0.5, 0),
    )
    bob.get("/settings")
    assert "Saved." in bob.page
    assert _value(bob.page, "desired_retention") == "92.5"
    assert _value(bob.page, "learning_steps") == "30s 5m 1h"
    assert _value(bob.page, "relearning_steps") == "none"
    assert _value(bob.page, "new_cards-birds") == "2"
    assert [_chosen(bob.page, name) for name in ("timezone", "monday", "saturday", "sunday")] == [
        "Asia/Tokyo",
        "1",
        "half",
        "off",
    ]
    bob.get("/settings")
    assert "Saved." not in bob.page


def test_saving_without_a_change_says_that_all_is_as_it_was(bob, choices_of) -> None:
    bob.post("/settings", _fields(bob))
    bob.get("/settings")
    assert "Tomorrow stays about as it was" in bob.page
    assert choices_of() == Choices()


def test_a_change_of_tomorrow_is_told_with_what_it_was(bob) -> None:
    bob.post("/settings", _fields(bob, new_cards="4"))
    bob.get("/settings")
    assert re.search(r"Tomorrow will be about \d+ reviews?, \d+ new cards?, .*; before, it was", _words(bob.page))


def test_a_preview_shows_what_would_be_keeps_what_is_typed_and_saves_nothing(bob, choices_of) -> None:
    response = bob.post("/settings/preview", _fields(bob, desired_retention="97", new_cards="4", timezone="Asia/Tokyo"))
    assert response.status_code == 200
    words = _words(bob.page)
    assert "As it is now:" in words
    for part in ("How well you remember", "Daily limits", "Time zone"):
        assert part in words
    assert _value(bob.page, "desired_retention") == "97"
    assert _chosen(bob.page, "timezone") == "Asia/Tokyo"
    assert choices_of() == Choices()


def test_a_script_gets_the_forecast_alone(bob) -> None:
    fields = _fields(bob, desired_retention="97")
    response = bob.post("/settings/preview", fields, headers={"X-Fragment": "effect"})
    assert response.status_code == 200
    assert "<form" not in response.text
    assert "Tomorrow:" in response.text


REFUSED = [
    ("desired_retention", "1.5", "The desired recall goes from 70 to 97 percent."),
    ("desired_retention", "1", "from 70 to 97"),
    ("desired_retention", "69.99", "from 70 to 97"),
    ("desired_retention", "0.98", "from 70 to 97"),
    ("desired_retention", "abc", "Write a number from 70 to 97"),
    ("desired_retention", "nan", "Write a number from 70 to 97"),
    ("desired_retention", "1e1", "Write a number from 70 to 97"),
    ("desired_retention", "٩٠", "Write a number from 70 to 97"),
    ("new_cards", "-1", "A daily limit goes from 0 to 9999 cards."),
    ("new_cards", "1000000000", "A daily limit goes from 0 to 9999 cards."),
    ("reviews", "9" * 5_000, "A daily limit goes from 0 to 9999 cards."),
    ("reviews", "1.5", "Write a whole number"),
    ("new_cards-birds", "-1", "A daily limit goes from 0 to 9999 cards."),
    ("reviews-birds", "many", "Write a whole number"),
    ("learning_steps", "10m 1m", "none is shorter than the one before"),
    ("learning_steps", "10", "“10” is not a step"),
    ("relearning_steps", "2d", "“2d” is not a step"),
    ("relearning_steps", "17h", "up to 16 hours"),
    ("relearning_steps", "0s", "whole seconds"),
    ("maximum_interval", "0", "The longest interval goes from 1 to 36500 days."),
    ("maximum_interval", "36501", "The longest interval goes from 1 to 36500 days."),
    ("maximum_interval", "<b>", "Write a whole number"),
    ("timezone", "Mars/Olympus", "There is no time zone of this name."),
    ("timezone", "../../etc/passwd", "There is no time zone of this name."),
    ("thursday", "sometimes", "Choose one of the three."),
]


@pytest.mark.parametrize("path", ["/settings", "/settings/preview"])
def test_what_cannot_be_chosen_is_said_kept_and_not_saved(bob, choices_of, path: str) -> None:
    for name, typed, said in REFUSED:
        response = bob.post(path, _fields(bob, maximum_interval="77") | {name: typed})
        assert response.status_code == 422, typed
        assert "One thing to put right" in bob.page, typed
        assert said in unescape(bob.page), typed
        assert f'href="#{name}"' in bob.page
        read = _chosen if name == "timezone" or name in WEEKDAYS else _value
        assert unescape(read(bob.page, name)) == typed
        assert name == "maximum_interval" or _value(bob.page, "maximum_interval") == "77"
    assert choices_of() == Choices()


def test_a_script_is_told_what_is_wrong_too(bob) -> None:
    response = bob.post("/settings/preview", _fields(bob, new_cards="-1"), headers={"X-Fragment": "effect"})
    assert response.status_code == 422
    assert "Something above is not right yet" in response.text
    assert "A daily limit goes from 0 to 9999 cards." in response.text


def test_all_that_is_wrong_is_said_at_once(bob) -> None:
    bob.post("/settings", _fields(bob, new_cards="x", reviews="y", desired_retention="z"))
    assert "3 things to put right" in bob.page


def test_a_week_of_days_off_is_none(bob, choices_of) -> None:
    response = bob.post("/settings", _fields(bob) | dict.fromkeys(WEEK, "off"))
    assert response.status_code == 422
    assert "Keep at least one day" in bob.page
    assert choices_of() == Choices()


def test_a_form_without_its_fields_is_refused(bob, choices_of) -> None:
    assert bob.post("/settings", {}).status_code == 422
    assert choices_of() == Choices()


def test_hostile_words_stay_words(bob) -> None:
    bob.post("/settings", _fields(bob, learning_steps='"><script>alert(1)</script>', timezone="</option><b>"))
    assert "<script>alert" not in bob.page
    assert "</option><b>" not in bob.page


def test_a_retention_in_the_address_is_filled_in_and_not_saved(bob, choices_of) -> None:
    assert bob.get("/settings?desired_retention=85").status_code == 200
    assert _value(bob.page, "desired_retention") == "85"
    assert "not saved yet" in bob.page
    assert choices_of() == Choices()
    assert bob.get("/settings?desired_retention=1.5").status_code == 422
    assert "The desired recall goes from 70 to 97 percent." in bob.page


def test_all_as_the_school_has_it(bob, choices_of, web_database: Database) -> None:
    bob.post("/settings", _fields(bob, desired_retention="95", timezone="Asia/Tokyo"))
    bob.get("/settings")
    assert bob.post("/settings/reset", {"learner": bob.hidden("learner")}).status_code == 303
    assert choices_of() == Choices()
    with web_database.reading() as session:
        assert [row.reason for row in session.exec(select(RescheduleRow))] == ["zone", "zone"]
        waiting = session.exec(select(CardStateRow).where(CardStateRow.phase == "review")).all()
        assert [state.due.hour for state in waiting] == [4, 4, 4]
    bob.get("/settings")
    assert "Saved." in bob.page


def test_a_form_that_somebody_else_opened_changes_nothing(bob, choices_of) -> None:
    for path in ("/settings", "/settings/preview", "/settings/reset"):
        bob.get("/settings")
        response = bob.post(path, _fields(bob, new_cards="1") | {"learner": str(uuid.uuid4())})
        assert response.status_code == 409
        assert "Nothing was changed" in bob.page
    assert choices_of() == Choices()


def test_who_lost_the_sign_in_keeps_what_was_typed(visitor, web_database: Database) -> None:
    visitor.get("/sign-in")
    typed = WEEK | {"learner": str(uuid.uuid4()), "desired_retention": "93", "new_cards": "47"}
    for path in ("/settings", "/settings/preview", "/settings/reset"):
        visitor.get("/sign-in")
        response = visitor.post(path, typed)
        assert response.status_code == 401
        assert all(
            re.search(rf'name="{name}" value="{kept}"', visitor.page)
            for name, kept in typed.items()
            if name != "learner"
        )
    with web_database.reading() as session:
        assert session.exec(select(LearnerRow)).all() == []


def test_a_visitor_who_goes_on_without_signing_in_is_a_guest_with_settings(visitor, choices_of) -> None:
    visitor.get("/sign-in")
    assert visitor.post("/settings", WEEK | {"desired_retention": "93"}).status_code == 303
    assert choices_of().desired_retention == 0.93
    visitor.get("/settings")
    assert _value(visitor.page, "desired_retention") == "93"


def test_without_a_form_token_nothing_is_changed(bob, choices_of) -> None:
    response = bob.client.post("/settings", data=WEEK | {"new_cards": "1"})
    assert response.status_code == 400
    assert choices_of() == Choices()


@pytest.mark.parametrize(
    ("method", "path"),
    [("put", "/settings"), ("delete", "/settings"), ("get", "/settings/preview"), ("get", "/settings/reset")],
)
def test_a_wrong_method_is_told_so(visitor, method: str, path: str) -> None:
    visitor.get("/sign-in")
    headers = {"X-CSRFToken": visitor.hidden("csrf_token")}
    assert getattr(visitor.client, method)(path, headers=headers).status_code == 405


def test_an_own_zone_is_the_zone_of_every_page(bob, begin) -> None:
    bob.post("/settings", _fields(bob, timezone="Pacific/Kiritimati"))
    assert bob.get("/progress").status_code == 200
    assert bob.get("/study/birds").status_code == 200
    assert bob.get("/workload").status_code == 200
