"""One file of a deck, made fit to be kept: the only way in for pictures and sound."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizapp.core.media.isomedia import clean_m4a
from quizapp.core.media.mpeg import clean_mp3
from quizapp.core.media.names import find_ending, find_type, is_plain_name, is_sound
from quizapp.core.media.ogg import clean_ogg
from quizapp.core.media.refusals import Unfit, find_limit
from quizapp.core.media.riff import clean_wav
from quizapp.core.media.sniffing import find_format
from quizapp.core.messages import Message, say
from quizapp.core.problem import Problem, Severity
from quizapp.later import load_later

if TYPE_CHECKING:
    from quizapp.core.media import pictures
else:
    pictures = load_later("quizapp.core.media.pictures")

_SOUND_CLEANERS = {"mp3": clean_mp3, "ogg": clean_ogg, "wav": clean_wav, "m4a": clean_m4a}
_SOUND_FORMATS = {"mp3": "mp3", "ogg": "ogg", "oga": "ogg", "opus": "ogg", "wav": "wav", "m4a": "m4a"}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A picture or sound as it is kept. ``width`` and ``height`` are pixels, 0 for a sound; ``problems`` warn only."""

    name: str
    data: bytes
    media_type: str
    width: int = 0
    height: int = 0
    problems: tuple[Problem, ...] = ()


def _tell(file: str, code: str, message: Message, fix: Message, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(file, 1, 1, code, message, fix, severity)


def _clean_sound(name: str, data: bytes, media_type: str) -> Cleaned:
    found, wanted = find_format(data), _SOUND_FORMATS[find_ending(name)]
    if found != wanted:
        if found in _SOUND_CLEANERS:
            message = say("The name says %(wanted)s, and the file is %(found)s.", wanted=wanted, found=found)
            raise Unfit("unreadable-media", message, say("Let the name end in .%(found)s.", found=found))
        message = say("This is not an MP3, Ogg, WAV or M4A sound.")
        raise Unfit("unreadable-media", message, say("Save the sound as MP3."))
    return Cleaned(name, _SOUND_CLEANERS[wanted](data), media_type)


def _clean_picture(name: str, data: bytes, media_type: str, file: str) -> Cleaned:
    picture = pictures.clean_picture(name, data)
    problems: tuple[Problem, ...] = ()
    if picture.moved:
        message = say("The picture moves: only its first image is kept, since readers could not stop it.")
        fix = say("Save the image that matters as PNG.")
        problems = (_tell(file, "moving-picture", message, fix, Severity.WARNING),)
    return Cleaned(name, picture.data, media_type, picture.width, picture.height, problems)


def _clean(name: str, data: bytes, file: str) -> Cleaned:
    media_type = find_type(name)
    if media_type is None or not is_plain_name(name):
        message = say("“%(name)s” is not the name of a picture or sound that can be kept.", name=name[:100])
        fix = say("Use letters, digits and hyphens, and .png, .jpg, .gif, .webp, .mp3, .ogg, .opus, .wav or .m4a.")
        raise Unfit("bad-media-name", message, fix)
    limit = find_limit(name)
    if len(data) > limit:
        message = say("The file is larger than %(count)s MB.", count=limit // 1024 // 1024)
        fix = say("Cut the sound, or save it as MP3.") if is_sound(name) else say("Save the picture smaller, as JPEG.")
        raise Unfit("media-too-large", message, fix)
    return _clean_sound(name, data, media_type) if is_sound(name) else _clean_picture(name, data, media_type, file)


def clean_medium(name: str, data: bytes, file: str = "") -> Cleaned | Problem:
    """A picture or sound made fit to be kept under this name, or why it cannot be.

    A picture becomes what its name says (``.png``, ``.jpg`` …), whatever kind of picture it was; a sound must be what
    its name says. ``file`` is what a problem names as its file; the name, where it is blank.
    """
    try:
        return _clean(name, data, file or name)
    except Unfit as unfit:
        return _tell(file or name, unfit.code, unfit.message, unfit.fix)
