"""In which language a page is: by the reader's choice, else by what the browser asks for."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask

from quizapp.store.engine import Database
from quizapp.web.locales import LANGUAGES


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: which one it is makes no difference to the language."""
    return sqlite_database


ARABIC = {"Accept-Language": "ar"}
SHELL = re.compile(r'<html lang="([^"]+)"\s+dir="([^"]+)">')


def shell(page: str) -> tuple[str, str]:
    """Language and direction of a page."""
    found = SHELL.search(page)
    assert found
    return found[1], found[2]


def choose(browser, language: str, back: str = "/", **more):
    """Press the button of a language at the foot of a page."""
    return browser.client.post("/language", data={"language": language, "next": back}, **more)


def test_a_page_is_english_where_the_browser_asks_for_nothing(visitor):
    visitor.get("/")
    assert shell(visitor.page) == ("en", "ltr")
    assert ">Decks</a>" in visitor.page


def test_a_browser_that_asks_for_arabic_gets_it_from_right_to_left(visitor):
    for asked in ("ar", "ar-EG", "ar-EG, en;q=0.5", "tlh, ar;q=0.9, en;q=0.8"):
        visitor.get("/", headers={"Accept-Language": asked})
        assert shell(visitor.page) == ("ar", "rtl"), asked
        assert ">الرزم</a>" in visitor.page
        assert ">Decks</a>" not in visitor.page


def test_a_language_that_is_not_there_or_not_wanted_is_english(visitor):
    for asked in ("tlh", "en, ar;q=0.5", "", ";;;", "ar;q=0", "*;q=0, \x80", "../../etc", "a" * 5000):
        visitor.get("/", headers={"Accept-Language": asked})
        assert shell(visitor.page) == ("en", "ltr"), asked


def test_each_language_can_be_chosen_by_its_own_name(visitor):
    visitor.get("/")
    assert 'lang="ar"' in visitor.page
    assert 'dir="rtl">العربية</button>' in visitor.page
    assert re.search(r'dir="ltr" aria-current="true">English</button>', visitor.page)


def test_the_choice_holds_signed_out_and_against_what_the_browser_asks_for(visitor):
    gone = choose(visitor, "ar", "/sources")
    assert (gone.status_code, gone.headers["Location"]) == (303, "/sources")
    visitor.get("/", headers={"Accept-Language": "en"})
    assert shell(visitor.page) == ("ar", "rtl")
    choose(visitor, "en")
    visitor.get("/", headers=ARABIC)
    assert shell(visitor.page) == ("en", "ltr")


def test_the_choice_holds_through_signing_in(browser_of):
    browser = browser_of("Bob")
    choose(browser, "ar")
    assert shell(browser.get("/account").get_data(as_text=True)) == ("ar", "rtl")


def test_the_cookie_is_kept_from_scripts_and_lasts_a_year(visitor):
    cookie = choose(visitor, "ar").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie
    assert "Secure" not in cookie


def test_the_cookie_is_secure_where_the_site_is(make_app: Callable[..., Flask]):
    client = make_app(public_url="https://quiz.example.org").test_client()
    gone = client.post("/language", data={"language": "ar"}, base_url="https://quiz.example.org")
    assert "Secure" in gone.headers["Set-Cookie"]
    assert gone.headers["Set-Cookie"].startswith("__Host-language=ar;")
    page = client.get("/account/sign-in", base_url="https://quiz.example.org").get_data(as_text=True)
    assert 'lang="ar"' in page


def test_an_unknown_language_is_refused_and_nothing_is_kept(visitor):
    for language in ("tlh", "", "AR", "ar\r\nSet-Cookie: a=b", "../../etc", "x" * 5000):
        refused = choose(visitor, language)
        assert refused.status_code == 422, language
        assert "language=" not in refused.headers.get("Set-Cookie", "")
    visitor.get("/")
    assert shell(visitor.page) == ("en", "ltr")


def test_a_cookie_that_names_no_language_counts_for_nothing(visitor):
    visitor.client.set_cookie("language", "../../etc")
    visitor.get("/", headers=ARABIC)
    assert shell(visitor.page) == ("ar", "rtl")


