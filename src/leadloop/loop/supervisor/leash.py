"""Run as a module: tie this process's life to the supervisor's, set Django up, become the module that is asked for.

Arguments: the supervisor's pid, a module, its arguments. A supervisor that is killed leaves nothing running.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Have this process told to stop when its parent ends; exits at once when that has happened already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:
        sys.exit(1)


def main() -> None:
    """Never returns to the caller: runs the module as `__main__`."""
    parent, module = int(sys.argv[1]), sys.argv[2]
    end_with_parent(parent)
    sys.argv = [module, *sys.argv[3:]]
    if module.startswith("leadloop."):
        importlib.import_module("django").setup()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
