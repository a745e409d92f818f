"""Landing pages: blocks that are built in the browser, read by anybody once they are published, and counted."""

from leadloop.capture.pages.blocks import Block, Copy, Kind, check
from leadloop.capture.pages.contracts import PageIn, PageRow, State, Tally
from leadloop.capture.pages.counting import count_view
from leadloop.capture.pages.keeping import publish, save_page, withdraw
from leadloop.capture.pages.pictures import MOST_BYTES, Picture, keep_picture, measured, picture
from leadloop.capture.pages.reading import came_through, page, page_at, pages, tallies, views_by_day
from leadloop.capture.pages.sending import send

__all__ = [
    "MOST_BYTES",
    "Block",
    "Copy",
    "Kind",
    "PageIn",
    "PageRow",
    "Picture",
    "State",
    "Tally",
    "came_through",
    "check",
    "count_view",
    "keep_picture",
    "measured",
    "page",
    "page_at",
    "pages",
    "picture",
    "publish",
    "save_page",
    "send",
    "tallies",
    "views_by_day",
    "withdraw",
]
