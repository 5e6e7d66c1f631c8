"""From a collection of Anki to decks of ours: one deck for each of Anki's that holds cards, one card for each card."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from quizapp.core.deck.schema import Deck
from quizapp.core.deck.text import shorten
from quizapp.core.exchange.anki.files import Files
from quizapp.core.exchange.anki.kinds import CARRY
from quizapp.core.exchange.anki.model import AnkiCard, AnkiDeck, Collection, Note, NoteType, Template
from quizapp.core.exchange.anki.ours import OurNote, read_deck_head, read_our_note
from quizapp.core.exchange.anki.package import PackageRefused, read_package
from quizapp.core.exchange.anki.sides import CHECK_DATABASE, CardRefused, find_template, read_card
from quizapp.core.exchange.anki.templates import measure
from quizapp.core.exchange.archives import Archive, ArchiveRefused
from quizapp.core.exchange.carry import Carried
from quizapp.core.exchange.gathering import Gathering, clean_line, make_slug
from quizapp.core.exchange.htmltext import to_markdown, to_text
from quizapp.core.exchange.model import Imported, ImportOptions, PastReview
from quizapp.core.messages import join_said, say
from quizapp.core.problem import Problem, Severity
from quizapp.core.slugs import is_slug

_FLAGS = ("", "red", "orange", "green", "blue", "pink", "turquoise", "purple")
_MOST_TAGS = 50
_MOST_FILES_TOLD = 200
_LEARNED, _REVIEWED, _RELEARNED, _FILTERED = range(4)
_LONGEST_FIELD = 100_000
_LONGEST_CARRIED = 4_000_000
# Anki itself makes no more clozes than this of a note.
_HIGHEST_ORD = 500
# About how many microseconds it takes to turn HTML into Markdown: so much a card, a mark of HTML and a character; where
# marks crowd, each takes longer. A hundred thousand plain notes are within the limit. A small file may make less work,
# since one that unpacks to very much was made to take long; and so may one in which marks stand closer than people and
# programs put them: all that is more than a fair share of work for so many characters together is a second's.
_CARD_WORK, _MARK_WORK, _CROWD, _CHARACTERS_AT_ONCE = 60, 20, 100, 25
_MOST_WORK, _FREE_WORK, _WORK_A_BYTE = 25_000_000, 1_000_000, 6
_FAIR_CARD, _FAIR_CHARACTER, _MOST_UNFAIR = 400, 1.5, 1_000_000
_BACKSLASHES_A_MARK = 8  # those within formulas cost little
_MARKS = ("<", "&", "\\(", "[", "{{")


def make_card_id(guid: str, ord_: int) -> str:
    """The id of a card made from a note of Anki: the same in every export of it."""
    mark = hashlib.sha256(guid.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"anki-{mark}" + (f"-{ord_ + 1}" if ord_ else "")


def _estimate(note: Note, template: Template | None) -> tuple[int, int]:
    """How much work a card of a note is, and how much of it more than a fair share."""
    work = _CARD_WORK
    for text in (*note.fields, *((template.front, template.back) if template else ())):
        marks = sum(map(text.count, _MARKS)) + text.count("\\") // _BACKSLASHES_A_MARK
        work += marks * _MARK_WORK + marks * marks // _CROWD
    length = sum(map(len, note.fields)) + (measure(template.front) + measure(template.back) if template else 0)
    work += length // _CHARACTERS_AT_ONCE
    return work, max(0, work - _FAIR_CARD - int(length * _FAIR_CHARACTER))


def _list_tags(card: AnkiCard, found: Sequence[str], ours: Sequence[str] = ()) -> list[str]:
    """The tags of a card: ours as they are, those of Anki, and what it says of the card by other means."""
    more = [f"flag-{_FLAGS[card.flag]}"] if card.flag else []
    more += ["suspended"] if card.is_suspended else []
    cleaned = (clean_line(tag) for tag in [*found, *more])
    return [*ours, *dict.fromkeys(tag for tag in cleaned if tag and tag not in ours)][:_MOST_TAGS]


@dataclass(slots=True)
class _Reader:
    """Takes the cards of a collection one by one into their decks."""

    collection: Collection
    options: ImportOptions
    files: Files
    most_work: int
    decks: dict[int, Gathering] = field(default_factory=dict)
    ids: dict[int, tuple[int, str]] = field(default_factory=dict)
    places: dict[tuple[int, str], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    suspended: int = 0
    work: int = 0
    unfair: int = 0

    def report(self, code: str, message: str, fix: str, *, warning: bool = False) -> None:
        severity = Severity.WARNING if warning else Severity.ERROR
        self.problems.append(Problem(self.options.file, 0, 0, code, message, fix, severity))

    def gather(self, deck_id: int) -> Gathering:
        return self.decks.setdefault(deck_id, Gathering(self.options))

    def take_all(self) -> None:
        notes = {note.id: note for note in self.collection.notes}
        seen: set[tuple[int, int]] = set()
        homeless = 0
        ordered = sorted(self.collection.cards, key=lambda card: (card.note_id, card.ord, card.id))
        for at, card in enumerate(ordered, start=1):
            note = notes.get(card.note_id)
            if note is None:
                homeless += 1
            elif (card.note_id, card.ord) not in seen:
                seen.add((card.note_id, card.ord))
                self._weigh(card, note)
                if self.is_worn_out:
                    message = say(
                        "The file holds too much text to take all of it; it was read up to card %(number)s.",
                        number=f"{at - 1:,}",
                    )
                    self.report("too-long", message, say("Export one deck at a time."))
                    break
                self._take(card, note)
        else:
            self._report_bare(len(notes) - len({note_id for note_id, _ in seen}))
        self._report_rest(homeless)

    @property
    def is_worn_out(self) -> bool:
        """Whether there was as much work as one file may make."""
        return self.work > self.most_work or self.unfair > _MOST_UNFAIR

    def _weigh(self, card: AnkiCard, note: Note) -> None:
        """Count the work of a card before it is done."""
        note_type = self.collection.note_types.get(note.type_id)
        work, unfair = _estimate(note, find_template(note_type, card.ord) if note_type else None)
        self.work += work
        self.unfair += unfair

    def _report_bare(self, bare: int) -> None:
        if bare:
            message = say("%(bare)s notes have no card and were left out.", bare=f"{bare:,}")
            self.report("anki-no-card", message, say("In Anki, fill in the fields that are asked."), warning=True)

    def _report_rest(self, homeless: int) -> None:
        if homeless:
            self.report(
                "anki-no-note",
                say("%(homeless)s cards have lost their notes and were left out.", homeless=f"{homeless:,}"),
                CHECK_DATABASE,
            )
        if self.suspended:
            message = say(
                "%(suspended)s cards are suspended in Anki; they were taken, with the tag “suspended”.",
                suspended=f"{self.suspended:,}",
            )
            self.report("anki-suspended", message, say("Retire those that nobody is to study."), warning=True)

    def _take(self, card: AnkiCard, note: Note) -> None:
        gathering = self.gather(card.deck_id)
        note_type = self.collection.note_types.get(note.type_id)
        try:
            if note_type is None:
                raise CardRefused("anki-no-type", say("Its note type is missing."), CHECK_DATABASE)
            self._check(card, note, note_type)
            card_id = self._add(gathering, card, note, note_type)
        except CardRefused as refusal:
            name = shorten(to_text(note.fields[0][:500])) or note.guid[:20]
            message = say(
                "Card %(number)s of the note “%(name)s” was left out. %(message)s",
                number=card.ord + 1,
                name=name,
                message=refusal.message,
            )
            gathering.report(0, refusal.code, message, refusal.fix)
            return
        if card_id is not None:
            self.ids[card.id] = (card.deck_id, card_id)
            self.suspended += card.is_suspended

    def _check(self, card: AnkiCard, note: Note, note_type: NoteType) -> None:
        longest = _LONGEST_CARRIED if CARRY in note_type.fields else _LONGEST_FIELD
        if any(len(text) > longest for text in note.fields):
            fix = say("Shorten it in Anki, or split it into several notes.")
            raise CardRefused(
                "too-long", say("A field has more than %(longest)s characters.", longest=f"{longest:,}"), fix
            )
        if not 0 <= card.ord < _HIGHEST_ORD:
            raise CardRefused(
                "anki-no-template",
                say("Notes have at most %(highest_ord)s cards.", highest_ord=_HIGHEST_ORD),
                CHECK_DATABASE,
            )
        if note_type.is_occlusion or note_type.name.startswith("Image Occlusion Enhanced"):
            fix = say("Make a card with the picture here, and ask for one covered part at a time.")
            raise CardRefused("anki-occlusion", say("Pictures with covered parts cannot be taken."), fix)

    def _add(self, gathering: Gathering, card: AnkiCard, note: Note, note_type: NoteType) -> str | None:
        ours = read_our_note(note, note_type) if card.ord == 0 else None
        if ours is not None:
            return self._add_ours(gathering, card, note, ours)
        deck = self.collection.decks.get(card.deck_id)
        values = read_card(note, note_type, card.ord, deck.path if deck else ("",))
        for name in ("prompt", "answer", "text", "explanation", "hint"):
            if name in values:
                values[name] = self.files.place(values[name])
        if tags := _list_tags(card, note.tags):
            values["tags"] = tags
        return gathering.add(0, values, Carried(id=make_card_id(note.guid or str(note.id), card.ord)))

    def _add_ours(self, gathering: Gathering, card: AnkiCard, note: Note, ours: OurNote) -> str | None:
        values = {name: self._place(value) for name, value in ours.values.items()}
        if tags := _list_tags(card, ours.new_tags, ours.tags):
            values["tags"] = tags
        wanted = ours.id if ours.is_original else make_card_id(note.guid or str(note.id), card.ord)
        for message in ours.problems:
            name = shorten(str(values.get("prompt") or values.get("text", "")))
            fix = say("Change it here, after the import.")
            gathering.report(
                0,
                "anki-changed",
                say("The card “%(name)s”: %(message)s", name=name, message=message),
                fix,
                warning=True,
            )
        card_id = gathering.add(0, values, Carried(id=wanted))
        self.places[card.deck_id, card_id or ""] = ours.place
        return card_id

    def _place(self, value: Any) -> Any:
        """A value of a card with its pictures and sounds taken, however deep they lie."""
        if isinstance(value, str):
            return self.files.place(value, keep=True)
        if isinstance(value, list):
            return [self._place(inner) for inner in value]
        if isinstance(value, dict):
            return {key: self._place(inner) for key, inner in value.items()}
        return value

    def name_cards(self, decks: Mapping[int, str]) -> dict[int, str]:
        """How reviews name the cards of Anki: by their ids here, with that of the deck where two decks have the same.

        ``decks`` are the ids of the decks, by those that Anki gave them.
        """
        counts = Counter(card_id for _, card_id in self.ids.values())
        return {
            anki_id: card_id if counts[card_id] == 1 else f"{decks[deck_id]}/{card_id}"
            for anki_id, (deck_id, card_id) in self.ids.items()
        }

    def list_reviews(self, ids: dict[int, str]) -> Iterator[PastReview]:
        """The reviews of the cards that were taken, the oldest first."""
        for review in sorted(self.collection.reviews, key=lambda review: (review.at_ms, review.card_id)):
            is_practice = review.kind == _FILTERED and not review.factor
            is_answer = 1 <= review.ease <= 4 and _LEARNED <= review.kind <= _FILTERED and review.at_ms > 0
            if review.card_id in ids and is_answer and not is_practice:
                rating = review.ease
                if self.collection.has_first_scheduler and review.kind in (_LEARNED, _RELEARNED) and rating in (2, 3):
                    rating += 1
                duration = review.duration_ms if review.duration_ms > 0 else None
                yield PastReview(ids[review.card_id], review.at_ms, rating, duration)

    def sort_ours(self) -> None:
        """Put cards of ours into the order they had in their deck; those made in Anki stay behind them."""
        for deck_id, gathering in self.decks.items():
            gathering.cards.sort(key=lambda card: self.places.get((deck_id, card.id), 1 << 60))

    def report_files(self) -> None:
        for name, (code, what, fix) in list(self.files.problems.items())[:_MOST_FILES_TOLD]:
            message = say("The file “%(name)s” %(what)s.", name=shorten(name), what=what)
            self.report(code, message, fix, warning=True)
        if (more := len(self.files.problems) - _MOST_FILES_TOLD) > 0:
            self.report(
                "more-problems",
                say("%(more)s more files were not taken.", more=f"{more:,}"),
                say("Mend those above first."),
            )


def _name_deck(deck: AnkiDeck | None, is_only: bool, options: ImportOptions) -> tuple[str, str]:
    """The title and id of a deck: its own, with those of the decks around it."""
    path = [part for one in (deck.path if deck else ()) if (part := clean_line(one, 120))]
    is_default = deck is None or deck.id == 1 or not path
    stem = options.file.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    own = clean_line(": ".join(path))
    if is_only:
        title = options.title or (stem if is_default else own) or own or "Anki"
        return clean_line(title) or "Anki", options.deck_id or make_slug(stem if is_default else "-".join(path))
    name = own or "Anki"
    title = f"{options.title}: {name}" if options.title else name
    slug = make_slug("-".join(path) or "anki")
    return clean_line(title), make_slug(f"{options.deck_id}-{slug}", 70) if options.deck_id else slug


def _finish_deck(reader: _Reader, deck_id: int, is_only: bool) -> Imported:
    gathering = reader.decks[deck_id]
    deck = reader.collection.decks.get(deck_id)
    title, slug = _name_deck(deck, is_only, reader.options)
    head, rest = read_deck_head(deck.description if deck else "")
    if description := to_markdown(rest):
        gathering.head["description"] = reader.files.place(description)[:20_000]
    gathering.head.update(head)
    carried_id = str(head.get("id", ""))
    if is_slug(carried_id) and not reader.options.deck_id:
        slug = carried_id
    gathering.options = replace(reader.options, deck_id=slug, title=reader.options.title if is_only else "")
    return gathering.finish(str(head.get("title", "")) or title)


def _separate(decks: Sequence[Deck]) -> tuple[Deck, ...]:
    """Decks with ids that differ."""
    taken: set[str] = set()
    separate = []
    for deck in decks:
        number, slug = 2, deck.id
        while slug in taken:
            slug = f"{deck.id[:75]}-{number}"
            number += 1
        taken.add(slug)
        separate.append(deck if slug == deck.id else deck.model_copy(update={"id": slug}))
    return tuple(separate)


def _describe(reader: _Reader, decks: Sequence[Deck]) -> str:
    """What was found, in words for people."""
    collection = reader.collection
    kind = say("Anki package in the new format") if collection.is_new else say("Anki package in the old format")
    counts = [
        say("notes: %(count)s", count=f"{len(collection.notes):,}"),
        say("cards: %(count)s", count=f"{sum(len(deck.cards) for deck in decks):,}"),
        say("reviews: %(count)s", count=f"{len(collection.reviews):,}") if collection.reviews else "",
    ]
    titles = ", ".join(f"“{deck.title}”" for deck in decks[:5]) + (", …" if len(decks) > 5 else "")
    return join_said((kind, *counts, say("decks: %(titles)s", titles=titles) if decks else ""))


def _finish(reader: _Reader) -> Imported:
    reader.sort_ours()
    known = reader.collection.decks
    order = sorted(
        (deck_id for deck_id, gathering in reader.decks.items() if gathering.cards),
        key=lambda deck_id: known[deck_id].path if deck_id in known else ("",),
    )
    finished = [_finish_deck(reader, deck_id, len(order) == 1) for deck_id in order]
    decks = _separate([deck for one in finished for deck in one.decks])
    reader.report_files()
    empty = [gathering.problems for gathering in reader.decks.values() if not gathering.cards]
    problems = [*reader.problems, *chain(*(one.problems for one in finished), *empty)]
    if not decks and not problems:
        fix = say("In Anki, choose a deck with cards to export.")
        problems = [Problem(reader.options.file, 0, 0, "empty-file", say("There is no card in the package."), fix)]
    names = {deck_id: deck.id for deck_id, deck in zip(order, decks, strict=True)}
    media = tuple(reader.files.taken.values())
    return Imported(
        decks, tuple(problems), media, tuple(reader.list_reviews(reader.name_cards(names))), _describe(reader, decks)
    )


def read(data: bytes, options: ImportOptions) -> Imported:
    """Read an ``.apkg`` or ``.colpkg`` of Anki, of its old or new inner format. Never raises on what the bytes hold.

    Each deck of Anki that holds cards becomes a deck, each card a card. Of a file written by ``write``, cards come back
    as they were, with what was changed in Anki since. Reviews name a card by its id, and as ``DECK/CARD`` where several
    decks have a card of that id.
    """
    try:
        archive = Archive(data)
        collection = read_package(archive)
    except (ArchiveRefused, PackageRefused) as refusal:
        return Imported((), (Problem(options.file, 0, 0, refusal.code, refusal.message, refusal.fix),))
    most_work = min(_MOST_WORK, _FREE_WORK + _WORK_A_BYTE * len(data))
    reader = _Reader(collection, options, Files(archive, collection.media, collection.is_new), most_work)
    reader.take_all()
    return _finish(reader)
