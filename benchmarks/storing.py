"""Run as a module with a count and a first number: store a file's rows, in a process of its own as the worker does."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from benchmarks.inquirers import write_csv

if __name__ == "__main__":
    count, start = map(int, sys.argv[1:])
    django.setup()
    with TemporaryDirectory() as scratch:
        file = Path(scratch) / "inquirers.csv"
        write_csv(file, count, start=start)
        importlib.import_module("benchmarks.bringing").store(file)
