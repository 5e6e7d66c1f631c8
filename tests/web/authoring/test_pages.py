"""Writing decks in the browser, page by page, without any script."""

import io
import re
from typing import Any

import pytest
from plumbing import samples

CHOICE = {
    "type": "choice",
    "prompt": "How tall is a grey heron at most?",
    "answer": "100 cm",
    "wrong": ["50 cm", "200 cm", ""],
    "why": ["That is a small egret.", "", ""],
    "explanation": "The text says *up to* 100 cm.",
    "source": "herons",
    "paragraph": "1",
    "quote": "stands up to 100 cm tall",
    "tags": "size, looks",
    "difficulty": "easy",
}


def write(browser: Any, deck: str, **fields: object) -> Any:
    """Write a new card."""
    browser.get(f"/author/{deck}/cards/new")
    seen = {"seen": browser.hidden("seen"), "act": "save"}
    return browser.post(f"/author/{deck}/cards/new", seen | CHOICE | fields)


def change(browser: Any, deck: str, card: str, **fields: object) -> Any:
    """Change a card; ``seen`` is that of the page unless it is given."""
    browser.get(f"/author/{deck}/cards/{card}")
    seen = {"seen": browser.hidden("seen"), "act": "save"}
    return browser.post(f"/author/{deck}/cards/{card}", seen | CHOICE | fields)


CARD = "how-tall-is-a-grey-heron-at-most"


def test_a_deck_is_begun_and_gets_its_first_card(alice: Any, deck: str) -> None:
    assert "No cards yet" in alice.get(f"/author/{deck}/").text
    saved = write(alice, deck)
    assert saved.status_code == 303
    assert saved.location.endswith(f"/author/{deck}/#{CARD}")
    page = alice.get(f"/author/{deck}/").text
    assert "How tall is a grey heron at most?" in page
    assert "Draft, not published yet" in page
    file = alice.client.get(f"/author/{deck}/deck.yaml")
    assert file.headers["Content-Disposition"] == 'attachment; filename="herons.yaml"'
    assert "    why: That is a small egret." in file.get_data(as_text=True).replace("        ", "    ")


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "flashcard", "answer": "A heron\n\nof grey"},
        {"type": "multiple", "answers": "Fish\nFrogs\n", "wrong": ["Bread"], "why": [""]},
        {"type": "truefalse", "answer": "false"},
        {"type": "short", "answer": "100", "accept": "hundred", "match": "number", "tolerance": "0.5"},
        {"type": "cloze", "prompt": "", "text": "It eats {{fish}} and {{frogs|a frog}}."},
        {"type": "order", "items": "First\nSecond\nThird"},
        {"type": "match", "left": ["Winter", "Water"], "right": ["the south", "fish"]},
    ],
)
def test_every_type_of_card_can_be_written_read_and_saved_again(
    alice: Any, deck: str, fields: dict[str, object]
) -> None:
    assert write(alice, deck, **fields).status_code == 303
    before = alice.client.get(f"/author/{deck}/deck.yaml").text
    card = re.search(r"- id: (\S+)", before)
    assert card is not None
    page = alice.get(f"/author/{deck}/cards/{card[1]}")
    assert page.status_code == 200
    assert "As students see it" in page.text
    again = {name: value for name, value in CHOICE.items() if name not in ("wrong", "why")}
    sent = alice.post(f"/author/{deck}/cards/{card[1]}", {"seen": alice.hidden("seen"), "act": "save"} | again | fields)
    assert sent.status_code == 303
    assert alice.client.get(f"/author/{deck}/deck.yaml").text == before


def test_what_is_wrong_is_told_and_everything_typed_is_kept(alice: Any, deck: str) -> None:
    shown = write(alice, deck, answer="", prompt="Kept <b>words</b>?", paragraph="x")
    assert shown.status_code == 422
    assert 'href="#answer"' in shown.text
    assert "Write a number." in shown.text
    assert "Kept &lt;b&gt;words&lt;/b&gt;?" in shown.text
    assert "That is a small egret." in shown.text


def test_the_view_of_students_and_the_checks_come_without_script(alice: Any, deck: str) -> None:
    shown = write(alice, deck, act="check", quote="stands up to 300 cm tall")
    assert shown.status_code == 200
    assert "As students see it" in shown.text
    assert "These words are not in that paragraph" in shown.text
    assert "No cards yet" in alice.get(f"/author/{deck}/").text


