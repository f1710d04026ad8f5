# SPDX-License-Identifier: Apache-2.0
"""What every lint script needs: the project's files, and one way of saying what is wrong."""

import os
import sys
from pathlib import Path

SKIPPED_FOLDERS = {".git", "node_modules", "__pycache__", "state", "dist"}


def is_ours(folder):
    return folder not in SKIPPED_FOLDERS and not folder.startswith("build")


def files(root, *suffixes):
    """The project's files, as paths relative to root; with suffixes only those that end so."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if is_ours(name))
        found += [(Path(folder) / name).relative_to(root) for name in sorted(names)]
    return [path for path in found if not suffixes or path.suffix in suffixes]


def text_of(root, path):
    """The file's text, or None when it is not text."""
    try:
        return (Path(root) / path).read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return None


def main(check):
    """check(root) gives (faults, warnings): lines that begin with PATH[:LINE]."""
    faults, warnings = check(Path(sys.argv[1]), *sys.argv[2:])
    for line in warnings:
        print(f"note: {line}")
    for line in faults:
        print(line)
    print(f"{len(faults)} faults, {len(warnings)} notes")
    return 1 if faults else 0
