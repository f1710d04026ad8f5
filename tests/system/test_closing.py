# SPDX-License-Identifier: Apache-2.0
"""Months that are closed: too early, in time, again, late, in the middle of a kill, twice at once;
and what an auditor makes of the document with no server at hand."""

import hashlib
import json
import re
import sqlite3
import subprocess
import threading
import time

import pytest

from support.enter import enter, wait_in_ledger
from support.invented import Boot, tell
from support.programs import program, wait_for
from support.records import SlotFactory, ledger_rows
from support.reporter import Reporter
from support.server import Server
from support.site import text_of
from system.independent_sla import FOREVER, Case, Contract, Slot, Terms

JANUARY, FEBRUARY, MARCH, APRIL = 1767196800, 1769875200, 1772294400, 1774972800  # 2026, WITA
DAY = 86400
TERMS = Terms(target_ppm=995000, fee=1200000, formula="excess")


def good(start, end):
    return [Slot(at, at + 60, 6, 6, 0) for at in range(start, end, 60)]


def bad(start, end, cause="provider"):
    return [Slot(at, at + 60, 6, 6, 6, cause) for at in range(start, end, 60)]


def day_of_trouble(begins):
    """A day with three hours down; nothing is known of the rest."""
    return good(begins, begins + 6 * 3600) + bad(begins + 6 * 3600, begins + 9 * 3600) + \
        good(begins + 9 * 3600, begins + DAY)


def new_link(server, slots, begins=JANUARY, name="agent"):
    case = Case("2026-01", 28800, [Contract(begins, FOREVER, TERMS)], slots)
    return enter(server, case, name)


def close(server, month, *words):
    return server.pantau("close", "--month", month, "--by", "Pejabat Satu", *words)


def document(server, month, *words):
    return server.pantau("close", "--month", month, "--print", *words)


def write_document(server, month, *words):
    path = server.folder / f"{month}{''.join(map(str, words))}.txt"
    server.pantau("close", "--month", month, "--print", "-o", path, *words)
    return path


def field(text, key):
    return re.search(rf"^{key}: (.*)$", text, re.M).group(1)


def table(text, name):
    """The records of a table of the document, as lists of cells; our names hold no commas."""
    lines = text.split(f"\n[{name}] ", 1)[1].split("\n")
    count = int(lines[0])
    return [line.split(",") for line in lines[2:2 + count]]


@pytest.fixture
def collector(tmp_path):
    server = Server(tmp_path / "server").init()
    yield server.start()
    server.close()


def test_too_early_says_from_when(collector):
    collector.add_link()
    month = time.strftime("%Y-%m", time.gmtime(time.time() + 8 * 3600))
    done = collector.run("close", "--month", month)
    assert done.returncode == 1 and "can be closed from" in done.stderr
    assert re.search(r"20\d\d-\d\d-08 00:00:00 WITA", done.stderr), done.stderr
    assert "closed" not in collector.pantau("close", "--list")
    assert ledger_rows(collector.state, "SELECT * FROM closed_month") == []


@pytest.mark.parametrize("words", [("--month", "2026-13"), ("--month", "2026-1"), (),
                                   ("--month", "2026-01", "--grace", "-1"),
                                   ("--print", "--list"),
                                   ("--month", "2026-01", "--revision", "1")])
def test_wrong_usage(collector, words):
    assert collector.run("close", *words).returncode == 2


