#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What cppcheck finds in the programs' sources, against what is known and explained in known.txt.

    tests/static/check.py BUILD     a folder that meson set up

Exit 0: every finding is explained, and every explanation has its finding. 1: not so; says which.

Asked for are warnings, performance and portability. Style is the business of tests/lint: cppcheck
would have declarations where they are first used, while here they open their block. Tests are left
out: that assert_true() ends one that failed is nothing that cppcheck knows.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
KNOWN = Path(__file__).with_name("known.txt")
PROGRAMS = ("agent", "cli", "collector", "common", "proto", "swarm", "web")
COMMAND = ("cppcheck", "--quiet", "-j2", "--enable=warning,performance,portability",
           "--platform=unix64", "--template={file}\t{line}\t{id}\t{message}",
           "--suppress=*:*.pb-c.h", "--suppress=*:/usr/include/*")


def programs(build):
    """The commands of compile_commands.json by which the programs are made, each source once."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = (Path(entry["directory"]) / entry["file"]).resolve()
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PROGRAMS:
            found.setdefault(path, dict(entry, file=str(path)))
    return list(found.values())


def findings(commands):
    """{(rule, file below ROOT): [words]}"""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as project:
        json.dump(commands, project)
        project.flush()
        done = subprocess.run([*COMMAND, f"--project={project.name}"], capture_output=True,
                              text=True, check=False)
    if done.returncode:
        sys.exit(f"cppcheck ended with {done.returncode}: {done.stdout}{done.stderr}")
    found = {}
    for line in done.stderr.splitlines():
        file, number, rule, message = line.split("\t")
        path = Path(file).resolve()
        name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else file
        found.setdefault((rule, name), []).append(f"{name}:{number}: {rule}: {message}")
    return found


def explained(text):
    """{(rule, file): reason} of lines `RULE FILE REASON`; # begins a comment."""
    lines = (line.split(maxsplit=2) for line in text.splitlines()
             if line.strip() and not line.startswith("#"))
    return {(rule, file): reason for rule, file, reason in lines}


def compare(found, known):
    """Words of what does not fit."""
    words = [text for place, texts in sorted(found.items()) if place not in known for text in texts]
    return words + [f"known.txt: {rule} {file}: no longer found, take it out"
                    for rule, file in sorted(known) if (rule, file) not in found]


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    commands = programs(Path(sys.argv[1]))
    words = compare(findings(commands), explained(KNOWN.read_text()))
    print(*words, f"{len(commands)} sources, {len(words)} faults", sep="\n")
    return 1 if words else 0


if __name__ == "__main__":
    sys.exit(main())
