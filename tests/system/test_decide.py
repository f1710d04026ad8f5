# SPDX-License-Identifier: Apache-2.0
"""What people decide before a month closes: the inbox, exclusions confirmed and imported, disputes,
objections, tickets, claims; through the real programs."""

import csv
import hashlib
import io
import json
import sqlite3
import time

import pytest

from support.browser import ask
from support.enter import DOCUMENT, enter, wait_in_ledger
from support.invented import Boot, boots_of
from support.programs import RELEASE, wait_for
from support.records import SlotFactory
from support.reporter import Reporter
from support.server import Server, last_number
from support.site import text_of
from support.weeks import MONTH, MONTH_FROM
from system.independent_sla import FOREVER, Case, Contract, Slot, Terms

SIGNED = ("--by", "Budi", "--note", "uji")
DAY_S = 86400


def good(start, minutes):
    return [Slot(start + 60 * n, start + 60 * n + 60, 6, 6, 0) for n in range(minutes)]


def bad(start, minutes, cause="provider"):
    return [Slot(start + 60 * n, start + 60 * n + 60, 6, 6, 6, cause) for n in range(minutes)]


def contract(start=MONTH_FROM, end=FOREVER, fee=1200000, **terms):
    return Contract(start, end, Terms(995000, fee, "prorata", **terms))


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("decide") / "server", build=RELEASE).init()
    yield server.start("ingest", "ledger", "web")
    server.close()


@pytest.fixture(scope="module")
def town(collector):
    """A month of one link in which everything waits that can."""
    at = MONTH_FROM
    gap = (at + 5 * 3600 + 240, at + 6 * 3600)
    slots = (good(at, 120) + bad(at + 7200, 60) + good(at + 3 * 3600, 120)
             + bad(at + 5 * 3600, 4) + good(gap[1], 60)
             + good(at + 9 * 3600, 60) + bad(at + 10 * 3600, 4)
             + bad(at + 10 * 3600 + 480, 4) + good(at + 10 * 3600 + 720, 60))
    case = Case(MONTH, 28800, [contract(end=at + 20 * DAY_S), contract(at + 21 * DAY_S)], slots,
                power_gaps=[gap])
    return enter(collector, case, "town"), gap


def listed(server, *words):
    return json.loads(server.pantau("decide", "list", "--month", MONTH, *words, "--json"))


def of_kind(items, kind):
    return [item for item in items if item["kind"] == kind]


def refused(server, *words, status=1, says=""):
    done = server.run(*words)
    assert done.returncode == status, done.stdout + done.stderr
    assert done.stdout == "" and says in done.stderr, done.stderr
    return done.stderr


def follow(server):
    """Until the ledger has followed what the registry says now."""
    wanted = changes(server)
    wait_for(lambda: server.status_of("ledger").get("registry_sequence", 0) >= wanted,
             "the ledger follows the registry")


def changes(server):
    with sqlite3.connect(f"file:{server.state}/registry.db?mode=ro", uri=True) as db:
        return db.execute("SELECT max(sequence) FROM change").fetchone()[0]


# ---- the inbox

def test_undetermined_time_and_what_hangs_on_it(collector, town):
    link, _ = town
    rows = collector.sla(MONTH, "--link", link)
    items = of_kind(listed(collector, "--link", link), "undetermined")
    assert {item["item"] for item in items} == {
        f"undetermined-{link}-{row['contract']}-{MONTH}" for row in rows}
    for item in items:
        row, = [row for row in rows if int(row["contract"]) == item["contract"]]
        assert item["seconds"] == int(row["n"]) == sum(one["seconds"] for one in item["spans"])
        assert item["rupiah"] == int(row["restitution_high"]) - int(row["restitution_low"])
        stakes = [one["rupiah"] for one in item["spans"]]
        assert stakes == sorted(stakes, reverse=True) and stakes[0] > 0
        for cause in {one["cause"] for one in item["spans"]}:
            assert int(row[f"n_{cause}"]) == sum(
                one["seconds"] for one in item["spans"] if one["cause"] == cause)


