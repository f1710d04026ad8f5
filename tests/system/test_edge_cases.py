# SPDX-License-Identifier: Apache-2.0
"""The edge cases that every test suite must hold (sla.md section 6), each by its number, through a
real collector and the real command line; expected figures are worked by hand. Maintenance counts
from when it was entered, which cannot be in the past here: those are counted by the pure code."""

import json
import subprocess

import pytest

from support import records
from support.enter import enter, wait_in_ledger
from support.invented import boots_of
from support.lines import case, line
from support.programs import RELEASE, SANITIZED
from support.records import pb
from support.reporter import Reporter
from support.server import Server
from support.site import text_of
from support.worlds import World, world_json
from system.independent_line import Agent, Boot
from system.independent_sla import Contract, Exclusion, FOREVER, Terms

MARCH, BEGIN, END = "2026-03", 1772294400, 1774972800  # of the month in WITA
APRIL, APRIL_END = "2026-04", 1777564800
MINUTE, HOUR, DAY = 60, 3600, 86400
TERMS = Terms(target_ppm=995000, fee=1200000, formula="excess")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("edges") / "server", build=RELEASE).init()
    yield server.start()
    server.close()


@pytest.fixture
def name(request):
    """Of the agent: the test's own."""
    return request.node.name.replace("_", "-")[:60]


def rows(server, link, month=MARCH, end=END):
    return server.sla(month, "--link", link, "--as-of", text_of(end))


def outages(server, link, month=MARCH, end=END):
    return server.rows("outages", "--month", month, "--link", link, "--as-of", text_of(end))


def figures(row, *keys):
    return [int(row[key]) for key in keys]


# ---- 1. an outage over an edge

def test_1_outage_over_midnight(server, name):
    midnight = BEGIN + 5 * DAY
    link = enter(server, case("g60 b6 g60", midnight - 63 * MINUTE, MARCH), name)
    row, = rows(server, link)
    assert figures(row, "d", "outages", "longest_s") == [360, 1, 360]
    one, = outages(server, link)
    assert (one["start"], one["end"]) == (text_of(midnight - 180), text_of(midnight + 180))


def test_1_outage_over_the_end_of_a_month(server, name):
    link = enter(server, case("g60 b6 g60", END - 62 * MINUTE, MARCH), name)
    march, = rows(server, link)
    april, = rows(server, link, APRIL, APRIL_END)
    assert figures(march, "d", "outages", "longest_s") == [120, 1, 120]
    assert figures(april, "d", "outages", "longest_s") == [240, 1, 240]
    one, = outages(server, link)
    other, = outages(server, link, APRIL, APRIL_END)
    assert (one["start"], one["end"]) == (other["start"], other["end"])


def test_1_outage_over_a_change_of_contract(server, name):
    change = BEGIN + 10 * DAY
    contracts = [Contract(BEGIN - DAY, change, TERMS), Contract(change, FOREVER, TERMS)]
    told = case("g60 b10 g60", change - 64 * MINUTE, MARCH, contracts)
    link = enter(server, told, name)
    first, second = rows(server, link)
    assert (figures(first, "d"), figures(second, "d")) == ([240], [360])
    assert len(outages(server, link)) == 1


@pytest.mark.parametrize("more, down, high_loss", [("b1", 240, 0), ("g1", 0, 1)])
def test_1_last_minutes_decided_by_the_next_month(server, name, more, down, high_loss):
    told = case(f"g60 b4 {more} g60", END - 64 * MINUTE, MARCH)
    link = enter(server, told, f"edge-1-{more}")
    row, = rows(server, link)
    assert figures(row, "d", "high_loss_intervals") == [down, high_loss]


# ---- 2. exclusions

