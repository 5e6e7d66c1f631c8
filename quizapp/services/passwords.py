"""Passwords: what is asked of them, and how they are kept (argon2id, with the floor OWASP names)."""

import functools
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from quizapp.core.errors import Invalid
from quizapp.core.messages import say
from quizapp.core.names import name_key

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200

# OWASP Password Storage Cheat Sheet: argon2id with at least 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_ONE_AT_A_TIME = threading.Semaphore(1)
# The head of every published list of leaked passwords, plus this program's own name.
_TOO_COMMON = frozenset(
    (
        *("00000000", "11111111", "12341234", "12345678", "123456789", "1234567890", "87654321", "88888888"),
        *("1q2w3e4r", "1qaz2wsx", "zaq12wsx", "qwertyui", "qwertyuiop", "qwerty123", "asdfghjkl", "abcd1234"),
        *("abc12345", "password", "password1", "password123", "passw0rd", "passwort", "changeme", "welcome1"),
        *("letmein1", "secret123", "default1", "trustno1", "iloveyou", "sunshine", "princess", "football"),
        *("football1", "baseball", "superman", "starwars", "computer", "whatever", "internet", "michelle"),
        *("jennifer", "liverpool", "samsung1", "quizapp1"),
    )
)


def check_password(password: str, name: str, field: str = "password") -> None:
    """Raise Invalid, naming ``field``, unless this is a password we accept for the person called ``name``."""
    complaint = None
    if len(password) < SHORTEST_PASSWORD:
        complaint = say(
            "Use at least %(count)s characters. A few words in a row are easy to remember.", count=SHORTEST_PASSWORD
        )
    elif len(password) > LONGEST_PASSWORD:
        complaint = say("Use at most %(count)s characters.", count=LONGEST_PASSWORD)
    elif password.casefold() in _TOO_COMMON or len(set(password)) < 3:
        complaint = say("Many people use this password, so it is soon guessed. Choose another.")
    elif name_key(password) == name_key(name):
        complaint = say("The password must not be your name.")
    if complaint:
        raise Invalid(say("The password cannot be used."), {field: complaint})


def hash_password(password: str) -> str:
    """The form in which a password is kept."""
    with _ONE_AT_A_TIME:
        return _HASHER.hash(password)


@functools.cache
def _hash_of_nobody() -> str:
    return _HASHER.hash(secrets.token_hex())


def verify_password(kept: str | None, password: str) -> bool:
    """Whether this is the password. ``kept`` is None where there is no account: that takes just as long."""
    with _ONE_AT_A_TIME:
        try:
            _HASHER.verify(_hash_of_nobody() if kept is None else kept, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None
