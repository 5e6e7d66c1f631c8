"""Deck and source files: checking them, and loading them all in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from quizapp.core.deck.checks import check_decks, check_source
from quizapp.core.deck.places import Places
from quizapp.core.deck.read import DeckFile, read_deck
from quizapp.core.deck.schema import Deck
from quizapp.core.exchange.model import MediaFile
from quizapp.core.problem import Problem
from quizapp.core.source.document import Source, name_unread, read_source
from quizapp.core.source.original import OriginalText, read_original
from quizapp.services import decks, media, sources
from quizapp.services.authoring.effects import CardEffect, list_effects
from quizapp.services.decks import DeckChange
from quizapp.services.sources import SourceChange
from quizapp.store import authoring


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as read: its name, as people know it, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """What could be read: sources and decks beside their files, and the problems of the rest.

    ``unread`` stand for the source files that could not be read, so that nobody is told to add what is there.
    """

    sources: tuple[tuple[InputFile, Source], ...]
    decks: tuple[tuple[InputFile, DeckFile], ...]
    problems: tuple[Problem, ...]
    unread: tuple[Source, ...] = ()

    @property
    def source_map(self) -> dict[str, Source]:
        """The sources by id, and without their texts those that could not be read."""
        return {source.id: source for source in (*self.unread, *(source for _, source in self.sources))}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, or would do; nothing of a file with problems was loaded.

    ``in_browser`` lists the decks whose master is in the browser: they were left as they are, unless the file says the
    same. ``effects`` tells, deck by deck, what changes for those who study it.
    """

    sources: tuple[SourceChange, ...]
    decks: tuple[DeckChange, ...]
    problems: tuple[Problem, ...]
    in_browser: tuple[str, ...] = ()
    effects: Mapping[str, tuple[CardEffect, ...]] = field(default_factory=dict)


def read_files(source_files: Sequence[InputFile], deck_files: Sequence[InputFile]) -> ReadFiles:
    """Read all files; each that cannot be read, or repeats an id, gives problems instead."""
    problems: list[Problem] = []
    read_sources: list[tuple[InputFile, Source]] = []
    read_decks: list[tuple[InputFile, DeckFile]] = []
    unread: list[Source] = []
    first: dict[tuple[str, str], str] = {}
    for file in source_files:
        source = read_source(file.data, file.name)
        if isinstance(source, tuple):
            problems.extend(source)
            unread.extend(name_unread(file.data, file.name))
        elif (problem := _repeat(first, "source", source.id, file, source.places)) is not None:
            problems.append(problem)
        else:
            read_sources.append((file, source))
    for file in deck_files:
        deck = read_deck(file.data, file.name)
        if isinstance(deck, tuple):
            problems.extend(deck)
        elif (problem := _repeat(first, "deck", deck.deck.id, file, deck.places)) is not None:
            problems.append(problem)
        else:
            read_decks.append((file, deck))
    return ReadFiles(tuple(read_sources), tuple(read_decks), tuple(problems), tuple(unread))


def _repeat(first: dict[tuple[str, str], str], kind: str, name: str, file: InputFile, places: Places) -> Problem | None:
    known = first.setdefault((kind, name), file.name)
    if known == file.name:
        return None
    message = f"The {kind} id `{name}` is used by {known} already."
    return Problem(file.name, *places.at("id"), f"duplicate-{kind}-id", message, "Give one of the two another id.")


def _leave_to_browser(session: Session, read: ReadFiles) -> tuple[ReadFiles, tuple[str, ...]]:
    """Without the decks that teachers write in the browser: a folder must not overwrite what they saved."""
    masters = authoring.list_browser_decks(session)
    left = tuple(deck.deck.id for _, deck in read.decks if deck.deck.id in masters)
    return replace(read, decks=tuple(one for one in read.decks if one[1].deck.id not in masters)), left


FindMedia = Callable[[str], Sequence[MediaFile]]


def _find_none(_: str) -> Sequence[MediaFile]:
    return ()


