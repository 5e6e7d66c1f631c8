"""Words that are one or two letters apart and mean different things: not slips, but mistakes."""

from quizapp.core.learning.grading.commonwords import COMMON_WORDS

# Beginnings and endings that turn the meaning round when the rest of the word stays the same.
_PREFIXES = (
    ("hyper", "hypo"),
    ("inter", "intra"),
    ("macro", "micro"),
    ("endo", "exo"),
    ("anti", "ante"),
    ("emi", "immi"),
    ("im", "ex"),
    ("in", "ex"),
    ("in", "de"),
    ("uni", "bi"),
    ("bi", "tri"),
    ("pre", "pro"),
)
_SUFFIXES = (
    ("er", "ee"),
    ("or", "ee"),
    ("ate", "ite"),
    ("ide", "ite"),
    ("ide", "ate"),
    ("ane", "ene"),
    ("ane", "yne"),
    ("ene", "yne"),
    ("ism", "ist"),
    ("ose", "ase"),
)
_NEGATIONS = ("co", "de", "il", "im", "in", "ir", "re", "un")
_OPPOSITES = (("east", "west"), ("north", "south"))
_FAMILY = 6  # letters at the start that show two words to be of one family
_ENDINGS = frozenset({"al", "an", "d", "ed", "es", "ing", "ly", "n", "s"})

_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion "
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth "
    "ninetieth hundredth thousandth millionth billionth trillionth"
)
_GROUPS = (
    _NUMBERS,
    "australia austria",
    "australian austrian",
    "gambia zambia",
    "gambian zambian",
    "guiana guinea guyana",
    "iceland ireland",
    "mauritania mauritius",
    "mauritanian mauritian",
    "nigerian nigerien",
    "prussia russia",
    "prussian russian",
    "slovakia slovenia",
    "slovakian slovenian",
    "assyria syria",
    "crime crimea",
    "delhi delphi",
    "granada grenada",
    "iberia liberia siberia",
    "isi isis",
    "koran korean",
    "manet monet",
    "plato pluto",
    "sedan sudan",
    "abiotic biotic",
    "absorb adsorb",
    "absorption adsorption",
    "accept except",
    "affect effect",
    "afferent efferent",
    "affluent effluent",
    "aid aids",
    "allusion illusion",
    "amoral moral morale",
    "anion cation onion",
    "apolitical political",
    "arm arms",
    "asexual sexual",
    "asymmetric symmetric",
    "asymmetrical symmetrical",
    "atheism theism",
    "atheist theist",
    "atypical typical",
    "casual causal",
    "complement compliment",
    "cooperation corporation",
    "content contents",
    "conversation conversion",
    "council counsel",
    "country county",
    "custom customs",
    "delegation relegation",
    "desert dessert",
    "electron election electrons elections",
    "elicit illicit",
    "emigrant immigrant migrant",
    "emigrate immigrate migrate",
    "eminent imminent",
    "devolution evolution revolution",
    "evolutionary revolutionary",
    "expand expend",
    "first fist",
    "forth fourth",
    "glass glasses",
    "good goods",
    "gorilla guerilla guerrilla",
    "immoral immortal",
    "ingenious ingenuous",
    "inhabit inhibit",
    "insulate isolate",
    "insulation isolation",
    "mar mars",
    "marital marshal martial",
    "mean means",
    "mucous mucus",
    "naval navel",
    "neuron neutron",
    "new news",
    "ordinance ordnance",
    "pain pains",
    "persecute prosecute",
    "persecution prosecution",
    "personal personnel",
    "photon proton",
    "principal principle",
    "stalactite stalagmite",
    "stationary stationery",
    "stature statue status statute",
    "topical tropical",
    "work works",
)
_GROUP_OF = {word: number for number, group in enumerate(_GROUPS) for word in group.split()}


def _swaps(one: str, other: str, prefixes: tuple[str, str]) -> bool:
    first, second = prefixes
    return one.startswith(first) and other.startswith(second) and one[len(first) :] == other[len(second) :]


def _differ_in_one_part(one: str, other: str) -> bool:
    if any(one == negation + other for negation in _NEGATIONS):
        return True
    if any(_swaps(one, other, prefixes) for prefixes in _PREFIXES):
        return True
    if any(_swaps(one[::-1], other[::-1], (first[::-1], second[::-1])) for first, second in _SUFFIXES):
        return True
    return any(here in one and one.replace(here, there) == other for here, there in _OPPOSITES)


def _is_common(word: str) -> bool:
    return word in COMMON_WORDS or (word.endswith("s") and word[:-1] in COMMON_WORDS)


def _are_of_one_family(one: str, other: str) -> bool:
    """Whether one word is a form of the other ("change", "changed"), or both have a long beginning in common."""
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS:
        return True
    return one[:_FAMILY] == other[:_FAMILY]


def mean_different_things(one: str, other: str) -> bool:
    """Whether two different simplified words are both words, known to be taken for each other.

    Known are lists of such words, beginnings and endings that turn the meaning round, and any two common English words
    that are not of one family.
    """
    group = _GROUP_OF.get(one)
    if group is not None and group == _GROUP_OF.get(other):
        return True
    if _is_common(one) and _is_common(other) and not _are_of_one_family(one, other):
        return True
    return _differ_in_one_part(one, other) or _differ_in_one_part(other, one)
