"""Run as a module: set Django up in the installation that the environment names, measure, write the answer down."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import django

if __name__ == "__main__":
    module, answer = sys.argv[1:]
    django.setup()
    result = importlib.import_module(f"benchmarks.{module}").measure()
    Path(answer).write_text(json.dumps(result.as_json()))
    importlib.import_module("django.db").connections.close_all()
