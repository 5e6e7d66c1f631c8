"""The names people sign in with."""

import unicodedata

from quizapp.core.errors import Invalid
from quizapp.core.messages import say

LONGEST_NAME = 80
LONGEST_KEY = 320  # a sign of Unicode may stand for eighteen others
_MARKS_IN_NAMES = frozenset(" .-_'’@+")


def clean_name(name: str) -> str:
    """The name as it is shown: one Unicode form, single spaces.

    Raises Invalid (field ``name``) for an empty or very long name, or one with signs that could deceive a reader.
    """
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not cleaned:
        raise Invalid(say("The name is missing."), {"name": say("Choose a name.")})
    if len(cleaned) > LONGEST_NAME or len(name_key(cleaned)) > LONGEST_KEY:
        raise Invalid(
            say("The name is too long."),
            {"name": say("Choose a name of at most %(count)s characters.", count=LONGEST_NAME)},
        )
    if not all(unicodedata.category(sign)[0] in "LMN" or sign in _MARKS_IN_NAMES for sign in cleaned):
        raise Invalid(
            say("The name cannot be used."),
            {"name": say("Use letters, digits, spaces and the signs . - _ ' @ + only.")},
        )
    if not any(unicodedata.category(sign)[0] in "LN" for sign in cleaned):
        raise Invalid(say("The name cannot be used."), {"name": say("The name needs at least one letter or digit.")})
    return cleaned


def name_key(name: str) -> str:
    """The form in which two names are the same person: letter case, width and runs of white space set aside.

    Signs that no name has (controls, halves of characters) become one that no name has either, so that what is typed
    at the sign-in can always be looked up.
    """
    folded = " ".join(name.split()).casefold()
    if folded.isascii() and folded.isprintable():  # nothing to set aside, as with most names of a thousand
        return folded
    folded = unicodedata.normalize("NFKC", folded)
    return "".join("\ufffd" if unicodedata.category(sign)[0] == "C" else sign for sign in folded)
