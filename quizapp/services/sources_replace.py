"""Another text in a source's place: every citation of it, in decks and in drafts, is found again or told as lost.

Nothing is dropped silently. Cards that lose a quote rest: they are asked no more until a teacher mends them, or the
words come back. Everything else follows: the cards in use, the drafts' own texts, the files that decks came from.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import Session

from quizapp.core.deck.edit.content import Content, read_content
from quizapp.core.deck.edit.revise import revise
from quizapp.core.deck.schema import Card, Citation
from quizapp.core.deck.text import shorten
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.markup import plain_text
from quizapp.core.messages import say
from quizapp.core.source.document import Source, read_source
from quizapp.core.source.importing.reading import read_text
from quizapp.core.source.quotes import find_quote
from quizapp.core.source.reanchor import Reanchored, Reanchoring, State, reanchor_card
from quizapp.services.authoring import Author
from quizapp.services.authoring.drafts import MOST_NAMED, keep_version
from quizapp.services.decks import find_siblings_of_source
from quizapp.services.sources import load_source, load_source_for_checks
from quizapp.services.texts import TextFields, make_source
from quizapp.store import authoring, states
from quizapp.store import decks as deck_store
from quizapp.store import sources as source_store
from quizapp.store import texts as store
from quizapp.store.authoring import DraftRecord
from quizapp.store.decks import NewRevision
from quizapp.store.locks import lock_decks_to_change
from quizapp.store.texts import CitingCard

_CARDS: TypeAdapter[Card] = TypeAdapter(Card)
_LONGEST_PROMPT = 120
BY_COMMAND = "quizapp source replace"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one citation of a card; ``in_draft``: as the card stands in a draft, not as students have it."""

    deck: str
    card: str
    prompt: str
    found: Reanchored
    in_draft: bool

    @property
    def state(self) -> State:
        """``kept``, ``moved`` or ``lost``."""
        return self.found.state


@dataclass(frozen=True, slots=True)
class Replacement:
    """What replacing a source does.

    ``resting`` and ``woken`` are cards, as DECK/CARD, that rest from now on, or no more. ``is_same``: the text is the
    one that is there.
    """

    source_id: str
    title: str
    paragraphs: int
    changes: tuple[Change, ...]
    resting: tuple[str, ...]
    woken: tuple[str, ...]
    is_same: bool

    def list_in(self, state: State) -> tuple[Change, ...]:
        """The citations that are kept, moved or lost."""
        return tuple(change for change in self.changes if change.state == state)


