"""A deck downloaded whole: a zip archive of its deck file and, under ``media/DECK/``, its pictures and sounds."""

from collections.abc import Mapping, Sequence

from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.deck.text import decode_text
from quizapp.core.deck.write import write_deck
from quizapp.core.exchange.archives import ArchiveRefused
from quizapp.core.exchange.model import Exported, Imported, ImportOptions, MediaFile, PastReview
from quizapp.core.media.bundles import DeckBundle, choose_media, pack_bundle, unpack_bundle
from quizapp.core.messages import say
from quizapp.core.problem import Problem

_MOST_DECKS = 100


def _read_all(bundle: DeckBundle, options: ImportOptions) -> tuple[list[tuple[Deck, str]], list[Problem]]:
    """The decks of the archive with the text of each, and the problems of all files. A repeated id is a problem."""
    found, problems = dict[str, tuple[Deck, str]](), list[Problem]()
    for file in bundle.decks[:_MOST_DECKS]:
        read = read_deck(file.data, file.name)
        if not isinstance(read, DeckFile):
            problems += read
        elif read.deck.id in found:
            message = say("There are two decks “%(slug)s” in the archive.", slug=read.deck.id)
            problems.append(Problem(file.name, 0, 0, "repeated-deck", message, say("Give one of them another id.")))
        else:
            problems += read.warnings
            found[read.deck.id] = read.deck, decode_text(file.data, file.name)[0] or ""
    if len(found) != 1:
        return list(found.values()), problems
    deck, text = next(iter(found.values()))
    said = {"id": options.deck_id, "title": options.title}
    changed = {key: value for key, value in said.items() if value}
    return [(deck.model_copy(update=changed), "" if changed else text)], problems


def _list_media(bundle: DeckBundle, read: Sequence[str]) -> tuple[MediaFile, ...]:
    return tuple(file for deck_id in read for file in choose_media(bundle, deck_id, is_only=len(read) == 1))


def read(data: bytes, options: ImportOptions) -> Imported:
    """Read an archive of deck files (format 1) with their pictures and sounds. Never raises on what the bytes hold.

    All pictures and sounds in the folder of a deck are its, shown or not; in an archive of one deck, all there are.
    """
    try:
        bundle = unpack_bundle(data)
    except ArchiveRefused as refused:
        return Imported((), (Problem(options.file, 0, 0, refused.code, refused.message, refused.fix),))
    if not bundle.decks:
        message = say("There is no deck file (.yaml) in the archive.")
        fix = say("Choose the archive that a deck’s page offers for download.")
        return Imported((), (Problem(options.file, 0, 0, "empty-file", message, fix),))
    found, problems = _read_all(bundle, options)
    decks = tuple(deck for deck, _ in found)
    media = _list_media(bundle, [deck.id for deck in decks])
    return Imported(decks, tuple(problems), media, texts=tuple(text for _, text in found))


def write(deck: Deck, media: Mapping[str, bytes], reviews: Sequence[PastReview] = ()) -> Exported:
    """The deck file with its pictures and sounds."""
    return Exported(pack_bundle(deck.id, write_deck(deck), media), f"{deck.id}.zip", "application/zip", ())
