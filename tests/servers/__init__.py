"""Real servers on loopback ports, started once per test run and killed with it."""