def test_the_fields_of_another_type_are_shown_and_what_was_typed_stays(alice: Any, deck: str) -> None:
    shown = write(alice, deck, act="type", type="order")
    assert shown.status_code == 200
    assert 'name="items"' in shown.text
    assert "How tall is a grey heron at most?" in shown.text


def test_chosen_words_open_a_card_that_cites_them(alice: Any, deck: str) -> None:
    address = f"/author/{deck}/cards/new?source=herons&paragraph=2&quote=fish,+frogs+%3Ci%3E&type=short"
    page = alice.get(address).text
    assert 'value="fish, frogs &lt;i&gt;"' in page
    assert 'value="2"' in page
    assert 'name="accept"' in page
    assert alice.get(f"/author/{deck}/cards/new?paragraph=%00&type=%3Cx").status_code == 200


def test_saving_and_writing_the_next_stays_at_the_paragraph(alice: Any, deck: str) -> None:
    saved = write(alice, deck, act="next")
    assert saved.status_code == 303
    assert "paragraph=1" in saved.location


def test_the_preview_alone_saves_nothing(alice: Any, deck: str) -> None:
    alice.get(f"/author/{deck}/cards/new")
    shown = alice.post(f"/author/{deck}/preview", CHOICE)
    assert "After the answer" in shown.text
    assert "<html" not in shown.text
    alice.get(f"/author/{deck}/cards/new")
    assert "To be a card, it still needs" in alice.post(f"/author/{deck}/preview", {"type": "choice"}).text
    assert "cards: []" in alice.client.get(f"/author/{deck}/deck.yaml").text


def test_two_people_at_one_card_never_overwrite_each_other_unseen(alice: Any, dana: Any, deck: str) -> None:
    write(alice, deck)
    alice.get(f"/author/{deck}/about")
    assert alice.post(f"/author/{deck}/editors", {"name": "Dana"}).status_code == 303
    dana.get(f"/author/{deck}/cards/{CARD}")
    old = dana.hidden("seen")
    assert change(alice, deck, CARD, prompt="Alice's words").status_code == 303
    mine = CHOICE | {"prompt": "Dana's words", "seen": old, "act": "save"}
    refused = dana.post(f"/author/{deck}/cards/{CARD}", mine)
    assert refused.status_code == 409
    assert "Alice&#39;s words" in refused.text
    assert "Dana&#39;s words" in refused.text
    assert "Alice's words" in alice.client.get(f"/author/{deck}/deck.yaml").text
    again = dana.post(f"/author/{deck}/cards/{CARD}", mine | {"seen": dana.hidden("seen")})
    assert again.status_code == 303
    assert "Dana's words" in alice.client.get(f"/author/{deck}/deck.yaml").text


def test_a_card_is_moved_copied_retired_and_brought_back(alice: Any, deck: str) -> None:
    for prompt in ("One?", "Two?", "Three?"):
        write(alice, deck, prompt=prompt)

    def order() -> list[str]:
        return re.findall(r"- id: (\S+)", alice.client.get(f"/author/{deck}/deck.yaml").text)

    alice.get(f"/author/{deck}/")
    alice.post(f"/author/{deck}/cards/three/move", {"position": "1"})
    assert order() == ["three", "one", "two"]
    alice.get(f"/author/{deck}/")
    alice.post(f"/author/{deck}/cards/three/move", {"to": "up"})
    alice.get(f"/author/{deck}/")
    alice.post(f"/author/{deck}/cards/three/move", {"to": "down", "position": "9"})
    assert order() == ["one", "three", "two"]
    alice.get(f"/author/{deck}/")
    assert alice.post(f"/author/{deck}/cards/one/duplicate").location.endswith("/cards/one-2")
    assert order() == ["one", "one-2", "three", "two"]
    alice.get(f"/author/{deck}/publish")
    assert alice.post(f"/author/{deck}/publish", {"seen": alice.hidden("seen")}).status_code == 303
    alice.get(f"/author/{deck}/")
    alice.post(f"/author/{deck}/cards/one-2/retire")
    assert "Retired cards" in alice.get(f"/author/{deck}/").text
    alice.post(f"/author/{deck}/cards/one-2/bring-back")
    assert order() == ["one", "three", "two", "one-2"]


