"""The common ways to write a date in each of many languages, with bars between."""

import pytest

from quizapp.core.learning.grading.dates import judge_date
from quizapp.core.learning.grading.typed import judge_typed
from quizapp.core.learning.grading.verdict import Verdict

WHOLE = """
en: 15 August 1945|August 15 1945|the 15th of Aug., 1945|15/8/1945|1945-08-15
de: 15. August 1945|am 15. August 1945|15.8.1945|15.08.45|Mittwoch, 15. August 1945|den 15.8.1945
de: 15. Aug. 1945
fr: 15 août 1945|le 15 août 1945|15/08/1945|mercredi 15 aout 1945|le mercredi 15 août 1945
fr: en 15 août 1945
es: 15 de agosto de 1945|el 15 de agosto de 1945|15 de agosto del 1945|15/8/1945
es: miércoles 15 de agosto de 1945|15 agosto 1945|a 15 de agosto de 1945
it: 15 agosto 1945|il 15 agosto 1945|mercoledì 15 agosto 1945|15/08/1945|15 ago 1945
pt: 15 de agosto de 1945|em 15 de agosto de 1945|dia 15 de agosto de 1945
pt: quarta-feira, 15 de agosto de 1945|a 15 de agosto de 1945|15 ago. 1945|15º de agosto de 1945
pt: no dia 15 de agosto de 1945
pt-BR: 15 de agosto de 1945|quarta-feira, 15 de agosto de 1945
nl: 15 augustus 1945|op 15 augustus 1945|woensdag 15 augustus 1945|15-8-1945|15 aug. 1945
nl: 15 aug 1945
pl: 15 sierpnia 1945|15 sierpnia 1945 r.|15 sierpnia 1945 roku|dnia 15 sierpnia 1945 r.
pl: środa, 15 sierpnia 1945|15 VIII 1945|15 sie 1945|15.08.1945 r.
ru: 15 августа 1945|15 августа 1945 года|15 августа 1945 г.|15.08.1945 г.|15-го августа 1945
ru: среда 15 августа 1945 г.
uk: 15 серпня 1945|15 серпня 1945 року|15 серпня 1945 р.|середа, 15 серпня 1945 року|15 серп. 1945
uk: 15.08.1945 р.|15-го серпня 1945
ar: 15 أغسطس 1945|١٥ أغسطس ١٩٤٥|15 آب 1945|15 اغسطس 1945|الأربعاء 15 أغسطس 1945|15 أغسطس عام 1945
ar: ١٥ أغسطس سنة ١٩٤٥|في 15 أغسطس 1945|15 أغسطس 1945 م|15 أغسطس من عام 1945|15/8/1945|1945/8/15
ar: 15 من أغسطس 1945|يوم 15 أغسطس 1945
zh: 1945年8月15日|1945年08月15日|1945 年 8 月 15 日|一九四五年八月十五日|1945年8月15号|1945/8/15
zh: 1945-8-15|公元1945年8月15日|1945年8月15日星期三|１９４５年８月１５日
ja: 1945年8月15日|1945年（昭和20年）8月15日|昭和20年8月15日|西暦1945年8月15日|1945年8月15日（水）
ja: 1945年8月15日水曜日|1945/08/15
ko: 1945년 8월 15일|1945년8월15일|1945. 8. 15.|1945.8.15|1945년 8월 15일 수요일|서기 1945년 8월 15일
ko: 1945-08-15
tr: 15 Ağustos 1945|15.08.1945|15 Ağustos 1945 Çarşamba|15 Ağu 1945|15 ağustos 1945'te
tr: 15 Ağustos 1945 tarihinde
vi: ngày 15 tháng 8 năm 1945|15 tháng 8 năm 1945|15 tháng 8, 1945|15/8/1945|15-8-1945|ngày 15/8/1945
vi: Ngày 15 tháng 8 năm 1945|thứ Tư, ngày 15 tháng 8 năm 1945|15 tháng Tám 1945
vi: 15 tháng Tám năm 1945|ngay 15 thang 8 nam 1945|chủ nhật, 15 tháng 8 năm 1945
"""
DAYS = """
vi: 15 tháng 8|ngày 15 tháng 8|15/8
zh: 8月15日|8月15号
ja: 8月15日
ko: 8월 15일|8월15일
de: 15.8.|am 15. August
fr: le 15 août
es: el 15 de agosto
pt: 15 de agosto
it: il 15 agosto
nl: 15 augustus
pl: 15 sierpnia
ru: 15 августа
uk: 15 серпня
ar: 15 أغسطس
tr: 15 Ağustos
"""
MONTHS = """
vi: tháng 8 năm 1945|tháng 8/1945|8/1945
zh: 1945年8月
ja: 1945年8月
ko: 1945년 8월
de: im August 1945|August 1945
fr: en août 1945|août 1945
es: agosto de 1945|en agosto de 1945
pt: agosto de 1945|em agosto de 1945
it: nell'agosto 1945|agosto 1945|nell'agosto del 1945
nl: in augustus 1945
pl: sierpień 1945|w sierpniu 1945|w sierpniu 1945 r.
ru: август 1945|в августе 1945|в августе 1945 года
uk: серпень 1945|у серпні 1945
ar: أغسطس 1945|في أغسطس 1945
tr: Ağustos 1945
"""
YEARS = """
vi: năm 1945|1945
zh: 1945年|公元1945年|一九四五年
ja: 1945年|西暦1945年
ko: 1945년|서기 1945년
de: im Jahr 1945|im Jahre 1945|1945 n. Chr.|Jahr 1945
fr: en 1945|l'an 1945|en l'an 1945|l'année 1945|1945 ap. J.-C.|1945 apr. J.-C.
fr: 1945 après Jésus-Christ
es: en 1945|en el año 1945|1945 d. C.|1945 d.C.|año 1945
pt: em 1945|no ano de 1945|1945 d.C.|ano 1945
it: nel 1945|1945 d.C.|anno 1945|l'anno 1945|nell'anno 1945
nl: in 1945|jaar 1945|in het jaar 1945|1945 n.Chr.
pl: w 1945|w roku 1945|1945 r.|w 1945 roku|rok 1945|1945 n.e.
ru: в 1945 году|1945 год|1945 г.|1945 н. э.
uk: у 1945 році|1945 рік|1945 р.|в 1945|1945 н. е.
ar: عام 1945|سنة ١٩٤٥|في عام 1945|1945 م|1945م|1945 ميلادي
tr: 1945 yılında|1945 yılı|MS 1945|1945'te
"""
BEFORE_CHRIST = """
en: 44 BC|44 B.C.|44 BCE|44 b.c.e.|-44|44 before Christ|44 before the Common Era|BC 44
de: 44 v. Chr.|44 v.Chr.|44 vor Christus|44 v. u. Z.|im Jahr 44 v. Chr.
fr: 44 av. J.-C.|44 av. JC|44 avant J.-C.|44 avant Jésus-Christ|en 44 av. J.-C.|-44
es: 44 a. C.|44 a.C.|44 antes de Cristo|44 aC|44 a. de C.
pt: 44 a.C.|44 antes de Cristo
it: 44 a.C.|44 avanti Cristo|44 prima di Cristo|nel 44 a.C.
nl: 44 v.Chr.|44 voor Christus
pl: 44 p.n.e.|44 przed Chrystusem|44 r. p.n.e.|44 przed naszą erą
ru: 44 до н. э.|44 год до н.э.|44 г. до н. э.|44 до нашей эры|44 до Рождества Христова
uk: 44 до н. е.|44 рік до н.е.|44 р. до н. е.|44 до нашої ери
ar: 44 ق.م|44 ق م|44 قبل الميلاد|٤٤ ق.م.
zh: 公元前44年|前44年
ja: 紀元前44年|前44年
ko: 기원전 44년
tr: MÖ 44|M.Ö. 44|İÖ 44
vi: 44 TCN|năm 44 TCN|44 trước Công nguyên
"""


