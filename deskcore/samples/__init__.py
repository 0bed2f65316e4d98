"""Sample data: a shop to look around in, and as many tickets as somebody wants to measure with.

Scaffolding, not part of the desk at work: nothing below ``web`` imports it.
"""
