"""A table of answers as a person would judge them: words.

In each row: the answer of the card, and what was typed that is right, almost right, and not right, with bars between.
"""

import pytest

from quizapp.core.learning.grading.typed import judge_typed
from quizapp.core.learning.grading.verdict import Verdict

TABLE = [
    (
        "Pyongyang",
        "pyongyang|PYONGYANG| Pyongyang |Pyongyang!|“Pyongyang”|«Pyongyang»|Pyong-yang|Pyong yang|Pyongyang.",
        "Pyonyang|Pyongynag|Pyeongyang",
        "Pyeongchang",
    ),
    ("São Paulo", "Sao Paulo|Sa\u0303o Paulo|SÃO PAULO", "", ""),
    ("Zürich", "Zuerich|Zurich", "", ""),
    ("Müller", "Mueller", "", ""),
    ("Łódź", "Lodz", "", ""),
    ("naïve", "naive", "", ""),
    ("café", "cafe\xb4|café", "", ""),
    ("Straße", "Strasse", "", ""),
    ("Ångström", "Angstrom|Å\u0308ngström", "", ""),
    ("İstanbul", "istanbul", "", ""),
    ("Istanbul", "ISTANBUL|\u0131stanbul|İstanbul", "", ""),
    ("Don't know", "don’t know|dont know", "", ""),
    ("Hawai'i", "Hawaiʻi|Hawaii", "", ""),
    ("O'Brien", "OBrien|O Brien", "", ""),
    ("King's Cross", "Kings Cross", "", ""),
    ("e-mail", "email", "", ""),
    ("e\u2011mail", "e-mail", "", ""),
    ("co-operation", "cooperation", "", ""),
    ("Jean–Paul", "Jean-Paul", "", ""),
    (
        "North Korea",
        "North  Korea|NorthKorea|the North Korea",
        "North Koera|Nort Korea",
        "South Korea|Korea|North Korea and China|not North Korea|N. Korea",
    ),
    ("the United Nations", "United Nations", "", ""),
    ("United Nations", "The United Nations", "United Nation", "the UN"),
    ("UN", "U. N.|U N|the U.N.", "", "EU"),
    ("USA", "U.S.A.", "", ""),
    ("U.S.", "US|us", "", ""),
    ("UK", "U.K", "", ""),
    ("NATO", "N.A.T.O.|Nato", "", "NAFTA"),
    ("St. Petersburg", "St Petersburg|Saint Petersburg", "", ""),
    ("Mt. Everest", "Mount Everest", "", ""),
    ("Dr. King", "Dr King|Doctor King", "", ""),
    ("Mount Everest", "Mt Everest", "", ""),
    ("Saint Petersburg", "St. Petersburg", "", ""),
    ("Washington, D.C.", "Washington DC", "", ""),
    ("sanctions", "", "sanction", ""),
    ("sanction", "", "sanctions", ""),
    ("missile", "", "missiles", ""),
    ("treaty", "", "treaties", "treatment"),
    ("cat", "", "cats", "cta"),
    ("war", "", "wars", "wars and peace"),
    ("bus", "", "buses", ""),
    ("ally", "", "allies", ""),
    ("nuclear test", "", "nuclear tests", ""),
    ("nuclear tests", "", "nuclear test", ""),
    ("the atomic bomb", "", "atomic bombs", ""),
    ("recieve", "", "receive", ""),
    ("receive", "", "recieve", ""),
    ("government", "", "goverment", ""),
    ("separate", "", "seperate", ""),
    ("Mediterranean", "", "Mediteranean", ""),
    ("Khrushchev", "", "Kruschev|Khruschev", ""),
    ("Jordan", "", "Gordan", ""),
    ("Panama", "", "Panana", ""),
    ("Georgia", "", "Georgian", ""),
    ("Malta", "", "Malts", ""),
    ("lender", "", "lenders", ""),
    ("uncle", "", "nuncle", ""),
    ("first", "1st", "", "fist"),
    ("northeast", "north-east", "", "northwest"),
    ("Kim Jong-un", "kim jongun", "", ""),
    ("Stalin", "", "Stalins", "Lenin"),
    ("Stalin's death", "Stalins death", "", ""),
    (
        "World War II",
        "World War 2|World War Two|world war ii",
        "",
        "WWII|World War I|World War III|World War 3|World War 11",
    ),
    ("World War 2", "World War II", "", "World War 1"),
    ("World War 1", "World War I", "", ""),
    ("Henry VIII", "Henry 8", "", "Henry VII"),
    ("Elizabeth II", "Elizabeth 2", "", "Elizabeth I"),
    ("Louis XIV", "Louis 14", "", "Louis XVI"),
    ("Chapter 4", "Chapter IV", "", "Chapter VI|chapter five"),
    ("Chapter four", "Chapter 4", "", ""),
    ("2nd", "second", "", ""),
    ("second", "2nd", "", "2"),
    ("19th century", "nineteenth century|19 century", "", ""),
    ("nineteenth century", "19th century", "", ""),
    ("20th", "twentieth", "", ""),
    ("third", "3rd", "", "three|3"),
    ("1991", "1991.|in 1991|year 1991", "", "1992|19 91|1919"),
    ("five", "5", "", ""),
    ("5", "five", "", ""),
    ("12", "twelve", "", "21"),
    ("three countries", "3 countries", "", ""),
    ("3 countries", "three countries", "", "4 countries"),
    ("1,000", "1000|1 000|1.000", "", ""),
    ("1000", "1,000|one thousand", "", "100|10000"),
    ("28,000 soldiers", "28.000 soldiers", "", "28000|28 soldiers"),
    ("50%", "50 %|50 percent|fifty percent", "", "50|0.5"),
    ("50 percent", "50%", "", ""),
    ("$5 million", "5 million dollars", "", ""),
    ("5 km", "5km|5 kilometers", "", "5 miles|5|5 cm"),
    ("1939-1945", "1939–1945|1939 to 1945|1939 - 1945|from 1939 to 1945|1939-45", "", "1939"),
    ("the 1990s", "1990s", "", ""),
    ("1990s", "1990's|90s|nineties", "", "1980s|1990|1890s"),
    ("AD 79", "79 AD|79 CE|A.D. 79|79 A.D.", "", "79 BC|AD 97"),
    ("79 CE", "AD 79|79 ad", "", "79 BCE"),
    ("Henry VIII", "Henry the Eighth|Henry the 8th|henry 8", "", "Henry the Seventh|the Eighth"),
    ("19th century", "XIX century|the XIX. century", "", "XX century|XIX"),
    ("I don't know", "I do not know|i dont know", "", "I know|I did not know"),
    ("I am", "I'm|I’m|im", "", "I"),
    ("cannot", "can't|can not|cant", "", "can"),
    ("44 BC", "44 B.C.|BC 44|44 BCE|44 before Christ", "", "44|44 AD|45 BC|BC"),
    ("1914", "1914 AD|about 1914|c. 1914|year 1914", "", "1915|1914 BC|1914 m|1914%"),
    ("about 1914", "1914|circa 1914|around 1914", "", "1915"),
    ("50 %", "50 \u066a", "", "5 %"),
    ("black and white", "black & white", "", ""),
    ("R&D", "R and D|R & D", "", ""),
    ("color", "colour", "", ""),
    ("colour", "color", "", ""),
    ("defence", "defense", "", ""),
    ("organisation", "organization", "", ""),
    ("centre", "center", "", ""),
    ("theatre", "theater", "", ""),
    ("labour", "labor", "", ""),
    ("grey", "gray", "", ""),
    ("tyre", "tire", "", ""),
    ("to attack", "attack", "", ""),
    ("attack", "to attack", "", ""),
    ("to run", "run", "", ""),
    ("run", "to run", "", ""),
    ("the ally", "an ally", "", ""),
    ("ал\u200bфа", "алфа", "", ""),
    (
        "Paris",
        (
            "Pa\u200bris|\u200fParis\u200e|\ufeffParis|P\xadaris|Paris \U0001f389|Раris|Pаris|"
            "\uff30\uff41\uff52\uff49\uff53|\U0001d40f\U0001d41a\U0001d42b\U0001d422\U0001d42c|P a r i s"
        ),
        "",
        "",
    ),
    ("\U0001f600", "\U0001f600", "", "\U0001f601"),
    ("\U0001f44d\U0001f3fd", "\U0001f44d", "", ""),
    ("file", "\ufb01le", "", ""),
    ("\u0645\u0635\u0631", "\u0645\u0650\u0635\u0631", "", ""),
    ("\u0627\u0644\u0642\u0627\u0647\u0631\u0629", "", "\u0627\u0644\u0642\u0627\u0647\u0631\u0647", ""),
    ("\u0625\u064a\u0631\u0627\u0646", "\u0627\u064a\u0631\u0627\u0646", "", ""),
    ("\u0623\u062d\u0645\u062f", "\u0627\u062d\u0645\u062f", "", ""),
    ("\u0645\u064f\u062d\u064e\u0645\u064e\u0651\u062f", "\u0645\u062d\u0645\u062f", "", ""),
    ("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd", "", ""),
    ("Москва", "москва", "", ""),
    ("ёлка", "елка", "", ""),
    ("Αθήνα", "ΑΘΗΝΑ", "", ""),
    ("CO2", "CO₂", "", "CO|2CO"),
    ("pH", "ph", "", ""),
    ("C", "c", "", "D"),
    ("Na", "na", "", ""),
    ("x^2", "x²", "", ""),
    ("E=mc²", "e = mc^2", "", ""),
    ("E=mc2", "E=mc²", "", ""),
    ("photosynthesis", "", "fotosynthesis|photosynthesys", "chemosynthesis"),
    ("artery", "", "arteries", ""),
    ("united", "", "untied", ""),
    ("breath", "", "breathe", ""),
    ("advice", "", "advise", ""),
]

