# SPDX-License-Identifier: Apache-2.0
"""What the witnesses say beside the rounds, from an agent to `pantau samples`, to the web and to
`pantau explain`: pages, speed tests, observations, resolvers, and why the agent began anew."""

import json
import random

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import RELEASE, wait_for
from support.records import pb
from support.reporter import Reporter
from support.server import Server
from support.site import text_of

BEGIN = 1774972800  # 2026-04-01 in WITA
BOOTS = [bytes([number]) * 16 for number in range(8)]
RESOLVER = bytes([10, 0, 0, 1])


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "server", build=RELEASE).init()
    server.link = server.add_link()
    server.add_contract(server.link)
    yield server.start("ingest", "ledger", "web")
    server.close()


def deliver(server, runs, seed=0):
    """{run: records} as an agent tells them; with a seed twice and in any order."""
    issued = server.issue(server.link, "agent", "2026-01-01")
    told = [(run, (number, record)) for run, own in runs.items()
            for number, record in enumerate(own, 1)]
    with Reporter(server, issued) as reporter:
        reporter.hello(*((run, run, 1, len(own)) for run, own in runs.items()))
        draw = random.Random(seed)
        for run, entry in draw.sample(told + told, 2 * len(told)) if seed else told:
            reporter.report(run, [entry])
        assert reporter.rest() == {}
    wait_in_ledger(server, issued.agent, len(told))
    return issued


def listed(server, kind, *words):
    shown = json.loads(server.pantau("samples", "--link", server.link, "--kind", kind, "--from",
                                     text_of(BEGIN), "--to", text_of(BEGIN + 86400), "--json",
                                     *words))
    page = json.loads(server.get(f"/api/v1/samples?link={server.link}&kind={kind}"
                                 f"&from={text_of(BEGIN)}&to={text_of(BEGIN + 86400)}"))
    assert page["rows"] == shown and page["total"] == len(shown)
    return shown


def slot_with_names(start_s, *questions, lost=0):
    slot = records.make_slot(60000, 6, 6, lost, boot=BOOTS[0])
    slot.start_us = start_s * 1000000
    for question, outcome, rtt_us in questions:
        slot.dns.add(offset_ms=3000, resolver=RESOLVER, question=question, outcome=outcome,
                     rtt_us=rtt_us)
    return slot


@pytest.mark.parametrize("seed", [0, 1])
def test_samples_are_listed_as_they_were_said(server, seed):
    server_address = bytes([192, 0, 2, 80])
    deliver(server, {1: [
        records.anchor(BOOTS[0], 0, BEGIN * 1000000),
        records.http(BOOTS[0], 600 * 1000000, pb.HTTP_DONE, 200, address=server_address, port=443,
                     name_us=21000, connect_us=22000, tls_us=46000, first_byte_us=25000,
                     total_us=130000, bytes=5120),
        records.http(BOOTS[0], 1200 * 1000000, pb.HTTP_PORTAL, 302, total_us=90000),
        records.observation(BOOTS[0], 700 * 1000000, "modem", rsrp_dbm="-97", operator="A B"),
        pb.Record(speed=pb.Speed(boot=BOOTS[0], start_us=800 * 1000000, wan="wan",
                                 outcome=pb.SPEED_SKIPPED, reason=pb.SPEED_REASON_BUSY,
                                 other_rx_bytes=99)).SerializeToString(),
    ]}, seed)
    done, portal = listed(server, "http")
    assert done == {
        "at": text_of(BEGIN + 600), "wan": "wan", "url": "https://desa.example/",
        "outcome": "done", "status": 200, "address": "192.0.2.80:443", "name_us": 21000,
        "connect_us": 22000, "tls_us": 46000, "first_byte_us": 25000, "total_us": 130000,
        "bytes": 5120, "disputed": None}
    assert (portal["outcome"], portal["status"], portal["address"], portal["tls_us"]) == (
        "portal", 302, None, None)
    assert listed(server, "observation") == [
        {"at": text_of(BEGIN + 700), "source": "modem", "key": key, "value": value,
         "disputed": None}
        for key, value in (("rsrp_dbm", "-97"), ("operator", "A B"))]
    [skipped] = listed(server, "speed")
    assert (skipped["outcome"], skipped["reason"], skipped["down_kbps"]) == (
        "skipped", "busy", None)
    assert skipped["other_rx_bytes"] == 99
    table = server.pantau("samples", "--link", server.link, "--kind", "http", "--from",
                          text_of(BEGIN), "--to", text_of(BEGIN + 86400))
    assert "2026-04-01 00:10:00 WITA" in table and "2 baris" in table


