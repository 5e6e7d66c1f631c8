from dataclasses import replace

from quizapp.core.deck.schema import Deck, TrueFalse
from quizapp.core.exchange.model import Exported, Imported, ImportOptions
from quizapp.core.exchange.proof import tell_changes


def make_deck(count: int) -> Deck:
    cards = tuple(TrueFalse(id=f"c{n}", type="truefalse", prompt=f"Is it {n}?", answer=True) for n in range(count))
    return Deck(format=1, id="d", title="D", language="en", theme="t", cards=cards)


def tell(deck: Deck, came: Deck | None) -> list[str]:
    def read(data: bytes, options: ImportOptions) -> Imported:
        assert (data, options.file) == (b"x", "d.xml")
        return Imported((came,) if came else (), ())

    told = tell_changes(deck, Exported(b"x", "d.xml", "text/xml", ()), read)
    assert replace(told, problems=()) == Exported(b"x", "d.xml", "text/xml", ())
    return [problem.message for problem in told.problems]


def test_what_comes_back_as_it_was_is_not_told() -> None:
    assert tell(make_deck(3), make_deck(3)) == []


def test_what_changes_is_told_by_its_card() -> None:
    (message,) = tell(make_deck(3), make_deck(2))
    assert "“c2”" in message


def test_many_changes_are_told_together_in_the_end() -> None:
    messages = tell(make_deck(60), None)
    assert len(messages) == 51
    assert "10 further cards" in messages[-1]


def test_huge_decks_are_not_proved() -> None:
    assert tell(make_deck(2_001), None) == []
