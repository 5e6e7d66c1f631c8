"""The names of pictures and sounds: plain ones, whose ending says what the file is."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

LONGEST_NAME: Final = 100

PICTURES: Final[Mapping[str, str]] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}
"""The endings of pictures, and what each is called on the web."""
SOUNDS: Final[Mapping[str, str]] = {
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
}
"""The endings of sounds, and what each is called on the web."""

_PLAIN = re.compile(r"\w[\w .,+'()-]*\.[A-Za-z0-9]+")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def find_ending(name: str) -> str:
    """The ending of a file's name, in small letters and without its dot; blank where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def find_type(name: str) -> str | None:
    """What the web calls a file of this name; None where it is neither a picture nor a sound that is taken."""
    ending = find_ending(name)
    return PICTURES.get(ending) or SOUNDS.get(ending)


def is_sound(name: str) -> bool:
    """Whether a file of this name is a sound."""
    return find_ending(name) in SOUNDS


def is_plain_name(name: str) -> bool:
    """Whether this is the name of a file and nothing else: no folder, no sign that hides or leads elsewhere."""
    return (
        len(name) <= LONGEST_NAME
        and _PLAIN.fullmatch(name) is not None
        and ".." not in name
        and unicodedata.is_normalized("NFC", name)
    )


def tidy_name(name: str, taken: Collection[str] = ()) -> str:
    """A plain name for a file that somebody sends, like the name it has there: small letters, digits and hyphens.

    Its folder is left away; where the name is ``taken``, a number tells it apart. The ending stays as it is.
    """
    last = re.split(r"[/\\]", name)[-1]
    stem, ending = (last.rpartition(".")[0], find_ending(last)) if "." in last else (last, "")
    folded = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    plain = _NOT_IN_NAMES.sub("-", folded).strip("-")[: LONGEST_NAME // 2] or "file"
    tail = "." + _NOT_IN_NAMES.sub("", ending)[:10] if ending else ""
    number, chosen = 1, f"{plain}{tail}"
    while chosen in taken:
        number += 1
        chosen = f"{plain}-{number}{tail}"
    return chosen
