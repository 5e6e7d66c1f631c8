"""Codes that people read off a board or a slip of paper and type in.

The signs are capital letters and digits without vowels (so that no code is a word) and without any two that look alike.
A code is not random in itself: it is made from the installation's secret and a nonce. So it need not be kept to be
shown again, and who has the database alone cannot make it.
"""

import hashlib
import hmac
import math
import unicodedata

ALPHABET = "CDFGHJKMNPQRTVWXY346789"
BITS_PER_SIGN = math.log2(len(ALPHABET))
LINK_SIGNS = 15
"""Of a link that lets into a class at once, and of a start password: 67 bits."""
SPOKEN_SIGNS = 9
"""Of a code that only asks to be let in: 40 bits, for a board or to be called out."""


def make_code(secret: bytes, purpose: str, nonce: str, signs: int) -> str:
    """The code of this many signs (at most 40) for a purpose and a nonce: always the same one."""
    number = int.from_bytes(hmac.digest(secret, f"{purpose}|{nonce}".encode(), "sha256"))
    drawn = []
    for _ in range(signs):
        number, place = divmod(number, len(ALPHABET))
        drawn.append(ALPHABET[place])
    return "".join(drawn)


def read_code(typed: str) -> str:
    """What somebody typed as a code has it: spaces, dashes and letter case set aside. Blank where it is no code."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(sign for sign in folded if not sign.isspace() and unicodedata.category(sign) != "Pd")
    return code if all(sign in ALPHABET for sign in code) else ""


def show_code(code: str) -> str:
    """A code in pieces that are easy to copy: ``CDFGH-JKMNP-QRTVW``, ``CDF-GHJ-KMN``."""
    size = 3 if len(code) <= SPOKEN_SIGNS else 5
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def hash_code(code: str) -> str:
    """The form in which a code is kept. It is drawn from a large space, so a plain hash is enough."""
    return hashlib.sha256(code.encode()).hexdigest()
