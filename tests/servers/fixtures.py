"""The pytest plugin: one fixture per real server, shared by all workers of a run."""
