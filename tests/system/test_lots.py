# SPDX-License-Identifier: Apache-2.0
"""A backlog that the ledger takes in lots, some of the agents at a time, is the same as one that it
takes record by record; and so it is when the ledger is killed between the parts of a lot."""

import json
import shutil
import sqlite3
import subprocess

import pytest

from support.programs import SANITIZED, wait_for
from support.server import Server, ask

LINKS, MONTH = 48, "2026-04"
QUESTIONS = (("sla", "--month", MONTH, "--as-of", "2026-05-10", "--format", "csv"),
             ("outages", "--month", MONTH, "--as-of", "2026-05-10", "--format", "csv"))
DEATHS = 5


@pytest.fixture(name="invented", scope="module")
def fixture_invented(tmp_path_factory):
    """A day of 48 agents that nobody has read: (state folder, its figures)."""
    state = tmp_path_factory.mktemp("invented") / "state"
    state.mkdir()
    done = subprocess.run([SANITIZED / "tests/bench/invent-month", "--state", state, "--links",
                           str(LINKS), "--month", MONTH, "--days", "1"],
                          stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return state, json.loads(done.stderr)


def lot_of(state):
    """(part, parts) of the lot under way; None: the ledger never had one."""
    with sqlite3.connect(f"file:{state / 'ledger.db'}?mode=ro", uri=True) as db:
        return db.execute("SELECT a, b FROM position WHERE name = 'lot_part'").fetchone()


def read_all(folder, invented, batch_mib, deaths=0):
    """What the ledger counts and answers, and the lot it ended with."""
    state, figures = invented
    folder.mkdir()
    shutil.copytree(state, folder / "state")
    server = Server(folder, settings={"ledger": {"batch_mib": batch_mib}})
    server.start("ledger")
    try:
        for _ in range(deaths):
            wait_for(lambda: (lot_of(server.state) or (0,))[0] > 0, "a lot is under way", 60)
            server.kill("ledger")
            assert lot_of(server.state)[0] > 0
            server.start("ledger")
        wait_for(lambda: ask(server.state, "ledger.sock")["cursor"] == figures["end"], "all read",
                 120)
        lot = lot_of(server.state)
        answers = [server.pantau(*words) for words in QUESTIONS]
    finally:
        server.stop()
    with sqlite3.connect(server.state / "ledger.db") as db:
        counts = dict(db.execute("SELECT name, value FROM counter"))
    return {"slots": counts["slots"], "duplicates": counts["duplicates"], "answers": answers}, lot


def test_a_backlog_in_lots_is_the_same_as_record_by_record(tmp_path, invented):
    plain, lot = read_all(tmp_path / "plain", invented, 1)
    assert lot is None, "so small a batch knows no lots"
    assert plain["slots"] + plain["duplicates"] >= invented[1]["slots"]
    assert plain["answers"][0].count("\n") > LINKS
    assert plain["answers"][1].count("\n") > 1
    killed, lot = read_all(tmp_path / "killed", invented, 64, DEATHS)
    assert lot == (0, 0), "the last lot has ended"
    assert killed == plain
