# SPDX-License-Identifier: Apache-2.0
"""deploy/grafana: every question of every panel and every list of choices is put to a real
InfluxDB and a real VictoriaMetrics that hold days of two villages, and each brings rows; where both
languages ask for one figure, it is the same one, and the one of `pantau sla`."""

import csv
import io
import json
import re
import subprocess
import time
import urllib.parse
from pathlib import Path

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import wait_for
from support.reporter import Reporter
from support.server import Server
from support.site import text_of
from support.stores import DATABASE, Influx, Victoria

FOLDER = Path(__file__).resolve().parents[2] / "deploy/grafana"
LANGUAGES = ("influxql", "promql")
BOOT = b"G" * 16
DAY_S, SLOT_S, WITA_S = 86400, 60, 8 * 3600
DAY_IS_FINAL_S = 600
DAYS_AGO = 3  # whole local days that are final
# desa, provider, slots of the first day that lost every round
VILLAGES = (("64.08.05.2001", "Telkom", range(300, 330)), ("64.02.01.2001", "Ikon", range(0)))


def speed_test(start_us, down_kbps):
    record = records.pb.Record.FromString(records.speed(BOOT, start_us, down_kbps, 4000))
    record.speed.rtt_loaded_us = 180000
    return record.SerializeToString()


class Day:
    """Two villages' last days, up to this minute, in both stores."""

    def __init__(self, server, folder):
        self.server = server
        self.influx, self.victoria = Influx(folder / "influx"), Victoria(folder / "victoria")
        now_s = int(time.time())
        over_s = now_s - DAY_IS_FINAL_S
        self.from_s = (over_s + WITA_S) // DAY_S * DAY_S - WITA_S - DAYS_AGO * DAY_S
        self.to_s = now_s // SLOT_S * SLOT_S
        server.configure({"export": {"url": self.influx.url, "database": DATABASE}})
        links = [(server.add_link(desa, provider), lost) for desa, provider, lost in VILLAGES]
        self.links = [link for link, _ in links]
        server.start()
        for link, lost in links:
            self.tell(link, lost)
        for link in self.links:
            server.add_contract(link, text_of(self.from_s))
        whole_days = len(links) * DAYS_AGO
        wait_for(lambda: len(self.days_told()) == whole_days and self.waiting() == 0,
                 f"{whole_days} days in InfluxDB\n{server.log('ledger')[-2000:]}", 60)
        self.copy_to_victoria(folder / "all.lines")

    def tell(self, link, lost):
        issued = self.server.issue(link, f"agent{link}", start=text_of(self.from_s))
        told = [records.start(BOOT, 0, 3), records.anchor(BOOT, 0, self.from_s * 1000000)]
        for number in range((self.to_s - self.from_s) // SLOT_S):
            slot = records.make_slot(SLOT_S * 1000, 6, 6, 6 if number in lost else 0, "provider",
                                     20000 + number % 7 * 1000, boot=BOOT)
            slot.start_us = number * SLOT_S * 1000000
            slot.facts.rx_bytes, slot.facts.tx_bytes = 7500000, 750000
            told.append(records.pb.Record(slot=slot).SerializeToString())
            if number % 240 == 0:
                told.append(speed_test(slot.start_us, 18000 + number))
        with Reporter(self.server, issued) as reporter:
            reporter.hello((1, 3, 1, len(told)))
            assert reporter.deliver(1, list(enumerate(told, 1))) == {}
        wait_in_ledger(self.server, issued.agent, len(told))

    def waiting(self):
        return self.server.status_of("ledger")["outbox"]

    def days_told(self):
        told = self.influx.ask('SELECT "u" FROM "pantau_sla_day" GROUP BY "link"')
        return [value for one in told.get("series", ()) for value in one["values"]]

    def copy_to_victoria(self, path):
        self.server.pantau("points", "--from", text_of(self.from_s), "--to", text_of(self.to_s),
                           "-o", path)
        self.victoria.get("/write?precision=s", path.read_bytes())
        self.victoria.get("/internal/force_flush")

    def close(self):
        self.influx.close()
        self.victoria.close()


@pytest.fixture(scope="module", name="day")
def fixture_day(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grafana")
    server = Server(folder / "server").init()
    day = Day(server, folder)
    yield day
    day.close()
    server.close()


# ---- a dashboard's words, as Grafana would put them to a store

def boards(language):
    return [json.loads(path.read_text())
            for path in sorted((FOLDER / "dashboards" / language).glob("*.json"))]


def cases(language):
    return [pytest.param(panel, target, id=f"{board['uid']}: {panel['title']} {target['refId']}")
            for board in boards(language) for panel in board["panels"]
            for target in panel["targets"]]


def seconds(text):
    count, unit = re.fullmatch(r"(\d+)([smhd])", text).groups()
    return int(count) * {"s": 1, "m": 60, "h": 3600, "d": DAY_S}[unit]


def fill_in(text, day, panel):
    """Everything chosen; a link is one of its own."""
    whole_s = day.to_s - day.from_s + SLOT_S  # the first midnight lies inside
    range_s = seconds(panel["timeFrom"]) if "timeFrom" in panel else whole_s
    step_s = max(seconds(panel.get("interval", "1m")), 600)
    words = {"timeFilter": f"time >= {day.to_s - range_s}s AND time <= {day.to_s}s",
             "__interval_ms": step_s * 1000, "__interval": f"{step_s}s", "__range": f"{range_s}s"}
    for name, word in words.items():
        text = text.replace(f"${name}", str(word))
    text = re.sub(r"\$(desa|link|kabupaten|provider)\b", ".*", text)
    assert "$" not in text.replace("$/", ""), text
    return text, range_s, step_s


def influx_rows(day, panel, target):
    query, _, _ = fill_in(target["query"], day, panel)
    return [dict(zip(series["columns"], values)) | series.get("tags", {})
            for series in day.influx.ask(query).get("series", ()) for values in series["values"]
            if any(value is not None for value in values[1:])]


def prom(day, path, **words):
    answer = json.loads(day.victoria.get(f"/api/v1/{path}?{urllib.parse.urlencode(words)}"))
    assert answer["status"] == "success"
    return answer["data"]


def prom_rows(day, panel, target):
    query, range_s, step_s = fill_in(target["expr"], day, panel)
    if target["instant"]:
        found = prom(day, "query", query=query, time=day.to_s, latency_offset="1ms")["result"]
        return [one["metric"] | {"value": float(one["value"][1])} for one in found]
    found = prom(day, "query_range", query=query, start=day.to_s - range_s, end=day.to_s,
                 step=step_s)
    return [one["metric"] | {"value": float(value)} for one in found["result"]
            for _, value in one["values"]]


# ---- the tests

def test_the_dashboards_are_what_their_table_says():
    subprocess.run([FOLDER / "make", "--check"], check=True, timeout=30)


@pytest.mark.parametrize("panel, target", cases("influxql"))
def test_influxdb_answers(day, panel, target):
    assert influx_rows(day, panel, target), target["query"]


@pytest.mark.parametrize("panel, target", cases("promql"))
def test_victoriametrics_answers(day, panel, target):
    assert prom_rows(day, panel, target), target["expr"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_list_of_choices_has_the_villages(day, language):
    wanted = {"desa": {desa for desa, _, _ in VILLAGES}, "link": set(map(str, day.links)),
              "provider": {provider for _, provider, _ in VILLAGES},
              "kabupaten": {desa[:5] for desa, _, _ in VILLAGES}}
    for board in boards(language):
        for variable in board["templating"]["list"]:
            query, _, _ = fill_in(variable["query"], day, {})
            if language == "influxql":
                series, = day.influx.ask(query)["series"]
                found = {value for _, value in series["values"]}
            else:
                match, label = re.fullmatch(r"label_values\((.+), (\w+)\)", query).groups()
                found = set(prom(day, f"label/{label}/values", **{"match[]": match,
                                                                 "start": day.from_s}))
            assert found == wanted[variable["name"]], (board["uid"], variable["name"])


def figure(day, language, board, title):
    panel, = (panel for one in boards(language) if one["uid"] == f"pantau-{language}-{board}"
              for panel in one["panels"] if panel["title"] == title)
    rows = (influx_rows if language == "influxql" else prom_rows)(day, panel, panel["targets"][0])
    assert len(rows) == 1, rows
    return next(value for key, value in rows[0].items() if key != "time")


def counted(day):
    """(u, d) of the days that are over, by `pantau sla`."""
    rows = []
    for month in sorted({text_of(at)[:7] for at in (day.from_s + WITA_S, day.to_s + WITA_S)}):
        out = day.server.pantau("sla", "--month", month, "--format", "csv")
        rows += csv.DictReader(io.StringIO(out))
    return sum(int(row["u"]) for row in rows), sum(int(row["d"]) for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_say_what_the_ledger_says(day, language):
    up, down = DAY_S * DAYS_AGO * len(VILLAGES) - 1800, 1800
    assert counted(day)[1] == down  # the only outage was on the first day
    share = pytest.approx(up / (up + down), abs=1e-9)
    assert figure(day, language, "province", "Available") == share
    assert figure(day, language, "province", "Not known") == 0
    assert figure(day, language, "province", "Down now") == 0
    assert figure(day, language, "province", "Heard") == len(VILLAGES)
