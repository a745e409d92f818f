"""The form of a portal: what it asks, how it is shown by us and on other sites, and what is sent with it."""

from leadloop.capture.forms.answered import answered
from leadloop.capture.forms.hosted import HostedForm, elapsed, stamp, submit
from leadloop.capture.forms.kept import languages_of, layout_of, save_layout
from leadloop.capture.forms.layouts import OFFERED, STANDARD, Layout, Question, check
from leadloop.capture.forms.shared import described
from leadloop.capture.forms.words import LANGUAGES

__all__ = [
    "LANGUAGES",
    "OFFERED",
    "STANDARD",
    "HostedForm",
    "Layout",
    "Question",
    "answered",
    "check",
    "described",
    "elapsed",
    "languages_of",
    "layout_of",
    "save_layout",
    "stamp",
    "submit",
]