# The answer, and what another person might type who does not know it.
NEVER = """
Washington DC ≠ Washington; gas ≠ ga; news ≠ new; mars ≠ mar; aids ≠ aid; teh ≠ the; Iran ≠ Iraq; Iran ≠ Irna;
Mali ≠ Malawi; Niger ≠ Nigeria; Nigeria ≠ Niger; Dominica ≠ Dominican Republic; Austria ≠ Australia;
Slovakia ≠ Slovenia; Sweden ≠ Switzerland; Paraguay ≠ Uruguay; Latvia ≠ Lithuania; Gambia ≠ Zambia; Guinea ≠ Guyana;
Chad ≠ China; Mauritania ≠ Mauritius; Liberia ≠ Libya; Algeria ≠ Nigeria; Angola ≠ Mongolia; Serbia ≠ Siberia;
Serbia ≠ Syria; Estonia ≠ Eritrea; Budapest ≠ Bucharest; Tunis ≠ Tunisia; Kuwait ≠ Kuwait City; Siberia ≠ Serbia;
Syria ≠ Serbia; Iberia ≠ Liberia; Libya ≠ Lydia; Belarus ≠ Belarusian; increase ≠ decrease; decrease ≠ increase;
import ≠ export; inflation ≠ deflation; internal ≠ external; implicit ≠ explicit; legal ≠ illegal;
possible ≠ impossible; happy ≠ unhappy; exclude ≠ include; ascend ≠ descend; maximum ≠ minimum; majority ≠ minority;
positive ≠ negative; offense ≠ defense; regular ≠ irregular; aligned ≠ nonaligned; aggression ≠ nonaggression;
non-aggression ≠ aggression; proliferation ≠ nonproliferation; agree ≠ disagree; trust ≠ mistrust; trust ≠ distrust;
understand ≠ misunderstand; like ≠ dislike; appear ≠ disappear; militarisation ≠ demilitarisation;
stable ≠ unstable; symmetric ≠ asymmetric; colony ≠ colonel; democrat ≠ democracy; communism ≠ communist;
socialism ≠ socialist; Marxism ≠ Marxist; winner ≠ loser; buyer ≠ seller; aunt ≠ uncle; brother ≠ mother;
mother ≠ brother; mother ≠ father; father ≠ farther; Monday ≠ Sunday; Tuesday ≠ Thursday; June ≠ July; March ≠ May;
fourth ≠ forth; seven ≠ eleven; thirteen ≠ thirty; fourteen ≠ forty; sixteen ≠ sixty; east ≠ west;
eastern ≠ western; northern ≠ southern; southeast ≠ southwest; Eastern bloc ≠ Western bloc;
northeastern ≠ northwestern; southwest ≠ southeast; yes ≠ no; red ≠ bed; Kim Jong Un ≠ Kim Jong Il;
Kim Jong Un ≠ Kim; Kim Jong Un ≠ Kim Jong Nam; Kim Il Sung ≠ Kim Jong Il; Mao Zedong ≠ Mao Tse-tung;
Putin ≠ Rasputin; Putin ≠ Vladimir Putin; Nixon ≠ Dixon; World War I ≠ World War II; 20th century ≠ 19th century;
20th century ≠ 20; two ≠ to; ten ≠ then; one ≠ once; 1939–1945 ≠ 1939-1946; \u5317\u4eac ≠ \u5317\u4eac\u5e02;
\u6771\u4eac ≠ \u4e1c\u4eac; Київ ≠ Киев; dog ≠ god; abc ≠ abd; Oslo ≠ Olso; Rome ≠ Roma; Rome ≠ Romee; US ≠ UK;
CIA ≠ KGB; H2O ≠ H20; meiosis ≠ mitosis; mitosis ≠ meiosis; endothermic ≠ exothermic; exothermic ≠ endothermic;
hypothermia ≠ hyperthermia; convex ≠ concave; vertical ≠ horizontal; protein ≠ proton; proton ≠ photon;
neutron ≠ neuron; electron ≠ election; genotype ≠ phenotype; anode ≠ cathode; cation ≠ anion; anion ≠ onion;
sulfide ≠ sulfite; ether ≠ ester; lactase ≠ lactose; maltose ≠ maltase; tropical ≠ topical; inhibit ≠ inhabit;
ingenious ≠ ingenuous; prosecute ≠ persecute; uninterested ≠ disinterested; adopt ≠ adapt; immoral ≠ immortal;
conscious ≠ conscience; angel ≠ angle; trail ≠ trial; marital ≠ martial; quite ≠ quiet; diary ≠ dairy; form ≠ from;
calvary ≠ cavalry; scared ≠ sacred; causal ≠ casual; desert ≠ dessert; lose ≠ loose; bought ≠ brought;
through ≠ thorough; 1945 ≠ 45; Type II ≠ Type 11; H2 ≠ 2H; G20 ≠ 20 G; B52 ≠ 52B; B-52 ≠ -52 B;
1.5 million ≠ 15 million; 5 m ≠ 5 million; $5 ≠ 5; $5 ≠ $50; -5 ≠ 5; 3-1 ≠ 31; 3-1 ≠ 1-3; May 1968 ≠ 1968;
1 May ≠ May; Apollo 11 ≠ Apollo 13; Apollo 11 ≠ Apollo; ISIS ≠ ISI; 15 August 1945 ≠ August 1945;
15 August 1945 ≠ 1945; 15 August 1945 ≠ 16 August 1945; 15 August ≠ 16 August; 50/50 ≠ 1; 007 ≠ 7; three ≠ third;
one half ≠ one third; Saint Paul ≠ Saint Peter; Mr Bean ≠ Mrs Bean; Elizabeth I ≠ Elizabeth II;
Article 9 ≠ Article 6; Type A ≠ Type B; vitamin B12 ≠ vitamin B6; vitamin B12 ≠ vitamin B;
38th parallel ≠ 39th parallel; 38th parallel ≠ 38; 10:30 ≠ 10:31; 10:30 ≠ 1030; 1.10 ≠ 1.1 km;
1945-08-15 ≠ 1945-08-16; true ≠ false; men ≠ women; male ≠ female; man ≠ woman; he ≠ she; black ≠ white;
North Vietnam ≠ South Vietnam; East Germany ≠ West Germany; Democratic ≠ Republican; non-aligned ≠ aligned;
anti-communist ≠ communist; pro-war ≠ anti-war; pre-war ≠ post-war; upper house ≠ lower house; Israel ≠ Israelis;
Cuba ≠ Cube; Park Chung-hee ≠ Park Geun-hye; Moon Jae-in ≠ Moon; armistice ≠ arms race; arms ≠ arm;
customs ≠ custom; goods ≠ good; Roh Moo-hyun ≠ Roh Tae-woo; U-2 ≠ U2s; Yalta ≠ Malta; Ohio ≠ Iowa; Peru ≠ Pera;
eight ≠ eighty; Berlin Wall ≠ Berlin Ball; Gulf War ≠ Golf War; cold war ≠ gold war; bread ≠ beard; 1 000 ≠ 1 0000;
12.5 ≠ 125; 12,5 ≠ 125; 1,2 ≠ 12; Bush ≠ Bash; reunification ≠ unification; bilateral ≠ unilateral;
bilateral ≠ trilateral; trilateral ≠ bilateral; multilateral ≠ bilateral; immigration ≠ emigration;
migration ≠ immigration; centrifugal ≠ centripetal; evolution ≠ revolution; devolution ≠ evolution;
stalactite ≠ stalagmite; Mercury ≠ Venus; hydrogen ≠ nitrogen; halogen ≠ hydrogen; carbonate ≠ carbonite;
nitrogen ≠ nitrogens oxide; sodium ≠ podium; fission ≠ fusion; fusion ≠ fission; mission ≠ missile;
hostage ≠ postage; rocket ≠ pocket; summit ≠ submit; nuclear ≠ unclear; policy ≠ police; capital ≠ capitol;
minister ≠ monster
"""


def _list_cases(column: int) -> list[tuple[str, str]]:
    return [(row[0], typed) for row in TABLE for typed in row[column].split("|") if typed]


def _find_others(cases: list[tuple[str, str]], verdict: Verdict) -> list[tuple[str, str, str]]:
    """The cases that are judged otherwise."""
    judged = [(answer, typed, judge_typed(typed, [answer]).verdict) for answer, typed in cases]
    return [case for case in judged if case[2] is not verdict]


@pytest.mark.parametrize(("column", "verdict"), [(1, Verdict.RIGHT), (2, Verdict.ALMOST), (3, Verdict.WRONG)])
def test_words_are_judged_as_a_person_would(column: int, verdict: Verdict):
    assert _find_others(_list_cases(column), verdict) == []


def test_other_words_are_never_taken():
    never = [(answer, typed) for answer, _, typed in (pair.partition(" \u2260 ") for pair in NEVER.split(";"))]
    assert len(never) > 100
    assert _find_others([(answer.strip(), typed.strip()) for answer, typed in never], Verdict.WRONG) == []
