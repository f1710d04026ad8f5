#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for OpenWrt's ujail: carries out what a start script told procd, as ujail does: a root
of its own with the mounts that were asked for, a process tree of its own, account, capabilities,
no_new_privs, and the filter of system calls, read from the same files.

    unshare --mount --pid --ipc --fork jail.py PROCD_LOG ACCOUNTS [PROGRAM WORD...]

PROGRAM instead of the one that procd was told to start."""

import ctypes
import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

DEVICES = {"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9}  # /dev/mem's minors
RETAINED = 1 << 6 | 1 << 7 | 1 << 8  # setgid, setuid, setpcap: to set up the jail
NUMBERS = {"CAP_NET_RAW": 13}
LIBC = ctypes.CDLL(None, use_errno=True)


def call(name, *words):
    if getattr(LIBC, name)(*words) != 0:
        raise SystemExit(f"{name}{words}: {os.strerror(ctypes.get_errno())}")


def told(log):
    """{parameter: value}, and the mounts {path: may be written}."""
    parameters, mounts = {}, {}
    for line in Path(log).read_text().splitlines():
        name, _, value = line.partition(" ")
        if name in ("mount", "mount_rw"):
            mounts[value] = name == "mount_rw"
        else:
            parameters[name] = value
    return parameters, mounts


def mount(*words):
    subprocess.run(["mount", *map(str, words)], check=True)


def bind(root, path, writable):
    target = Path(f"{root}{path}")
    if os.path.isdir(path):
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.touch()
    mount("--bind", path, target)
    if not writable:
        mount("-o", "remount,bind,ro", target)


def build(flags, mounts):
    root = tempfile.mkdtemp(prefix="ujail-", dir="/tmp")
    mount("-t", "tmpfs", "-o", "mode=0755", "none", root)
    for folder in ("dev", "proc", "sys", "tmp"):
        os.mkdir(f"{root}/{folder}")
    for name, minor in DEVICES.items():
        os.mknod(f"{root}/dev/{name}", 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        os.chmod(f"{root}/dev/{name}", 0o666)
    if "procfs" in flags:
        mount("-t", "proc", "none", f"{root}/proc")
    if "sysfs" in flags:
        mount("-t", "sysfs", "-o", "ro", "none", f"{root}/sys")
    for path, writable in sorted(mounts.items()):
        bind(root, path, writable)
    if "ronly" in flags:
        mount("-o", "remount,ro", root)
    os.chroot(root)
    os.chdir("/")


def hold(sets, retained=0):
    masks = {name: sum(1 << NUMBERS[word] for word in words) for name, words in sets.items()}
    for number in range(41):
        if not (masks["bounding"] | retained) >> number & 1:
            LIBC.prctl(24, number, 0, 0, 0)  # PR_CAPBSET_DROP
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3
    low = [masks[name] | retained for name in ("effective", "permitted", "inheritable")]
    call("capset", header, (ctypes.c_uint32 * 6)(*low, 0, 0, 0))
    for number in NUMBERS.values():
        if masks["ambient"] >> number & 1 and not retained:
            call("prctl", 47, 2, number, 0, 0)  # PR_CAP_AMBIENT, RAISE


def become(name, accounts, sets):
    line, = (line for line in accounts.splitlines() if line.startswith(f"{name}:"))
    uid, gid = map(int, line.split(":")[2:4])
    call("prctl", 28, 1 << 2, 0, 0, 0)  # PR_SET_SECUREBITS: NO_SETUID_FIXUP
    hold(sets, RETAINED)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    hold(sets)


def load_filter(order):
    import seccomp  # pylint: disable=import-outside-toplevel
    actions = {"SCMP_ACT_KILL_PROCESS": seccomp.KILL_PROCESS, "SCMP_ACT_ALLOW": seccomp.ALLOW}
    rules = seccomp.SyscallFilter(actions[order["defaultAction"]])
    for rule in order["syscalls"]:
        action = actions.get(rule["action"]) or seccomp.ERRNO(rule["errnoRet"])
        for name in rule["names"]:
            try:
                rules.add_rule(action, name)
            except (RuntimeError, ValueError):
                pass  # of another processor, or newer than the library
    rules.load()


def main(log, accounts_file, *other):
    parameters, mounts = told(log)
    accounts = Path(accounts_file).read_text()
    sets = json.loads(Path(parameters["capabilities"]).read_text())
    order = json.loads(Path(parameters["seccomp"]).read_text())
    import seccomp  # noqa: F401  pylint: disable=import-outside-toplevel,unused-import
    build(parameters["jail"].split()[1:], mounts)
    become(parameters["user"], accounts, sets)
    if parameters.get("no_new_privs") == "1":
        call("prctl", 38, 1, 0, 0, 0)
    load_filter(order)
    words = list(other) or parameters["command"].split()
    os.execve(words[0], words, {"PATH": "/usr/bin:/bin"})


if __name__ == "__main__":
    main(*sys.argv[1:])
