# SPDX-License-Identifier: Apache-2.0
"""The agent where it is meant to run: other processors, another C library, small stacks, little
flash. tests/cross makes the foreign builds."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.programs import RELEASE, ROOT, Process, program, wait_for
from support.records import kept_slots

sys.path.insert(0, str(ROOT / "tests" / "cross"))

import cross  # noqa: E402

# Wanted: 200,000, see docs/BENCHMARKS.md. 12,300 of it are enrolment: token, key and request made
# on the router, the pinned handshake, words in two languages, 30 functions of OpenSSL more. 6,400
# are renewal: without them a router whose certificate ends is a journey to the village. The file
# grows by pages of 4,096.
BINARY_BYTES_MAX = 244500
STACK_BYTES = 128 * 1024  # musl's for a thread
FRAME_BYTES_MAX = 20 * 1024
OURS = ("agent/pantau-agent.p/", "agent/libsmall-pb.a.p/")
# Headers of the libraries, without those of the C library beside them.
HEADERS = ("uv.h", "uv", "protobuf-c", "google", "ini.h", "linux", "asm-generic", "mtd")
WIDE_ATOMIC = re.compile(r" U (__(atomic|sync)_\w+_8)$", re.MULTILINE)


def output_of(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True,
                          timeout=120).stdout


# ---- other processors

@pytest.fixture(scope="module", params=sorted(cross.CPUS))
def port(request):
    made = cross.Port(request.param)
    made.compile()
    return made


def test_units_and_simulation_pass_on_other_processors(port):
    result = port.run()
    words = "\n".join(f"{name}: {text}" for name, text in result.failed)
    assert not result.failed, words
    assert len(result.excused) <= 3
    assert result.passed > 300  # cases


def test_agent_itself_probes_on_other_processors(port):
    agent = port.build / "agent" / "pantau-agent"
    text = output_of(*port.qemu(agent, "probe", "icmp", "127.0.0.1"))
    assert re.search(r"\d+ us|\d+\.\d+ ms", text), text


# By qemu, in the words of that processor; in capitals what goes through socketcall().
TRACED = re.compile(r"^\d+ (\w+)\(", re.MULTILINE)
UNTOLD = re.compile(r"^\d+ Unknown syscall (\d+)$", re.MULTILINE)  # newer than qemu's words
FILTER = ROOT / "deploy" / "openwrt" / "pantau-agent" / "files" / "seccomp.json"


def test_agent_reports_from_other_processors_by_calls_that_its_filter_knows(
        port, running, tmp_path):
    """To a real collector. What it calls there has other names than here (clock_adjtime64)."""
    import seccomp
    keys = running.issue(running.link).folder
    conf = tmp_path / "agent.conf"
    conf.write_text(CONF.format(port=running.port, keys=keys, folder=tmp_path).replace(
        "slot_s = 10", "slot_s = 1"))
    first, *words = port.qemu(port.build / "agent" / "pantau-agent", "run", "--config", conf)
    agent = Process([first, "-strace", *words], tmp_path / "agent.log")
    try:
        wait_for(lambda: len(kept_slots(running.state, running.link)) > 2, "slots", timeout_s=60)
        assert agent.stop() == 0, agent.text()[-2000:]
        arch = getattr(seccomp.Arch, port.arch.upper())
        called = {name.lower() for name in TRACED.findall(agent.text())} | {
            seccomp.resolve_syscall(arch, int(number)).decode()
            for number in UNTOLD.findall(agent.text())}
    finally:
        agent.close()
    assert len(called) > 30
    known = {name for rule in json.loads(FILTER.read_text())["syscalls"]
             if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]}
    assert called - known == set()


def test_no_atomics_of_64_bits(port):
    objects = list((port.build / "agent" / "pantau-agent.p").glob("*.o"))
    assert len(objects) > 50
    found = {path.name: WIDE_ATOMIC.findall(output_of(f"{port.gnu}-nm", path)) for path in objects}
    assert not {name: symbols for name, symbols in found.items() if symbols}


# ---- another C library, small stacks

def agents_sources():
    """(source, the -I and -D of its command) of all that the agent is linked from."""
    for entry in json.loads((RELEASE / "compile_commands.json").read_text()):
        if entry["output"].startswith(OURS):
            words = re.findall(r"(?:'[^']*'|\S)+", entry["command"])
            wanted = [word.strip("'") for word in words if word.strip("'")[:2] in ("-I", "-D")]
            yield RELEASE / entry["file"], wanted


def lay_headers(folder):
    folder.mkdir()
    for name in HEADERS:
        if Path("/usr/include", name).exists():
            (folder / name).symlink_to(Path("/usr/include", name))
    native = next(Path("/usr/include").glob("*-linux-gnu"))
    (folder / "asm").symlink_to(native / "asm")
    (folder / "openssl").mkdir()
    for header in (*Path("/usr/include/openssl").glob("*.h"), *native.glob("openssl/*.h")):
        (folder / "openssl" / header.name).symlink_to(header)
    return folder


@pytest.fixture(scope="module")
def musl_objects(tmp_path_factory):
    """Every source of the agent, compiled against musl; beside each object what its stack takes."""
    folder = tmp_path_factory.mktemp("musl")
    headers = lay_headers(folder / "headers")

    def compile_one(numbered):
        number, (source, words) = numbered
        target = folder / f"{number}-{source.stem}.o"
        done = subprocess.run(["musl-gcc", "-std=gnu11", "-Os", "-Wall", "-Wextra", "-Werror",
                               "-Wno-unused-parameter", "-Wno-missing-field-initializers",
                               "-fstack-usage", "-isystem", headers, *words, "-c", "-o", target,
                               source], cwd=RELEASE, capture_output=True, text=True, timeout=120)
        return target, done.stderr if done.returncode else ""

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(compile_one, enumerate(agents_sources())))
    words = [text for _, text in results if text]
    assert not words, "\n".join(words)
    return [target for target, _ in results]


def symbols(command, kinds):
    return {line.split()[-1].split("@")[0] for line in output_of(*command).splitlines()
            if len(line.split()) > 1 and line.split()[-2] in kinds}


def test_nothing_is_called_that_musl_has_not(musl_objects):
    assert len(musl_objects) > 80
    libc = output_of("musl-gcc", "-print-file-name=libc.a").strip()
    libraries = [line.split()[2] for line in output_of("ldd", program("pantau-agent", RELEASE))
                 .splitlines() if "=> /" in line and "libc.so" not in line]
    assert any("libuv" in path for path in libraries)
    wanted = symbols(["nm", *musl_objects], "U")
    known = symbols(["nm", *musl_objects], "TtDdRrBbVW")
    known |= symbols(["nm", "--quiet", libc], "TDRBVWi")
    for path in libraries:
        known |= symbols(["nm", "-D", path], "TDRBVWi")
    assert wanted - known - {"_GLOBAL_OFFSET_TABLE_"} == set()


def test_frames_are_small_enough_for_small_stacks(musl_objects):
    linked = symbols(["nm", program("pantau-agent", RELEASE)], "Tt")
    frames = [line.split("\t") for path in musl_objects
              for line in path.with_suffix(".su").read_text().splitlines()]
    ours = [frame for frame in frames if frame[0].split(":")[-1] in linked]
    assert len(ours) > 300
    assert not [frame for frame in ours if int(frame[1]) > FRAME_BYTES_MAX]
    assert not [frame for frame in ours if frame[2] == "dynamic"]


CONF = """[collector]
address = localhost:{port}
ca = {keys}/ca.crt
certificate = {keys}/agent.crt
key = {keys}/agent.key
[agent]
state_folder = {folder}/state
spool_folder = {folder}/state/spool
runtime_folder = {folder}/run
slot_s = 10
round_s = 1
[wan]
interface = lo
internet_targets = 127.0.0.1
"""


def test_agent_measures_and_reports_on_a_small_stack(running, tmp_path):
    """`localhost` is looked up in a thread of libuv's, whose stack has the same limit."""
    keys = running.issue(running.link).folder
    conf = tmp_path / "agent.conf"
    conf.write_text(CONF.format(port=running.port, keys=keys, folder=tmp_path))
    agent = Process(["prlimit", f"--stack={STACK_BYTES}:{STACK_BYTES}",
                     program("pantau-agent", RELEASE), "run", "--config", str(conf)],
                    tmp_path / "agent.log")
    try:
        wait_for(lambda: kept_slots(running.state, running.link), "a slot", timeout_s=40)
        assert agent.stop() == 0, agent.text()
    finally:
        agent.close()


# ---- little flash

def test_agent_fits_a_small_flash(tmp_path):
    stripped = tmp_path / "pantau-agent"
    subprocess.run(["strip", "-o", stripped, program("pantau-agent", RELEASE)], check=True)
    assert stripped.stat().st_size <= BINARY_BYTES_MAX
