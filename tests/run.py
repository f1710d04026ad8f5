#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Builds, runs every suite, counts. The work behind ./test, which says how to call it."""

import argparse
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SANITIZED = ROOT / "build-test"
RELEASE = ROOT / "build-release"
FUZZ = ROOT / "build-fuzz"  # --long: by clang, which warns of other things than gcc
RESULTS = SANITIZED / "results"
THREADS = ROOT / "build-threads"  # --long
FUZZ_S = 600  # each fuzzer searches so long, with a processor for itself
LONG_SEEDS = "1000"  # of simulated days
LONG_SECTOR_SEEDS = "100000"  # of logs under power cuts
SHOWN_LINES = 40  # of a failure; the whole of it is in the log

# A suite is run by meson (C programs and scripts) or by pytest (real programs).
MESON = ("lint", "unit", "fuzz", "sim")
PYTEST = ("system", "lab", "mutants")
WORKERS = {"system": 4, "lab": 18, "mutants": 0}  # they wait more than they compute; 0: in turn
# About twice what they take: what hangs must not hang for ever.
LIMIT_S = {"system": 2400, "lab": 600, "mutants": 900}
# --long may take so much more: 20,000 simulated months alone are half an hour, a soak is two
LONGER = {"system": 20, "lab": 5, "mutants": 5}
# Real time is what these judge, and neighbours take it away: what failed runs again, alone, and is
# named. What fails twice has failed.
AGAIN = ("system", "lab")
AGAIN_MAX = 4  # more than that is no accident


@dataclass
class Count:
    passed: int = 0
    failures: list = field(default_factory=list)  # (name, what it said)
    skips: list = field(default_factory=list)  # (name, why)
    figures: list = field(default_factory=list)  # what tests measured, in words

    def add(self, other):
        self.passed += other.passed
        self.failures += other.failures
        self.skips += other.skips

    def line(self):
        text = f"{self.passed} passed, {len(self.failures)} failed"
        return text + (f", {len(self.skips)} skipped" if self.skips else "")


def environment(long):
    env = dict(os.environ)
    env["ASAN_OPTIONS"] = "detect_leaks=1:abort_on_error=0"
    env["UBSAN_OPTIONS"] = "halt_on_error=1:print_stacktrace=1"
    env["PANTAU_SANITIZED"] = str(SANITIZED)
    env["PANTAU_RELEASE"] = str(RELEASE)
    env["PANTAU_THREADS"] = str(THREADS)
    env["TSAN_OPTIONS"] = f"suppressions={ROOT / 'tests/support/tsan.supp'}"
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env.pop("PYTEST_ADDOPTS", None)
    if long:
        env["PANTAU_LONG"] = "1"
        env["PANTAU_SIM_SEEDS"] = LONG_SEEDS
        env["PANTAU_SECTOR_SEEDS"] = LONG_SECTOR_SEEDS
    return env


def logged(command, log, env, limit_s=None):
    """Runs to the end, all output into the log. The exit status; 124 when it took too long."""
    with open(log, "ab") as out:
        try:
            return subprocess.run(command, cwd=ROOT, env=env, stdout=out, stdin=subprocess.DEVNULL,
                                  stderr=subprocess.STDOUT, timeout=limit_s).returncode
        except subprocess.TimeoutExpired:
            out.write(f"\nstopped: it took longer than {limit_s} s\n".encode())
            return 124


def say(name, text, began):
    print(f"{name:<16} {text:<44} {time.monotonic() - began:7.1f} s", flush=True)


def tail(path, lines=SHOWN_LINES):
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def build(folder, options, env, targets=()):
    """Configures once and compiles what changed, and these targets besides. Words of failure, or
    None."""
    began = time.monotonic()
    folder.mkdir(exist_ok=True)
    log = folder / "build.log"
    log.unlink(missing_ok=True)
    status = 0
    if not (folder / "build.ninja").exists():
        status = logged(["meson", "setup", str(folder), str(ROOT), *options], log, env)
    status = status or logged(["meson", "compile", "-C", str(folder)], log, env)
    if targets:
        status = status or logged(["meson", "compile", "-C", str(folder), *targets], log, env)
    say(folder.name, "FAILED" if status else "built", began)
    return f"see {log}\n{tail(log)}" if status else None


def message_of(case, tag):
    node = case.find(tag)
    parts = [node.get("message") or "", node.text or ""]
    for other in ("system-out", "system-err"):
        parts += [n.text or "" for n in case.findall(other)] if tag != "skipped" else []
    return "\n".join(part for part in parts if part.strip()).strip()


def count_junit(path):
    count = Count()
    for case in xml.parse(path).iter("testcase"):
        name = case.get("name")
        count.figures += [one.get("value") for one in case.iter("property")
                          if one.get("name") == "figure"]
        if case.get("classname") not in (None, "", "pantau-desa"):
            name = f"{case.get('classname')}: {name}"
        if case.find("skipped") is not None:
            count.skips.append((name, message_of(case, "skipped") or "no reason given"))
            continue
        for tag in ("failure", "error"):
            if case.find(tag) is not None:
                count.failures.append((name, message_of(case, tag)))
                break
        else:
            count.passed += 1
    return count


def meson_command(suite):
    jobs = str(os.cpu_count() or 2)
    return ["meson", "test", "-C", str(SANITIZED), "--no-rebuild", "--suite", suite,
            "--logbase", suite, "--num-processes", jobs, "--print-errorlogs"]


def pytest_command(junit, *what):
    return ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs",
            f"--junitxml={junit}", *what]


def workers(suite):
    have_xdist = subprocess.run(["/usr/bin/python3", "-c", "import xdist"], capture_output=True)
    return [] if have_xdist.returncode or not WORKERS[suite] else ["-n", str(WORKERS[suite])]


