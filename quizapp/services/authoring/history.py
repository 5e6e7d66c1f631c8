"""The versions of a draft: listing, comparing and restoring them; files up and down; taking a folder's deck over."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.deck.edit.compare import Difference, compare_contents
from quizapp.core.deck.edit.content import Content, content_of, read_content
from quizapp.core.deck.schema import Deck
from quizapp.core.deck.text import decode_text
from quizapp.core.deck.write import write_deck
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.exchange.archives import ArchiveRefused
from quizapp.core.exchange.model import MediaFile
from quizapp.core.media.bundles import choose_media, unpack_bundle
from quizapp.core.messages import say
from quizapp.core.problem import Problem
from quizapp.core.slugs import is_slug
from quizapp.services import media
from quizapp.services.authoring.drafts import LARGEST_TEXT, MOST_NAMED, Author, add_draft, keep_version, load_draft
from quizapp.services.authoring.versions import restore_media
from quizapp.services.results import read_card
from quizapp.store import authoring as store
from quizapp.store import authoring_effects
from quizapp.store import decks as deck_store
from quizapp.store.authoring import VersionRecord
from quizapp.store.decks import DeckRecord
from quizapp.store.sources import list_titles

PAGE = 50


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of an uploaded file: the version that holds it, and whether it said anything new.

    ``files`` counts the pictures and sounds of an archive that are new or other ones; ``problems`` are told of them.
    """

    slug: str
    version: int
    changed: bool
    difference: Difference
    files: int = 0
    problems: tuple[Problem, ...] = ()


