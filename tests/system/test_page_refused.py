# SPDX-License-Identifier: Apache-2.0
"""Decisions in headless Chromium where something is in the way: two devices of one identity, an
inbox of hundreds, a second officer by the list, and what a refusal says in both languages."""

import pytest

from support import page
from support.browser import ask
from support.enter import DOCUMENT, wait_in_ledger
from support.invented import Boot
from support.page import Chromium, Tab
from support.programs import wait_for
from support.records import SlotFactory
from support.reporter import Reporter
from support.server import Server
from system.test_page_decide import FROM, HERE, MONTH, OURS, PASSWORD, add_user, minutes

pytestmark = pytest.mark.skipif(page.missing() is not None, reason=str(page.missing()))

CONTRACT_HEAD = "link,from,mbps-down,mbps-up,fee,target,formula\n"
LINKS = 240  # more than the page shows at once
WORDS = {  # what the page says of a refusal, and never the server's English
    "id": {"time": "mulai harus sebelum selesai", "missing": "masih kosong",
           "same-person": "harus orang lain", "already": "Sudah diputuskan sebelumnya",
           "throttled": "Terlalu banyak percobaan", "ended": "Sesi Anda telah berakhir"},
    "en": {"time": "must begin before it ends", "missing": "is not filled in yet",
           "same-person": "must be another person", "already": "It was decided before",
           "throttled": "Too many tries", "ended": "Your session has ended"},
}


def device(name, slots):
    """One of two devices of one image."""
    boot = Boot(1, FROM - 1000, name)
    for slot in slots:
        boot.add(SlotFactory(), slot)
    return boot


def told_twice(server):
    """A link whose identity two devices used for an hour."""
    link = server.add_link(HERE, OURS)
    server.add_contract(link, "2026-01-01")
    issued = server.issue(link, f"twins-{link}", "2024-01-01")
    twins = device("A", minutes(FROM, 60)), device("B", minutes(FROM, 59, 6) + minutes(
        FROM + 3540, 1))
    for boot in twins:
        with Reporter(server, issued) as reporter:
            reporter.hello((boot.run, boot.nonce, 1, len(boot.records)))
            reporter.deliver(boot.run, boot.numbered())
    wait_in_ledger(server, issued.agent, sum(len(boot.records) for boot in twins))
    return link, twins


@pytest.fixture(scope="module")
def chromium():
    made = Chromium()
    yield made
    made.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("page-refused") / "server").init()
    server.start("ingest", "ledger", "web")
    server.twins, server.boots = told_twice(server)
    add_user(server, "kepala", "admin")
    add_user(server, "petugas", "officer", "--kabupaten", "64.08")
    add_user(server, "pejabat", "officer", "--kabupaten", "64.08")
    yield server
    server.close()


def api(site, path):
    return ask(site.web_port, path, token=site.token()).json()


def speak(tab, language):
    if tab.run("document.documentElement.lang") != language:
        tab.click(".switch-language")
        tab.wait(f"html[lang={language}]")


# ---- two devices of one identity

def test_the_device_that_counts_is_chosen_and_the_choice_revoked_with_a_reason(chromium, site):
    disputes = f"/api/v1/decisions?month={MONTH}&kind=dispute"
    item, = api(site, disputes)["rows"]
    good = site.boots[0].id.hex()
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD, "/keputusan?jenis=dispute")
        tab.wait(".devices li", 20)
        assert "Dua alat" in tab.text(".decide-group") and tab.count(".devices li") == 3
        assert "60" in tab.text(f'.devices li:has-text("{good[:8]}")')
        tab.shot("keputusan-identitas-ganda")
        assert tab.serious_faults() == []
        tab.click(f'.devices li button:has-text("Alat {good[:8]}")')
        tab.wait(".note-form input:focus")
        tab.order("type", text="nomor seri cocok dengan berita acara")
        tab.press("Enter")
        tab.wait("body:not(:has(.devices))")
        assert api(site, disputes + "&open=1")["rows"] == []
        tab.click(".sections >> text=Riwayat")
        row = 'tbody tr:has-text("nomor seri cocok")'
        tab.wait(row)
        assert good[:8] in tab.text(row) and "petugas" in tab.text(row)
        tab.click(f"{row} >> text=Batalkan")
        tab.wait(".note-form input:focus")
        tab.press("Enter")  # nothing is taken back without a reason
        assert tab.count(".note-form") == 1
        tab.order("type", text="salah baca nomor")
        tab.press("Enter")
        tab.wait(f'{row}:has-text("Dicabut petugas: salah baca nomor")')
    again, = wait_for(lambda: api(site, disputes + "&open=1")["rows"], "it is open again", 30)
    assert again["item"] == item["item"]


