"""How fast Leadloop is, as ratios against raw limits on the same machine: `python -m benchmarks [P1 P2 …]`."""
