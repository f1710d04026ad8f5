# SPDX-License-Identifier: Apache-2.0
"""Invented weeks, told by an agent, against the count made from the rules alone; and the same
figures, to the byte, whatever the order of arrival."""

import random

import pytest

from support.enter import as_printed, enter, only
from support.programs import LONG, RELEASE
from support.reporter import Reporter, packed
from support.server import Server
from support.site import text_of
from support.weeks import MONTH, MONTH_TO, week
from system.independent_sla import rows_of

SEEDS = range(300 if LONG else 16)


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("invented") / "server", build=RELEASE).init()
    yield server.start()
    server.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_week(collector, seed):
    case = week(seed)
    link = enter(collector, case, f"week-{seed}")
    rows = collector.sla(MONTH, "--link", link, "--as-of", text_of(case.as_of))
    wanted = [as_printed(row) for row in rows_of(case)]
    assert only(wanted, rows) == wanted
    assert len(rows) == len(wanted)
    for row in rows:
        for total, prefix in (("d", "d_"), ("n", "n_")):
            parts = [int(row[key]) for key in row if key.startswith(prefix)]
            assert sum(parts) == int(row[total])


def in_disorder(seed):
    """Tells it in shuffled frames, many of them twice, over several connections."""
    def tell(server, issued, boots):
        draw = random.Random(seed)
        held = [(boot.run, boot.nonce, 1, len(boot.records)) for boot in boots]
        frames = []
        for boot in boots:
            numbered = boot.numbered()
            draw.shuffle(numbered)
            parts = list(packed(numbered))
            frames += [(boot, part) for part in parts + draw.sample(parts, len(parts) // 2)]
        draw.shuffle(frames)
        for begin in range(0, len(frames), 20):
            with Reporter(server, issued) as reporter:
                reporter.hello(*held)
                for boot, part in frames[begin:begin + 20]:
                    reporter.report(boot.run, part)
                reporter.rest()
                if begin + 20 < len(frames):
                    continue
                for boot in boots:
                    reporter.await_ack(boot.run, len(boot.records))
    return tell


def printed(folder, case, **how):
    server = Server(folder, build=RELEASE).init()
    try:
        server.start()
        link = enter(server, case, "agent", **how)
        words = ["--link", link, "--as-of", text_of(MONTH_TO), "--format", "csv"]
        return (server.pantau("sla", "--month", MONTH, *words),
                server.pantau("outages", "--month", MONTH, *words))
    finally:
        server.close()


@pytest.mark.parametrize("seed", range(20 if LONG else 2))
def test_order_of_arrival_changes_no_byte(tmp_path, seed):
    case = week(1000 + seed, days=3)
    in_order = printed(tmp_path / "in-order", case)
    assert printed(tmp_path / "in-disorder", case, told=in_disorder(seed)) == in_order
    assert in_order[0].count("\n") > 1
