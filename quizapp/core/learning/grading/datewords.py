"""How languages write dates: the words around them, eras, more names of months, and the signs of East Asia.

All words are as folding leaves them: in small letters, without accents and apostrophes.
"""

import re
from collections.abc import Mapping

ENGLISH_MONTHS = "january february march april may june july august september october november december"
_EVERYWHERE = (
    "the of in on at year st nd rd th ad ce "
    "am im den der dem das vom jahr jahre le la el del de du en an ano al il nel di dia em op o er "
    "re e eme г года году в "
    "c ca circa about around approximately approx roughly exactly late early mid month day date"
)
_OF_LANGUAGES = {
    "ar": "عام سنه سنة في من يوم شهر ميلادي ميلادية",
    "es": "a los",
    "fr": "lan annee lannee",
    "it": "anno lanno nellanno dellanno",
    "nl": "het jaar",
    "pl": "r roku rok dnia w we",
    "pt": "a no na do",
    "ru": "год го числа",
    "tr": "yilinda yili tarihinde tarihi gunu",
    "uk": "р року рік році у в го",
    "vi": "ngay nam mung mong vao",
}
_MORE_MONTHS = {
    "ar": (
        "جانفي فيفري مارس افريل ماي جوان جويلية اوت سبتمبر اكتوبر نوفمبر ديسمبر",
        "كانون+الثاني شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين+الاول تشرين+الثاني كانون+الاول",
        "يناير فبراير مارس ابريل ماي يونيو يوليوز غشت شتنبر اكتوبر نونبر دجنبر",
    ),
    "pl": ("styczniu lutym marcu kwietniu maju czerwcu lipcu sierpniu wrzesniu pazdzierniku listopadzie grudniu",),
    "ru": ("январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",),
    "uk": ("січні лютому березні квітні травні червні липні серпні вересні жовтні листопаді грудні",),
}

_BEFORE_AND_AFTER = {
    "": (
        r"before christ|before (?:the )?common era|v\. ?chr|av\. ?j\.? ?-? ?c|до н\. ?э",
        r"anno domini|after christ|n\. ?chr|ap\. ?j\.? ?-? ?c|н\. ?э",
    ),
    "ar": ("ق\\. ?م|ق م|قبل الميلاد", "بعد الميلاد|(?<=\\d) ?م"),
    "de": (r"vor christus|v\. ?u\. ?z|vor unserer zeit(?:rechnung)?", r"nach christus|n\. ?u\. ?z"),
    "es": (r"a\. ?(?:de )?c|ac|antes de cristo", r"d\. ?(?:de )?c|dc|despues de cristo"),
    "fr": (
        r"av(?:ant)?\.? ?j\.? ?-? ?c|avant jesus-? ?christ|avant notre ere",
        r"ap(?:r|res)?\.? ?j\.? ?-? ?c|apres jesus-? ?christ|de notre ere",
    ),
    "it": (r"a\. ?c|ac|avanti cristo|prima di cristo", r"d\. ?c|dc|dopo cristo"),
    "ja": ("紀元前|西暦前|前", "西暦"),
    "ko": ("기원전", "서기|기원후"),
    "nl": ("voor christus", "na christus"),
    "pl": (r"p\. ?n\. ?e|pne|przed chrystusem|przed nasza era", r"n\. ?e|naszej ery|po chrystusie"),
    "pt": (r"a\. ?(?:de )?c|ac|antes de cristo", r"d\. ?(?:de )?c|dc|depois de cristo"),
    "ru": (r"до нашеи эры|до рождества христова|до р\. ?х", "нашеи эры"),
    "tr": (r"m\. ?o|mo|i\. ?o|io|milattan once", r"m\. ?s|ms|i\. ?s|milattan sonra"),
    "uk": (r"до н\. ?е|до нашоі ери", r"н\. ?е|нашоі ери"),
    "vi": ("tcn|truoc cong nguyen", "scn|sau cong nguyen|cong nguyen"),
    "zh": ("公元前|西元前|前", "公元|西元"),
}
# A numeral may stand right behind an East Asian word.
_EAST_ASIA = frozenset({"ja", "ko", "zh"})
_NO_SPACES = _EAST_ASIA | {"ar"}


def _compile_eras(language: str) -> re.Pattern[str]:
    pairs = {_BEFORE_AND_AFTER[language], _BEFORE_AND_AFTER[""]}
    before, after = ("|".join(words) for words in zip(*pairs, strict=True))
    start = "" if language in _NO_SPACES else r"\b"
    end = "" if language in _EAST_ASIA else r"(?!\w)\.?"
    return re.compile(f"{start}(?:({before})|(?:{after})){end}")


