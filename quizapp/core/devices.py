"""What a browser is, in words coarse enough to tell one's own devices apart and nobody's from anybody else's.

Of what a browser says of itself (``User-Agent``), two words are kept: its kind and that of its system, without versions
or models. An iPad may call itself a Mac; nothing else tells them apart.
"""

from quizapp.core.messages import Message, say

_LONGEST = 1_000
"""Browsers say less than this; what is longer is not looked at further."""

_BROWSERS = (
    ("edge", ("Edg/", "EdgA/", "EdgiOS/", "Edge/")),
    ("opera", ("OPR/", "OPT/", "Opera")),
    ("samsung", ("SamsungBrowser/",)),
    ("firefox", ("Firefox/", "FxiOS/")),
    ("chromium", ("Chrome/", "Chromium/", "CriOS/")),
    ("safari", ("Safari/",)),
)
"""By what each is known, in the order in which to ask: the later ones' words stand in the earlier ones' too."""
_SYSTEMS = (
    ("iphone", ("iPhone", "iPod")),
    ("ipad", ("iPad",)),
    ("android", ("Android",)),
    ("chromeos", ("CrOS",)),
    ("windows", ("Windows",)),
    ("mac", ("Macintosh",)),
    ("linux", ("Linux", "X11")),
)
_NAMES = {
    "edge": "Edge",
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "firefox": "Firefox",
    "chromium": "Chrome/Chromium",
    "safari": "Safari",
    "iphone": "iPhone",
    "ipad": "iPad",
    "android": "Android",
    "chromeos": "ChromeOS",
    "windows": "Windows",
    "mac": "Mac",
    "linux": "Linux",
}
UNKNOWN = ""


def _find(said: str, kinds: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    return next((kind for kind, signs in kinds if any(sign in said for sign in signs)), UNKNOWN)


def read_device(user_agent: str) -> str:
    """What is kept of a browser: ``firefox/android``; a side that is not known is blank, all where neither is known."""
    said = user_agent[:_LONGEST]
    browser, system = _find(said, _BROWSERS), _find(said, _SYSTEMS)
    return f"{browser}/{system}" if browser or system else UNKNOWN


def name_device(device: str | None) -> Message:
    """A device as kept, in words."""
    browser, _, system = (device or "").partition("/")
    if browser in _NAMES and system in _NAMES:
        return say("%(browser)s on %(system)s", browser=_NAMES[browser], system=_NAMES[system])
    if browser in _NAMES:
        return Message(_NAMES[browser], {})
    if system in _NAMES:
        return say("a browser on %(system)s", system=_NAMES[system])
    return say("a browser")
