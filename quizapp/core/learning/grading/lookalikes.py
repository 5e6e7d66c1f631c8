"""Words that are one or two letters apart and mean different things: not slips, but mistakes."""

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
)
_NEGATIONS = ("de", "il", "im", "in", "ir", "un")

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
    "abiotic biotic",
    "absorb adsorb",
    "absorption adsorption",
    "accept except",
    "affect effect",
    "afferent efferent",
    "affluent effluent",
    "allusion illusion",
    "amoral moral morale",
    "apolitical political",
    "asexual sexual",
    "asymmetric symmetric",
    "asymmetrical symmetrical",
    "atheism theism",
    "atheist theist",
    "atypical typical",
    "casual causal",
    "complement compliment",
    "cooperation corporation",
    "council counsel",
    "country county",
    "delegation relegation",
    "desert dessert",
    "elicit illicit",
    "eminent imminent",
    "expand expend",
    "marital marshal martial",
    "mucous mucus",
    "naval navel",
    "ordinance ordnance",
    "personal personnel",
    "principal principle",
    "stalactite stalagmite",
    "stationary stationery",
    "stature statue status statute",
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
    return any(_swaps(one[::-1], other[::-1], (first[::-1], second[::-1])) for first, second in _SUFFIXES)


def mean_different_things(one: str, other: str) -> bool:
    """Whether two different simplified words are both words, known to be taken for each other."""
    group = _GROUP_OF.get(one)
    if group is not None and group == _GROUP_OF.get(other):
        return True
    return _differ_in_one_part(one, other) or _differ_in_one_part(other, one)