def test_power_gap_beside_a_bad_slot(collector, town):
    link, gap = town
    item, = of_kind(listed(collector, "--link", link), "power-gap")
    assert item["item"] == f"power-gap-{link}-{gap[0]}"
    assert (item["from"], item["to"]) == (text_of(gap[0]), text_of(gap[1]))
    assert item["seconds"] == gap[1] - gap[0] and item["cause"] == "power"
    assert item["command"] == (
        f"pantau exclusion add --link {link} --reason power --from {text_of(gap[0])} --to "
        f"{text_of(gap[1])} --by NAME --note TEXT")
    # prorata: what falls is the fee's share of the gap, the rest being the same
    assert abs(item["rupiah"] - 1200000 * item["seconds"] // (31 * DAY_S)) <= 1


def test_gap_between_contracts(collector, town):
    link, _ = town
    item, = of_kind(listed(collector, "--link", link), "contract-gap")
    assert (item["from"], item["to"]) == (text_of(MONTH_FROM + 20 * DAY_S),
                                          text_of(MONTH_FROM + 21 * DAY_S))
    assert item["rupiah"] == 1200000 * DAY_S // (31 * DAY_S)
    assert f"pantau contract add --link {link} --from" in item["command"]


def test_outage_that_needs_a_word(collector):
    slots = good(MONTH_FROM, 60) + bad(MONTH_FROM + 3600, 60)
    slots += good(MONTH_FROM + 6 * 3600, 60)  # 13,393 s down fail the target
    link = enter(collector, Case(MONTH, 28800, [contract()], slots), "unclear")
    row, = collector.rows("outages", "--month", MONTH, "--link", link)
    assert row["note"] == "perlu klarifikasi"
    assert (row["ttr_min_s"], row["ttr_max_s"]) == ("3600", "18000")
    item, = of_kind(listed(collector, "--link", link), "outage")
    assert item["item"] == f"outage-{link}-{MONTH_FROM + 3600}"
    assert (item["from"], item["to"]) == (row["start"], row["end"])
    assert item["seconds"] == 18000 and item["cause"] == "provider" and item["rupiah"] > 0


def test_the_dearest_stands_first_and_filters_hold(collector, town):
    link, _ = town
    other = collector.add_link(provider="Lain")
    collector.add_contract(other, "2026-03-01", fee=50000000)
    items = listed(collector)
    open_ones = [item for item in items if not item["dismissal"]]
    assert [item["rupiah"] for item in open_ones] == sorted(
        (item["rupiah"] for item in open_ones), reverse=True)
    assert open_ones[0]["link"] == other
    assert {item["provider"] for item in listed(collector, "--provider", "Lain")} == {"Lain"}
    assert other not in {item["link"] for item in listed(collector, "--link", link)}
    assert listed(collector, "--provider", "Tidak Ada") == []
    text = collector.pantau("decide", "list", "--month", MONTH)
    assert "Yang dapat dilakukan" in text and f"undetermined-{other}-" in text
    rows = list(csv.DictReader(io.StringIO(
        collector.pantau("decide", "list", "--month", MONTH, "--format", "csv"))))
    assert [row["item"] for row in rows] == [item["item"] for item in items]
    answer = json.loads(collector.get(f"/api/v1/decisions?month={MONTH}&limit=1"))
    assert answer["total"] == len(items) and answer["rows"] == items[:1]
    assert collector.get("/api/v1/decisions?month=2026-3", None) is None


def test_dismissed_and_taken_back(collector, town):
    link, gap = town
    item = f"power-gap-{link}-{gap[0]}"
    number = last_number(collector.pantau("decide", "dismiss", item, *SIGNED))
    last = listed(collector, "--link", link)[-1]
    assert (last["item"], last["dismissal"]) == (item, number)
    assert (last["dismissed_by"], last["dismissed_note"]) == ("Budi", "uji")
    refused(collector, "decide", "dismiss", item, *SIGNED, says="was dismissed before")
    log = json.loads(collector.pantau("decide", "log", "--json"))
    assert [(row["what"], row["by"]) for row in log] == [(item, "Budi")]
    collector.pantau("decide", "revoke", "--dismissal", number, "--by", "Citra", "--note", "keliru")
    again, = of_kind(listed(collector, "--link", link), "power-gap")
    assert again["dismissal"] is None
    row, = json.loads(collector.pantau("decide", "log", "--json"))
    assert (row["revoked_by"], row["revoke_note"]) == ("Citra", "keliru")
    refused(collector, "decide", "revoke", "--dismissal", number, *SIGNED, says="revoked before")


@pytest.mark.parametrize("item, says", [
    ("power-gap-1-1", "is not in the inbox"), ("nonsense", "is none"), ("power-gap-1", "is none"),
    ("power-gap-x-2", "is none"), ("outage-1-2-3", "is none"), ("objection-1", "is answered"),
    ("exclusion-999", "is not in the inbox"), ("undetermined-1-1-2026-13", "2026-13"),
    ("undetermined-1-1-2020-01", "is not in the inbox"), ("power-gap-999-1772304624", "999")])
def test_items_that_are_none(collector, town, item, says):
    refused(collector, "decide", "dismiss", item, *SIGNED, says=says)


# ---- exclusions

def add_exclusion(server, link, reason, start, end):
    return last_number(server.pantau(
        "exclusion", "add", "--link", link, "--reason", reason, "--from", text_of(start), "--to",
        text_of(end), *SIGNED))


def test_confirming_an_exclusion(collector, town):
    link, _ = town
    start = MONTH_FROM + 7200
    number = add_exclusion(collector, link, "force-majeure", start, start + 3600)
    before = collector.sla(MONTH, "--link", link)[0]
    item, = of_kind(listed(collector, "--link", link), "exclusion")
    assert (item["item"], item["seconds"]) == (f"exclusion-{number}", 3600)
    assert item["rupiah"] > 0 and "Budi: uji" in item["evidence"]
    assert item["command"] == f"pantau exclusion confirm {number} --second NAME --document FILE"
    confirm = ("exclusion", "confirm", number, "--document", DOCUMENT, "--second")
    for name in ("Budi", "budi", " BUDI "):
        refused(collector, *confirm, name, says="another person")
    refused(collector, "exclusion", "confirm", number, "--second", "Citra", "--document",
            "/no/such/file", says="/no/such/file")
    refused(collector, "exclusion", "confirm", 999, "--second", "Citra", "--document", DOCUMENT,
            says="exclusion 999 does not exist")
    collector.pantau(*confirm, "Citra")
    refused(collector, *confirm, "Dewi", says="confirmed before, by Citra")
    row = [one for one in json.loads(collector.pantau("exclusion", "list", "--json"))
           if one["exclusion"] == number][0]
    assert row["second"] == "Citra"
    assert row["document"] == hashlib.sha256(DOCUMENT.read_bytes()).hexdigest()
    after = collector.sla(MONTH, "--link", link)[0]
    assert int(after["d"]) == int(before["d"]) - 3600
    assert int(before["restitution_high"]) - int(after["restitution_high"]) == item["rupiah"]
    assert of_kind(listed(collector, "--link", link), "exclusion") == []
    collector.pantau("exclusion", "revoke", number, "--by", "Citra", "--note", "dokumen palsu")
    assert collector.sla(MONTH, "--link", link)[0]["d"] == before["d"]


def test_what_needs_no_second_officer(collector, town):
    link, _ = town
    power = add_exclusion(collector, link, "power", MONTH_FROM - 99, MONTH_FROM - 98)
    refused(collector, "exclusion", "confirm", power, "--second", "Citra", "--document", DOCUMENT,
            says="needs no second officer")
    gone = add_exclusion(collector, link, "customer", MONTH_FROM - 99, MONTH_FROM - 98)
    collector.pantau("exclusion", "revoke", gone)
    refused(collector, "exclusion", "confirm", gone, "--second", "Citra", "--document", DOCUMENT,
            says="was revoked")


def write_cuts(server, text):
    path = server.folder / "pln.csv"
    path.write_text(text)
    return path


def exclusions(server):
    return json.loads(server.pantau("exclusion", "list", "--json"))


def test_a_list_of_cuts(collector, town):
    link, gap = town
    local = time.strftime("%Y-%m-%d %H:%M", time.gmtime(gap[0] + 28800))
    until = text_of(gap[1])
    cuts = write_cuts(collector, "kecamatan,from,to,note\n"
                      f"64.08.05,{local},{until},Gardu 3\r\n"
                      f"64.08.05,{text_of(gap[1])},{text_of(gap[1] + 600)},\n")
    before, known = collector.sla(MONTH, "--link", link)[0], exclusions(collector)
    words = ("exclusion", "import", cuts, "--reason", "power", "--by", "Budi", "--note",
             "pemadaman PLN")
    dry = json.loads(collector.pantau(*words, "--dry-run", "--json"))
    assert [(row["line"], row["seconds"]) for row in dry] == [(2, gap[1] - gap[0]), (3, 0)]
    assert exclusions(collector) == known
    assert collector.pantau(*words).strip() == "2"
    new = exclusions(collector)[len(known):]
    assert [(row["scope"], row["value"], row["reason"], row["by"], row["note"]) for row in new] == [
        ("kecamatan", "64.08.05", "power", "Budi", "pemadaman PLN: Gardu 3"),
        ("kecamatan", "64.08.05", "power", "Budi", "pemadaman PLN")]
    assert new[0]["from"] == text_of(gap[0] // 60 * 60)
    after = collector.sla(MONTH, "--link", link)[0]
    assert int(after["e"]) - int(before["e"]) == dry[0]["seconds"]
    assert of_kind(listed(collector, "--link", link), "power-gap") == []
    for row in new:
        collector.pantau("exclusion", "revoke", row["exclusion"], *SIGNED)


def test_each_bad_line_is_named_and_nothing_is_entered(collector, town):
    known = exclusions(collector)
    cuts = write_cuts(collector, "kecamatan,from,to\n"
                      "64.08.05,2026-03-02T01:00Z,2026-03-02T02:00Z\n"
                      "64.08,2026-03-02,2026-03-03\n"
                      "99.99.99,2026-03-02,2026-03-03\n"
                      "64.08.05,kemarin,2026-03-03\n"
                      "64.08.05,2026-03-03,2026-03-02\n"
                      "64.08.05,2026-03-02T01:00Z,2026-03-02T02:00Z\n")
    words = ("exclusion", "import", cuts, "--reason", "power", *SIGNED)
    said = refused(collector, *words, says="5 of 6 lines are refused; nothing was entered")
    for line, field, value in ((3, "kecamatan", "64.08"), (4, "kecamatan", "99.99.99"),
                               (5, "from", "kemarin"), (6, "to", "2026-03-02"),
                               (7, "kecamatan", "64.08.05")):
        assert f"{cuts}:{line}: {field} = '{value}'" in said
    assert exclusions(collector) == known
    refused(collector, "exclusion", "import", write_cuts(collector, "kecamatan,from\n64.08.05,x\n"),
            "--reason", "power", *SIGNED, says='no column "to"')
    refused(collector, "exclusion", "import",
            write_cuts(collector, "kecamatan,from,to,desa\n64.08.05,x,y,z\n"), "--reason", "power",
            *SIGNED, says='unknown column "desa"')
    refused(collector, "exclusion", "import", write_cuts(collector, "kecamatan,from,to\n"),
            "--reason", "power", *SIGNED, says="no line but the first")
    refused(collector, "exclusion", "import", "/no/such.csv", "--reason", "power", *SIGNED,
            says="/no/such.csv")


def test_the_zone_of_a_list_can_be_stated(collector, town):
    cuts = write_cuts(collector, "kecamatan,from,to\n64.08.05,2026-03-02T07:00,2026-03-02 08:00\n")
    for zone, start in (("UTC", "2026-03-02T07:00:00Z"), ("WIB", "2026-03-02T00:00:00Z"),
                        ("WIT", "2026-03-01T22:00:00Z")):
        row, = json.loads(collector.pantau("exclusion", "import", cuts, "--reason", "power",
                                           *SIGNED, "--zone", zone, "--dry-run", "--json"))
        assert row["from"] == start


# ---- disputes

HOUR_S = 3600


def device(name, slots):
    """One of two devices of one image: its boot, which the kernel drew for it alone."""
    one, = boots_of(Case(MONTH, 28800, [], slots))
    twin = Boot(one.run, one.booted_s, name)
    for slot in slots:
        twin.add(SlotFactory(), slot)
    return twin


# Of one hour; the second device lost 39 minutes of it.
DEVICES = {"A": device("A", good(MONTH_FROM, 60)),
           "B": device("B", good(MONTH_FROM, 20) + bad(MONTH_FROM + 1200, 39)
                       + good(MONTH_FROM + 3540, 1))}


def told_by(server, order):
    """A link measured by these devices with one identity, one after the other: (link, agent)."""
    link = server.add_link(provider="Kembar")
    server.add_contract(link, "2026-03-01")
    issued = server.issue(link, f"clone-{link}", "2024-01-01")
    for name in order:
        boot = DEVICES[name]
        with Reporter(server, issued) as reporter:
            reporter.hello((boot.run, boot.nonce, 1, len(boot.records)))
            reporter.deliver(boot.run, boot.numbered())
    wait_in_ledger(server, issued.agent, len(boot.records) * len(order))
    return link, issued.agent


def figures(server, link):
    """The month of a link, and its outages, without what names the link or grows until now."""
    row, = server.sla(MONTH, "--link", link)
    outages = server.rows("outages", "--month", MONTH, "--link", link)
    names = {"as_of": "", "link": "", "contract": "", "outage": ""}
    return row | names, [outage | names | {"n": ""} for outage in outages]


@pytest.fixture(scope="module")
def alone(collector):
    return {name: figures(collector, told_by(collector, name)[0]) for name in DEVICES}


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_a_device_is_chosen_whichever_came_first(collector, alone, order):
    link, agent = told_by(collector, order)
    before = figures(collector, link)
    assert int(before[0]["n_disputed"]) == HOUR_S
    item, = of_kind(listed(collector, "--link", link), "dispute")
    assert [(one["boot"], one["slots"], one["from"], one["to"]) for one in item["devices"]] == [
        (boot.id.hex(), 60, text_of(MONTH_FROM), text_of(MONTH_FROM + HOUR_S))
        for boot in sorted(DEVICES.values(), key=lambda boot: boot.id)]
    for name, boot in DEVICES.items():
        assert f"boot {boot.id.hex()[:8]} 60 slot" in item["evidence"]
        number = last_number(collector.pantau(
            "decide", "dispute", "--agent", agent, "--from", text_of(MONTH_FROM), "--to",
            text_of(MONTH_FROM + HOUR_S), *SIGNED, "--accept", boot.id.hex()[:8]))
        follow(collector)
        assert figures(collector, link) == alone[name]
        one = json.loads(collector.pantau("explain", "--link", link, "--at",
                                          text_of(MONTH_FROM + 1830), "--json"))
        assert one["class"] == {"A": "U", "B": "D"}[name]
        assert one["dispute"]["settled"]["accept"] == boot.id.hex()
        assert of_kind(listed(collector, "--link", link), "dispute") == []
        collector.pantau("decide", "revoke", "--dispute", number, *SIGNED)
        follow(collector)
        assert figures(collector, link) == before


def test_the_log_of_another_kabupaten_stays_there_when_a_device_moves(collector):
    link, agent = told_by(collector, "AB")
    moved_to = collector.add_link("64.02.01.2001")
    collector.pantau("agent", "bind", "--agent", agent, "--wan", "wan", "--link", moved_to,
                     "--from", text_of(MONTH_FROM + DAY_S))
    number = last_number(collector.pantau(
        "decide", "dispute", "--agent", agent, "--from", text_of(MONTH_FROM), "--to",
        text_of(MONTH_FROM + HOUR_S), "--by", "Budi", "--note", "rahasia", "--accept", "none"))

    def seen(kabupaten):
        answer = ask(collector.web_port, "/api/v1/decisions/log",
                     token=collector.token("officer", kabupaten=kabupaten))
        assert answer.status == 200, answer.body
        return [row["number"] for row in answer.json()["rows"] if row["note"] == "rahasia"]
    assert seen("64.08") == [int(number)]
    assert seen("64.02") == []  # the device stood elsewhere then
    collector.pantau("decide", "revoke", "--dispute", number, *SIGNED)


def test_what_no_device_is_chosen_for_stays_unknown(collector):
    link, agent = told_by(collector, "AB")
    item, = of_kind(listed(collector, "--link", link), "dispute")
    assert item["item"] == f"dispute-{link}-{agent}-{MONTH_FROM}"
    settle = ("decide", "dispute", "--agent", agent, "--from", text_of(MONTH_FROM), "--to",
              text_of(MONTH_FROM + HOUR_S), *SIGNED, "--accept")
    refused(collector, *settle, "00000000", says="has none that begins so")
    refused(collector, *settle, "first", status=2, says="accept = first")
    refused(collector, *settle, DEVICES["A"].id.hex()[:7], status=2, says="8 or more digits")
    last_number(collector.pantau(*settle, "none"))
    assert of_kind(listed(collector, "--link", link), "dispute") == []
    follow(collector)
    assert collector.sla(MONTH, "--link", link)[0]["n_disputed"] == str(HOUR_S)
    refused(collector, *settle, "none", says="settles it")


@pytest.mark.parametrize("words, status, says", [
    (("--agent", 1, "--from", "2026-03-01", "--to", "2026-03-02"), 1, "is disputed"),
    (("--agent", 9999, "--from", "2026-03-01", "--to", "2026-03-02"), 1, "agent = 9999"),
    (("--agent", 1, "--from", "2026-03-02", "--to", "2026-03-01"), 1, "must begin before it ends"),
    (("--agent", 1, "--from", "x", "--to", "2026-03-01"), 2, '--from: "x"'),
    (("--agent", 0, "--from", "x", "--to", "2026-03-01"), 2, "--agent = '0'")])
def test_disputes_that_are_none(collector, town, words, status, says):
    refused(collector, "decide", "dispute", *words, "--accept", "none", *SIGNED, status=status,
            says=says)


# ---- objections

def test_an_objection_is_shown_until_it_is_answered(collector, town):
    link, _ = town
    start = text_of(MONTH_FROM + 7200)
    add = ("objection", "add", "--link", link, "--provider", "Penyedia Uji", "--by", "Rudi",
           "--note", "kabel dipotong pihak ketiga")
    number = last_number(collector.pantau(*add, "--outage", start, "--document", DOCUMENT))
    row, = [row for row in collector.rows("outages", "--month", MONTH, "--link", link)
            if row["start"] == start]
    assert row["objection"] == str(number)
    item, = of_kind(listed(collector, "--link", link), "objection")
    assert item["item"] == f"objection-{number}" and item["rupiah"] > 0
    assert "kabel dipotong" in item["evidence"]
    one = json.loads(collector.pantau("explain", "--link", link, "--at", start, "--json"))
    assert [(each["id"], each["accepted"]) for each in one["objections"]] == [(number, None)]
    answer = json.loads(collector.get("/api/v1/objections?open=1"))
    assert [row["objection"] for row in answer["rows"]] == [number]
    mine = json.loads(collector.pantau("objection", "list", "--provider", "Penyedia Uji", "--json"))
    assert [row["document"] for row in mine] == [
        hashlib.sha256(DOCUMENT.read_bytes()).hexdigest()]
    assert json.loads(collector.pantau("objection", "list", "--provider", "Lain", "--json")) == []
    collector.pantau("objection", "answer", number, "--reject", "--by", "Budi", "--note", "tidak")
    refused(collector, "objection", "answer", number, "--accept", *SIGNED, says="answered before")
    row, = [row for row in collector.rows("outages", "--month", MONTH, "--link", link)
            if row["start"] == start]
    assert row["objection"] == ""
    assert of_kind(listed(collector, "--link", link), "objection") == []
    row = json.loads(collector.pantau("objection", "list", "--json"))[number - 1]
    assert (row["answer"], row["answered_by"], row["answer_note"]) == ("rejected", "Budi", "tidak")


def test_an_objection_to_time_in_no_contract_waits_too(collector, town):
    link, _ = town
    at = text_of(MONTH_FROM + 20 * DAY_S + 60)
    number = last_number(collector.pantau(
        "objection", "add", "--link", link, "--provider", "Penyedia Uji", "--by", "Rudi", "--note",
        "kontrak diperpanjang", "--at", at))
    item, = of_kind(listed(collector, "--link", link), "objection")
    assert (item["item"], item["from"], item["contract"]) == (f"objection-{number}", at, None)
    collector.pantau("objection", "answer", number, "--accept", *SIGNED)


def test_objections_that_are_none(collector, town):
    link, _ = town
    add = ("objection", "add", "--by", "Rudi", "--note", "x", "--provider")
    here = ("--link", link, "--at", text_of(MONTH_FROM))
    refused(collector, *add, "Lain", *here, says="provider = Lain")
    refused(collector, *add, "Penyedia Uji", "--link", 999, "--at", "2026-03-01",
            says="link 999 does not exist")
    refused(collector, *add, "Penyedia Uji", "--link", link, "--at", "2036-03-01",
            says="has not been yet")
    refused(collector, *add, "Penyedia Uji", "--link", link, "--outage", "2026-03-01T00:00Z",
            says="no outage of link")
    refused(collector, *add, "Penyedia Uji", *here, "--outage", "2026-03-01", status=2,
            says="one of --at and --outage")
    refused(collector, *add, "Penyedia Uji", *here, "--document", "/no/file", says="/no/file")
    refused(collector, "objection", "answer", 999, "--accept", *SIGNED, says="does not exist")
    refused(collector, "objection", "answer", 1, *SIGNED, status=2,
            says="one of --accept and --reject")


# ---- tickets

def test_the_time_to_repair_counts_from_the_ticket_too(collector, town):
    link, _ = town
    start = MONTH_FROM + 7200
    add = ("ticket", "add", "--link", link, "--by", "NOC", "--at", text_of(start + 900))
    number = last_number(collector.pantau(*add, "--number", "T-1", "--opened",
                                          text_of(start + 600)))
    refused(collector, *add, "--number", "T-1", "--opened", text_of(start), says="number = T-1")
    refused(collector, *add, "--number", "T-2", "--opened", "2036-01-01", says="opened = 2035")
    refused(collector, *add, "--number", "T-2", "--opened", text_of(start - 1),
            says=f"the outage did not begin before {text_of(start)}")

    def row():
        rows = collector.rows("outages", "--month", MONTH, "--link", link)
        return [one for one in rows if one["start"] == text_of(start)][0]
    one = row()
    assert (one["ttr_min_s"], one["ttr_max_s"]) == ("3600", "3600")
    assert (one["ticket"], one["ticket_opened"]) == ("T-1", text_of(start + 600))
    assert (one["ticket_ttr_min_s"], one["ticket_ttr_max_s"]) == ("3000", "3000")
    listed_one, = json.loads(collector.pantau("ticket", "list", "--json"))
    assert (listed_one["ticket"], listed_one["number"]) == (number, "T-1")
    collector.pantau("ticket", "revoke", number, *SIGNED)
    assert (row()["ticket"], row()["ticket_ttr_min_s"]) == ("", "")


# ---- claims

@pytest.fixture(scope="module")
def claimed(collector):
    """A link with three outages: 20 days ago, yesterday, and one that lasts."""
    now = int(time.time()) // 60 * 60
    first, second = now - 20 * DAY_S, now - DAY_S
    slots = (good(first - 3600, 60) + bad(first, 30) + good(first + 1800, 60)
             + good(second - 3600, 60) + bad(second, 20) + good(second + 1200, 60)
             + good(now - 7200, 60) + bad(now - 3600, 59))
    case = Case(MONTH, 28800, [contract(first - DAY_S)], slots)
    link = collector.add_link(provider="Klaim")
    collector.add_contract(link, text_of(first - DAY_S))
    issued = collector.issue(link, "claims", "2024-01-01")
    boot, = boots_of(case)
    with Reporter(collector, issued) as reporter:
        reporter.hello((boot.run, boot.nonce, 1, len(boot.records)))
        reporter.deliver(boot.run, boot.numbered())
    wait_in_ledger(collector, issued.agent, len(boot.records))
    return link, first, second


def claims(server, *words):
    return json.loads(server.pantau("claims", "--provider", "Klaim", "--json", *words))


def test_claims_and_their_windows(collector, claimed):
    link, first, second = claimed
    rows = claims(collector)
    assert [row["state"] for row in rows] == ["overdue", "open", "running"]
    overdue, waiting, running = rows
    assert overdue["end"] == overdue["window_start"] == text_of(first + 1800)
    assert overdue["window_end"] == text_of(first + 1800 + 14 * DAY_S)
    assert overdue["days_left"] < 0 and overdue["claim_days"] == 14
    assert waiting["window_end"] == text_of(second + 1200 + 14 * DAY_S)
    assert waiting["days_left"] == 13
    assert running["window_end"] is None and running["days_left"] is None
    assert [row["state"] for row in claims(collector, "--overdue-days", 1)] == ["open", "running"]
    assert claims(collector, "--link", 1) == []
    assert "LEWAT" in collector.pantau("claims", "--link", link)
    answer = json.loads(collector.get(f"/api/v1/claims?link={link}"))
    assert [row["window_end"] for row in answer["rows"]] == [row["window_end"] for row in rows]


def test_who_was_told(collector, claimed):
    link, first, second = claimed
    told = ("claims", "told", "--link", link, "--outage", text_of(second), "--by", "Budi", "--note",
            "surat 12/2026")
    number = last_number(collector.pantau(*told, "--when", text_of(second + 7200)))
    row = claims(collector)[-1]
    assert (row["state"], row["start"]) == ("told", text_of(second))
    assert (row["told"], row["told_when"]) == (number, text_of(second + 7200))
    assert (row["told_by"], row["told_note"]) == ("Budi", "surat 12/2026")
    last_number(collector.pantau("claims", "told", "--link", link, "--at", text_of(first + 60),
                                 *SIGNED))
    assert {row["state"] for row in claims(collector)} == {"told", "told-late", "running"}
    refused(collector, "claims", "told", "--link", link, "--outage", text_of(second + 60), *SIGNED,
            says="no outage of link")
    refused(collector, *told, "--when", "2036-01-01", says="when = 2035")
    collector.pantau("claims", "revoke", number, *SIGNED)
    assert "open" in {row["state"] for row in claims(collector)}


def test_a_contract_says_how_long_the_window_is(collector, claimed):
    link = collector.add_link(provider="Klaim Pendek")
    case = Case(MONTH, 28800, [], good(claimed[2] - 3600, 60) + bad(claimed[2], 10)
                + good(claimed[2] + 600, 30))
    collector.add_contract(link, text_of(claimed[2] - DAY_S), words=("--set", "claim-days=3"))
    issued = collector.issue(link, "short", "2024-01-01")
    boot, = boots_of(case)
    with Reporter(collector, issued) as reporter:
        reporter.hello((boot.run, boot.nonce, 1, len(boot.records)))
        reporter.deliver(boot.run, boot.numbered())
    wait_in_ledger(collector, issued.agent, len(boot.records))
    row, = json.loads(collector.pantau("claims", "--link", link, "--json"))
    assert (row["claim_days"], row["window_end"]) == (3, text_of(claimed[2] + 600 + 3 * DAY_S))


# ---- an empty store

def test_nothing_waits_in_an_empty_store(tmp_path):
    server = Server(tmp_path / "empty", build=RELEASE).init()
    assert json.loads(server.pantau("decide", "list", "--month", MONTH, "--json")) == []
    assert json.loads(server.pantau("claims", "--json")) == []
    assert json.loads(server.pantau("objection", "list", "--json")) == []
    refused(server, "decide", "list", "--month", "2026-13", status=2, says="--month")
    for item in ("power-gap-1-99999999999999999999", "dispute-1-1-2147483647", "outage-1-177"):
        refused(server, "decide", "dismiss", item, *SIGNED, says="link 1 does not exist")
    link = server.add_link()
    server.add_contract(link, "2026-03-01")
    item, = json.loads(server.pantau("decide", "list", "--month", MONTH, "--json"))
    assert (item["kind"], item["seconds"]) == ("undetermined", 31 * DAY_S)
    for item in ("power-gap-1-99999999999999999999", "dispute-1-1-2147483647", "outage-1-177",
                 "undetermined-1-1-9999-12"):
        refused(server, "decide", "dismiss", item, *SIGNED, says="is not in the inbox")