def run_again(suite, count, env):
    """The failed ones, one after the other. What fails twice has failed."""
    def node_of(name):
        module, _, test = name.partition(": ")
        return module.replace(".", "/") + ".py::" + test

    log, junit = RESULTS / f"{suite}-again.log", RESULTS / f"{suite}-again.xml"
    for old in (log, junit):
        old.unlink(missing_ok=True)
    names = [name for name, _ in count.failures]
    logged(pytest_command(junit, *map(node_of, names)), log, env, LIMIT_S[suite])
    if not junit.exists():
        return count
    again = count_junit(junit)
    if again.passed + len(again.failures) != len(names):
        return count
    print(f"{'':<16} again, alone: {', '.join(names)}: {again.line()}")
    return Count(count.passed + again.passed, again.failures, count.skips,
                 count.figures + again.figures)


def run_suite(suite, env):
    began = time.monotonic()
    log, junit = RESULTS / f"{suite}.log", RESULTS / f"{suite}.xml"
    for old in (log, junit):
        old.unlink(missing_ok=True)
    if suite in MESON:
        status = logged(meson_command(suite), log, env)
        made = SANITIZED / "meson-logs" / f"{suite}.junit.xml"
        if made.exists():
            shutil.move(made, junit)
    else:
        command = pytest_command(junit, f"tests/{suite}", *workers(suite))
        limit_s = LIMIT_S[suite] * (LONGER[suite] if "PANTAU_LONG" in env else 1)
        status = logged(command, log, env, limit_s)
    count = count_junit(junit) if junit.exists() else Count()
    if suite in AGAIN and 0 < len(count.failures) <= AGAIN_MAX:
        count, status = run_again(suite, count, env), 0
    total = count.passed + len(count.failures) + len(count.skips)
    if total == 0 or (status and not count.failures):
        count.failures.append((f"suite {suite}", f"ended with {status}, see {log}\n{tail(log)}"))
    say(suite, count.line(), began)
    for figure in count.figures:
        print(f"{'':<16} {figure}")
    return count


def search_one(fuzzer, env):
    """Words of what was found, or None. What reached new places is left in the results."""
    log, found = RESULTS / f"{fuzzer.name}.log", RESULTS / f"{fuzzer.name}.corpus"
    found.mkdir(exist_ok=True)
    log.unlink(missing_ok=True)
    status = logged([str(fuzzer), f"-max_total_time={FUZZ_S}", "-rss_limit_mb=1024",
                     f"-artifact_prefix={RESULTS}/", str(found),
                     str(ROOT / "tests/fuzz/corpus" / fuzzer.name[5:])], log, env, FUZZ_S + 120)
    return f"see {log}\n{tail(log)}" if status else None


def search(env):
    """Every fuzzer, for a while; what it finds is left in the results."""
    words = build(FUZZ, ["-Dfuzz=true", "-Dwerror=true", "-Db_sanitize=address,undefined",
                         "-Dc_args=-fsanitize=fuzzer-no-link"], dict(env, CC="clang"))
    if words:
        return Count(failures=[("build with clang", words)])
    count, began = Count(), time.monotonic()
    fuzzers = [path for path in sorted((FUZZ / "tests" / "fuzz").glob("fuzz_*")) if path.is_file()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for fuzzer, words in zip(fuzzers, pool.map(lambda one: search_one(one, env), fuzzers)):
            if words:
                count.failures.append((fuzzer.name, words))
            else:
                count.passed += 1
    if not count.passed and not count.failures:
        count.failures.append(("fuzz", "no fuzzer was built"))
    say("search", count.line(), began)
    return count


def report(count):
    for name, why in count.skips:
        print(f"\nskipped {name}: {why.splitlines()[0]}")
    for name, text in count.failures:
        print(f"\nFAILED {name}")
        for line in text.splitlines()[-SHOWN_LINES:]:
            print(f"    {line}")
    print()
    print(count.line(), flush=True)


def run(arguments, env):
    count = Count()
    builds = [(SANITIZED, ["-Dtests=true", "-Dbuildtype=debugoptimized", "-Dwerror=true",
                           "-Db_sanitize=address,undefined"], ())]
    if any(suite in PYTEST for suite in arguments.suites):
        builds.append((RELEASE, ["-Dbuildtype=release"], ["months"]))
    if arguments.long and "system" in arguments.suites:
        builds.append((THREADS, ["-Dtests=true", "-Dbuildtype=debugoptimized",
                                 "-Db_sanitize=thread"], ()))
    for folder, options, targets in builds:
        words = build(folder, options, env, targets)
        if words:
            count.failures.append((f"build in {folder.name}", words))
            return count
    RESULTS.mkdir(exist_ok=True)
    for suite in arguments.suites:
        count.add(run_suite(suite, env))
    if arguments.long and "fuzz" in arguments.suites:
        count.add(search(env))
    return count


def main():
    parser = argparse.ArgumentParser(prog="./test")
    parser.add_argument("--long", action="store_true", help="also what takes longer")
    parser.add_argument("--list", action="store_true", help="name the suites")
    parser.add_argument("suites", nargs="*", metavar="SUITE")
    arguments = parser.parse_args()
    if arguments.list:
        print(" ".join(MESON + PYTEST))
        return 0
    unknown = [suite for suite in arguments.suites if suite not in MESON + PYTEST]
    if unknown:
        parser.error(f"no such suite: {' '.join(unknown)} (there are {' '.join(MESON + PYTEST)})")
    arguments.suites = arguments.suites or list(MESON + PYTEST)
    count = run(arguments, environment(arguments.long))
    report(count)
    return 1 if count.failures else 0


if __name__ == "__main__":
    sys.exit(main())
