"""`leadloop`: every command on one screen, and what becomes of errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

import typer

from leadloop.kernel.errors import LeadloopError, Unavailable
from leadloop.loop.cli import columns, data, databases, figures, people, running
from leadloop.loop.cli.saying import ASIDE

INVALID, UNAVAILABLE = 2, 3


Command = Callable[..., None]


def group(about: str, commands: Mapping[str, Command]) -> typer.Typer:
    """A group of commands; without a command it shows what there is."""
    made = typer.Typer(
        help=about, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    for name, command in commands.items():
        made.command(name)(command)
    return made


app = group(
    "Sales lead management as one closed loop.",
    {
        "up": running.up,
        "down": running.down,
        "demo": running.demo,
        "import": data.import_file,
        "undo-import": data.undo_import,
        "export": data.export,
        "dedupe": data.dedupe,
        "export-person": people.export_person,
        "erase-person": people.erase_person,
        "check": figures.check,
        "report": figures.report,
        "forecast": figures.forecast,
        "backtest": figures.backtest,
        "replay": figures.replay,
        "doctor": running.doctor,
        "version": running.version,
    },
)
users = group(
    "Who can sign in.", {"add": people.add, "list": people.users, "link": people.link, "password": people.password}
)
tokens = group(
    "Keys for the application's API.", {"create": people.create, "list": people.tokens, "revoke": people.revoke}
)
database = group(
    "The database: its address, backup and restore.",
    {
        "url": databases.url,
        "backup": databases.backup,
        "restore": databases.restore,
        "release-sending": databases.release_sending,
    },
)
copy = group(
    "The columnar copy: ledger and facets as Parquet, for measures and for tools of your own.",
    {"refresh": columns.refresh, "status": columns.status, "show": columns.show},
)
for called, inner in {"user": users, "token": tokens, "db": database, "columns": copy}.items():
    app.add_typer(inner, name=called)


def main() -> None:
    """Run the command line. Exits 0 when all is well, 1 for a breach, 2 for what is not valid, 3 for what is down."""
    try:
        app()
    except LeadloopError as error:
        ASIDE.print(f"Error: {error}", markup=False, soft_wrap=True)
        sys.exit(UNAVAILABLE if isinstance(error, Unavailable) else INVALID)


if __name__ == "__main__":
    main()
