"""Words for people, which can be said in another language down to their pieces."""

import copy

import pytest
from plumbing.samples import DECK

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.exchange.model import ImportOptions
from quizapp.core.exchange.registry import FORMATS, find_format
from quizapp.core.messages import Message, join_said, list_said, say


def shout(message: str) -> str:
    """A language in which every sentence of ours is in capital letters, and what people wrote is not."""
    if not isinstance(message, Message):
        return message
    values = {name: shout(value) if isinstance(value, Message) else value for name, value in message.values.items()}
    pieces = message.template.split("%(")
    names = [piece.partition(")s") for piece in pieces[1:]]
    return pieces[0].upper() + "".join(f"{values[name]}{rest.upper()}" for name, _, rest in names)


def test_a_message_stays_one_when_it_is_copied() -> None:
    again = copy.deepcopy(say("At most %(count)s.", count=3))
    assert (again, again.template, again.values) == ("At most 3.", "At most %(count)s.", {"count": 3})


@pytest.mark.parametrize(("join", "between"), [(join_said, "; "), (list_said, ", ")])
def test_messages_in_a_row_are_said_piece_by_piece(join: object, between: str) -> None:
    assert callable(join)
    assert join([]) == join([""]) == ""
    assert shout(join([say("one")])) == "ONE"
    assert shout(join([say("one"), "", "Two", say("three")])) == f"ONE{between}Two{between}THREE"


BROKEN = {
    "gift": "::a::b{~c ~d}\n\n::e::f{\n\ng{=%50%h =i ~%20%j}\n\nk\n\n{}\n",
    "aiken": "Q\nA) a\nB) b\n\nA) x\n",
    "csv": "question,option A,option B,correct\nq,a,b,z\nr,,,\n",
    "json": '{"cards": [{"type": "choice", "prompt": "a", "answer": "b"}, 3]}',
    "yaml": "format: 1\ntitel: a\ncards:\n  - {id: A b, type: choise, prompt: 'x'}\n  - id: [a\n",
    "quizlet": "a\tb\nc\t\n",
    "anki-text": "#separator:tab\na\t\n\tb\n",
    "moodle-xml": "<quiz><question type='essay'/><question type='shortanswer'/></quiz>",
    "qti21": "<questestinterop><item/></questestinterop>",
    "zip": "PK",
    "anki": "PK",
}


@pytest.mark.parametrize("name", BROKEN)
def test_whatever_is_said_of_a_file_can_be_said_in_another_language(name: str) -> None:
    form = find_format(name)
    assert form is not None
    problems = form.read(BROKEN[name].encode(), ImportOptions("a.txt")).problems
    assert problems
    for problem in problems:
        for text in (problem.message, problem.fix):
            said = shout(text)
            assert not text or (isinstance(text, Message) and said != text), text


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_whatever_is_said_of_a_format_can_be_said_in_another_language(form: object) -> None:
    read = read_deck(DECK, "deck.yaml")
    assert isinstance(read, DeckFile)
    form = next(one for one in FORMATS if one is form)
    assert isinstance(form.about, Message)
    written = form.write(read.deck, {}, ())
    assert all(isinstance(problem.message, Message) for problem in written.problems)
    note = form.read(written.data, ImportOptions(written.file)).note
    assert isinstance(note, Message) or not note
