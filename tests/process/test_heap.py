"""What a process keeps of memory that its threads have used."""

from __future__ import annotations

import subprocess
import sys

_HEAPS = """
import ctypes, threading
from deskcore import heap
{share}
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
barrier = threading.Barrier(4)

def work():
    libc.malloc(ctypes.c_size_t(10_000))
    barrier.wait()

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
out = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, out)
libc.fclose(out)
"""


def heaps(share: str) -> int:
    """Count the heaps that four threads of a new process leave behind."""
    code = _HEAPS.format(share=share)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return told.stdout.count("<heap ")


def test_threads_share_one_heap() -> None:
    assert heaps("") > 1
    assert heaps("heap.share()") == 1
