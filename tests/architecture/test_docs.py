"""The documents say what is so: made parts are current, links and named code exist, every setting is explained."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadloop.platform.config import PREFIX, Config
from scripts.make_docs import pages
from scripts.pictures.scenes import SCENES

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "leadloop"
OURS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "changelog.d").glob("*.md"),
        *SOURCE.glob("*/README.md"),
    ]
)
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
ALTERNATIVE = re.compile(r"!\[([^\]]*)\]")
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.(?:py|md|html|sh|json|toml|css|ts))(?::(\w+))?`")
FRAGMENT = re.compile(r"\+[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md")
FORBIDDEN = (
    "lorem ipsum",
    "todo",
    "tbd",
    "fixme",
    "coming soon",
    "seamless",
    "cutting-edge",
    "best-in-class",
    "/work/",
)


def id_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    """The text without its code blocks."""
    return FENCE.sub("", path.read_text())


def test_what_is_made_from_the_code_is_current() -> None:
    stale = [id_of(path) for path, text in pages().items() if not path.exists() or path.read_text() != text]
    assert stale == [], "run `make docs`"


def targets(path: Path, *, pictures: bool) -> Iterator[tuple[Path, str]]:
    """Files and anchors that a page leads to within the repository."""
    for mark, address in LINK.findall(prose(path)):
        if bool(mark) is pictures and not re.match(r"[a-z]+:", address):
            name, _, anchor = address.partition("#")
            yield ((path.parent / name).resolve() if name else path), anchor


@pytest.mark.parametrize("path", OURS, ids=id_of)
def test_links_lead_somewhere(path: Path) -> None:
    for target, anchor in targets(path, pictures=False):
        assert target.exists(), target
        if anchor:
            assert anchor in anchors(target), f"{target}#{anchor}"


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(prose(path)))
    return set(found)


@pytest.mark.parametrize("path", OURS, ids=id_of)
def test_pictures_are_there(path: Path) -> None:
    assert [target for target, _ in targets(path, pictures=True) if not target.exists()] == []


def test_every_picture_is_shown_and_taken_by_a_scene() -> None:
    kept = set((ROOT / "docs/images").iterdir())
    shown = {target for path in OURS for target, _ in targets(path, pictures=True)}
    assert kept - shown == set()
    assert {path.name for path in kept} == {f"{scene.name}.png" for scene in SCENES}


@pytest.mark.parametrize("path", OURS, ids=id_of)
def test_pictures_say_in_words_what_is_seen(path: Path) -> None:
    assert [words for words in ALTERNATIVE.findall(prose(path)) if len(words.split()) < 5] == []


@pytest.mark.parametrize("path", [path for path in OURS if SOURCE not in path.parents], ids=id_of)
def test_code_that_a_page_names_exists(path: Path) -> None:
    """`loop/intake.py:take` is a file of the package (or the checkout) and something defined in it."""
    for name, definition in CODE.findall(prose(path)):
        found = next((place / name for place in (SOURCE, ROOT) if (place / name).exists()), None)
        assert found is not None, f"there is no file {name}"
        assert not definition or definition in definitions(found), f"{name} has no {definition}"


def definitions(path: Path) -> set[str]:
    """Functions, classes, methods and constants of a module."""
    text = path.read_text()
    return {
        *re.findall(r"^ *(?:async )?(?:def|class) (\w+)", text, re.MULTILINE),
        *re.findall(r"^([A-Z_]+)\b", text, re.M),
    }


@pytest.mark.parametrize("path", OURS, ids=id_of)
def test_words_are_finished_and_plain(path: Path) -> None:
    text = prose(path).lower()
    assert [word for word in FORBIDDEN if re.search(rf"(?<!\w){re.escape(word)}", text)] == []


def test_every_setting_is_explained_with_its_default() -> None:
    rows = re.findall(rf"^\| `({PREFIX}\w+)` \| ([^|]+) \|", (ROOT / "docs/run/install.md").read_text(), re.MULTILINE)
    said = {variable: default.strip() for variable, default in rows}
    known = {f"{PREFIX}{name.upper()}": field for name, field in Config.model_fields.items()}
    assert said.keys() == known.keys()
    for variable, field in known.items():
        if field.default_factory is None and field.default is not None:
            plain = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
            assert said[variable] == f"`{plain}`", variable
        elif field.default_factory is None:
            assert said[variable] == "none", variable


def test_every_room_says_what_it_is() -> None:
    rooms = [path.parent for path in SOURCE.glob("*/__init__.py")]
    assert [room.name for room in rooms if not heads(room / "README.md", room.name)] == []


def heads(page: Path, room: str) -> bool:
    return page.exists() and re.match(rf"# {room}\b", page.read_text()) is not None


def test_pages_that_must_be_short_are() -> None:
    limits = {ROOT / "README.md": 120, **dict.fromkeys((ROOT / "docs/stages").glob("*.md"), 100)}
    assert {id_of(path) for path, most in limits.items() if len(path.read_text().splitlines()) > most} == set()


def test_everything_that_is_shipped_or_needed_is_named_with_its_licence() -> None:
    notices = (ROOT / "docs/third-party.md").read_text()
    shipped = json.loads((SOURCE / "front/assets/package.json").read_text())["dependencies"]
    assert [name for name, version in shipped.items() if f"| {name} | {version} |" not in notices] == []
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = [re.split(r"[\[<>=]", line)[0] for line in needed]
    assert [name for name in names if f"| {name} |" not in notices] == []


def test_changes_are_told_in_fragments() -> None:
    found = [path for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert found
    assert [path.name for path in found if not FRAGMENT.fullmatch(path.name)] == []
    assert [path.name for path in found if not path.read_text().strip()] == []