FORGED = (
    "tlh",
    "AR",
    "",
    "__proto__",
    "../../etc",
    "x" * 3000,
    "<svg/onload=1>",
    '"a\\015\\012Set-Cookie: b=c"',
    "\xe4",
)


@pytest.mark.parametrize("forged", FORGED, ids=range(len(FORGED)))
def test_a_forged_cookie_counts_for_nothing_is_told_to_nobody_and_is_taken_away(app: Flask, forged: str):
    page = app.test_client(use_cookies=False).get("/", headers={"Cookie": f"language={forged}", **ARABIC})
    assert page.status_code == 200
    assert shell(page.text) == ("ar", "rtl")
    (taken,) = [cookie for cookie in page.headers.getlist("Set-Cookie") if cookie.startswith("language=")]
    assert taken.startswith("language=; ")
    assert "Max-Age=0" in taken
    told = page.text + str(page.headers)
    assert "b=c" not in told
    assert forged in ("", "AR", "\xe4") or forged not in told


def test_a_good_cookie_stays_and_a_choice_takes_the_place_of_a_forged_one(visitor):
    visitor.client.set_cookie("language", "ar")
    assert "Set-Cookie" not in visitor.get("/").headers
    visitor.client.set_cookie("language", "tlh")
    chosen = choose(visitor, "ar")
    assert [cookie.partition(";")[0] for cookie in chosen.headers.getlist("Set-Cookie")] == ["language=ar"]
    visitor.get("/")
    assert shell(visitor.page) == ("ar", "rtl")


def test_what_is_kept_between_server_and_browser_takes_no_cookie_away(visitor):
    visitor.client.set_cookie("language", "tlh")
    static = visitor.get("/static/app.css")
    assert (static.status_code, static.headers.get("Set-Cookie")) == (200, None)


def test_a_protected_site_takes_the_cookie_of_the_plain_name_away(make_app: Callable[..., Flask]):
    client = make_app(public_url="https://quiz.example.org").test_client(use_cookies=False)
    page = client.get("/", base_url="https://quiz.example.org", headers={"Cookie": "language=ar; __Host-language=en"})
    assert 'lang="en"' in page.get_data(as_text=True)
    assert [cookie.partition(";")[0] for cookie in page.headers.getlist("Set-Cookie")] == ["language="]
    forged = client.get("/", base_url="https://quiz.example.org", headers={"Cookie": "__Host-language=tlh"})
    (taken,) = forged.headers.getlist("Set-Cookie")
    assert taken.startswith("__Host-language=; ")
    assert {"Max-Age=0", "Secure", "Path=/"} <= set(taken.split("; "))


def test_the_way_back_never_leaves_the_site(visitor):
    for back in ("https://a.example/", "//a.example", "/\\a.example", "", "javascript:alert(1)", "/\n/x", "elsewhere"):
        gone = choose(visitor, "ar", back)
        assert (gone.status_code, gone.headers["Location"]) == (303, "/"), back


def test_another_site_cannot_choose(visitor):
    for header in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = choose(visitor, "ar", headers=header)
        assert refused.status_code == 400
        assert "language=" not in refused.headers.get("Set-Cookie", "")


def test_the_address_alone_changes_nothing(visitor):
    assert visitor.get("/language").status_code == 405


def test_the_way_back_from_a_page_is_that_page_with_its_query(visitor):
    visitor.get("/practice?n=3&order=deck")
    assert visitor.hidden("next") == "/practice?n=3&amp;order=deck"


def test_the_way_back_from_a_form_that_was_not_taken_is_a_page_that_can_be_opened(visitor):
    visitor.get("/sign-in")
    page = visitor.post("/sign-in", {"name": "Bob", "password": "three blue herons"})
    assert page.status_code == 422
    assert 'name="next" value="/sign-in"' in visitor.page
    page = visitor.client.post("/sign-out", data={})
    assert page.status_code == 400
    assert 'name="next" value="/"' in page.get_data(as_text=True)


