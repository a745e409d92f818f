"""Countries, languages and time zones as people and programs write them, in their common codes."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from leadloop.kernel.clock import time_zone
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text.fold import without_accents

# English, German, French and Spanish names where they differ, and common short forms.
_NAMES = """
AE:united arab emirates,uae,vereinigte arabische emirate,emirats arabes unis,emiratos arabes unidos|AF:afghanistan
AL:albania,albanien,albanie|AM:armenia,armenien,armenie|AO:angola|AR:argentina,argentinien,argentine
AT:austria,osterreich,oesterreich,autriche,aut|AU:australia,australien,australie,aus|AZ:azerbaijan,aserbaidschan
BA:bosnia and herzegovina,bosnien und herzegowina,bosnia|BD:bangladesh,bangladesch|BE:belgium,belgien,belgique,belgica
BG:bulgaria,bulgarien,bulgarie|BH:bahrain|BO:bolivia,bolivien,bolivie|BR:brazil,brasilien,bresil,brasil
BY:belarus,weissrussland|CA:canada,kanada,can|CH:switzerland,schweiz,suisse,suiza,svizzera,che|CI:ivory coast
CL:chile,chili|CM:cameroon,kamerun,cameroun|CN:china,chine,prc,people s republic of china|CO:colombia,kolumbien,colombie
CR:costa rica|CU:cuba,kuba|CY:cyprus,zypern,chypre|CZ:czech republic,czechia,tschechien
CZ:republique tcheque,republica checa
DE:germany,deutschland,allemagne,alemania,ger,deu,brd|DK:denmark,danemark,dinamarca|DO:dominican republic
DZ:algeria,algerien,algerie,argelia|EC:ecuador,equateur|EE:estonia,estland,estonie|EG:egypt,agypten,egypte,egipto
ES:spain,spanien,espagne,espana,esp|ET:ethiopia,athiopien|FI:finland,finnland,finlande,finlandia,suomi
FR:france,frankreich,francia,fra|GB:united kingdom,uk,great britain,england,scotland,wales,northern ireland,gbr
GB:grossbritannien,vereinigtes konigreich,royaume uni,angleterre,reino unido,gran bretana|GE:georgia,georgien
GH:ghana|GR:greece,griechenland,grece,grecia|GT:guatemala|HK:hong kong,hongkong|HN:honduras|HR:croatia,kroatien,croatie
HU:hungary,ungarn,hongrie,hungria|ID:indonesia,indonesien,indonesie|IE:ireland,irland,irlande,irlanda
IL:israel|IN:india,indien,inde|IQ:iraq,irak|IR:iran|IS:iceland,island,islande|IT:italy,italien,italie,italia,ita
JM:jamaica|JO:jordan,jordanien,jordanie|JP:japan,japon|KE:kenya,kenia|KH:cambodia,kambodscha|KR:south korea,korea
KR:republic of korea,sudkorea,coree du sud,corea del sur|KW:kuwait|KZ:kazakhstan,kasachstan|LB:lebanon,libanon,liban
LI:liechtenstein|LK:sri lanka|LT:lithuania,litauen,lituanie|LU:luxembourg,luxemburg,luxemburgo|LV:latvia,lettland
LY:libya,libyen|MA:morocco,marokko,maroc,marruecos|MC:monaco|MD:moldova,moldau|ME:montenegro|MK:north macedonia
MM:myanmar|MN:mongolia|MT:malta,malte|MU:mauritius|MX:mexico,mexiko,mexique,mex|MY:malaysia|MZ:mozambique
NA:namibia|NG:nigeria|NI:nicaragua|NL:netherlands,the netherlands,holland,niederlande,pays bas,paises bajos,nederland
NO:norway,norwegen,norvege,noruega|NP:nepal|NZ:new zealand,neuseeland,nouvelle zelande,nueva zelanda|OM:oman
PA:panama|PE:peru,perou|PH:philippines,philippinen,filipinas|PK:pakistan|PL:poland,polen,pologne,polonia
PR:puerto rico|PT:portugal|PY:paraguay|QA:qatar,katar|RO:romania,rumanien,roumanie,rumania|RS:serbia,serbien,serbie
RU:russia,russian federation,russland,russie,rusia|RW:rwanda,ruanda|SA:saudi arabia,saudi arabien,arabie saoudite,ksa
SE:sweden,schweden,suede,suecia|SG:singapore,singapur,singapour|SI:slovenia,slowenien,slovenie|SK:slovakia,slowakei
SN:senegal|SV:el salvador|SY:syria,syrien|TH:thailand,thailande|TN:tunisia,tunesien,tunisie|TR:turkey,turkei,turkiye
TR:turquie,turquia|TW:taiwan|TZ:tanzania,tansania|UA:ukraine,ucrania|UG:uganda|US:united states,united states of america
US:usa,u s a,u s,america,vereinigte staaten,etats unis,estados unidos,eeuu|UY:uruguay|UZ:uzbekistan,usbekistan
VE:venezuela|VN:vietnam|YE:yemen,jemen|ZA:south africa,sudafrika,afrique du sud,sudafrica|ZM:zambia|ZW:zimbabwe
"""
_BY_NAME = {
    name: code
    for entry in _NAMES.replace("\n", "|").split("|")
    if entry
    for code, names in [entry.split(":")]
    for name in names.split(",")
}
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z]{2,4})?(?:[,;.].*)?", re.IGNORECASE)
_LANGUAGES = {
    "english": "en", "englisch": "en", "anglais": "en", "ingles": "en", "german": "de", "deutsch": "de",
    "allemand": "de", "aleman": "de", "french": "fr", "franzosisch": "fr", "francais": "fr", "frances": "fr",
    "spanish": "es", "spanisch": "es", "espagnol": "es", "espanol": "es", "italian": "it", "italienisch": "it",
    "dutch": "nl", "niederlandisch": "nl", "portuguese": "pt", "polish": "pl",
}  # fmt: skip


@lru_cache(maxsize=2048)
def country_code(text: str) -> str:
    """Return the two letters of a country given by code or name, empty when it is not known."""
    if text.upper() in phonenumbers.SUPPORTED_REGIONS:
        return text.upper()
    plain = "".join(c if c.isalnum() else " " for c in without_accents(text).casefold())
    return _BY_NAME.get(" ".join(plain.split()), "")


@lru_cache(maxsize=512)
def language_code(text: str) -> str:
    """Return the two letters of a language given by code, locale or name ("de-AT" → "de"), empty when unknown."""
    if found := _LANGUAGE.fullmatch(text):
        return found[1].lower()
    return _LANGUAGES.get(without_accents(text).casefold().strip(), "")


@lru_cache(maxsize=512)
def zone_name(text: str) -> str:
    """Return the name of a time zone that exists, empty for any other text."""
    try:
        return time_zone(text).key
    except Invalid:
        return ""
