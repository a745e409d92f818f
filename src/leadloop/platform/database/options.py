"""The server's options, all on its command line, so that no file in the data folder changes what runs."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from leadloop.platform.database.processes import OURS

MEGABYTE = 1024 * 1024
CONNECTIONS = 100

# Statements and errors may quote people's data, so the log keeps the server's own life only: errors reach the
# application anyway, which logs them without values.
LOGGING = {
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u ",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_checkpoints": "off",
}
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "wal_compression": "on"}
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


def arguments(socket_dir: Path, *, port: int, durable: bool) -> list[str]:
    """Return the options for ``postgres``. ``durable=False`` loses everything in a crash: for tests only."""
    first, _, name = OURS.partition("=")
    chosen = {
        first: name,
        "listen_addresses": "",  # this machine only, through a socket in a folder of ours
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "port": str(port),
        "max_connections": str(CONNECTIONS),
        "shared_buffers": f"{shared_buffers()}MB",
        "dynamic_shared_memory_type": shared_memory_kind(),
        "max_wal_size": "1GB",  # recovery after a crash stays under about 10 s
        "jit": "off",
        "timezone": "UTC",
        "idle_in_transaction_session_timeout": "5min",
        "restart_after_crash": "on",  # one killed backend: the server mends itself, clients connect again
        **LOGGING,
        **(SAFE if durable else THROWAWAY),
    }
    return [part for key, value in chosen.items() for part in ("-c", f"{key}={value}")]


def shared_buffers() -> int:
    """Return the megabytes for the server's page cache: an eighth of the memory, from 64 to 1,024."""
    return max(64, min(1024, memory() // MEGABYTE // 8))


def memory() -> int:
    """Return the bytes of memory this process may use: the machine's, or less inside a container."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            limits.append(int(Path(file).read_text()))
    return min(limits)


def shared_memory_kind() -> str:
    """Return posix, or sysv where containers make /dev/shm too small for parallel queries."""
    with suppress(OSError):
        room = os.statvfs("/dev/shm")  # noqa: S108 - asked for its size, nothing is written
        return "posix" if room.f_blocks * room.f_frsize >= 256 * MEGABYTE else "sysv"
    return "posix"