def test_2_overlapping_exclusions_are_a_union(server, name):
    items = [Exclusion("force-majeure", BEGIN, BEGIN + HOUR, 0),
             Exclusion("customer", BEGIN + HOUR // 2, BEGIN + 2 * HOUR, 0)]
    link = enter(server, case("g180", BEGIN, MARCH, exclusions=items), name)
    row, = rows(server, link)
    assert figures(row, "e", "u") == [2 * HOUR, HOUR]


def test_2_an_exclusion_of_the_whole_month(server, name):
    items = [Exclusion("force-majeure", BEGIN - 1, END + 1, 0)]
    link = enter(server, case("g60 b60", BEGIN, MARCH, exclusions=items), name)
    row, = rows(server, link)
    assert row["verdict"] == "TIDAK DINILAI"
    assert (row["a_low"], row["restitution_low"], row["restitution_high"]) == ("", "", "")
    assert figures(row, "s", "e") == [END - BEGIN, END - BEGIN]


@pytest.mark.parametrize("entered, begin, end, excluded", [
    (-2 * DAY, 0, 2, 2 * HOUR),  # announced in time
    (-DAY + HOUR, 0, 2, HOUR),  # too late: the first hour is the provider's
    (2 * HOUR, 0, 2, 0),  # entered at its end
    (-2 * DAY, 0, 1, HOUR),  # it overran: what came after was not announced
])
def test_2_maintenance_counts_from_its_notice(entered, begin, end, excluded):
    item = Exclusion("maintenance", BEGIN + begin * HOUR, BEGIN + end * HOUR, BEGIN + entered)
    agents = {1: Agent(1, BEGIN, [Boot(1, 1, BEGIN, BEGIN)])}
    told = case("b120 g60", BEGIN, MARCH, exclusions=[item], agents=agents)
    world = World(0, MARCH, 28800, FOREVER, [told])
    done = subprocess.run([SANITIZED / "tests/unit/ledger/count_worlds"], text=True, check=True,
                          input=json.dumps(world_json(world)) + "\n", capture_output=True)
    row, = json.loads(done.stdout)["links"][0]
    assert (row["e"], row["d"]) == (excluded, 2 * HOUR - excluded)


# ---- 3. nothing

def test_3_nothing_ever_received(server, name):
    link = enter(server, case("", BEGIN, MARCH), name)
    row, = rows(server, link)
    assert (row["verdict"], row["coverage"]) == ("DATA TIDAK CUKUP", "0.000000")
    assert figures(row, "n", "n_silent") == [END - BEGIN, END - BEGIN]


# ---- 4. the same reports in any order

def later(frames):
    return list(reversed(frames))


ORDERS = {"in-order": lambda frames: frames, "twice": lambda frames: frames + frames,
          "reversed": later, "a-week-late": lambda frames: frames[7:] + frames[:7]}


def tell_by_day(order):
    """A frame a day of the router's own days; each order is another."""
    def tell(server, issued, boots):
        boot, = boots
        days = [boot.numbered()[number:number + 96] for number in range(0, len(boot.records), 96)]
        for day in ORDERS[order](days):
            with Reporter(server, issued) as reporter:
                reporter.hello((boot.run, boot.nonce, 1, len(boot.records)))
                reporter.report(boot.run, day)
                assert reporter.rest() == {}
    return tell


def test_4_twice_reversed_or_a_week_late_is_the_same(server):
    text = " ".join(f"g{40 + number} b{3 + number % 6} .{1 + number % 7}" for number in range(14))
    told, printed = case(text, BEGIN + HOUR, MARCH), {}
    for order in ORDERS:
        link = enter(server, told, f"edge-4-{order}", told=tell_by_day(order))
        for row in (found := rows(server, link) + outages(server, link)):
            row["link"] = row["contract"] = ""
        printed[order] = found
    assert len(printed["in-order"]) > 5
    assert all(found == printed["in-order"] for found in printed.values())


# ---- 5. clocks

def deliver(server, issued, run, told):
    with Reporter(server, issued) as reporter:
        reporter.hello((run, run, 1, len(told)))
        return reporter.deliver(run, list(enumerate(told, 1)))


def measured(server, name):
    """(link, issued agent) with a contract for ever."""
    link = server.add_link()
    server.add_contract(link, "2025-01-01")
    return link, server.issue(link, name, "2025-01-01")


def slots(boot, start_s, count, lost=0):
    factory = records.SlotFactory()
    return [factory.record(boot, (start_s + 60 * number) * 1000000, 60, 6, 6, lost)
            for number in range(count)]


def test_5_a_clock_that_says_1970_then_steps(server, name):
    link, issued = measured(server, name)
    boot = b"1970" * 4
    told = [records.anchor(boot, 0, 1000000), *slots(boot, 60, 10, 6),
            records.anchor(boot, 660 * 1000000, (BEGIN + 660) * 1000000), *slots(boot, 660, 20)]
    rejected = deliver(server, issued, 1, told)
    assert {number: one.code for number, one in rejected.items()} == {1: pb.REJECT_INVALID}
    wait_in_ledger(server, issued.agent, len(told))
    row, = rows(server, link)
    assert figures(row, "d", "u") == [600, 1200]
    assert outages(server, link)[0]["start"] == text_of(BEGIN + 60)


def test_5_two_boots_that_claim_the_same_wall_time(server, name):
    link, issued = measured(server, name)
    for run, boot, lost in ((1, b"one!" * 4, 0), (2, b"two!" * 4, 6)):
        begin = BEGIN + 300 * (run - 1)  # the second one's clock is behind
        told = [records.anchor(boot, 0, begin * 1000000), *slots(boot, 0, 10, lost)]
        assert deliver(server, issued, run, told) == {}
    wait_in_ledger(server, issued.agent, 22)
    row, = rows(server, link)
    assert figures(row, "u", "d") == [600, 300]  # where both speak the lower run does


# ---- 6. power, the collector, restarts

def test_6_a_power_cut_in_the_middle_of_an_outage(server, name):
    link = enter(server, case("g60 b10 p30 b10 g60", BEGIN, MARCH), name)
    row, = rows(server, link)
    assert figures(row, "d", "n_power", "outages", "longest_s") == [1200, 1800, 1, 1200]
    one, = outages(server, link)
    assert figures(one, "d", "n") == [1200, 1800]


def test_6_a_provider_outage_during_a_collector_outage(server, name):
    def told_afterwards(server, issued, boots):
        server.stop("ingest")
        server.start("ingest")
        for boot in boots:
            with Reporter(server, issued) as reporter:
                reporter.hello((boot.run, boot.nonce, 1, len(boot.records)))
                assert reporter.deliver(boot.run, boot.numbered()) == {}
    link = enter(server, case("g60 b20 g60", BEGIN, MARCH), name, told=told_afterwards)
    row, = rows(server, link)
    assert figures(row, "u", "d", "n_silent") == [7200, 1200, END - BEGIN - 8400]


def test_6_restarting_the_router_all_through_an_outage(server, name):
    link = enter(server, case("g60 b6 p3 b4 p3 b4 g60", BEGIN, MARCH), name)
    row, = rows(server, link)
    assert figures(row, "d", "outages") == [20 * MINUTE, 1]
    assert int(row["n_power"]) == 0


# ---- 7, 8. the worked month; the calendar

def test_7_forty_short_outages_and_one_long(server, name):
    text = " ".join(["g1026 b4"] * 40 + ["g500 b360 g2000"])
    link = enter(server, case(text, END, APRIL), name)
    row, = rows(server, link, APRIL, APRIL_END)
    assert figures(row, "d", "high_loss_intervals", "outages") == [21600, 40, 1]


def test_8_february_2028_has_29_days(server, name):
    begin = 1832976000 - 28800  # 2028-02-01 in WITA
    contracts = [Contract(begin - 400 * DAY, FOREVER, TERMS)]
    link = enter(server, case("", begin, "2028-02", contracts), name)
    row, = rows(server, link, "2028-02", begin + 40 * DAY)
    assert int(row["s"]) == 29 * DAY


def test_8_january_2026_in_wita_starts_at_1767196800(server, name):
    link = enter(server, case("g30", 1767196800 - 600, "2026-01"), name)
    row, = rows(server, link, "2026-01", 1769875200)
    assert row["segment_start"] == text_of(1767196800) == "2025-12-31T16:00:00Z"
    assert figures(row, "s", "u") == [31 * DAY, 20 * MINUTE]


# ---- 9. another agent

def told_by(server, link, name, start, text, at):
    """A new agent of the link, bound from `start`, that says this of the time from `at`."""
    issued = server.issue(link, name, text_of(start))
    boot, = boots_of(case(text, at, MARCH))
    with Reporter(server, issued) as reporter:
        reporter.hello((boot.run, boot.nonce, 1, len(boot.records)))
        assert reporter.deliver(boot.run, boot.numbered()) == {}
    wait_in_ledger(server, issued.agent, len(boot.records))


def test_9_an_agent_replaced_in_the_middle_of_the_month(server, name):
    link, change = server.add_link(), BEGIN + 15 * DAY
    server.add_contract(link, "2026-01-01")
    told_by(server, link, "edge-9-old", BEGIN, "g60 b30 g120", change - 90 * MINUTE)
    told_by(server, link, "edge-9-new", change, "b10 g60", change)
    row, = rows(server, link)
    # from its acceptance on the new one speaks; the old one's word stands where it is silent
    assert figures(row, "d", "u") == [30 * MINUTE + 10 * MINUTE, 60 * MINUTE + 110 * MINUTE]


def test_9_one_enrolled_anew_to_cover_up_a_bad_week(server, name):
    link, end = server.add_link(), BEGIN + 8 * DAY
    server.add_contract(link, "2026-01-01")
    told_by(server, link, "edge-9-honest", BEGIN, "g60 b2880 g60", BEGIN + DAY)
    before = rows(server, link)
    assert int(before[0]["d"]) == 2 * DAY
    told_by(server, link, "edge-9-cover", end, "g4320", BEGIN + DAY)
    assert rows(server, link) == before


# ---- 10. two links

def test_10_two_links_never_down_together(tmp_path):
    server = Server(tmp_path / "server", build=RELEASE).init()
    try:
        server.start()
        whole = (END - BEGIN) // MINUTE
        for number, good in enumerate((600, 6000)):
            text = f"g{good} b400 g{whole - good - 400}"
            enter(server, case(text, BEGIN, MARCH), f"link-{number}")
        links = server.sla(MARCH, "--as-of", text_of(END))
        assert [(row["verdict"], row["d"]) for row in links] == [("TIDAK MEMENUHI", "24000")] * 2
        desa, = server.sla(MARCH, "--by", "desa", "--as-of", text_of(END))
        assert (desa["a_low"], desa["d"], desa["outages"]) == ("100.000000", "0", "0")
        assert (desa["links_missed"], desa["links_met"]) == ("2", "0")
    finally:
        server.close()


# ---- 11. targets

def targets_slot(boot, start_s, dead):
    """A minute in which these of the three internet targets never answer."""
    slot = records.make_slot(60000, 6, 0, 0, boot=boot)
    slot.start_us = start_s * 1000000
    for number in range(6):
        first = number % 3
        for place in (first, *(other for other in range(3) if other != first)):
            follow_up, offset_ms = place != first, 10000 * number + (3000 if place != first else 0)
            if follow_up and first not in dead:
                continue
            slot.probes.add(
                offset_ms=offset_ms, target=place, kind=pb.PROBE_ICMP, round=number,
                follow_up=follow_up, rtt_us=0 if place in dead else 20000,
                outcome=pb.OUTCOME_LOST if place in dead else pb.OUTCOME_ANSWERED)
    return pb.Record(slot=slot).SerializeToString()


@pytest.mark.parametrize("dead, up, down", [((0,), 7200, 0), ((0, 2), 7200, 0),
                                            ((0, 1, 2), 0, 7200)])
def test_11_targets_that_are_dead_or_filtered(server, dead, up, down):
    link, issued = measured(server, f"edge-11-{len(dead)}")
    boot = b"targets " + bytes([len(dead)]) * 8
    told = [records.anchor(boot, 0, BEGIN * 1000000)]
    told += [targets_slot(boot, 60 * number, dead) for number in range(120)]
    assert deliver(server, issued, 1, told) == {}
    wait_in_ledger(server, issued.agent, len(told))
    row, = rows(server, link)
    assert figures(row, "u", "d") == [up, down]


def test_lines_are_what_they_say():
    found, gaps = line("g2 b1 .1 p3 a1", 1000)
    assert [(slot.start, slot.lost, slot.cause) for slot in found] == [
        (1000, 0, ""), (1060, 0, ""), (1120, 6, "upstream"), (1420, 6, "access")]
    assert gaps == [(1240, 1420)]
