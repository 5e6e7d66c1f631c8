"""Words by which names, periods and places of English texts are told: common knowledge, from no text in particular."""


def split_set(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


# Capitalised at the head of a sentence, or at any place, without being a name.
NOT_NAMES = split_set(
    "A About Above According Across Additionally After Afterwards Again Against Ages All Almost Along Already "
    "Also Although Always Am Amid Among An And Another Any Anyone Are Around As Ask At Away Back Be Because "
    "Before Behind Being Below Beside Besides Between Beyond Both But By Can Certainly Clearly Consequently Could "
    "Currently Did Despite Do Does Doing During Each Earlier Either Else Especially Even Eventually Every "
    "Everyone Few Finally First For Former From Further Furthermore Given Had Has Have Having He Hence Her Here "
    "High Him His Historically How However I If Important In Indeed Initially Inside Instead Into Is It Its "
    "Itself Just Last Lastly Late Later Latter Least Less Let Like Likewise Long Look Made Mainly Many May Maybe "
    "Meanwhile Might Military More Moreover Most Mostly Much Must My Namely Near Nearly Neither Never "
    "Nevertheless New Next No Nobody None Nonetheless Nor Not Note Nothing Notably Now Of Off Often On Once One "
    "Only Onto Or Other Others Otherwise Our Out Outside Over Overall Own Particularly Past Per Perhaps Possibly "
    "Previously Rather Reports Scholars Second Secondly See Several She Should Significantly Similarly Since So "
    "Some Someone Something Sometimes Soon Still Subsequently Such Than That The Their Them Then There Thereafter "
    "Therefore These They Third This Those Though Three Through Throughout Thus To Today Together Too Toward "
    "Towards Trade Two Under Unlike Until Unable Up Upon Usually Very Via Was We Were What Whatever When Whenever "
    "Where Whereas Whether Which While Who Whom Whose Why Will With Within Without Would Yes Yet You Your Experts "
    "Critics Historians Researchers Officials Analysts Western Eastern Northern Southern Central International "
    "National Global Economic Political Today Yesterday Tomorrow Spring Summer Autumn Winter Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday January February March April June July August September October "
    "November December God Internet Earth Sun Moon Chapter Figure Table Part Section Page Mr Mrs Ms Dr Prof"
)

CALENDAR = split_set(
    "January February March April May June July August September October November December "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)

# Adjectives of nations and of faiths: before a title or a common noun they are no name.
NATIONALITIES = split_set(
    "Afghan African Albanian Algerian American Arab Arabian Argentine Argentinian Armenian Asian Australian "
    "Austrian Azerbaijani Bavarian Belarusian Belgian Bolivian Brazilian British Bulgarian Burmese Byzantine "
    "Cambodian Canadian Catholic Chilean Chinese Christian Colombian Congolese Croatian Cuban Czech Danish Dutch "
    "Egyptian English Estonian Ethiopian European Finnish Flemish Franco French Georgian German Ghanaian Greek "
    "Hungarian Icelandic Indian Indonesian Iranian Iraqi Irish Islamic Israeli Italian Jamaican Japanese Jewish "
    "Jordanian Kenyan Korean Kurdish Latin Latvian Lebanese Libyan Lithuanian Malaysian Mexican Mongol Mongolian "
    "Moroccan Muslim Nazi Nepalese Nigerian North South Norwegian Orthodox Ottoman Pakistani Palestinian Persian "
    "Peruvian Philippine Polish Portuguese Protestant Prussian Roman Romanian Russian Saudi Scandinavian Scottish "
    "Serbian Slavic Slovak Somali Soviet Spanish Sudanese Swedish Swiss Syrian Taiwanese Thai Tibetan Tunisian "
    "Turkish Ugandan Ukrainian Uzbek Venezuelan Vietnamese Welsh Western Westerner Westerners Yemeni Yugoslav "
    "Zulu"
)

TITLES = split_set(
    "Admiral Ambassador Archbishop Archduke Baron Baroness Bishop Captain Cardinal Chairman Chancellor Chief "
    "Colonel Commander Comrade Congressman Congresswoman Count Countess Dame Director Doctor Dr Duchess Duke Emir "
    "Emperor Empress Father General Governor Judge Justice Kaiser King Lady Leader Lieutenant Lord Madame Major "
    "Marshal Mayor Miss Minister Mother Mr Mrs Ms Pope Premier President Prime Prince Princess Prof Professor "
    "Queen Rabbi Reverend Secretary Senator Sergeant Shah Sheikh Sir Sultan Tsar Vice Viscount"
)

# The trade of a person, right before the name.
ROLES = split_set(
    "actor actress activist adviser advisor aide ally ambassador analyst anthropologist archaeologist architect artist "
    "astronaut astronomer author bacteriologist banker biographer biologist botanist brother captain clerk colleague "
    "carpenter chairman chancellor chemist chief coach commander comedian cousin dancer deputy disciple duke companion "
    "composer critic daughter dictator diplomat director doctor economist editor emperor engineer envoy essayist "
    "explorer farmer father filmmaker founder friend goddaughter grandfather grandson general geologist governor "
    "historian husband inventor journalist judge king lawyer leader lecturer linguist mathematician mayor merchant "
    "minister missionary monk mother nephew niece novelist nurse officer opponent owner assistant bishop cardinal "
    "cleric collaborator count heir follower inspector lord mechanic mentor monarch navigator neighbour patron pilot "
    "predecessor preacher pope prophet pupil rebel sailor saint soldier sultan translator tsar tutor painter partner "
    "philosopher photographer physician physicist playwright poet politician premier president priest prince princess "
    "professor psychologist queen reformer reporter researcher rival scholar scientist sculptor secretary senator "
    "singer sister sociologist son spokesman spokesperson spokeswoman student successor surgeon teacher theologian "
    "traveller uncle widow wife writer"
)

# What follows a person's name and hardly anything else's.
DEEDS = split_set(
    "admitted agreed answered argued arrived asked became began believed believes born called came claimed claims "
    "complained composed concluded confessed declared denied designed developed died discovered drew explained "
    "fled found founded gave himself herself insisted invented joined learned led lived married met moved noted "
    "painted persuaded photographed proposed proved published quipped recalled refused remembered replied "
    "resigned returned said saw says shared signed spoke studied succeeded suggested taught thought told took "
    "travelled traveled urged visited wanted wants warned went whose who wished won wrote"
)

# The last word, or one of the words, of an organisation's or a treaty's name.
ORGANISATIONS = split_set(
    "Academy Administration Agency Airlines Alliance Archive Archives Army Assembly Association Authority Bank Board "
    "Broadcasting Brigade Brotherhood Bundesbank Bundestag Bureau Cabinet Cathedral Centre Center Church Club "
    "Coalition College Commission Committee Community Companies Company Confederation Conference Congress Consortium "
    "Cooperation Cooperative Corporation Corps Council Court Department Directorate Division Duma Embassy Exchange "
    "Federation Force Forces Foundation Front Fund Government Group Guard Guards Guild Hospital Inc Industries "
    "Inquisition Institute Institution Intelligence Junta Knesset Laboratories Laboratory League Legion Library Ltd "
    "Mafia Ministry Mission Monastery Movement Museum Nations Navy Network Observatory Office Orchestra Order "
    "Organisation Organization Parliament Partnership Party Police Politburo Press Railway Railways Regiment Reichstag "
    "Sanctuary School Senate Service Services Society Syndicate Trust Union University AG GmbH SA SE NV BV plc PLC LLC "
    "SpA Oy Holding Holdings Motors Airways Studios Records Technologies Systems Works Times Herald Tribune Gazette "
    "Secretariat Chamber Tribunal Fleet Squadron Battalion Bros Kaisha Gesellschaft Verein Werke Compagnie Société "
    "Banco Banque Partei Universität Université Institut Akademie Académie Directory Commune Electric Pictures Motor "
    "Petroleum Aerospace Entertainment Chemicals Insurance Television Rally Aviation"
)
# In small letters before or behind a name, these say that it is a company, a newspaper, a club.
COMPANIES = split_set(
    "airline automaker band bank brewery broadcaster carmaker chain charity company competitor conglomerate contractor "
    "firm group insurer label magazine maker manufacturer movement newspaper operator organisation organization party "
    "producer publisher retailer shipbuilder shipyard studio subsidiary supplier union"
)
# A state by its form.
REALMS = split_set(
    "Caliphate Dominion Duchy Emirate Empire Electorate Khanate Kingdom Principality Republic Republics Shogunate "
    "Sultanate"
)
TREATIES = split_set(
    "Accord Accords Act Agreement Armistice Charter Constitution Convention Covenant Declaration Edict Pact "
    "Protocol Treaties Treaty"
)
# These name an organisation without another word.
ALONE = split_set(
    "Parliament Congress Bundestag Knesset Duma Politburo Reichstag Wehrmacht Gestapo Comintern Interpol Senate "
    "Admiralty Luftwaffe Reichsbank Sejm Stasi Cheka Securitate Bundesbank Bundesrat Treasury Komintern Cominform"
)

# The last word of a period, a happening or a day.
EVENTS = split_set(
    "Age Ages Awakening Battle Blockade Campaign Conference Coup Crisis Crusade Crusades Day Days Death "
    "Depression Dynasty Enlightenment Epoch Era Eve Exhibition Fair Famine Festival Fire Flood Games Genocide "
    "Holocaust Inquisition Massacre Mutiny Offensive Olympics Pandemic Period Plague Purge Rebellion Reformation "
    "Regency Reich Reign Renaissance Restoration Revolt Revolution Rising Rush Siege Spring Summit "
    "Terror Trial Trials Troubles Uprising War Wars Year"
)
# Places of the earth and of the town; buildings and prizes, too, are neither organisations nor people.
PLACES = split_set(
    "Airport Alps Archipelago Avenue Award Bay Beach Bridge Canal Canyon Cape Castle City Coast Continent County "
    "Creek Delta Desert District Falls Forest Gate Glacier Gulf Harbour Harbor Heights Highway Hill Hills Island "
    "Islands Isle Lake Medal Mountain Mountains Mount Ocean Oceans Palace Park Pass Peninsula Plain Plains "
    "Plateau Pole Port Prize Province Range Reef Region River Road Sea Seas Square Station Strait Straits Street "
    "Tower Town Tunnel Valley Village Volcano Wall Way Woods"
)

# At the head of a place's, a ship's or a work's name: two capitalised words that are nobody.
PLACE_WORDS = split_set(
    "Black Blue Buenos Central Cape East Eastern El Fort Great Green Golden Grand High Holy Iron La Las Le Little Los "
    "Lower Middle Monte Mont Mount New North Northern Old Port Puerto Red Rio San Santa Santo Sao São Sierra South "
    "Southern St Tel Upper West Western White Yellow Deep Open Big Magna"
)
# Who does this goes somewhere: behind “to” stands a place.
MOTIONS = split_set(
    "arrived back brought came escaped fled flew flown go goes going gone journey line marched moved moves railway "
    "returned rode road route sailed sent shipped train travel travelled traveled trip walked went"
)
# Things do this as often as people.
THINGS_DO = split_set(
    "appeared arose became began belonged broke built burnt collapsed consisted contained cost covered crashed "
    "declined decreased depended differed disappeared disintegrated dissolved emerged ended evolved existed expanded "
    "extended fell felt hundred needed seemed tended flourished measured weighed aged based called known named "
    "numbered dated used worked joined lined formed found froze grew happened included increased lacked laid landed "
    "lasted lay left matched meant moved occurred opened closed persisted proceeded ran rang remained resulted rose "
    "sank shook shrank spread sprang stood stopped struck surrounded turned varied vanished weakened worsened"
)

GIVEN_NAMES = split_set(
    "Abdul Abraham Ada Adam Adolf Agnes Ahmed Alan Albert Alexander Alexei Alfred Ali Alice Amelia Amina Amir Ana "
    "Anders Andre Andrea Andreas Andrei Andrew Angela Anna Anne Annie Anton Antonio Arthur Augusta Augustus "
    "Barack Barbara Benjamin Bernard Bill Boris Brian Bruno Carl Carlos Caroline Catherine Charles Charlotte Chen "
    "Chris Christian Christine Christopher Clara Claude Claudia Colin Daniel David Deng Diana Diego Dmitri Dmitry "
    "Donald Dorothy Edgar Edward Eleanor Elena Elizabeth Ella Ellen Emil Emily Emma Emmanuel Enrico Eric Erich "
    "Ernest Ernst Erwin Eugene Eva Fatima Felix Fernando Fidel Florence Francis Francisco Frank Franz Fred "
    "Frederick Friedrich Fritz Gabriel Galileo George Georg Georges Gerald Gerhard Giovanni Giuseppe Grace Gustav "
    "Gustave Hannah Hans Harold Harriet Harry Hassan Heinrich Helen Helena Helmut Henri Henry Herbert Hermann "
    "Howard Hugo Hussein Ibrahim Igor Indira Ingrid Irene Isaac Isabella Ivan Jack Jacob Jacques James Jan Jane "
    "Jawaharlal Jean Jennifer Jim Jimmy Joan Joe Johann John Jonathan Jorge Jose José Josef Joseph Juan Jules "
    "Julia Julian Julius Karl Kate Katherine Kim Klaus Kofi Konrad Kurt Kwame Lars Laura Lee Leo Leon Leonardo "
    "Leonid Lev Li Linda Lise Liz Louis Louise Ludwig Luis Mahatma Mao Marco Marcus Margaret Maria Marie Mark "
    "Martha Martin Mary Mathias Max Maya Michael Michel Miguel Mikhail Mohamed Mohammad Mohammed Mohandas Moses "
    "Muhammad Mustafa Nancy Napoleon Narendra Nelson Niccolò Nicholas Nicolas Nicolaus Niels Nikita Nikola "
    "Nikolai Oliver Olga Omar Oscar Oskar Otto Pablo Patrick Paul Paulo Pedro Peter Philip Pierre Pieter Rachel "
    "Ralph Raymond Rebecca Richard Robert Roger Roland Ronald Rosa Rosalind Rudolf Ruth Saddam Samuel Sarah "
    "Sergei Sergey Simon Sofia Sophie Stanley Stefan Stephen Steve Susan Theodore Theresa Thomas Tim Tom Tony "
    "Ursula Vasco Vera Victor Victoria Viktor Vincent Virginia Vladimir Volodymyr Walter Wang Werner Wilhelm "
    "William Winston Wolfgang Xi Yasser Yuri Yusuf Zhang Zhou"
)

# Family names that stand before the given name.
FAMILY_FIRST = split_set(
    "Ban Chen Chiang Deng Hu Jiang Kim Li Lin Liu Mao Moon Park Sun Wang Wu Xi Yang Zhang Zhao Zhou"
)

# Small words within a person's name, and within an organisation's.
PARTICLES = split_set(
    "von van der den de di da du del della la le bin ibn al el ter ten dos das arap ben bint af av zu zur"
)
# Endings behind a hyphen that make an adjective of a name.
AFTER_HYPHEN = split_set(
    "allied backed based born brokered built centred controlled dominated educated era friendly funded held "
    "language leaning led like made only owned ruled run speaking sponsored style supported trained type wide"
)
NO_ACRONYMS = split_set(
    "AD AM BC BCE CE PM OK TV ID DVD CD PDF DNA RNA HIV AIDS GDP CEO FAQ URL II III IV VI VII VIII IX XI XII XIII CFC "
    "CFCs DDT GMO GNP IVF LSD MRI PCR PhD PVC TNT UHF VAT VHF ATM BSE CO GMT ECG MP MPs PR PPE RAM ROM SARS SUV TB UTC "
    "WC XML XIV XV XVI XVII XVIII XIX XX XXI IQ UFO GPS SOS PS NB VIP DIY LED CPU USB SMS WWI WWII WW ISBN MHZ KM MM "
    "CM KG"
)
