# SPDX-License-Identifier: Apache-2.0
"""A lie's whole way: a router says that a speed test brought more than our own server sent, the
flag stands in the inbox, a person answers it, and it is gone with the answer kept."""

import json
import time
import urllib.request

import pytest

from support import page, records
from support.browser import Browser
from support.enter import wait_in_ledger
from support.page import Chromium, Tab
from support.programs import free_port, wait_for
from support.records import pb
from support.reporter import Reporter
from support.server import Server
from system.test_page_link import add_user

PASSWORD = "sandi-untuk-uji-coba"
BOOT = b"W" * 16
NONCE = 0x7123456789abcdef
SENT = 600000
WITA_S = 8 * 3600


# Noon in WITA of a day that has been over for long enough to be looked at, whenever this runs.
NOON_S = (int(time.time()) + 8 * 3600) // 86400 * 86400 - 8 * 3600 - 43200 - 86400


@pytest.fixture(name="site")
def fixture_site(tmp_path):
    port = free_port()
    server = Server(tmp_path / "server",
                    settings={"web": {"speed_listen": f"127.0.0.1:{port}"}}).init()
    server.link = server.add_link()
    server.add_contract(server.link)
    server.speed = f"http://127.0.0.1:{port}/speed/v1"
    add_user(server, "kepala", "admin")
    yield server.start("ingest", "ledger", "web")
    server.close()


def download(server):
    """A real test's stream; then the line that was noted of it is moved back, for only days
    that are over are looked at."""
    url = f"{server.speed}/down?nonce={NONCE:016x}&bytes={SENT}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert len(answer.read()) == SENT
    folder = server.state / "speed"
    noted, = wait_for(lambda: list(folder.glob("*")) if folder.exists() else [], "it is noted")
    nonce, way, ended, moved = noted.read_text().split()
    assert (int(nonce, 16), way, int(moved)) == (NONCE, "down", SENT)
    assert abs(int(ended) - time.time()) < 60
    noted.unlink()
    at = NOON_S + 630
    day = time.strftime("%Y-%m-%d", time.gmtime(at))
    (folder / day).write_text(f"{nonce} {way} {at} {moved}\n")


def say(server, *tests):
    """A good half hour, and speed tests at their minutes: (minute, kbps, bytes, nonce)."""
    told = [records.start(BOOT, 0, 5), records.anchor(BOOT, 0, NOON_S * 1000000)]
    slots = records.SlotFactory()
    told += [slots.record(BOOT, minute * 60000000, 60, 6, 6, 0) for minute in range(30)]
    for minute, kbps, moved, nonce in tests:
        test = pb.Speed(boot=BOOT, start_us=minute * 60000000, wan="wan", outcome=pb.SPEED_DONE,
                        server=server.speed)
        test.down.CopyFrom(pb.SpeedRun(kbps=kbps, bytes=moved, duration_ms=1200, nonce=nonce))
        told.append(pb.Record(speed=test).SerializeToString())
    issued = server.issue(server.link)
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 5, 1, len(told)))
        assert reporter.deliver(1, list(enumerate(told, 1))) == {}
    wait_in_ledger(server, issued.agent, len(told))


def inbox(server, month):
    rows = json.loads(server.pantau("decide", "list", "--month", month, "--json"))
    return [row for row in rows if row["kind"] == "witness" and not row["dismissal"]]


def witness(server):
    part, = [row for row in json.loads(server.run("status", "--json").stdout)
             if row["part"] == "witness"]
    return part["state"], part["words"].partition(";")[0]


def test_a_note_that_cannot_be_written_is_told(site):
    folder = site.state / "speed"
    url = f"{site.speed}/down?nonce={NONCE:016x}&bytes={SENT}"

    def parts():
        answer = Browser(site.web_port).ask("/healthz")
        return {part["name"]: part for part in answer.json()["parts"]}, answer.status

    def web():
        part, = [row for row in json.loads(site.run("status", "--json").stdout)
                 if row["part"] == "web"]
        return part["state"], part["words"]

    wait_for(lambda: parts()[1] == 200, "all is well")
    assert web()[0] == "ok"
    folder.write_text("")  # where the folder should be
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert len(answer.read()) == SENT
    wait_for(lambda: parts()[1] == 503, "it is told")
    part = parts()[0]["speed"]
    assert not part["ok"] and part["words"].endswith("not noted: Not a directory")
    assert web()[0] == "warn" and "not noted" in web()[1]
    assert 'pantau_part_ok{part="speed"} 0' in site.get("/metrics").decode()
    assert site.log("web").count(f"compared with nothing: {folder}: ") == 1
    folder.unlink()
    wait_for(lambda: parts()[1] == 200, "it is over")
    assert "0 never will be" in site.log("web")
    noted, = folder.glob("*")
    assert noted.read_text().startswith(f"{NONCE:016x} down ")
    assert web()[0] == "ok"


def look_at_page(server):
    """The link's page says so in both languages, and leads to the inbox."""
    if page.missing():
        return
    chromium = Chromium()
    try:
        for width in (1280, 390):
            with Tab(chromium, server, width=width, height=900) as tab:
                tab.log_in("kepala", PASSWORD)
                tab.go(f"/sambungan/{server.link}")
                tab.wait(".link-flags >> text=1 tanda belum dijawab")
                tab.shot(f"tanda-{width}-id")
                tab.click(".switch-language")
                tab.wait(".link-flags >> text=One flag is not answered")
                tab.shot(f"tanda-{width}-en")
                assert tab.serious_faults() == []
                tab.click(".link-flags a")
                tab.wait(".evidence-words >> text=brought more than")
                assert f"hanya {SENT} byte" in tab.text("main")
                tab.run("document.querySelector('.evidence-words').scrollIntoView()")
                tab.shot(f"tanda-{width}-keputusan")
    finally:
        chromium.close()


def test_more_than_was_sent_is_flagged_and_answered(site):
    month = time.strftime("%Y-%m", time.gmtime(NOON_S + WITA_S))
    download(site)
    # the lie; an honest test from elsewhere; one of an agent that does not tell its nonce
    say(site, (10, 40000, 5600000, NONCE), (12, 40000, 5600000, NONCE - 1), (14, 40000, 5600000, 0))
    item, = wait_for(lambda: inbox(site, month), "it is in the inbox", 60)
    assert "40000 kbit/s" in item["evidence"] and "5600000 byte" in item["evidence"]
    assert f"hanya {SENT} byte" in item["evidence"]

    browser = Browser(site.web_port)
    assert browser.log_in("kepala", PASSWORD).status == 200
    assert browser.ask(f"/api/v1/links/{site.link}").json()["flags"] == {"open": 1, "month": month}
    assert witness(site) == ("warn", "open flags: 1")
    look_at_page(site)
    rows = browser.ask(f"/api/v1/decisions?month={month}&kind=witness").json()["rows"]
    assert [row["item"] for row in rows if not row["dismissal"]] == [item["item"]]
    answer = browser.post("/api/v1/decisions/dismiss", month=month, items=[item["item"]],
                          note="router diganti")
    assert answer.status == 204
    assert inbox(site, month) == []
    assert browser.ask(f"/api/v1/links/{site.link}").json()["flags"] is None
    assert witness(site) == ("ok", "no flags open")
    log = json.loads(site.pantau("decide", "log", "--json"))
    assert [(row["by"], row["note"]) for row in log] == [("kepala", "router diganti")]
    assert all(row["entered"] for row in log)
    figures = site.sla(month, "--link", site.link)[0]
    assert (figures["speed_tests"], figures["down_median_kbps"]) == ("3", "40000")
