# SPDX-License-Identifier: Apache-2.0
"""The reference agent as a person runs it: a worked month into a real collector, twice, the second
time in another order; and its own reckoning of what is there already."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support import vectors
from support.enter import as_printed, enter, only, wait_in_ledger
from support.invented import boots_of
from support.site import text_of
from system.independent_sla import month_of, rows_of
from system.pantau_agent import Agent

PROGRAM = Path(__file__).with_name("pantau_agent.py")
MONTH = "34-silent-is-not-power.json"


def run_program(server, folder, *words):
    return subprocess.run([sys.executable, PROGRAM, f"{server.address}:{server.port}", folder,
                           vectors.FOLDER / MONTH, *words],
                          capture_output=True, text=True, timeout=300)


def test_worked_month_by_hand(running):
    case = vectors.case_of(vectors.load(MONTH)[0])
    records = sum(len(boot.records) for boot in boots_of(case))
    issued = []

    def by_hand(server, agent, boots):
        issued.append(agent)
        for words in (["--shuffle", "7", "--double"], []):
            done = run_program(server, agent.folder, *words)
            assert done.stdout == f"{records} records of {len(boots)} runs are safe\n", done.stderr
    link = enter(running, case, "agent", told=by_hand)
    wait_in_ledger(running, issued[0].agent, records)
    rows = running.sla(case.period, "--link", link, "--as-of", text_of(month_of(case)[1]))
    wanted = [as_printed(row) for row in rows_of(case)]
    assert only(wanted, rows) == wanted


def test_second_session_sends_nothing_again(running):
    issued = running.issue(running.link)
    boots = boots_of(vectors.case_of(vectors.load(MONTH)[0]))[:1]
    agent = Agent(running.address, running.port, issued.folder)
    assert agent.deliver(boots) == {}
    assert agent.connect().hello(boots) == {boots[0].run: len(boots[0].records)}
    agent.close()


def test_collector_that_is_away_is_told_in_words(server):
    issued = server.issue(server.add_link(), known=False)
    done = run_program(server, issued.folder)
    assert done.returncode == 1
    assert "Connection refused" in done.stderr


@pytest.mark.parametrize("text", ["{}", json.dumps({"slots": [[0, 60, 1]]})])
def test_file_that_is_no_case_is_refused(tmp_path, text):
    path = tmp_path / "case.json"
    path.write_text(text)
    done = subprocess.run([sys.executable, PROGRAM, "127.0.0.1:1", tmp_path, path],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert f"{path} holds no case" in done.stderr