def test_many_cards_are_changed_at_once(alice: Any, deck: str) -> None:
    for prompt in ("One?", "Two?", "Three?"):
        write(alice, deck, prompt=prompt)
    for fields in (
        {"act": "tag", "tags": "new tag, size"},
        {"act": "untag", "tags": "looks"},
        {"act": "difficulty", "level": "hard"},
    ):
        alice.get(f"/author/{deck}/")
        assert alice.post(f"/author/{deck}/bulk", fields | {"chosen": ["one", "two"]}).status_code == 303
    text = alice.client.get(f"/author/{deck}/deck.yaml").text
    assert text.count("tags: [size, new tag]") == 2
    assert text.count("difficulty: hard") == 2
    alice.get(f"/author/{deck}/")
    alice.post(f"/author/{deck}/bulk", {"act": "retire", "chosen": ["one", "two"]})
    assert re.findall(r"- id: (\S+)", alice.client.get(f"/author/{deck}/deck.yaml").text) == ["three"]
    alice.get(f"/author/{deck}/")
    assert alice.post(f"/author/{deck}/bulk", {"act": "retire"}).status_code == 303
    alice.get(f"/author/{deck}/")
    assert alice.post(f"/author/{deck}/bulk", {"act": "retire", "chosen": ["nobody"]}).status_code == 404
    alice.get(f"/author/{deck}/")
    assert (
        alice.post(f"/author/{deck}/bulk", {"act": "difficulty", "level": "x", "chosen": ["three"]}).status_code == 422
    )


def test_the_tools_for_ticked_cards_are_one_step_from_the_end_of_a_long_list(alice: Any, deck: str) -> None:
    for prompt in ("One?", "Two?", "Three?", "Four?"):
        write(alice, deck, prompt=prompt)
    assert 'href="#bulk"' not in alice.get(f"/author/{deck}/").text
    write(alice, deck, prompt="Five?")
    page = alice.get(f"/author/{deck}/").text
    assert page.index('id="bulk"') < page.index("</table>") < page.index('href="#bulk"')


def test_cards_are_searched_filtered_and_sorted(alice: Any, deck: str) -> None:
    write(alice, deck, prompt="Alpha?", type="short", accept="")
    write(alice, deck, prompt="Beta?", tags="rare", paragraph="2", quote="fish, frogs and voles")
    for query, found in (
        ("words=alpha", ["Alpha"]),
        ("type=short", ["Alpha"]),
        ("tag=rare", ["Beta"]),
        ("source=herons&paragraph=2", ["Beta"]),
        ("difficulty=easy&sort=warnings", ["Alpha", "Beta"]),
        ("show=uncited", []),
        ("show=changed", []),
        ("sort=hard&page=99", ["Alpha", "Beta"]),
        ("sort=answers&show=unanswered", ["Alpha", "Beta"]),
        ("sort=changed&show=new", ["Alpha", "Beta"]),
        ("words=%00%3Cscript%3E&page=-1&paragraph=99999999999", []),
    ):
        page = alice.get(f"/author/{deck}/?{query}").text
        table = page[page.index("<tbody>") : page.index("</tbody>")] if "<tbody>" in page else ""
        assert [name for name in ("Alpha", "Beta") if f"{name}?" in table] == found, query


def test_versions_can_be_read_compared_and_restored(alice: Any, deck: str) -> None:
    write(alice, deck)
    change(alice, deck, CARD, prompt="How high is a grey heron at most?")
    page = alice.get(f"/author/{deck}/versions").text
    assert "Card changed" in page
    assert "Begun" in page
    difference = alice.get(f"/author/{deck}/versions/3").text
    assert "<del>tall</del>" in difference
    assert "<ins>high</ins>" in difference
    assert alice.get(f"/author/{deck}/versions/3?against=3").status_code == 200
    assert alice.get(f"/author/{deck}/versions/1").status_code == 200
    alice.get(f"/author/{deck}/versions")
    assert alice.post(f"/author/{deck}/versions/2/restore").status_code == 303
    assert "How tall" in alice.client.get(f"/author/{deck}/deck.yaml").text
    assert "Version restored" in alice.get(f"/author/{deck}/versions").text
    assert alice.get(f"/author/{deck}/versions/99").status_code == 404
    assert alice.get(f"/author/{deck}/versions?page=999").status_code == 200


