# SPDX-License-Identifier: Apache-2.0
"""Invented months of a whole desa told to a real collector, and every figure that the command line
prints of them against the count made from the rules alone: links, the desa, provider and kabupaten.
Every other world is told in disorder, and half of it twice."""

import pytest

from support.enter import COMPARED
from support.programs import LONG, RELEASE
from support.server import Server
from support.site import text_of
from support.tell_world import tell
from support.worlds import world_of
from system.independent_desa import desa_row, group_row
from system.independent_sla import FOREVER, rows_of

SEEDS = range(1, 101 if LONG else 5)


def expected(case):
    """The rows of a link as the command line prints them, causes without seconds left out."""
    for row in rows_of(case):
        printed = {key: str(row[key]) for key in COMPARED}
        yield {**printed, "segment_start": text_of(row["segment_start"]),
               "segment_end": text_of(row["segment_end"]),
               **{cause: str(seconds) for cause, seconds in row["causes"].items()}}


def causes_of(row):
    return {key: row[key] for key in row if key[:2] in ("n_", "d_") and row[key] != "0"}


def check_links(world, ask):
    for case in world.cases:
        rows, wanted = ask("--link", case.link), list(expected(case))
        assert [{key: row[key] for key in own} | causes_of(row)
                for row, own in zip(rows, wanted)] == wanted
        assert len(rows) == len(wanted)


def check_desa(world, ask):
    wanted = desa_row(world.cases)
    rows = ask("--by", "desa")
    assert len(rows) == (1 if wanted else 0)
    assert [{key: int(row[key]) for key in wanted} for row in rows] == [wanted] * len(rows)


def check_groups(world, ask):
    for by, key in (("provider", "provider"), ("kabupaten", "desa")):
        groups = {}
        for case in world.cases:
            if rows_of(case):
                groups.setdefault(getattr(case, key), []).append(case)
        found = [{name: int(row[name] or 0) for name in group_row([])} for row in ask("--by", by)]
        assert found == [group_row(groups[name]) for name in sorted(groups)]


@pytest.mark.parametrize("seed", SEEDS)
def test_world(tmp_path, seed):
    world = world_of(seed, told=True)
    as_of = world.as_of if world.as_of != FOREVER else world.month()[1]
    server = Server(tmp_path / "server", build=RELEASE).init()

    def ask(*words):
        return server.sla(world.period, "--as-of", text_of(as_of), *words)
    try:
        tell(server.start(), world)
        check_links(world, ask)
        check_desa(world, ask)
        check_groups(world, ask)
    finally:
        server.close()
