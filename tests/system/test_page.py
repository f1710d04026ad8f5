# SPDX-License-Identifier: Apache-2.0
"""The page as people use it: each role in headless Chromium, in front of a real collector. What it
looked like is in RELEASE/screenshots."""

import gzip
import json
import re
import subprocess
import time
from datetime import datetime, timedelta, timezone

import pytest

from support import page
from support.browser import ask
from support.page import Chromium, Tab
from support.programs import program
from support.server import Server
from support.teller import Teller

pytestmark = pytest.mark.skipif(page.missing() is not None, reason=str(page.missing()))

PASSWORD = "sandi-untuk-uji-coba"
SILENT_S = 2 * 2 + 5  # two slots and 5 s
FIRST_VIEW_BYTES = 120 * 1024
FIRST_VIEW_S = 1.5
LIVE_S = 2
# Of what a bare canvas of squares takes in the same browser: 1.5 to 1.9 were measured, on a quiet
# machine and on a busy one.
FRAME_OF_PEER = 3
EVIL = "<img src=x onerror=alert(1)>"
PLACES = (("64.08.05.2001", 0.51, 117.53), ("64.02.01.2001", -0.4, 116.9),
          ("64.02.01.2066", -0.3, 116.5))
UP, DOWN, SILENT = ".count.state-up", ".count.state-down", ".count.state-silent"


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
    """Three desa in three kabupaten; of the first and second something is told."""
    folder = tmp_path_factory.mktemp("page")
    boundaries = folder / "boundaries.json"
    boundaries.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [
            [[115.5, -1], [118, -1], [118, 1], [115.5, 1], [115.5, -1]]]}}]}))
    server = Server(folder / "server", settings={
        "web": {"banner": "Data simulasi", "boundaries": boundaries}}).init()
    regions = server.folder / "evil.csv"
    regions.write_text(f'code,district_code,name\n64.02.01.2066,64.02.01,"{EVIL}"\n')
    server.pantau("region", "import", regions)
    server.links = [server.add_link(desa=desa, lat=lat, lon=lon) for desa, lat, lon in PLACES]
    for link in server.links:
        server.add_contract(link, words=("--window", 4))
    add_user(server, "penjaga", "noc")
    add_user(server, "petugas", "officer", "--kabupaten", "64.08")
    add_user(server, "penyedia", "provider", "--provider", "Penyedia Uji")
    add_user(server, "kepala", "admin")
    server.start("ingest", "ledger", "web")
    server.tellers = [Teller(server, link, f"agent-{link}") for link in server.links[:2]]
    for teller in server.tellers:
        teller.slots(5)
    yield server
    server.close()


@pytest.fixture
def tab(chromium, site):
    with Tab(chromium, site) as made:
        yield made


def noc(tab, path="/dinding"):
    tab.log_in("penjaga", PASSWORD, path)
    tab.wait(".count-number")


def number(tab, what):
    return int(tab.text(f"{what} .count-number").replace(".", ""))


def wait_for_number(tab, what, wanted, seconds=20):
    tab.wait(f'{what} .count-number:text-is("{wanted}")', seconds)


# ---- who sees what

@pytest.mark.parametrize("name, home, menu", [
    ("penjaga", "/dinding", {"Dinding", "Peta", "Laporan"}),
    ("petugas", "/keputusan", {"Dinding", "Peta", "Penyedia", "Laporan"}),
    ("penyedia", "/penyedia", {"Dinding", "Peta", "Penyedia"}),
    ("kepala", "/dinding", {"Dinding", "Peta", "Laporan", "Pengguna"}),
])
def test_each_role_lands_at_its_work_and_leaves(tab, name, home, menu):
    tab.go("/")
    tab.wait("#name")
    tab.fill("#name", name)
    tab.fill("#password", PASSWORD)
    tab.press("Enter")
    tab.wait("header nav")
    assert tab.run("location.pathname") == home
    shown = set(tab.text("header nav").split("\n"))
    assert menu <= shown
    if name == "penyedia":
        assert not shown & {"Laporan", "Pengguna"}
    assert "Data simulasi" in tab.text()
    tab.click("header .tools >> text=Keluar")
    tab.wait("#name")
    tab.go("/dinding")
    tab.wait("#name")
    assert tab.run("location.pathname") == "/masuk"


