"""Which language a text is in, guessed from its script and its commonest words; only to fill in a form."""

import re
from collections import Counter

_START = 20_000
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_COMMON = {
    "en": "the of and to in is that it was for on are with as at this have from by not be or which",
    "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an",
    "fr": "le la les des et du une est que dans qui par pour sur pas au il ne se ce plus avec sont",
    "es": "el la los las y en que del un una por con para se no es al lo como más su sus fue",
    "it": "il di che la e per un una del della non sono con si le da dei nel alla anche è gli più",
    "pt": "o a os as e do da que em um uma para com não por se mais dos das no na foi ao é",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als bij door maar",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_FEWEST = 3


def guess_language(text: str) -> str:
    """A language as BCP 47 names it; blank where nothing tells."""
    start = text[:_START]
    letters = sum(map(len, _WORD.findall(start)))
    for language, script in _SCRIPTS:
        if letters and len(script.findall(start)) * 3 > letters:
            return language
    words = Counter(_WORD.findall(start.lower()))
    counts = {language: sum(words[word] for word in common) for language, common in _WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= _FEWEST else ""