def test_a_page_that_is_not_there_speaks_the_language_and_leads_back_to_itself(visitor):
    missing = visitor.get("/nowhere", headers=ARABIC)
    assert missing.status_code == 404
    assert shell(visitor.page) == ("ar", "rtl")
    assert "هذه الصفحة ليست هنا" in visitor.page


def test_a_card_keeps_its_own_language_and_direction(visitor):
    visitor.get("/study/birds", headers=ARABIC)
    assert shell(visitor.page) == ("ar", "rtl")
    assert re.search(r'<(?:article|section|div)[^>]*lang="en"[^>]*dir="ltr"', visitor.page)


def test_the_page_for_no_network_is_kept_in_the_chosen_language_though_it_is_fetched_without_cookies(visitor):
    choose(visitor, "ar")
    worker = visitor.get("/service-worker.js").get_data(as_text=True)
    address = re.search(r'"page": "([^"]+)"', worker)
    assert address
    assert shell(visitor.client.application.test_client().get(address[1]).get_data(as_text=True)) == ("ar", "rtl")


def test_the_choice_begins_no_browser_session(visitor):
    assert "Set-Cookie" not in visitor.get("/sources").headers
    assert 'action="/language"' in visitor.page


def test_nothing_is_to_be_chosen_while_a_card_asks_or_where_there_is_no_network(visitor):
    for path in ("/study/birds", "/offline"):
        assert visitor.get(path).status_code == 200
        assert 'action="/language"' not in visitor.page


def test_errors_of_the_api_speak_the_language(visitor):
    problem = visitor.client.get("/api/v1/nowhere", headers=ARABIC).get_json()
    assert problem["title"] == "هذه الصفحة ليست هنا"


class InterfaceWords(HTMLParser):
    """The words of a page that are the interface's: not those of a deck, a text or a person, which name a language or
    are set apart, nor the places of time zones."""

    _LEAVES = frozenset({"input", "meta", "link", "br", "img", "hr", "path", "circle", "rect", "line", "use"})
    _APART = frozenset({"bdi", "code", "kbd", "script", "style", "cite"})
    _NAMES = ("title", "aria-label", "placeholder", "alt", "data-label")

    def __init__(self) -> None:
        super().__init__()
        self.apart: list[bool] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_zone = tag == "option" and "/" in (values.get("value") or "")
        apart = any(self.apart) or is_zone or tag in self._APART or ("lang" in values and tag != "html")
        if not apart:
            self.found += [values[name] or "" for name in self._NAMES if name in values]
        if tag not in self._LEAVES:
            self.apart.append(apart)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._LEAVES and self.apart:
            self.apart.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.apart):
            self.found.append(data)


def english_of(page: str) -> list[str]:
    """The pieces of the interface in which two English words stand side by side."""
    words = InterfaceWords()
    words.feed(page)
    return [" ".join(text.split()) for text in words.found if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", text)]


def test_the_search_for_english_finds_it():
    assert english_of(
        '<p>Choose an answer</p><p lang="en">Not this</p><bdi>Nor this</bdi><i title="A tip here">x</i>'
    ) == [
        "Choose an answer",
        "A tip here",
    ]


PAGES = (
    "/",
    "/sources",
    "/practice",
    "/progress",
    "/settings",
    "/workload",
    "/plans",
    "/plans/new",
    "/classes",
    "/tests",
)
PAGES += ("/account", "/claims/mine", "/study/birds", "/offline", "/nowhere")


def test_no_english_of_the_interface_is_on_a_page_in_arabic(browser_of):
    browser = browser_of("Bob")
    choose(browser, "ar")
    for path in PAGES:
        response = browser.get(path, follow_redirects=True)
        assert response.status_code == (404 if path == "/nowhere" else 200), path
        assert shell(browser.page) == ("ar", "rtl"), path
        assert english_of(browser.page) == [], path


def test_the_languages_are_english_and_those_with_a_catalogue():
    assert LANGUAGES == ("en", "ar")
