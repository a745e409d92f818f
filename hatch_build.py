"""A wheel or sdist without the built styles and scripts would look broken: refuse to make one."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DIST = Path(__file__).parent / "src" / "leadloop" / "front" / "static" / "dist"


class FrontIsBuilt(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002 - hatch names it
        if version != "editable" and not (DIST / "app.css").exists():
            raise RuntimeError("Styles and scripts are not built. Run `python -m leadloop.front.build` first.")
