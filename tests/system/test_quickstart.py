# SPDX-License-Identifier: Apache-2.0
"""./quickstart as a newcomer calls it. What it builds is there already."""

import csv
import io
import os
import signal
import subprocess
import time

import pytest

from support.programs import RELEASE, ROOT, free_port, program

QUICKSTART = str(ROOT / "quickstart")
LIMIT_S = 200  # of a run of six slots, on a busy machine


def quickstart(*words):
    return subprocess.run([QUICKSTART, *map(str, words)], capture_output=True, text=True,
                          timeout=LIMIT_S, stdin=subprocess.DEVNULL)


def sla(state):
    done = subprocess.run([program("pantau", RELEASE), "sla", "--month", time.strftime(
        "%Y-%m", time.gmtime(time.time() + 8 * 3600)), "--format", "csv", "--state",
        str(state / "server")], capture_output=True, text=True, check=True)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def processes_of(state):
    found = subprocess.run(["pgrep", "-f", str(state)], capture_output=True, text=True)
    return found.stdout.split()


def niceness_of(state, name):
    pid, = subprocess.run(["pgrep", "-x", "-f", f"{name} .*{state}.*"], capture_output=True,
                          text=True, check=True).stdout.split()
    return os.getpriority(os.PRIO_PROCESS, int(pid))


@pytest.fixture
def ports():
    return ["--port", free_port(), "--web-port", free_port()]


def test_wrong_options_are_exit_2_with_the_usage():
    done = quickstart("--nope")
    assert done.returncode == 2
    assert "unknown option --nope" in done.stderr and "--once" in done.stderr
    assert quickstart("--help").returncode == 0
    assert quickstart("--port", "99999").returncode == 1


def test_fresh_touches_no_folder_that_it_did_not_make(tmp_path, ports):
    (tmp_path / "mine").write_text("x")
    done = quickstart("--fresh", "--state", tmp_path, *ports)
    assert done.returncode == 1
    assert "not made by quickstart" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("mark, words, says", [
    ("begins", (), "was made with --demo"), ("link", ("--demo",), "was made without --demo")])
def test_one_kind_does_not_go_on_with_the_folder_of_the_other(tmp_path, ports, mark, words, says):
    (tmp_path / mark).write_text("7\n")
    (tmp_path / "server").mkdir()
    done = quickstart(*words, "--fresh", "--state", tmp_path, *ports)
    assert done.returncode == 1 and says in done.stderr
    assert (tmp_path / "server").exists()


def heed_interrupts():
    """What ignores SIGINT, as a job in the background does, hands that on; bash cannot undo it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_once_measures_six_slots_and_the_next_run_goes_on(tmp_path, ports):
    state = tmp_path / "state"
    done = quickstart("--once", "--state", state, *ports)
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(state) in done.stdout and f"http://127.0.0.1:{ports[3]}/" in done.stdout
    assert "Log in as admin with the password " in done.stdout
    assert (state / "login").stat().st_mode & 0o077 == 0
    assert (state / "token").stat().st_mode & 0o077 == 0
    assert "is up" in done.stdout  # by the page's own stream
    assert "connected to 127.0.0.1" in done.stdout
    assert done.stdout.count(" rounds answered") >= 6
    assert "acknowledged after" in done.stdout
    assert "Putusan" in done.stdout and "gangguan" in done.stdout
    assert processes_of(state) == []
    row, = sla(state)
    assert int(row["u"]) + int(row["d"]) + int(row["n"]) == int(row["s"])
    assert int(row["u"]) + int(row["d"]) >= 30

    again = subprocess.Popen([QUICKSTART, "--state", str(state), *map(str, ports)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             stdin=subprocess.DEVNULL, preexec_fn=heed_interrupts)
    try:
        for line in again.stdout:
            assert "Set up" not in line and "Installing" not in line
            if "acknowledged after" in line:
                break
        # a busy page delays no report, as under systemd/pantau-web.service
        assert niceness_of(state, "pantau-web") >= 10 + os.getpriority(os.PRIO_PROCESS, 0)
        again.send_signal(signal.SIGINT)
        out, _ = again.communicate(timeout=60)
    finally:
        again.kill()
    assert again.returncode == 0, out
    assert "Stopping." in out and "Putusan" in out
    assert processes_of(state) == []
    later, = sla(state)
    assert int(later["s"]) > int(row["s"])
    assert (later["segment_start"], later["link"]) == (row["segment_start"], row["link"])
