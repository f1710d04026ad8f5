# SPDX-License-Identifier: Apache-2.0
"""Decisions in headless Chromium in front of a real collector: an officer decides a month's inbox
at once, a second one confirms, a provider objects and reads the answer."""

import hashlib
import subprocess
from datetime import datetime, timedelta, timezone

import pytest

from support import page
from support.browser import ask
from support.enter import DOCUMENT, enter
from support.invented import boots_of
from support.page import Chromium, Tab
from support.programs import program
from support.server import Server
from system.independent_sla import FOREVER, Case, Contract, Slot, Terms

pytestmark = pytest.mark.skipif(page.missing() is not None, reason=str(page.missing()))

PASSWORD = "sandi-untuk-uji-coba"
WITA = timezone(timedelta(hours=8))
HERE, THERE = "64.08.05.2001", "64.02.01.2001"
OURS, OTHERS = "Penyedia Uji", "Penyedia Lain"


def last_month():
    """Its name and its first second: the month that officers decide next."""
    first = datetime.now(WITA).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = (first - timedelta(days=1)).replace(day=1)
    return last.strftime("%Y-%m"), int(last.timestamp())


MONTH, FROM = last_month()


def add_user(server, name, role, *words):
    subprocess.run([program("pantau", server.build), "user", "add", name, "--role", role, *words,
                    "--state", str(server.state)], input=PASSWORD + "\n", text=True, check=True,
                   capture_output=True, timeout=60)


def minutes(start, count, lost=0):
    return [Slot(start + 60 * n, start + 60 * n + 60, 6, 6, lost, "provider" if lost else "")
            for n in range(count)]


def told_month():
    """An outage with an end, one whose end nobody saw, a power cut beside bad slots."""
    cut = (FROM + 12 * 3600, FROM + 13 * 3600)
    slots = (minutes(FROM, 120) + minutes(FROM + 7200, 60, 6) + minutes(FROM + 10800, 60)
             + minutes(FROM + 6 * 3600, 60) + minutes(FROM + 7 * 3600, 30, 6)
             + minutes(FROM + 9 * 3600, 176) + minutes(cut[0] - 240, 4, 6) + minutes(cut[1], 60))
    case = Case(MONTH, 28800, [Contract(FROM, FOREVER, Terms(995000, 1200000, "prorata"))], slots,
                power_gaps=[cut])
    assert boots_of(case)
    return case


@pytest.fixture(scope="module")
def chromium():
    made = Chromium()
    yield made
    made.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("page-decide") / "server").init()
    server.start("ingest", "ledger", "web")
    server.link = enter(server, told_month(), "told")
    server.quiet = [server.add_link(f"64.08.05.20{n:02}", OURS) for n in range(2, 6)]
    server.other = server.add_link(THERE, OTHERS)
    for link in (*server.quiet, server.other):
        server.add_contract(link, "2026-01-01")
    add_user(server, "kepala", "admin")
    add_user(server, "penjaga", "noc")
    add_user(server, "petugas", "officer", "--kabupaten", "64.08")
    add_user(server, "pejabat", "officer", "--kabupaten", "64.08")
    add_user(server, "penyedia", "provider", "--provider", OURS)
    yield server
    server.close()


def api(site, path):
    return ask(site.web_port, path, token=site.token()).json()


def inbox(site, **filters):
    query = "".join(f"&{key}={value}" for key, value in filters.items())
    return api(site, f"/api/v1/decisions?month={MONTH}{query}")["rows"]


def tick(tab, item):
    tab.click(f'[data-row="{item}"] input[type=checkbox]')


def decide(tab, action, note):
    tab.order("select", what=".decide-bar select >> nth=0", value=action)
    tab.fill(".decide-bar .decide-note input", note)
    tab.click(".decide-bar .primary")
    tab.wait("#results-title")


# ---- an officer

def test_an_officer_lands_at_what_waits_and_sees_its_evidence(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD)
        tab.wait(".decide-group", 20)
        assert tab.run("location.pathname") == "/keputusan"
        mine = inbox(site, kabupaten="64.08", open=1)
        tab.wait(f'.menu-count:has-text("{len(mine)}")')
        assert tab.count("[data-row]") == len(mine)
        assert "dapat ditutup" in tab.text(".deadline, .hint")
        gap = next(row for row in mine if row["kind"] == "power-gap")
        row = f'[data-row="{gap["item"]}"]'
        assert "tanpa listrik" in tab.text(row)
        assert "12.00.00 WITA" in tab.text(row) and "1 jam" in tab.text(row)
        tab.click(f"{row} >> text=Mengapa?")
        tab.wait(f"{row} .why li")
        tab.shot("keputusan")
        assert tab.serious_faults() == []
        tab.click(f"{row} >> text=Lihat saat itu")
        tab.wait(".verdict-line", 20)
        assert tab.run("location.pathname") == f"/sambungan/{site.link}"


