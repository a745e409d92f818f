"""Writes what the documents say of the code from the code itself: `python -m scripts.make_docs`.

Whole pages: `docs/facts.md`, `docs/cli.md`, `docs/rights.md`, `docs/measures.md`, and `docs/api.md` with
`docs/api.json` where there is a REST API. Parts of other pages stand between `<!-- made: name -->` and
`<!-- end -->`; the names are in `BLOCKS`.
A test fails while any of it is out of date.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from inspect import cleandoc
from pathlib import Path
from typing import Any

import django
import orjson
import typer
from typer.testing import CliRunner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadloop.settings")
django.setup()

from leadloop.agreement.standard import Keepers, clauses  # noqa: E402 - needs Django's apps
from leadloop.capture.door.description import describe  # noqa: E402 - as above
from leadloop.leads.contracts import CLOSED_STAGES, Stage  # noqa: E402 - as above
from leadloop.leads.rules import KEEPER_STAGES, MOVES, STAGE_PROMISE, needed_uses  # noqa: E402 - as above
from leadloop.leads.rules.stages import leaves_out_a_stage  # noqa: E402 - as above
from leadloop.ledger.facts import COLUMNS, Fact, kinds  # noqa: E402 - as above
from leadloop.loop.check import CHECKS  # noqa: E402 - as above
from leadloop.loop.cli.main import app  # noqa: E402 - as above
from leadloop.loop.routes import ROUTES, Route  # noqa: E402 - as above
from leadloop.platform.roles import GRANTS, ROLE_LABELS, Capability, Scope  # noqa: E402 - as above
from leadloop.tracking.benchmarks import BENCHMARKS  # noqa: E402 - as above
from leadloop.tracking.figures.catalogue import MEASURES, RATIOS  # noqa: E402 - as above
from scripts.markdown import codes, escaped, table, whole_page  # noqa: E402 - as above

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
MADE = "<!-- Written by `make docs` from the code. Change the code, not this page. -->"
API = "leadloop.front.api.urls"
WIDTH = 100  # columns of the help texts
BLOCK = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
STANDARD = clauses(Keepers(capture=1, qualification=1, nurturing=1, distribution=1, selling=1, tracking=1))


def pages() -> dict[Path, str]:
    """Everything that is written from the code, as it should be: content by path."""
    whole = {
        DOCS / "facts.md": facts(),
        DOCS / "cli.md": command_line(),
        DOCS / "rights.md": rights(),
        DOCS / "measures.md": measures(),
        **interface(),
    }
    parts = {path: filled(path.read_text()) for path in sorted(DOCS.rglob("*.md")) if path not in whole}
    return {**whole, **{path: text for path, text in parts.items() if BLOCK.search(text)}}


def facts() -> str:
    """The dictionary of facts, by room."""
    rooms: dict[str, list[type[Fact]]] = {}
    for fact in kinds().values():
        rooms.setdefault(_room(fact), []).append(fact)
    parts = [
        "# Facts",
        MADE,
        "Everything that happens is one of these facts on the append-only ledger. A fact holds identifiers, codes and"
        " amounts, never personal data.",
        "Besides its own fields every fact can carry the columns of the ledger: `happened_at`, "
        + ", ".join(f"`{name}`" for name in COLUMNS)
        + ". The ledger adds `id`, `recorded_at`, `actor`, `lane`, `xid`, `epoch` and `cause_id`.",
    ]
    for room, found in sorted(rooms.items()):
        parts += [f"## {room}", *(_fact(fact) for fact in found)]
    return whole_page(parts)


def _room(fact: type[Fact]) -> str:
    return fact.__module__.split(".")[1]


def _fact(fact: type[Fact]) -> str:
    own = [(one.name, one.type) for one in fields(fact) if one.name not in COLUMNS and one.name != "happened_at"]
    listening = [route.name for route in ROUTES if fact.kind in route.kinds]
    lines = [f"### `{fact.kind}`", "", f"**{fact.says}.** {cleandoc(fact.__doc__ or '')}", ""]
    if own:
        lines += [table(("Field", "Type"), [(f"`{name}`", f"`{escaped(kind)}`") for name, kind in own]), ""]
    lines.append(f"Routes that listen: {', '.join(f'`{name}`' for name in listening) or 'none'}.")
    return "\n".join(lines)


def command_line() -> str:
    """Every command with its help, as the terminal shows it."""
    intro = "Results go to standard output, all else to standard error. Exit codes: 0 all is well, 1 a breach or"
    intro += " something left to do, 2 bad input, 3 something that is needed does not answer."
    parts = ["# Command line", MADE, intro, *(_command(path) for path in _commands(typer.main.get_command(app), ()))]
    return whole_page(parts)


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    inner = getattr(command, "commands", {})
    if not inner:
        yield path
    for name, one in inner.items():
        yield from _commands(one, (*path, name))


def _command(path: tuple[str, ...]) -> str:
    shown = CliRunner().invoke(
        app, [*path, "--help"], prog_name="leadloop", terminal_width=WIDTH, max_content_width=WIDTH, color=False
    )
    help_text = "\n".join(line.rstrip() for line in shown.stdout.strip().splitlines())
    return f"## {' '.join(path)}\n\n```text\n{help_text}\n```"


def measures() -> str:
    """Every measure of the columnar copy: unit, formula, and the rows behind it."""
    intro = "Each is one expression over the [columnar copy](columns.md), the same on DuckDB and on Spark. `leadloop"
    intro += (
        " columns show figures` shows them. The rows behind a measure are those that its expression counts; a ratio"
    )
    intro += " opens what it was divided by. Money is in minor units of the company's currency, times in seconds."
    kinds = {"lead": "leads", "inquiry": "inquiries", "opportunity": "deals", "cost": "lines of the cost book"}
    rows = [
        (f"`{one.name}`", one.label, one.unit, one.formula, kinds[one.source.subject], ", ".join(one.source.by))
        for one in MEASURES.values()
    ]
    ratios = [(f"`{one.name}`", one.label, one.unit, one.formula, f"`{one.below}`") for one in RATIOS.values()]
    field = [
        (one.says, "–".join(f"{value:g}" for value in dict.fromkeys((one.low, one.high))), one.source, one.own_says)
        for one in BENCHMARKS
    ]
    return whole_page(
        [
            "# Measures",
            MADE,
            intro,
            table(("Name", "Label", "Unit", "Formula", "Rows", "Can be cut by"), rows),
            "## Ratios",
            table(("Name", "Label", "Unit", "Formula", "Opens"), ratios),
            "## Benchmarks of the field",
            table(("Benchmark", "Figure", "Source", "What stands beside it"), field),
        ]
    )


def rights() -> str:
    """Who may see, edit and export what."""
    intro = "How far each role reaches: see / edit / export. `own` is what is in one's own name, `team` one's team's,"
    intro += " `partner` what was handed to one's partner or agency team, `all` everything. A user with several roles"
    intro += " has the widest of them."
    return whole_page(["# Rights", MADE, intro, *(_rights_of(capability) for capability in Capability)])


def _rights_of(capability: Capability) -> str:
    rows = [
        (ROLE_LABELS[role], *(_scope(scope) for scope in granted[capability]))
        for role, granted in GRANTS.items()
        if any(scope is not Scope.NONE for scope in granted[capability])
    ]
    return f"## {str(capability).capitalize()}\n\n{table(('Role', 'See', 'Edit', 'Export'), rows)}"


def _scope(scope: Scope) -> str:
    return "–" if scope is Scope.NONE else str(scope)


def interface() -> dict[Path, str]:
    """The REST API's description, where this version has one."""
    if not find_spec(API):
        return {}
    schema = import_module(API).api.get_openapi_schema()
    text = _json(schema)
    rows = [
        (f"`{verb.upper()} {path}`", escaped(described.get("summary", "")))
        for path, verbs in (schema["paths"] | describe()["paths"]).items()
        for verb, described in verbs.items()
    ]
    intro = (
        "The whole description stands in [api.json](api.json), in OpenAPI's form; that of the capture door, through"
        " which inquiries are delivered, in [capture-api.json](capture-api.json)."
    )
    page = whole_page(["# REST API", MADE, intro, table(("Request", "What it does"), rows)])
    return {DOCS / "api.json": f"{text}\n", DOCS / "api.md": page, DOCS / "capture-api.json": f"{_json(describe())}\n"}


