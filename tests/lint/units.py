#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The systemd units, users and folders are ones that systemd understands."""

import subprocess
import sys
import tempfile
from pathlib import Path

import tree


KINDS = ("service", "socket", "target", "timer")
EXPOSURE_MAX = 1.5  # of 10, as `systemd-analyze security` counts
# Raw ICMP (a capability, and the call to drop it), netlink, the clock's state, the boot's id: each
# counts, and measuring needs all of them.
EXPOSURE_OF = {"pantau-agent.service": 1.8}

# What weakens a unit, or opens it a little: a comment right above has to say why.
WEAKENS = {
    "AmbientCapabilities": None, "SupplementaryGroups": None, "RestrictAddressFamilies": "none",
    "CapabilityBoundingSet": "", "LoadCredential": None, "ReadWritePaths": None}
OPEN_VALUES = {"no", "false", "0", "all"}
SWITCHES = ("Protect", "Private", "Restrict", "NoNewPrivileges", "LockPersonality", "RemoveIPC",
            "MemoryDenyWriteExecute", "ProcSubset", "UMask")


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines(), done.returncode


def verify_units(folder, copies):
    """The units with a program that exists in the place of ours."""
    for unit in sorted(path for kind in KINDS for path in folder.glob(f"*.{kind}")):
        text = unit.read_text().replace("ExecStart=/usr/bin/pantau", "ExecStart=/bin/true pantau")
        (copies / unit.name).write_text(text)
    units = sorted(str(path) for path in copies.iterdir())
    lines, status = output_of(["systemd-analyze", "verify", "--man=no", *units])
    ours = [line for line in lines if "pantau" in line]
    return ours or (lines if status else [])


def exposure_faults(unit):
    limit = EXPOSURE_OF.get(unit.name, EXPOSURE_MAX)
    lines, _ = output_of(["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)])
    level = [line for line in lines if "Overall exposure level" in line]
    if not level:
        return [f"systemd/{unit.name}: no level of exposure: {lines[-1:]}"]
    found = float(level[0].split(": ")[1].split()[0])
    return [f"systemd/{unit.name}: exposed to {found}, more than {limit}"] if found > limit else []


def weakens(name, value):
    if name == "SystemCallFilter":
        return not value.startswith("~") and value != "@system-service"
    if name == "User":
        return value == "root"
    if name == "UMask":
        return value not in ("0077", "0027")
    if name.startswith(SWITCHES) and name not in WEAKENS:
        return value in OPEN_VALUES
    return name in WEAKENS and value != WEAKENS[name]


def unexplained(unit):
    """Each directive that weakens has a comment above it, or above its neighbour of that name."""
    faults, last, explained = [], "", False
    for number, line in enumerate(unit.read_text().splitlines(), 1):
        if line.startswith("#"):
            last, explained = "", True
            continue
        name, _, value = line.partition("=")
        explained = explained and last in ("", name)
        if weakens(name, value) and not explained:
            faults.append(f"systemd/{unit.name}:{number}: {line}: no comment above says why")
        last = name
    return faults


def check(root):
    folder = (Path(root) / "systemd").resolve()
    with tempfile.TemporaryDirectory() as scratch:
        copies = Path(scratch) / "units"
        copies.mkdir()
        faults = verify_units(folder, copies)
        for unit in sorted(folder.glob("*.service")):
            faults += exposure_faults(unit) + unexplained(unit)
        base = Path(scratch) / "root"
        (base / "etc").mkdir(parents=True)
        lines, status = output_of(["systemd-sysusers", f"--root={base}",
                                   *map(str, sorted(folder.glob("*.sysusers")))])
        faults += lines if status else []
        lines, status = output_of(["systemd-tmpfiles", "--create", f"--root={base}",
                                   *map(str, sorted(folder.glob("*.tmpfiles")))])
        faults += lines if status else []
        if not faults and not (base / "var/lib/pantau").is_dir():
            faults.append("systemd/pantau.tmpfiles: made no /var/lib/pantau")
    return faults, []


if __name__ == "__main__":
    sys.exit(tree.main(check))
