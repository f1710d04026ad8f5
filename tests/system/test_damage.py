# SPDX-License-Identifier: Apache-2.0
"""A damaged ledger.db: set aside and made anew of the journal and of what can still be read in it.
Nothing that was not there before appears, nothing unknown becomes down, what is issued stays."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import urllib.error
import urllib.request

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import program, wait_for
from support.reporter import Reporter

LONG = bool(os.environ.get("PANTAU_LONG"))
SEEDS = 300 if LONG else 3
BEGINS_S = 1767300000  # 2026-01-02 in WITA
RUNS, SLOTS = 6, 150  # of a run: its head and two and a half hours
PAGE = 4096


def told(run):
    """A boot: fifty minutes of it down."""
    factory, boot = records.SlotFactory(), bytes([run]) * 16
    begins_us = (BEGINS_S + run * 86400) * 1000000
    return [(1, records.start(boot, 0, 5)), (2, records.anchor(boot, 0, begins_us))] + [
        (n, factory.record(boot, 60000000 * n, 60, 6, 6, 6 if 60 <= n < 110 else 0))
        for n in range(3, SLOTS + 1)]


def deliver(server, issued):
    with Reporter(server, issued) as reporter:
        reporter.hello(*((run, 5, 1, SLOTS) for run in range(1, RUNS + 1)))
        for run in range(1, RUNS + 1):
            reporter.deliver(run, told(run))


@pytest.fixture
def filled(running):
    """A link with six boots on six days, all in the ledger; nothing runs."""
    running.issued = running.issue(running.link)
    deliver(running, running.issued)
    wait_in_ledger(running, running.issued.agent, RUNS * SLOTS)
    running.month = running.sla("2026-01", "--as-of", "2026-02-01")[0]
    assert int(running.month["d"]) == RUNS * 3000
    running.keys = records.kept_keys(running.state, running.issued.agent)
    running.stop("ingest", "ledger")
    return running


def forget_journal(server):
    """As it is two days later: what the ledger had read is gone."""
    shutil.rmtree(server.state / "journal")
    (server.state / "journal/ingest.marks").unlink(missing_ok=True)


def mending(server):
    return server.status_of("ledger").get("mending") or {}


def wait_mended(server):
    wait_for(lambda: mending(server).get("done"), f"made anew\n{server.log('ledger')[-2000:]}", 60)


def part(server, name):
    rows = json.loads(server.run("status", "--json").stdout)
    return next(row for row in rows if row["part"] == name)


def asides(server):
    return sorted(path.name for path in server.state.glob("ledger.db.damaged-*")
                  if path.suffix not in (".db-wal", ".db-shm") and not
                  path.name.endswith(("-wal", "-shm")))


def overwrite(path, draw):
    size = path.stat().st_size
    with open(path, "r+b") as file:
        for _ in range(size // PAGE // 3):
            file.seek(draw.randrange(size // PAGE) * PAGE)
            file.write(draw.randbytes(PAGE) if draw.random() < 0.7 else bytes(PAGE))


def destroy_head(path, _draw):
    with open(path, "r+b") as file:
        file.write(b"no database at all" * 300)


def empty(path, _draw):
    path.write_bytes(b"")


def remove(path, _draw):
    path.unlink()


@pytest.mark.parametrize("damage", [destroy_head, empty, remove, overwrite])
def test_what_the_journal_holds_is_all_there_again(filled, damage):
    damage(filled.state / "ledger.db", random.Random(1))
    if damage is overwrite:
        (filled.state / "ledger.damage").write_text("20260131T160000Z pages were overwritten\n")
    filled.start()
    wait_mended(filled)
    wait_in_ledger(filled, filled.issued.agent, RUNS * SLOTS)
    assert records.kept_keys(filled.state, filled.issued.agent) == filled.keys
    after = filled.sla("2026-01", "--as-of", "2026-02-01")[0]
    assert [after[k] for k in "udne"] == [filled.month[k] for k in "udne"]
    assert "made anew" in filled.log("ledger")
    assert bool(asides(filled)) == (damage is not remove)
    if damage is overwrite:
        assert part(filled, "repair")["state"] == "warn"  # the damaged file still lies there


def check_rest(server, before):
    """No second is there that was not, and what is missing is named."""
    after = server.sla("2026-01", "--as-of", "2026-02-01")[0]
    keys = records.kept_keys(server.state, server.issued.agent)
    assert set(keys) <= set(server.keys)
    assert int(after["u"]) <= int(before["u"])
    assert int(after["d"]) <= int(before["d"])
    assert sum(int(after[k]) for k in "udne") == int(before["s"])
    # nobody can tell a power cut from a hole that the ledger itself made
    assert int(after["n_power"]) <= int(before["n_power"])
    assert int(after["n_agent"]) <= int(before["n_agent"])
    missing = len(server.keys) - len(keys)
    said = mending(server)
    assert (said["lost_runs"] > 0) == (missing > 0) or said["lost_records"] is None
    if missing:
        assert said["lost_records"] is None or said["lost_records"] >= missing
        repair = part(server, "repair")
        assert repair["state"] == "warn" and "missing" in repair["words"]
        assert "import" in repair["advice"]
    return missing


def test_what_can_be_read_is_kept_and_the_rest_is_named(filled, tmp_path):
    """Without a journal to help, pages overwritten at random."""
    forget_journal(filled)
    sound = tmp_path / "sound.db"
    shutil.copy(filled.state / "ledger.db", sound)
    lost = 0
    for seed in range(1, SEEDS + 1):
        for path in filled.state.glob("ledger.d*"):
            path.unlink()
        shutil.copy(sound, filled.state / "ledger.db")
        overwrite(filled.state / "ledger.db", random.Random(seed))
        (filled.state / "ledger.damage").write_text("20260131T160000Z pages were overwritten\n")
        filled.start("ledger")
        wait_mended(filled)
        lost += check_rest(filled, filled.month)
        filled.stop("ledger")
    assert lost, "the damage must have cost something"


def test_killed_while_it_is_made_anew(filled):
    """Ten times, at ten moments."""
    forget_journal(filled)
    (filled.state / "ledger.damage").write_text("20260131T160000Z a test says so\n")
    draw = random.Random(7)
    for turn in range(20 if LONG else 8):
        popen = subprocess.Popen(
            [program("pantau-collector", filled.build), "ledger", "--state", str(filled.state),
             "--config", str(filled.config)], stderr=subprocess.DEVNULL)
        try:
            popen.wait(timeout=0.01 + draw.random() * 0.02 * (turn + 1))
        except subprocess.TimeoutExpired:
            popen.kill()
            popen.wait()
    filled.start("ledger")
    wait_mended(filled)
    assert records.kept_keys(filled.state, filled.issued.agent) == filled.keys
    assert filled.sla("2026-01", "--as-of", "2026-02-01")[0] == filled.month
    assert mending(filled)["lost_runs"] == 0
    assert len(asides(filled)) == 1


def test_a_router_brings_back_what_it_still_holds(filled):
    """The journal is gone and so are pages: WELCOME claims nothing, and the agent sends again."""
    forget_journal(filled)
    destroy_head(filled.state / "ledger.db", None)
    filled.start()
    wait_mended(filled)
    assert mending(filled)["lost_records"] is None
    assert int(filled.sla("2026-01", "--as-of", "2026-02-01")[0]["u"]) == 0
    deliver(filled, filled.issued)
    wait_in_ledger(filled, filled.issued.agent, RUNS * SLOTS)
    after = filled.sla("2026-01", "--as-of", "2026-02-01")[0]
    assert (after["u"], after["d"]) == (filled.month["u"], filled.month["d"])


def test_damage_that_shows_while_it_runs(filled):
    """The process ends in order and the next one mends it."""
    filled.start()
    with open(filled.state / "ledger.db", "r+b") as file:
        size = (filled.state / "ledger.db").stat().st_size
        for page in range(size // PAGE):
            file.seek(page * PAGE + (100 if page == 0 else 0))
            file.write(bytes(PAGE - 100))
    other = filled.issue(filled.link, "other", "2026-02-01")
    with Reporter(filled, other) as reporter:
        reporter.hello((1, 6, 1, 3))
        reporter.deliver(1, told(9)[:3])
    ledger = filled.parts["ledger"]
    wait_for(lambda: not ledger.alive(), "the ledger ends", 60)
    filled.parts.pop("ledger").close()
    filled.start("ledger")
    wait_mended(filled)
    wait_in_ledger(filled, filled.issued.agent, RUNS * SLOTS)
    assert filled.sla("2026-01", "--as-of", "2026-02-01")[0]["d"] == filled.month["d"]


def zero_the_first_page(server):
    with open(server.state / "ledger.db", "r+b") as file:
        file.write(bytes(PAGE))


def delete_the_log(server):
    (server.state / "ledger.db-wal").unlink()


def overwrite_pages(server, name):
    """All but the first one, of a file that processes have open; those know it by heart."""
    size = (server.state / name).stat().st_size
    with open(server.state / name, "r+b") as file:
        for page in range(1, size // PAGE):
            file.seek(page * PAGE)
            file.write(b"\xa5" * PAGE)


def overwrite_what_a_reader_reads(server):
    """The writer has no need to look there."""
    server.stop("ledger")  # all of it is in the file
    server.start("ledger")
    overwrite_pages(server, "ledger.db")
    refused = server.run("sla", "--month", "2026-01")
    assert refused.returncode == 1 and "ledger.db is damaged" in refused.stderr, refused.stderr


@pytest.mark.parametrize("damage", [zero_the_first_page, delete_the_log,
                                    overwrite_what_a_reader_reads])
def test_damage_under_a_running_ledger_is_noticed_and_healed(filled, damage):
    """Although nothing comes that would make it read there."""
    filled.start()
    wait_for(lambda: (filled.state / "ledger.db-wal").exists(), "the log", 20)
    damage(filled)
    ledger = filled.parts["ledger"]
    wait_for(lambda: not ledger.alive(), "the ledger ends", 30)
    filled.parts.pop("ledger").close()
    filled.start("ledger")
    wait_mended(filled)
    wait_in_ledger(filled, filled.issued.agent, RUNS * SLOTS)
    assert filled.sla("2026-01", "--as-of", "2026-02-01")[0]["d"] == filled.month["d"]


def answer(server, path):
    """Status, headers and body, whatever they are."""
    request = urllib.request.Request(f"http://127.0.0.1:{server.web_port}{path}")
    request.add_header("Authorization", f"Bearer {server.token()}")
    try:
        with urllib.request.urlopen(request, timeout=10) as r:
            return r.status, r.headers, r.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.headers, e.read().decode()


MONTH = "/api/v1/sla?month=2026-01"


def test_the_web_finds_damage_says_so_and_lives(filled):
    """It is the only reader: the ledger learns of it, makes the file anew, and the web goes on."""
    filled.start("ingest", "ledger", "web")
    before = answer(filled, MONTH)
    assert before[0] == 200
    filled.stop("ledger")  # all of it is in the file
    filled.start("ledger")
    overwrite_pages(filled, "ledger.db")
    status, headers, words = answer(filled, MONTH)
    assert status == 503 and int(headers["Retry-After"]) > 0 and "is damaged" in words, words
    assert "ledger.db is damaged" in filled.log("web")
    ledger = filled.parts["ledger"]
    wait_for(lambda: not ledger.alive(), "the ledger ends", 30)
    filled.parts.pop("ledger").close()
    filled.start("ledger")
    wait_mended(filled)
    wait_in_ledger(filled, filled.issued.agent, RUNS * SLOTS)
    wait_for(lambda: answer(filled, MONTH)[0] == 200, "the web answers again", 20)
    assert filled.parts["web"].alive()
    assert filled.sla("2026-01", "--as-of", "2026-02-01")[0]["d"] == filled.month["d"]


def test_a_closed_month_is_never_issued_twice(filled):
    """Its document is lost with the ledger: that is said, and nothing takes its place."""
    filled.start()
    filled.pantau("close", "--month", "2026-01", "--by", "Pejabat Satu")
    assert "final" in filled.pantau("close", "--list")
    filled.stop("ingest", "ledger")
    for path in filled.state.glob("ledger.db*"):
        path.unlink()
    filled.start()
    wait_mended(filled)
    wait_in_ledger(filled, filled.issued.agent, RUNS * SLOTS)
    wait_for(lambda: "nothing is issued in its place" in filled.log("ledger"), "it is refused")
    assert "final" not in filled.pantau("close", "--list")
    repair = part(filled, "repair")
    assert repair["state"] == "fail" and "2026-01" in repair["words"]
    done = filled.run("close", "--month", "2026-01", "--by", "Pejabat Dua")
    assert done.returncode == 1 and "nothing is issued in its place" in done.stdout + done.stderr
    assert filled.sla("2026-01", "--as-of", "2026-02-01")[0]["revision"] == "sementara"


def damaged_registry(server):
    """A copy of the registry lies in backup/; then the registry is destroyed."""
    folder = server.state / "backup"
    folder.mkdir()
    with sqlite3.connect(server.state / "registry.db") as db, \
            sqlite3.connect(folder / "registry-20260131T160000Z.db") as copy:
        db.backup(copy)
    for path in server.state.glob("registry.db-*"):
        path.unlink()
    destroy_head(server.state / "registry.db", None)


def test_a_damaged_registry_is_named_and_a_copy_put_back(filled):
    """Ingest goes on by the roster; nobody begins with an empty registry."""
    damaged_registry(filled)
    filled.start("ingest")
    with Reporter(filled, filled.issued) as reporter:
        assert reporter.hello((RUNS, 5, 1, SLOTS)).durable[0].up_to == SLOTS
    done = subprocess.run(
        [program("pantau-collector", filled.build), "ledger", "--state", str(filled.state),
         "--config", str(filled.config)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "pantau restore" in done.stderr
    registry = part(filled, "registry")
    assert registry["state"] == "fail" and "pantau restore" in registry["advice"]
    for words in (("init",), ("link", "list")):
        refused = filled.run(*words)
        assert refused.returncode == 1 and "pantau restore" in refused.stderr, refused.stderr
    copy, = json.loads(filled.run("restore", "--json").stdout)
    assert copy["state"] == "ok"
    assert "Start pantau-ledger" in filled.pantau("restore", copy["name"])
    filled.start("ledger")
    wait_in_ledger(filled, filled.issued.agent, RUNS * SLOTS)
    assert filled.sla("2026-01", "--as-of", "2026-02-01")[0] == filled.month
    assert filled.add_link() > filled.link + 900
    refused = filled.run("restore", copy["name"])
    assert refused.returncode == 1 and "runs" in refused.stderr


def test_an_empty_registry_takes_nobodys_place(server):
    (server.state / "registry.db").unlink()
    refused = server.run("init")
    assert refused.returncode == 1 and "there was one" in refused.stderr
    assert not (server.state / "registry.db").exists()
