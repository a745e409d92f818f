"""What the processes say, and how much of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from leadloop.platform import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    config, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**config)
    root.handlers[:] = handlers
    root.setLevel(level)


def test_each_event_is_a_line_of_json_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure({"level": "info"})
    structlog.get_logger().info("sent", message_id=7)
    logging.getLogger("django.server").warning("slow %s", "page")
    out, err = capsys.readouterr()
    assert out == ""
    ours, theirs = (json.loads(line) for line in err.splitlines())
    assert (ours["event"], ours["message_id"], ours["level"]) == ("sent", 7, "info")
    assert (theirs["event"], theirs["level"]) == ("slow page", "warning")
    assert ours["timestamp"].endswith("Z")


def test_less_is_said_where_less_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure({"level": "error"})
    structlog.get_logger().warning("never mind")
    logging.getLogger("anything").warning("never mind")
    structlog.get_logger().error("look here")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["look here"]


def test_an_error_comes_with_where_it_happened(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure({"level": "error"})
    try:
        raise ValueError("too much")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: too much" in json.loads(line)["exception"]
