"""What the pages about landing pages call things."""

from __future__ import annotations

from leadloop.capture.pages import Kind, State

KINDS = {
    Kind.HEADING: "Heading",
    Kind.TEXT: "Text",
    Kind.PICTURE: "Picture",
    Kind.POINTS: "List of points",
    Kind.QUOTE: "Quote",
    Kind.QUESTIONS: "Questions and answers",
    Kind.FORM: "Form",
    Kind.SPACE: "Space",
}
STATES = {State.DRAFT: "Draft", State.ON: "Public", State.OFF: "Taken down"}
TEXT_HELP = {
    Kind.TEXT: "Blank lines part paragraphs, lines that begin with - are a list, **bold**, [label](https://…). "
    "A link on a line of its own becomes a button",
    Kind.POINTS: "One on each line",
    Kind.QUESTIONS: "The question on one line, its answer below it, and a blank line before the next",
}
NOTES = {Kind.QUOTE: "Who says so", Kind.PICTURE: "What it shows, for those who can’t see it"}