def test_the_file_comes_back_without_a_difference_and_keeps_its_comments(alice: Any, deck: str) -> None:
    write(alice, deck)
    text = alice.client.get(f"/author/{deck}/deck.yaml").get_data()

    def send(data: bytes) -> Any:
        alice.get(f"/author/{deck}/upload")
        fields = {"seen": alice.hidden("seen"), "file": (io.BytesIO(data), "herons.yaml")}
        return alice.post(f"/author/{deck}/upload", fields, content_type="multipart/form-data")

    assert send(text).location.endswith(f"/author/{deck}/")
    assert "no difference" in alice.get(f"/author/{deck}/").text
    edited = text.replace(b"cards:\n", b"# by hand\ncards:\n").replace(b"How tall", b"How big")
    assert send(edited).location.endswith("/versions/3")
    change(alice, deck, CARD, prompt="How large?")
    assert "# by hand" in alice.client.get(f"/author/{deck}/deck.yaml").text
    broken = send(edited.replace(b"answer:", b"anwser:"))
    assert broken.status_code == 422
    assert "anwser" in broken.text
    assert send(edited.replace(b"id: herons\n", b"id: other\n")).status_code == 422
    assert send(b"\xff\xfe").status_code == 422
    assert send(b"").status_code == 422
    assert alice.client.get(f"/author/{deck}/versions/5").status_code == 404


def test_a_new_deck_can_be_uploaded_once(alice: Any) -> None:
    def send(data: bytes) -> Any:
        alice.get("/author/")
        fields = {"file": (io.BytesIO(data), "mine.yaml")}
        return alice.post("/author/upload", fields, content_type="multipart/form-data")

    mine = b"# mine\n" + samples.DECK.replace(b"id: birds", b"id: mine")
    assert send(mine).status_code == 303
    assert alice.client.get("/author/mine/deck.yaml").get_data() == mine
    assert send(mine).status_code == 409
    assert send(b"format: 2\n").status_code == 422


def test_a_deck_from_a_folder_is_looked_at_and_taken_over(alice: Any, dana: Any) -> None:
    page = alice.get("/author/birds/").text
    assert "Take it over" in page
    assert "/author/birds/cards/height" not in page
    assert alice.client.get("/author/birds/deck.yaml").get_data() == samples.DECK
    assert alice.client.get("/author/birds/cards/height").status_code == 404
    assert alice.post("/author/birds/take-over").status_code == 303
    assert "Published" in alice.get("/author/birds/").text
    assert alice.client.get("/author/birds/deck.yaml").get_data() == samples.DECK
    assert dana.get("/author/birds/").status_code == 404
    alice.get("/author/birds/")
    assert alice.post("/author/birds/take-over").status_code == 404


def test_a_deck_taken_over_is_handed_back_after_a_look_at_what_that_changes(alice: Any, dana: Any, deck: str) -> None:
    assert alice.client.get(f"/author/{deck}/hand-back").status_code == 409
    alice.get("/author/birds/")
    assert alice.post("/author/birds/take-over").status_code == 303
    assert "Hand back to the folder" in alice.get("/author/birds/").text
    assert "Hand back to the folder" not in alice.get(f"/author/{deck}/").text
    assert dana.client.get("/author/birds/hand-back").status_code == 404
    page = alice.get("/author/birds/hand-back").text
    assert "What loading the folder would change" in page
    assert alice.post("/author/birds/hand-back", {"seen": "9"}).status_code == 409
    assert alice.post("/author/birds/hand-back", {"seen": "1"}).status_code == 303
    assert "From now on this deck is changed in its folder." in alice.get("/author/birds/").text
    assert alice.client.get("/author/birds/hand-back").status_code == 404


PAGES = [
    "/author/herons/",
    "/author/herons/cards/new",
    f"/author/herons/cards/{CARD}",
    f"/author/herons/cards/{CARD}/history",
    "/author/herons/versions",
    "/author/herons/versions/1",
    "/author/herons/about",
    "/author/herons/upload",
    "/author/herons/publish",
    "/author/herons/deck.yaml",
]
CHANGES = [
    "/author/herons/bulk",
    "/author/herons/preview",
    f"/author/herons/cards/{CARD}/move",
    f"/author/herons/cards/{CARD}/duplicate",
    f"/author/herons/cards/{CARD}/retire",
    f"/author/herons/cards/{CARD}/bring-back",
    "/author/herons/versions/1/restore",
    "/author/herons/editors",
    "/author/herons/editors/x/remove",
    "/author/herons/take-over",
]