def test_close_print_verify(collector):
    link = new_link(collector, day_of_trouble(JANUARY))
    live = collector.pantau("sla", "--month", "2026-01", "--format", "csv")
    assert "final" not in live
    out = close(collector, "2026-01")
    assert out.startswith("2026-01: final, 1 rows, sha256 ")
    path = write_document(collector, "2026-01")
    text = path.read_text()
    done = collector.run("verify", path)
    assert done.returncode == 0 and "sound" in done.stdout, done.stderr
    assert field(text, "by") == "Pejabat Satu" and field(text, "previous") == "-"
    issued = collector.pantau("sla", "--month", "2026-01", "--format", "csv")
    assert issued == live.replace("sementara", "final")
    assert issued == collector.pantau("close", "--month", "2026-01", "--file", "sla.csv")
    assert collector.pantau("sla", "--month", "2026-01", "--live", "--format", "csv") == live
    assert "SEMENTARA" not in collector.pantau("sla", "--month", "2026-01")
    row, = collector.sla("2026-01", "--link", link)
    assert row["d"] == str(3 * 3600) and row["revision"] == "final"
    assert "nothing was changed" in close(collector, "2026-01")
    assert document(collector, "2026-01") == text


def test_key_is_checked(collector):
    new_link(collector, good(JANUARY, JANUARY + 3600))
    close(collector, "2026-01")
    path = write_document(collector, "2026-01")
    public = collector.state / "keys" / "closing.pub"
    secret = collector.state / "keys" / "closing.key"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert public.read_text().startswith("-----BEGIN PUBLIC KEY-----")
    digits = collector.pantau("close", "--key").strip()
    for key in (public, digits):
        assert "the key that you gave" in collector.pantau("verify", path, "--key", key)
    other = digits.replace(digits[0], "0" if digits[0] != "0" else "1")
    done = collector.run("verify", path, "--key", other)
    assert done.returncode == 1 and "another key" in done.stderr
    # without our programs: the hash and the signature, as the page of the format says
    body = path.read_bytes()
    lines = body.splitlines(keepends=True)
    hashed = b"".join(lines[:-2])
    assert hashlib.sha256(hashed).hexdigest() == lines[-2].decode().split()[1]
    signed, signature = collector.folder / "signed", collector.folder / "signature"
    signed.write_bytes(b"".join(lines[:-1]))
    signature.write_bytes(bytes.fromhex(lines[-1].decode().split()[1]))
    subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in",
                    signed, "-sigfile", signature], check=True, capture_output=True)


# ---- late records, revisions, the chain

class Router:
    """One boot of one agent that tells its slots in whatever order it is asked to."""

    def __init__(self, server, link, begins, name="late"):
        self.server, self.issued = server, server.issue(link, name, "2024-01-01")
        self.boot, self.factory = Boot(1, begins - 3 * DAY), SlotFactory()

    def tell(self, slots):
        for slot in slots:
            self.boot.add(self.factory, slot)
        tell(self.server, self.issued, [self.boot])
        wait_in_ledger(self.server, self.issued.agent, len(self.boot.records))


@pytest.fixture
def late(collector):
    """A link under contract since January, and its router."""
    link = collector.add_link()
    collector.add_contract(link, "2026-01-01")
    collector.link, collector.router = link, Router(collector, link, JANUARY)
    return collector


def stale_of(server):
    parts = json.loads(server.run("status", "--json").stdout)
    return next(part for part in parts if part["part"] == "closing")


def test_late_records_make_a_revision(late):
    late.router.tell(good(JANUARY, JANUARY + DAY))
    first = close(late, "2026-01")
    issued = document(late, "2026-01")
    assert stale_of(late)["state"] == "ok"
    late.router.tell(bad(JANUARY + DAY, JANUARY + DAY + 7200))
    assert "2026-01" in stale_of(late)["words"]
    row, = late.sla("2026-01")
    assert row["d"] == "0" and row["revision"] == "final"
    assert late.sla("2026-01", "--live")[0]["d"] == "7200"
    out = close(late, "2026-01")
    assert out.startswith("2026-01: Revisi ke-1, 1 rows") and "changes since" in out
    assert stale_of(late)["state"] == "ok"
    row, = late.sla("2026-01")
    assert row["d"] == "7200" and row["revision"] == "Revisi ke-1"
    assert late.sla("2026-01", "--revision", 0)[0]["d"] == "0"
    assert document(late, "2026-01", "--revision", 0) == issued != document(late, "2026-01")
    revised = document(late, "2026-01")
    changes = table(revised, "changes")
    assert ["rows", f"link={late.link} contract=1", "d", "0", "7200"] in changes
    assert {change[0] for change in changes} == {"rows", "desa", "kecamatan", "kabupaten",
                                                 "providers", "outages"}
    assert field(revised, "revises") == re.search("sha256 ([0-9a-f]+)", first).group(1)
    before = write_document(late, "2026-01", "--revision", 0)
    after = write_document(late, "2026-01")
    assert "the revision before" in late.pantau("verify", after, "--previous", before)
    assert late.run("verify", before, "--previous", after).returncode == 1
    assert late.run("sla", "--month", "2026-01", "--revision", "2").returncode == 1
    assert "nothing was changed" in close(late, "2026-01")


