"""The admin's day: whether everything runs, what stands aside, how much room is left, who can sign in."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, cause, cell, columns, counted, line, panel, sentence, stat, table
from leadloop.front.system.system_page import system_page
from leadloop.platform.config import load
from leadloop.platform.queries import database_size, users
from leadloop.platform.roles import ROLE_LABELS, Capability, Role

GIB = 2**30
LITTLE = 0.1  # of the disk


def running_page(at: Moment) -> Piece:
    """Everything the page needs, in a constant number of queries."""
    seen = system_page(at.viewer, at.now)
    parked = len(seen["parked"])
    processes = [{"cells": [one["name"], one["does"], one["seen"], one["words"]]} for one in seen["processes"]]
    aside = [line(one["says"], one["why"], "/system", "risk", time=one["since"]) for one in seen["parked"][:8]]
    mail = [line(f"{one['term']}: {one['value']}") for one in seen["mail"]]
    return {
        "sentence": sentence(seen["words"], None, cause(seen["cause"], " Open the system", "/system", ".")),
        "stats": [
            stat("Deliveries waiting", f"{seen['waiting']:,}"),
            stat("Facts that stand aside", f"{parked:,}"),
        ],
        "how": [
            "A process that gave no sign of life for half a minute counts as silent. Facts stand aside when "
            "they could not "
            "be handled; each holds back only its own person."
        ],
        "main": [
            panel("processes", "Processes", "a sign of life every few seconds",
                  table=table("Processes", columns("Process", "Does", "Last seen", "State", words=4), processes, ""),
                  more={"url": "/system", "label": "How it runs"}),
            panel("parked", "Facts that stand aside", lines=aside, words="None: everything could be handled."),
        ],
        "side": [_room(), _users(at), panel("mail", "Mail", lines=mail, words="Nothing is queued.")],
    }  # fmt: skip


def _room() -> Piece:
    folder = Path(load().home)
    there = next((one for one in (folder, *folder.parents) if one.exists()), None)
    lines = [line(f"The database takes {_size(database_size())}")]
    if there is not None:
        disk = shutil.disk_usage(there)
        state = "risk" if disk.free < LITTLE * disk.total else "ok"
        lines.insert(
            0, line(f"{_size(disk.free)} of {_size(disk.total)} are free", "the disk of the home folder", "", state)
        )
    return panel(
        "room",
        "Disk",
        lines=lines,
        how="What the system says of the disk that holds the home folder; marked when less than a tenth is free. The "
        "database: tables and indexes.",
    )


def _size(count: int) -> str:
    return f"{count / GIB:,.1f} GB" if count >= GIB else f"{count / 2**20:,.0f} MB"


def _users(at: Moment) -> Piece:
    everybody = users()
    active = [one for one in everybody.values() if one.is_active]
    roles = Counter(role for one in active for role in one.roles)
    rows = [{"cells": [ROLE_LABELS[Role(role)], cell(f"{number:,}")]} for role, number in roles.most_common()]
    without = [one for one in active if not one.roles]
    closed = len(everybody) - len(active)
    words = f"{len(active)} may sign in" + (
        f", {counted(closed, 'account is', 'accounts are')} closed" if closed else ""
    )
    return panel(
        "users",
        "Users",
        words,
        table=table("Users by role", columns("Role", "Users"), rows, "Nobody has a role yet."),
        more={"url": "/system/users", "label": f"{len(without)} without any role" if without else "All users"}
        if at.viewer.may(Capability.USERS, "see")
        else None,
        how="Active accounts; somebody with two roles is counted in both.",
    )
