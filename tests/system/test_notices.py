# SPDX-License-Identifier: Apache-2.0
"""What a person must see to is told once in the ledger's log, with the agent's name, and stands in
the status for as long as it lasts."""

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import wait_for
from support.reporter import Reporter

BOOT = b"N" * 16
NONCE = 5
PATIENCE_S = 40  # the ledger looks every ten seconds
BEGINS_US = 1780000000 * 1000000
OTHER, WAITING = "came again with other content", "slots wait for the time of their router"


def sound(placed=True):
    """(sequence, record): a start, ten slots, and an anchor at their end, if they have a place."""
    factory = records.SlotFactory()
    told = [records.start(BOOT, 0, NONCE)]
    told += [factory.record(BOOT, (100 + 60 * i) * 1000000, 60, 6, 6, 0) for i in range(10)]
    if placed:
        told.append(records.anchor(BOOT, 0, BEGINS_US))
    return list(enumerate(told, 1))


def tell(server, issued, told):
    with Reporter(server, issued) as reporter:
        reporter.hello((1, NONCE, 1, 1000))
        assert reporter.deliver(1, told) == {}


def conflict(server, issued):
    tell(server, issued, sound())
    other = records.SlotFactory().record(BOOT, 400000000, 60, 6, 6, 6, "upstream")
    with Reporter(server, issued) as reporter:
        reporter.hello((1, NONCE, 1, 1000))
        reporter.report(1, [(7, other)])
        reporter.rest()
    wait_in_ledger(server, issued.agent, len(sound()) + 1)


def without_anchor(server, issued):
    tell(server, issued, sound(placed=False))
    wait_in_ledger(server, issued.agent, len(sound(placed=False)))


TROUBLES = {OTHER: conflict, WAITING: without_anchor}


def lines_about(server, issued, words):
    return [line for line in server.log("ledger").splitlines()
            if f"agent-{issued.agent}: " in line and words in line]


def in_status(server):
    """The part of the status that speaks of data."""
    return next(line for line in server.run("status").stdout.splitlines() if "data" in line)


def wait_named(server, issued, words):
    wait_for(lambda: lines_about(server, issued, words),
             f"agent-{issued.agent}: {words}\n{server.log('ledger')[-2000:]}", PATIENCE_S)


@pytest.mark.parametrize("words", TROUBLES)
def test_told_once_and_not_again_after_a_restart(running, words):
    bystander, first, second = (running.issue(running.link, name) for name in "abc")
    tell(running, bystander, sound())
    TROUBLES[words](running, first)
    wait_named(running, first, words)
    assert f"agent-{first.agent}" in in_status(running)
    running.stop("ledger")
    running.start("ledger")
    TROUBLES[words](running, second)
    wait_named(running, second, words)
    assert len(lines_about(running, first, words)) == 1, "it was known at the start"
    assert f"agent-{first.agent}, agent-{second.agent}" in in_status(running)
    assert f"agent-{bystander.agent}:" not in running.log("ledger")


def test_agent_that_waits_again_is_named_again(running):
    issued, witness = running.issue(running.link, "a"), running.issue(running.link, "b")
    without_anchor(running, issued)
    wait_named(running, issued, WAITING)
    tell(running, issued, [(12, records.anchor(BOOT, 0, BEGINS_US))])
    wait_for(lambda: len(records.kept_slots(running.state, running.link)) == 10, "all are placed")
    assert f"agent-{issued.agent}" not in in_status(running)
    conflict(running, witness)  # its line tells that the ledger has looked
    wait_named(running, witness, OTHER)
    later = records.SlotFactory().record(b"M" * 16, 100000000, 60, 6, 6, 0)
    with Reporter(running, issued) as reporter:
        reporter.hello((2, NONCE + 1, 1, 1000))
        assert reporter.deliver(2, [(1, later)]) == {}
    wait_for(lambda: len(lines_about(running, issued, WAITING)) == 2, "named again", PATIENCE_S)
