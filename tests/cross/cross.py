#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the agent for another architecture and runs its unit tests, the simulation and the
replayed fuzz corpora there, under qemu-user.

    python3 tests/cross/cross.py mipsel s390x     (apt-get: deploy/debian/install-packages cross)

mipsel stands for OpenWrt's ramips: 32 bits, no 64-bit atomics. s390x is big-endian, as ath79 is.
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import sysroot  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "build-cross"
CPUS = {"mipsel": ("mips", "little"), "s390x": ("s390x", "big")}
OPTIONS = ("-Dtests=true", "-Dweb=false", "-Dbuildtype=debugoptimized", "-Doptimization=1",
           "-Dwerror=true")
SIM_SEEDS = "10"
BUILD_LIMIT_S = 600
SLOWER = 10  # than the machine itself

# Tests of what a router runs; the server's stay at home.
ROOMS = ("tests/unit/agent/", "tests/unit/common/", "tests/unit/proto/", "tests/unit/tls/",
         "tests/sim/", "tests/fuzz/")
SERVERS = tuple(f"replay_{name}" for name in (  # of the fuzzers
    "alarm", "answer", "backup", "closed", "csv", "enrol", "evidence", "http", "import", "keys",
    "line", "page", "request", "roster", "stored", "web", "words"))
NEIGHBOURS = "qemu-user knows netlink's links, addresses and routes, but no neighbours"
REAPER = "qemu-user refuses PR_SET_CHILD_SUBREAPER (EINVAL), so whom a script left is not ours"
# What qemu-user cannot do: (architecture, case): why.
EXCUSED = {
    ("s390x", "echo_without_an_answer_is_lost_after_three_seconds"):
        "qemu-user hands the interface of IP_PKTINFO to the kernel with its bytes the wrong way",
    ("s390x", "leases_reach_the_first_wans_slot"): NEIGHBOURS,
    ("mipsel", "leases_reach_the_first_wans_slot"): NEIGHBOURS,
    ("s390x", "first_process_buries_whom_a_program_left_behind"): REAPER,
    ("mipsel", "first_process_buries_whom_a_program_left_behind"): REAPER,
}

CROSS_FILE = """[binaries]
c = '{gnu}-gcc'
ar = '{gnu}-gcc-ar'
strip = '{gnu}-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['qemu-{arch}', '-L', '{root}']
[properties]
sys_root = '{root}'
pkg_config_libdir = ['{root}/usr/lib/{gnu}/pkgconfig', '{root}/usr/share/pkgconfig']
needs_exe_wrapper = true
[built-in options]
c_args = ['--sysroot={root}']
c_link_args = ['--sysroot={root}']
[host_machine]
system = 'linux'
cpu_family = '{family}'
cpu = '{arch}'
endian = '{endian}'
"""


@dataclass
class Result:
    passed: int = 0
    failed: list = field(default_factory=list)  # (name, what it said)
    excused: list = field(default_factory=list)  # (case, why)


class Port:
    """The build for one architecture."""

    def __init__(self, arch):
        self.arch, self.gnu = arch, f"{arch}-linux-gnu"
        self.folder = FOLDER / arch
        self.build = self.folder / "build"
        self.root = None

    def qemu(self, *command):
        return [f"qemu-{self.arch}", "-L", str(self.root), *map(str, command)]

    def logged(self, *command):
        log = self.folder / "build.log"
        with open(log, "wb") as out:
            done = subprocess.run(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                                  cwd=ROOT, timeout=BUILD_LIMIT_S)
        assert done.returncode == 0, log.read_text(errors="replace")[-3000:]

    def set_up(self):
        self.root = sysroot.make(self.arch, self.folder)
        family, endian = CPUS[self.arch]
        cross = self.folder / "cross.ini"
        cross.write_text(CROSS_FILE.format(gnu=self.gnu, arch=self.arch, root=self.root,
                                           family=family, endian=endian))
        if not (self.build / "build.ninja").exists():
            self.logged("meson", "setup", str(self.build), str(ROOT), "--cross-file", str(cross),
                        *OPTIONS)
        self.logged("ninja", "-C", str(self.build), "build.ninja")  # as the sources are now

    def tests(self):
        """(program, its arguments, limit in seconds)"""
        text = subprocess.run(["meson", "introspect", "--tests", self.build], check=True,
                              capture_output=True, text=True, cwd=ROOT).stdout
        for test in json.loads(text):
            command = [os.path.normpath(test["cmd"][0]), *test["cmd"][1:]]
            place = os.path.relpath(command[0], self.build)
            if place.startswith(ROOMS) and Path(place).name not in SERVERS:
                yield command, test["timeout"] * SLOWER

    def compile(self):
        """All that the tests need, and the agent."""
        self.set_up()
        wanted = [os.path.relpath(command[0], self.build) for command, _ in self.tests()]
        self.logged("nice", "-n", "5", "ninja", "-C", str(self.build), "-j2",
                    "agent/pantau-agent", *wanted)

    def run_one(self, command, limit_s):
        name, result = Path(command[0]).name, Result()
        env = dict(os.environ, PANTAU_SIM_SEEDS=SIM_SEEDS)
        try:
            done = subprocess.run(self.qemu(*command), capture_output=True, text=True, env=env,
                                  errors="replace", timeout=limit_s, cwd=ROOT,
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return Result(failed=[(name, f"took longer than {limit_s} s")])
        output = done.stdout + done.stderr
        cases = re.findall(r"^\[       OK \] (\w+)", output, re.MULTILINE)
        bad = set(re.findall(r"^\[  FAILED  \] (\w+)$", output, re.MULTILINE))
        result.excused = [(case, EXCUSED[self.arch, case]) for case in sorted(bad)
                          if (self.arch, case) in EXCUSED]
        if done.returncode != len(result.excused) or len(bad) != len(result.excused):
            result.failed.append((name, f"ended with {done.returncode}\n{output[-3000:]}"))
        result.passed = len(cases) or (done.returncode == 0)
        return result

    def run(self):
        total = Result()
        with ThreadPoolExecutor(2) as pool:
            for result in pool.map(lambda test: self.run_one(*test), self.tests()):
                total.passed += result.passed
                total.failed += result.failed
                total.excused += result.excused
        return total


def main():
    architectures = sys.argv[1:]
    if not architectures or not set(architectures) <= set(CPUS):
        sys.exit(__doc__)
    failed = 0
    for arch in architectures:
        port = Port(arch)
        port.compile()
        result = port.run()
        failed += len(result.failed)
        for case, why in result.excused:
            print(f"{arch}: skipped {case}: {why}")
        for name, words in result.failed:
            print(f"{arch}: FAILED {name}: {words}")
        print(f"{arch}: {result.passed} passed, {len(result.failed)} failed, "
              f"{len(result.excused)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
