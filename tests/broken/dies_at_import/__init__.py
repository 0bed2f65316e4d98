"""Ends the process while it is imported, as a crash in C code does."""

import os

os._exit(9)
