"""Bringing in files: understanding one, showing how it was understood, storing its rows as deliveries."""

from leadloop.capture.imports.contracts import Options, Reading
from leadloop.capture.imports.preview import Preview, preview
from leadloop.capture.imports.reading import plan
from leadloop.capture.imports.run import Counts, begin, bring_in, finish, store
from leadloop.capture.imports.saved import keep, templates, understand

__all__ = [
    "Counts",
    "Options",
    "Preview",
    "Reading",
    "begin",
    "bring_in",
    "finish",
    "keep",
    "plan",
    "preview",
    "store",
    "templates",
    "understand",
]