def test_late_records_that_change_nothing_are_no_revision(late):
    late.router.tell(good(JANUARY, JANUARY + DAY))
    close(late, "2026-01")
    tell(late, late.router.issued, [late.router.boot])  # the same once more
    late.router.tell(good(JANUARY - DAY, JANUARY - DAY + 60))  # before the contract
    assert "nothing was changed" in close(late, "2026-01")
    assert stale_of(late)["state"] == "ok"


def test_what_people_enter_and_moves_nothing_is_no_revision(late):
    late.router.tell(good(JANUARY, JANUARY + DAY))
    close(late, "2026-01")
    late.pantau("exclusion", "add", "--link", late.link, "--reason", "power", "--from",
                text_of(JANUARY), "--to", text_of(JANUARY + 3600), "--by", "Pejabat Dua", "--note",
                "keliru")
    late.pantau("exclusion", "revoke", 1, "--by", "Pejabat Dua", "--note", "keliru")
    assert "2026-01" in stale_of(late)["words"]
    assert "nothing was changed" in close(late, "2026-01")
    assert stale_of(late)["state"] == "ok"


def test_what_people_enter_makes_a_revision(late):
    late.router.tell(day_of_trouble(JANUARY))
    close(late, "2026-01")
    late.pantau("exclusion", "add", "--link", late.link, "--reason", "force-majeure", "--from",
                text_of(JANUARY), "--to", text_of(JANUARY + DAY), "--by", "Pejabat Dua", "--note",
                "banjir, \"jalan\" putus", "--second", "Pejabat Tiga", "--document",
                "/etc/hostname")
    assert "2026-01" in stale_of(late)["words"]
    assert "Revisi ke-1" in close(late, "2026-01")
    row, = late.sla("2026-01")
    assert (row["d"], row["e"]) == ("0", str(DAY))
    assert late.run("verify", write_document(late, "2026-01")).returncode == 0
    exclusion = late.pantau("exclusion", "list", "--json")
    assert "banjir" in exclusion
    late.pantau("exclusion", "revoke", 1, *(("--by", "Pejabat Dua", "--note", "salah")
                if "--note" in late.run("exclusion", "revoke", "--help").stdout else ()))
    assert "Revisi ke-2" in close(late, "2026-01")
    assert late.sla("2026-01", "--revision", 2)[0]["d"] == str(3 * 3600)


def test_chain_over_three_months(late):
    late.router.tell(day_of_trouble(JANUARY) + good(FEBRUARY, FEBRUARY + DAY) +
                     good(MARCH, MARCH + DAY))
    paths = []
    for month in ("2026-01", "2026-02", "2026-03"):
        close(late, month)
        paths.append(write_document(late, month))
    for before, after in zip(paths, paths[1:]):
        assert "the month before" in late.pantau("verify", after, "--previous", before)
    assert late.run("verify", paths[2], "--previous", paths[0]).returncode == 1
    numbers = [field(path.read_text(), "number") for path in paths]
    assert numbers == ["1", "2", "3"]


