# SPDX-License-Identifier: Apache-2.0
"""What the page of a link is made of: its time adds up to its row, its measurements are those that
came, and each sees only what is theirs."""

import statistics
import time
from datetime import datetime, timezone

import pytest

from support import records
from support.browser import ask
from support.present import BOOT, Agent


def seconds(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def utc(at_s):
    return datetime.fromtimestamp(at_s, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def link(server):
    """Two hours of a link: up, ten minutes down, up, a hole, up; half an hour is excluded."""
    server.link = server.add_link()
    server.add_contract(server.link, words=("--window", 20))
    server.start("ingest", "ledger", "web")
    agent = server.agent = Agent(server, server.link)
    agent.at_s = 600
    agent.slots(120)
    agent.slots(60, 1, "access")
    agent.slots(120)
    agent.at_s += 600
    agent.slots(200)
    (server.folder / "surat.pdf").write_text("berita acara")
    server.pantau("exclusion", "add", "--link", server.link, "--reason", "force-majeure",
                  "--from", utc(agent.booted_s + 1000), "--to", utc(agent.booted_s + 1300),
                  "--by", "Ani", "--note", "banjir", "--second", "Budi",
                  "--document", server.folder / "surat.pdf")
    yield server


def get(server, path, status=200, **options):
    options.setdefault("token", server.token())
    answer = ask(server.web_port, f"/api/v1/links/{path}", **options)
    assert answer.status == status, answer.body
    return answer.json()


def test_the_timeline_adds_up_to_the_row(link):
    start_s = link.agent.booted_s
    month = utc(start_s + 8 * 3600)[:7]
    row, = link.sla(month, "--link", link.link)
    rows = get(link, f"{link.link}/timeline?from={row['segment_start']}&to={row['segment_end']}") \
        ["rows"]
    sums = dict.fromkeys("UDNE", 0)
    for stretch in rows:
        sums[stretch["class"]] += seconds(stretch["to"]) - seconds(stretch["from"])
    # the segment is cut at 100 days: what lies before is silence of an agent that never was
    assert sums["D"] == int(row["d"]) == 600 and sums["E"] == int(row["e"]) == 300
    assert sums["U"] == int(row["u"])
    assert all(one["to"] <= two["from"] for one, two in zip(rows, rows[1:]))
    down, = (stretch for stretch in rows if stretch["class"] == "D")
    assert down["cause"] == "access" and seconds(down["from"]) == start_s + 1800
    hole = [stretch["cause"] for stretch in rows if stretch["class"] == "N"]
    assert "agent" in hole or "silent" in hole or "power" in hole


def test_the_series_are_what_was_measured(link):
    start_s = link.agent.booted_s
    span = f"from={utc(start_s + 600)}&to={utc(start_s + 6600)}&step=600"
    loss = get(link, f"{link.link}/series?metric=loss&{span}")["points"]
    assert [point[2] for point in loss[:3]] == [0, 0, 1000000]  # ppm
    assert [(point[0] - start_s) // 600 for point in loss] == \
        [at for at in range(1, 11) if at != 6]  # a gap stays a gap
    rtt = get(link, f"{link.link}/series?metric=rtt&{span}")["points"]
    assert len(rtt) == len(loss) - 1  # nothing came back in the outage
    assert all(0 < low <= middle <= high for _, low, middle, high, _ in rtt)
    assert statistics.median(point[4] for point in rtt) == 60
    assert get(link, f"{link.link}/series?metric=down&{span}")["points"] == []
    for metric in ("pdv", "rx", "tx"):
        assert get(link, f"{link.link}/series?metric={metric}&{span}")["points"]


def test_a_link_says_who_measures_it(link):
    said = get(link, f"{link.link}")
    assert [device["agent"] for device in said["devices"]] == [link.agent.issued.agent]
    assert said["starts_30d"] == 1 and said["starts"][0]["why"] == "first"
    assert said["contracts"][0]["target"] == 99.5
    assert not {"fee", "fee_rupiah"} & said["contracts"][0].keys()


def test_a_link_says_how_its_device_fares(link):
    agent = link.agent
    fares = get(link, f"{link.link}")["health"]
    assert fares["agent"] == agent.issued.agent
    assert fares["clock"] == {"at": utc(agent.booted_s), "error_us": 1000, "source": "ntp",
                              "drift": None}
    assert seconds(fares["spool"]["sent_to"]) == agent.booted_s + agent.at_s
    assert fares["spool"]["drops_30d"] == 0 and fares["spool"]["dropped"] is None
    last = agent.sequence + 5
    agent.send([records.anchor(BOOT, 500000000, (agent.booted_s + 500) * 1000000, 2000,
                               records.pb.ANCHOR_COLLECTOR),
                records.dropped(BOOT, last, 600000000, 650000000, 4)])
    fares = get(link, f"{link.link}")["health"]
    assert fares["clock"] == {"at": utc(agent.booted_s + 500), "error_us": 2000,
                              "source": "collector", "drift": None}  # too close to each other
    assert (fares["spool"]["drops_30d"], fares["spool"]["dropped_records_30d"]) == (1, 4)
    assert fares["spool"]["dropped"] is not None


def test_a_link_says_what_its_tests_moved(link):
    month = utc(time.time() + 8 * 3600)[:7]
    nothing = {"month": month, "speed_bytes": 0, "speed_tests": 0, "speed_over_budget": 0,
               "speed_bytes_30d": 0, "budget_bytes_30d": None}
    assert get(link, f"{link.link}")["data"] == nothing


def test_what_cannot_be_asked_is_said(link):
    for path in ("0", "x", "+1", "99999", "0/timeline", "99999/series?metric=rtt"):
        get(link, path, 404)
    for path in ("timeline?from=2020-01-01", "timeline?from=2026-02-01&to=2026-01-01", "series",
                 "series?metric=rtt&from=2000-01-01&step=1", "series?metric=rtt&more=1",
                 "timeline?from=yesterday"):
        get(link, f"{link.link}/{path}", 400)


def test_each_sees_what_is_theirs(link):
    link.add_link(provider="Penyedia Lain")
    for path in ("", "/timeline", "/series?metric=rtt"):
        path = f"{link.link}{path}"
        get(link, path, token=link.token("provider", provider="Penyedia Uji"))
        get(link, path, 403, token=link.token("provider", provider="Penyedia Lain"))
        get(link, path, 403, token=link.token("officer", kabupaten="64.02"))
        get(link, path, 401, token=None)
