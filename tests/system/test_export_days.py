# SPDX-License-Identifier: Apache-2.0
"""pantau_sla_day: a link's local day is told when it is final, once, and again when it says
something else by now; a day of which much is unknown is waited for."""

import time

import pytest

from support import records
from support.enter import DOCUMENT, wait_in_ledger
from support.programs import wait_for
from support.reporter import Reporter
from support.site import text_of
from support.stores import DATABASE, Influx, StandIn, Victoria, parse_line

BOOT = b"D" * 16
DAY_S, SLOT_S, WITA_S = 86400, 60, 8 * 3600
DAYS_AGO = 11
DAY_SLOTS = DAY_S // SLOT_S
NIGHT = range(DAY_SLOTS * 3 // 2, DAY_SLOTS * 2)  # of the second day: comes late
LOST = range(500, 520)  # slots of the first day, without an answer
TOLD = [slot for slot in (*range(DAY_SLOTS * 3), *range(DAY_SLOTS * 9, DAY_SLOTS * 10))
        if slot not in NIGHT]
# The days until then are over for eight days; the tenth is known all through; the others wait.
FIRST = {0: (DAY_S - 1200, 1200, 0, 0), 1: (DAY_S // 2, 0, DAY_S // 2, 0), 2: (DAY_S, 0, 0, 0),
         9: (DAY_S, 0, 0, 0)}


class Village:
    """A link under contract since the first of the days, and an agent that told most of them."""

    def __init__(self, server, store, **export):
        self.server, self.store, self.factory = server, store, records.SlotFactory()
        today_s = (int(time.time()) + WITA_S) // DAY_S * DAY_S - WITA_S
        self.begins_s = today_s - DAYS_AGO * DAY_S
        server.configure({"export": {"url": store.url} | export})
        self.link = server.add_link()
        server.start()
        self.issued = server.issue(self.link, start=text_of(self.begins_s))
        self.told = 0
        self.tell([records.start(BOOT, 0, 3), records.anchor(BOOT, 0, self.begins_s * 1000000),
                   *map(self.record, TOLD)])
        wait_in_ledger(server, self.issued.agent, self.told)
        server.add_contract(self.link, text_of(self.begins_s))  # without one there are no seconds

    def record(self, slot):
        return self.factory.record(BOOT, slot * SLOT_S * 1000000, SLOT_S, 6, 6,
                                   6 if slot in LOST else 0, "provider")

    def tell(self, told):
        first, self.told = self.told + 1, self.told + len(told)
        with Reporter(self.server, self.issued) as reporter:
            reporter.hello((1, 3, 1, self.told))
            assert reporter.deliver(1, list(enumerate(told, first))) == {}

    def days_of(self, points):
        """{day: (u, d, n, e)} of the points, as Store.points() gives them."""
        return {(moment - self.begins_s) / DAY_S: tuple(int(fields[key]) for key in "udne")
                for (name, moment, link), (fields, _) in points.items()
                if name == "pantau_sla_day" and link == str(self.link)}

    def wait_days(self, expected):
        try:
            wait_for(lambda: self.days_of(self.store.points()) == expected, str(expected), 40)
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.days_of(self.store.points())}\n"
                                 f"{self.server.log('ledger')[-2000:]}") from None

    def tell_night(self):
        self.tell(list(map(self.record, NIGHT)))
        wait_in_ledger(self.server, self.issued.agent, self.told)

    def points_command(self):
        """What `pantau points` makes of the whole time."""
        out = self.server.pantau("points", "--from", text_of(self.begins_s), "--to",
                                 text_of(self.begins_s + DAYS_AGO * DAY_S), "-o", "-")
        found = {}
        for line in out.splitlines():
            name, tags, fields, moment = parse_line(line)
            assert (name, moment, tags["link"]) not in found
            found[name, moment, tags["link"]] = (fields, tags)
        return found


def told_days(store):
    """Lines of days that were sent, whatever they say."""
    return [line for request in store.requests for line in request.text.splitlines()
            if line.startswith("pantau_sla_day,")]


def test_a_day_is_told_once_and_again_when_it_changes(server):
    store = StandIn().start()
    try:
        village = Village(server, store)
        expected = dict(FIRST)
        village.wait_days(expected)
        server.stop("ledger")
        server.start("ledger")
        assert len(told_days(store)) == len(FIRST)
        village.tell_night()
        expected[1] = (DAY_S, 0, 0, 0)
        village.wait_days(expected)
        noon_s = village.begins_s + 2 * DAY_S + DAY_S // 2
        server.pantau("exclusion", "add", "--link", village.link, "--reason", "force-majeure",
                      "--from", text_of(noon_s), "--to", text_of(noon_s + 3600), "--by", "Petugas",
                      "--note", "uji", "--second", "Pejabat Dua", "--document", DOCUMENT)
        expected[2] = (DAY_S - 3600, 0, 0, 3600)
        village.wait_days(expected)
        told = told_days(store)  # what comes late may come in two batches
        assert len(set(told)) == len(told) >= len(FIRST) + 2
        assert village.days_of(village.points_command()) == expected
        sums = [sum(day[at] for day in expected.values()) for at in range(4)]
        assert sums == counted(village, expected)
    finally:
        store.close()


def counted(village, days):
    """The seconds of those days as `pantau sla` has them: one month to the end of a day, less the
    same to its beginning."""
    def until(second, month):
        rows = village.server.sla(month, "--link", village.link, "--as-of", text_of(second))
        return [sum(int(row[key]) for row in rows) for key in "udne"]

    sums = [0] * 4
    for day in days:
        begins_s = village.begins_s + day * DAY_S
        month = time.strftime("%Y-%m", time.gmtime(begins_s + WITA_S))
        first = time.strftime("%d", time.gmtime(begins_s + WITA_S)) == "01"
        before = [0] * 4 if first else until(begins_s, month)
        after = until(begins_s + DAY_S, month)
        sums = [total + now - then for total, now, then in zip(sums, after, before)]
    return sums


def test_influxdb_has_the_days_as_they_are_now(server, tmp_path):
    store = Influx(tmp_path / "store")
    try:
        store.ask(f"CREATE DATABASE {DATABASE}")
        village = Village(server, store)
        village.wait_days(FIRST)
        village.tell_night()
        changed = FIRST | {1: (DAY_S, 0, 0, 0)}
        village.wait_days(changed)
        store.ask('DELETE FROM "pantau_sla_day"')
        server.pantau("points", "--from", text_of(village.begins_s), "--to",
                      text_of(village.begins_s + DAYS_AGO * DAY_S), "--send")
        village.wait_days(changed)
        for (name, _, _), (_, tags) in store.points().items():
            assert name != "pantau_sla_day" or sorted(tags) == [
                "desa", "kabupaten", "kecamatan", "link", "provider"]
    finally:
        store.close()


def test_who_exports_later_is_told_of_the_days_before(server, tmp_path):
    """VictoriaMetrics keeps both of two points at one time, and it is counted."""
    store = Victoria(tmp_path / "store")
    try:
        village = Village(server, store, url="")
        server.stop("ledger")
        server.configure({"export": {"url": store.url, "api": "victoria"}})
        server.start("ledger")
        village.wait_days(FIRST)
        assert server.status_of("ledger")["export"]["unremoved"] == 0
        village.tell_night()
        wait_for(lambda: server.status_of("ledger")["export"]["unremoved"] == 1, "it is counted")
    finally:
        store.close()
