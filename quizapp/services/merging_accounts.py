"""Putting two accounts of one learner together, as an administrator does at the command line."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from quizapp.core.assessments.plan import Plan
from quizapp.core.errors import Conflict, Invalid, NotFound
from quizapp.core.messages import say
from quizapp.core.names import name_key
from quizapp.core.privacy.acts import Act, Way
from quizapp.services.accounts import Role, Viewer
from quizapp.services.merging import join_learners
from quizapp.services.privacy.audit import write_down
from quizapp.services.rules import StudyRules, find_rules
from quizapp.store import accounts as account_store
from quizapp.store import merging as store
from quizapp.store.accounts import AccountRecord
from quizapp.store.locks import lock_decks_of_learners
from quizapp.store.merging import Belongings
from quizapp.store.study import lock_learner


@dataclass(frozen=True, slots=True)
class Merged:
    """What came from the account that ended. ``repeated``: answers that stood in both, and are there once.

    ``school``: the school's sign-in server opens the account that stays from now on, as it did the other.
    """

    kept: str
    gone: str
    moved: Belongings
    repeated: int
    school: bool


def _find(session: Session, name: str) -> AccountRecord:
    found = account_store.find_account_by_name(session, name_key(name))
    if found is None:
        raise NotFound(say("There is no account named “%(name)s”.", name=name.strip()))
    return found


def _refuse_person(session: Session, account: AccountRecord) -> None:
    """Raise Conflict where an account must not be merged as it stands."""
    if store.owns_anything(session, account.id):
        raise Conflict(
            say(
                "“%(name)s” teaches a class, or owns decks, texts or tests; only accounts that learn are merged. "
                "Let another teacher take those over first.",
                name=account.name,
            )
        )
    if store.asked_for_erasure(session, account.learner_id):
        raise Conflict(
            say(
                "“%(name)s” has asked to be deleted. Let the wish be taken back first, on the page of settings.",
                name=account.name,
            )
        )
    title = store.find_open_test(session, account.learner_id)
    if title is not None:
        raise Conflict(
            say(
                "“%(name)s” is sitting the test “%(title)s”. Merge when it is handed in or its time is over.",
                name=account.name,
                title=title,
            )
        )


def _refuse_pair(session: Session, keep: AccountRecord, gone: AccountRecord) -> None:
    """Raise Conflict where the two do not go together."""
    if store.has_identity(session, keep.id) and store.has_identity(session, gone.id):
        raise Conflict(
            say(
                "The school’s sign-in server knows “%(keep)s” and “%(gone)s” as two people. "
                "Unlink one of them on its account’s page first.",
                keep=keep.name,
                gone=gone.name,
            )
        )
    for test in store.list_tests_of_both(session, keep.learner_id, gone.learner_id):
        allowed = Plan.model_validate_json(test.plan).attempts + test.extra
        if test.attempts > allowed:
            raise Conflict(
                say(
                    "Both have sat the test “%(title)s”: %(count)s attempts together, and it allows %(allowed)s. "
                    "Let its teacher give “%(keep)s” more attempts at it, on the test’s page of the student; "
                    "then merge again.",
                    title=test.title,
                    count=test.attempts,
                    allowed=allowed,
                    keep=keep.name,
                )
            )


def _move(session: Session, keep: AccountRecord, gone: AccountRecord, school: StudyRules) -> None:
    viewer = Viewer(keep.learner_id, keep.handle, keep.id, keep.name, Role(keep.role))
    ids = gone.learner_id, keep.learner_id
    store.remove_repeated(session, *ids)
    join_learners(session, viewer, gone.learner_id, find_rules(session, school, keep.learner_id))
    store.move_memberships(session, *ids)
    store.move_where_free(session, *ids)
    store.tidy_requests(session, keep.learner_id)
    store.move_acts(session, *ids)
    store.move_last_seen(session, *ids)
    store.move_account(session, gone.id, keep.id)
    store.remove_account(session, gone.id, gone.learner_id)


def merge_accounts(
    session: Session, keep_name: str, gone_name: str, school: StudyRules, now: datetime, *, dry_run: bool = False
) -> Merged:
    """Put all that the account ``gone_name`` has into ``keep_name``, and end it: all or nothing.

    Both logs are put in the order of time, and the memory of the cards that came is counted again. Where both have
    something of which there can be one alone, that of the account that stays wins. With ``dry_run`` nothing is changed.
    Raises NotFound for an unknown name, Invalid for one and the same account, Conflict where it must not be done yet.
    """
    keep, gone = _find(session, keep_name), _find(session, gone_name)
    if keep.id == gone.id:
        raise Invalid(say("“%(name)s” and “%(again)s” are one account already.", name=keep_name, again=gone_name))
    lock_decks_of_learners(session, (keep.learner_id, gone.learner_id))  # in this order, as in join_learners
    for learner_id in sorted((keep.learner_id, gone.learner_id)):
        lock_learner(session, learner_id)
    for account in (keep, gone):
        _refuse_person(session, account)
    _refuse_pair(session, keep, gone)
    moved = store.count_belongings(session, gone.learner_id)
    repeated = store.count_repeated(session, gone.learner_id, keep.learner_id)
    merged = Merged(keep.name, gone.name, moved, repeated, store.has_identity(session, gone.id))
    if dry_run:
        session.rollback()
        return merged
    _move(session, keep, gone, school)
    write_down(session, Act.MERGED, Way.COMMAND, None, now, learner_id=keep.learner_id, detail=str(moved.answers))
    session.commit()
    return merged
