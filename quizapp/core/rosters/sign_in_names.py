"""Sign-in names for imported students: readable, and the same for the same student whenever they are asked for."""

import hashlib
import unicodedata

from quizapp.core.rosters.model import Pupil
from quizapp.core.rosters.pseudonyms import propose_pseudonym

_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})
_LONGEST_PART = 30
_NUMBERED = range(2, 10)
_DRAWN = 6


def _fold_part(name: str) -> str:
    """The letters and digits of a name, small; of Latin letters without accents, other scripts as they are."""
    spelt = unicodedata.normalize("NFC", name.lower()).translate(_SPELT)
    letters = []
    for sign in spelt:
        plain = unicodedata.normalize("NFKD", sign)
        is_latin = plain[0].isascii()
        letters.append("".join(each for each in plain if each.isascii() and each.isalnum()) if is_latin else sign)
    kept = "".join(letters)
    return "".join(sign for sign in kept if unicodedata.category(sign)[0] in "LMN")[:_LONGEST_PART]


def propose_sign_in_names(pupil: Pupil, seed: str, *, pseudonymous: bool) -> list[str]:
    """Sign-in names for a student in the order of preference: ``anna.smith``, ``anna.smith2``, …

    In a pseudonymous class nothing of the real name is in them: ``amber-heron-27``. ``seed`` tells classes apart.
    """
    own = f"{seed}|{pupil.external_id}|{pupil.sign_in_name}|{pupil.full_name}"
    if pseudonymous:
        drawn = (propose_pseudonym(f"account|{own}", attempt) for attempt in range(len(_NUMBERED) + _DRAWN))
        return [name.lower().replace(" ", "-") for name in drawn]
    if pupil.sign_in_name:
        return [pupil.sign_in_name]
    parts = [part for part in (_fold_part(pupil.first_name), _fold_part(pupil.last_name)) if part]
    base = ".".join(parts) if any(sign.isalnum() for part in parts for sign in part) else "student"
    digits = [int(hashlib.sha256(f"{own}|{place}".encode()).hexdigest(), 16) % 9_000 + 1_000 for place in range(_DRAWN)]
    return [base, *(f"{base}{number}" for number in _NUMBERED), *(f"{base}{number}" for number in digits)]
