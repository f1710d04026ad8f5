# SPDX-License-Identifier: Apache-2.0
"""The benchmark's invented province is one: small here, by the real programs, and counted."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.programs import SANITIZED, wait_for
from support.server import ask

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

import ledger  # noqa: E402
import stores  # noqa: E402

LINKS, DAYS = 3, 2
WORDS = ("--days", DAYS, "--duplicate-ppm", 20000)


def points(words):
    done = subprocess.run([ledger.generator(SANITIZED), "--points", *map(str, words)],
                          capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture(name="province")
def fixture_province(tmp_path):
    province = ledger.Province(tmp_path / "province", LINKS, *WORDS, build=SANITIZED)
    yield province
    province.close()


def test_the_ledger_takes_what_was_invented(province):
    province.start()
    wait_for(lambda: not province.behind(province.facts["end"]), "the ledger has it", 120)
    status = ask(province.state, "ledger.sock")
    assert status["slots"] == province.facts["slots"]
    assert status["duplicates"] == province.facts["duplicates"] > 0
    assert (status["conflicts"], status["rejected"], status["unplaced"]) == (0, 0, 0)
    rows = province.server.sla(ledger.MONTH, "--as-of", "2026-04-03")
    assert [int(row["link"]) for row in rows] == [1, 2, 3]
    for row in rows:
        s, e, u, d, n = (int(row[key]) for key in "seudn")
        assert u + d + n + e == s == DAYS * 86400
        assert u > s / 2
        assert 5000 < int(row["rtt_median_us"]) < 700000


def test_points_and_slots_are_the_same(province):
    lines = points(province.words)
    assert len(lines) == province.facts["slots"]
    assert lines == points(province.words)
    assert lines != points((*province.words, "--seed", 2))


def test_a_week_can_be_held_back(tmp_path):
    whole, held = (ledger.Province(tmp_path / name, 2, "--days", 18, *words, build=SANITIZED)
                   for name, words in (("whole", ()), ("held", ("--hold", 2))))
    week = ledger.invent(SANITIZED, "--state", held.state, "--days", 18, "--links", 2, "--held", 2)
    assert 0 < week["slots"] == whole.facts["slots"] - held.facts["slots"]


def test_a_missing_store_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(stores.Influx, "program", "no-such-program")
    stores.compare(stores.Influx, tmp_path, None)
    assert "apt-get install influxdb" in capsys.readouterr().out
