"""Common English words that are one slip of the pen from another: typed for each other, they are no slips.

Whoever types "trail" for "trial" wrote a word that says something else. All of them are in the lists of frequent
words of zxcvbn (MIT licence), chosen by looking for neighbours; a word stands for its plural as well. Two ways of
writing one word ("centre", "center") are not here.
"""

_WORDS = """
abilities aboard aboriginal abroad accent accept accompany accounted accounting acres across action actor adapt
adapted added addiction addition addressed addresses addressing admit adopt adopted adorable advancing advice advise
affection after agreed aided aimed aired alignment alike alive alley alliance allocated allocation allowance alone
along altar alter altitude among amount analysis analytic angel anger angle animation ankle anticipate anticipated
anticipation appeal appealed appealing appear appeared appearing apple applies apply appointed arise arising armed
arose around arrow article asleep assess assessing asset assignment assisting assume assumed assurance assure assured
attach attached attack attacked attacking attempted attending attention attitude attracted attraction attribute
auction audio audit audition avenue aviation awaiting awake award aware backed backing backs backward backyard bacon
baked baker baking ballet ballot balls bands banker banking banks banner banning baron baseball based bases basic
basin basis basketball batch batting battle beach beacon beams beans beard bearing bears beast beaten beating beats
became become becoming beers began begin begun being bells belly belts bench berry better betting betty biased bidding
bills binding bites bitter black blade blame blank blast bleed bleeding blend bless blind blink bliss block blocked
blocking blogs blood bloom blowing blown blows board boats boiling bonds bones bonus books booth boots border boring
bother bottle bought bounce bound bowling boxes boxing brace brain brake branch brand brave breach bread break
breaking breast breath breathing breed breeding breeze bride bridge bright bring broad broke brook brother brought
brown build built bullet bulls bully bunch bunny buried burns burst buses butter butterfly button calculation calls
camps campus cancel cancer candy cannon cannot canon canyon capital capitol caption cards cared cares carry carved
cases castle cattle cause caution cease ceased cells centuries certain chair chance chang change changed changing
chapter character charge charged charging charity charm charming chart charter chase chased cheap cheat cheated
cheating check cheek cheer chess chest child chile chill chips choir choke choose choosing chose circulation citation
civic civil clarify clarity clash class clause cleaned cleaner cleaning cleared clearer clearing click clips clock
close closed closer closest closet closing clown clubs clues coach coalition coast coats codes coding coincidence
colleague collected collecting collection college collision combination comes comic coming commanded commanding
commenced commented commenting commerce commission committed committing commodities commodity communities community
companies companion company comparable comparative compares comparing comparison compassion compatible compelled
compelling compete competent competing competition compilation compiled complement complete completed completing
completion component composed composite composition compression comprised compromised computing concealed conceived
concept conception concerned concerning concert conclusion condemned condition conducted conducting conference
confessed confession confidence confident confined confirmed confused confusing confusion connected connecting
connection consent conservation consisted consisting constant construct constructed consultant consulting consuming
contact contacted contained containing content contention contest contested context continent continued continuing
contract contracted convention conversation conversion convert converted converting convicted conviction convinced
convincing cooking cooler cooling cooperate cooperation cooperative copper corporate corps corpse corrected correction
correctly correlation corruption cosmic costs couch cough count counted counties counting countless countries county
course court covered covering crash crashed crashing cream created creating creation creek creep cries crime crops
cross crown crush crushed crushing culture cured currently curry curse cursed curtain curve curved daily dairy dancer
dancing danger deals dealt death decade decay deceased decent decide deciding declaration declaring declining
decoration decreased decree dedicated dedication defend defendant defended defending defining degree delay delegation
delicate demanding demon denial dense dental depend dependent depending depicted deployment depressed depressing
depression depth descended descent designation designing destination destruction detailed detained detection detention
diary dining dinner direction disability disclosed discussed discussing disgusting dismissed distinction distraction
ditch divide divine diving doing dominated donated donor doors downs draft drain dramatic drank drawn dressed dresses
dressing dried drift drink drive driver driving drone drove drugs drums drunk drying duration dutch dying early earned
earning easier easter eaten eating ecological educated education eight either elder elect elected election electron
elevation elimination emerge emission emotion employing employment enable ended ending endorsement endurance endure
enforced enforcement ensure ensuring enter entered entering entertain entities entrance entries equality equation
erected error especially estate eternal evacuation evaluation evidence evolution evolutionary evolving examination
exception excessive exchanged exclusive execution exercise exotic expanding expansion expect expected expensive expert
expertise explanation explode exploded exploitation exploration explore explored exploring explosion explosive export
exposing expressed expressing expression extend extending extension extensive extent external extinction extraction
faced faces facilities faction factor factories facts faded failed failing fails faint fairly fairy falling falls
farmer farming farms farther faster father fault fears feast feeding feeds feeling feels fellow ferry fever fewer
fiction fictional field fierce fight filed files filing filled filling filmed filming films final finale finding finds
fines finest finishing fired fires firing firms fishing fitness fixed fixing flags flame flash flats flaws flesh flies
flight flint flood floor flour flower flowing flown flows flush flying folder follow following foods fools forbes
force forced forcing forge forged forget forgot formal format formed former forming forms forth forty forums foster
fought found founded founding fraction frame freak freaking freed freeze fresh fridge fried friend fries fringe front
frost fuels fully functional funded funding funds funny further games garage garbage gases gates generic genes genetic
genius genre gentle gently genus geological ghosts giant glance glass globe glove glowing goals goats grabs grade
graduation grams grand grande grandfather grandmother grant grasp grass grave great greed greek green greet grind
groove gross ground grounded grove growing grows guess guest guild guilt hairs halfway halls hallway handed handing
handled handling hands handy hanging hardest hardly hardy harvest harvey hated hates hating hatred haven having headed
heading heads healing health healthier heard hearing hears heart hearted heated heath heating heaven heels height
herald heroic heroin hiding hiking hills hindu hiring holder holds holes homes hopes horns horse hosts hours house
hunger hungry hunter hunting hurting iconic ideal ideas identities illusion imply imposing impression improving
inability incentive inclusion indication infection inferior inflation inherited injection injuries inland inner inning
inquiries insect insert inserted inspection instance insurance integration integrity intend intensity intensive intent
intention intentional intentionally inter interact interaction interface interior internal international
internationally internet interpret intersection interval intervention invented invention inventory invested investing
investor invitation inviting involving ironic island isolation issue joins joint killed kills kindly kinds kings
knight lacked lacking lacks lakes landing lands lanes laser lasted lasting lasts later lateral latter laughing
laughter launch launching lawyer layer laying leading leads leaks leaning learn learning lease least leave leaving
lending letter liability liberal lifted lifting lifts light lighting lightly lightning liked likely likes liking
linear lined liner lines lining linked linking links listed listening listing lists literal lived lively liver lives
living loading loads loans local located location locked locking locks lonely looked looking looks lords loser loses
losing losses loved lovely lover loves loving lower loyal lunch lying major maker makes making males manor march
marched marching marine marked marker market marketing marking marks marry masks massage masses master match matched
matching material maternal matter mayor meals means meant measuring medal medication meditation meeting melting mental
mentality mercy merge merry message messaging messing messy metal miles mills minds miner mines mining minor minus
missed missing mission mixing model modes modest money monkey month moral morality mortal mortality mortar mother
motion mount mountain mounting mouth moves movies naive naked named narrow nation native navigation nearby nearly
neglected neither neural neutral never newer night nobel noble nodes northeast northwest notes nothing noting notion
novel nuclear objection observation obsessed obsession obtained obtaining offering offspring older onion operate
operation operative opponent opposite opposition oppression optical optimal order ordering organ original other ought
ounce ourselves overnight oversight overweight owing owning packaging packed packet packing packs pages pains paint
painted painter painting paired pairs palace pants parent parenting parish parked parking parks participate
participated participation particle parties partly parts party pasta paste patch patches patent patient patrol patron
paying peace peach peaks peers pending perception perfection persecution person perspective petrol petty phase phone
phrase picked picking picks piece pierce pills pilot pinch pitch place placed placing plain plane planet planned
planning plans plant plantation planted planting plate played player playing plays please plots pocket poems poets
point pointed pointing poison poker poles police policy polished polite polling polls pools portal porter ports posed
poses position positioned possessed possession postal posted poster postponed posts potent potter pound powder power
praise praised prayer praying precedent preceding precious precise precision prediction prefer preference preferred
premise present presentation presented presenter presenting presently preservation preserve preserved preserving
presidency president presidential pressed pressing pretending pretty prevalent prevent prevented preventing prevention
preview previous price pride prime prince print printed printer printing prison prize probation probe proceed
proceeded processed processing processor producing production productive profession professor progression project
projected projection promising promoted promoting promotion prompted prone property proportion proposition prosecution
prospective prosperity protect protected protecting protection protective protest protesting prove providence
providing province proving provision published pulling pulls pulse punch punished purse pursue qualified qualify
qualities quality quantities quiet quite quote races racing racism racist radiation radio raids rails raining rains
rainy raise raised raising rally ranch range ranged ranger ranging ranked ranking rates rating ratio reach reaching
react reaction reader reading reads ready really reason recently reception recession recording recreation redemption
reducing reduction refer reference referred reflected reflection refuge refuse regain regard regarded regarding
regulated regulation reinforced rejected rejection related relating relation relax relaxed relaxing relay releasing
relevance reliance relied relief relies relieved remain remainder remained remaining reminded reminder reminding
remote remove render rendering repeal repeat repeated repeatedly repeating replacing replay replied replies reply
report reportedly reporting represent representation represented representing reproduction reproductive reputation
requirement requiring reservation reserve reserved residence resident residential resign resolution resort respected
respective resting restoring resulted resulting retail retain retained retaining retention retirement retiring
retrieved returning reveal revealing revelation revenge revenue review revision revolution revolutionary reward
rewarded rewarding rider rides ridge riding right rings riots rises rising risks risky river roads robots rocks rocky
roles rolls rooms roots roses rotation round rounded rover ruining ruins rules running rushed rushing sacked sacred
safely safety sailing sales salmon salon sample sands sandy saves saving saying scale scare scared scars scary
scattered scene scent schooling scope score scored scout scrap scream screaming screening scripture sculpture sealed
seals seated seating seats section seeds seeing seeking seeks seems seized select selected selection selling sells
sending sends senior sensor setting settle settling sexuality shade shaft shake shaking shall shallow shame shape
shaped shaping share shared sharing shark sharp shattered shave sheep sheer sheet shelf shell shift shine shiny
shipped shipping ships shirt shock shoes shook shoot shooter shooting shopping shops shore short shorter shots shout
shouting shower shown shows shrine shrink sided sides sight signing signs simple simply simulation singing sings
sinking sites sitting situation sized sizes skate skating skies skill skilled skins skirt skull slate slaughter slave
sleep sleeping slept slice slide slight slightly slipped slogan slope slots slower small smart smarter smell smile
smiling smoke snack snake sneak socialist socially socks solution songs sorts sought southeast southwest space spare
spark speak speaking specialist specially specialty species specimens speed spell spelling spend spending spent spice
spicy spike spill spinal spine spiral spite splitting spoke sport sporting spots spray spreading spring sprint stable
stack staff stage staged stained stake stall stamp stand stare staring stark starring stars start started starter
starting starving state stated stating station stats statue status stayed staying stays steak steal stealing steam
steel steep steer stems stepped stepping steps stick sticky stiff still sting stock stoke stole stone stopped stopping
stops store stored stories storm story strain stranger strap straw stray streak stream streaming strike string strip
strive stroke strong stronger struck stuck studies studios stuff style subjected submit suite suits summit super
superb superior supervisor supper supported supporting supposed surprising surrey survey suspected suspended sustained
swallow swamp swear sweat sweep sweeping sweet swept swift swing swinging switch switching sword table tablet taken
takes taking tales talking talks tanks tapes tasks taste tasty taxes teams tears teeth tempted tended tends tennis
tense tension tenth terms terrified terror testified tests texts thank theme there these thick thing think thirsty
thirty thorough those though thread threat three threw throat through throw thrust times tired tires tissue token
tones topic topped torch touch tough tower towns toxic trace traced track tracked tracking traction trade traded
tradition trail trailer train trainer training transaction transform transformation transformed transition translation
transport transportation transported traps traumatic treason treat treating treaty trees trend trent trial tribal
tribe tribute trick tricky tried tries trips truck trunk trust trying tubes tuned tunes turned twitch types unable
uncertain unchanged unclear union unite units unity unsure upper uprising utilities utter utterly vacation vague
valentine valley valuation value valve variation vault vector venue verse versus victor victories violation violent
viral vital voters votes wages waist waited waiting waking walking walks walls wandering wanted wanting wants warmer
warming warner warning washed washing waste wasted wasting watch watches watching watts waves waving wearing wears
weigh weight welcoming wells whale whatever whatsoever wheels whenever wherever while white whole wholly whose wicked
widow willing window winds wines wings winner winning winter wiped wired wires wished wishing witch witness wives
woman women wondering woods woody words works world worms worse worst worth would wound wounded wrestling wrist write
writing wrote yearly years yours yourselves
"""
COMMON_WORDS = frozenset(_WORDS.split())
