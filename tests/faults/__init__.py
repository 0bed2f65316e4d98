"""Faults on purpose: a desk among broken servers, and an oracle that counts every mail."""
