# SPDX-License-Identifier: Apache-2.0
"""The built programs, and processes that always end with their test."""

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SANITIZED = Path(os.environ.get("PANTAU_SANITIZED", ROOT / "build-test"))
RELEASE = Path(os.environ.get("PANTAU_RELEASE", ROOT / "build-release"))
THREADS = Path(os.environ.get("PANTAU_THREADS", ROOT / "build-threads"))
LONG = bool(os.environ.get("PANTAU_LONG"))

PLACES = {"pantau": "cli/pantau", "pantau-collector": "collector/pantau-collector",
          "pantau-agent": "agent/pantau-agent", "pantau-web": "web/pantau-web",
          "pantau-probe": "agent/probe/pantau-probe", "pantau-swarm": "swarm/pantau-swarm",
          "lab-link": "tests/lab/lab-link"}

SANITIZER_REPORT = re.compile(  # the last: valgrind
    r"((ERROR|WARNING): \w+Sanitizer|runtime error:|^==\d+== [A-Z])", re.MULTILINE)


def program(name, build=SANITIZED):
    path = build / PLACES[name]
    assert path.exists(), f"{path} is not built"
    return str(path)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what, timeout_s=20, every_s=0.1):
    """The condition's first true value. `what` is said when it never comes."""
    end = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"not within {timeout_s} s: {what}"
        time.sleep(every_s)


def inside(namespace, *command):
    """The command, to be run in a network namespace. `ip netns exec` would do the same and also
    mount a /sys of its own, which fails in a chroot."""
    return ["nsenter", f"--net=/run/netns/{namespace}", *map(str, command)]


def hand_on_nice(pid):
    """To a session of its own: where the kernel groups processes by session, a nice counts only
    within one (sched(7), autogroups)."""
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        if nice:
            Path(f"/proc/{pid}/autogroup").write_text(str(nice), encoding="ascii")
    except OSError:
        pass  # no such groups here, or not ours to say


class Process:
    """A program under test, its output in a file."""

    def __init__(self, command, log, netns=None, **options):
        self.log = Path(log)
        if netns:
            command = inside(netns, *command)
        self.command = command
        self.output = open(self.log, "ab")
        self.popen = subprocess.Popen(command, stdout=self.output, stderr=subprocess.STDOUT,
                                      stdin=subprocess.DEVNULL, start_new_session=True, **options)
        hand_on_nice(self.popen.pid)

    @property
    def pid(self):
        return self.popen.pid

    def alive(self):
        return self.popen.poll() is None

    def text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self):
        """kill -9, of it and of its children."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.popen.wait()

    def stop(self, timeout_s=20):
        """SIGTERM to the program alone; its exit status. Killed when it does not obey."""
        if self.alive():
            self.popen.terminate()
            try:
                self.popen.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"{self.command} ignored SIGTERM\n{self.text()[-2000:]}")
        self.check_sanitizers()
        return self.popen.returncode

    def check_sanitizers(self):
        found = SANITIZER_REPORT.search(self.text())
        assert not found, f"{self.command}\n{self.text()[found.start() - 200:][:4000]}"

    def close(self):
        if self.alive():
            self.kill()
        self.output.close()
