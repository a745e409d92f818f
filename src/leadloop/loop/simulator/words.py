"""Words that invented people and firms are made of. Nobody in here exists; their domains end in .example."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = {
    "de": _words(
        "Anke Bernd Carla Dirk Elke Falk Greta Holger Ilka Jens Katrin Lutz Maren Nils Oda Peer Rieke Silke Timo Ulla "
        "Volker Wiebke"
    ),
    "en": _words(
        "Alice Brian Chloe Duncan Edith Fraser Gemma Howard Isla Jacob Kirsty Leonard Maggie Neil Olive Patrick Rosie "
        "Stuart Tessa Vernon Winnie"
    ),
    "fr": _words(
        "Adèle Bastien Céline Didier Élodie Fabrice Gaëlle Hervé Inès Julien Laure Mathis Noémie Olivier Pauline Rémi "
        "Solène Thierry"
    ),
    "es": _words("Aitana Bruno Carmen Diego Elvira Gonzalo Irene Joaquín Leire Marcos Nuria Pablo Rocío Sergio Teresa"),
}
FAMILY = {
    "de": _words(
        "Ahrens Brinkmann Clausen Dettmer Eggers Freese Gerdes Harms Ibsen Jessen Kruse Lohmann Meinert Niemann "
        "Oltmann Petersen Reimers Sievers Thoms Uhde Voss Wichert"
    ),
    "en": _words(
        "Ashworth Bexley Cartwright Dunmore Ellwood Fenwick Garside Holcombe Ingleby Jarrow Kendrick Lockwood Merrick "
        "Norcross Oakden Pembury Radcliff Stanmore Thornby Upcott Wexley"
    ),
    "fr": _words(
        "Aubry Besson Chevrier Delmas Estève Fournel Garnier Humbert Jourdan Lacaze Maillard Noiret Olivet Perrot "
        "Renaudin Sabatier Tessier Vasseur"
    ),
    "es": _words("Arroyo Bravo Castaño Delgado Espinosa Fuertes Gallardo Hidalgo Lozano Montero Olmos Robledo Salinas"),
}
NAMED = _words(
    "Alderbrook Birkfeld Calloway Dornach Elmstead Farnhill Glenmoor Hasselt Ivybridge Jorvik Kelmscott Lindau "
    "Marchwood Nordheide Oakhaven Penrose Quarnby Ravensholm Steinach Tamworth Ulmenau Vellmar Westerloh Yarrow "
    "Zellwald Ashgrove Brandis Corvey Dunholm Eichhof Fallowfield Grimstone Hollern Kirkwall Larkfield Mohnsen"
)
TRADES = {
    "Food and drink": ("Brewery", "Dairy", "Foods", "Bakery Works"),
    "Chemicals": ("Chemicals", "Coatings", "Adhesives"),
    "Water and energy": ("Water Works", "Energy", "District Heating"),
    "Paper and packaging": ("Paper", "Packaging", "Board Mills"),
    "Machinery": ("Machinery", "Tooling", "Drives"),
    "Public sector": ("Town Works", "Harbour Authority"),
    "Retail": ("Garden Centre", "Outfitters"),
}
# Language of names, and cities.
COUNTRIES = {
    "DE": ("de", ("Bremen", "Kassel", "Jena", "Aachen", "Rostock")),
    "AT": ("de", ("Graz", "Linz", "Wels")),
    "GB": ("en", ("Leeds", "Bristol", "Dundee", "Exeter")),
    "US": ("en", ("Tulsa", "Boise", "Akron")),
    "FR": ("fr", ("Lille", "Nantes", "Dijon")),
    "ES": ("es", ("Bilbao", "Vigo", "Murcia")),
}
# Telephone numbers that regulators keep free for stories: their form, and how many there are.
LINES = {
    "DE": tuple(
        (f"+49 {area} {{:03d}}", 1000) for area in ("30 23125", "69 90009", "40 66969", "221 4710", "89 99998")
    ),
    "GB": (
        ("+44 20 7946 0{:03d}", 1000),
        *((f"+44 {area} 496 0{{:03d}}", 1000) for area in ("113", "114", "115", "116", "117", "118", "121", "131")),
    ),
    "US": tuple(
        (f"+1 {area} 555 01{{:02d}}", 100) for area in ("212", "213", "214", "215", "216", "217", "218", "219", "224")
    ),
    "FR": tuple((f"+33 {area} {{:04d}}", 10_000) for area in ("1 99 00", "2 61 91", "3 53 01", "4 65 71", "5 36 49")),
}
TITLES = {
    "decides": ("Managing director", "Head of operations", "Plant manager", "Head of procurement"),
    "weighs": ("Process engineer", "Maintenance lead", "Technical buyer", "Project engineer"),
    "reads": ("Trainee", "Student assistant", "Consultant", "Office manager"),
}
NEEDS = {
    "pumps": (
        "We replace {n} pumps in our cooling circuit and look for a quieter type.",
        "Our transfer pumps leak again. What would {n} of yours cost, installed?",
        "A new line starts next year. We need {n} dosing pumps with documentation in English.",
    ),
    "service": (
        "Who could look after {n} pumps at our site, also at weekends?",
        "We want a maintenance contract for {n} units. What response time do you offer?",
        "Our in-house mechanic retires. Please quote for the service of {n} pumps.",
    ),
    "monitoring": (
        "Can your sensors be fitted to {n} older pumps? We want to see bearing wear early.",
        "We would like a trial of remote monitoring on {n} pumps.",
        "How does your monitoring report to our control room, for {n} pumps?",
    ),
}
CURIOUS = (
    "Please send me the brochure.",
    "I read your article on cavitation. Is there more of it?",
    "For a comparison in our team: which sizes do you make?",
)
OTHERS = {
    "support": (
        "The display of our controller shows E4 since this morning.",
        "Which oil goes into the gearbox of the older series?",
    ),
    "job": ("I would like to apply as a service technician.", "Do you take trainees next summer?"),
    "supplier": ("We cast housings and would like to supply you.", "We offer freight to Scandinavia."),
}
LATE = ("It is not urgent.", "We plan for next year.", "The budget is not approved yet.")
SOON = (
    "We decide within four weeks.",
    "The old one stands still, so it is urgent.",
    "An order is possible this month.",
)
