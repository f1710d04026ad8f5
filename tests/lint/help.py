#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every program and command explains itself, and refuses what it does not know."""

import re
import subprocess
import sys

import tree


def call(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def faults_of(*command):
    done = call(*command, "--help")
    name = " ".join(["/".join(command[0].split("/")[-1:]), *command[1:]])
    faults = []
    if done.returncode or not done.stdout.lower().startswith("usage:"):
        faults.append(f"{name} --help: exit {done.returncode}, {done.stdout[:60]!r}")
    if call(*command, "--no-such-option").returncode != 2:
        faults.append(f"{name} --no-such-option: exit is not 2")
    return faults, re.findall(r"^  ([a-z][a-z-]+)  +\S", done.stdout, re.M)


def check(root, pantau, *others):
    faults, commands = faults_of(pantau)
    if len(commands) < 9:
        faults.append(f"pantau --help names only {commands}")
    for command in commands:
        more, verbs = faults_of(pantau, command)
        for verb in verbs:
            more += faults_of(pantau, command, verb)[0]
        faults += more
    for other in others:
        faults += faults_of(other)[0]
    return faults, []


if __name__ == "__main__":
    sys.exit(tree.main(check))
