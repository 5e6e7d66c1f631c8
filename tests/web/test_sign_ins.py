"""The list of one's sign-ins on the account's page, and ending them; no script is needed."""

import re
from collections.abc import Callable

import pytest

ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)
END = re.compile(r'action="(/account/sign-ins/\w+/end)"')
OTHERS = "/account/sign-ins/end-others"


@pytest.fixture
def sign_in(new_browser, password: str) -> Callable[[str, str], object]:
    """Sign somebody in with another browser."""

    def open_one(name: str, agent: str):
        browser = new_browser()
        browser.get("/sign-in")
        typed = {"name": name, "password": password}
        assert browser.post("/sign-in", typed, headers={"User-Agent": agent}).status_code == 303
        return browser

    return open_one


def section(page: str) -> str:
    """The part of the page that lists sign-ins, in words."""
    found = re.search(r'<section aria-labelledby="sign-ins-title".*?</section>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_who_is_signed_in_once_sees_this_device_and_nothing_to_end(browser_of) -> None:
    bob = browser_of("Bob")
    bob.get("/account")
    assert "a browser This device · signed in" in section(bob.page)
    assert "Sign out" not in section(bob.page).replace("Sign out a device", "")


def test_other_devices_are_named_and_one_of_them_is_signed_out(browser_of, sign_in) -> None:
    bob = browser_of("Bob")
    phone, tablet = sign_in("Bob", IPHONE), sign_in("Bob", ANDROID)
    bob.get("/account")
    said = section(bob.page)
    assert "Safari on iPhone signed in" in said
    assert "Firefox on Android signed in" in said
    assert "last used" in said
    assert "143" not in said
    assert "127.0.0.1" not in bob.page
    place = re.search(r"Firefox on Android.*?" + END.pattern, bob.page, re.DOTALL)
    assert place
    gone = bob.post(place[1])
    assert (gone.status_code, gone.location) == (303, "/account#sign-ins")
    assert tablet.get("/account").status_code == 303
    assert phone.get("/account").status_code == 200
    bob.get("/account")
    assert "Firefox on Android" not in section(bob.page)
    assert bob.post(place[1]).status_code == 404


def test_all_other_devices_are_signed_out_with_one_press(browser_of, sign_in) -> None:
    bob = browser_of("Bob")
    others = [sign_in("Bob", IPHONE), sign_in("Bob", ANDROID)]
    bob.get("/account")
    assert bob.post(OTHERS).location == "/account#sign-ins"
    assert [one.get("/account").status_code for one in others] == [303, 303]
    assert bob.get("/account").status_code == 200
    assert OTHERS not in bob.page


def test_another_persons_device_is_not_there_to_be_signed_out(browser_of, sign_in) -> None:
    bob, charlie = browser_of("Bob"), browser_of("Charlie")
    elsewhere = sign_in("Charlie", IPHONE)
    charlie.get("/account")
    (place,) = END.findall(charlie.page)
    bob.get("/account")
    assert "iPhone" not in bob.page
    assert bob.post(place).status_code == 404
    assert elsewhere.get("/account").status_code == 200


def test_a_form_without_its_token_ends_nothing(browser_of, sign_in) -> None:
    bob = browser_of("Bob")
    phone = sign_in("Bob", IPHONE)
    bob.get("/account")
    (place,) = END.findall(bob.page)
    for path in (place, OTHERS):
        assert bob.client.post(path).status_code == 400
    assert phone.get("/account").status_code == 200


def test_a_visitor_is_led_to_the_sign_in(visitor) -> None:
    visitor.get("/sign-in")
    for path in (OTHERS, "/account/sign-ins/guess/end"):
        assert visitor.post(path).status_code == 401, "asked to sign in, and then it goes on"
        assert 'type="password"' in visitor.page
        visitor.get("/sign-in")


def test_after_a_new_password_the_list_holds_this_device_alone(browser_of, sign_in, password: str) -> None:
    bob = browser_of("Bob")
    sign_in("Bob", IPHONE)
    bob.get("/account")
    assert bob.post("/account/password", {"current": password, "new": "four white storks"}).status_code == 200
    assert "This device" in section(bob.page)
    assert "iPhone" not in section(bob.page)
    assert OTHERS not in bob.page


def test_what_a_browser_says_of_itself_is_never_shown_as_it_is(browser_of, sign_in) -> None:
    bob = browser_of("Bob")
    sign_in("Bob", "<svg/onload=1> Firefox/9 " + "x" * 6000)
    bob.get("/account")
    assert "onload" not in bob.page
    assert "Firefox signed in" in section(bob.page)
