"""What others call our fields, in English, German, French and Spanish.

Compared by letters and digits only, without case and accents.
"""

from __future__ import annotations

from leadloop.capture.parse.fields import Field

_WORDS: dict[Field, str] = {
    Field.GIVEN_NAME: """
        given name | first name | fname | firstname | forename | christian name | vorname | rufname | prenom
        | nombre de pila | primer nombre | name first
    """,
    Field.FAMILY_NAME: """
        family name | last name | lname | lastname | surname | second name | nachname | familienname |
        zuname | nom de famille | apellido | apellidos | primer apellido | name last
    """,
    Field.FULL_NAME: """
        full name | name | fullname | contact name | contact | contact person | person | person name | lead
        name | your name | what is your name | whats your name | display name | ansprechpartner |
        ansprechpartnerin | kontakt | kontaktperson | vollstandiger name | vor und nachname | vorname
        nachname | vorname und nachname | ihr name | kundenname | nom | nom complet | nom et prenom | prenom
        et nom | votre nom | interlocuteur | personne de contact | nombre | nombre completo | nombre y
        apellido | nombre y apellidos | nombres | persona de contacto | su nombre
    """,
    Field.EMAIL: """
        email | e mail | mail | email address | e mail address | mail address | primary email | work email |
        business email | company email | personal email | email 1 | email id | your email | user email |
        email1 | emailaddress1 | e mail adresse | mailadresse | email adresse | kontakt email | ihre email |
        ihre e mail adresse | adresse email | adresse e mail | adresse mail | adresse electronique |
        courriel | votre email | courrier electronique | correo | correo electronico | direccion de correo |
        direccion de correo electronico | e mail 1 | su correo | mel
    """,
    Field.PHONE: """
        phone | phone number | telephone | telephone number | tel | tel number | tel no | phone no | phone 1
        | phone1 | telephone1 | work phone | business phone | office phone | company phone | direct phone |
        direct dial | primary phone | contact number | contact no | your phone | user phone | landline |
        telefon | telefonnummer | telefon nr | tel nr | rufnummer | festnetz | telefon geschaftlich | ihre
        telefonnummer | numero de telephone | no de telephone | telephone fixe | telephone bureau | telefono
        | numero de telefono | telefono fijo | telefono de trabajo | whatsapp | whatsapp number | fon
    """,
    Field.MOBILE: """
        mobile | mobile phone | mobile number | mobile no | cell | cell phone | cellphone | cell number |
        handy | handynummer | mobil | mobilnummer | mobiltelefon | mobilfunk | mobilephone | portable |
        telephone portable | telephone mobile | movil | telefono movil | celular | telefono celular | numero
        de movil | gsm | natel
    """,
    Field.SOCIAL: """
        linkedin | linkedin url | linkedin profile | linkedin profile url | linkedin link | linkedin bio |
        social profile | social url | xing | xing profil | linkedin profil | profil linkedin | perfil de
        linkedin | twitter | twitter handle
    """,
    Field.TITLE: """
        title | job title | jobtitle | position | job position | role title | designation | job role | your
        job title | funktion | stellung | berufsbezeichnung | stellenbezeichnung | job | position im
        unternehmen | poste | fonction | intitule du poste | titre du poste | cargo | puesto | puesto de
        trabajo | funcion | profesion
    """,
    Field.BUYING_ROLE: """
        buying role | contact role | role in purchase | role in decision | decision role | rolle im kauf
    """,
    Field.LANGUAGE: "language | preferred language | locale | lang | sprache | langue | idioma",
    Field.ZONE: "time zone | timezone | zeitzone | fuseau horaire | zona horaria",
    Field.COMPANY: """
        company | company name | organization | organisation | organization name | organisation name |
        account | account name | business | business name | employer | firm | firm name | org | your company
        | company or organization | firma | firmenname | unternehmen | unternehmensname | arbeitgeber | ihr
        unternehmen | ihre firma | betrieb | societe | nom de la societe | entreprise | nom de l entreprise
        | raison sociale | organisme | votre entreprise | empresa | nombre de la empresa | compania | razon
        social | organizacion | institucion | associated company | companyname
    """,
    Field.WEBSITE: """
        website | web site | company website | url | web | homepage | home page | site | website url |
        company url | domain | company domain | company domain name | website domain | webseite |
        internetseite | internet | firmenwebsite | internetadresse | site web | site internet | sitio web |
        pagina web | web de la empresa | websiteurl
    """,
    Field.INDUSTRY: """
        industry | sector | business sector | industry sector | branche | industrie | wirtschaftszweig |
        secteur | secteur d activite | industria | rubro | giro | sector industrial | vertical
    """,
    Field.EMPLOYEES: """
        employees | number of employees | no of employees | num employees | employee count | company size |
        headcount | company employees | numemployees | numberofemployees | mitarbeiter | mitarbeiterzahl |
        anzahl mitarbeiter | unternehmensgrosse | firmengrosse | effectif | effectifs | nombre d employes |
        nombre de salaries | taille de l entreprise | empleados | numero de empleados | tamano de la empresa
    """,
    Field.COUNTRY: """
        country | country code | country region | nation | billing country | mailing country | address
        country | land | staat | pays | pais | ihr land | ip country | country or region
    """,
    Field.CITY: """
        city | town | billing city | mailing city | address city | ort | stadt | wohnort | ville | localite
        | ciudad | localidad | poblacion
    """,
    Field.MESSAGE: """
        message | comments | comment | note | notes | description | inquiry | enquiry | inquiry text | your
        message | question | questions | request | body | text | details | remarks | how can we help | how
        can we help you | what would you like to talk about | nachricht | ihre nachricht | mitteilung |
        bemerkung | bemerkungen | kommentar | anfrage | anliegen | ihr anliegen | notiz | notizen |
        beschreibung | frage | commentaire | commentaires | votre message | demande | remarque | remarques |
        mensaje | su mensaje | comentario | comentarios | consulta | observaciones | notas
    """,
    Field.INTEREST: """
        interest | interested in | product | product interest | product of interest | product family |
        products | service of interest | interesse | interessiert an | produkt | produktinteresse |
        produktgruppe | interet | interesse par | produit | produit souhaite | interes | interesado en |
        producto | producto de interes
    """,
    Field.KIND: """
        inquiry kind | inquiry type | enquiry type | kind of inquiry | type of inquiry | request type |
        topic type | anfrageart | art der anfrage | type de demande | tipo de consulta
    """,
    Field.ASSET: """
        asset | asset key | download | whitepaper | white paper | content | content asked for | offer |
        brochure | resource
    """,
    Field.SOURCE: """
        source | lead source | leadsource | original source | lead origin source | how did you hear about us
        | channel | traffic source | contact source | quelle | leadquelle | lead quelle | herkunft | wie
        haben sie von uns erfahren | kanal | origine | source du lead | provenance | comment nous avez vous
        connu | fuente | origen | fuente del lead | origen del lead | como nos conocio | campaign source
    """,
    Field.EXTERNAL_ID: """
        id | lead id | leadid | record id | rec id | unique id | lead number | submission id | external id |
        inquiry id | response id | ref | reference | prospect id | entry id | event id | uuid | guid | lfd nr |
        datensatz id | anfragenummer | vorgangsnummer | identifiant | numero de lead | referencia | leadgen id
    """,
    Field.PERSON_ID: """
        contact id | contactid | customer id | customer number | client id | person id | personid | user id
        | vid | member id | kundennummer | kunden nr | kontakt id | numero client | numero de cliente
    """,
    Field.CREATED_AT: """
        created time | created at | created | created on | create date | created date | date created |
        creation date | createdate | createddate | date of creation | submitted at | submission date |
        submitted | submitted on | submit time | timestamp | time stamp | date | inquiry date | enquiry date
        | date of inquiry | lead date | received | received at | received on | entry date | date entered |
        happened at | date added | added on | date time | datetime | erstellt | erstellt am |
        erstellungsdatum | angelegt am | datum | eingangsdatum | anfragedatum | eingang | zeitstempel | date
        de creation | cree le | date de la demande | horodatage | fecha de creacion | creado | creado el |
        fecha | fecha de alta | fecha de solicitud | marca temporal
    """,
    Field.CONSENT: """
        consent | marketing consent | opt in | optin | newsletter | email opt in | gdpr consent | gdpr |
        subscribe | accepts marketing | einwilligung | newsletter anmeldung | werbeeinwilligung | zustimmung
        | dsgvo | consentement | rgpd | consentimiento | acepta marketing | suscripcion
    """,
    Field.CONSENT_WORDING: "consent wording | consent text | consent statement | einwilligungstext",
    Field.NO_EMAIL: """
        do not email | no email | email opt out | opted out of email | has opted out of email |
        hasoptedoutofemail | unsubscribed | unsubscribed from all email | opt out | email optout | keine e
        mail | keine emails | abgemeldet | desabonne | no enviar correo | donotemail
    """,
    Field.NO_PHONE: """
        do not call | donotcall | no calls | keine anrufe | nicht anrufen | ne pas appeler | no llamar
    """,
    Field.OWNER: """
        owner | lead owner | owner name | contact owner | record owner | account owner | assigned to |
        assigned user | sales rep | salesperson | sales person | sales owner | rep | responsible | account
        manager | owner email | besitzer | verantwortlich | verantwortlicher | zustandig | zustandiger |
        zugewiesen an | vertriebsmitarbeiter | betreuer | bearbeiter | proprietaire | proprietaire du lead |
        responsable | commercial | attribue a | assigne a | propietario | propietario del lead | asignado a
        | vendedor | hubspot owner | hubspotownerid
    """,
    Field.STATUS: """
        status | lead status | leadstatus | lead stage | stage | lifecycle stage | lifecyclestage | contact
        status | pipeline stage | current status | hs lead status | phase | stufe | leadstatus | lead phase
        | statut | statut du lead | etape | estado | estado del lead | etapa | situacion | disposition
    """,
    Field.CONVERTED: """
        converted | is converted | isconverted | konvertiert | umgewandelt | converti | convertido |
        convertie
    """,
    Field.BUDGET: """
        budget | available budget | your budget | estimated budget | budget range | budgetrahmen |
        presupuesto
    """,
    Field.AUTHORITY: """
        authority | decision maker | are you the decision maker | decision authority | purchase authority |
        entscheider | entscheidungsbefugnis | decideur | decisor | quien decide
    """,
    Field.NEED: """
        need | needs | business need | requirement | requirements | pain point | bedarf | besoin | besoins |
        necesidad | necesidades | use case
    """,
    Field.TIMING: """
        timing | timeline | timeframe | time frame | purchase timeframe | purchase time frame | buying
        timeframe | when do you plan to buy | zeitrahmen | zeitplan | kaufzeitpunkt | delai | echeance |
        calendrier | plazo | cuando piensa comprar
    """,
    Field.PROGRAMME: "programme | programme key",
    Field.UTM_SOURCE: "utm source | utmsource",
    Field.UTM_MEDIUM: "utm medium | utmmedium",
    Field.UTM_CAMPAIGN: "utm campaign | utmcampaign",
    Field.UTM_TERM: "utm term | utmterm",
    Field.UTM_CONTENT: "utm content | utmcontent",
    Field.GCLID: "gclid | gcl id | google click id",
    Field.FBCLID: "fbclid | facebook click id",
    Field.MSCLKID: "msclkid | microsoft click id",
    Field.LI_FAT_ID: "li fat id | lifatid",
    Field.TTCLID: "ttclid | tiktok click id",
    Field.REFERRER: "referrer | referer | referrer url | referring page | document referrer | referring url",
    Field.LANDING_PAGE: """
        landing page | landing page url | landing url | page url | page | source url | page uri | entry page
        | conversion page | einstiegsseite | seite | page d entree | pagina de destino
    """,
}  # fmt: skip

_WHOSE = """
    lead contact person customer client prospect user visitor your my our primary main kontakt kunde interessent
    ihr ihre votre cliente su payload data record submission inquiry enquiry answers response hidden tracking
    properties attributes params query values fields result
"""
_AROUND = "hs mauticform form field custom event work business billing mailing address new current"
_SAYS_LITTLE = "name id url title date status stage page type text body source"
_AFTER = "field value input answer required optional pflichtfeld name string 1"

# Words that may stand before a heading: whose it is, or the container of a nested payload.
WHOSE = frozenset(_WHOSE.split())
# Words that may stand before a heading unless what is left of it says too little: "form name" is nobody's name.
AROUND = frozenset(_AROUND.split())
SAYS_LITTLE = frozenset(_SAYS_LITTLE.split())
AFTER = frozenset(_AFTER.split())


def phrases() -> list[tuple[str, Field]]:
    """Return every known phrase with its field."""
    return [(phrase.strip(), field) for field, words in _WORDS.items() for phrase in " ".join(words.split()).split("|")]
