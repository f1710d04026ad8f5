#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The manual pages: those of `pantau` are as its commands say of themselves, those written by hand
name every option and command that their program's --help names, all are installed, and mandoc finds
nothing odd in them."""

import re
import subprocess
import sys
from pathlib import Path

import tree

WORD = re.compile(r"(?:^|[ |])(--[a-z][a-z-]+)|^ {2}([a-z]+) {2,}\S", re.M)
ALWAYS = {"--help", "--version"}


def words_of(program):
    """Options and commands that --help names."""
    told = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=60).stdout
    return {option or command for option, command in WORD.findall(told)} - ALWAYS


def unnamed(folder, program):
    page = folder / f"{Path(program).name}.8"
    text = page.read_text() if page.exists() else ""
    text = text.replace("Fl \\-", "--").replace("\\-", "-")
    return [f"{page}: does not name {word}" for word in sorted(words_of(program))
            if not re.search(rf"{word}\b", text)]


def check(root, pantau, *programs):
    folder = root / "docs/man"
    faults = [line for program in programs for line in unnamed(folder, program)]
    made = subprocess.run([folder / "make", pantau, "--check"], capture_output=True, text=True)
    faults += made.stderr.splitlines()
    pages = sorted(path for path in folder.iterdir() if path.suffix in (".1", ".8"))
    linted = subprocess.run(["mandoc", "-Tlint", "-Wwarning", *pages], capture_output=True,
                            text=True)
    faults += linted.stdout.splitlines()
    installed = (folder / "meson.build").read_text()
    faults += [f"{page}: not in meson.build" for page in pages if f"'{page.name}'" not in installed]
    return faults, []


if __name__ == "__main__":
    sys.exit(tree.main(check))
