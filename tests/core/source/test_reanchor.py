"""Citations found again in a changed text."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.deck.schema import Citation, Flashcard
from quizapp.core.source.quotes import find_quote
from quizapp.core.source.reanchor import Reanchored, Reanchoring, reanchor_card

_TEXT = [
    "The grey heron is a long-legged bird that stands up to 100 cm tall.",
    "It eats fish, frogs and voles. It waits without moving for its prey.",
    "In winter many herons fly to the south.",
    "Herons were rare in 1970, and are common today.",
]


def _cite(paragraph: int, quote: str, source: str = "herons") -> Citation:
    return Citation(source=source, paragraph=paragraph, quote=quote)


def _find(new: list[str], paragraph: int, quote: str) -> Reanchored:
    return Reanchoring(_TEXT, new).find(_cite(paragraph, quote))


def test_a_citation_of_an_unchanged_paragraph_is_kept() -> None:
    found = _find([*_TEXT[:2], "Something else stands here."], 2, "fish, frogs and voles")
    assert (found.state, found.after, found.is_reworded) == ("kept", _cite(2, "fish, frogs and voles"), False)


def test_a_citation_follows_its_paragraph() -> None:
    found = _find(["A new beginning.", *_TEXT], 3, "fly to the south")
    assert (found.state, found.after) == ("moved", _cite(4, "fly to the south"))


def test_a_citation_follows_its_paragraph_although_the_words_stand_where_it_was() -> None:
    new = ["Herons fly to the south, some say.", "Not in summer: they fly to the south late.", *_TEXT]
    found = _find([new[0], *_TEXT[:1], new[1], *_TEXT[1:]], 3, "fly to the south")
    assert found.after.paragraph == 5


def test_a_citation_follows_a_paragraph_that_was_rewritten() -> None:
    new = [
        "Another beginning, of no importance at all.",
        _TEXT[0],
        "In the winter, many of the herons fly to the south.",
    ]
    found = _find([*new, "They fly to the south."], 3, "fly to the south")
    assert (found.state, found.after.paragraph) == ("moved", 3) or found.after.paragraph == 3


def test_other_words_in_its_place_are_found_by_closeness() -> None:
    found = _find([_TEXT[0], "It eats fishes, frogs and vole. It waits.", *_TEXT[2:]], 2, "fish, frogs and voles")
    assert found.state == "moved"
    assert found.is_reworded
    assert found.after.paragraph == 2
    assert find_quote("It eats fishes, frogs and vole. It waits.", found.after.quote)


def test_another_number_is_not_the_same_fact() -> None:
    found = _find([*_TEXT[:3], "Herons were rare in 1971, and are common today."], 4, "Herons were rare in 1970")
    assert (found.state, found.after) == ("lost", _cite(4, "Herons were rare in 1970"))


def test_words_that_are_gone_are_lost() -> None:
    assert _find(["A text about something else altogether."], 3, "fly to the south").state == "lost"
    assert _find([], 1, "grey heron").state == "lost"


def test_a_paragraph_that_never_was_is_searched_for_by_its_number() -> None:
    assert _find(_TEXT, 9, "fly to the south").after.paragraph == 3


def test_a_passage_that_grew_is_cited_by_at_most_twelve_words() -> None:
    quote = "waits without moving for its prey and strikes so fast at last"
    old = [f"It {quote}."]
    new = ["It waits without a moving for its prey and a strikes so fast at a last, says a book."]
    found = Reanchoring(old, new).find(_cite(1, quote))
    assert found.state == "moved"
    assert len(found.after.quote.split()) <= 12
    assert find_quote(new[0], found.after.quote)


def test_a_number_cut_off_with_a_passage_of_more_words_loses_the_citation() -> None:
    quote = "7 abcdefgh ijklmnop qrstuvwx yzabcdef ghijklmn opqrstuvwxyz 8"
    new = ["7 abcd efgh ijkl mnop qrst uvwx yzab cdef ghij klmn opqr 8"]
    assert Reanchoring([quote], new).find(_cite(1, quote)).state == "lost"


def test_a_passage_that_cannot_be_cited_is_lost() -> None:
    quote = "x" * 480
    assert Reanchoring([quote], ["x" * 240 + "y" * 30 + "x" * 240]).find(_cite(1, quote)).state == "lost"


def test_a_long_text_is_searched_near_the_place_and_where_rare_words_stand() -> None:
    old = [f"This is paragraph {number} of a long text, and it has its own words." for number in range(1000)]
    old[10] = "The quetzal is a bird of the cloud forest."
    new = [*old[:10], *old[11:900], "Far away: the quetzal is a bird of the cloud forests.", *old[900:]]
    found = Reanchoring(old, new).find(_cite(11, "quetzal is a bird of the cloud forest"))
    assert found.after.paragraph == 900
    assert Reanchoring(old, new).find(_cite(500, "paragraph 499 of a long")).after.paragraph == 499
    assert Reanchoring(old, new).find(_cite(11, "nothing like it anywhere here")).state == "lost"


def test_a_card_follows_with_all_its_citations_of_the_text() -> None:
    mine, other = _cite(3, "fly to the south"), _cite(1, "grey", "other")
    card = Flashcard(id="a", type="flashcard", prompt="P", answer="A", citations=(mine, other))
    anchors = Reanchoring(_TEXT, ["New.", *_TEXT])
    moved = reanchor_card(card, "herons", {mine: anchors.find(mine)})
    assert [each.paragraph for each in moved.citations] == [4, 1]
    assert anchors.find(_cite(3, "In winter")).after.paragraph == 4
    same = Reanchoring(_TEXT, _TEXT)
    assert reanchor_card(card, "herons", {mine: same.find(mine)}) is card


@given(st.permutations(_TEXT), st.integers(1, 4))
def test_the_same_text_in_any_order_loses_nothing(new: list[str], paragraph: int) -> None:
    quote = " ".join(_TEXT[paragraph - 1].split()[1:5])
    found = _find(new, paragraph, quote)
    assert find_quote(new[found.after.paragraph - 1], found.after.quote)
    assert new[found.after.paragraph - 1] == _TEXT[paragraph - 1]


@given(
    st.lists(st.text(alphabet="ab 1", max_size=12), max_size=5),
    st.integers(1, 6),
    st.text("ab 1", min_size=1, max_size=9),
)
def test_whatever_is_found_stands_there(new: list[str], paragraph: int, quote: str) -> None:
    if not quote.strip():
        return
    found = _find(new, paragraph, quote)
    if found.state != "lost":
        assert find_quote(new[found.after.paragraph - 1], found.after.quote)
