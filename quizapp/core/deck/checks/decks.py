"""All checks of decks, put together: from what the rules find to problems with their places."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from quizapp.core.deck.checks.coverage import find_uncited
from quizapp.core.deck.checks.desk import (
    CardView,
    Finding,
    Library,
    build_library,
    build_views,
    index_words,
)
from quizapp.core.deck.checks.duplicates import find_duplicates
from quizapp.core.deck.checks.giveaways import check_own_stem, find_told_elsewhere
from quizapp.core.deck.checks.media import check_media, check_unused
from quizapp.core.deck.checks.options import check_balance, check_options
from quizapp.core.deck.checks.proof import check_proof, cites_unread
from quizapp.core.deck.checks.quotation import check_quotation
from quizapp.core.deck.checks.rules import RULES
from quizapp.core.deck.checks.sources import find_copied, list_runs
from quizapp.core.deck.checks.typed import check_typed
from quizapp.core.deck.checks.waivers import apply_waivers, check_waivers
from quizapp.core.deck.checks.wording import check_wording
from quizapp.core.deck.read import DeckFile
from quizapp.core.deck.schema import LONGEST_QUOTE_WORDS
from quizapp.core.deck.text import shorten
from quizapp.core.messages import say
from quizapp.core.problem import Problem
from quizapp.core.source.document import Source
from quizapp.core.source.original import OriginalText

# Rules that look at other decks too, so that a waiver may be needed only when all decks are checked together.
_ACROSS_DECKS = ("answer-in-other-stem", "near-duplicate", "uncited-paragraph")
_Found = dict[int, list[Finding]]


def _name(view: CardView, other: CardView) -> str:
    """The other card, as a reader of this card's file knows it."""
    if other.file is view.file:
        line, _ = other.file.places.at("cards", other.number)
        return say("`%(id)s` (line %(line)s)", id=other.card.id, line=line)
    return f"`{other.file.deck.id}/{other.card.id}`"


def _check_across(views: Sequence[CardView], found: _Found) -> None:
    index = index_words(views)
    for view, other, answer in find_told_elsewhere(views, index):
        message = say(
            "The question of the card %(name)s tells the answer “%(answer)s”.",
            name=_name(view, other),
            answer=shorten(answer),
        )
        fix = say("Reword one of the two questions.")
        found[id(view.file)].append(Finding("answer-in-other-stem", message, fix, view.number, ("prompt",)))
    for view, other in find_duplicates(views, index):
        message = say("The card asks the same as %(name)s.", name=_name(view, other))
        fix = say("Delete one of the two, or ask for something else.")
        found[id(view.file)].append(Finding("near-duplicate", message, fix, view.number, ("prompt",)))


def _check_copies(views: Sequence[CardView], library: Library) -> Iterator[Finding]:
    runs = list_runs(text for original in library.originals.values() for text in original.paragraphs)
    for view in views if runs else ():
        card = view.card
        for key, text in (("prompt", view.stem), ("explanation", card.explanation), ("note", card.note)):
            if copied := find_copied(text, runs):
                message = say(
                    "Over %(longest_quote_words)s words in a row are the original's, from “%(copied)s …” on.",
                    longest_quote_words=LONGEST_QUOTE_WORDS,
                    copied=copied,
                )
                yield Finding("copied-run", message, say("Tell it in words of your own."), view.number, (key,))
        for answer in view.answers:
            if copied := find_copied(answer, runs):
                message = say(
                    "An answer has over %(longest_quote_words)s words in a row of the original.",
                    longest_quote_words=LONGEST_QUOTE_WORDS,
                )
                yield Finding("copied-run", message, say("Tell it in words of your own."), view.number)


def _check_alone(
    file: DeckFile, views: Sequence[CardView], library: Library, media: Collection[str] | None
) -> Iterator[Finding]:
    yield from check_proof(file.deck, views, library)
    yield from check_balance(file.deck)
    yield from check_unused(views, media or ())
    for view in views:
        yield from check_own_stem(view)
        yield from check_options(view)
        yield from check_typed(view)
        yield from check_wording(view)
        yield from check_quotation(view)
        yield from check_media(view, media)
    yield from _check_copies(views, library)


def _find_place(file: DeckFile, finding: Finding) -> tuple[int, int]:
    path = ("cards", finding.card, *finding.path) if finding.card is not None else finding.path
    return file.places.key_at(*path) if "waive" in finding.path else file.places.at(*path)


def _make_problem(file: DeckFile, finding: Finding) -> Problem:
    severity = RULES[finding.code].severity
    return Problem(file.file, *_find_place(file, finding), finding.code, finding.message, finding.fix, severity)


def _find_repeated_ids(files: Sequence[DeckFile], found: _Found) -> None:
    first: dict[str, DeckFile] = {}
    for file in files:
        other = first.setdefault(file.deck.id, file)
        if other is not file:
            message = say("The id `%(id)s` is already that of the deck in %(file)s.", id=file.deck.id, file=other.file)
            finding = Finding("duplicate-deck-id", message, say("Give one of the two another id."), None, ("id",))
            found[id(file)].append(finding)


def check_decks(
    files: Sequence[DeckFile],
    sources: Mapping[str, Source],
    originals: Mapping[str, OriginalText] | None = None,
    *,
    media: Mapping[str, Collection[str]] | None = None,
    whole: bool = True,
) -> list[Problem]:
    """All problems of these decks, in the order of files and places.

    ``sources`` and ``originals`` are by source id; a source that stands for a file that could not be read (see
    ``name_unread``) exists, and nothing is said of what is cited from it. ``media`` are the names of the pictures and
    sounds that there are, by deck id; nothing is said to be missing for a deck that it does not hold. ``whole`` says
    that these are all the decks there are: then paragraphs that no card cites are reported, and waivers for rules
    across decks that nothing needs.
    """
    library = build_library(sources, originals or {})
    views = {id(file): build_views(file) for file in files}
    found: _Found = defaultdict(list)
    _find_repeated_ids(files, found)
    _check_across([view for file in files for view in views[id(file)]], found)
    problems: list[Problem] = []
    for file in files:
        findings = [*found[id(file)], *_check_alone(file, views[id(file)], library, (media or {}).get(file.deck.id))]
        staying, used = apply_waivers(file.deck, findings)
        unsure = [] if whole else [*_ACROSS_DECKS]
        unsure += ["uncited-paragraph"] if "uncited-paragraph" not in unsure else []
        unsure += ["answer-not-in-passage"] if any(cites_unread(card, sources) for card in file.deck.cards) else []
        unsure += ["unused-media"] if file.deck.id not in (media or {}) else []
        unsure += ["copied-run"] if set(file.deck.sources) - set(library.originals) else []
        staying += check_waivers(file.deck, used, unsure)
        told = [*file.warnings, *(_make_problem(file, finding) for finding in staying)]
        problems += sorted(told, key=lambda problem: (problem.line, problem.column))
    if whole:
        problems += find_uncited(files, sources)
    return problems


def check_deck(
    file: DeckFile,
    sources: Mapping[str, Source],
    originals: Mapping[str, OriginalText] | None = None,
    *,
    media: Collection[str] | None = None,
) -> list[Problem]:
    """All problems of one deck among others: see ``check_decks``; ``media`` are the names that this deck has."""
    held = None if media is None else {file.deck.id: media}
    return check_decks([file], sources, originals, media=held, whole=False)
