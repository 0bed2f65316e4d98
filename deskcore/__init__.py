"""Deskcore: a customer-service desk that a small business hosts itself."""

__version__ = "0.1.0"
