"""Commands that bring data in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leadloop.kernel.errors import Invalid
from leadloop.loop.cli.loading import at_work
from leadloop.loop.cli.running import AsJson
from leadloop.loop.cli.saying import pairs

Pairs = list[str] | None


def import_file(
    file: Annotated[
        Path, typer.Argument(help="A CSV, TSV or Excel file; with --from a folder or zip of them.", exists=True)
    ],
    system: Annotated[
        str, typer.Option("--from", metavar="SYSTEM", help="Take everything over from salesforce or hubspot.")
    ] = "",
    kind: Annotated[str, typer.Option(help="What it holds: leads or deals.")] = "leads",
    portal: Annotated[str, typer.Option(help="The portal through which leads come, such as trade-show.")] = "",
    columns: Annotated[Pairs, typer.Option("--map", metavar="COLUMN=FIELD", help="Where a column goes.")] = None,
    owners: Annotated[Pairs, typer.Option("--owner", metavar="NAME=EMAIL", help="Who an owner is here.")] = None,
    statuses: Annotated[Pairs, typer.Option("--status", metavar="TEXT=STAGE", help="What a status means.")] = None,
    converted: Annotated[str | None, typer.Option(metavar="STAGE", help="What “converted” means.")] = None,
    date_style: Annotated[str | None, typer.Option(help="How dates are written, where that is in doubt.")] = None,
    encoding: Annotated[str | None, typer.Option(help="The encoding, where the guess is wrong.")] = None,
    country: Annotated[str | None, typer.Option(help="Where telephone numbers without a code are from.")] = None,
    fresh: Annotated[bool, typer.Option(help="These people have not been answered yet.")] = False,  # noqa: FBT002 - a switch
    on_known: Annotated[
        str | None, typer.Option(help="What a row does to somebody known: fill, overwrite, skip or ask.")
    ] = None,
    consent: Annotated[
        str | None, typer.Option(metavar="WORDS", help="They agreed to be written to, in these words.")
    ] = None,
    template: Annotated[str, typer.Option(metavar="NAME", help="The kept choices to go by.")] = "",
    products: Annotated[Path | None, typer.Option(help="Deals: the file of products.", exists=True)] = None,
    accounts: Annotated[Path | None, typer.Option(help="Deals: the file of accounts.", exists=True)] = None,
    teams: Annotated[Path | None, typer.Option(help="Deals: the file of salespeople and teams.", exists=True)] = None,
    product_names: Annotated[
        Pairs, typer.Option("--product", metavar="TEXT=PRODUCT", help="Deals: which product a text means.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Deals: their currency; without it the company's.")] = None,
    amounts: Annotated[
        str | None, typer.Option(metavar="1.234,56", help="Deals: how amounts are written, where that is in doubt.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(metavar="DAY", help="Deals: the last day the file knows.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Only show what would come of it.")] = False,  # noqa: FBT002 - a switch
    as_json: AsJson = False,  # noqa: FBT002 - a switch
) -> None:
    """Bring a file in, and see every row through to the end. The same file twice counts once."""
    if system:
        with at_work("taking_over") as work:
            work.take_over(file, system, dry_run=dry_run, as_json=as_json)
        return
    if file.is_dir():
        raise Invalid(
            f"{file} is a folder", field="file", mend="Say --from salesforce or --from hubspot, or name a file"
        )
    if kind not in ("leads", "deals"):
        raise Invalid(f"{kind} can't be imported", field="kind", mend="Say leads or deals")
    if kind == "deals":
        given = {
            "products": products,
            "accounts": accounts,
            "teams": teams,
            "product_names": pairs(product_names or [], "product"),
            "statuses": pairs(statuses or [], "status"),
            "owners": pairs(owners or [], "owner"),
            "currency": currency,
            "as_of": as_of,
            "days": date_style,
            "amounts": amounts,
        }
        with at_work("dealing") as work:
            work.import_deals(file, given, dry_run=dry_run, as_json=as_json)
        return
    if not portal:
        raise Invalid("The portal is missing", field="portal", mend="Say --portal, such as --portal trade-show")
    options = {
        "fields": pairs(columns or [], "map"),
        "owners": pairs(owners or [], "owner"),
        "statuses": pairs(statuses or [], "status"),
        "converted": converted,
        "date_style": date_style,
        "encoding": encoding,
        "country": country,
        "fresh": fresh or None,
        "on_known": on_known,
        "basis": "agreed" if consent is not None else None,
        "basis_words": consent,
        "template": template,
    }
    with at_work("importing") as work:
        work.import_file(file, portal, options, dry_run=dry_run, as_json=as_json)


def undo_import(
    run: Annotated[int, typer.Argument(help="The import's number, as its page and `leadloop import` say it.")],
    as_json: AsJson = False,  # noqa: FBT002 - a switch
) -> None:
    """Take a whole import back, within thirty days, but for what somebody has worked on since."""
    with at_work("importing") as work:
        work.undo_import(run, as_json=as_json)


def export(
    what: Annotated[str, typer.Argument(help="leads, people, inquiries or events.")],
    columns: Annotated[
        list[str] | None, typer.Option(help="Columns, separated by commas; without it the usual ones.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; without it, to the terminal.")] = None,
    list_columns: Annotated[bool, typer.Option("--list-columns", help="Say which columns there are.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Write a CSV file that no spreadsheet takes for formulas, however many rows there are."""
    chosen = [name.strip() for one in columns or [] for name in one.split(",") if name.strip()]
    with at_work("exporting") as work:
        if list_columns:
            work.list_columns(what)
        else:
            work.export(what, chosen, out)


def dedupe(
    accept_above: Annotated[
        float | None, typer.Option(metavar="P", help="Merge pairs that are one person with a probability above this.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Look at everybody again, not only at who is new.")] = False,  # noqa: FBT002 - a switch
    as_json: AsJson = False,  # noqa: FBT002 - a switch
) -> None:
    """Search the whole base for people who are in it twice; what is found waits for a decision, or is merged."""
    with at_work("deduping") as work:
        work.dedupe(accept_above=accept_above, whole=whole, as_json=as_json)
