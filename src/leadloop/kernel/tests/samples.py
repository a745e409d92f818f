"""Where the shared sample data lies, beside the repository; tests that need it skip when it is absent."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[4].parent / "shared" / "data"


def sample(name: str) -> Path:
    """Return the path of a sample file; skip the test that asks when there is none."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"sample data {name} is not there")
    return path