def _json(schema: Any) -> str:
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def filled(text: str) -> str:
    """A page with its made parts as they should be. KeyError for a part that has no maker."""
    return BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}\n{found[3]}", text)


def moves() -> str:
    """The table of moves: where each stage may lead, and for what a reason must be given."""
    return table(
        ("From", "To, no stage left out", "To, leaving out stages (a reason to skip)", "Back, or closing (a reason)"),
        [(f"`{stage}`", *_ways(stage)) for stage in Stage if MOVES[stage]],
    )


def _ways(stage: Stage) -> Iterator[str]:
    to = [one for one in Stage if one in MOVES[stage]]
    skipping = [one for one in to if leaves_out_a_stage(stage, one)]
    asking = [one for one in to if needed_uses(stage, one) and one is not Stage.WON]
    plain = [one for one in to if one not in skipping and one not in asking]
    yield codes(plain)
    yield codes(skipping)
    yield ", ".join(f"`{one}` ({' or '.join(needed_uses(stage, one)).replace('_', ' ')})" for one in asking) or "–"


def stages() -> str:
    """Every stage with its standard label, its meaning, who answers, and what is owed there."""
    rows = [
        (
            f"`{stage}`",
            STANDARD.stages[stage].label,
            STANDARD.stages[stage].means,
            "–" if stage in CLOSED_STAGES else "the stage's keeper" if stage in KEEPER_STAGES else "a salesperson",
            f"`{STAGE_PROMISE[stage]}`" if stage in STAGE_PROMISE else "–",
        )
        for stage in Stage
    ]
    return table(("Stage", "Label", "Meaning", "Owner", "Promise"), rows)


