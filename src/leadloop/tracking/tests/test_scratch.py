"""What a refresh that was killed has left behind goes with the next one; what another one uses stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from leadloop.tracking.columnar.scratch import YOUNG, scratch

HOLD = """
import sys
from pathlib import Path
from leadloop.tracking.columnar.scratch import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "rows.csv").write_text("1")
    print(folder, flush=True)
    sys.stdin.read()
"""


def aged(folder: Path) -> None:
    """Let it have been made before anybody could still be about to lock it."""
    then = folder.stat().st_mtime - 2 * YOUNG
    os.utime(folder, (then, then))


def test_what_was_left_goes_and_what_is_in_use_stays(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    theirs = Path(holder.stdout.readline().strip())
    aged(theirs)
    with scratch(tmp_path) as ours:
        assert ours.parent == theirs.parent
        assert (theirs / "rows.csv").exists()
    assert not ours.exists()
    holder.kill()
    holder.communicate()
    assert (theirs / "rows.csv").exists()
    with scratch(tmp_path):
        assert not theirs.exists()


def test_one_that_is_just_being_made_stays(tmp_path: Path) -> None:
    (tmp_path / "scratch" / "columns-new").mkdir(parents=True)
    with scratch(tmp_path):
        assert (tmp_path / "scratch" / "columns-new").exists()
