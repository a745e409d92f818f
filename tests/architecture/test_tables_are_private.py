"""Only a room itself imports its tables; foreign keys point down; nothing is imported inside a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

SOURCE = Path(__file__).resolve().parents[2] / "src" / "leadloop"
FLOORS = [
    {"kernel"},
    {"ledger"},
    {"platform", "criteria"},
    {"agreement", "programmes", "content", "catalogue", "people", "segments"},
    {"leads"},
    {"identity", "outreach"},
    {"capture", "qualification", "nurture", "mailing", "distribution", "selling", "tracking"},
    {"loop"},
    {"front"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def product_files() -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        if not {"tests", "migrations", "node_modules"} & set(path.relative_to(SOURCE).parts):
            yield path


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def test_only_the_owner_imports_its_tables() -> None:
    strangers = [
        f"{path.relative_to(SOURCE)} imports {module}"
        for path in product_files()
        for module in imported(path)
        if module.startswith("leadloop.") and ".models" in module and module.split(".")[1] != room_of(path)
    ]
    assert strangers == []


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("room", sorted(FLOOR))
def test_foreign_keys_point_down_and_have_no_way_back(room: str) -> None:
    if room == "kernel":
        return
    for model in apps.get_app_config(room).get_models():
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created:
                continue
            to = field.related_model._meta.app_label
            assert to == room or FLOOR[to] < FLOOR[room], f"{model.__name__}.{field.name} points up or aside"
            assert field.remote_field.related_name == "+", f"{model.__name__}.{field.name} has a way back"


def test_models_have_no_business_methods() -> None:
    for room in FLOOR.keys() - {"kernel"}:
        for model in apps.get_app_config(room).get_models():
            own = {name for name, value in vars(model).items() if callable(value) and not name.startswith("_")}
            inherited = {"DoesNotExist", "MultipleObjectsReturned", "NotUpdated", "Meta"}
            generated = {name for name in own if name.startswith(("get_", "natural_key"))}
            choices = {name for name in own if isinstance(vars(model)[name], type)}
            assert own - inherited - generated - choices == set(), model.__name__


def test_no_import_stands_inside_a_function() -> None:
    inside = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in product_files()
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_every_room_says_what_it_promises() -> None:
    for room in sorted(FLOOR):
        lines = (SOURCE / room / "README.md").read_text().splitlines()
        assert 3 < len(lines) <= 30, f"{room}/README.md has {len(lines)} lines"
