# SPDX-License-Identifier: Apache-2.0
"""The worked months, told by an agent to a real collector and asked of the real command line.

Maintenance and revoked entries are left to the unit tests, which feed them to the same code: what
was entered at an hour of the past cannot be entered now (the log of changes has its own clock).
"""

import pytest

from support import vectors
from support.enter import as_printed, enter, only
from support.programs import RELEASE
from support.server import Server
from support.site import text_of
from system.independent_sla import FOREVER, month_of, rows_of

NAMES = [name for name in vectors.names()
         if not any(item["reason"] == "maintenance" or item.get("revoked")
                    for item in vectors.load(name)[0].get("exclusions", ()))]


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("vectors") / "server", build=RELEASE).init()
    yield server.start()
    server.close()


def test_there_are_enough_of_them():
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", vectors.names())
def test_independent_count_agrees_with_the_file(name):
    written, expect = vectors.load(name)
    rows = rows_of(vectors.case_of(written))
    assert len(rows) == len(expect)
    for row, want in zip(rows, expect):
        for key in set(want) - {"contract"}:
            assert str(row[key]) == str("" if want[key] is None else want[key]), key


@pytest.mark.parametrize("name", NAMES)
def test_month(collector, name):
    written, expect = vectors.load(name)
    case = vectors.case_of(written)
    link = enter(collector, case, name.removesuffix(".json"))
    as_of = case.as_of if case.as_of != FOREVER else month_of(case)[1]
    rows = collector.sla(case.period, "--link", link, "--as-of", text_of(as_of))
    wanted = [as_printed(row) for row in rows_of(case)]
    assert only(wanted, rows) == wanted
    assert len(rows) == len(expect)
