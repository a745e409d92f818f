"""Who gets the credit: pure functions on paths of touches, whole arrays at a time. No tables, no clock."""

from leadloop.tracking.attribution.credit import MODELS, attribute, credit_to_the_cent
from leadloop.tracking.attribution.legs import Legs, Touches
from leadloop.tracking.attribution.markov import Chain, chain_of, removal_effects
from leadloop.tracking.attribution.paths import Paths, paths_of_text
from leadloop.tracking.attribution.walking import Walked, Won, walked

__all__ = [
    "MODELS",
    "Chain",
    "Legs",
    "Paths",
    "Touches",
    "Walked",
    "Won",
    "attribute",
    "chain_of",
    "credit_to_the_cent",
    "paths_of_text",
    "removal_effects",
    "walked",
]
