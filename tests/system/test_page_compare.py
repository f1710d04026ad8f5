# SPDX-License-Identifier: Apache-2.0
"""Providers and kabupaten side by side: the sums of what `pantau sla` says, of an open month and of
a closed one, for each role as far as it may see; and the page of it in headless Chromium."""

import csv
import io
import json
import time
from datetime import datetime, timedelta, timezone

import pytest

from support import page, records
from support.browser import Browser
from support.page import Chromium, Tab
from support.present import BOOT, Agent
from support.server import Server
from system.test_page_link import add_user

PASSWORD = "sandi-untuk-uji-coba"
MONTH = datetime.fromtimestamp(time.time() + 8 * 3600, timezone.utc).strftime("%Y-%m")
CLOSED = "2026-02"
RATE_KBPS = (20000, 5000)  # of add_contract()
SATU, DUA = "Penyedia Satu", "Penyedia Dua"
HERE, THERE = "64.08", "64.02"
SUMS = ("s", "e", "u", "d", "n", "a_known", "a_low", "a_high", "coverage", "outages", "links_met",
        "links_missed", "links_undecided", "links_never", "speed_tests", "restitution_low",
        "restitution_high", "revision")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Two providers in two kabupaten, one link heard of, and a month that is closed."""
    server = Server(tmp_path_factory.mktemp("page-compare") / "server").init()
    where = [("64.08.05.2001", SATU), ("64.08.05.2003", DUA), ("64.02.01.2001", SATU)]
    links = [server.add_link(desa=desa, provider=provider) for desa, provider in where]
    for link, fee in zip(links, (1200000, 2000000, 900000)):
        server.add_contract(link, fee=fee, words=("--window", 20))
    for name, role, *words in (("kepala", "admin"), ("petugas", "officer", "--kabupaten", HERE),
                               ("satu", "provider", "--provider", SATU)):
        add_user(server, name, role, *words)
    server.start("ingest", "ledger", "web")
    agent = Agent(server, links[0])
    agent.slots(300)
    agent.slots(120, 1, "provider")
    agent.slots(300)
    agent.send([records.speed(BOOT, second * 1000000, down_kbps, 4000)
                for second, down_kbps in ((100, 15000), (2000, 18000), (3000, 19000))])
    other = Agent(server, links[2], "other")
    other.send([records.speed(BOOT, 100 * 1000000, 7000, None)])
    server.pantau("close", "--month", CLOSED, "--by", "Pejabat Satu")
    yield server
    server.close()


@pytest.fixture(scope="module")
def people(site):
    found = {}
    for name in ("kepala", "petugas", "satu"):
        found[name] = Browser(site.web_port)
        assert found[name].log_in(name, PASSWORD).status == 200
    return found


def compare(who, query="", month=MONTH):
    answer = who.ask(f"/api/v1/comparison?month={month}{query}")
    assert answer.status == 200, answer.body
    return answer.json()


def of_command(site, month, by, at):
    words = ("--as-of", at) if at else ()
    rows = json.loads(site.pantau("sla", "--month", month, "--by", by, "--format", "json", *words))
    return {row[by]: row for row in rows.get("rows", rows)} if isinstance(rows, dict) else \
        {row[by]: row for row in rows}


@pytest.mark.parametrize("month", [MONTH, CLOSED])
@pytest.mark.parametrize("by", ["provider", "kabupaten"])
def test_every_sum_is_the_one_of_the_command(site, people, month, by):
    rows = compare(people["kepala"], f"&by={by}&months=1", month)["rows"]
    said = of_command(site, month, by, rows[0]["as_of"] if month == MONTH else None)
    assert {row["key"] for row in rows} == set(said) and len(rows) == 2
    for row in rows:
        for key in SUMS:
            assert row[key] == said[row["key"]][key], (row["key"], key)
        assert row["u"] + row["d"] + row["n"] + row["e"] == row["s"]


def test_speed_can_be_checked_by_hand(site, people):
    at = compare(people["kepala"], "&months=1")["rows"][0]["as_of"]
    links = [row for row in json.loads(site.pantau("sla", "--month", MONTH, "--format", "json",
                                                   "--as-of", at))
             if row["down_median_kbps"] is not None]
    assert sorted(row["down_median_kbps"] for row in links) == [7000, 18000]
    rows = {row["key"]: row for row in compare(people["kepala"], "&months=1")["rows"]}
    satu = rows[SATU]
    assert satu["down_kbps"] == sum(row["down_median_kbps"] for row in links) == 25000
    assert satu["down_promised_kbps"] == 2 * RATE_KBPS[0]  # of both links, and of no other
    assert satu["down_share"] == 100 * satu["down_kbps"] / satu["down_promised_kbps"]
    assert (satu["up_kbps"], satu["up_promised_kbps"]) == (4000, RATE_KBPS[1])
    assert rows[DUA]["down_kbps"] is None and rows[DUA]["down_share"] is None  # no tests
    answer = people["kepala"].ask(f"/api/v1/comparison?month={MONTH}&months=1&format=csv")
    lines = {row["key"]: row for row in csv.DictReader(io.StringIO(answer.body.decode()))}
    assert (lines[SATU]["down_kbps"], lines[SATU]["down_promised_kbps"]) == (
        "25000", str(2 * RATE_KBPS[0]))


def test_all_links_are_the_sum_of_the_groups(people):
    answer = compare(people["kepala"], "&by=kabupaten&months=2")
    assert [row["period"] for row in answer["all"]] == sorted({r["period"] for r in answer["rows"]})
    for whole in answer["all"]:
        parts = [row for row in answer["rows"] if row["period"] == whole["period"]]
        for key in ("links", "s", "u", "d", "n", "links_undecided", "restitution_low",
                    "restitution_high"):
            assert whole[key] == sum(row[key] for row in parts), key
    assert [row["name"] for row in answer["rows"]][-1] == "KABUPATEN KUTAI TIMUR"


def test_a_trend_goes_back_month_by_month(people):
    answer = compare(people["kepala"], "&months=12")
    months = [row["period"] for row in answer["all"]]
    first = datetime.strptime(MONTH, "%Y-%m")
    for _ in range(11):
        first = (first - timedelta(days=1)).replace(day=1)
    assert len(months) == 12 and months == sorted(months)
    assert months[0] == first.strftime("%Y-%m") and months[-1] == MONTH
    before = [row for row in answer["rows"] if row["period"] < "2026-01"]
    assert before == []  # no contract ran then
    issued = [row for row in answer["rows"] if row["period"] == CLOSED]
    assert not issued or {row["revision"] for row in issued} == {"final"}


# ---- whose it is

def test_an_officer_sees_its_kabupaten_beside_the_province_without_rupiah(people):
    answer = compare(people["petugas"], "&by=kabupaten&months=1")
    assert [row["key"] for row in answer["rows"]] == [HERE]
    assert answer["rows"][0]["restitution_high"] is not None
    whole = answer["all"][0]
    assert whole["links"] == 3 and whole["restitution_low"] is None
    assert whole["restitution_high"] is None
    providers = compare(people["petugas"], "&months=1")["rows"]
    assert {row["key"]: row["links"] for row in providers} == {SATU: 1, DUA: 1}
    assert people["petugas"].ask(
        f"/api/v1/comparison?month={MONTH}&kabupaten={THERE}").status == 403


def test_a_provider_sees_itself_alone(people):
    answer = compare(people["satu"], "&months=1")
    assert [row["key"] for row in answer["rows"]] == [SATU] and answer["all"] == []
    assert answer["rows"][0]["links"] == 2
    table = people["satu"].ask(f"/api/v1/comparison?month={MONTH}&by=kabupaten&format=csv")
    assert DUA not in table.body.decode() and HERE in table.body.decode()


@pytest.mark.parametrize("query", ["", "?month=2026-13", "?month=2026-01&months=13",
                                   "?month=2026-01&by=desa", "?month=2026-01&months=0",
                                   "?month=2026-01&link=1", "?month=2026-01&format=xls"])
def test_what_makes_no_sense_is_refused(people, query):
    assert people["kepala"].ask(f"/api/v1/comparison{query}").status == 400


def test_the_csv_says_the_same(people):
    answer = compare(people["kepala"], "&months=3&by=kabupaten")
    table = people["kepala"].ask(
        f"/api/v1/comparison?month={MONTH}&months=3&by=kabupaten&format=csv")
    rows = list(csv.DictReader(io.StringIO(table.body.decode())))
    told = answer["rows"] + answer["all"]
    assert len(rows) == len(told)
    for row, said in zip(rows, told):
        for key in ("period", "key", "links", "d", "restitution_high"):
            assert row[key] == ("" if said[key] is None else str(said[key])), key


# ---- the page

needs_browser = pytest.mark.skipif(page.missing() is not None, reason=str(page.missing()))


@pytest.fixture(scope="module")
def chromium():
    made = Chromium()
    yield made
    made.close()


ROWS = "table.compare tbody tr"
NAMES = "[...document.querySelectorAll('table.compare tbody .desa')].map((one) => one.innerText)"


@needs_browser
def test_the_page_compares_sorts_and_leads_to_the_links(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("kepala", PASSWORD, "/perbandingan")
        tab.wait(ROWS)
        assert tab.count(ROWS) == 3 and "Semua sambungan" in tab.text("table.compare")
        assert tab.count("svg.bounds") == 3 and tab.count("svg.trend") == 3
        tab.click(".sort >> text=Nama")
        assert tab.run(NAMES)[:2] == [DUA, SATU]
        tab.click(".sort >> text=Nama")
        assert tab.run(NAMES)[:2] == [SATU, DUA]
        assert tab.run("document.querySelector('[aria-sort=descending]').innerText")[:4] == "Nama"
        tab.shot("perbandingan")
        assert tab.serious_faults() == []
        tab.click("text=Kabupaten/kota")
        tab.wait("table.compare >> text=Kab. Kutai Timur")
        assert "menurut=kabupaten" in tab.run("location.search")
        tab.click(".trends summary >> nth=0")
        tab.wait(".trends table")
        tab.click("table.compare >> text=Kab. Kutai Timur")
        tab.wait(".links .desa")
        assert "kabupaten=64.08" in tab.run("location.search")
        assert tab.count(".links tbody tr") == 2


@needs_browser
def test_by_keyboard_in_english_and_in_the_dark(chromium, site):
    with Tab(chromium, site, scheme="dark") as tab:
        tab.log_in("kepala", PASSWORD, "/perbandingan")
        tab.wait(ROWS)
        tab.run("document.querySelector('[aria-sort] .sort').focus()")
        tab.press("Enter")
        assert tab.run(NAMES)[:2] == [DUA, SATU]
        tab.click(".switch-language")
        tab.wait("text=All links")
        assert tab.serious_faults() == []
        tab.shot("perbandingan-gelap")
        tab.click(".switch-language")


@needs_browser
def test_a_phone_shows_all_of_it(chromium, site):
    with Tab(chromium, site, width=360, height=740) as tab:
        tab.log_in("petugas", PASSWORD, "/perbandingan?menurut=kabupaten")
        tab.wait(ROWS)
        assert tab.run("document.documentElement.scrollWidth") <= 360
        assert "Semua sambungan" in tab.text("table.compare")
        assert tab.serious_faults() == []
        tab.shot("perbandingan-telepon")


@needs_browser
def test_the_csv_is_downloaded(chromium, site, tmp_path):
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD, "/perbandingan")
        tab.wait(ROWS)
        name = tab.order("download", what="text=Unduh CSV", path=str(tmp_path / "file"))
        assert name == f"perbandingan-{MONTH}.csv"
        rows = list(csv.DictReader(io.StringIO((tmp_path / "file").read_text())))
        assert {row["key"] for row in rows} == {SATU, DUA, ""}


def test_what_people_enter_is_seen_at_once(site, people):
    before = compare(people["kepala"], "&months=1&by=kabupaten")["all"][0]["links"]
    site.add_contract(site.add_link(desa="64.02.01.2001", provider=DUA))
    answer = compare(people["kepala"], "&months=1&by=kabupaten")
    assert answer["all"][0]["links"] == before + 1
    assert {row["key"]: row["links"] for row in answer["rows"]}[THERE] == 2
