"""Publishing: students study what a draft says now. Before that, what it changes for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.errors import Conflict, Invalid
from quizapp.core.messages import say
from quizapp.core.problem import Problem
from quizapp.services import decks
from quizapp.services.authoring.drafts import Author, Draft, load_draft
from quizapp.services.authoring.effects import CardEffect, Effect, count_learners, list_effects
from quizapp.services.authoring.regrading import RegradePreview, preview_regrade, regrade
from quizapp.services.decks import DeckChange
from quizapp.services.rules import StudyRules
from quizapp.store import authoring as store


@dataclass(frozen=True, slots=True)
class PublishPreview:
    """What publishing a draft does. ``problems`` keep it from being published.

    ``kept`` counts the cards that stay as they are; ``learners`` those with progress on any card that does not.
    ``regrades`` tells, by the ids of cards whose answer changes, whose results would change.
    """

    draft: Draft
    problems: tuple[Problem, ...]
    effects: tuple[CardEffect, ...]
    kept: int
    learners: int
    regrades: Mapping[str, RegradePreview]


def _find_problems(session: Session, draft: Draft) -> tuple[Problem, ...]:
    return tuple(decks.find_errors(session, draft.content.file, {})) if draft.content.file else ()


def preview_publish(session: Session, author: Author, slug: str, secret: bytes) -> PublishPreview:
    """What publishing would do now, for whom. ``secret`` is the installation's. Raises NotFound."""
    draft = load_draft(session, author, slug)
    effects = tuple(list_effects(session, draft.deck)) if draft.deck else ()
    touched = sum(effect.effect is not Effect.RETIRED for effect in effects)
    language = draft.content.head.language
    return PublishPreview(
        draft=draft,
        problems=_find_problems(session, draft),
        effects=effects,
        kept=len(draft.content.cards) - touched,
        learners=count_learners(session, [effect for effect in effects if effect.effect is not Effect.NEW]),
        regrades={
            effect.id: preview_regrade(session, author, effect.row, effect.card, language, secret)
            for effect in effects
            if effect.can_regrade
        },
    )


def _check_choices(session: Session, draft: Draft, again: Mapping[str, bool] | None) -> list[tuple[CardEffect, bool]]:
    """The cards with old answers to decide about, each with what was decided. Raises Invalid where one is missing."""
    asked = [effect for effect in list_effects(session, draft.deck) if effect.can_regrade] if draft.deck else []
    if again is None:
        return [(effect, False) for effect in asked]
    missing = {
        f"again-{effect.id}": say("Choose what becomes of the old answers to this card.")
        for effect in asked
        if effect.id not in again
    }
    if missing:
        raise Invalid(say("The deck was not published."), missing)
    return [(effect, again[effect.id]) for effect in asked]


def publish(
    session: Session,
    author: Author,
    slug: str,
    now: datetime,
    *,
    seen_version: int | None = None,
    again: Mapping[str, bool] | None = None,
    rules: StudyRules | None = None,
) -> DeckChange:
    """Let students study the draft as it stands.

    ``again`` tells, for each card whose answer changed and that was answered before, whether its old answers are graded
    again; None leaves all as they are. That needs the ``rules`` of the school. Raises NotFound; Conflict where the
    draft was saved since ``seen_version``; Invalid where it has no cards, or errors, or something is left to decide
    (field ``again-ID``).
    """
    draft = load_draft(session, author, slug, lock=True)
    if seen_version is not None and seen_version != draft.version:
        raise Conflict(say("The deck was saved in the meantime. Look at what would change now."))
    if draft.deck is None:
        raise Invalid(say("The deck has no cards yet. Add one; then it can be published."))
    problems = _find_problems(session, draft)
    if problems:
        raise Invalid(say("This deck cannot be published yet: %(problem)s", problem=problems[0]))
    choices = _check_choices(session, draft, again)
    change = decks.load_deck(session, draft.deck, draft.text.encode(), now)
    for effect, chosen in choices:
        if rules is not None:
            regrade(session, author, effect.row, rules, now, again=chosen)
    store.mark_published(session, draft.id, draft.version, now)
    session.commit()
    return change