@pytest.mark.parametrize(
    ("table", "answer", "other"),
    [
        (WHOLE, "15 August 1945", "16 August 1945"),
        (DAYS, "15 August", "15 July"),
        (MONTHS, "August 1945", "August 1946"),
        (YEARS, "1945", "1954"),
        (BEFORE_CHRIST, "44 BC", "44"),
    ],
    ids=["whole", "days", "months", "years", "before-christ"],
)
def test_a_date_is_read_as_its_language_writes_it(table: str, answer: str, other: str) -> None:
    rows = [line.partition(": ") for line in table.strip().splitlines()]
    cases = [(language, typed) for language, _, row in rows for typed in row.split("|")]
    assert [case for case in cases if judge_date(case[1], [answer], case[0]).verdict is not Verdict.RIGHT] == []
    assert [case for case in cases if judge_date(case[1], [other], case[0]).verdict is Verdict.RIGHT] == []


@pytest.mark.parametrize(
    ("typed", "answer", "language"),
    [
        ("tháng 12 năm 1946", "December 1946", "vi"),
        ("tháng mười hai năm 1946", "12/1946", "vi"),
        ("tháng Năm năm 1954", "5/1954", "vi"),
        ("7 تشرين الأول 1973", "7 October 1973", "ar"),
        ("20 كانون الثاني 2009", "20 January 2009", "ar"),
        ("二〇〇一年十二月二十一日", "21 December 2001", "zh"),
        ("令和元年5月1日", "1 May 2019", "ja"),
        ("明治45年", "1912", "ja"),
    ],
)
def test_months_and_years_with_names_of_their_own(typed: str, answer: str, language: str) -> None:
    assert judge_date(typed, [answer], language).verdict is Verdict.RIGHT


@pytest.mark.parametrize("typed", ["二三十五年", "1945年以前", "tháng 13 năm 1945", "十十年", "1945 tháng"])
def test_what_is_no_date_or_another_is_not_taken_for_one(typed: str) -> None:
    for language in ("zh", "vi"):
        assert judge_date(typed, ["1945", "15", "35"], language).verdict is not Verdict.RIGHT


def test_a_date_of_east_asia_is_right_in_its_other_forms_where_text_is_asked() -> None:
    assert judge_typed("1945/8/15", ["1945年8月15日"], "ja").verdict is Verdict.RIGHT
    assert judge_typed("1945/8/16", ["1945年8月15日"], "ja").verdict is Verdict.WRONG
