# SPDX-License-Identifier: Apache-2.0
"""What a sync costs at the end of a file that grows, as the journal's, and over blocks that were
written before, as in a segment that is used again. The two take turns."""

import os
import resource
import statistics
import time

from figures import say, spread

TURNS, SYNCS = 5, 1000
BATCHES = {"one report": 300, "20 ms at the country's rate": 8000, "a burst": 100000}


def cpu_us():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (used.ru_utime + used.ru_stime) * 1e6


def write_and_sync(path, batch, flags):
    """(median of a sync, CPU a sync), in us."""
    fd, times = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600), []
    os.fsync(fd)
    began_us = cpu_us()
    for number in range(SYNCS):
        began = time.perf_counter()
        os.pwrite(fd, batch, number * len(batch))
        os.fdatasync(fd)
        times.append((time.perf_counter() - began) * 1e6)
    used_us = (cpu_us() - began_us) / SYNCS
    os.close(fd)
    return statistics.median(times), used_us


def bench_sync(folder):
    for name, length in BATCHES.items():
        grown, again = [], []
        for _ in range(TURNS):
            path = folder / "segment"
            path.unlink(missing_ok=True)
            grown.append(write_and_sync(path, os.urandom(length), os.O_EXCL))
            again.append(write_and_sync(path, os.urandom(length), 0))
        for what, runs in (("a file that grows", grown), ("blocks written before", again)):
            times, used = zip(*runs)
            say(f"{name}, {length} bytes: write and fdatasync, {what}",
                f"{spread(times, 0)} us, {spread(used, 0)} us of CPU")
