"""Codes at the sign-in: of an app, counted once, and recovery codes for when the telephone is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa

from quizapp.core.errors import Conflict, Invalid, NotFound, TooManyAttempts
from quizapp.services import accounts, two_factor
from quizapp.services.accounts import NewSignIn, Role, Viewer
from quizapp.services.accounts_codes import PENDING_LASTS, AskForCode
from quizapp.store import two_factor as store
from quizapp.store.engine import Database

SECRET = b"a secret for tests only"
HERE = "192.0.2.1"


class Holder:
    """Alice, her telephone, and her recovery codes."""

    def __init__(self, database: Database, viewer: Viewer, password: str, now: datetime) -> None:
        self.database, self.viewer, self.password = database, viewer, password
        with database.writing() as session:
            two_factor.begin(session, viewer, password, HERE, SECRET, now)
        with database.reading() as session:
            self.setup = two_factor.view_setup(session, viewer, SECRET, now)
        with database.writing() as session:
            done = two_factor.confirm(session, viewer, self.code(now), SECRET, now)
        self.codes, self.opened = done.codes, done.opened

    def code(self, now: datetime) -> str:
        """What the telephone shows."""
        return pyotp.TOTP(self.setup.key).at(now)

    def give_password(self, now: datetime) -> str:
        """The first step; gives the token of who waits."""
        with self.database.writing() as session, pytest.raises(AskForCode) as asked:
            accounts.sign_in(session, "Alice", self.password, HERE, now)
        return asked.value.token

    def finish(self, token: str, code: str, now: datetime, secret: bytes = SECRET) -> NewSignIn:
        """The second step."""
        with self.database.writing() as session:
            return two_factor.finish_sign_in(session, token, code, secret, now)

    def sign_in(self, code: str, now: datetime) -> NewSignIn:
        """Both steps."""
        return self.finish(self.give_password(now), code, now)


@pytest.fixture
def alice(database: Database, add_user: Callable[..., Viewer], password: str, noon: datetime) -> Holder:
    """Alice, who is asked for codes."""
    return Holder(database, add_user("Alice", Role.TEACHER), password, noon)


@pytest.fixture
def later(noon: datetime) -> datetime:
    """A minute after the codes were turned on: the telephone shows another one."""
    return noon + timedelta(minutes=1)


def test_a_password_alone_opens_nothing(alice: Holder, later: datetime) -> None:
    with alice.database.reading() as session:
        before = session.execute(sa.text("SELECT count(*) FROM sign_in")).scalar_one()
    alice.give_password(later)
    with alice.database.reading() as session:
        assert session.execute(sa.text("SELECT count(*) FROM sign_in")).scalar_one() == before


def test_password_and_code_sign_in(alice: Holder, later: datetime) -> None:
    opened = alice.sign_in(alice.code(later), later)
    with alice.database.reading() as session:
        found = accounts.recognise(session, opened.token, later)
    assert found is not None
    assert found[0] == alice.viewer


def test_spaces_in_a_code_count_for_nothing(alice: Holder, later: datetime) -> None:
    code = alice.code(later)
    assert alice.sign_in(f" {code[:3]} {code[3:]} ", later).viewer == alice.viewer


def test_a_code_counts_once(alice: Holder, later: datetime) -> None:
    code = alice.code(later)
    alice.sign_in(code, later)
    for moment in (later, later + timedelta(seconds=30)):
        with pytest.raises(Invalid) as refused:
            alice.sign_in(code, moment)
        assert set(refused.value.fields) == {"otp"}


def test_the_code_that_confirmed_the_key_is_used_up(alice: Holder, noon: datetime) -> None:
    with pytest.raises(Invalid):
        alice.sign_in(alice.code(noon), noon)


def test_a_code_older_than_one_that_was_used_does_not_count(alice: Holder, later: datetime) -> None:
    before = alice.code(later - timedelta(seconds=30))
    alice.sign_in(alice.code(later), later)
    with pytest.raises(Invalid):
        alice.sign_in(before, later)


@pytest.mark.parametrize("away", [-30, 30])
def test_a_clock_may_be_half_a_minute_off(alice: Holder, later: datetime, away: int) -> None:
    assert alice.sign_in(alice.code(later + timedelta(seconds=away)), later).viewer == alice.viewer


@pytest.mark.parametrize("away", [-90, 90])
def test_an_old_code_does_not_fit(alice: Holder, later: datetime, away: int) -> None:
    moment = later + timedelta(minutes=5)
    with pytest.raises(Invalid):
        alice.sign_in(alice.code(moment + timedelta(seconds=away)), moment)


@pytest.mark.parametrize("typed", ["", " ", "000000x", "１２３４５６", "é", "'; DROP TABLE account; --", "9" * 5_000])
def test_what_is_no_code_is_refused(alice: Holder, later: datetime, typed: str) -> None:
    with pytest.raises(Invalid):
        alice.sign_in(typed, later)


def test_a_recovery_code_counts_once(alice: Holder, later: datetime) -> None:
    assert len(set(alice.codes)) == two_factor.RECOVERY_CODES
    assert alice.sign_in(alice.codes[0].upper(), later).viewer == alice.viewer
    with pytest.raises(Invalid):
        alice.sign_in(alice.codes[0], later)
    with alice.database.reading() as session:
        assert two_factor.view_factor(session, alice.viewer, later).recovery_codes == two_factor.RECOVERY_CODES - 1


def test_the_second_step_comes_within_five_minutes_and_once(alice: Holder, later: datetime) -> None:
    token = alice.give_password(later)
    with pytest.raises(NotFound):
        alice.finish(token, alice.codes[0], later + PENDING_LASTS)
    alice.finish(token, alice.codes[0], later)
    with pytest.raises(NotFound):
        alice.finish(token, alice.codes[1], later)
    with pytest.raises(NotFound):
        alice.finish("made up", alice.codes[1], later)


def test_a_waiting_sign_in_that_another_request_used_up_opens_nothing(
    alice: Holder, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = alice.give_password(later)
    monkeypatch.setattr(store, "take_pending", lambda *_: False)
    with pytest.raises(NotFound):
        alice.finish(token, alice.codes[0], later)


def test_codes_cannot_be_tried_through_from_many_sign_ins(alice: Holder, later: datetime) -> None:
    for number in range(10):
        with pytest.raises(Invalid):
            alice.sign_in(f"{number:06}", later)
    with pytest.raises(TooManyAttempts):
        alice.sign_in(alice.code(later), later)
    hour = later + timedelta(hours=1)
    assert alice.sign_in(alice.code(hour), hour).viewer == alice.viewer


def test_neither_the_key_nor_a_code_is_in_the_database(alice: Holder, later: datetime) -> None:
    token = alice.give_password(later)
    with alice.database.reading() as session:
        kept = [
            str(row)
            for table in ("second_factor", "recovery_code", "pending_sign_in")
            for row in session.execute(sa.text(f"SELECT * FROM {table}")).all()  # names of our own
        ]
    for secret in (alice.setup.key, token, *alice.codes, *(code.replace("-", "") for code in alice.codes)):
        assert not [row for row in kept if secret in row]


def test_under_another_secret_key_recovery_codes_still_work(alice: Holder, later: datetime) -> None:
    with pytest.raises(Invalid):
        alice.finish(alice.give_password(later), alice.code(later), later, b"another secret")
    assert alice.finish(alice.give_password(later), alice.codes[0], later, b"another secret").viewer == alice.viewer


def test_turning_it_off_asks_for_password_and_code(alice: Holder, later: datetime) -> None:
    for password, code, field in (("wrong words", alice.codes[0], "current"), (alice.password, "000000", "otp")):
        with alice.database.writing() as session, pytest.raises(Invalid) as refused:
            two_factor.turn_off(session, alice.viewer, password, code, HERE, SECRET, later)
        assert set(refused.value.fields) == {field}
    with alice.database.writing() as session:
        two_factor.turn_off(session, alice.viewer, alice.password, alice.codes[0], HERE, SECRET, later)
        assert two_factor.view_factor(session, alice.viewer, later) == two_factor.SecondFactor(False, False, 0)
        assert accounts.sign_in(session, "Alice", alice.password, HERE, later).viewer == alice.viewer
    with alice.database.writing() as session, pytest.raises(NotFound):
        two_factor.turn_off(session, alice.viewer, alice.password, "000000", HERE, SECRET, later)


def test_a_key_in_use_is_never_shown_again_nor_replaced(alice: Holder, later: datetime) -> None:
    with alice.database.writing() as session:
        with pytest.raises(NotFound):
            two_factor.view_setup(session, alice.viewer, SECRET, later)
        with pytest.raises(Conflict):
            two_factor.begin(session, alice.viewer, alice.password, HERE, SECRET, later)
        with pytest.raises(NotFound):
            two_factor.confirm(session, alice.viewer, alice.code(later), SECRET, later)


def test_a_key_that_was_never_confirmed_asks_for_nothing_and_can_be_made_anew(
    database: Database, add_user: Callable[..., Viewer], password: str, noon: datetime
) -> None:
    dana = add_user("Dana", Role.ADMIN)
    keys = []
    for _ in range(2):
        with database.writing() as session:
            two_factor.begin(session, dana, password, HERE, SECRET, noon)
            keys.append(two_factor.view_setup(session, dana, SECRET, noon).key)
    assert keys[0] != keys[1]
    with database.writing() as session:
        assert two_factor.view_factor(session, dana, noon) == two_factor.SecondFactor(True, False, 0)
        with pytest.raises(Invalid):
            two_factor.confirm(session, dana, "000000", SECRET, noon)
        assert accounts.sign_in(session, "Dana", password, HERE, noon).viewer == dana


def test_students_and_visitors_have_none(database: Database, add_user: Callable[..., Viewer], noon: datetime) -> None:
    for viewer in (add_user("Bob"), None):
        with database.writing() as session:
            with pytest.raises(NotFound):
                two_factor.view_factor(session, viewer, noon)
            with pytest.raises(NotFound):
                two_factor.begin(session, viewer, "anything", HERE, SECRET, noon)


def test_an_administrator_takes_it_off(alice: Holder, later: datetime) -> None:
    with alice.database.writing() as session:
        assert two_factor.reset(session, "alice")
        assert not two_factor.reset(session, "Alice")
        assert accounts.sign_in(session, "Alice", alice.password, HERE, later).viewer == alice.viewer
        with pytest.raises(NotFound):
            two_factor.reset(session, "Nobody")


def test_setting_it_up_wants_the_password_and_counts_guesses(
    database: Database, add_user: Callable[..., Viewer], password: str, noon: datetime
) -> None:
    dana = add_user("Dana", Role.TEACHER)
    with database.writing() as session:
        for _ in range(10):
            with pytest.raises(Invalid) as refused:
                two_factor.begin(session, dana, "wrong words", HERE, SECRET, noon)
            assert set(refused.value.fields) == {"password"}
        with pytest.raises(TooManyAttempts):
            two_factor.begin(session, dana, password, HERE, SECRET, noon)
    with database.reading() as session:
        assert two_factor.view_factor(session, dana, noon) == two_factor.SecondFactor(False, False, 0)


def test_a_key_is_shown_and_confirmed_for_ten_minutes_after_the_password(
    database: Database, add_user: Callable[..., Viewer], password: str, noon: datetime
) -> None:
    dana, late = add_user("Dana", Role.TEACHER), noon + two_factor.SETUP_LASTS
    with database.writing() as session:
        two_factor.begin(session, dana, password, HERE, SECRET, noon)
        key = two_factor.view_setup(session, dana, SECRET, late - timedelta(seconds=1)).key
        assert not two_factor.view_factor(session, dana, late).begun
        with pytest.raises(NotFound):
            two_factor.view_setup(session, dana, SECRET, late)
        with pytest.raises(NotFound):
            two_factor.confirm(session, dana, pyotp.TOTP(key).at(late), SECRET, late)


def test_turning_it_on_or_off_or_taking_it_off_ends_all_other_sign_ins(
    database: Database, add_user: Callable[..., Viewer], password: str, noon: datetime, later: datetime
) -> None:
    dana = add_user("Alice", Role.TEACHER)

    def is_in(opened: NewSignIn) -> bool:
        with database.reading() as session:
            return accounts.recognise(session, opened.token, later) is not None

    with database.writing() as session:
        elsewhere = accounts.sign_in(session, "Alice", password, HERE, noon)
    alice = Holder(database, dana, password, noon)
    assert (is_in(elsewhere), is_in(alice.opened)) == (False, True)
    elsewhere = alice.sign_in(alice.codes[0], later)
    with database.writing() as session:
        here = two_factor.turn_off(session, dana, password, alice.codes[1], HERE, SECRET, later)
    assert (is_in(elsewhere), is_in(alice.opened), is_in(here)) == (False, False, True)
    with database.writing() as session:
        two_factor.reset(session, "Alice")
    assert not is_in(here)


def test_recovery_codes_are_too_long_to_be_found_from_their_hashes(alice: Holder) -> None:
    digits = {code.replace("-", "") for code in alice.codes}
    assert all(code.isdigit() and len(code) >= 34 for code in digits)  # OWASP ASVS 5.0, 6.5.2: 112 bits
