# SPDX-License-Identifier: Apache-2.0
"""Slots go when they have been kept long enough; what was derived of them stays, and what would
need them is refused with words."""

import time

import pytest

from support import weeks
from support.enter import enter
from support.invented import boots_of
from support.programs import RELEASE, wait_for
from support.records import ledger_rows
from support.reporter import Reporter
from support.server import Issued, Server
from support.site import text_of

AS_OF = text_of(weeks.MONTH_TO + 90 * 86400)
EVIDENCE = ("first_lost", "first_answered")  # of the rounds themselves


@pytest.fixture
def old(tmp_path):
    """A server with a week of long ago (weeks.MONTH), whose slots are all there."""
    server = Server(tmp_path / "server", build=RELEASE).init()
    server.start()
    server.case = weeks.week(3)
    server.link = enter(server, server.case, "old")
    wait_for(lambda: not ledger_rows(server.state, "SELECT 1 FROM link_rule WHERE waits_s IS NOT"
                                     " NULL UNION SELECT 1 FROM link_line WHERE figured_s < ?",
                                     int(time.time()) - 2 * 86400),
             "everything is derived", timeout_s=60)
    yield server
    server.close()


def figures(server):
    words = ("--as-of", AS_OF, "--link", server.link)
    outages = [{key: row[key] for key in row if key not in EVIDENCE}
               for row in server.rows("outages", "--month", weeks.MONTH, *words)]
    return server.pantau("sla", "--month", weeks.MONTH, *words, "--format", "csv"), outages


def slots(server):
    return ledger_rows(server.state, "SELECT coalesce(sum(slots), 0) FROM page")[0][0]


def forget(server, months=3):
    server.stop("ledger")
    server.configure({"ledger": {"keep_months": months}})
    server.start("ledger")
    wait_for(lambda: "are gone (keep_months" in server.log("ledger"), "slots are forgotten",
             timeout_s=60)


def test_nothing_goes_before_its_time(old):
    before = slots(old)
    assert before > 1000
    old.stop("ledger")
    old.start("ledger")  # keep_months = 25
    time.sleep(3)
    assert slots(old) == before
    assert ledger_rows(old.state, "SELECT * FROM forgotten") == []
    assert "are gone" not in old.log("ledger")


def test_figures_outlive_their_slots(old):
    before, count = figures(old), slots(old)
    assert "2026-03" in before[0] and before[1]
    forget(old)
    assert slots(old) == 0
    month, gone = ledger_rows(old.state, "SELECT month, slots FROM forgotten")[0]
    assert gone == count and month >= "2026-04"
    assert figures(old) == before
    assert "and before are gone" in old.pantau("status") or "and before are gone" in old.run(
        "status").stdout
    old.stop("ledger")
    old.start("ledger")
    assert figures(old) == before


def test_what_comes_too_late_changes_nothing(old):
    before = figures(old)
    forget(old)
    boot = boots_of(old.case)[-1]
    told = boot.numbered()
    with Reporter(old, issued_of(old)) as reporter:
        reporter.hello((boot.run, boot.nonce, 1, len(told)))
        reporter.report(boot.run, told[:200])
        reporter.rest()
    time.sleep(2)
    assert figures(old) == before


def issued_of(server):
    return Issued(1, server.folder / "old")


def test_a_rule_that_comes_afterwards_is_refused_with_words(tmp_path):
    server = Server(tmp_path / "server", build=RELEASE).init()
    try:
        server.start()
        server.case = weeks.week(3)
        server.case.contracts[-1].end = weeks.MONTH_TO - 86400
        server.link = enter(server, server.case, "old")
        old_row = figures(server)[0]
        wait_for(lambda: not ledger_rows(server.state, "SELECT 1 FROM link_rule WHERE waits_s IS"
                                         " NOT NULL"), "everything is derived")
        forget(server)
        server.add_contract(server.link, text_of(weeks.MONTH_TO - 86400),
                            words=("--loss-threshold", 33))
        wait_for(lambda: not ledger_rows(server.state, "SELECT 1 FROM link_rule WHERE waits_s IS"
                                         " NOT NULL"), "everything is derived")
        done = server.run("sla", "--month", weeks.MONTH, "--link", server.link)
        assert done.returncode == 1 and "slots of then are gone" in done.stderr
        assert old_row  # and from now on it is counted under the new terms:
        assert server.sla(text_of(int(time.time()))[:7], "--link", server.link)
    finally:
        server.close()


def test_for_ever_is_for_ever(old):
    before = slots(old)
    old.stop("ledger")
    old.configure({"ledger": {"keep_months": 0}})
    old.start("ledger")
    time.sleep(3)
    assert slots(old) == before