def test_a_month_is_decided_in_bulk_and_each_row_is_answered(chromium, site):
    """One of them is decided by somebody else meanwhile."""
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD)
        tab.wait(".decide-group", 20)
        items = [row["item"] for row in inbox(site, kabupaten="64.08", kind="undetermined")]
        assert len(items) >= 5
        tab.click(".decide-group:has(#group-undetermined) .tick-all input")
        tab.wait(f'.decide-count:has-text("{len(items)} dipilih")')
        site.pantau("decide", "dismiss", items[-1], "--by", "Lain", "--note", "lebih dulu")
        tab.shot("keputusan-dipilih")
        decide(tab, "dismiss", "belum ada alat ukur di sana")
        assert f"{len(items) - 1} dari {len(items)} berhasil" in tab.text("#results-title")
        assert "Sudah diputuskan sebelumnya" in tab.text(".results li >> nth=0")
        tab.shot("keputusan-hasil")
        assert tab.serious_faults() == []
        tab.wait("body:not(:has(#group-undetermined))")
        tab.click(".dismissed summary")
        first = ".dismissed li >> nth=0"
        assert "belum ada alat ukur di sana" in tab.text(".dismissed")
        tab.click(f"{first} >> text=Batalkan")
        tab.fill(f"{first} >> input[name=note]", "ternyata ada")
        tab.press("Enter")
        tab.wait("#group-undetermined")
        tab.click(".sections >> text=Riwayat")
        tab.wait('tbody tr:has-text("Dicabut petugas: ternyata ada")')
        assert "lebih dulu" in tab.text("tbody")
        tab.shot("keputusan-riwayat")
        assert tab.serious_faults() == []
    assert len(inbox(site, kabupaten="64.08", kind="undetermined", open=1)) == 1


def test_the_noc_proposes_and_decides_nothing(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("penjaga", PASSWORD, "/keputusan")
        tab.wait(".decide-group", 20)
        assert OTHERS in tab.text("body")
        open_ones = [row["item"] for row in inbox(site, open=1)]
        tickable = tab.count("[data-row] input[type=checkbox]")
        assert 0 < tickable < len(open_ones)
        tab.click("[data-row] input[type=checkbox] >> nth=0")
        assert "Tidak perlu apa-apa" not in tab.text(".decide-bar")


def test_who_proposed_may_not_confirm_and_a_second_officer_does(chromium, site):
    gap = inbox(site, kind="power-gap", open=1)[0]
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD, "/keputusan?jenis=power-gap")
        tab.wait(".decide-group", 20)
        tick(tab, gap["item"])
        tab.order("select", what=".decide-bar select >> nth=0", value="exclude")
        decide(tab, "exclude", "gardu PLN terbakar")
        tab.wait('#results-title:has-text("1 dari 1 berhasil")')
        tab.order("select", what=".decide-filters select >> nth=1", value="exclusion")
        tab.wait("#group-exclusion")
        assert "orang lain yang harus mengesahkannya" in tab.text(".decide-group")
        waiting, = inbox(site, kind="exclusion", open=1)
        tick(tab, waiting["item"])
        assert "Sahkan" not in tab.text(".decide-bar")
    with Tab(chromium, site) as tab:
        tab.log_in("pejabat", PASSWORD, "/keputusan?jenis=exclusion")
        tab.wait(".decide-group", 20)
        assert "Diusulkan petugas: gardu PLN terbakar" in tab.text(".decide-group")
        tick(tab, waiting["item"])
        tab.order("select", what=".decide-bar select >> nth=0", value="confirm")
        tab.order("upload", what=".decide-bar input[type=file]", path=str(DOCUMENT))
        tab.wait(".document-hash")
        tab.shot("keputusan-sahkan")
        assert tab.serious_faults() == []
        tab.click(".decide-bar .primary")
        tab.wait('#results-title:has-text("1 dari 1 berhasil")')
        tab.click(".sections >> text=Pengecualian")
        tab.wait('tbody tr:has-text("Disahkan pejabat")')
        assert "Berlaku" in tab.text("tbody tr >> nth=0")
    row = api(site, "/api/v1/exclusions")["rows"][-1]
    assert (row["by"], row["second"]) == ("petugas", "pejabat")
    assert row["document"] == hashlib.sha256(DOCUMENT.read_bytes()).hexdigest()


