"""Why a picture or sound is not taken, in words for people."""

from collections.abc import Mapping
from typing import Final

from quizapp.core.media.names import is_sound
from quizapp.core.messages import Message, say

LARGEST_PICTURE: Final = 20 * 1024 * 1024
"""Bytes of a picture as it is sent; kept it is far smaller."""
LARGEST_SOUND: Final = 10 * 1024 * 1024
"""Bytes of a sound: about ten minutes of speech."""

CODES: Final[Mapping[str, str]] = {
    "bad-media-name": "The name is not that of a picture or sound: letters, digits and hyphens, with a known ending.",
    "media-too-large": "A picture of over 20 MB or too many pixels (a photo: 64 million), or a sound of over 10 MB.",
    "unreadable-media": "The file is damaged, or not what its name says.",
    "moving-picture": "The picture moves; its first image is kept.",
    "too-many-media": "A deck holds more than 5,000 pictures and sounds, or more than 500 MB of them.",
}
"""All that can be wrong with a file, by the code of the problem. The codes are stable."""


class Unfit(Exception):
    """A file that is not taken: the code of the reason, the reason, and what to do about it."""

    def __init__(self, code: str, message: Message, fix: Message) -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix


def find_limit(name: str) -> int:
    """The most bytes that a file of this name may have."""
    return LARGEST_SOUND if is_sound(name) else LARGEST_PICTURE


def damaged_picture() -> Unfit:
    """For a picture that cannot be decoded."""
    message = say("The picture is damaged: it cannot be read to its end.")
    return Unfit("unreadable-media", message, say("Open it in a picture program and save it again."))


def damaged_sound() -> Unfit:
    """For a sound whose parts do not fit together."""
    message = say("The sound is damaged, or holds something else.")
    return Unfit("unreadable-media", message, say("Open it in a sound program and save it again as MP3."))