def test_strangers_find_nothing(alice: Any, deck: str, bob: Any, dana: Any, visitor: Any) -> None:
    write(alice, deck)
    for path in PAGES:
        assert alice.client.get(path).status_code == 200, path
        assert visitor.client.get(path).status_code == 303, path
        assert bob.client.get(path).status_code == 404, path
        assert dana.client.get(path).status_code == 404, path
    for path in (*CHANGES, *(page for page in PAGES if page.endswith(("new", "about", "upload", "publish")))):
        for stranger, status in ((bob, 404), (dana, 404)):
            stranger.get("/classes" if stranger is dana else "/account")
            got = stranger.post(path, CHOICE | {"seen": "1", "chosen": CARD, "name": "Dana", "title": "x"}).status_code
            assert got == status, path
        visitor.get("/sign-in")
        assert visitor.post(path, {"seen": "1"}).status_code == 401, path
    assert "Dana" not in alice.get(f"/author/{deck}/about").text
    assert alice.client.get(f"/author/{deck}/versions/3").status_code == 404


def test_wrong_methods_and_missing_tokens_are_refused(alice: Any, deck: str) -> None:
    write(alice, deck)
    for path in CHANGES:
        assert alice.client.get(path).status_code == 405, path
        assert alice.client.post(path, data={}).status_code in (400, 422), path
    assert alice.client.put(f"/author/{deck}/").status_code == 405


def test_scripts_in_every_field_are_shown_as_text(alice: Any, deck: str) -> None:
    evil = "<script>alert(1)</script>"
    names = ("prompt", "answer", "explanation", "tags")
    write(alice, deck, **dict.fromkeys(names, evil), wrong=["50", evil + "2"], why=[evil, evil])
    card = re.search(r"- id: (\S+)", alice.client.get(f"/author/{deck}/deck.yaml").text)
    assert card is not None
    for path in (
        f"/author/{deck}/",
        f"/author/{deck}/cards/{card[1]}",
        f"/author/{deck}/versions/2",
        f"/author/{deck}/publish",
    ):
        page = alice.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_what_is_said_of_the_deck_is_changed_and_a_conflict_shows_both(alice: Any, dana: Any, deck: str) -> None:
    alice.get(f"/author/{deck}/about")
    alice.post(f"/author/{deck}/editors", {"name": "Dana"})
    head = {"title": "All herons", "language": "en", "theme": "nature", "tags": "a, b", "sources": "herons"}
    dana.get(f"/author/{deck}/about")
    alice.get(f"/author/{deck}/about")
    seen = alice.hidden("seen")
    assert alice.post(f"/author/{deck}/about", head | {"seen": seen}).status_code == 303
    refused = dana.post(f"/author/{deck}/about", head | {"seen": seen, "title": "Dana's herons"})
    assert refused.status_code == 409
    assert "All herons" in refused.text
    assert "Dana&#39;s herons" in refused.text
    sent = dana.post(f"/author/{deck}/about", head | {"seen": dana.hidden("seen"), "title": "Dana's herons"})
    assert sent.status_code == 303
    alice.get(f"/author/{deck}/about")
    assert alice.post(f"/author/{deck}/about", head | {"seen": "1", "language": "?"}).status_code == 422
    assert alice.post(f"/author/{deck}/editors", {"name": "Nobody"}).status_code == 422


def test_a_writer_can_be_removed_but_not_the_last(alice: Any, dana: Any, deck: str) -> None:
    alice.get(f"/author/{deck}/about")
    alice.post(f"/author/{deck}/editors", {"name": "Dana"})
    page = alice.get(f"/author/{deck}/about").text
    paths = re.findall(rf'action="(/author/{deck}/editors/[^"]+/remove)"', page)
    assert len(paths) == 2
    assert alice.post(paths[1]).status_code == 303
    assert dana.get(f"/author/{deck}/").status_code == 404
    alice.get(f"/author/{deck}/about")
    assert alice.post(paths[0]).status_code == 409
    alice.get(f"/author/{deck}/about")
    assert alice.post(paths[1]).status_code == 404


def test_the_list_names_drafts_and_decks_from_folders(alice: Any, deck: str, dana: Any) -> None:
    assert "From a folder" in alice.get("/author/").text
    assert "Herons" in alice.page
    assert f"/author/{deck}/" not in dana.get("/author/").text
    assert alice.post("/author/", {"title": "", "language": "en"}).status_code == 422