def test_an_exclusion_is_entered_and_revoked_by_its_list(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD, "/keputusan?bagian=pengecualian")
        tab.click(".propose summary")
        tab.order("select", what=".propose select >> nth=1", value="64.08.05")
        tab.fill(".propose input[name=from]", f"{MONTH}-10T08:00")
        tab.fill(".propose input[name=to]", f"{MONTH}-10T09:30")
        tab.fill(".propose input[name=note]", "perawatan menara")
        tab.click(".propose .primary")
        tab.wait('tbody tr:has-text("perawatan menara")')
        row = 'tbody tr:has-text("perawatan menara")'
        assert "08.00.00 WITA" in tab.text(row) and "Berlaku" in tab.text(row)
        tab.click(f"{row} >> text=Cabut")
        tab.fill(f"{row} >> input[name=note]", "salah hari")
        tab.press("Enter")
        tab.wait('tbody tr:has-text("Dicabut petugas: salah hari")')
        tab.shot("pengecualian")
        assert tab.serious_faults() == []


def test_claims_are_marked_as_told(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD, "/keputusan?bagian=klaim")
        tab.wait(".decide-page tbody tr, .decide-page .card")
        rows = api(site, "/api/v1/claims?kabupaten=64.08")["rows"]
        assert tab.count("tbody tr") == len(rows)
        if rows:  # the windows of last month's outages may be over by more than a month
            tab.click("tbody input[type=checkbox] >> nth=0")
            tab.fill(".decide-bar input", "surat 12/2026")
            tab.click(".decide-bar .primary")
            tab.wait('tbody tr:has-text("surat 12/2026")')
        tab.shot("pemberitahuan")
        assert tab.serious_faults() == []


# ---- a provider

def test_a_provider_objects_and_reads_the_answer(chromium, site):
    with Tab(chromium, site) as provider, Tab(chromium, site) as officer:
        provider.log_in("penyedia", PASSWORD, f"/penyedia?bulan={MONTH}")
        provider.wait('button:has-text("Ajukan keberatan")', 20)
        assert "Rp" in provider.text(".provider-summary") and "%" in provider.text(
            ".provider-summary")
        provider.shot("penyedia")
        assert provider.serious_faults() == []
        provider.click("text=Ajukan keberatan >> nth=0")
        provider.wait(".note-form input:focus")
        provider.order("type", text="<i>listrik padam, bukan kami</i>")
        provider.press("Enter")
        provider.wait('.provider-said:has-text("Keberatan tercatat")')
        provider.wait('.badge:has-text("Menunggu jawaban")')
        number = api(site, "/api/v1/objections?open=1")["rows"][0]["objection"]
        officer.log_in("petugas", PASSWORD, "/keputusan?jenis=objection")
        officer.wait(".decide-group", 20)
        assert "<i>listrik padam, bukan kami</i>" in officer.text(".decide-group")
        tick(officer, inbox(site, kind="objection")[0]["item"])
        decide(officer, "refuse", "PLN tidak mencatat pemadaman")
        officer.wait('#results-title:has-text("1 dari 1 berhasil")')
        provider.go(f"/penyedia?bulan={MONTH}")
        provider.wait('tbody tr:has-text("PLN tidak mencatat pemadaman")', 20)
        assert "Ditolak" in provider.text("body") and "petugas" in provider.text("body")
        provider.shot("penyedia-dijawab")
    row, = [one for one in api(site, "/api/v1/objections")["rows"] if one["objection"] == number]
    assert (row["by"], row["answered_by"], row["answer"]) == ("penyedia", "petugas", "rejected")