class Unreadable(Invalid):
    """A file that cannot be taken, with all that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(say("The file was not taken. Put right what is listed, and upload it again."))
        self.problems = problems


def list_versions(session: Session, author: Author, slug: str, page: int = 1) -> list[VersionRecord]:
    """A page of the saves of a draft, the last first. Raises NotFound."""
    draft = load_draft(session, author, slug)
    return store.list_versions(session, draft.id, offset=(max(page, 1) - 1) * PAGE, limit=PAGE + 1)


def compare_versions(session: Session, author: Author, slug: str, old: int, new: int) -> Difference:
    """What differs between two versions; version 0 is the empty deck. Raises NotFound."""
    after = load_draft(session, author, slug, version=new).content
    before = load_draft(session, author, slug, version=old).content if old else Content(after.head, ())
    return compare_contents(before, after, list_titles(session))


def restore_version(session: Session, author: Author, slug: str, number: int, now: datetime) -> int:
    """Make a former version the draft again, as a new one on top: nothing is lost. Raises NotFound.

    Its pictures and sounds come back as well.
    """
    draft = load_draft(session, author, slug, lock=True)
    wanted = load_draft(session, author, slug, version=number)
    if not restore_media(session, wanted, draft.version, now) and wanted.text == draft.text:
        return draft.version
    version = keep_version(session, draft.id, author, wanted.text, wanted.content, "restored", [str(number)], now)
    session.commit()
    return version


def _unpack(data: bytes, file: str) -> tuple[bytes, str, tuple[MediaFile, ...]]:
    """The deck file and its name; of an archive that a deck was downloaded as, with its pictures and sounds."""
    if not data.startswith(b"PK"):
        return data, file, ()
    try:
        bundle = unpack_bundle(data)
    except ArchiveRefused as refused:
        raise Unreadable((Problem(file, 0, 0, refused.code, refused.message, refused.fix),)) from None
    if len(bundle.decks) != 1:
        message = say("There are %(count)s deck files (.yaml) in the archive.", count=len(bundle.decks))
        fix = say("Choose the archive that a deck’s page offers for download.")
        raise Unreadable((Problem(file, 0, 0, "empty-file", message, fix),))
    deck = bundle.decks[0]
    content = read_content(deck.data, deck.name)
    files = choose_media(bundle, content.head.id, is_only=True) if isinstance(content, Content) else ()
    return deck.data, deck.name, files


def _keep_files(
    session: Session, slug: str, files: tuple[MediaFile, ...], now: datetime
) -> tuple[int, tuple[Problem, ...]]:
    """Keep the pictures and sounds of an archive; how many are new or other ones, and what is to be said of them."""
    if not files:
        return 0, ()
    before = {one.name: one.mark for one in media.list_all(session, slug)}
    problems = media.keep(session, slug, files, now)
    after = {one.name: one.mark for one in media.list_all(session, slug)}
    return sum(before.get(name) != mark for name, mark in after.items()), problems


def _read(data: bytes, file: str) -> tuple[str, Content]:
    text, problems = decode_text(data, file, LARGEST_TEXT)
    content = tuple(problems) if text is None else read_content(data, file)
    if isinstance(content, tuple) or text is None:
        raise Unreadable(content if isinstance(content, tuple) else tuple(problems))
    return text, content


def upload_text(
    session: Session, author: Author, slug: str, data: bytes, seen_version: int, now: datetime, file: str = "deck.yaml"
) -> Upload:
    """Take a deck file as the next version of this draft, byte for byte but for a byte-order mark.

    An archive brings its pictures and sounds along. What is here already changes nothing. Raises NotFound; Unreadable
    with every problem; Invalid where it is another deck's; Conflict where the draft was saved since ``seen_version``.
    """
    draft = load_draft(session, author, slug, lock=True)
    data, file, files = _unpack(data, file)
    text, content = _read(data, file)
    if content.head.id != slug:
        raise Invalid(
            say("The file holds the deck “%(other)s”, and this is “%(slug)s”.", other=content.head.id, slug=slug)
        )
    difference = compare_contents(draft.content, content, list_titles(session))
    if text == draft.text:
        count, problems = _keep_files(session, slug, files, now)
        session.commit()
        return Upload(slug, draft.version, False, difference, count, problems)
    if seen_version != draft.version:
        raise Conflict(say("The deck was saved in the meantime. Look at what changed, then upload the file again."))
    touched = [card.id for card in difference.cards][:MOST_NAMED]
    version = keep_version(session, draft.id, author, text, content, "uploaded", touched, now)
    count, problems = _keep_files(session, slug, files, now)
    session.commit()
    return Upload(slug, version, True, difference, count, problems)


def upload_new(session: Session, author: Author, data: bytes, now: datetime, file: str = "deck.yaml") -> Upload:
    """Take a deck file, or an archive of one with its pictures and sounds, as a new draft.

    Raises Unreadable; Conflict where there is a deck of that id.
    """
    data, file, files = _unpack(data, file)
    text, content = _read(data, file)
    slug = content.head.id
    if store.lock_draft(session, slug) is not None or deck_store.find_deck(session, slug) is not None:
        raise Conflict(
            say(
                "There is a deck “%(slug)s” already. Give the file another id, or upload it on that deck’s page.",
                slug=slug,
            )
        )
    draft_id = add_draft(session, slug, content.head.title, author, now)
    version = keep_version(session, draft_id, author, text, content, "uploaded", [], now)
    count, problems = _keep_files(session, slug, files, now)
    session.commit()
    difference = compare_contents(Content(content.head, ()), content, list_titles(session))
    return Upload(slug, version, True, difference, count, problems)


def find_folder_deck(session: Session, slug: str) -> DeckRecord:
    """A deck that came from a folder and was not taken over. Raises NotFound."""
    found = deck_store.find_deck(session, slug) if is_slug(slug) else None
    if found is None or store.find_draft(session, slug) is not None:
        raise NotFound(say("There is no such deck, or it is not yours."))
    return found


def read_folder(session: Session, deck: DeckRecord) -> tuple[str, Content]:
    """The file of a folder's deck as it was loaded, and what it says.

    It is written anew where the deck was loaded before files were kept, or by a release that read more than this one.
    """
    kept = store.find_file(session, deck.id)
    content = () if kept is None else read_content(kept.encode(), f"{deck.slug}.yaml")
    if kept is not None and isinstance(content, Content):
        return kept, content
    stored = authoring_effects.list_revisions(session, deck.id).values()
    cards = tuple(read_card(one.body) for one in stored if not one.retired)
    head = deck_store.find_head(session, deck.id)
    whole = Deck(**head, format=1, cards=cards)
    return write_deck(whole), content_of(whole)


def read_folder_text(session: Session, deck: DeckRecord) -> str:
    """The file of a folder's deck, as ``read_folder`` gives it."""
    text, _ = read_folder(session, deck)
    return text


def download_text(session: Session, author: Author, slug: str) -> str:
    """The text of a deck, be its master here or in a folder. Raises NotFound."""
    if store.find_draft(session, slug[:81]) is not None:
        return load_draft(session, author, slug).text
    return read_folder_text(session, find_folder_deck(session, slug))


def take_over(session: Session, author: Author, slug: str, now: datetime) -> int:
    """Make the browser the master of a deck that came from a folder; gives the version that says so.

    The history of one that was handed back goes on. Raises NotFound, and Conflict where somebody else just did so.
    """
    deck = find_folder_deck(session, slug)
    text, content = read_folder(session, deck)
    again = store.take_again(session, slug, author.account_id, now)
    draft_id = add_draft(session, slug, content.head.title, author, now) if again is None else again
    version = keep_version(session, draft_id, author, text, content, "taken-over", [], now)
    store.mark_published(session, draft_id, version, now)
    session.commit()
    return version
