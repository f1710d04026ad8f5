# SPDX-License-Identifier: Apache-2.0
"""Messages of incidents, from real records to the one who is told: one for an incident, edited,
closed, and not said twice whatever happens in between."""

import json
import time

import pytest

from support.listeners import Alertmanager, Hook, MailServer, Telegram
from support.present import Agent, report_until_now
from support.programs import wait_for
from support.server import Server
from system.test_renew import EXPIRED, Router

LINKS = 6


class Noc:
    """A server with `LINKS` links of one kecamatan, and everybody who may be told."""

    def __init__(self, folder, bridge=120, **settings):
        self.telegram, self.hook = Telegram(), Hook()
        self.alertmanager, self.mail = Alertmanager(), MailServer()
        secrets = {"telegram": "12:secret", "hook": "hook secret"}
        folder.mkdir(exist_ok=True)
        for name, secret in secrets.items():
            (folder / name).write_text(secret + "\n")
        self.settings = {
            "telegram_chat": "-100", "telegram_above": "-200",
            "telegram_token_file": folder / "telegram", "telegram_url": self.telegram.url,
            "mail_to": "noc@uji.id tim@uji.id", "mail_from": "pantau@uji.id",
            "mail_above": "kepala@uji.id", "smtp_url": self.mail.url,
            "webhook_url": self.hook.url + "/in", "webhook_secret_file": folder / "hook",
            "alertmanager_url": self.alertmanager.url + "/",
            "down_s": 5, "silent_s": 5, "calm_s": 2, "escalate_s": 0} | settings
        self.server = Server(folder / "server", settings={
            "alert": self.settings, "web": {"public_url": "https://pantau.uji.id"}}).init()
        self.links = [self.server.add_link() for _ in range(LINKS)]
        for link in self.links:
            self.server.add_contract(link, words=("--window", 20, "--bridge", bridge))
        self.server.start("ingest", "ledger")

    def agent(self, i):
        return Agent(self.server, self.links[i], f"agent{i}")

    def start(self):
        self.server.launch("alert")
        self.server.wait_ready("alert")

    def close(self):
        self.server.close()
        for listener in (self.telegram, self.hook, self.alertmanager, self.mail):
            listener.close()
        assert not (self.telegram.faults or self.hook.faults or self.alertmanager.faults)


@pytest.fixture
def noc(tmp_path):
    made = []

    def make(**settings):
        made.append(Noc(tmp_path / "noc", **settings))
        return made[0]
    yield make
    for each in made:
        each.close()


def go_down(agents):
    for agent in agents:
        report_until_now(agent, lost=1, cause="provider")


def come_back(agents):
    for agent in agents:
        agent.at_s = max(agent.at_s, int(time.time()) - agent.booted_s - 60) // 10 * 10
        agent.slots(6)


def mail_text(mail):
    return mail.get_content().replace("\r\n", "\n")


def test_an_outage_is_one_message_everywhere_and_ends(noc):
    noc = noc()
    agent = noc.agent(0)
    noc.start()
    go_down([agent])
    wait_for(lambda: noc.telegram.texts() and noc.mail.mails and noc.hook.told and
             noc.alertmanager.firing(), "everybody is told", 20)
    text, = noc.telegram.texts()
    assert text.startswith("▼ Putus: Desa Uji 1 (Kutai Timur)\nSejak ")
    assert "Penyedia Uji" in text and "https://pantau.uji.id/gangguan" in text
    assert "WITA" in text and "jaringan akses menjawab, jaringan penyedia tidak" in text

    (to, mail), = noc.mail.mails
    assert to == ["noc@uji.id", "tim@uji.id"] and mail["To"] == "noc@uji.id, tim@uji.id"
    assert mail["Subject"] == "▼ Putus: Desa Uji 1 (Kutai Timur)"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail_text(mail).strip() == text.split("\n", 1)[1].strip()

    told = noc.hook.told[0]
    assert (told["event"], told["links"], told["lasting"], told["silent"]) == ("opened", 1, 1, 0)
    assert told["members"][0]["link"] == noc.links[0]
    assert told["members"][0]["cause"] == "provider" and told["to"] is None
    alert, = noc.alertmanager.firing()
    assert alert["labels"]["alertname"] == "PantauIncident"

    come_back([agent])
    wait_for(lambda: noc.hook.told[-1]["event"] == "closed" and len(noc.mail.mails) == 2,
             "it is closed", 30)
    wait_for(lambda: not noc.alertmanager.firing(), "Alertmanager too", 10)
    text, = noc.telegram.texts()
    assert text.startswith("▲ Pulih: Desa Uji 1 (Kutai Timur)\n") and " sampai " in text
    first, last = (mail for _, mail in noc.mail.mails)
    assert last["In-Reply-To"] == first["Message-ID"] != last["Message-ID"]
    assert len(noc.alertmanager.alerts) == 1
    assert noc.server.status_of("alert")["channels"][0]["name"] == "telegram"


