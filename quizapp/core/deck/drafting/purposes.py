"""A bare “to”: where it tells a purpose (“sailed to save them”), and where only what is wanted, told or possible.

English hides both behind one word. So a “to” counts only before verbs that often tell an end, and only where neither
the word right before it nor a verb that takes somebody along (“asked them to stop”) claims it.
"""

import re
from collections.abc import Iterator

from quizapp.core.deck.drafting.wordlists import split_set

_ENDS = (
    "address aid assess assist bury connect crush defuse demand destroy develop discover establish evaluate expel feed "
    "gather impress inspect intimidate investigate launch learn limit link prepare quell reward signal spy subdue "
    "survive transport unify visit watch accommodate appease arrange ask attract avenge avert avoid block boost break "
    "bring build buy calm catch celebrate check cheer clear collect combat commemorate compensate compete conceal "
    "conserve consolidate control convince coordinate counter counterbalance cover create curb cut deceive defend "
    "demonstrate deny deter discourage discuss distract divert draw earn ease educate encourage end enforce ensure "
    "entice escape evade exploit explore facilitate fight finance find finish force forestall foster free fund gain "
    "get guarantee guard halt help hide honour honor improve increase isolate join justify keep kill lure maintain "
    "make mark mask maximise maximize measure meet minimise minimize mobilise monitor negotiate observe obtain offset "
    "oppose oversee pay persuade placate please plead preserve press prevent promote prop protect protest prove "
    "provide provoke publicise punish raise rally reach reassure rebuild recover reduce regain relieve remove repay "
    "replace repel rescue resist resolve restore restrain restrict revive safeguard satisfy save search secure seize "
    "sell settle shield shore show silence simplify slow sound speed stabilise stabilize starve stem stop strengthen "
    "study supply support suppress supplement tackle take teach test thwart train treat unite uphold warn weaken win"
)
# These may stand right before a “to” that tells no purpose: what is wanted, meant, able, hard, first …
_CLAIMING = split_set(
    "able ability about according advised agreed agreement agrees allowed ambition aim aimed aims anxious appeared "
    "appears apt asked attempt attempted attempting attempts authorised authorized authority ought began begin begins "
    "begun bid bound campaign chance charge chose chosen claimed close come compelled concern continue continued "
    "continues could dared decided decision decides declined demanded desire desired desires determined difficult due "
    "duty eager easier easy effort efforts empowered enough entitled expected expects fail failed failing fails "
    "failure first fit forced free freedom glad going good had happened hard has have having hope hoped hopes hoping "
    "how idea impossible inability inclined incentive intend intended intends intention is keen known last lead "
    "leading leads learn learned learns led liable like likely long longed managed manages mandate means meant motion "
    "move mission natural necessary need needed needs obligation obliged offer offered offers opportunity order "
    "ordered permission permit permitted plan planned planning plans pledge pledged pledges possible power preferred "
    "prepared pressure pretended promise promised promises proposal proposed prone proved ready reason reasons refusal "
    "refused refuses refusing reluctance reluctant remained remains required requested resolved right said second seek "
    "seeking seeks seem seemed seems seen sought start started struggle struggled supposed sure swore task tempted "
    "tend tended tends thought threat threatened threatens time told tried tries try trying unable unlikely unwilling "
    "used vow vowed want wanted wants was way ways were what when where whether willing willingness wish wished wishes "
    "wishing vote voted"
)
# These take somebody along: “asked the mayor to stop”.
_TAKING = split_set(
    "advise advised allow allowed allowing allows appeal appealed ask asked asking asks authorise authorised "
    "authorized begged brought cause caused causes challenge challenged commanded compel compelled compels convince "
    "convinced convincing enable enabled enables enabling encourage encouraged encourages encouraging entitled expect "
    "expected expects forbade forbid forbids force forced forces forcing helped inspired instructed invite invited led "
    "motivated need needed needs obliged order ordered orders permit permits permitted persuade persuaded pressed "
    "pressured prompted pushed recommended require required requires summoned taught tell telling told tempted urge "
    "urged urges urging want wanted wants warned wish wished"
)
# “Too weak to stop it”, “the right of all to teach”: what can be done, and not what for.
_TAKING |= split_set(
    "ability attempt attempts difficult easy enough hard important impossible necessary plan plans possible right too "
    "first last only next youngest oldest"
)
_PURPOSE = re.compile(
    rf"\b(?:(?:partly|mainly|largely|chiefly|simply|just|only|merely) )?[Tt]o (?=(?:{'|'.join(_ENDS.split())})\b)"
)
_WORD = re.compile(r"[\w’-]+|[^\w\s]")
_LOOK_BACK = 120  # characters
_REACH = 7  # words between “asked” and its “to”
_FEWEST_BEFORE = 2  # words: “They came to …”
_BOUNDS = frozenset(".;:!?()—")


def _is_claimed(before: str) -> bool:
    """Whether the words before a “to” claim it: then it tells no purpose."""
    words = _WORD.findall(before)
    bound = max((at for at, word in enumerate(words) if word in _BOUNDS), default=-1)
    words = words[bound + 1 :]
    if len(words) < _FEWEST_BEFORE:
        return True
    last = words[-2] if words[-1] == "not" else words[-1]
    if last in _CLAIMING or last.endswith(("able", "ible")):
        return True
    near = words[-_REACH:]
    comma = max((at for at, word in enumerate(near) if word == ","), default=-1)
    taking = (at for at, word in enumerate(near) if at > comma and word.casefold() in _TAKING)
    return any(near[at + 1 : at + 2] != ["to"] for at in taking)


def list_purposes(text: str) -> Iterator[tuple[int, int]]:
    """Where a “to” tells a purpose: the place of its cue, and of what follows it."""
    for match in _PURPOSE.finditer(text):
        start, behind = match.start(), match.end() - 1
        is_fronted = start == 0 and "," in text[behind:]
        if is_fronted or (start and not _is_claimed(text[max(0, start - _LOOK_BACK) : start])):
            yield start, behind
