"""What an Anki package holds, the same for its old and new inner formats."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of card of a note type: how its front and back are made of the fields."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """What a note consists of. ``is_occlusion`` marks pictures with covered parts."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: Mapping[int, Template]
    is_cloze: bool = False
    is_occlusion: bool = False


@dataclass(frozen=True, slots=True)
class AnkiDeck:
    """A deck; the parts of its name are those of the decks around it, the outermost first."""

    id: int
    path: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """The content that one or more cards ask: HTML in fields. ``guid`` stays the same in every copy of it."""

    id: int
    guid: str
    type_id: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnkiCard:
    """A card of a note: ``ord`` counts its templates, or numbers its clozes, from 0. ``flag`` is 0 for none."""

    id: int
    note_id: int
    deck_id: int
    ord: int
    flag: int = 0
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class AnkiReview:
    """A line of Anki's review log. ``ease`` is 0 where the card was only moved by hand; ``kind`` is Anki's number."""

    at_ms: int
    card_id: int
    ease: int
    factor: int
    duration_ms: int
    kind: int


@dataclass(frozen=True, slots=True)
class Collection:
    """All of a package but its files.

    ``media`` maps the names of files to those they bear in the archive, where ``is_new`` says that each is packed with
    zstd. ``has_first_scheduler``: its reviews while learning were rated 1 to 3, again, good and easy.
    """

    note_types: Mapping[int, NoteType]
    decks: Mapping[int, AnkiDeck]
    notes: tuple[Note, ...]
    cards: tuple[AnkiCard, ...]
    reviews: tuple[AnkiReview, ...]
    media: Mapping[str, str]
    is_new: bool
    has_first_scheduler: bool = False