@dataclass(frozen=True, slots=True)
class _Use:
    """A card that students have: what it becomes."""

    stored: CitingCard
    card: Card
    after: Card
    found: Mapping[Citation, Reanchored]
    is_whole: bool

    @property
    def label(self) -> str:
        return f"{self.stored.deck}/{self.stored.slug}"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft that cites the source: what its text becomes."""

    record: DraftRecord
    text: str
    content: Content
    after: Content
    found: tuple[tuple[Card, Reanchored], ...]

    @property
    def touched(self) -> list[str]:
        pairs = zip(self.content.cards, self.after.cards, strict=True)
        return [after.id for before, after in pairs if before != after]


@dataclass(frozen=True, slots=True)
class _Plan:
    told: Replacement
    uses: tuple[_Use, ...]
    drafts: tuple[_Draft, ...]


def _texts_of(source: Source) -> list[str]:
    return [plain_text(block.text) for block in source.paragraphs]


def _find_all(card: Card, source_id: str, anchors: Reanchoring) -> dict[Citation, Reanchored]:
    return {each: anchors.find(each) for each in card.citations if each.source == source_id}


def _stands_elsewhere(session: Session, card: Card, source_id: str) -> bool:
    """Whether the citations of a card to other sources hold."""
    others = [each for each in card.citations if each.source != source_id]
    found = source_store.find_paragraphs(session, [(each.source, each.paragraph) for each in others])
    return all(
        (paragraph := found.get((each.source, each.paragraph))) and find_quote(plain_text(paragraph.text), each.quote)
        for each in others
    )


def _list_uses(session: Session, source_id: str, anchors: Reanchoring) -> Iterator[_Use]:
    for stored in store.list_citing_cards(session, source_id):
        card = _CARDS.validate_json(stored.body)
        found = _find_all(card, source_id, anchors)
        is_whole = all(each.state != "lost" for each in found.values())
        if is_whole and stored.rests:
            is_whole = _stands_elsewhere(session, card, source_id)
        yield _Use(stored, card, reanchor_card(card, source_id, found), found, is_whole)


def _list_drafts(session: Session, source_id: str, anchors: Reanchoring) -> Iterator[_Draft]:
    for record in authoring.list_drafts(session, None):
        text = authoring.load_text(session, record.id, record.version)
        content = read_content(text.encode(), f"{record.slug}.yaml") if source_id in text else ()
        if isinstance(content, tuple):
            continue
        found = [(card, _find_all(card, source_id, anchors)) for card in content.cards]
        cards = [reanchor_card(card, source_id, own) for card, own in found]
        told = tuple((card, each) for card, own in found for each in own.values())
        if told:
            yield _Draft(record, text, content, content.with_cards(cards), told)


def _prompt_of(card: Card) -> str:
    return shorten(plain_text(card.prompt or (card.text if card.type == "cloze" else "")), _LONGEST_PROMPT)


def _tell(uses: Iterable[_Use], drafts: Iterable[_Draft]) -> Iterator[Change]:
    seen: set[tuple[str, str, Citation]] = set()
    for use in uses:
        for before, found in use.found.items():
            seen.add((use.stored.deck, use.stored.slug, before))
            yield Change(use.stored.deck, use.stored.slug, _prompt_of(use.card), found, in_draft=False)
    for draft in drafts:
        for card, found in draft.found:
            if (draft.record.slug, card.id, found.before) not in seen:
                yield Change(draft.record.slug, card.id, _prompt_of(card), found, in_draft=True)


def _plan(session: Session, old: Source, new: Source) -> _Plan:
    anchors = Reanchoring(_texts_of(old), _texts_of(new))
    uses = tuple(_list_uses(session, old.id, anchors))
    drafts = tuple(_list_drafts(session, old.id, anchors))
    told = Replacement(
        source_id=old.id,
        title=new.title,
        paragraphs=len(new.paragraphs),
        changes=tuple(_tell(uses, drafts)),
        resting=tuple(use.label for use in uses if not use.is_whole),
        woken=tuple(use.label for use in uses if use.is_whole and use.stored.rests),
        is_same=_says_the_same(old, new),
    )
    return _Plan(told, uses, drafts)


def _says_the_same(old: Source, new: Source) -> bool:
    one, two = ([replace(block, line=1) for block in source.blocks] for source in (old, new))
    return one == two and replace(old, blocks=(), file="") == replace(new, blocks=(), file="")


def _load_old(session: Session, source_id: str) -> Source:
    old = load_source_for_checks(session, source_id)
    if old is None:
        raise NotFound(say("There is no text with the id “%(id)s”. Load it first.", id=source_id[:100]))
    return old


def preview_replacement(session: Session, source_id: str, new: Source) -> Replacement:
    """What replacing a source would do. Raises NotFound."""
    return _plan(session, _load_old(session, source_id), new).told


def _revise_card(use: _Use) -> NewRevision:
    body = use.after.model_dump_json(exclude_defaults=True)
    citations = tuple((each.source, each.paragraph, each.quote) for each in use.after.citations)
    digest = hashlib.sha256(body.encode()).hexdigest()
    return NewRevision(use.stored.card_id, use.stored.revision + 1, use.stored.type, digest, body, citations)


def _write_uses(session: Session, uses: Sequence[_Use], source_id: str, now: datetime) -> None:
    changed = [use for use in uses if use.after != use.card]
    deck_store.add_revisions(session, [_revise_card(use) for use in changed], now)
    in_use = [use for use in uses if use in changed or (use.is_whole and use.stored.rests)]
    deck_store.update_cards(
        session,
        [(use.stored.card_id, use.stored.position, use.stored.revision + (use in changed)) for use in in_use],
    )
    rest = [use for use in uses if not use.is_whole and (use in changed or not use.stored.rests)]
    store.rest_cards(session, [use.stored.card_id for use in rest], source_id, now)


def _recount(session: Session, deck_ids: Sequence[int]) -> None:
    for deck_id in deck_ids:
        states.recount_deck(session, deck_id)
    for source_id in sorted({each for deck_id in deck_ids for each in deck_store.list_cited_sources(session, deck_id)}):
        find_siblings_of_source(session, source_id)
    store.forget_deck_digest(session, deck_ids)


def _follow_in_draft(session: Session, draft: _Draft, author: Author | None, now: datetime) -> None:
    """The next version of a draft; students study it already, where they studied the one before."""
    touched = draft.touched
    if not touched:
        return
    record = authoring.lock_draft(session, draft.record.slug)
    if record is None or record.version != draft.record.version:
        raise Conflict(say("The deck “%(deck)s” was saved in the meantime. Try once more.", deck=draft.record.title))
    by = author or Author(
        next((each.account_id for each in authoring.list_editors(session, record.id)), 0), BY_COMMAND, True
    )
    text = revise(draft.text, draft.content, draft.after)
    version = keep_version(session, record.id, by, text, draft.after, "source", touched[:MOST_NAMED], now)
    if record.published == record.version:
        authoring.mark_published(session, record.id, version, now)


def _follow_in_file(session: Session, deck_id: int, uses: Sequence[_Use]) -> None:
    """The file that a deck came from, as it is kept for whoever takes the deck over."""
    text = authoring.find_file(session, deck_id)
    content = () if text is None else read_content(text.encode(), "deck.yaml")
    if text is None or isinstance(content, tuple):
        return
    known = {use.card.id: use.after for use in uses if use.stored.deck_id == deck_id}
    after = content.with_cards([known.get(card.id, card) for card in content.cards])
    authoring.keep_file(session, deck_id, revise(text, content, after))


def _lock_all(session: Session, source_id: str) -> None:
    """Let nobody else change the drafts and decks that cite a source, or answer in these, until the transaction ends.

    All of them at once, and in the order in which others lock them: so nobody waits in a circle.
    """
    drafts = authoring.list_drafts(session, None)
    for slug in sorted(
        each.slug for each in drafts if source_id in authoring.load_text(session, each.id, each.version)
    ):
        authoring.lock_draft(session, slug)
    lock_decks_to_change(session, {each.deck_id for each in store.list_citing_cards(session, source_id)})


def replace_source(
    session: Session,
    source_id: str,
    new: Source,
    data: bytes,
    now: datetime,
    *,
    author: Author | None = None,
    file: str = "",
    seen: str | None = None,
    dry_run: bool = False,
) -> Replacement:
    """Put another text in a source's place, and let every card and draft that cites it follow.

    ``new`` has the id of the source, ``data`` are its bytes as a file. ``author`` is None on the command line. Raises
    NotFound, and Conflict where the source is no longer the one with the digest ``seen``.
    """
    head = source_store.find_source(session, source_id)
    if head is not None and seen is not None and head.digest != seen:
        raise Conflict(say("The text was changed in the meantime. Look at what would happen now."))
    if not dry_run:
        _lock_all(session, source_id)
    plan = _plan(session, _load_old(session, source_id), new)
    if dry_run:
        session.rollback()
        return plan.told
    load_source(session, new, data, now)
    text = store.find_text(session, source_id)
    if text is not None and text.is_uploaded:
        store.save_text(session, source_id, text.owner_id, file, now)
    _write_uses(session, plan.uses, source_id, now)
    deck_ids = sorted({use.stored.deck_id for use in plan.uses})
    for deck_id in deck_ids:
        _follow_in_file(session, deck_id, plan.uses)
    for draft in plan.drafts:
        _follow_in_draft(session, draft, author, now)
    _recount(session, deck_ids)
    session.commit()
    return plan.told


def read_replacement(session: Session, source_id: str, data: bytes, file: str) -> tuple[Source, bytes]:
    """The text of a file as the source with this id, and the file that says so.

    A source file with a front matter says all about itself but the id; of any other text, what it does not say stays
    as it was. Raises NotFound, and Invalid (field ``file``) with what is wrong.
    """
    old = _load_old(session, source_id)
    if file.lower().endswith(".md") and data.removeprefix(b"\xef\xbb\xbf").startswith(b"---"):
        source = read_source(data, file)
        if isinstance(source, tuple):
            told = "\n".join(map(str, source))
            raise Invalid(say("The text cannot be read."), {"file": told})
        return replace(source, id=source_id), data
    read = read_text(data, file)
    about = read.about
    fields = TextFields(
        title=old.title,
        language=old.language,
        body=read.body,
        author=old.author or about.author,
        published=old.published or about.published,
        url=old.url or about.url,
        license=old.license or about.license,
    )
    return make_source(source_id, fields)