def test_a_wrong_password_is_said_and_the_right_one_leads_where_one_wanted_to_go(tab):
    tab.go("/peta")
    tab.wait("#name")
    tab.fill("#name", "penjaga")
    tab.fill("#password", "salah-sama-sekali")
    tab.press("Enter")
    tab.wait("text=Nama pengguna atau kata sandi salah.")
    tab.shot("masuk")
    tab.fill("#password", PASSWORD)
    tab.press("Enter")
    tab.wait(".map")
    assert tab.run("location.pathname") == "/peta"


def test_an_officer_sees_one_kabupaten(tab):
    tab.log_in("petugas", PASSWORD, "/dinding?tampilan=tabel")
    tab.wait("table.links tbody tr")
    assert tab.count("table.links tbody tr") == 1
    assert "Kutai Timur" in tab.text("table.links")
    tab.click("nav >> text=Laporan")
    tab.wait(".report-place")
    assert "Kutai Timur" in tab.text(".report-place")
    tab.shot("laporan-petugas")


def test_what_a_role_may_not_see_is_said(tab):
    tab.log_in("penyedia", PASSWORD, "/laporan")
    tab.wait("text=tidak berhak")


def test_october_is_three_clicks_away(tab, site):
    """Of an officer who has never seen the page: log in, Laporan, PDF; once more for Excel."""
    tab.go("/")
    tab.wait("#name")
    tab.fill("#name", "petugas")
    tab.fill("#password", PASSWORD)
    tab.click("button.primary")  # the first click
    tab.click("header nav >> text=Laporan")
    tab.wait(".formats button:not([disabled])")
    month = tab.run("document.querySelector('.fields select').value")
    assert month == last_month()
    for name, start in (("PDF", b"%PDF"), ("Excel", b"PK")):
        path = site.folder / f"report-{name}"
        given = tab.order("download", what=f'.formats button:has-text("{name}")', path=str(path))
        assert path.read_bytes().startswith(start), given
        assert "64.08" in given and month in given, given
    tab.shot("laporan-terunduh")