# ---- exclusions, by their list

def test_a_second_officer_confirms_by_the_list_and_the_first_cannot(chromium, site):
    path = "/keputusan?bagian=pengecualian"
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD, path)
        tab.click(".propose summary")
        tab.order("select", what=".propose select >> nth=1", value="64.08.05")
        tab.order("select", what='.propose select:has(option[value="force-majeure"])',
                  value="force-majeure")
        tab.fill(".propose input[name=from]", f"{MONTH}-12T08:00")
        tab.fill(".propose input[name=to]", f"{MONTH}-12T09:00")
        tab.fill(".propose input[name=note]", "banjir bandang")
        tab.click(".propose .primary")
        row = 'tbody tr:has-text("banjir bandang")'
        tab.wait(row)
        assert "Menunggu" in tab.text(row) and "Sahkan" not in tab.text(row)
    with Tab(chromium, site) as first, Tab(chromium, site) as late:
        for tab in first, late:
            tab.log_in("pejabat", PASSWORD, path)
            tab.wait(row, 20)
            tab.click(f"{row} >> text=Sahkan")
            tab.order("upload", what=f"{row} >> input[type=file]", path=str(DOCUMENT))
            tab.wait(".document-hash")
        first.click(f"{row} >> .note-form .primary")
        first.wait(f'{row}:has-text("Disahkan pejabat")')
        assert "Berlaku" in first.text(row)
        late.click(f"{row} >> .note-form .primary")
        late.wait(f'{row} >> [role=alert]:has-text("{WORDS["id"]["already"]}")')
        assert "confirmed before" not in late.text(row)
        speak(late, "en")
        assert WORDS["en"]["already"] in late.text(row)  # what was said is said anew
        late.shot("pengecualian-ditolak")


# ---- refusals

@pytest.mark.parametrize("language", ["id", "en"])
def test_a_refusal_is_said_in_the_language_of_the_page(chromium, site, language):
    words = WORDS[language]
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD, "/keputusan?bagian=pengecualian")
        speak(tab, language)
        tab.click(".propose summary")
        tab.order("select", what=".propose select >> nth=1", value="64.08.05")
        tab.fill(".propose input[name=from]", f"{MONTH}-10T09:00")
        tab.fill(".propose input[name=to]", f"{MONTH}-10T08:00")
        tab.fill(".propose input[name=note]", "terbalik")
        tab.click(".propose .primary")
        problem = ".propose [role=alert]"
        tab.wait(f'{problem}:has-text("{words["time"]}")')
        tab.run("document.querySelector('.propose form').noValidate = true")
        tab.fill(".propose input[name=note]", "")
        tab.click(".propose .primary")
        tab.wait(f'{problem}:has-text("{words["missing"]}")')
        tab.shot(f"ditolak-{language}")
        assert tab.serious_faults() == []
        speak(tab, "id")


