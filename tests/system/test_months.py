# SPDX-License-Identifier: Apache-2.0
"""Simulated months at full speed: what the ledger says, second by second, against what was true.

Each month is the agent's real schedule and slots on an invented network, and the collector's real
placement and states. The program fails at the first false D, missed D, false N, or cause that was
not at work; docs/CAUSES.md says what it counts. By hand: months --seed N --verbose.
"""

import re
import subprocess

import pytest

from support.programs import LONG, RELEASE

MONTHS = 20000 if LONG else 500
PARTS = 8 if LONG else 2  # side by side
CAUSE_SEEDS = 1000
LIMIT_S = 3600 if LONG else 600
RIGHT_PERCENT = 99
CAUSES = ("local", "cpe", "access", "provider", "upstream",
          "power", "restart", "agent", "dropped", "clock")
INNOCENT = CAUSES[5:] + ("collector away", "one target dead", "DNS failing", "NAT forgets",
                         "clock set wrongly", "agent upgraded", "short reboot", "packets lost",
                         "router too busy", "silent")


def months(*arguments):
    program = RELEASE / "tests/sim/month/months"
    assert program.exists(), f"{program} is not built: meson compile -C {RELEASE} months"
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                          timeout=LIMIT_S)


def number(text, what):
    return int(re.search(rf"{what} (\d+)", text)[1])


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_said_of_a_month_is_true(part):
    seeds = MONTHS // PARTS
    done = months("--from", 1 + part * seeds, "--seeds", seeds)
    assert done.returncode == 0, done.stdout + done.stderr[:6000]
    assert f"{seeds} months" in done.stdout
    for wrong in ("false D", "missed D", "false N", "unexplained", "D of another cause",
                  "N of another cause"):
        assert number(done.stdout, wrong) == 0, done.stdout
    assert number(done.stdout, "D without doubt") > seeds * 3600  # there was something to miss


def table(lines):
    """{truth: {said: runs}} of a Markdown table, until it ends."""
    names, rows = None, {}
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|\n ").split("|")]
        if not line.startswith("|"):
            break
        if names is None:
            names = cells
        elif not cells[0].startswith("---"):
            rows[cells[0]] = {name: int(cell or 0) for name, cell in zip(names[1:-1], cells[1:-1])}
    return rows


def test_causes_are_called_by_their_names():
    done = months("--causes", CAUSE_SEEDS)
    assert done.returncode == 0, done.stdout + done.stderr[:3000]
    rows = table(done.stdout.splitlines())
    for cause in CAUSES:
        right = sum(runs for said, runs in rows[cause].items() if said.split()[-1] == cause)
        assert right >= CAUSE_SEEDS * RIGHT_PERCENT / 100, (cause, rows[cause])
    for row in INNOCENT:
        blamed = sum(runs for said, runs in rows[row].items() if said.startswith("D "))
        assert blamed == 0, (row, rows[row])


def test_a_month_is_the_same_each_time():
    once, again = months("--seed", 15, "--verbose"), months("--seed", 15, "--verbose")
    assert once.returncode == 0 and once.stdout == again.stdout
    assert "a reboot in order" in once.stdout
