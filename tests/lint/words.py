#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""No file names a package registry's host or a folder of the machine it was written on."""

import re
import sys

import tree

FORBIDDEN = {
    "the host of a package registry":
        re.compile(r"https?://[\w.-]*(?:registry|mirror|packages|pypi|proxy)[\w-]*\.[\w.-]+|"
                   r"\b(?:deb|ftp|security)\.debian\.org\b|\bregistry\.npm\w+\.org\b"),
    "a folder of a developer's machine": re.compile(r"(?<![\w.])/(?:home|Users|work)/\w+"),
}


def check(root):
    faults = []
    for path in tree.files(root):
        for number, line in enumerate((tree.text_of(root, path) or "").splitlines(), 1):
            faults += [f"{path}:{number}: names {what}"
                       for what, pattern in FORBIDDEN.items() if pattern.search(line)]
    return faults, []


if __name__ == "__main__":
    sys.exit(tree.main(check))