def test_the_same_person_is_refused_whoever_s_page_asks(chromium, site):
    """The page offers it to nobody who proposed; what it says to who asks all the same."""
    site.pantau("exclusion", "add", "--desa", HERE, "--reason", "customer", "--from",
                f"{MONTH}-20T08:00", "--to", f"{MONTH}-20T09:00", "--by", "PEJABAT ",
                "--note", "tagihan listrik")
    with Tab(chromium, site) as tab:
        tab.log_in("pejabat", PASSWORD, "/keputusan?bagian=pengecualian")
        row = 'tbody tr:has-text("tagihan listrik")'
        tab.wait(row, 20)
        assert "Sahkan" not in tab.text(row)
        number = api(site, "/api/v1/exclusions")["rows"][-1]["exclusion"]
        code = tab.run(f"""(async () => {{
            const csrf = (await (await fetch("/api/v1/session")).json()).csrf;
            const answer = await fetch("/api/v1/exclusions/{number}/confirm", {{ method: "POST",
                headers: {{ "Content-Type": "application/json", "X-Pantau-CSRF": csrf }},
                body: JSON.stringify({{ document: "0".repeat(64) }}) }});
            return (await answer.json()).code;
        }})()""")
        assert code == "same-person"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_session_that_is_over_leads_to_the_login(chromium, site, language):
    name = f"tamu-{language}"
    add_user(site, name, "officer", "--kabupaten", "64.08")
    with Tab(chromium, site) as tab:
        tab.log_in(name, PASSWORD, "/keputusan?bagian=riwayat")
        speak(tab, language)
        site.pantau("user", "remove", name)
        tab.click(".sections button >> nth=1")
        tab.wait("#name")
        assert WORDS[language]["ended"] in tab.text("main")
        speak(tab, "id")


@pytest.mark.parametrize("language", ["id", "en"])
def test_who_guesses_is_told_to_wait(chromium, site, language):
    name = f"tebak-{language}"
    with Tab(chromium, site) as tab:
        tab.go("/masuk")
        tab.wait("#name")
        speak(tab, language)
        for _ in range(12):
            tab.fill("#name", name)
            tab.fill("#password", "bukan-ini-sandinya")
            tab.press("Enter")
            tab.wait(".login [role=alert]:not(:empty)")
            tab.wait(".login .primary:not([disabled])")
            if WORDS[language]["throttled"] in tab.text(".login"):
                break
        assert WORDS[language]["throttled"] in tab.text(".login")
        speak(tab, "id")


# ---- hundreds (last: they stay)

def test_an_inbox_of_hundreds_is_chosen_and_decided_as_one(chromium, site):
    links = site.state.parent / "hundreds.csv"
    links.write_text("desa,provider,kind\n" + f"{HERE},{OURS},fibre\n" * LINKS)
    site.pantau("link", "import", links)
    contracts = site.state.parent / "contracts.csv"
    contracts.write_text(CONTRACT_HEAD + "".join(
        f"{link},2026-01-01,20,10,1200000,99.5,prorata\n"
        for link in range(site.twins + 1, site.twins + 1 + LINKS)))
    site.pantau("contract", "import", contracts)
    total = api(site, f"/api/v1/decisions?month={MONTH}&kind=undetermined&open=1")["total"]
    assert total >= LINKS
    with Tab(chromium, site) as tab:
        tab.log_in("petugas", PASSWORD, "/keputusan?jenis=undetermined")
        tab.wait("[data-row]", 30)
        assert tab.count("[data-row]") == 200
        tab.click(".more")
        tab.wait(f"[data-row] >> nth={total - 1}", 20)
        tab.run("document.querySelector('.tick-all input').focus()")
        tab.press("Space")  # by the keyboard
        tab.wait(f'.decide-count:has-text("{total} dipilih")')
        tab.run("document.querySelectorAll('[data-row] input')[7].focus()")
        spent = tab.run("""new Promise((resolve) => {
            const began = performance.now();
            document.activeElement.click();
            requestAnimationFrame(() => requestAnimationFrame(
                () => resolve(performance.now() - began)));
        })""")
        print(f"a tick among {total}: {spent:.0f} ms")
        tab.wait(f'.decide-count:has-text("{total - 1} dipilih")')
        tab.shot("keputusan-ratusan")
        tab.order("select", what=".decide-bar select >> nth=0", value="dismiss")
        tab.fill(".decide-bar .decide-note input", "belum dipasang")
        tab.press("Enter")
        tab.wait(f'#results-title:has-text("{total - 1} dari {total - 1} berhasil")', 30)
        wait_for(lambda: tab.count("[data-row]") == 1, "one is left on the page", 20)
        assert tab.serious_faults() == []
    left = api(site, f"/api/v1/decisions?month={MONTH}&kind=undetermined&open=1")
    assert left["total"] == 1
