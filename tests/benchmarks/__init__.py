"""Benchmarks: ours, the peer's and the ratio in one run. They print figures; tests never time."""
