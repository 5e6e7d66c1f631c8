"""Handing a deck back to the folder that it was taken over from: what that would change, and doing it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Conflict
from quizapp.core.messages import say
from quizapp.services.authoring.drafts import Author, Draft, keep_version, load_draft
from quizapp.services.authoring.effects import CardEffect, Effect, count_learners, list_effects
from quizapp.store import authoring as store
from quizapp.store.authoring import VersionRecord


@dataclass(frozen=True, slots=True)
class HandBackPreview:
    """What ``quizapp deck load`` would change once a draft is handed back, where its folder is as it was then.

    ``since`` is the save that took the deck over, ``effects`` what differs between that file and what students study
    now, ``kept`` how many cards stay as they are, ``learners`` how many people have progress on the others.
    """

    draft: Draft
    since: VersionRecord
    effects: tuple[CardEffect, ...]
    kept: int
    learners: int


def find_origin(session: Session, draft: Draft) -> VersionRecord | None:
    """The save by which a draft was taken over from a folder; None for one that was begun in the browser."""
    return store.find_last_version(session, draft.id, "taken-over")


def _load(session: Session, author: Author, slug: str, *, lock: bool) -> tuple[Draft, VersionRecord]:
    draft = load_draft(session, author, slug, lock=lock)
    since = find_origin(session, draft)
    if since is None:
        raise Conflict(say("This deck was begun in the browser: there is no folder that it could be handed back to."))
    return draft, since


def preview_hand_back(session: Session, author: Author, slug: str) -> HandBackPreview:
    """What handing a deck back means. Raises NotFound; Conflict for a deck that came from no folder."""
    draft, since = _load(session, author, slug, lock=False)
    then = load_draft(session, author, slug, version=since.number)
    effects = tuple(list_effects(session, then.deck)) if then.deck else ()
    touched = sum(effect.effect is not Effect.RETIRED for effect in effects)
    learners = count_learners(session, [effect for effect in effects if effect.effect is not Effect.NEW])
    return HandBackPreview(draft, since, effects, len(then.content.cards) - touched, learners)


def hand_back(session: Session, author: Author, slug: str, seen_version: int, now: datetime) -> None:
    """Make the folder the master of a deck again. Students study on what is published until it is loaded from there.

    Every save is kept, with one that says who handed the deck back and when; taking it over again goes on from there.
    Raises NotFound; Conflict for a deck that came from no folder, and where it was saved since ``seen_version``.
    """
    draft, _ = _load(session, author, slug, lock=True)
    if seen_version != draft.version:
        raise Conflict(say("The deck was saved in the meantime. Look at what would change now."))
    keep_version(session, draft.id, author, draft.text, draft.content, "handed-back", (), now)
    store.hand_back(session, draft.id, now)
    session.commit()