def test_names_that_fail_are_no_downtime(server):
    good = [(pb.DNS_PRESENT, pb.DNS_ANSWERED, 200), (pb.DNS_ABSENT, pb.DNS_NXDOMAIN, 250)]
    bad = [(pb.DNS_PRESENT, pb.DNS_TIMEOUT, 0), (pb.DNS_ABSENT, pb.DNS_HIJACKED, 9000)]
    slots = [slot_with_names(60 * number, *(good if number < 10 else bad)) for number in range(60)]
    slots[20].stamp.CopyFrom(pb.Stamp(sent=6, lost_out=1, lost_back=2))
    slots[20].facts.clients_plus_one = 24
    deliver(server, {1: [records.anchor(BOOTS[0], 0, BEGIN * 1000000),
                         *(pb.Record(slot=slot).SerializeToString() for slot in slots)]})
    shown = listed(server, "dns")
    assert len(shown) == 120 and shown[0] == {
        "at": text_of(BEGIN + 3), "wan": "wan", "resolver": "10.0.0.1", "question": "present",
        "outcome": "answered", "rtt_us": 200, "disputed": None}
    assert [row["outcome"] for row in shown[-2:]] == ["timeout", "hijacked"]
    assert shown[-2]["rtt_us"] is None
    wait_for(lambda: json.loads(server.get("/api/v1/desa"))["rows"][0]["dns"] ==
             "10.0.0.1 timeout", "the wall says that names fail")
    words = ("explain", "--link", server.link, "--at", text_of(BEGIN + 1230))
    told = json.loads(server.pantau(*words, "--json"))
    assert told["run"]["state"] == "U"
    assert [one["outcome"] for one in told["slot"]["dns"]] == ["timeout", "hijacked"]
    assert told["slot"]["stamp"] == {"sent": 6, "lost_out": 1, "lost_back": 2, "forged": 0}
    assert told["slot"]["clients"] == 23
    text = server.pantau(*words, "--lang", "en")
    assert "DNS 10.0.0.1, a name that exists: timeout." in text
    assert "a fault of DNS, which is no D" in text
    assert "Devices behind the router: 23." in text
    quiet = server.pantau("explain", "--link", server.link, "--at", text_of(BEGIN + 30))
    assert "gangguan DNS" not in quiet and "dijawab, 0.200 ms" in quiet
    [row] = server.sla("2026-04", "--link", server.link, "--as-of", text_of(BEGIN + 3600))
    assert row["d"] == "0" and row["u"] == "3600"


# Each run: its boot, its software, what its machine says, whether it ended with a Stop; the word.
STARTS = (
    (0, "1", pb.RESET_UNKNOWN, False, "first"),
    (0, "1", pb.RESET_UNKNOWN, True, "crash"),
    (0, "1", pb.RESET_UNKNOWN, True, "restart"),
    (0, "2", pb.RESET_UNKNOWN, True, "upgrade"),
    (1, "2", pb.RESET_UNKNOWN, False, "reboot"),
    (2, "2", pb.RESET_POWER_ON, False, "power"),
    (3, "2", pb.RESET_WATCHDOG, False, "watchdog"),
    (4, "2", pb.RESET_PANIC, True, "panic"),
    (5, "3", pb.RESET_POWER_ON, True, "upgrade"),
)


@pytest.mark.parametrize("seed", [0, 1])
def test_each_start_says_why(server, seed):
    runs = {}
    for run, (boot, software, reset, stopped, _) in enumerate(STARTS, 1):
        began = BEGIN + 1000 * run
        name, booted = BOOTS[boot], BEGIN + (0 if boot == 0 else 1000 * run - 30)
        mono_us = (began - booted) * 1000000
        slot = records.make_slot(60000, 6, 6, 0, boot=name)
        slot.start_us = mono_us + 1000000
        runs[run] = [records.start(name, mono_us, run, software, reset),
                     records.anchor(name, mono_us, began * 1000000),
                     pb.Record(slot=slot).SerializeToString()]
        if stopped:
            runs[run].append(records.stop(name, mono_us + 62000000))
    deliver(server, runs, seed)
    shown = listed(server, "start")
    assert [row["why"] for row in shown] == [one[-1] for one in STARTS]
    assert [row["software"] for row in shown] == [one[1] for one in STARTS]
    assert shown[6]["reset"] == "watchdog" and shown[6]["at"] == text_of(BEGIN + 7000)
    causes = {}
    for run in range(1, len(STARTS)):
        told = json.loads(server.pantau("explain", "--link", server.link, "--at",
                                        text_of(BEGIN + 1000 * run + 600), "--json"))
        causes[STARTS[run][-1]] = told["run"]["cause"]
        if STARTS[run][-1] == "watchdog":
            assert told["heard_after"]["reset"] == "watchdog"
    assert causes == {"crash": "agent", "restart": "agent", "upgrade": "restart",
                      "reboot": "restart", "power": "power", "watchdog": "restart",
                      "panic": "restart"}


@pytest.mark.parametrize("query,status", [
    ("", 400), ("link=1", 400), ("kind=http", 400), ("link=1&kind=nix", 400),
    ("link=77&kind=http", 404), ("link=1&kind=http&since=1", 400)])
def test_bad_questions_are_refused(server, query, status):
    assert server.get(f"/api/v1/samples?{query}", status) == status


def test_usage(server):
    done = server.run("samples", "--link", server.link)
    assert done.returncode == 2 and "--kind" in done.stderr
    done = server.run("samples", "--link", server.link, "--kind", "http", "--from",
                      "2026-04-02", "--to", "2026-04-01")
    assert done.returncode == 2 and "--from does not lie before --to" in done.stderr