def test_publishing_says_what_is_in_the_way(alice: Any, deck: str) -> None:
    alice.get(f"/author/{deck}/publish")
    empty = alice.post(f"/author/{deck}/publish", {"seen": "1"})
    assert (empty.status_code, "no cards yet" in empty.text) == (422, True)
    write(alice, deck)
    alice.get(f"/author/{deck}/publish")
    late = alice.post(f"/author/{deck}/publish", {"seen": "1"})
    assert (late.status_code, "saved in the meantime" in late.text) == (422, True)
    assert alice.get(f"/author/{deck}/cards/nobody").status_code == 404


def test_a_warning_is_set_aside_with_a_reason(alice: Any, deck: str) -> None:
    assert "no-hint" in write(alice, deck, act="check").text
    page = write(alice, deck, act="check", waive=["no-hint", ""], reason=["The question is easy enough.", ""])
    assert "The card has no hint" not in page.text
    assert "The question is easy enough." in page.text


OTHER = {
    "type": "short",
    "prompt": "How does the grey heron catch fish in shallow water?",
    "answer": "by patience",
    "wrong": "",
    "why": "",
}


def test_warnings_name_other_cards_by_what_they_ask_and_show_code_as_code(alice: Any, deck: str) -> None:
    write(alice, deck, prompt="Which bird catches fish in shallow water?", answer="The grey heron")
    write(alice, deck, **OTHER)
    page = alice.get(f"/author/{deck}/").text
    asked = "How does the grey heron catch fish in shallow water?"
    assert f"The question of the card “{asked}” tells the answer “The grey heron”" in page
    assert "(line" not in page
    told = re.sub(r"<[^>]*>", "", page)
    assert "`" not in told
    arabic = alice.get(f"/author/{deck}/", headers={"Accept-Language": "ar"}).text
    assert "\u2068How does the grey heron catch fish in shallow water?\u2069" in arabic  # read in its own direction


def test_a_problem_at_the_top_names_its_field_and_a_waiver_needs_its_reason(alice: Any, deck: str) -> None:
    shown = write(alice, deck, answer="")
    assert re.search(r'href="#answer">\s*Answer: This is needed\.', shown.text)
    assert "The card shows here as soon as it is complete." in shown.text
    for waived in ({"waive": "no-hint", "reason": ""}, {"waive": "", "reason": "a guess"}):
        shown = write(alice, deck, **waived)
        assert "Warnings set aside: Name the warning, and say why it is fine here." in shown.text
    assert write(alice, deck, waive="no-hint", reason="A guess is wanted.").status_code == 303


def test_warnings_are_explained_where_they_are_set_aside(alice: Any, deck: str) -> None:
    page = alice.get(f"/author/{deck}/cards/new").text
    assert '<option value="no-hint">There is a hint.</option>' in page
    assert '<option value="quote-not-found">' not in page  # an error, which cannot be set aside
    assert re.search(r'list="warnings"\s+name="waive"', page)
    shown = write(alice, deck, act="check")
    assert 'data-waive="no-hint"' in shown.text


def test_the_view_beside_the_form_can_be_scrolled_with_the_keyboard(alice: Any, deck: str) -> None:
    page = alice.get(f"/author/{deck}/cards/new").text
    assert re.search(r'id="preview"\s+role="region"\s+aria-label="[^"]+"\s+tabindex="0"', page)


def test_a_difference_begins_with_its_words_and_names_types_as_the_form_does(alice: Any, deck: str) -> None:
    write(alice, deck)
    page = alice.get(f"/author/{deck}/versions/2").text
    assert "<dd><ins>One right option</ins></dd>" in page
    assert "<dd><ins>How tall is a grey heron at most?</ins></dd>" in page


def test_publishing_shows_what_each_changed_card_asks(alice: Any, deck: str) -> None:
    write(alice, deck)
    alice.get(f"/author/{deck}/publish")
    alice.post(f"/author/{deck}/publish", {"seen": alice.hidden("seen")})
    change(alice, deck, CARD, answer="1 metre")
    page = alice.get(f"/author/{deck}/publish").text
    assert re.search(r"New answer</span>\s*<span>How tall is a grey heron at most\?</span>", page)
