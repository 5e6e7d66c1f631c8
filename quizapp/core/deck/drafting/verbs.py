"""Verbs of English texts: enough forms to turn a statement into a question, and no guess about the others."""

from collections.abc import Mapping
from typing import Final

from quizapp.core.deck.drafting.wordlists import split_set

AUXILIARIES: Final = split_set(
    "am are can could did do does had has have is may might must shall should was were will would"
)
_IRREGULAR = (
    "arose/arise became/become began/begin bent/bend bit/bite blew/blow bound/bind bred/breed broke/break "
    "brought/bring built/build burnt/burn bought/buy came/come caught/catch chose/choose clung/cling dealt/deal "
    "drank/drink drew/draw drove/drive dug/dig ate/eat fell/fall fed/feed felt/feel fled/flee flew/fly "
    "forbade/forbid forgave/forgive forgot/forget fought/fight found/find froze/freeze gave/give got/get "
    "grew/grow heard/hear held/hold hid/hide hung/hang kept/keep knew/know laid/lay led/lead left/leave lent/lend "
    "lost/lose made/make meant/mean met/meet overcame/overcome overthrew/overthrow overtook/overtake paid/pay ran/run "
    "rang/ring rode/ride rose/rise said/say sang/sing sank/sink sat/sit saw/see sent/send shook/shake shot/shoot "
    "shrank/shrink slept/sleep sold/sell sought/seek spent/spend spoke/speak sprang/spring stole/steal "
    "stood/stand struck/strike swam/swim swore/swear taught/teach told/tell took/take thought/think threw/throw "
    "tore/tear understood/understand undertook/undertake went/go withdrew/withdraw won/win wore/wear wrote/write"
)
_WITH_E = (
    "accuse achieve acquire advise agree announce approve argue arrange arrive assume assure believe bribe cause "
    "cease celebrate challenge change charge circulate close collaborate collapse combine commence compare "
    "compete complete compose compromise conclude continue contribute convince create cripple criticise damage "
    "date debate decide declare decline decrease dedicate define demonstrate deprive describe deserve desire "
    "determine devote die disintegrate dissolve distribute divide dominate double educate eliminate emerge "
    "emphasise enable encourage endorse endure engage ensure escape estimate evacuate evolve exchange exclude "
    "execute explore expose fire force free guarantee guide handle hesitate hope house ignore illustrate imagine "
    "improve include increase influence initiate inspire introduce invade invite involve isolate issue judge like "
    "live locate love manage merge mine move name negotiate nominate note notice oblige observe operate oppose "
    "organise organize outline persuade place please pledge practise prepare preside produce promise promote "
    "propose prove provide provoke publicise purchase pursue raise range realise realize receive recognise "
    "recognize reduce refuse release remove rename replace reproduce require rescue reserve resolve restore "
    "retire reunite revise revive rule sabotage sacrifice save scare schedule secure seize separate serve settle "
    "shape share solve stabilise stage state store struggle subscribe supervise suppose surprise survive suspense "
    "telephone tolerate trade translate unite update urge use value vote wage waste welcome"
)
_PLAIN = (
    "abandon abolish absorb accept accompany adapt add address admire adopt advance affect allow amount annex "
    "answer appeal appear appoint approach arrest ask assault assemble assert assist attach attack attempt attend "
    "attract avoid award back belong benefit block board bomb borrow boycott call campaign claim collect command "
    "comment condemn conduct confess confirm conquer consider consist construct contact contain contest convert "
    "cover crash cross crush defeat defend delay deliver demand demolish depart depend deploy deport design "
    "despair destroy detect develop differ direct disappear discover discuss dismiss display distinguish document "
    "doubt earn elect employ enact end enforce enjoy enlist enter establish examine exceed exist expand expect "
    "experiment explain exploit export express extend extract fail fasten favour fear fill finish flourish focus "
    "follow form found gain garner gather grant guard halt hand happen harass harm help honour implement import "
    "impress infect inform inherit insist install intend invent invest join jump kill knock lack land last laugh "
    "launch lift link list look march mark matter mention murder need obey object obtain offer open order own "
    "paint perform persist plant play point predict present press prevent print proceed proclaim profit progress "
    "prohibit protect protest publish pull push question rally reach react recall reckon recommend record recover "
    "recruit reform regain register reign reject relax remain remark remember repair repeal repeat report "
    "represent request resign resist respond rest restrict result retain retreat return reveal reward sail select "
    "shift shoulder shout sign smash sound spark spell spoil stay strengthen succeed suffer suggest support "
    "surrender suspect suspend switch talk tend test threaten touch train transform travel treat trigger turn "
    "vanish visit wait walk want warn watch weaken wish witness work worsen"
)
_DOUBLED = (
    "admit ban commit compel control equip expel grab occur permit plan plot refer rob ship sin stop strip "
    "transmit trap"
)
_IN_Y = (
    "accompany apply bury carry copy deny diversify dry empty fortify identify justify marry multiply occupy "
    "qualify rally ratify rely reply satisfy supply terrify testify try unify worry"
)


def _list_past() -> dict[str, str]:
    past = dict(pair.split("/") for pair in _IRREGULAR.split())
    past |= {f"{verb}d": verb for verb in _WITH_E.split()}
    past |= {f"{verb}ed": verb for verb in _PLAIN.split()}
    past |= {f"{verb}{verb[-1]}ed": verb for verb in _DOUBLED.split()}
    past |= {f"{verb[:-1]}ied": verb for verb in _IN_Y.split()}
    return past


PAST: Final[Mapping[str, str]] = _list_past()
BASES: Final = frozenset(PAST.values())


def find_base(word: str) -> str | None:
    """The base form of a past form that is known; None for any other word."""
    return PAST.get(word)


def _present(base: str) -> str:
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{base}es"
    return f"{base[:-1]}ies" if base.endswith("y") and base[-2:-1] not in "aeou" else f"{base}s"


PRESENT: Final[Mapping[str, str]] = {_present(base): base for base in PAST.values()}


def find_base_of_present(word: str) -> str | None:
    """The base form of a third person that is known; None for any other word."""
    return PRESENT.get(word)
