"""Adding what a guest has learned to an account, when somebody signs in after studying as a guest."""

from dataclasses import replace

from sqlmodel import Session

from quizapp.core.errors import Forbidden, NotFound
from quizapp.core.learning.choices import Choices
from quizapp.core.messages import say
from quizapp.services.accounts import Viewer
from quizapp.services.replaying import join_logs, rewrite_log
from quizapp.services.rules import StudyRules, rules_over
from quizapp.store import accounts as account_store
from quizapp.store import assessments_attempts as attempt_store
from quizapp.store import assignments as assignment_store
from quizapp.store import authoring_effects as regrade_store
from quizapp.store import claims as claim_store
from quizapp.store import classes as class_store
from quizapp.store import logs
from quizapp.store import plans as plan_store
from quizapp.store import practice as practice_store
from quizapp.store import settings as settings_store
from quizapp.store import study as store
from quizapp.store.locks import lock_decks_of_learners

_MOVES = (
    claim_store.move_claims,
    plan_store.move_plans,
    practice_store.move_practice,
    attempt_store.move_attempts,
    regrade_store.move_regraded,
    assignment_store.move_students,
)


def find_guest(session: Session, handle: str) -> tuple[int, int] | None:
    """The learner behind a guest's handle and the answers given, those of practice among them.

    None where there is no such guest, or none of the answers left.
    """
    learner_id = account_store.find_guest(session, handle)
    if learner_id is None:
        return None
    answers = account_store.count_answers(session, learner_id) + practice_store.count_given(session, learner_id)
    return (learner_id, answers) if answers else None


def _carry_choices(session: Session, guest_id: int, learner_id: int, rules: StudyRules) -> StudyRules:
    """Let the account take over what the guest chose, where it has chosen nothing itself; gives its rules since."""
    own, guests = (Choices.from_json(settings_store.read_choices(session, one)) for one in (learner_id, guest_id))
    choices = own.fill_from(guests)
    if choices == own:
        return rules
    settings_store.write_choices(session, learner_id, choices.to_json())
    return rules_over(rules, choices)


def join_learners(session: Session, account: Viewer, other_id: int, rules: StudyRules) -> None:
    """Put another learner's answers into an account's log, in the order of time, and move what hangs on them.

    Both are locked. The memory of every card that the other had answered is counted again from its whole log. The
    account's choices win; what it has not chosen is taken over. Does not commit, and leaves the other learner there.
    """
    lock_decks_of_learners(session, (other_id, account.learner_id))
    for learner_id in sorted((other_id, account.learner_id)):  # one order for all, so that nobody waits in a circle
        store.lock_learner(session, learner_id)
    own, added = logs.list_reviews(session, account.learner_id), logs.list_reviews(session, other_id)
    known = {review.key for review in own}
    log = join_logs(
        own, [replace(review, learner_id=account.learner_id) for review in added if review.key not in known]
    )
    cards = logs.list_cards(session, account.learner_id, sorted({review.card_id for review in added}))
    rewrite_log(session, account, log, cards, _carry_choices(session, other_id, account.learner_id, rules), other_id)
    for move in _MOVES:
        move(session, other_id, account.learner_id)


def merge_guest(session: Session, account: Viewer, handle: str, rules: StudyRules) -> int:
    """Make a guest's answers the account's; gives their number.

    Both logs are put in the order of time; the memory of every card that the guest had answered is counted again from
    its whole log, with the spreading of days that goes with the account. What the guest practised, planned, claimed and
    answered in tests goes along, and so do the guest's classes and, wherever the account has chosen nothing itself, the
    guest's choices for studying. The guest is gone afterwards. Raises NotFound where there is no such guest, Forbidden
    for a guest.
    """
    if not account.signed_in:
        raise Forbidden(say("Only the holder of an account can do this. Sign in first."))
    found = find_guest(session, handle)
    if found is None:
        raise NotFound(say("There are no answers of a guest to add."))
    guest_id, answers = found
    join_learners(session, account, guest_id, rules)
    for membership in class_store.list_memberships(session, guest_id):
        taken, joined = membership.taken, membership.joined_at
        class_store.add_member(session, taken.id, account.learner_id, account.handle, joined, name=account.name or "")
    account_store.remove_learner(session, guest_id)
    session.commit()
    return answers