def test_later_months_are_counted_again(late):
    """Late records of the last minutes of January decide the first of February."""
    late.router.tell(good(JANUARY, JANUARY + DAY) + good(FEBRUARY - 3600, FEBRUARY - 300) +
                     bad(FEBRUARY, FEBRUARY + 240) + good(FEBRUARY + 240, FEBRUARY + DAY))
    close(late, "2026-01")
    close(late, "2026-02")
    close(late, "2026-03")
    assert late.sla("2026-02")[0]["d"] == "0"
    late.router.tell(bad(FEBRUARY - 300, FEBRUARY))
    out = close(late, "2026-01")
    assert "2026-01: Revisi ke-1" in out and "2026-02: Revisi ke-1" in out
    assert "2026-03: closed as well, and comes out as it was issued" in out
    assert late.sla("2026-02")[0]["d"] == "240"
    january, february = write_document(late, "2026-01"), write_document(late, "2026-02")
    assert "the month before" in late.pantau("verify", february, "--previous", january)


def test_month_without_links(collector):
    out = close(collector, "2026-01")
    assert out.startswith("2026-01: final, 0 rows")
    path = write_document(collector, "2026-01")
    assert collector.run("verify", path).returncode == 0
    assert "nothing was changed" in close(collector, "2026-01")
    assert collector.sla("2026-01") == []
    link = collector.add_link()
    collector.add_contract(link, "2026-01-01")
    assert "Revisi ke-1, 1 rows" in close(collector, "2026-01")
    assert ["rows", f"link={link} contract=1", "row", "absent", "present"] in \
        table(document(collector, "2026-01"), "changes")


def test_zones(collector):
    """Each link is judged to the end of its own month; the collector waits for the westernmost."""
    offsets = {"WIB": 3600, "WITA": 0, "WIT": -3600}  # from WITA
    for zone in offsets:
        collector.add_contract(collector.add_link(zone=zone), "2026-01-01")
    close(collector, "2026-01")
    path = write_document(collector, "2026-01")
    collector.pantau("verify", path)
    rows = collector.sla("2026-01")
    assert [(row["segment_start"], row["as_of"]) for row in rows] == [
        (text_of(JANUARY + offset), text_of(FEBRUARY + offset)) for offset in offsets.values()]
    assert {row["s"] for row in rows} == {str(31 * DAY)}
    with open(path) as text:
        done = subprocess.run([program("pantau", collector.build), "verify", "-"], stdin=text)
    assert done.returncode == 0


def test_sums_of_a_closed_month(late):
    """Sums that a filter cuts are made of the rows; a desa of which it leaves out a link is not."""
    second = late.add_link(provider="Penyedia Lain")
    late.add_contract(second, "2026-01-01")
    late.add_contract(late.add_link(provider="Penyedia Lain"), "2026-01-01")
    late.router.tell(day_of_trouble(JANUARY))
    words = [("--by", by) for by in ("desa", "kecamatan", "kabupaten", "provider")]
    words += [("--by", "kabupaten", "--provider", "Penyedia Lain"), ("--provider", "Penyedia Uji"),
              ("--by", "provider", "--desa", "64.08.05.2001"), ("--link", second)]
    live = {word: late.sla("2026-01", *word) for word in words}
    close(late, "2026-01")
    for word in words:
        for row in live[word]:
            row["revision"] = "final"
        assert late.sla("2026-01", *word) == live[word], word
    done = late.run("sla", "--month", "2026-01", "--by", "desa", "--provider",
                    "Penyedia Lain")
    assert done.returncode == 1 and "part of desa" in done.stderr
    assert late.run("sla", "--month", "2026-01", "--kabupaten", "6408").returncode == 1


# ---- the ledger that is not there, that dies, and two at once

def test_without_the_ledger(late):
    late.stop("ledger")
    done = late.run("close", "--month", "2026-01")
    assert done.returncode == 1 and "the ledger does not run" in done.stderr
    assert "nothing was entered" in done.stderr
    late.start("ledger")
    assert late.pantau("close", "--list", "--json").strip() == "[]"


