"""Run as a script: become the server's user, tie our life to the parent's, and turn into the given program.

A script of its own rather than code between fork and exec, which may deadlock in a process with threads.
Arguments: parent's pid, user id, group id (-1 and -1: stay who we are), program, its arguments.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, uid: int, gid: int, command: list[str]) -> None:
    """Never returns: the process becomes ``command``. Exits with 1 when the parent is gone already."""
    tie = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After setuid, which clears it. SIGINT is PostgreSQL's fast and clean shutdown: a supervisor that
    # was killed leaves neither a running server behind nor one that needs recovery.
    if tie:
        tie(PR_SET_PDEATHSIG, int(signal.SIGINT))
    if os.getppid() != parent:
        sys.exit(1)
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606 - a fixed program, no shell wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
