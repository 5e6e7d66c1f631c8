"""Studying in the browser: asked, answered, explained, taken back; strangers, repeats and broken forms."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
import sqlalchemy as sa
from plumbing import samples

from quizapp.store.engine import Database
from quizapp.store.tables import CardStateRow, LearnerRow, ReviewRow
from quizapp.web.text import cloze_html

ANSWERS: dict[str, dict[str, object]] = {
    "height": {"response": "100 cm"},
    "food": {"response": ["Fish", "Frogs", "Voles"]},
    "winter": {"response": "false"},
    "legs": {"response": "long"},
    "waiting": {"blank-0": "without", "blank-1": "prey"},
    "sequence": {},
    "seasons": {},
    "name": {"rating": "3"},
}
SECRETS = ["That is a small egret", "The text says", "up to</em> 100 cm", "Measured standing", "Think of a table"]


def _fill(page: str, card: str) -> dict[str, object]:
    """The fields of a right answer; the order of lines and sides is read off the page."""
    if card == "sequence":
        items = {n: unescape(t) for n, t in re.findall(r'name="item-(\d)" value="([^"]*)"', page)}
        return {f"item-{n}": t for n, t in items.items()} | {
            f"position-{n}": str(samples.RIGHT["sequence"].index(t) + 1)  # type: ignore[union-attr]
            for n, t in items.items()
        }
    if card == "seasons":
        lefts = {n: unescape(t) for n, t in re.findall(r'name="left-(\d)" value="([^"]*)"', page)}
        return {f"left-{n}": t for n, t in lefts.items()} | {
            f"right-{n}": samples.RIGHT["seasons"][t]  # type: ignore[index]
            for n, t in lefts.items()
        }
    return ANSWERS[card]


def _count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_guest_studies_every_type_of_card_without_script(visitor, web_database: Database) -> None:
    for card in samples.RIGHT:
        assert visitor.get("/study/birds").status_code == 200
        assert visitor.hidden("card") == card
        response = visitor.answer("birds", _fill(visitor.page, card))
        assert response.status_code == 303, card
        verdict = visitor.get(response.location)
        assert verdict.status_code == 200
        assert "Right" in visitor.page
        assert re.search(r"<mark[^>]*>", visitor.page)
        assert f'href="/sources/herons?answer={response.location.rpartition("/")[2]}#p' in visitor.page
    assert visitor.get("/study/birds").status_code == 200
    assert "Done for now" in visitor.page
    assert (_count(web_database, LearnerRow), _count(web_database, ReviewRow)) == (1, 8)


def test_a_wrong_answer_says_not_yet_why_and_what_is_right(visitor) -> None:
    visitor.get("/study/birds")
    visitor.get(visitor.answer("birds", {"response": "50 cm"}).location)
    for words in ("Not yet", "That is a small egret.", "100 cm", "up to", "Measured standing upright.", "in 1 minute"):
        assert words in visitor.page
    assert "Wrong!" not in visitor.page


def test_nothing_gives_the_answer_away_before_it_is_in(visitor) -> None:
    response = visitor.get("/study/birds")
    assert [secret for secret in SECRETS if secret in visitor.page] == []
    assert "stands up to" not in visitor.page
    assert response.headers["Cache-Control"] == "no-store"


def test_looking_makes_nobody_a_guest(visitor, web_database: Database) -> None:
    for path in ("/", "/study/birds", "/sources", "/sources/herons", "/sign-in"):
        assert visitor.get(path).status_code == 200
    assert _count(web_database, LearnerRow) == 0


def test_reloading_the_verdict_records_nothing(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    place = visitor.answer("birds", {"response": "100 cm"}).location
    for _ in range(3):
        assert visitor.get(place).status_code == 200
    assert _count(web_database, ReviewRow) == 1


def test_sending_the_form_twice_records_it_once(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})  # the first makes the guest
    visitor.get("/study/birds")
    page = visitor.page
    first = visitor.answer("birds", {"response": ["Fish"]})
    visitor.page = page
    again = visitor.answer("birds", {"response": ["Fish"]})
    assert first.location == again.location
    assert _count(web_database, ReviewRow) == 2


def test_with_script_the_verdict_comes_in_place(visitor) -> None:
    visitor.get("/study/birds")
    response = visitor.answer("birds", {"response": "100 cm"}, headers={"X-Fragment": "main"})
    assert response.status_code == 200
    assert response.headers["Content-Location"].startswith("/study/birds/answers/")
    assert "<html" not in visitor.page
    assert "Right" in visitor.page


@pytest.mark.parametrize(
    ("card", "fields", "words"),
    [
        ("height", {}, "Choose an answer."),
        ("winter", {}, "Choose an answer."),
        ("sequence", {}, "a place."),
        ("seasons", {}, "a partner"),
    ],
)
def test_an_answer_that_is_missing_is_asked_for(
    visitor, web_database: Database, card: str, fields: dict[str, object], words: str
) -> None:
    for earlier in samples.RIGHT:
        visitor.get("/study/birds")
        if earlier == card:
            break
        visitor.answer("birds", _fill(visitor.page, earlier))
    before = _count(web_database, ReviewRow)
    response = visitor.answer("birds", fields)
    assert response.status_code == 422
    assert words in unescape(visitor.page)
    assert _count(web_database, ReviewRow) == before


def test_an_order_with_a_place_given_twice_keeps_what_was_chosen(visitor) -> None:
    for earlier in samples.RIGHT:
        visitor.get("/study/birds")
        if earlier == "sequence":
            break
        visitor.answer("birds", _fill(visitor.page, earlier))
    filled = _fill(visitor.page, "sequence") | {"position-1": "1", "position-0": "1", "position-2": "3"}
    assert visitor.answer("birds", filled).status_code == 422
    assert "given twice" in visitor.page
    assert visitor.page.count("selected") == 3


def test_an_option_that_was_never_offered_is_refused(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    assert visitor.answer("birds", {"response": "3 km"}).status_code == 422
    assert _count(web_database, ReviewRow) == 0


def test_the_hint_comes_when_asked_for_and_keeps_what_was_typed(visitor) -> None:
    visitor.get("/study/birds")
    response = visitor.post("/study/birds/hint", visitor.question_fields() | {"response": "50 cm"})
    assert response.status_code == 200
    assert "Think of a table." in visitor.page
    assert re.search(r'value="50 cm"[^>]*checked', visitor.page)
    assert visitor.hidden("hint_used") == "1"
    visitor.get(visitor.answer("birds", {"response": "100 cm"}).location)
    assert "in 6 minutes" in visitor.page  # Hard on the first step: between one minute and ten


def test_a_flashcard_is_turned_over_and_then_rated(visitor) -> None:
    for earlier in samples.RIGHT:
        visitor.get("/study/birds")
        if earlier == "name":
            break
        visitor.answer("birds", _fill(visitor.page, earlier))
    assert "The grey heron" not in visitor.page
    assert visitor.answer("birds", {}).status_code == 422
    visitor.get("/study/birds")
    visitor.post("/study/birds/reveal", visitor.question_fields())
    assert "The grey heron" in visitor.page
    assert visitor.page.count('name="rating"') == 4
    assert visitor.answer("birds", {"rating": "4"}).status_code == 303


def test_undo_asks_the_same_card_again(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    place = visitor.answer("birds", {"response": "50 cm"}).location
    visitor.get(place)
    assert visitor.post(f"{place}/undo").status_code == 303
    visitor.get("/study/birds")
    assert visitor.hidden("card") == "height"
    with web_database.reading() as session:
        assert session.execute(sa.select(ReviewRow.undone_at)).scalar_one() is not None


def test_a_stranger_sees_and_undoes_nothing(visitor, new_browser) -> None:
    visitor.get("/study/birds")
    place = visitor.answer("birds", {"response": "50 cm"}).location
    charlie = new_browser()
    charlie.get("/study/birds")
    assert charlie.get(place).status_code == 404
    charlie.get("/study/birds")
    assert charlie.post(f"{place}/undo").status_code == 404
    charlie.get("/study/birds")
    charlie.answer("birds", {"response": "100 cm"})
    charlie.get("/study/birds")
    assert charlie.post(f"{place}/undo").status_code == 404
    assert visitor.get(place).status_code == 200


@pytest.mark.parametrize(
    "path", ["/study/none", "/study/birds/answers/none", "/study/other/answers/none", "/sources/none", "/nowhere"]
)
def test_what_is_not_there_is_not_found(visitor, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 404
    assert "To the decks" in visitor.page


def test_a_verdict_under_another_deck_is_not_found(visitor) -> None:
    visitor.get("/study/birds")
    place = visitor.answer("birds", {"response": "100 cm"}).location
    assert visitor.get(place.replace("birds", "fish")).status_code == 404


def test_the_wrong_method_says_which_is_right(visitor) -> None:
    visitor.get("/study/birds")
    response = visitor.client.get("/study/birds/hint")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_a_form_without_its_token_keeps_what_was_typed_and_can_be_sent_again(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    fields = visitor.question_fields() | {"response": "100 cm"}
    response = visitor.client.post("/study/birds", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    visitor.page = response.get_data(as_text=True)
    assert response.status_code == 400
    assert "100 cm" in visitor.page
    assert _count(web_database, ReviewRow) == 0
    assert visitor.post("/study/birds", fields).status_code == 303
    assert _count(web_database, ReviewRow) == 1


def test_a_form_of_another_site_is_shown_but_not_offered_again(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    fields = visitor.question_fields() | {"response": "100 cm"}
    response = visitor.client.post(
        "/study/birds", data=fields, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    )
    assert response.status_code == 400
    assert "Send it again" not in response.get_data(as_text=True)
    token = {"csrf_token": visitor.hidden("csrf_token")}
    response = visitor.client.post("/study/birds", data=fields | token, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 400
    assert _count(web_database, ReviewRow) == 0


def test_an_answer_from_an_expired_sign_in_is_kept_through_signing_in_again(
    browser_of, web_database: Database, password: str
) -> None:
    bob = browser_of("Bob")
    bob.get("/study/birds")
    with web_database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM sign_in")
        session.commit()
    response = bob.answer("birds", {"response": "100 cm"})
    assert response.status_code == 401
    assert "100 cm" in bob.page
    assert (_count(web_database, LearnerRow), _count(web_database, ReviewRow)) == (1, 0)
    response = bob.post("/sign-in", {"name": "Bob", "password": password, "carried": bob.hidden("carried")})
    assert response.status_code == 200
    assert "100 cm" in bob.page
    resent = {name: bob.hidden(name) for name in ("key", "card", "revision", "response")}
    assert bob.post("/study/birds", resent).status_code == 303
    assert _count(web_database, ReviewRow) == 1


def test_an_answer_of_one_learner_is_not_recorded_for_the_next(
    browser_of, web_database: Database, password: str
) -> None:
    bob = browser_of("Bob")
    browser_of("Charlie")
    bob.get("/study/birds")
    fields = bob.question_fields() | {"response": "100 cm"}
    bob.post("/sign-out")
    bob.get("/sign-in")
    bob.post("/sign-in", {"name": "Charlie", "password": password})
    bob.get("/study/birds")
    assert bob.post("/study/birds", fields).status_code == 401
    assert _count(web_database, ReviewRow) == 0


def test_a_carried_form_that_was_tampered_with_is_passed_over(browser_of, new_browser, password: str) -> None:
    browser_of("Bob")
    browser = new_browser()
    browser.get("/sign-in")
    response = browser.post("/sign-in", {"name": "Bob", "password": password, "carried": "forged.token.here"})
    assert response.status_code == 303


@pytest.mark.parametrize("size", [10_001, 900_000, 1_100_000])
def test_a_very_long_answer_is_refused_in_words(visitor, web_database: Database, size: int) -> None:
    for earlier in samples.RIGHT:
        visitor.get("/study/birds")
        if earlier == "legs":
            break
        visitor.answer("birds", _fill(visitor.page, earlier))
    before = _count(web_database, ReviewRow)
    response = visitor.answer("birds", {"response": "x" * size})
    assert response.status_code == (422 if size < 1_000_000 else 413)
    assert _count(web_database, ReviewRow) == before


def test_a_form_with_nonsense_in_its_hidden_fields_is_not_found_or_refused(visitor) -> None:
    for nonsense in ({"card": "../x"}, {"revision": "x"}, {"revision": "9" * 40}, {"card": ""}):
        visitor.get("/study/birds")
        assert visitor.answer("birds", {"response": "100 cm"} | nonsense).status_code == 404
    for nonsense in ({"key": "x"}, {"shown_ms": "9" * 15}):
        visitor.get("/study/birds")
        assert visitor.answer("birds", {"response": "100 cm"} | nonsense).status_code == 422


def test_the_text_shows_the_passage_of_ones_own_answer_only(visitor, new_browser) -> None:
    visitor.get("/study/birds")
    key = visitor.answer("birds", {"response": "100 cm"}).location.rpartition("/")[2]
    visitor.get(f"/sources/herons?answer={key}")
    assert re.search(r"<mark[^>]*>stands up to 100 cm tall", visitor.page)
    assert "Back to your answer" in visitor.page
    stranger = new_browser()
    stranger.get(f"/sources/herons?answer={key}")
    assert "<mark" not in stranger.page


def test_the_text_marks_what_was_studied(visitor) -> None:
    visitor.get("/sources/herons")
    assert "One card, not answered yet" not in visitor.page.split('id="p1"')[0]
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    visitor.get("/sources/herons")
    assert "1 of 3 cards answered" in visitor.page
    visitor.get("/sources")
    assert "1 of 8 cards seen" in visitor.page


def test_right_to_left_texts_say_so(make_app: Callable[..., object], web_database: Database) -> None:
    with web_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE deck SET language = 'ar'")
        session.commit()
    page = make_app().test_client().get("/study/birds").get_data(as_text=True)  # type: ignore[attr-defined]
    assert 'lang="ar" dir="rtl"' in page


def test_an_answer_sent_again_after_a_lost_reply_shows_the_first(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    visitor.get("/study/birds")
    page = visitor.page
    first = visitor.answer("birds", {"response": ["Fish"]})
    visitor.page = page
    again = visitor.answer("birds", {"response": ["Frogs"], "shown_ms": "77"})
    assert (again.status_code, again.location) == (303, first.location)
    assert _count(web_database, ReviewRow) == 2


def test_a_stale_cookie_locks_nobody_out(visitor, web_database: Database) -> None:
    visitor.client.set_cookie("quizapp_sign_in", "from-before-the-restore")
    visitor.get("/study/birds")
    assert "not signed in any more" in visitor.page
    assert visitor.client.get_cookie("quizapp_sign_in") is None
    assert visitor.answer("birds", {"response": "100 cm"}).status_code == 303
    assert _count(web_database, ReviewRow) == 1


def test_a_guest_whose_row_is_gone_may_go_on_without_signing_in(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    visitor.get("/study/birds")
    with web_database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM sign_in")
        session.commit()
    assert visitor.answer("birds", {"response": ["Fish"]}).status_code == 401
    resent = {name: visitor.hidden(name) for name in ("key", "card", "revision", "response")}
    assert visitor.post("/study/birds", resent).status_code == 303


def test_a_refused_answer_makes_nobody_a_guest(visitor, web_database: Database) -> None:
    for nonsense in ({"response": "3 km"}, {"response": "100 cm", "rating": "3"}, {"response": "100 cm", "key": "x"}):
        visitor.get("/study/birds")
        assert visitor.answer("birds", nonsense).status_code == 422
    assert _count(web_database, LearnerRow) == 0


def test_what_a_visitor_is_promised_for_a_flashcard_holds(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    fields = visitor.question_fields() | {"card": "name"}
    visitor.post("/study/birds/reveal", fields)
    assert _count(web_database, LearnerRow) == 1
    assert visitor.hidden("learner") != ""


def test_places_of_many_digits_are_no_places(visitor) -> None:
    for earlier in samples.RIGHT:
        visitor.get("/study/birds")
        if earlier == "sequence":
            break
        visitor.answer("birds", _fill(visitor.page, earlier))
    filled = _fill(visitor.page, "sequence") | {"position-1": "9" * 5000}
    assert visitor.answer("birds", filled).status_code == 422


def test_a_blank_inside_a_links_title_still_gets_its_field() -> None:
    pieces = cloze_html(("See [this](/u '", "') and ", "."))
    assert "".join(pieces) == "See [this](/u &#39;&#39;) and ."
    assert [str(piece) for piece in cloze_html(("It is **", "** here."))] == [
        "<p>It is <strong>",
        "</strong> here.</p>",
    ]


def test_undoing_under_another_deck_is_not_found(visitor) -> None:
    visitor.get("/study/birds")
    place = visitor.answer("birds", {"response": "50 cm"}).location
    visitor.get(place)
    assert visitor.post(f"{place.replace('birds', 'fish')}/undo").status_code == 404


def _limit(database: Database, limits: str) -> None:
    with database.writing() as session:
        session.execute(sa.update(LearnerRow).values(choices=limits))
        session.commit()


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ('{"limits": {"new": 1}}', "Your limit is one new card a day."),
        ('{"decks": {"birds": {"new": 1, "reviews": 9}}}', "Your limit in this deck is 9 reviews a day."),
    ],
)
def test_a_full_day_says_so_and_can_be_gone_beyond(visitor, web_database: Database, choices: str, words: str) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    _limit(web_database, choices)
    visitor.get("/study/birds")
    for said in ("Enough for today", words, "7 new cards wait for another day.", "Go on anyway"):
        assert said in " ".join(visitor.page.split())
    for _ in range(2):
        assert visitor.post("/study/birds/more").location == "/study/birds"
        visitor.get("/study/birds")
        assert visitor.hidden("card") == "food"
    visitor.answer("birds", {"response": ["Fish"]})
    visitor.get("/study/birds")
    assert visitor.hidden("card") == "winter"


def test_going_on_in_one_deck_leaves_the_limits_of_another(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    visitor.answer("birds", {"response": "100 cm"})
    _limit(web_database, '{"limits": {"new": 1}}')
    visitor.get("/study/birds")
    assert visitor.post("/study/none/more").status_code == 404
    visitor.get("/study/birds")
    assert "Enough for today" in visitor.page
    assert visitor.client.get("/study/birds/more").status_code == 405


def test_the_day_that_was_promised_comes_back_with_the_rating(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    visitor.post("/study/birds/reveal", visitor.question_fields() | {"card": "name"})
    promised = re.fullmatch(r"4:(\d+)", visitor.hidden("promised"))
    assert promised
    dues = []
    for day in (int(promised[1]) + more for more in (0, 1, -1)):
        visitor.get("/study/birds")
        fields = {"card": "name", "rating": "4", "promised": f"4:{day}"}
        place = visitor.answer("birds", fields).location
        with web_database.reading() as session:
            state = session.execute(sa.select(ReviewRow.state_after).order_by(ReviewRow.seq.desc())).scalars().first()
        dues.append(json.loads(state)["due"])
        visitor.get(place)
        visitor.post(f"{place}/undo")
    # The day before or the day after is one of those that could have come up; it is kept too.
    assert 24 * 60 * 60 * 1000 in (dues[1] - dues[0], dues[0] - dues[2])


def test_a_promise_that_was_tampered_with_is_passed_over(visitor, web_database: Database) -> None:
    visitor.get("/study/birds")
    fields = visitor.question_fields() | {"card": "name"}
    visitor.post("/study/birds/reveal", fields)
    for nonsense in ("4:9999999", "x" * 10_000, "4:-1", "٤:٧"):
        visitor.get("/study/birds")
        place = visitor.answer("birds", {"card": "name", "rating": "4", "promised": nonsense}).location
        visitor.get(place)
        assert "Right" in visitor.page


def _forget(database: Database, times: int) -> None:
    """Let the card answered last have been forgotten so often, and be due for review."""
    with database.writing() as session:
        session.execute(sa.update(CardStateRow).values(lapses=times, phase="review", step=None, queue=1))
        session.commit()


@pytest.mark.parametrize(
    ("lapses", "advice"),
    [
        (6, []),
        (7, ["Read the passage again"]),
        (11, ["Read the passage again", "Try another question"]),
        (15, ["Read the passage again", "Try another question", "Tell your teacher"]),
    ],
)
def test_a_card_that_keeps_slipping_away_gets_kind_advice(
    visitor, web_database: Database, lapses: int, advice: list[str]
) -> None:
    visitor.get("/study/birds")
    fields = visitor.question_fields()
    visitor.answer("birds", {"response": "100 cm"})
    _forget(web_database, lapses)
    visitor.get("/study/birds")
    again = {"card": "height", "response": "50 cm", "key": fields["key"][:-4] + "abcd"}
    visitor.get(visitor.answer("birds", again).location)
    said = [
        words
        for words in ("Read the passage again", "Try another question", "Tell your teacher")
        if words in visitor.page
    ]
    assert said == advice
    assert ("This card is a hard one" in visitor.page) == bool(advice)
    if len(advice) > 1:
        link = re.search(r'href="([^"]*)">Try another', visitor.page)
        assert link
        assert visitor.client.get(unescape(link[1])).status_code == 200
    if len(advice) > 2:
        assert "I keep forgetting this card." in visitor.page


def test_other_wordings_that_are_right_are_named(visitor) -> None:
    visitor.get("/study/birds")
    visitor.get(visitor.answer("birds", {"card": "legs", "response": "very LONG"}).location)
    page = " ".join(visitor.page.split())
    assert re.search(r"Also right: <span[^>]*>long</span>", page)
    assert "Counts as" not in page
    visitor.get("/study/birds")
    blanks = {"card": "waiting", "blank-0": "with no", "blank-1": "lunch"}
    visitor.get(visitor.answer("birds", blanks).location)
    page = " ".join(visitor.page.split())
    assert re.search(r"Also right in blank 1: <span[^>]*>without</span>", page)
    assert "blank 2:" not in page


def test_the_wording_that_an_answer_was_taken_for_is_shown(visitor) -> None:
    visitor.get("/study/birds")
    visitor.get(visitor.answer("birds", {"card": "legs", "response": "a very-long"}).location)
    assert "Counts as" in visitor.page
