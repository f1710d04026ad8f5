#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every option that a program knows stands in its sample file and in docs/CONFIGURATION.md, and
neither names one that it does not know."""

import re
import subprocess
import sys
from pathlib import Path

import tree

DOCUMENT = "docs/CONFIGURATION.md"
SAME_AS = {"wan2": "wan"}  # a second section with the keys of the first


def keys_in(text, commented):
    """{(section, key)} of an INI text; `commented` counts what is there but switched off."""
    mark = "#?" if commented else ""
    section, found = None, set()
    for line in text.splitlines():
        head = re.fullmatch(mark + r"\[(\w+)\]", line.strip())
        pair = re.fullmatch(mark + r"(\w+) =( .*)?", line.strip())
        section = head.group(1) if head else section
        if pair:
            found.add((SAME_AS.get(section, section), pair.group(1)))
    return found


def documented(text, sample):
    """The keys of the section of the document that describes this sample file."""
    part = re.search(rf"^## `{re.escape(Path(sample).name)}`$(.*?)(?=^## |\Z)", text, re.M | re.S)
    rows = re.findall(r"^\| `\[(\w+)\] (\w+)`(?: \*)? \|", part.group(1) if part else "", re.M)
    return set(rows)


def compare(known, there, where):
    faults = [f"{where}: lacks [{section}] {key}" for section, key in sorted(known - there)]
    return faults + [f"{where}: [{section}] {key} is known to no program"
                     for section, key in sorted(there - known)]


def check(root, sample, *programs):
    known = set()
    for program in programs:
        out = subprocess.run([program, "--print-config"], capture_output=True, text=True)
        if out.returncode:
            return [f"{program} --print-config: exit {out.returncode}: {out.stderr}"], []
        known |= keys_in(out.stdout, commented=False)
    if not known:
        return [f"{programs} --print-config printed no option"], []
    faults = compare(known, keys_in(tree.text_of(root, sample) or "", commented=True), sample)
    return faults + compare(known, documented(tree.text_of(root, DOCUMENT) or "", sample),
                            f"{DOCUMENT} ({Path(sample).name})"), []


if __name__ == "__main__":
    sys.exit(tree.main(check))
