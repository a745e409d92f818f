"""Who gets the credit: pure functions on paths of touches, whole arrays at a time. No tables, no clock."""

from leadloop.tracking.attribution.credit import MARKOV, MODELS, attribute, credit_to_the_cent
from leadloop.tracking.attribution.markov import removal_effects
from leadloop.tracking.attribution.packed import Ended, Exact, Packing, paths_of_exact, paths_of_packed
from leadloop.tracking.attribution.paths import Paths, paths_of_text

__all__ = [
    "MARKOV",
    "MODELS",
    "Ended",
    "Exact",
    "Packing",
    "Paths",
    "attribute",
    "credit_to_the_cent",
    "paths_of_exact",
    "paths_of_packed",
    "paths_of_text",
    "removal_effects",
]
