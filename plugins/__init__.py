"""Namespace of bundled plugins; discovery adds ``instance/plugins`` to its path."""
