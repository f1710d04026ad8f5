# SPDX-License-Identifier: Apache-2.0
"""How figures are taken: whole commands, what they took, files that are really read from disk."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

KIB = 1024


def say(what, value):
    print(f"{what:<66} {value}", flush=True)


def spread(values, digits=1):
    """median (min to max)"""
    low, mid, high = (round(f(values), digits) for f in (min, statistics.median, max))
    return f"{mid} ({low} to {high})"


@dataclass
class Run:
    """A finished command."""
    seconds: float
    cpu_s: float
    peak_kib: int
    output: bytes


def run(command):
    """The whole command, from its start to its end; it must succeed."""
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdout=out,
                                   stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, f"{command} ended with {process.returncode}"
        out.seek(0)
        return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, out.read())


def run_often(command, times, before=lambda: None):
    runs = []
    for _ in range(times):
        before()
        runs.append(run(command))
    return runs


def forget(*folders):
    """The kernel gives up what it holds of these folders' files, and of no others."""
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if path.is_file():
                handle = os.open(path, os.O_RDONLY)
                os.fsync(handle)
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(handle)


def cpu_s(pid):
    """Of all its threads that live; the clock ticks of /proc/PID/stat are too coarse."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9


def peak_kib(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    raise ValueError(f"no peak of {pid}")


def bytes_of(folder, pattern="*"):
    return sum(path.stat().st_size for path in Path(folder).glob(pattern) if path.is_file())