def test_a_key_that_cannot_be_read_closes_nothing(late):
    keys = late.state / "keys"
    keys.mkdir()
    (keys / "closing.key").write_text("no key\n")
    done = late.run("close", "--month", "2026-01")
    assert done.returncode == 1 and "closing.key" in done.stderr
    assert ledger_rows(late.state, "SELECT * FROM closed_month") == []
    (keys / "closing.key").unlink()
    assert "final" in close(late, "2026-01")


def test_a_damaged_archive_is_not_believed(late):
    """One digit of a figure is another one, as a bad disk might have it."""
    late.router.tell(day_of_trouble(JANUARY))
    close(late, "2026-01")
    late.stop("ledger")
    with sqlite3.connect(late.state / "ledger.db") as db:
        text, = db.execute("SELECT document FROM closed_month").fetchone()
        db.execute("UPDATE closed_month SET document = ?", (text.replace(b"10800", b"10801"),))
    db.close()
    late.start("ledger")
    done = late.run("sla", "--month", "2026-01")
    assert done.returncode == 1 and "damaged" in done.stderr
    assert "damaged" in late.run("close", "--month", "2026-01").stderr
    assert late.sla("2026-01", "--live")[0]["d"] == "10800"


def test_two_at_once(late):
    late.router.tell(day_of_trouble(JANUARY))
    said = []
    threads = [threading.Thread(target=lambda: said.append(close(late, "2026-01")))
               for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("final" in words for words in said) == [False, False, False, True]
    assert ledger_rows(late.state, "SELECT revision FROM closed_month") == [(0,)]


def test_closes_while_records_keep_coming(late):
    """It waits for what came before the wish, not for the end of all records."""
    late.router.tell(day_of_trouble(JANUARY))
    boot, stop = late.router.boot, threading.Event()

    def talk():
        with Reporter(late, late.router.issued) as reporter:
            reporter.hello((boot.run, boot.nonce, 1, len(boot.records)))
            at = FEBRUARY + 40 * DAY
            while not stop.is_set():
                boot.add(late.router.factory, Slot(at, at + 60, 6, 6, 0))
                reporter.deliver(boot.run, [(len(boot.records), boot.records[-1])])
                at += 60
    talker = threading.Thread(target=talk)
    talker.start()
    try:
        assert "final" in close(late, "2026-01", "--wait", 30)
    finally:
        stop.set()
        talker.join()


def test_killed_in_the_middle(late):
    """Before or after, never half; and the wish is executed at the next start."""
    late.router.tell(day_of_trouble(JANUARY))
    begun, killed = time.monotonic(), 0
    for round_number in range(12):
        closer = subprocess.Popen(
            [program("pantau", late.build), "close", "--month", "2026-01", "--state",
             str(late.state), "--wait", "60"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_for(lambda: registry_wishes(late) > round_number, "the wish is entered", every_s=0.01)
        time.sleep(0.013 * (round_number % 9))
        late.kill("ledger")
        done = ledger_rows(late.state, "SELECT count(*) FROM closed_result")[0][0]
        killed += done <= round_number
        late.start("ledger")
        wait_for(lambda: ledger_rows(late.state, "SELECT count(*) FROM closed_result")[0][0] ==
                 round_number + 1, "the wish is executed after the start")
        closer.communicate(timeout=60)
        check_archive(late)
        late.router.tell(bad(JANUARY + DAY + 3600 * round_number,
                             JANUARY + DAY + 3600 * round_number + 600))
        if time.monotonic() - begun > 90:
            break
    assert killed >= 1


def registry_wishes(server):
    path = server.state / "registry.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as db:
        return db.execute("SELECT count(*) FROM closing").fetchone()[0]


def check_archive(server):
    """Every document verifies and follows the one before it; each has its CSV."""
    rows = ledger_rows(server.state, "SELECT month, revision, number, document FROM closed_month"
                       " ORDER BY number")
    assert [row[2] for row in rows] == list(range(1, len(rows) + 1))
    previous = []
    for month, revision, number, text in rows:
        path = server.folder / f"check-{number}.txt"
        path.write_bytes(text)
        server.pantau("verify", path, *previous)
        previous = ["--previous", path]
        assert server.pantau("close", "--month", month, "--revision", revision, "--file",
                             "sla.csv").startswith("period,as_of,")


# ---- the web

def test_the_api_answers_as_issued(late):
    late.router.tell(day_of_trouble(JANUARY))
    close(late, "2026-01")
    late.router.tell(bad(JANUARY + DAY, JANUARY + DAY + 7200))
    late.start("web")
    where = "/api/v1/sla?month=2026-01"

    def rows(*more):
        return json.loads(late.get(where + "".join(more)))["rows"]
    assert (rows()[0]["d"], rows()[0]["revision"]) == (3 * 3600, "final")
    assert (rows("&live=1")[0]["d"], rows("&live=1")[0]["revision"]) == (5 * 3600, "sementara")
    assert late.get(where + "&format=csv").decode() == late.pantau(
        "sla", "--month", "2026-01", "--format", "csv")
    close(late, "2026-01")
    assert rows()[0]["revision"] == "Revisi ke-1" and rows("&revision=0")[0]["d"] == 3 * 3600
    for wrong in ("&revision=7", "&revision=x", "&live=2", "&live=1&revision=0"):
        assert late.get(where + wrong, None) is None


# ---- after the last date

LAST_DATE = ("--set", "final-days=30")


def test_after_the_last_date_it_is_only_noted(collector):
    link = collector.add_link()
    collector.add_contract(link, "2026-01-01", words=LAST_DATE)
    router = Router(collector, link, JANUARY)
    router.tell(day_of_trouble(JANUARY))
    close(collector, "2026-01")
    issued = document(collector, "2026-01")
    router.tell(bad(JANUARY + DAY, JANUARY + DAY + 7200))
    out = close(collector, "2026-01")
    assert "only noted" in out and "nothing was changed" in out
    assert document(collector, "2026-01") == issued
    notes = collector.pantau("close", "--notes")
    assert f"rows,link={link} contract=1,d,10800,18000" in notes
    assert collector.sla("2026-01")[0]["d"] == "10800"


def test_some_rows_after_their_last_date(collector):
    """One row stays, the other is revised; the sums are those of what is printed."""
    stays, other = collector.add_link(), collector.add_link(provider="Penyedia Lain")
    collector.add_contract(stays, "2026-01-01", words=LAST_DATE)
    collector.add_contract(other, "2026-01-01")
    routers = [Router(collector, link, JANUARY, f"router-{link}") for link in (stays, other)]
    for router in routers:
        router.tell(day_of_trouble(JANUARY))
    close(collector, "2026-01")
    before = {row["link"]: row for row in collector.sla("2026-01")}
    for router in routers:
        router.tell(bad(JANUARY + DAY, JANUARY + DAY + 7200))
    out = close(collector, "2026-01")
    assert "Revisi ke-1" in out and "only noted" in out
    rows = {row["link"]: row for row in collector.sla("2026-01")}
    assert {**before[str(stays)], "revision": "Revisi ke-1"} == rows[str(stays)]
    assert rows[str(other)]["d"] == "18000"
    kabupaten, = collector.sla("2026-01", "--by", "kabupaten")
    assert kabupaten["d"] == str(10800 + 18000)
    text = document(collector, "2026-01")
    assert ["rows", f"link={stays} contract=1", "d", "10800", "18000"] in table(text, "notes")
    assert all(f"link={stays} " not in change[1] for change in table(text, "changes"))
    collector.pantau("verify", write_document(collector, "2026-01"))
    assert "nothing was changed" in close(collector, "2026-01")