def promises() -> str:
    """Every kind of promise with its standard time."""
    rows = [(f"`{key}`", one.label, one.text()) for key, one in STANDARD.promises.items()]
    return table(("Promise", "Label", "Standard time"), rows)


def checks() -> str:
    """What `leadloop check` looks for, by promise."""
    ordered = sorted(enumerate(CHECKS), key=lambda one: (one[1].promise, one[0]))
    return table(("Promise", "What must hold", "A breach is"), [(c.promise, c.says, c.name) for _, c in ordered])


def routes() -> str:
    """Who acts on which fact."""
    rows = [
        (
            f"`{one.name}`",
            ", ".join(_asked(one, kind) for kind in one.kinds),
            f"`{one.handle.__module__.rpartition('.')[2]}.{one.handle.__name__}`",
        )
        for one in ROUTES
    ]
    return table(("Route", "Facts", "Handler"), rows)


def _asked(route: Route, kind: str) -> str:
    """A kind of facts, and which of them the route is handed."""
    only = (route.only or {}).get(kind, {})
    said = " and ".join(f"{name} `{str(value).lower()}`" for name, value in only.items())
    return f"`{kind}` with {said}" if said else f"`{kind}`"


def usual_reasons() -> str:
    """The reasons of the standard agreement."""
    rows = [(f"`{code}`", one.label, ", ".join(one.uses).replace("_", " ")) for code, one in STANDARD.reasons.items()]
    return table(("Code", "Label", "May be given to"), rows)


BLOCKS: Mapping[str, Callable[[], str]] = {
    "checks": checks,
    "moves": moves,
    "promises": promises,
    "reasons": usual_reasons,
    "routes": routes,
    "stages": stages,
}


def main() -> None:
    """Write what is out of date, and say what that was."""
    for path, text in pages().items():
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            sys.stdout.write(f"Written: {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
