# SPDX-License-Identifier: Apache-2.0
"""Months that are closed: too early, in time, again, late, in the middle of a kill, twice at once;
and what an auditor makes of the document with no server at hand."""

import os
import re
import subprocess
import threading
import time

import pytest

from support.enter import enter, wait_in_ledger
from support.invented import Boot, tell
from support.programs import program, wait_for
from support.records import SlotFactory, ledger_rows
from support.server import CommandFailed, Server
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
    import hashlib
    assert hashlib.sha256(hashed).hexdigest() == lines[-2].decode().split()[1]
    signed, signature = collector.folder / "signed", collector.folder / "signature"
    signed.write_bytes(b"".join(lines[:-1]))
    signature.write_bytes(bytes.fromhex(lines[-1].decode().split()[1]))
    subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in",
                    signed, "-sigfile", signature], check=True, capture_output=True)
