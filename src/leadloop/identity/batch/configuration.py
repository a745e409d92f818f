"""The one configuration of the search, the same for every base. Nothing here was fitted to labelled data.

Terms, after Fellegi and Sunter (1969): a comparison has levels; `m` is how often two records of one person stand at a
level, `u` how often two records of different persons do. A level weighs log2(m / u). The `m` are what we hold of how
people write themselves down, frozen, so that a field weighs the same tomorrow. The `u` are measured in the base itself
(`scoring.py`); what is written here counts as much as `PRIOR_PAIRS` measured pairs, which tells in small bases only.

What depends on each other is one comparison, or one is silent where the other has spoken: post code and city, street
and house number; colleagues share a company, its domain, its town and often its number, and all that is one agreement,
that they are colleagues. Counted one by one, every firm would be one person.
"""

from __future__ import annotations

from leadloop.kernel.values import dataclass

PRIOR_PAIRS = 20_000  # how many measured pairs the `u` below are worth
PRIOR_PERSONS = 1_000  # and how many persons, where the frequency of one value is asked
SAMPLED_PAIRS = 1_000_000
SEED = 7
LARGEST_BLOCK = 300  # a key that more persons share tells nobody apart
PRIOR_DUPLICATES = 0.05  # of persons who have a second record, at least; the base itself says how many more


@dataclass(frozen=True, slots=True)
class Level:
    """A degree of likeness. `when` is SQL over the columns with _l and _r; "" for everything else.

    `frequent` names the column whose rare values weigh more than its common ones.
    """

    code: str
    says: str
    when: str
    m: float
    u: float
    frequent: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field, or several that depend on each other. `needs` are columns of which one must be told on both sides.

    `unless` is SQL for what another comparison has said already: where it holds, this one says nothing.
    """

    name: str
    needs: tuple[str, ...]
    levels: tuple[Level, ...]
    unless: str = ""


def _both(column: str) -> str:
    return f"{column}_l = {column}_r"


def _alike(column: str, least: float) -> str:
    """Jaro-Winkler similarity; `{jaro_winkler}` is filled in by the engine."""
    return f"{{jaro_winkler}}({column}_l, {column}_r) >= {least}"


def _slips(column: str, most: int) -> str:
    """At most so many letters wrong, missing or too many; the lengths are looked at first, which is quick."""
    near = f"abs(length({column}_l) - length({column}_r)) <= {most}"
    return f"({near} and ({_a_part_in_common(column, most)}) and levenshtein({column}_l, {column}_r) <= {most})"


def _a_part_in_common(column: str, most: int) -> str:
    """Cut into one part more than slips are allowed, one part must be without any: looked for first, which is quick."""
    size = f"cast(floor(length({column}_l) / {most + 1}) as int)"
    parts = [f"substr({column}_l, {size} * {place} + 1, {size})" for place in range(most + 1)]
    return " or ".join(f"contains({column}_r, {part})" for part in parts)


def _begins(column: str) -> str:
    """One is the other's beginning, as an initial or a short form is."""
    longer = f"case when length({column}_l) < length({column}_r) then {column}_r else {column}_l end"
    shorter = f"case when length({column}_l) < length({column}_r) then {column}_l else {column}_r end"
    return f"substr({longer}, 1, length({shorter})) = {shorter}"


_COLLEAGUES = "(firm_l = firm_r or domain_l = domain_r)"
_SWAPPED = "given_l = family_r and family_l = given_r"

