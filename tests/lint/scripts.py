#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every shell script passes shellcheck, every Python file compiles."""

import subprocess
import sys

import tree

DIALECTS = {"#!/usr/bin/env bash": "bash", "#!/bin/bash": "bash", "#!/bin/sh": "sh",
            "#!/bin/sh /etc/rc.common": "dash"}


def dialect_of(root, path):
    return DIALECTS.get((tree.text_of(root, path) or "").split("\n", 1)[0])


def check(root):
    faults = []
    for path in tree.files(root):
        dialect = dialect_of(root, path)
        if dialect:
            done = subprocess.run(["shellcheck", "-f", "gcc", "-s", dialect, str(path)], cwd=root,
                                  capture_output=True, text=True)
            faults += (done.stdout + done.stderr).splitlines()
        elif path.suffix == ".py":
            try:
                compile(tree.text_of(root, path), str(path), "exec")
            except SyntaxError as error:
                faults.append(f"{path}:{error.lineno}: {error.msg}")
    return faults, []


if __name__ == "__main__":
    sys.exit(tree.main(check))
