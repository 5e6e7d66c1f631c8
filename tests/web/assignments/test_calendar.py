import re

import pytest
from icalendar import Calendar

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_private_address_opens_ones_calendar_without_sign_in(school, make, new_browser) -> None:
    make()
    bob, nobody = school.bob, new_browser()
    bob.get("/calendar")
    assert "Make an address" in bob.page
    assert bob.post("/calendar").status_code == 303
    response = bob.get("/calendar")
    assert response.headers["Cache-Control"] == "no-store"
    path = re.search(r'value="http://[^/]*(/calendar/[0-9a-f]{64}\.ics)"', bob.page)[1]
    feed = nobody.get(path)
    assert (feed.status_code, feed.mimetype) == (200, "text/calendar")
    assert "no-store" in feed.headers["Cache-Control"]
    names = [str(event["SUMMARY"]) for event in Calendar.from_ical(feed.data).walk("VEVENT")]
    assert names == ["Read about herons"]
    assert b"Take" not in feed.data
    bob.get("/calendar")
    bob.post("/calendar/end")
    assert nobody.get(path).status_code == 404
    assert nobody.get("/calendar/" + "0" * 64 + ".ics").status_code == 404
    assert nobody.client.post(path).status_code in (400, 405)


def test_one_date_is_a_file(school, make) -> None:
    path = make()
    for browser in (school.bob, school.alice):
        response = browser.get(f"{path}.ics")
        assert len(Calendar.from_ical(response.data).walk("VEVENT")) == 1
        assert "attachment" in response.headers["Content-Disposition"]


def test_a_visitors_form_is_not_lost(school, make, visitor) -> None:
    path = make()
    visitor.get("/sign-in")
    response = visitor.post(f"{path}/edit", {"title": "Typed long ago"})
    assert response.status_code == 401
    assert "Typed long ago" in visitor.page