GIVEN = Comparison(
    "given",
    ("given",),
    (
        Level("same_given", "Same first name", _both("given"), 0.72, 0.01, frequent="given"),
        Level("swapped_given", "First name and family name change places", _SWAPPED, 0.03, 0.0002),
        Level("like_given", "Much alike first names", f"{_alike('given', 0.92)} or {_begins('given')}", 0.15, 0.01),
        Level("near_given", "Somewhat alike first names", _alike("given", 0.80), 0.05, 0.02),
        Level("other_given", "Different first names", "", 0.05, 0.96),
    ),
)
FAMILY = Comparison(
    "family",
    ("family",),
    (
        Level("same_family", "Same family name", _both("family"), 0.73, 0.003, frequent="family"),
        Level("swapped_family", "Family name and first name change places", _SWAPPED, 0.03, 0.0002),
        Level("like_family", "Much alike family names", _alike("family", 0.92), 0.13, 0.003),
        Level("near_family", "Somewhat alike family names", _alike("family", 0.80), 0.05, 0.012),
        Level("other_family", "Different family names", "", 0.06, 0.98),
    ),
)
BIRTH = Comparison(
    "birth",
    ("birth",),
    (
        Level("same_birth", "Same date of birth", _both("birth"), 0.85, 0.0001),
        Level("like_birth", "Dates of birth that differ by one slip", _slips("birth", 1), 0.08, 0.002),
        Level("near_birth", "Dates of birth that differ by two slips", _slips("birth", 2), 0.03, 0.02),
        Level("other_birth", "Different dates of birth", "", 0.04, 0.978),
    ),
)
EMAIL = Comparison(
    "email",
    ("email",),
    (
        Level("same_email", "Same e-mail address", _both("email"), 0.60, 0.000_001, frequent="email"),
        Level("same_mailbox", "Same mailbox at another domain", _both("mailbox"), 0.08, 0.000_1, "mailbox"),
        Level("like_email", "E-mail addresses that differ by two slips", _slips("email", 2), 0.14, 0.000_005),
        Level("other_email", "Different e-mail addresses", "", 0.18, 0.999_9),
    ),
)
COMPANY = Comparison(
    "company",
    ("firm", "domain"),
    (
        Level(
            "same_desk",
            "Same company and telephone number",
            f"{_COLLEAGUES} and {_both('phone')}",
            0.30,
            0.000_1,
            "phone",
        ),
        Level("same_firm", "Same company", _both("firm"), 0.45, 0.001, frequent="firm"),
        Level("same_domain", "Same domain", _both("domain"), 0.05, 0.001, frequent="domain"),
        Level("like_firm", "Alike companies", _alike("firm", 0.90), 0.05, 0.002),
        Level("other_firm", "Different companies", "", 0.15, 0.996),
    ),
    unless=f"domain_l = domain_r and {_slips('email', 2)}",
)
PHONE = Comparison(
    "phone",
    ("phone",),
    (
        Level("same_phone", "Same telephone number", _both("phone"), 0.65, 0.000_1, frequent="phone"),
        Level("like_phone", "Telephone numbers that differ by one slip", _slips("phone", 1), 0.05, 0.000_1),
        Level("other_phone", "Different telephone numbers", "", 0.30, 0.999_8),
    ),
    unless=f"{_both('phone')} and {_COLLEAGUES}",
)
STREET = Comparison(
    "street",
    ("street",),
    (
        Level("same_house", "Same street and number", f"{_both('street')} and {_both('house')}", 0.50, 0.000_02),
        Level("same_street", "Same street", _both("street"), 0.12, 0.001, frequent="street"),
        Level(
            "like_house", "Alike street, same number", f"{_alike('street', 0.85)} and {_both('house')}", 0.18, 0.0001
        ),
        Level("like_street", "Alike street", _alike("street", 0.92), 0.05, 0.002),
        Level("other_street", "Different street", "", 0.15, 0.997),
    ),
)
PLACE = Comparison(
    "place",
    ("postcode", "city"),
    (
        Level("same_place", "Same post code and city", f"{_both('postcode')} and {_both('city')}", 0.50, 0.001),
        Level("same_postcode", "Same post code", _both("postcode"), 0.12, 0.0005, frequent="postcode"),
        Level("same_city", "Same city", _both("city"), 0.15, 0.01, frequent="city"),
        Level(
            "like_place",
            "Alike city, or post code with a slip",
            f"{_alike('city', 0.88)} or {_slips('postcode', 1)}",
            0.10,
            0.01,
        ),
        Level("other_place", "Different places", "", 0.13, 0.98),
    ),
    unless=_COLLEAGUES,
)
COMPARISONS = (GIVEN, FAMILY, BIRTH, EMAIL, COMPANY, PHONE, STREET, PLACE)

# Two records are compared when they share one of these keys: two facts that agree, or one that hardly agrees by chance.
_NAMES = "case when given < family then given || ' ' || family else family || ' ' || given end"
KEYS: dict[str, str] = {
    "names": _NAMES,
    "given_fam": "given || ' ' || substr(family, 1, 3)",
    "giv_family": "substr(given, 1, 3) || ' ' || family",
    "birth": "birth",
    "given_year": "given || ' ' || substr(birth, 1, 4)",
    "family_year": "family || ' ' || substr(birth, 1, 4)",
    "email": "email",
    "mailbox": "mailbox",
    "mailbox_begin": "case when length(mailbox) > 5 then substr(mailbox, 1, 5) end",
    "given_domain": "given || ' ' || domain",
    "family_domain": "family || ' ' || domain",
    "phone": "phone",
    "given_firm": "given || ' ' || firm",
    "family_firm": "family || ' ' || firm",
    "given_city": "given || ' ' || city",
    "family_city": "family || ' ' || city",
    "given_postcode": "given || ' ' || postcode",
    "family_postcode": "family || ' ' || postcode",
    "house": "street || ' ' || house",
    "house_postcode": "house || ' ' || postcode",
}
