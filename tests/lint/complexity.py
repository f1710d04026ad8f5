#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Functions with more ways through them than a reader, or a test, can follow (pmccabe counts them).

Counted is McCabe's number: one, and one more for each if, loop, case of a choice, && and ||. A
switch is one decision however many cases it has: a flat table is read line by line.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import sizes
import tree

# McCabe drew the line at ten, NIST 500-235 at fifteen for those who test what they write. Nearly
# all of ours are below ten; what is above is noted, and what would be above this hides two things.
COMPLEXITY, COMPLEXITY_NOTE = 14, 10


def counted(root, paths):
    """(path, line of the name, name, complexity) of each function in the files."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as names:
        names.write("\n".join(map(str, paths)))
        names.flush()
        done = subprocess.run(["xargs", "-a", names.name, "pmccabe"], cwd=root,
                              capture_output=True, text=True, check=False)
    if done.returncode or done.stderr:
        sys.exit(f"pmccabe: {done.stderr or done.returncode}")
    for line in done.stdout.splitlines():
        modified, *_, place = line.split("\t")
        path, _, rest = place.partition("(")
        number, _, name = rest.partition("): ")
        yield Path(path), int(number), name, int(modified)


def check(root):
    paths = tree.files(root, ".c")
    faults, notes, seen = [], [], dict.fromkeys(paths, 0)
    for path, number, name, complexity in counted(root, paths) if paths else ():
        seen[path] += 1
        text = f"{path}:{number}: {name}(): complexity {complexity}"
        if complexity > COMPLEXITY:
            faults.append(f"{text} (at most {COMPLEXITY})")
        elif complexity > COMPLEXITY_NOTE:
            notes.append(f"{text} (usual: {COMPLEXITY_NOTE})")
    for path in paths:  # a function that the counter skipped would pass unseen
        lines = (tree.text_of(root, path) or "").splitlines()
        written = sum("(" in signature for _, _, signature in sizes.functions(lines))
        if seen[path] < written:
            faults.append(f"{path}: {written} functions, of which {seen[path]} could be counted")
    return faults, notes


if __name__ == "__main__":
    sys.exit(tree.main(check))