_ERAS: Mapping[str, re.Pattern[str]] = {language: _compile_eras(language) for language in _BEFORE_AND_AFTER}

_SIGNS = str.maketrans({"年": "-", "月": "-", "日": " ", "号": " ", "號": " ", "년": "-", "월": "-", "일": " "})
_WEEKDAYS = re.compile(
    r"(?:星期|周|週|礼拜)[一二三四五六日天]|[(（]?[月火水木金土日](?:曜日?|[)）])[)）]?|[월화수목금토일]요일"
)
_REIGNS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
_REIGN = re.compile(rf"({'|'.join(_REIGNS)})(\d{{1,2}}|元)年")
_BESIDE = re.compile(r"(?<=年)[(（][^()（）]*[)）]")
_NUMERAL = re.compile("[〇零一二三四五六七八九十]{1,4}(?=[年月日号號])")
_CHINESE_DIGITS = {"〇": 0} | {sign: number for number, sign in enumerate("零一二三四五六七八九")}

_ONES = ("gieng", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi")
_MORE_THAN_TEN = {"mot": 1, "muoi mot": 11, "muoi hai": 12, "chap": 12}
_VIETNAMESE = {name: number for number, name in enumerate(_ONES, start=1)} | _MORE_THAN_TEN
_VIETNAMESE_MONTH = re.compile(rf"\bthang (muoi mot|muoi hai|{'|'.join(_VIETNAMESE)}|0?[1-9]|1[0-2])\b")
_VIETNAMESE_DAY = re.compile(r"\b(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\b")
_TURKISH_ENDING = re.compile(r"(?<=\d)(?:[td][ea]n?|n?[iu]n|y?[ea])\b")
_ITALIAN_ELISION = re.compile(r"\b(?:nell|dell|dall|all|l)(?=agosto|aprile|ottobre)")
_ALEFS = str.maketrans("أإآ", "ااا")


def _get_primary(language: str) -> str:
    return language.casefold().split("-")[0]


def list_fillers(language: str) -> frozenset[str]:
    """The little words of a date that say nothing, in all languages and in this one."""
    return frozenset(f"{_EVERYWHERE} {_OF_LANGUAGES.get(_get_primary(language), '')}".split())


def list_more_months(language: str) -> Mapping[str, int]:
    """Names of months, with their numbers, beyond those of the calendar data."""
    lines = _MORE_MONTHS.get(_get_primary(language), ())
    return {name: number for line in lines for number, name in enumerate(line.split(), start=1)}


def fold_name(name: str, language: str) -> str:
    """A plain name as it is compared: Arabic is often typed with a bare alef."""
    return name.translate(_ALEFS) if _get_primary(language) == "ar" else name


def _read_chinese(found: re.Match[str]) -> str:
    tens, ten, ones = found[0].rpartition("十")
    if not ten:
        return "".join(str(_CHINESE_DIGITS[sign]) for sign in found[0])
    if len(tens) > 1 or len(ones) > 1:
        return found[0]
    return str(10 * _CHINESE_DIGITS.get(tens, 1) + _CHINESE_DIGITS.get(ones, 0))


def _read_reign(found: re.Match[str]) -> str:
    year = 1 if found[2] == "元" else int(found[2])
    return f"{_REIGNS[found[1]] + year - 1}年"


def write_signs(text: str) -> str:
    """A text as it was typed with hyphens for the signs of East Asia: "1945年8月15日" is "1945-8-15 "."""
    if text.isascii():
        return text
    text = _REIGN.sub(_read_reign, _BESIDE.sub("", text))
    return _NUMERAL.sub(_read_chinese, _WEEKDAYS.sub(" ", text)).translate(_SIGNS)


def write_words(text: str, language: str) -> str:
    """A plain text with its era as "bc" or "ad", and with months and years free of what a language ties to them."""
    primary = _get_primary(language)
    text = _ERAS.get(primary, _ERAS[""]).sub(lambda found: " bc " if found[1] else " ad ", fold_name(text, language))
    if primary == "vi":
        text = _VIETNAMESE_DAY.sub(" ", text)
        return _VIETNAMESE_MONTH.sub(
            lambda found: ENGLISH_MONTHS.split()[int(_VIETNAMESE.get(found[1], found[1])) - 1], text
        )
    if primary == "ar":
        return re.sub(r"(كانون|تشرين) ", r"\1+", text)
    if primary == "tr":
        return _TURKISH_ENDING.sub("", text)
    return _ITALIAN_ELISION.sub("", text) if primary == "it" else text