def test_many_are_one_incident(noc):
    noc = noc()
    agents = [noc.agent(i) for i in range(LINKS)]
    for agent in agents:
        report_until_now(agent)
    noc.start()
    time.sleep(3)
    assert not noc.telegram.texts()
    for agent in agents:
        agent.skip_to_now()
        agent.slots(2, 1, "provider")
    wait_for(lambda: noc.hook.told and noc.hook.told[-1]["links"] == LINKS, "all in one", 90)
    assert {told["id"] for told in noc.hook.told} == {noc.hook.told[0]["id"]}
    text, = noc.telegram.texts()
    assert f"{LINKS} sambungan, penyedia Penyedia Uji" in text


def test_silence_is_no_news_and_never_down(noc):
    noc = noc()
    agent = noc.agent(0)
    report_until_now(agent)
    noc.start()
    wait_for(lambda: noc.telegram.texts(), "silence is told", 60)
    text, = noc.telegram.texts()
    assert text.startswith("◌ Tidak ada kabar: ") and "Putus" not in text
    assert "belum berarti internetnya putus" in text
    assert noc.hook.told[0]["silent"] == 1 and noc.hook.told[0]["members"][0]["cause"] is None


def silent_for_a_while(noc, lost):
    """Told as no news; back, and told so; then the slots of the silence come, or (None) do not."""
    agent = noc.agent(0)
    agent.skip_to_now()
    agent.at_s -= 300
    agent.slots(30)
    silence = agent.at_s
    noc.start()
    wait_for(lambda: noc.telegram.texts(), "silence is told", 60)
    assert noc.telegram.texts()[0].startswith("◌ Tidak ada kabar: ")
    back = silence + 20
    wait_for(lambda: time.time() >= back + 10, "two slots and one more are over", 40)
    agent.at_s = back
    agent.slots(1)
    wait_for(lambda: noc.hook.told[-1]["event"] == "closed", "it is closed", 30)
    if lost is not None:
        agent.at_s = silence
        agent.slots((back - silence) // 10, lost, "provider" if lost else "")


def test_late_records_tell_what_a_silence_was(noc):
    noc = noc(bridge=0)
    silent_for_a_while(noc, 1)
    wait_for(lambda: noc.hook.told[-1]["event"] == "explained" and len(noc.mail.mails) == 3,
             "it is told what it was", 30)
    text, = noc.telegram.texts()  # edited
    assert text.startswith("▲ Pulih; ternyata sempat putus: Desa Uji 1 (Kutai Timur)\n")
    assert "Kabar yang terlambat sudah datang. Selama tanpa kabar: putus " in text
    assert "Sebab putus: jaringan akses menjawab, jaringan penyedia tidak" in text
    assert noc.mail.mails[2][1]["In-Reply-To"] == noc.mail.mails[0][1]["Message-ID"]
    told = len(noc.hook.told)
    assert [one["event"] for one in noc.hook.told].count("explained") == 1
    time.sleep(6)
    assert len(noc.hook.told) == told and len(noc.mail.mails) == 3  # once


def test_a_silence_that_was_none_is_told_as_well(noc):
    noc = noc(bridge=0)
    silent_for_a_while(noc, 0)
    wait_for(lambda: noc.hook.told[-1]["event"] == "explained", "it is told what it was", 30)
    assert noc.telegram.texts()[0].startswith("▲ Pulih; ternyata internet normal: ")


def test_a_silence_of_which_nothing_comes_stays_one_and_is_still_asked_of(noc):
    noc = noc(bridge=0)
    silent_for_a_while(noc, None)
    time.sleep(6)
    assert noc.hook.told[-1]["event"] == "closed"
    assert noc.telegram.texts()[0].startswith("▲ Pulih: ")
    assert [alarm["past"]["phase"] for alarm in kept(noc)] == [1]
    noc.server.kill("alert")  # what it waits for outlives it
    noc.start()
    time.sleep(3)
    assert [alarm["past"]["phase"] for alarm in kept(noc)] == [1]


def test_certificates_are_one_message_until_there_are_none(noc):
    noc = noc()
    noc.server.link = noc.links[0]
    routers = [Router(noc.server, "-640d", "late"), Router(noc.server, EXPIRED, "expired")]
    noc.start()
    wait_for(lambda: noc.telegram.texts() and noc.mail.mails and noc.hook.told, "it is told", 20)
    text, = noc.telegram.texts()
    first = "⚠ Sertifikat alat ukur: 1 belum diperbarui, 1 sudah habis\nSejak "
    assert text.startswith(first) and "WITA" in text and "pantau agent list" in text
    told = noc.hook.told[0]
    assert (told["event"], told["scope"], told["links"], told["members"]) == (
        "opened", "certificates", 0, [])
    wait_for(lambda: [alarm["sent"][1]["version"] for alarm in kept(noc)] == [1], "it is kept")
    noc.server.kill("alert")
    for router in routers:
        noc.server.pantau("agent", "revoke", router.agent)
    noc.start()  # goes on where it was
    wait_for(lambda: noc.hook.told[-1]["event"] == "closed", "it is over", 30)
    wait_for(lambda: len(noc.mail.mails) == 2, "by mail too")
    text, = noc.telegram.texts()
    assert text.startswith("▲ Sertifikat alat ukur: sudah beres\n") and " sampai " in text
    assert {told["id"] for told in noc.hook.told} == {1}


def test_a_killed_process_tells_nothing_twice(noc):
    noc = noc()
    agent = noc.agent(0)
    noc.start()
    go_down([agent])
    wait_for(lambda: noc.telegram.texts() and noc.mail.mails, "it is told", 20)
    wait_for(lambda: [alarm["sent"][1]["version"] for alarm in kept(noc)] == [1], "it is kept")
    noc.server.kill("alert")
    noc.start()
    time.sleep(4)
    come_back([agent])
    wait_for(lambda: len(noc.mail.mails) == 2, "it is closed", 30)
    assert len(noc.telegram.texts()) == 1 and len(noc.telegram.chats["-100"]) == 1


def kept(noc):
    path = noc.server.state / "alerts.json"
    return json.loads(path.read_text())["alarms"] if path.exists() else []


def test_limits_and_faults_of_the_servers_are_heeded(noc):
    noc = noc(telegram_above="")
    agent = noc.agent(0)
    noc.telegram.trouble += [
        (429, {}, b'{"ok":false,"error_code":429,"description":"Too Many Requests",'
                  b'"parameters":{"retry_after":4}}'),
        (502, {}, b"bad gateway")]
    noc.hook.trouble += [(429, {"Retry-After": "3"}, b""), (503, {}, b"")]
    noc.mail.trouble += ["451 greylisted, come again", "421 busy"]
    noc.alertmanager.trouble += [(500, {}, b"")]
    noc.start()
    go_down([agent])
    wait_for(lambda: noc.telegram.texts() and noc.hook.told and noc.mail.mails and
             noc.alertmanager.firing(), "all are told in the end", 60)
    for listener, wait_s in ((noc.telegram, 4), (noc.hook, 3)):
        first, second = (at for at, *_ in listener.asked[:2])
        assert second - first >= wait_s - 0.5
    assert len(noc.telegram.texts()) == len(noc.hook.told) == len(noc.mail.mails) == 1
    status = {each["name"]: each for each in noc.server.status_of("alert")["channels"]}
    assert status["telegram"]["failed"] == 2 and status["telegram"]["trouble"] is None


def test_what_is_refused_stops_nobody(noc):
    noc = noc()
    agents = [noc.agent(0), noc.agent(1)]
    noc.telegram.trouble += [(400, {}, b'{"ok":false,"description":"Bad Request: chat not found"}')]
    noc.start()
    go_down(agents[:1])
    wait_for(lambda: noc.hook.told, "the others are told", 20)
    come_back(agents[:1])
    go_down(agents[1:])
    wait_for(lambda: noc.telegram.texts(), "the next one goes out", 60)
    assert "refuses" in noc.server.log("alert") and "chat not found" in noc.server.log("alert")


def test_nobody_takes_care_so_those_above_are_told(noc):
    noc = noc(escalate_s=4)
    agent = noc.agent(0)
    noc.start()
    go_down([agent])
    wait_for(lambda: noc.telegram.texts("-200"), "those above are told", 30)
    wait_for(lambda: any(to == ["kepala@uji.id"] for to, _ in noc.mail.mails), "by mail too", 20)
    assert noc.telegram.texts("-200")[0].startswith("Belum ditangani: ▼ Putus")
    assert [told["event"] for told in noc.hook.told] == ["opened", "escalated"]
    come_back([agent])
    wait_for(lambda: noc.telegram.texts("-200")[0].startswith("▲ Pulih"), "and of its end", 40)


@pytest.mark.parametrize("key, value, words", [
    ("quiet", "22-6", "[alert] quiet = 22-6: must be two times of the day"),
    ("telegram_token_file", "", "telegram_token_file: there is no token"),
    ("webhook_secret_file", "/nowhere/secret", "/nowhere/secret"),
    ("smtp_url", "", "smtp_url: there is none for mail_to"),
])
def test_a_bad_setting_is_named(tmp_path, key, value, words):
    (tmp_path / "secret").write_text("1:x\n")
    settings = {"telegram_chat": "-1", "telegram_token_file": tmp_path / "secret",
                "mail_to": "a@b.id", "mail_from": "c@d.id", "smtp_url": "smtp://127.0.0.1:9",
                "webhook_url": "http://127.0.0.1:9/", "webhook_secret_file": tmp_path / "secret"}
    server = Server(tmp_path / "server", settings={"alert": settings | {key: value}}).init()
    server.launch("alert")
    process = server.parts["alert"]
    wait_for(lambda: not process.alive(), "it ends", 10)
    assert words in process.text()
    server.close()


def test_a_damaged_file_is_set_aside(noc):
    noc = noc()
    (noc.server.state / "alerts.json").write_text('{"version": 1, "alarms": [{}]}')
    agent = noc.agent(0)
    noc.start()
    go_down([agent])
    wait_for(lambda: noc.telegram.texts(), "it is told", 20)
    assert (noc.server.state / "alerts.json.damaged").exists()
    assert "set aside" in noc.server.log("alert")