def load_files(
    session: Session,
    source_files: Sequence[InputFile],
    deck_files: Sequence[InputFile],
    now: datetime,
    dry_run: bool = False,
    find_media: FindMedia = _find_none,
) -> LoadReport:
    """Load sources and decks; files without problems are loaded together, or, in a dry run, not at all.

    ``find_media`` gives the pictures and sounds of a deck by its id.
    """
    read, in_browser = _leave_to_browser(session, read_files(source_files, deck_files))
    media_problems = [
        problem
        for _, deck in read.decks
        for problem in media.keep(session, deck.deck.id, find_media(deck.deck.id), now)
    ]
    good_sources, good_decks, problems = _choose_loadable(session, read)
    effects = {deck.deck.id: tuple(list_effects(session, deck.deck)) for _, deck in good_decks} if dry_run else {}
    source_changes = [sources.load_source(session, source, file.data, now) for file, source in good_sources]
    deck_changes = [decks.load_deck(session, deck.deck, file.data, now) for file, deck in good_decks]
    if dry_run:
        session.rollback()
    else:
        session.commit()
    found = (*read.problems, *media_problems, *problems)
    return LoadReport(tuple(source_changes), tuple(deck_changes), found, in_browser, effects)


_SourceFiles = list[tuple[InputFile, Source]]
_DeckFiles = list[tuple[InputFile, DeckFile]]


def _needs_unread(deck: Deck, known: Mapping[str, Source]) -> bool:
    named = {*deck.sources, *(citation.source for card in deck.cards for citation in card.citations)}
    return any(name in known and not known[name].is_read for name in named)


def _choose_loadable(session: Session, read: ReadFiles) -> tuple[_SourceFiles, _DeckFiles, list[Problem]]:
    """The sources and decks that can be loaded together, and what is wrong with the others.

    A source that lost a quote is refused unless every deck that cites the quote is loaded with it; and without the
    source a deck may cite what is not there. So the choice is made anew until it stands. A deck that needs a source
    whose file cannot be read waits for it: what is wrong with that file is told already.
    """
    chosen, refused = list(read.sources), list[Problem]()
    while True:
        known = {source.id: source for source in (*read.unread, *(source for _, source in chosen))}
        errors = {deck.deck.id: decks.find_errors(session, deck, known) for _, deck in read.decks}
        held = {deck.deck.id for _, deck in read.decks if _needs_unread(deck.deck, known)}
        good = [(file, deck) for file, deck in read.decks if not errors[deck.deck.id] and deck.deck.id not in held]
        loaded = {deck.deck.id for _, deck in good}
        lost = {source.id: sources.find_lost_quotes(session, source, file.name, loaded) for file, source in chosen}
        if not any(lost.values()):
            return chosen, good, [*refused, *(problem for found in errors.values() for problem in found)]
        refused += [problem for found in lost.values() for problem in found]
        chosen = [(file, source) for file, source in chosen if not lost[source.id]]


def check_files(
    read: ReadFiles, originals: Mapping[str, bytes], *, whole: bool = False, find_media: FindMedia = _find_none
) -> list[Problem]:
    """All that the checks have to say of what could be read, and of the pictures and sounds that are there.

    ``originals`` are the original texts by file name; a source is held against the one its front matter names.
    ``whole`` says that these are all the decks there are, so that paragraphs nobody cites can be told.
    """
    problems: list[Problem] = []
    known: dict[str, OriginalText] = {}
    for _, source in read.sources:
        data = originals.get(source.original.file) if source.original else None
        original = None if data is None else read_original(data, source.original.file if source.original else "")
        if isinstance(original, tuple):
            problems.extend(original)
            original = None
        if original is not None:
            known[source.id] = original
        problems.extend(check_source(source, original))
    names: dict[str, list[str]] = {}
    for _, deck in read.decks:
        files = find_media(deck.deck.id)
        names[deck.deck.id] = [file.name for file in files]
        problems.extend(media.check_all(deck.deck.id, files))
    problems.extend(check_decks([deck for _, deck in read.decks], read.source_map, known, media=names, whole=whole))
    return problems
