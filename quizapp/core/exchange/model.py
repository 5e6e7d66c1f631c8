"""What every format of another system reads into and writes out of.

A format is a module or package with two functions::

    def read(data: bytes, options: ImportOptions) -> Imported: ...  # never raises on what the bytes hold
    def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported: ...

``quizapp.core.exchange.registry`` lists them.
"""

from dataclasses import dataclass

from quizapp.core.deck.schema import Deck
from quizapp.core.problem import Problem


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture or sound that travels with a deck: its plain file name and bytes.

    ``deck`` is the id of the deck that keeps it, shown or not; blank where it belongs to those that show it.
    """

    name: str
    data: bytes
    deck: str = ""


@dataclass(frozen=True, slots=True)
class PastReview:
    """One review of a card made elsewhere.

    ``card`` is the id of the card in the deck, ``at_ms`` milliseconds since 1970 UTC, ``rating`` 1 to 4.
    """

    card: str
    at_ms: int
    rating: int
    duration_ms: int | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds: decks (what could be read of them; maybe none), and problems with the rest.

    A problem's ``line`` is 0 where there is none. ``note`` says in words for people what was guessed, such as
    "separated by tabs; header: Front, Back". ``texts`` are the decks' own files, one for each deck, where there
    are such, to be kept with their comments as they stand; blank where the deck says something else by now.
    """

    decks: tuple[Deck, ...]
    problems: tuple[Problem, ...]
    media: tuple[MediaFile, ...] = ()
    reviews: tuple[PastReview, ...] = ()
    note: str = ""
    texts: tuple[str, ...] = ()

    def find_text(self, deck_id: str) -> str | None:
        """The deck's own file as it stands; None where there is none that says what the deck says."""
        texts = (text for deck, text in zip(self.decks, self.texts, strict=False) if deck.id == deck_id)
        return next(texts, "") or None


@dataclass(frozen=True, slots=True)
class Exported:
    """A deck in another system's format; ``problems`` say what the format could not hold and where it went."""

    data: bytes
    file: str
    media_type: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person says about a file to import.

    ``file`` is its name as the person knows it. A blank ``deck_id`` or ``title`` is made from the file's own name or
    title. ``separator`` forces that of formats of tables, ``encoding`` (one of ``ENCODINGS``) how letters are stored.
    """

    file: str
    deck_id: str = ""
    title: str = ""
    language: str = "en"
    theme: str = "imported"
    separator: str = ""
    encoding: str = ""
