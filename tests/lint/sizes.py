#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Files and functions that have outgrown a reader, and the licence line at the top of each file."""

import re
import sys

import tree

COLUMNS = 100
FILE_LINES = 400
FUNCTION_LINES, FUNCTION_NOTE = 60, 40
PARAMETERS = 5
# callbacks whose parameters a library dictates
FOREIGN_SHAPES = (" choose_alpn(", " handle_request(", " take_param(", " server_exchange_handle(",
                  " see_header(")
SPDX = "SPDX-License-Identifier: Apache-2.0"
SOURCES = (".c", ".h", ".py", ".sh", ".ts", ".tsx", ".proto", ".css")


def width(line):
    column = 0
    for letter in line:
        column = column + 8 - column % 8 if letter == "\t" else column + 1
    return column


def functions(lines):
    """(first line, last line, signature) of each function; KNF puts its braces in column 0."""
    for number, line in enumerate(lines):
        if line != "{":
            continue
        first = number
        while first > 0 and lines[first - 1] and lines[first - 1][-1] not in ";}/":
            first -= 1
        last = number
        while last < len(lines) - 1 and lines[last] != "}":
            last += 1
        yield first, last, " ".join(lines[first:number])


def parameter_count(signature):
    inner = signature[signature.find("(") + 1:signature.rfind(")")]
    inner = re.sub(r"\([^()]*\)", "", inner)  # parameters of a parameter
    return 0 if inner.strip() in ("", "void") else inner.count(",") + 1


def function_faults(path, lines):
    faults, notes = [], []
    for first, last, signature in functions(lines):
        length = last - first + 1
        where = f"{path}:{first + 1}"
        if length > FUNCTION_LINES:
            faults.append(f"{where}: a function of {length} lines (at most {FUNCTION_LINES})")
        elif length > FUNCTION_NOTE:
            notes.append(f"{where}: a function of {length} lines (usual: {FUNCTION_NOTE})")
        foreign = any(name in signature for name in FOREIGN_SHAPES)
        if parameter_count(signature) > PARAMETERS and not foreign:
            faults.append(f"{where}: more than {PARAMETERS} parameters")
    return faults, notes


def check(root):
    faults, notes = [], []
    for path in tree.files(root, *SOURCES):
        lines = (tree.text_of(root, path) or "").splitlines()
        if not lines:
            continue
        if SPDX not in "\n".join(lines[:2]):
            faults.append(f"{path}:1: lacks the line {SPDX}")
        faults += [f"{path}:{number}: wider than {COLUMNS} columns"
                   for number, line in enumerate(lines, 1) if width(line) > COLUMNS]
        if path.suffix == ".c":
            if len(lines) > FILE_LINES:
                faults.append(f"{path}: {len(lines)} lines (at most {FILE_LINES})")
            found = function_faults(path, lines)
            faults, notes = faults + found[0], notes + found[1]
    return faults, notes


if __name__ == "__main__":
    sys.exit(tree.main(check))
