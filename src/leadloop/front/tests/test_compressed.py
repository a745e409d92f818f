"""Pages travel compressed; files and streams as they are."""

from __future__ import annotations

import gzip
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from leadloop.front.middleware import CompressedPages
from leadloop.front.tests.pages import as_user
from tests.support.cast import Cast

WORDS = "<p>Nothing waits for you.</p>" * 100
TAKES_IT = {"HTTP_ACCEPT_ENCODING": "gzip, br"}


def answered(answer: Any, **headers: str) -> Any:
    return CompressedPages(lambda _: answer)(RequestFactory().get("/home", **headers))


def test_a_page_is_compressed_for_who_takes_it(db: None, cast: Cast) -> None:
    plain = as_user(cast, "kim").get("/home")
    small = as_user(cast, "kim").get("/home", **TAKES_IT)
    assert (plain.has_header("Content-Encoding"), small["Content-Encoding"]) == (False, "gzip")
    assert "Nothing waits for you" in gzip.decompress(small.content).decode()
    assert len(small.content) < len(plain.content) / 2
    assert "Accept-Encoding" in plain["Vary"]


def test_files_and_streams_are_left_alone() -> None:
    file = HttpResponse(WORDS, content_type="text/csv")
    assert not answered(file, **TAKES_IT).has_header("Content-Encoding")
    stream = StreamingHttpResponse(iter([WORDS.encode()]))
    assert not answered(stream, **TAKES_IT).has_header("Content-Encoding")
    assert answered(HttpResponse(WORDS), **TAKES_IT).has_header("Content-Encoding")
