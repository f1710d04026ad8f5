#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every C file is as clang-format leaves it, by the .clang-format at the top."""

import re
import subprocess
import sys

import tree


def check(root):
    paths = [str(path) for path in tree.files(root, ".c", ".h")]
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], cwd=root,
                          capture_output=True, text=True)
    faults = sorted(set(re.findall(r"^(\S+?:\d+):\d+: error", done.stderr, re.M)))
    if done.returncode and not faults:
        faults = done.stderr.splitlines()[-3:] or ["clang-format failed without a word"]
    return [f"{fault}: clang-format -i would change it" if ":" in fault else fault
            for fault in faults], []


if __name__ == "__main__":
    sys.exit(tree.main(check))
