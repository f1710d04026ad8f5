# SPDX-License-Identifier: Apache-2.0
"""The pages of a link and of incidents, in headless Chromium in front of a real collector: an
officer reads why a minute counts as it does, the NOC takes care of an incident."""

import re
import subprocess

import pytest

from support import page
from support.browser import ask
from support.page import Chromium, Tab
from support.present import Agent
from support.programs import program
from support.server import Server

pytestmark = pytest.mark.skipif(page.missing() is not None, reason=str(page.missing()))

PASSWORD = "sandi-untuk-uji-coba"
TIMELINE = "canvas.timeline"
INCIDENT = ".incidents-page section:nth-of-type(1) .incident"
NOBODY = "Belum ada yang menangani"


def add_user(server, name, role, *words):
    subprocess.run([program("pantau", server.build), "user", "add", name, "--role", role, *words,
                    "--state", str(server.state)], input=PASSWORD + "\n", text=True, check=True,
                   capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def chromium():
    made = Chromium()
    yield made
    made.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """One link with an outage of ten minutes that is over, and one that is down until now."""
    server = Server(tmp_path_factory.mktemp("page-link") / "server").init()
    server.over, server.down = (server.add_link(desa=desa) for desa in
                                ("64.08.05.2001", "64.08.05.2003"))
    for link in (server.over, server.down):
        server.add_contract(link, words=("--window", 20))
    add_user(server, "penjaga", "noc")
    add_user(server, "petugas", "officer", "--kabupaten", "64.08")
    add_user(server, "penyedia", "provider", "--provider", "Penyedia Uji")
    server.start("ingest", "ledger", "web")
    agent = server.agent = Agent(server, server.over, "over")
    agent.slots(300)
    agent.slots(60, 1, "access")
    agent.slots(340)  # the rest is told later
    last = Agent(server, server.down, "down")
    last.slots(600)
    last.slots(120, 1, "provider")
    yield server
    server.close()


def open_link(tab, site, name="petugas", more=""):
    tab.log_in(name, PASSWORD, f"/sambungan/{site.over}{more}")
    tab.wait(TIMELINE, 20)


# ---- a link

def test_an_officer_clicks_the_outage_and_reads_why(chromium, site):
    with Tab(chromium, site) as tab:
        open_link(tab, site)
        assert "Penyedia Uji" in tab.text("h1") and "Mbit/s" in tab.text(".link-top")
        tab.wait(".row-explain")
        assert "10 menit" in tab.text("table.links")
        assert "Jalur dari desa ke penyedia putus" in tab.text("table.links")
        tab.click(".row-explain")
        tab.wait(".verdict-line.state-down")
        said = tab.text(".explain")
        assert "Dihitung putus" in said and "tidak ada jawaban" in said and "20 detik" in said
        assert re.search(r"Termasuk gangguan \d+ \w+ \d{4} [\d.]+ WITA sampai \d", said)
        assert "saat=" in tab.run("location.search")
        tab.shot("sambungan-putus")
        tab.click(".explain >> text=Perubahan berikutnya")
        tab.wait(".verdict-line.state-up")
        assert tab.serious_faults() == []
        tab.click(".explain >> text=Tutup")
        tab.order("click", what=TIMELINE)  # somewhere in the month
        tab.wait(".verdict-line")
        tab.click(".switch-language")
        tab.wait("text=Why does it count like this?")
        tab.click(".switch-language")


def test_the_measurements_are_drawn_and_tabled(chromium, site):
    with Tab(chromium, site) as tab:
        open_link(tab, site)
        for name in ("Paket hilang", "Naik-turun tanggapan", "Kecepatan", "Pemakaian",
                     "Waktu tanggap"):
            tab.click(f".chart-bar >> text={name}")
            tab.wait(f'.chart-bar button[aria-pressed="true"]:has-text("{name}")')
        tab.wait(".plot canvas")
        tab.click(".zoom [aria-label=Perbesar]")
        tab.wait(".chart-bar .modes:nth-child(2):not(:has([aria-pressed=true]))")
        tab.click(".chart-bar >> text=1 hari")
        tab.click("section:has(.plot-frame) summary")
        tab.wait("section:has(.plot-frame) tbody tr")
        assert "ms" in tab.text("section:has(.plot-frame) tbody tr >> nth=0")
        assert tab.serious_faults() == []
        tab.run("document.querySelector('.chart-bar').scrollIntoView()")
        tab.shot("sambungan-grafik")


def test_the_device_tells_how_it_fares(chromium, site):
    with Tab(chromium, site) as tab:
        open_link(tab, site)
        said = {name: tab.text(f'dt:has-text("{name}") + dd')
                for name in ("Menunggu di alat", "Jam alat", "Jatah data uji kecepatan")}
        assert said["Menunggu di alat"].startswith("tidak ada ketika tersambung ")
        assert "dari internet (NTP)" in said["Jam alat"]
        assert said["Jatah data uji kecepatan"] == "diatur di alat"


def test_a_keyboard_walks_through_the_month(chromium, site):
    with Tab(chromium, site, motion="reduce") as tab:
        open_link(tab, site)
        tab.run(f"document.querySelector('{TIMELINE}').focus()")
        text = f"document.querySelector('{TIMELINE}').getAttribute('aria-valuetext')"
        tab.press("End")
        end = tab.run(text)
        tab.press("ArrowLeft")
        assert tab.run(text) != end
        for _ in range(6):
            if "Putus" in tab.run(text):
                break
            tab.press("PageUp")
        assert "Jalur dari desa ke penyedia putus" in tab.run(text)
        tab.press("Enter")
        tab.wait(".verdict-line.state-down")
        assert tab.run("document.activeElement.id") == "explain-title"


def test_a_state_that_changes_changes_the_page(chromium, site):
    with Tab(chromium, site) as tab:
        open_link(tab, site)
        tab.run("window.untouched = true")
        site.agent.slots(4, 1, "provider")
        tab.wait(".standing .badge.state-down")
        assert "Gangguan di jaringan penyedia" in tab.text(".standing")
        site.agent.slots(4)
        tab.wait(".standing .badge:not(.state-down)")
        assert tab.run("window.untouched") is True


def test_a_link_of_somebody_else_is_not_shown(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD, "/sambungan/99999")
        tab.wait("text=Sambungan ini tidak ada")


# ---- incidents

def test_the_noc_takes_care_of_an_incident(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("penjaga", PASSWORD, "/gangguan")
        tab.wait(INCIDENT, 20)
        assert NOBODY in tab.text(INCIDENT)
        tab.shot("gangguan")
        tab.click(f"{INCIDENT} >> text=Saya tangani")
        tab.wait(".incident-form input:focus")
        tab.order("type", text="petugas berangkat")
        tab.press("Enter")
        tab.wait(f'{INCIDENT}:has-text("Ditangani penjaga")')
        assert NOBODY not in tab.text(INCIDENT) and "petugas berangkat" in tab.text(INCIDENT)
        tab.click(f"{INCIDENT} >> text=Beri catatan")
        tab.fill(".incident-form input", "<b>tiang roboh</b>")
        tab.press("Enter")
        tab.wait(f'{INCIDENT} .remarks:has-text("<b>tiang roboh</b>")')
        tab.click(f'{INCIDENT} button:text-is("Nomor tiket")')
        tab.fill(".incident-form input", "TKT-7")
        tab.press("Enter")
        tab.wait(f'{INCIDENT}:has-text("Tiket TKT-7")')
        tab.click(f"{INCIDENT} >> text=Usulkan pengecualian")
        tab.fill(".incident-form input", "banjir")
        tab.order("select", what=".incident-form select", value="force-majeure")
        tab.click(".incident-form .primary")
        tab.wait("text=Petugas kabupaten yang memutuskan")
        assert tab.serious_faults() == []
        tab.shot("gangguan-ditangani")
    rows = ask(site.web_port, "/api/v1/exclusions", token=site.token()).json()["rows"]
    assert [row["note"] for row in rows] == ["banjir"]


def test_who_may_only_look_is_offered_nothing(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("penyedia", PASSWORD, "/gangguan")
        tab.wait(INCIDENT, 20)
        assert tab.count(f"{INCIDENT} .incident-actions button") == 0


def test_a_list_that_cannot_be_renewed_says_so_and_heals(chromium, site):
    with Tab(chromium, site) as tab:
        tab.log_in("penjaga", PASSWORD, "/gangguan")
        tab.wait(INCIDENT, 20)
        site.stop("web")
        tab.wait("text=belum bisa diperbarui", 20)
        assert tab.count(INCIDENT) >= 1  # what was known stays
        site.start("web")
        tab.wait("body:not(:has-text('belum bisa diperbarui'))", 40)


def test_a_phone_shows_both(chromium, site):
    with Tab(chromium, site, width=390, height=844, scheme="dark") as tab:
        open_link(tab, site, "penjaga")
        tab.wait(".plot canvas")
        for path, ready, name in (("", ".plot canvas", "sambungan"),
                                  ("/gangguan", INCIDENT, "gangguan")):
            if path:
                tab.go(path)
            tab.wait(ready, 20)
            assert tab.run("document.documentElement.scrollWidth <= innerWidth"), name
            assert tab.serious_faults() == [], name
            tab.shot(f"telepon-{name}")
