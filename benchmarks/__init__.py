"""What the desk costs, measured beside what a bare route costs: ``python -m benchmarks``."""