def last_month():
    here = datetime.now(timezone(timedelta(hours=8)))
    return (here.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def test_an_administrator_makes_and_removes_a_user(tab):
    tab.log_in("kepala", PASSWORD, "/pengguna")
    tab.wait(".add-user")
    tab.fill(".add-user input", "petugas-baru")
    tab.order("select", what=".add-user label:nth-child(3) select", value="64.08")
    tab.click(".add-user .primary")
    tab.wait(".made-password")
    assert len(tab.text(".made-password")) >= 12
    assert tab.serious_faults() == []
    tab.shot("pengguna")
    row = 'tr:has-text("petugas-baru")'
    assert "Kutai Timur" in tab.text(row)
    tab.click(f'{row} >> text=Hapus')
    tab.click(f'{row} >> text=Ya, hapus')
    tab.wait(f'{row}:has-text("dihapus")')


# ---- the first look

def test_the_first_view_is_small_and_quick(chromium, site, record_property):
    first = ask(site.web_port, "/masuk").body.decode()
    scripts = re.findall(r'(?:src|href)="(/[^"]+\.js)"', first)
    assert len(scripts) >= 2
    size = sum(len(gzip.compress(ask(site.web_port, name).body)) for name in scripts)
    record_property("figure", f"first view: {size} bytes of script in {len(scripts)} files, gzipped"
                              f" (at most {FIRST_VIEW_BYTES})")
    assert size < FIRST_VIEW_BYTES
    took = []
    with Tab(chromium, site) as tab:
        noc(tab)
        for _ in range(3):
            began = time.monotonic()
            tab.go("/dinding")
            tab.wait(".count-number")
            took.append(time.monotonic() - began)
    record_property("figure", f"first view: {min(took):.2f} s (at most {FIRST_VIEW_S})")
    assert min(took) < FIRST_VIEW_S


def test_the_map_has_links_and_boundaries_and_a_table(chromium, site):
    with Tab(chromium, site) as tab:
        noc(tab, "/peta")
        tab.wait(".map path.boundary")
        tab.wait(".link-layer")
        where = tab.run("(() => { const b = document.querySelector('.map').getBoundingClientRect();"
                        " return [b.x, b.y, b.width, b.height]; })()")
        assert where[2] > 400 and where[3] > 300
        assert tab.count("table.links tbody tr") == len(PLACES)
        tab.shot("peta-batas")


def test_names_do_no_harm(tab):
    noc(tab, "/dinding?tampilan=tabel")
    tab.wait("table.links tbody tr")
    assert EVIL.lower() in tab.text("table.links").lower()
    assert tab.count("table.links img") == 0


def test_the_wall_of_the_country_is_drawn_at_the_pace_of_a_bare_canvas(chromium, record_property):
    done = subprocess.run(["node", "bench.mjs", str(page.FILES)], cwd=chromium.folder, text=True,
                          capture_output=True, timeout=120)
    result = json.loads(done.stdout)
    frame, update, peer = (result["cpuMs"][name] for name in ("frame", "update", "peer"))
    record_property("figure", f"wall of the country: {frame:.1f} ms of processor a frame,"
                              f" {update:.1f} ms of changes a quarter of a second; a bare canvas"
                              f" of squares: {peer:.1f} ms a frame")
    assert result["links"] == 83762
    assert frame < FRAME_OF_PEER * peer
    assert update < FRAME_OF_PEER * peer


# ---- live

def test_a_report_shows_within_two_seconds(chromium, site, record_property):
    took = []
    with Tab(chromium, site) as tab:
        noc(tab)
        tab.run("window.untouched = true")
        for turn in range(3):
            before = number(tab, DOWN)
            falls = turn % 2 == 0
            site.tellers[0].slots(4, lost=int(falls), cause="provider" if falls else "")
            began = time.monotonic()
            wait_for_number(tab, DOWN, before + (1 if falls else -1))
            took.append(time.monotonic() - began)
            if turn == 0:
                assert "Gangguan di jaringan penyedia" in tab.text(".side")
                tab.shot("dinding-putus")
        assert tab.run("window.untouched") is True
    site.tellers[0].slots(4)
    record_property("figure", f"live: shown {', '.join(f'{one:.2f}' for one in took)} s after the"
                              f" report was acknowledged (at most {LIVE_S})")
    assert min(took) < LIVE_S


def test_silence_is_shown_after_two_slots_and_five_seconds(tab, site, record_property):
    noc(tab)
    told = time.monotonic()
    for teller in site.tellers:
        teller.slots(4)
    wait_for_number(tab, SILENT, 0)
    wait_for_number(tab, UP, 2)
    wait_for_number(tab, SILENT, 2, 25)
    after = time.monotonic() - told
    record_property("figure", f"silence: shown {after:.1f} s after the last report (two slots and"
                              f" 5 s: {SILENT_S})")
    assert SILENT_S <= after <= SILENT_S + 5, after
    assert number(tab, DOWN) == 0  # no news is not bad news
    tab.shot("dinding-tanpa-kabar")


def test_a_lost_connection_is_shown_and_heals(tab, site):
    noc(tab)
    tab.run("window.untouched = true")
    site.stop("web")
    tab.wait(".notice-lost")
    assert "terputus" in tab.text(".notice-lost")
    tab.shot("terputus")
    site.tellers[0].slots(4, lost=1, cause="access")
    site.start("web")
    tab.wait("header .pulse-on", 40)
    wait_for_number(tab, DOWN, 1)
    assert tab.count(".notice-lost") == 0
    assert tab.run("window.untouched") is True
    site.tellers[0].slots(4)


def test_who_is_no_longer_allowed_is_asked_to_log_in(tab, site):
    add_user(site, "sementara", "noc")
    tab.log_in("sementara", PASSWORD)
    tab.wait(".count-number")
    site.pantau("user", "remove", "sementara")
    tab.wait("#name", 40)
    assert "berakhir" in tab.text(".login")


# ---- for everybody

def test_the_language_and_the_theme_are_switched_and_kept(tab):
    noc(tab)
    assert "Putus" in tab.text(".counts")
    tab.click(".switch-language")
    tab.wait("text=Down")
    assert tab.run("document.documentElement.lang") == "en"
    tab.click("[aria-label=Dark]")
    assert tab.run("document.documentElement.dataset.theme") == "dark"
    tab.go("/laporan")
    tab.wait("text=Monthly report")
    assert tab.run("document.documentElement.dataset.theme") == "dark"
    tab.click(".switch-language")
    tab.wait("text=Laporan bulanan")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_for_those_who_hear_the_page(chromium, site, scheme):
    with Tab(chromium, site, scheme=scheme) as tab:
        tab.go("/masuk")
        tab.wait("#name")
        assert tab.serious_faults() == []
        noc(tab)
        views = [("/dinding", "canvas"), ("/dinding?tampilan=tabel", "table.links"),
                 ("/peta", ".map canvas"), ("/laporan", ".formats")]
        for path, ready in views if scheme == "light" else views[1:3]:
            tab.go(path)
            tab.wait(ready)
            assert tab.serious_faults() == [], path
            tab.shot(f"{path.strip('/').replace('?', '-').replace('=', '-')}-{scheme}")


def test_a_phone_shows_all_of_it(chromium, site):
    with Tab(chromium, site, width=390, height=844) as tab:
        noc(tab)
        for path, ready in (("/dinding", "canvas"), ("/dinding?tampilan=tabel", "table.links"),
                            ("/peta", ".map"), ("/laporan", ".formats")):
            tab.go(path)
            tab.wait(ready)
            assert tab.run("document.documentElement.scrollWidth <= innerWidth"), path
            tab.shot(f"telepon-{path.strip('/').replace('?', '-').replace('=', '-')}")


def test_a_keyboard_is_enough(chromium, site):
    with Tab(chromium, site, motion="reduce") as tab:
        tab.go("/masuk")
        tab.wait("#name")
        reach(tab, "#name")
        tab.order("type", text="penjaga")
        tab.press("Tab")
        tab.order("type", text=PASSWORD)
        tab.press("Enter")
        tab.wait("canvas")
        reach(tab, "canvas")
        tab.press("Home")
        tab.wait(".tooltip")
        first = tab.text(".wall-frame [role=status]")
        tab.press("ArrowRight")
        second = tab.text(".wall-frame [role=status]")
        assert first and second and first != second
        tab.press("Enter")
        tab.wait(".side-chosen .details")
        tab.shot("papan-ketik")
        assert second.split(",")[0] in tab.text(".side-chosen")
        assert tab.run("getComputedStyle(document.activeElement).outlineStyle") != "none"


def reach(tab, what):
    """By the Tab key alone."""
    for _ in range(40):
        if tab.run(f"document.activeElement.matches('{what}')"):
            return
        tab.press("Tab")
    raise AssertionError(f"{what} is not reached by Tab")


def test_the_wall_has_a_screen_of_its_own(chromium, site):
    with Tab(chromium, site, width=1920, height=1080) as tab:
        noc(tab)
        tab.click("text=Layar penuh")
        tab.wait("main.screen canvas")
        assert tab.count("header") == 0
        assert tab.run("document.documentElement.dataset.theme") == "dark"
        tab.shot("layar-penuh")
        tab.run("document.exitFullscreen && document.exitFullscreen()")
        tab.wait("header")
