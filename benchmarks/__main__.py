"""`python -m benchmarks [P1 P2 …]`: each in an installation of its own, written into docs/benchmarks.md."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import document, machine
from benchmarks.installation import folder, installation
from benchmarks.result import Result, from_json

MODULES = {
    "P1": "p1_door",
    "P2": "p2_import",
    "P4": "p4_speed_to_lead",
    "P5": "p5_routing",
    "P10": "p10_dedupe",
    "P11": "p11_match",
    "P14": "p14_attribution",
    "P15": "p15_measures",
    "P17": "p17_forecast",
    "P18": "p18_forecast",
    "P20": "p20_pages",
    "P24": "p24_start",
    "T1": "t1_truth",
}
STARTS_ITSELF = {"P14", "P17", "P18", "P24", "T1"}
LONG = {"P10", "P11", "P14", "P15", "P18", "T1"}  # only by name, or by benchmarks.full


def main(chosen: list[str]) -> int:
    """Measure the chosen ones, or all; 0 when every first bar is met."""
    unknown = [name for name in chosen if name not in MODULES]
    if unknown:
        print(f"There is no {unknown[0]}; there are {', '.join(MODULES)}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leaves in order, so that nothing stays behind
    missed = 0
    for name in chosen or [name for name in MODULES if name not in LONG]:
        where = machine.described()
        result = _measure(name)
        document.write(result, where)
        print(f"\n{name}\n{result.as_markdown()}\n- {where}", flush=True)
        missed += sum(not row.met for row in result.rows)
    return 1 if missed else 0


def _measure(name: str) -> Result:
    """In a process of its own: settings are read once in a process, and no benchmark warms another's caches."""
    with folder() if name in STARTS_ITSELF else installation():
        return in_a_process(MODULES[name])


def in_a_process(module: str) -> Result:
    """Measure what this module measures, in the home that stands."""
    with TemporaryDirectory() as scratch:
        answer = Path(scratch) / "answer.json"
        subprocess.run([sys.executable, "-m", "benchmarks.measure", module, str(answer)], check=True)
        return from_json(json.loads(answer.read_text()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
