"""Currencies of ISO 4217 with 0, 2 or 3 decimals, and their signs."""

from __future__ import annotations

from leadloop.kernel.errors import Invalid

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_TWO_DECIMALS = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD
SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG
YER ZAR ZMW ZWG
"""
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"

_EXPONENTS = {
    **dict.fromkeys(_NO_DECIMALS.split(), 0),
    **dict.fromkeys(_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
}

CURRENCIES = tuple(sorted(_EXPONENTS))

# The sign used when showing; one sign stands for one currency only.
SIGNS = {
    "EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "VND": "₫",
    "UAH": "₴", "TRY": "₺", "NGN": "₦", "PHP": "₱", "KZT": "₸", "GEL": "₾", "CAD": "CA$", "AUD": "A$",
    "NZD": "NZ$", "HKD": "HK$", "SGD": "S$", "MXN": "MX$", "BRL": "R$", "CNY": "CN¥", "TWD": "NT$",
}  # fmt: skip

# What people type, longest first, with the currencies it may stand for.
TYPED_SIGNS = {
    "CA$": ("CAD",), "MX$": ("MXN",), "NZ$": ("NZD",), "HK$": ("HKD",), "NT$": ("TWD",), "CN¥": ("CNY",),
    "US$": ("USD",), "A$": ("AUD",), "C$": ("CAD",), "S$": ("SGD",), "R$": ("BRL",), "Fr.": ("CHF",),
    "zł": ("PLN",), "Kč": ("CZK",), "kr": ("SEK", "NOK", "DKK", "ISK"),
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "TWD", "ARS", "CLP", "COP"),
    "¥": ("JPY", "CNY"), "€": ("EUR",), "£": ("GBP",), "₹": ("INR",), "₩": ("KRW",), "₪": ("ILS",),
    "₫": ("VND",), "₴": ("UAH",), "₺": ("TRY",), "₽": ("RUB",), "₦": ("NGN",), "₱": ("PHP",),
    "₸": ("KZT",), "₾": ("GEL",),
}  # fmt: skip


def exponent(currency: str) -> int:
    """Return the number of decimals of an upper-case ISO 4217 code: 0, 2 or 3.

    Raises Invalid for a code that is unknown (or has another number of decimals, such as CLF).
    """
    try:
        return _EXPONENTS[currency]
    except (KeyError, TypeError):
        raise Invalid(
            f"{currency!r} is not a known currency",
            field="currency",
            mend="Use a three-letter ISO code such as EUR or USD",
        ) from None
