"""What several benchmarks need: a text, a deck of as many cards as wanted, each right with "heron", and a free port."""

import socket
from pathlib import Path

SOURCE = "---\nid: herons\ntitle: Herons\nlanguage: en\nkind: article\n---\n\nThe grey heron stands in the water.\n"
_HEAD = "format: 1\nid: deck\ntitle: Herons\nlanguage: en\ntheme: nature\nsources: [herons]\ncards:\n"
_CARD = """\
  - id: c{number}
    type: short
    prompt: Which bird stands in the water, asks number {number}?
    answer: heron
    explanation: The text says so.
    citations: [{{source: herons, paragraph: 1, quote: The grey heron}}]
"""


def make_deck(cards: int) -> str:
    """The deck ``deck`` as YAML, with the cards ``c0``, ``c1`` and so on."""
    return _HEAD + "".join(_CARD.format(number=number) for number in range(cards))


def write_files(folder: Path, cards: int) -> None:
    """The text and the deck as files, as ``quizapp deck load`` reads them."""
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "herons.md").write_text(SOURCE)
    (folder / "deck.yaml").write_text(make_deck(cards))


def find_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
