"""Passwords: what is asked of them, and how they are kept (argon2id, with the floor OWASP names)."""

import functools
import secrets
import threading
from importlib.resources import files

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
_COMMON = "common_passwords.txt"
# What the list of leaked passwords, which is mostly English, lacks.
_ALSO_COMMON = frozenset(("passwort", "12341234", "secret123", "default1", "asdfghjkl", "changeme"))
CONTEXT_WORDS = ("quizapp", "password", "passwort", "student", "teacher", "school", "admin", "quiz")
"""What is near at hand here and so is tried first; the words of the person's own name are counted among them."""
_SHORTEST_WORD = 3
_LEAST_BESIDES = 6
"""Signs that a password must have besides such words."""


@functools.cache
def _load_common() -> frozenset[str]:
    """The commonest passwords, read when somebody first chooses one."""
    lines = files("quizapp.services").joinpath(_COMMON).read_text(encoding="utf-8").splitlines()
    return _ALSO_COMMON.union(line for line in lines if not line.startswith("#"))


def _is_near_at_hand(password: str, name: str) -> bool:
    """Whether a password is hardly more than the person's name and words that belong to this place."""
    left, words = name_key(password), [*name_key(name).split(), *CONTEXT_WORDS]
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_WORD:
            left = left.replace(word, "")
    return left != name_key(password) and sum(sign.isalnum() for sign in left) < _LEAST_BESIDES


def check_password(password: str, name: str, field: str = "password") -> None:
    """Raise Invalid, naming ``field``, unless this is a password we accept for the person called ``name``."""
    complaint = None
    if len(password) < SHORTEST_PASSWORD:
        complaint = say(
            "Use at least %(count)s characters. A few words in a row are easy to remember.", count=SHORTEST_PASSWORD
        )
    elif len(password) > LONGEST_PASSWORD:
        complaint = say("Use at most %(count)s characters.", count=LONGEST_PASSWORD)
    elif len(set(password)) < 3 or password.casefold() in _load_common():
        complaint = say("Many people use this password, so it is soon guessed. Choose another.")
    elif name_key(password) == name_key(name):
        complaint = say("The password must not be your name.")
    elif _is_near_at_hand(password, name):
        complaint = say("This is hardly more than your name or a word of this place. Choose another.")
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
