#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every mutant still applies to the tree as it is."""

import subprocess
import sys

import tree


def check(root):
    faults = []
    patches = [path for path in tree.files(root, ".patch") if "mutants" in path.parts]
    for path in patches:
        done = subprocess.run(["patch", "--dry-run", "--batch", "--silent", "--fuzz=0", "-p1", "-i",
                               str((root / path).resolve())], cwd=root, capture_output=True,
                              text=True)
        if done.returncode:
            faults.append(f"{path}: applies no more: {done.stdout.strip().splitlines()[-1]}")
    if not patches:
        faults.append("tests/mutants: no patches")
    return faults, []


if __name__ == "__main__":
    sys.exit(tree.main(check))
