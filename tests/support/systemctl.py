#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Stands in for systemd on a machine of tests/support/machine.py: starts what the project's own
units start, by their ExecStart, waits for READY as systemd does, and stops it.

    systemctl VERB [--now] UNIT...

The filters and accounts of the units are not its business: tests/system/test_sandbox.py."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path(__file__).resolve().parent.parent.parent / "systemd"
PIDS = Path("/run/pantau-test")
READY_S = 30
STOPPED_S = 20


def lines_of(unit, key):
    return re.findall(rf"^{key}=(.*)$", (UNITS / unit).read_text(), re.M)


def full_name(word):
    unit = word if "." in word else f"{word}.service"
    if not (UNITS / unit).exists():
        sys.exit(f"systemctl: no unit {unit}")
    return unit


def parts_of(unit):
    """The services behind a unit."""
    if unit.endswith(".target"):
        wanted = " ".join(lines_of(unit, "Wants")).split()
        return [name for name in wanted if name.endswith(".service")]
    return [unit] if unit.endswith(".service") else []


def pid_of(unit):
    path = PIDS / unit
    return int(path.read_text()) if path.exists() else 0


def wait_ready(listener, process, log):
    listener.settimeout(0.1)
    end = time.monotonic() + READY_S
    while process.poll() is None and time.monotonic() < end:
        try:
            if b"READY=1" in listener.recv(4096).split(b"\n"):
                return
        except TimeoutError:
            pass
    sys.exit(f"systemctl: {process.args} is not ready\n{log.read_text()[-2000:]}")


def start(unit):
    command = lines_of(unit, "ExecStart")[0].replace("/usr/bin/", "").split()
    kind, = lines_of(unit, "Type")
    if kind == "oneshot":
        for path in " ".join(lines_of(unit, "ReadWritePaths")).split():
            Path(path).mkdir(parents=True, exist_ok=True)
        if subprocess.run(command, check=False).returncode:
            sys.exit(f"systemctl: {unit} failed")
        return
    if pid_of(unit):
        return
    log = Path(f"/var/log/{unit}.log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener, log.open("ab") as out:
        listener.bind(f"\0{unit}-{os.getpid()}")
        env = dict(os.environ, NOTIFY_SOCKET=f"@{unit}-{os.getpid()}")
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=out, start_new_session=True)
        wait_ready(listener, process, log)
    (PIDS / unit).write_text(str(process.pid))


def stop(unit):
    pid = pid_of(unit)
    if not pid:
        return
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + STOPPED_S
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text():
        if time.monotonic() > end:
            sys.exit(f"systemctl: {unit} ignores SIGTERM")
        time.sleep(0.02)
    (PIDS / unit).unlink()


def main(verb, *words):
    PIDS.mkdir(exist_ok=True)
    now = verb in ("start", "stop", "restart") or "--now" in words
    if verb not in ("start", "stop", "restart", "enable", "daemon-reload"):
        sys.exit(f"systemctl: no verb {verb}")
    units = [full_name(word) for word in words if word != "--now"]
    services = [name for unit in units for name in parts_of(unit)] if now else []
    for unit in services:
        if verb in ("stop", "restart"):
            stop(unit)
    for unit in services:
        if verb != "stop":
            start(unit)


if __name__ == "__main__":
    main(*sys.argv[1:])
