#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What analyzers find in the programs' sources, against what is known and explained in known.txt.

    tests/static/check.py BUILD [ANALYZER...]     BUILD: a folder that meson set up
                                                  ANALYZER: cppcheck, gcc, clang-tidy; none is all

Exit 0: every finding is explained, and every explanation has its finding. 1: not so; says which.

cppcheck    warnings, performance and portability. Style is the business of tests/lint: cppcheck
            would have declarations where they are first used, while here they open their block.
gcc         -fanalyzer, at -O0: what is inlined before it looks, it takes for one function. Not
            leaks: GCC 12 forgets what is kept at items[count++], and the other two ask for leaks.
clang-tidy  the checks of clang-tidy.yaml beside this; with them all that scan-build would find. Of
            agent, common and proto only (TIDY_FOLDERS): the rest is still to be looked through.

Tests are left out: that assert_true() ends one that failed is nothing that an analyzer knows.
"""

import json
import re
import shlex
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "lint"))

import sizes  # noqa: E402

KNOWN = Path(__file__).with_name("known.txt")
PROGRAMS = ("agent", "cli", "collector", "common", "proto", "swarm", "web")
MODEL = str(Path(__file__).with_name("model.h"))
MODELLED = ROOT / "common" / "err.c"
JOBS = 2  # what CI has
# What stands in every village and reads what comes from anywhere. The others were never looked
# through: whoever adds one mends or explains what is told of it.
TIDY_FOLDERS = ("agent", "common", "proto")
TIDY_CHECKS = Path(__file__).with_name("clang-tidy.yaml")
CPPCHECK = ("cppcheck", "--quiet", f"-j{JOBS}", "--enable=warning,performance,portability",
            "--platform=unix64", "--template={file}:{line}: {id}: {message}",
            "--suppress=*:*.pb-c.h", "--suppress=*:/usr/include/*")
GCC = ("gcc", "-fanalyzer", "-Wno-analyzer-malloc-leak", "-fanalyzer-verbosity=0",
       "-fdiagnostics-plain-output", "-S", "-o", "/dev/null")
TIDY = ("clang-tidy", "--quiet", f"--config-file={TIDY_CHECKS}")
# FILE:LINE:COLUMN: warning: MESSAGE [RULE], as both compilers say it
SAID = re.compile(r"(.+?):(\d+):\d+: (?:warning|error): (.*) \[(?:-W)?([\w.,=-]+)\]$")


def programs(build):
    """The commands of compile_commands.json by which the programs are made, each source once."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = (Path(entry["directory"]) / entry["file"]).resolve()
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PROGRAMS:
            found.setdefault(path, dict(entry, file=str(path)))
    return list(found.values())


def meaning(entry):
    """The options that say what the source means; how it is made is no matter of an analyzer."""
    words = [word for word in shlex.split(entry["command"])
             if word.startswith(("-I", "-D", "-U", "-std=")) and "_FORTIFY_SOURCE" not in word]
    return words if Path(entry["file"]) == MODELLED else [*words, f"-I{ROOT}", "-include", MODEL]


# ---- the analyzers: each gives (file, line, rule, message), the file against the entry's folder


def run_cppcheck(commands):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as project:
        json.dump(commands, project)
        project.flush()
        done = subprocess.run([*CPPCHECK, f"--project={project.name}"], capture_output=True,
                              text=True, check=False)
    if done.returncode:
        sys.exit(f"cppcheck ended with {done.returncode}: {done.stdout}{done.stderr}")
    for line in done.stderr.splitlines():
        file, number, rule, message = line.split(":", 3)
        yield file, number, rule.strip(), message.strip()


def each(commands, command_of):
    """What both compilers say, of one source at a time."""
    def run(entry):
        done = subprocess.run(command_of(entry), cwd=entry["directory"], capture_output=True,
                              text=True, check=False)
        found = [SAID.match(line) for line in (done.stdout + done.stderr).splitlines()]
        if done.returncode and not any(found):
            sys.exit(f"{entry['file']}: {done.stdout}{done.stderr}")
        return [(str(Path(entry["directory"]) / said[1]), said[2], said[4], said[3])
                for said in found if said]

    with ThreadPoolExecutor(JOBS) as jobs:
        for found in jobs.map(run, commands):
            yield from found


def run_gcc(commands):
    return each(commands, lambda entry: [*GCC, *meaning(entry), entry["file"]])


def run_tidy(commands):
    return each(commands, lambda entry: [*TIDY, entry["file"], "--", *meaning(entry)])


ANALYZERS = {"cppcheck": run_cppcheck, "gcc": run_gcc, "clang-tidy": run_tidy}


def sources_of(analyzer, commands):
    """The commands of the sources that are asked about."""
    folders = TIDY_FOLDERS if analyzer == "clang-tidy" else PROGRAMS
    return [entry for entry in commands
            if Path(entry["file"]).relative_to(ROOT).parts[0] in folders]


# ---- what they found


@lru_cache(maxsize=None)
def functions(path):
    """(first line, last line, name)"""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(first + 1, last + 1, signature.partition("(")[0].split()[-1].lstrip("*"))
            for first, last, signature in sizes.functions(lines) if "(" in signature]


def function_at(path, line):
    return next((name for first, last, name in functions(path) if first <= line <= last), "-")


def findings(analyzer, commands):
    """{(analyzer, rule, file below ROOT, function): [words]}; a function is - outside of any."""
    found = {}
    for file, number, rule, message in ANALYZERS[analyzer](commands):
        path = Path(file).resolve()
        name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
        place = (analyzer, rule, name, function_at(path, int(number)))
        words = f"{name}:{number}: {rule}: {message}"
        if words not in found.setdefault(place, []):  # a header's is told by all who include it
            found[place].append(words)
    return found


def explained(text):
    """{(analyzer, rule, file, function): reason} of lines with these five; # begins a comment."""
    lines = (line.split(maxsplit=4) for line in text.splitlines()
             if line.strip() and not line.startswith("#"))
    return {tuple(place): reason for *place, reason in lines}


def compare(found, known):
    """Words of what does not fit."""
    words = [text for place, texts in sorted(found.items()) if place not in known for text in texts]
    return words + [f"known.txt: {' '.join(place)}: no longer found, take it out"
                    for place in sorted(known) if place not in found]


def known_of(analyzer):
    return {place: reason for place, reason in explained(KNOWN.read_text()).items()
            if place[0] == analyzer}


def main():
    build, *wanted = sys.argv[1:] or ["--help"]
    if build in ("-h", "--help") or not set(wanted) <= set(ANALYZERS):
        sys.exit(__doc__)
    commands = programs(Path(build))
    faults = 0
    for analyzer in wanted or ANALYZERS:
        began = time.monotonic()
        sources = sources_of(analyzer, commands)
        words = compare(findings(analyzer, sources), known_of(analyzer))
        print(*words, f"{analyzer}: {len(sources)} sources, {len(words)} faults, "
              f"{time.monotonic() - began:.0f} s", sep="\n", flush=True)
        faults += len(words)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