def test_a_provider_sees_nothing_of_others(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("penyedia", PASSWORD)
        tab.wait(".provider-summary", 20)
        assert tab.run("location.pathname") == "/penyedia"
        tab.go(f"/penyedia?nama={OTHERS.replace(' ', '%20')}")
        tab.wait(".provider-summary", 20)
        assert OTHERS not in tab.text("body") and OURS in tab.text("h1")
        assert "Keputusan" not in tab.text("header nav")
        tab.go("/keputusan")
        tab.wait("text=Akun ini tidak berhak melihat halaman ini.")


def test_the_staff_choose_a_provider_and_an_administrator_ends_a_contract(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("kepala", PASSWORD, "/penyedia")
        tab.wait("text=Pilih satu penyedia")
        tab.order("select", what=".decide-filters select >> nth=0", value=OTHERS)
        tab.wait('button:has-text("Akhiri kontrak")', 20)
        assert "Loa" not in tab.text("h1")
        tab.click("text=Akhiri kontrak >> nth=0")
        tab.fill(".note-form input[name=to]", "2027-01-01T00:00")
        tab.click(".note-form .primary")
        tab.wait("body:not(:has(.note-form))")
    contract, = api(site, f"/api/v1/links/{site.other}")["contracts"]
    assert contract["to"] == "2026-12-31T16:00:00Z"


# ---- everybody

def test_one_s_own_password_is_changed_by_the_header(chromium, site):
    add_user(site, "baru", "officer", "--kabupaten", "64.02")
    with Tab(chromium, site) as tab:
        tab.log_in("baru", PASSWORD)
        tab.click("a.who")
        tab.wait(".own-form")
        tab.fill("input[name=old]", "salah-sama-sekali")
        for name in ("new", "again"):
            tab.fill(f"input[name={name}]", "sandi-lain-yang-panjang")
        tab.press("Enter")
        tab.wait("text=Kata sandi sekarang salah.")
        tab.fill("input[name=old]", PASSWORD)
        tab.fill("input[name=again]", "sandi-lain-yang-pendek")
        tab.press("Enter")
        tab.wait("text=Kedua kata sandi baru tidak sama.")
        tab.fill("input[name=again]", "sandi-lain-yang-panjang")
        tab.press("Enter")
        tab.wait("text=Kata sandi sudah diganti.")
        tab.shot("akun")
        assert tab.serious_faults() == []
        tab.click("header .tools >> text=Keluar")
        tab.wait("#name")
        tab.log_in("baru", "sandi-lain-yang-panjang")


def test_the_keyboard_decides(chromium, site):
    """From the list's first tick to the answer without a mouse."""
    with Tab(chromium, site) as tab:
        tab.log_in("kepala", PASSWORD, "/keputusan?kabupaten=64.02")
        tab.wait("[data-row] input[type=checkbox]", 20)
        before = len(inbox(site, kabupaten="64.02", open=1))
        tab.run("document.querySelector('[data-row] input[type=checkbox]').focus()")
        tab.press("Space")
        tab.wait(".decide-bar.card")
        for _ in range(60):
            tab.press("Tab")
            if tab.run("document.activeElement.closest('.decide-note') !== null"):
                break
        tab.order("type", text="dengan papan ketik")
        tab.press("Enter")
        tab.wait("#results-title")
        assert tab.run("document.activeElement.id") == "results-title"
        assert len(inbox(site, kabupaten="64.02", open=1)) == before - 1


def test_a_phone_and_english(chromium, site):
    waiting = inbox(site, kabupaten="64.08", open=1)
    if len(waiting) > 1:  # otherwise other tests have decided enough; one is to be seen waiting
        site.pantau("decide", "dismiss", waiting[-1]["item"], "--by", "petugas",
                    "--note", "cukup jelas")
    site.pantau("exclusion", "add", "--link", site.quiet[0], "--reason", "maintenance", "--from",
                f"{MONTH}-20T08:00", "--to", f"{MONTH}-20T08:30", "--by", "petugas",
                "--note", "perawatan")
    with Tab(chromium, site, width=390, height=844, scheme="dark") as tab:
        tab.log_in("petugas", PASSWORD)
        for path, ready, name in (
                ("/keputusan", "[data-row]", "keputusan"),
                ("/keputusan?bagian=pengecualian", "tbody tr", "pengecualian"),
                ("/keputusan?bagian=riwayat", "tbody tr", "riwayat"),
                (f"/penyedia?nama=Penyedia%20Uji&bulan={MONTH}", "tbody tr", "penyedia"),
                ("/akun", ".own-form", "akun")):
            tab.go(path)
            tab.wait(ready, 20)
            assert tab.run("document.documentElement.scrollWidth <= innerWidth"), name
            assert tab.serious_faults() == [], name
            tab.shot(f"telepon-{name}")
        tab.go("/keputusan")
        tab.wait("[data-row]", 20)
        tab.click(".switch-language")
        tab.wait("text=What people must decide before the month closes")
        assert "Mengapa" not in tab.text("main") and "Putuskan" not in tab.text("main")
        tab.shot("telepon-keputusan-en")
        tab.click(".switch-language")
