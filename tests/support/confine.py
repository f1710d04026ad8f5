#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program as its systemd unit would: account, groups, umask, no new privileges and the
unit's SystemCallFilter and RestrictAddressFamilies, loaded by libseccomp. A call that the filter
does not allow ends the process by SIGSYS, where the unit would refuse it: a test sees it.

    confine.py [--refuse] [--plain] UNIT ACCOUNTS PROGRAM [WORD...]

ACCOUNTS is the root in which systemd-sysusers made the accounts. --refuse: EPERM, as the unit
says; --plain: without the filter."""

import ctypes
import errno
import functools
import os
import socket
import subprocess
import sys
from pathlib import Path

SHELF = {}
LIBC = ctypes.CDLL(None, use_errno=True)
CAPABILITIES = {"CAP_NET_RAW": 13}


@functools.cache  # the account may not reach the folder in which the unit lies
def lines_of(unit):
    return Path(unit).read_text().splitlines()


def directives(unit, name):
    return [line.split("=", 1)[1] for line in lines_of(unit) if line.startswith(f"{name}=")]


def members(word):
    """The calls of a set such as @system-service."""
    if not word.startswith("@"):
        return {word}
    if not SHELF:
        name = None
        listed = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager"], check=True,
                                capture_output=True, text=True).stdout
        for line in listed.splitlines():
            if line.startswith("@"):
                name = line.strip()
                SHELF[name] = []
            elif line.strip() and not line.strip().startswith("#") and name:
                SHELF[name].append(line.strip())
    return set().union(*(members(inner) for inner in SHELF[word]))


def allowed_calls(unit):
    allowed = set()
    for value in directives(unit, "SystemCallFilter"):
        calls = set().union(*(members(word) for word in value.lstrip("~").split()))
        allowed = allowed - calls if value.startswith("~") else allowed | calls
    return allowed | members("@default")


def load_filter(unit, refuse):
    import seccomp  # pylint: disable=import-outside-toplevel
    otherwise = seccomp.ERRNO(errno.EPERM) if refuse else seccomp.KILL_PROCESS
    rules = seccomp.SyscallFilter(otherwise)
    for call in sorted(allowed_calls(unit) - {"socket"}):
        try:
            rules.add_rule(seccomp.ALLOW, call)
        except (RuntimeError, ValueError):
            pass  # of another processor, or newer than the library
    families = " ".join(directives(unit, "RestrictAddressFamilies")).split()
    for family in families:
        if family != "none":
            rules.add_rule(seccomp.ALLOW, "socket",
                           seccomp.Arg(0, seccomp.EQ, getattr(socket, family)))
    others = [] if "none" in families else [getattr(socket, family) for family in families]
    for family in range(1, 46):  # what RestrictAddressFamilies refuses, it refuses with this
        if family not in others:
            rules.add_rule(seccomp.ERRNO(errno.EAFNOSUPPORT), "socket",
                           seccomp.Arg(0, seccomp.EQ, family))
    rules.load()


def numbers(accounts, kind, name):
    """The fields of the account or group."""
    for line in (Path(accounts) / "etc" / kind).read_text().splitlines():
        if line.split(":")[0] == name:
            return line.split(":")
    raise SystemExit(f"no {name} in {kind}")


def become(unit, accounts):
    user, group = directives(unit, "User")[0], directives(unit, "Group")[0]
    groups = (Path(accounts) / "etc/group").read_text().splitlines()
    more = [int(line.split(":")[2]) for line in groups if user in line.split(":")[3].split(",")]
    named = " ".join(directives(unit, "SupplementaryGroups")).split()
    more += [int(numbers(accounts, "group", name)[2]) for name in named]
    gid = int(numbers(accounts, "group", group)[2])
    os.umask(int(directives(unit, "UMask")[0], 8))
    os.setgroups(sorted({gid, *more}))
    os.setresgid(gid, gid, gid)
    uid = int(numbers(accounts, "passwd", user)[2])
    keep = " ".join(directives(unit, "AmbientCapabilities")).split()
    LIBC.prctl(8, 1, 0, 0, 0)  # PR_SET_KEEPCAPS: until it is said which
    os.setresuid(uid, uid, uid)
    hold(sum(1 << CAPABILITIES[name] for name in keep))


def hold(mask):
    """These capabilities and no others, for what is executed too."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3
    assert LIBC.capset(header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)) == 0
    for number in CAPABILITIES.values():
        if mask >> number & 1:
            assert LIBC.prctl(47, 2, number, 0, 0) == 0  # PR_CAP_AMBIENT, RAISE


def main(words):
    refuse, plain = "--refuse" in words, "--plain" in words
    unit, accounts, *command = [word for word in words if word not in ("--refuse", "--plain")]
    become(unit, accounts)
    if LIBC.prctl(38, 1, 0, 0, 0):  # PR_SET_NO_NEW_PRIVS
        raise SystemExit("no_new_privs")
    if not plain:
        load_filter(unit, refuse)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
