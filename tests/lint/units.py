#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The systemd units, users and folders are ones that systemd understands."""

import subprocess
import sys
import tempfile
from pathlib import Path

import tree


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines(), done.returncode


def verify_units(folder, copies):
    """The units with a program that exists in the place of ours."""
    for unit in sorted(folder.glob("*.service")) + sorted(folder.glob("*.target")):
        text = unit.read_text().replace("ExecStart=/usr/bin/pantau", "ExecStart=/bin/true pantau")
        (copies / unit.name).write_text(text)
    units = sorted(str(path) for path in copies.iterdir())
    lines, status = output_of(["systemd-analyze", "verify", "--man=no", *units])
    ours = [line for line in lines if "pantau" in line]
    return ours or (lines if status else [])


def check(root):
    folder = (Path(root) / "systemd").resolve()
    with tempfile.TemporaryDirectory() as scratch:
        copies = Path(scratch) / "units"
        copies.mkdir()
        faults = verify_units(folder, copies)
        base = Path(scratch) / "root"
        (base / "etc").mkdir(parents=True)
        lines, status = output_of(["systemd-sysusers", f"--root={base}",
                                   str(folder / "pantau.sysusers")])
        faults += lines if status else []
        lines, status = output_of(["systemd-tmpfiles", "--create", f"--root={base}",
                                   str(folder / "pantau.tmpfiles")])
        faults += lines if status else []
        if not faults and not (base / "var/lib/pantau").is_dir():
            faults.append("systemd/pantau.tmpfiles: made no /var/lib/pantau")
    return faults, []


if __name__ == "__main__":
    sys.exit(tree.main(check))
