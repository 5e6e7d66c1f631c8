"""Pictures and sound that travel with decks: told apart by their bytes, made safe, and made small.

Nothing is believed of a file but what its bytes say. Pictures are decoded and written anew, so that neither where a
photo was taken nor anything that hides behind the picture stays; of sounds, the parts that hold no sound go.
"""

from quizapp.core.media.clean import Cleaned, clean_medium
from quizapp.core.media.names import LONGEST_NAME, PICTURES, SOUNDS, find_type, is_plain_name, is_sound, tidy_name
from quizapp.core.media.refusals import CODES, LARGEST_PICTURE, LARGEST_SOUND, find_limit

__all__ = [
    "CODES",
    "LARGEST_PICTURE",
    "LARGEST_SOUND",
    "LONGEST_NAME",
    "PICTURES",
    "SOUNDS",
    "Cleaned",
    "clean_medium",
    "find_limit",
    "find_type",
    "is_plain_name",
    "is_sound",
    "tidy_name",
]
