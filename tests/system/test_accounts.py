# SPDX-License-Identifier: Apache-2.0
"""Who may do what: logging in and out, roles and what is whose, changes and their log, and all that
somebody may send who means no good."""

import http.client
import json
import socket
import sqlite3
import subprocess
import threading
import time

import pytest

from support import records
from support.browser import Browser, Events, ask
from support.enter import wait_in_ledger
from support.programs import LONG, RELEASE, program, wait_for
from support.reporter import Reporter
from support.server import Server

PASSWORD = "sebuah kata sandi"
HASH = "ab" * 32
HERE, THERE = "64.08.05.2001", "64.02.01.2001"  # a desa of Kutai Timur, one of Kutai Kartanegara
OURS, OTHERS = "Penyedia Uji", "Penyedia Lain"


def add_user(server, name, role, *words):
    done = subprocess.run(
        [program("pantau", server.build), "user", "add", name, "--role", role, *words, "--state",
         str(server.state)], input=PASSWORD + "\n", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A web with an account of each role, a link here and one of another provider elsewhere."""
    server = Server(tmp_path_factory.mktemp("accounts") / "server").init()
    server.link = server.add_link(HERE, OURS)
    server.other = server.add_link(THERE, OTHERS)
    for link in (server.link, server.other):
        server.add_contract(link)
    add_user(server, "admin", "admin")
    add_user(server, "noc", "noc")
    add_user(server, "petugas", "officer", "--kabupaten", "64.08")
    add_user(server, "pejabat", "officer", "--kabupaten", "64.08")
    add_user(server, "penyedia", "provider", "--provider", OURS)
    server.start("ledger", "web")
    yield server
    server.close()


@pytest.fixture(scope="module")
def people(site):
    """A browser of each, logged in."""
    made = {}
    for name in ("admin", "noc", "petugas", "pejabat", "penyedia"):
        made[name] = Browser(site.web_port)
        assert made[name].log_in(name, PASSWORD).status == 200
    return made


def session(browser):
    return browser.ask("/api/v1/session").json()


def changes(people, **filters):
    query = "&".join(f"{key}={value}" for key, value in filters.items())
    return people["admin"].ask(f"/api/v1/audit?{query}").json()["rows"]


# ---- logging in and out

def test_nobody_is_told_only_what_the_login_needs(site):
    answer = session(Browser(site.web_port))
    assert answer["user"] is None and answer["role"] == "public" and answer["csrf"] is None
    assert (answer["zone"], answer["timezone"]) == ("WITA", "Asia/Makassar")
    assert answer["province"].upper() == "KALIMANTAN TIMUR"
    assert ask(site.web_port, "/api/v1/desa").status == 401
    assert ask(site.web_port, "/").headers["Location"] == "/masuk"


def test_a_login_gives_a_guarded_cookie_and_says_who_one_is(site):
    browser = Browser(site.web_port)
    answer = browser.log_in("petugas", PASSWORD)
    assert answer.status == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("pantau_session=") and "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie and "Path=/" in cookie and "Secure" not in cookie
    told = answer.json()
    assert (told["user"], told["role"], told["kabupaten"]) == ("petugas", "officer", "64.08")
    assert session(browser) == told
    assert browser.ask("/").headers["Location"] == "/dinding"
    assert answer.headers["Cache-Control"] == "no-store"


def test_behind_https_the_cookie_is_of_this_host_alone(site):
    browser = Browser(site.web_port, {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.2.3"})
    cookie = browser.log_in("noc", PASSWORD).headers["Set-Cookie"]
    assert cookie.startswith("__Host-pantau_session=") and "Secure" in cookie
    assert session(browser)["user"] == "noc"
    # the same secret under the plain name, as a sister site could plant it, is nobody's
    planted = browser.cookie.replace("__Host-", "")
    assert ask(site.web_port, "/api/v1/session", headers={
        "Cookie": planted, "X-Forwarded-Proto": "https"}).json()["user"] is None


def test_a_logout_ends_the_session_for_good(site):
    browser = Browser(site.web_port)
    browser.log_in("noc", PASSWORD)
    cookie = browser.cookie
    assert browser.ask("/api/v1/session", "DELETE").status == 204
    assert browser.cookie is None
    for path in ("/api/v1/desa", "/api/v1/events"):
        assert ask(site.web_port, path, headers={"Cookie": cookie}).status == 401


def test_a_session_that_somebody_planted_is_not_kept(site):
    planted = "pantau_session=" + "0" * 64
    browser = Browser(site.web_port)
    browser.cookie = planted
    assert browser.log_in("noc", PASSWORD).status == 200
    assert browser.cookie != planted
    mine = browser.cookie
    assert ask(site.web_port, "/api/v1/session", headers={"Cookie": planted}).json()["user"] is None
    # a second login of the same browser ends the first
    browser.log_in("noc", PASSWORD)
    assert ask(site.web_port, "/api/v1/session", headers={"Cookie": mine}).json()["user"] is None


def test_a_session_outlives_the_web_and_no_copy_of_the_file_opens_it(site):
    browser = Browser(site.web_port)
    browser.log_in("noc", PASSWORD)
    site.stop("web")
    site.start("web")
    assert session(browser)["user"] == "noc"
    secret = browser.cookie.split("=")[1]
    assert secret.encode() not in (site.state / "registry.db").read_bytes()
    with sqlite3.connect(f"file:{site.state / 'registry.db'}?mode=ro", uri=True) as db:
        kept = [row[0] for row in db.execute("SELECT hash FROM session")]
        logged = [row[0] for row in db.execute("SELECT DISTINCT table_name FROM change")]
        text = " ".join(str(row) for row in db.execute("SELECT * FROM change"))
    assert kept and secret not in kept
    assert "session" not in logged and "user_key" not in logged
    assert "scrypt" not in text


def test_idle_and_old_sessions_end(server):
    server.configure({"web": {"session_idle_s": 3, "session_max_s": 6}})
    add_user(server, "noc", "noc")
    server.start("web")
    idle, busy = Browser(server.web_port), Browser(server.web_port)
    idle.log_in("noc", PASSWORD)
    busy.log_in("noc", PASSWORD)
    began = time.monotonic()
    while time.monotonic() < began + 4.5:
        assert session(busy)["user"] == "noc"
        time.sleep(0.5)
    assert session(idle)["user"] is None
    wait_for(lambda: session(busy)["user"] is None, "the oldest session ends", 10)


def test_who_is_removed_or_gets_another_password_is_out_at_once(site, people):
    admin = people["admin"]
    assert admin.post("/api/v1/users", name="tamu", role="noc", password=PASSWORD).status == 201
    first, second = Browser(site.web_port), Browser(site.web_port)
    first.log_in("tamu", PASSWORD)
    second.log_in("tamu", PASSWORD)
    assert first.post("/api/v1/password", old="salah sekali ini", new="x" * 11 + "y").status == 401
    assert first.post("/api/v1/password", old=PASSWORD, new="pendek").status == 400
    assert first.post("/api/v1/password", old=PASSWORD, new="sandi yang baru").status == 204
    assert session(first)["user"] == "tamu"  # one's own goes on
    assert session(second)["user"] is None
    assert second.log_in("tamu", PASSWORD).status == 401
    assert admin.ask("/api/v1/users/tamu", "DELETE").status == 204
    assert session(first)["user"] is None
    assert first.log_in("tamu", "sandi yang baru").status == 401
    assert admin.ask("/api/v1/users/admin", "DELETE").status == 409  # the last one


@pytest.mark.skipif(not LONG, reason="a heartbeat and more: PANTAU_LONG=1")
def test_an_open_stream_ends_with_its_login(site):
    browser = Browser(site.web_port)
    browser.log_in("noc", PASSWORD)
    with Events(site.web_port, cookie=browser.cookie) as events:
        assert events.next()[0] == "hello"
        assert browser.ask("/api/v1/session", "DELETE").status == 204
        with pytest.raises(AssertionError, match="ended the stream"):
            for _ in range(5):
                events.next(8)


@pytest.mark.skipif(not LONG, reason="a look at the login and more: PANTAU_LONG=1")
def test_an_open_stream_ends_with_its_token(site):
    """Another token, or another account of the name, is not the one that watches."""
    site.pantau("user", "add", "pipa", "--role", "noc", "--token")
    token = site.pantau("user", "token", "pipa").strip()
    with Events(site.web_port, token=token) as events:
        assert events.next()[0] == "hello"
        site.pantau("user", "token", "pipa")
        with pytest.raises(AssertionError, match="ended the stream"):
            for _ in range(5):
                events.next(8)


def test_one_account_leaves_streams_to_others(site):
    token = site.pantau("user", "add", "layar", "--role", "noc", "--token").split()[-1]
    open_streams = [Events(site.web_port, token=token) for _ in range(64)]
    answer = ask(site.web_port, "/api/v1/events", token=token)
    assert answer.status == 429 and b"too many pages" in answer.body
    Events(site.web_port, token=site.token("noc")).close()
    for stream in open_streams:
        stream.close()


def test_a_token_is_a_script_s_and_can_be_ended(site):
    site.pantau("user", "add", "skrip", "--role", "noc", "--token")
    token = site.pantau("user", "token", "skrip").strip()
    assert ask(site.web_port, "/api/v1/desa", token=token).status == 200
    assert ask(site.web_port, "/api/v1/tickets", "POST", token=token, body={
        "link": site.link, "at": "2026-01-05", "number": "T-1", "opened": "2026-01-05"}
    ).status == 201
    assert ask(site.web_port, "/api/v1/users", token=token).status == 403
    site.pantau("user", "token", "skrip", "--revoke")
    assert ask(site.web_port, "/api/v1/desa", token=token).status == 401
    for wrong in ("Bearer", "Bearer x", "Basic " + token, "Bearer " + token + "0"):
        assert ask(site.web_port, "/api/v1/desa", headers={"Authorization": wrong}).status == 401


def test_passwords_come_by_standard_input_and_are_checked(site):
    def add(name, password, *words):
        return subprocess.run(
            [program("pantau", site.build), "user", "add", name, "--role", "noc", *words,
             "--state", str(site.state)], input=password, capture_output=True, text=True)
    for name, password, says in (("ada", "pendek\n", "too short"), ("ada", "", "no password"),
                                 ("ada", "x" * 200 + "\n", "too long"),
                                 ("ada", "aaaaaaaaaaaaaaa\n", "repeated"),
                                 ("saya", "saya dan saya saja\n", "account's name"),
                                 ("Besar", PASSWORD, "name = Besar"), ("q", PASSWORD, "name = q"),
                                 ("noc", PASSWORD, "there is an account")):
        done = add(name, password)
        assert done.returncode == 1 and says in done.stderr, done
        assert password.strip() not in done.stderr or not password.strip()
    made = add("dibuat", "", "--generate")
    assert made.returncode == 0 and len(made.stdout.strip()) == 19
    assert Browser(site.web_port).log_in("dibuat", made.stdout.strip()).status == 200
    site.pantau("user", "remove", "dibuat")
    assert "dibuat" in site.pantau("user", "list")


def test_init_makes_the_first_administrator_once(tmp_path):
    server = Server(tmp_path / "server")
    try:
        told = dict(line.split(": ", 1) for line in server.pantau("init", "--admin", "kepala")
                    .splitlines() if ": " in line)
        assert told["administrator"] == "kepala"
        assert "password" not in server.pantau("init")
        server.start("web")
        browser = Browser(server.web_port)
        assert browser.log_in("kepala", told["password"]).json()["role"] == "admin"
    finally:
        server.close()


# ---- throttling

def fail(site, name, address, times):
    seen = []
    for _ in range(times):
        browser = Browser(site.web_port, {"X-Forwarded-For": address})
        seen.append(browser.log_in(name, "tidak benar sama sekali"))
    return seen


def test_guesses_are_slowed_by_name_and_by_address(server):
    add_user(server, "noc", "noc")
    add_user(server, "admin", "admin")
    server.start("web")
    home = Browser(server.web_port, {"X-Forwarded-For": "192.0.2.1"})
    assert home.log_in("noc", PASSWORD).status == 200
    strangers = [answer for at in range(12)
                 for answer in fail(server, "noc", f"198.51.100.{at}", 1)]
    assert [answer.status for answer in strangers] == [401] * 10 + [429] * 2
    assert 1 <= int(strangers[-1].headers["Retry-After"]) <= 60
    # the owner, from where they always come, and everybody else come in
    assert home.log_in("noc", PASSWORD).status == 200
    assert Browser(server.web_port, {"X-Forwarded-For": "198.51.100.99"}).log_in(
        "admin", PASSWORD).status == 200


def test_only_a_proxy_speaks_for_others(server):
    server.configure({"web": {"trusted_proxy": ""}})
    add_user(server, "noc", "noc")
    server.start("web")
    assert fail(server, "noc", "192.0.2.1", 1)[0].status == 401
    assert "from 127.0.0.1" in server.log("web") and "192.0.2.1" not in server.log("web")
    cookie = Browser(server.web_port, {"X-Forwarded-Proto": "https"}).log_in(
        "noc", PASSWORD).headers["Set-Cookie"]
    assert "Secure" not in cookie


@pytest.mark.skipif(not LONG, reason="thirty failures take a while: PANTAU_LONG=1")
def test_an_office_behind_one_address_may_mistype_thirty_times(server):
    add_user(server, "noc", "noc")
    server.start("web")
    tries = []
    while 429 not in tries:
        assert len(tries) < 50
        tries.append(fail(server, f"orang-{len(tries)}", "192.0.2.1", 1)[0].status)
    assert set(tries) == {401, 429} and len(tries) > 30
    assert Browser(server.web_port, {"X-Forwarded-For": "192.0.2.2"}).log_in(
        "noc", PASSWORD).status == 200


@pytest.fixture
def shipped(tmp_path):
    """As it is shipped: a sanitizer keeps what was freed, to catch who uses it still."""
    server = Server(tmp_path / "server", build=RELEASE).init()
    add_user(server, "pejabat", "officer", "--kabupaten", "64.08")
    yield server.start("web")
    server.close()


def test_fifty_logins_at_once_cost_bounded_memory(shipped):
    def memory_kib():
        pid = shipped.parts["web"].pid
        with open(f"/proc/{pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    statuses, lock = [], threading.Lock()

    def log_in(at):
        browser = Browser(shipped.web_port, {"X-Forwarded-For": f"192.0.2.{100 + at}"})
        status = browser.log_in("pejabat", PASSWORD).status
        with lock:
            statuses.append(status)
    before = memory_kib()
    threads = [threading.Thread(target=log_in, args=(at,)) for at in range(50)]
    for thread in threads:
        thread.start()
    assert ask(shipped.web_port, "/readyz").status == 200  # pages do not wait
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 429, 503}
    assert statuses.count(200) >= 2
    assert memory_kib() - before < 4 * 32 * 1024  # two checks, and what the allocator keeps


# ---- roles, and what is whose

def test_each_role_reaches_what_is_its_own(people):
    rights = {
        "/api/v1/desa": ("admin", "noc", "petugas", "penyedia"),
        "/api/v1/decisions?month=2026-01": ("admin", "noc", "petugas"),
        "/api/v1/claims": ("admin", "noc", "petugas"),
        "/api/v1/users": ("admin",), "/api/v1/audit": ("admin",),
        "/api/v1/tickets": ("admin", "noc", "petugas", "penyedia"),
    }
    for path, allowed in rights.items():
        for name, browser in people.items():
            if name != "pejabat":
                wanted = 200 if name in allowed else 403
                assert browser.ask(path).status == wanted, (path, name)


def test_lists_hold_what_is_theirs(site, people):
    def links(name, path="/api/v1/desa"):
        return {row["link"] for row in people[name].ask(path).json()["rows"]}
    assert links("admin") == links("noc") == {site.link, site.other}
    assert links("petugas") == links("penyedia") == {site.link}
    assert links("petugas", "/api/v1/sla?month=2026-01") == {site.link}
    assert links("penyedia", "/api/v1/sla?month=2026-01") == {site.link}


@pytest.mark.parametrize("name, path", [
    ("petugas", "/api/v1/desa?kabupaten=64.02"), ("petugas", "/api/v1/desa?desa=" + THERE),
    ("petugas", "/api/v1/sla?month=2026-01&kecamatan=64.02.01"),
    ("petugas", "/api/v1/desa?link=2"), ("penyedia", "/api/v1/desa?link=2"),
    ("penyedia", "/api/v1/desa?provider=Penyedia%20Lain"),
    ("petugas", "/api/v1/explain?link=2&at=2026-01-05"),
    ("penyedia", "/api/v1/samples?link=2&kind=dns"),
    ("petugas", "/api/v1/outages?month=2026-01&link=2"),
    ("penyedia", "/api/v1/objections?link=2"), ("petugas", "/api/v1/tickets?link=2"),
    ("petugas", "/api/v1/exclusions?link=2"),
])
def test_what_is_another_s_is_refused_in_words(people, name, path):
    answer = people[name].ask(path)
    assert answer.status == 403, answer.body
    assert "64.08" in answer.json()["error"] or OURS in answer.json()["error"]


def test_the_stream_of_events_holds_what_is_theirs(site, people):
    """Changes of both links; an officer hears of one."""
    site.start("ingest")
    with Events(site.web_port, cookie=people["petugas"].cookie) as mine, \
            Events(site.web_port, cookie=people["noc"].cookie) as all_of_them:
        assert mine.next()[0] == all_of_them.next()[0] == "hello"
        for name, link in (("a", site.other), ("b", site.link)):
            report(site, link, name)
        heard = all_of_them.until(lambda what, data: {site.link, site.other} <= named(
            heard_so_far(all_of_them, what, data)))
        assert heard
        seen = mine.until(lambda what, data: site.link in named([(what, data)]))
    assert named(seen) == {site.link}


def heard_so_far(events, what, data):
    events.heard = getattr(events, "heard", []) + [(what, data)]
    return events.heard


def named(events):
    links = set()
    for what, data in events:
        if what == "state":
            links.add(data["link"])
        elif what == "slots":
            links |= {item["link"] for item in data["links"]}
    return links


def report(site, link, name):
    issued = site.issue(link, name)
    boot = name.encode() * 16
    booted_s = int(time.time()) // 10 * 10 - 600
    told = [records.start(boot, 0, 5), records.anchor(boot, 0, booted_s * 1000000)]
    slots = records.SlotFactory()
    told += [slots.record(boot, at * 1000000, 10, 1, 1, 0, "") for at in range(300, 590, 10)]
    told = list(enumerate(told, 1))
    with Reporter(site, issued) as reporter:
        reporter.hello((1, 5, 1, len(told)))
        reporter.deliver(1, told)
    wait_in_ledger(site, issued.agent, len(told))


# ---- changes, with the same checks as the command line, and their log

def test_an_exclusion_from_proposal_to_revocation(site, people):
    noc, officer, second = people["noc"], people["petugas"], people["pejabat"]
    made = noc.post("/api/v1/exclusions", link=site.link, reason="force-majeure",
                    **{"from": "2026-01-05T08:00", "to": "2026-01-05T12:00"}, note="banjir")
    assert made.status == 201, made.body
    number = made.json()["exclusion"]
    where = f"/api/v1/exclusions/{number}"
    assert noc.post(where + "/confirm", document=HASH).status == 403
    assert officer.post(where + "/confirm", document="x").status == 400
    assert officer.post(where + "/confirm", document=HASH).status == 204
    assert second.post(where + "/confirm", document=HASH).status == 409
    row, = [row for row in people["penyedia"].ask("/api/v1/exclusions").json()["rows"]
            if row["exclusion"] == number]
    assert (row["by"], row["second"], row["document"]) == ("noc", "petugas", HASH)
    assert row["from"] == "2026-01-05T00:00:00Z"  # 08:00 WITA
    assert second.post(where + "/revoke", note="keliru").status == 204
    assert second.post(where + "/revoke", note="keliru").status == 409
    logged = changes(people, table="exclusion", row=number)
    assert [(row["who"], row["before"] is None) for row in logged] == [
        ("pejabat", False), ("petugas", False), ("noc", True)]
    assert logged[0]["after"]["revoke_note"] == "keliru"
    assert logged[0]["before"]["revoke_note"] is None


def test_an_officer_decides_nothing_elsewhere(site, people):
    times = {"from": "2026-01-05", "to": "2026-01-06"}
    officer = people["petugas"]
    for scope in ({"link": site.other}, {"desa": THERE}, {"kabupaten": "64.02"},
                  {"provider": OURS}):
        answer = officer.post("/api/v1/exclusions", reason="maintenance", note="x", **scope,
                              **times)
        assert answer.status == 403, (scope, answer.body)
    made = people["admin"].post("/api/v1/exclusions", link=site.other, reason="customer", note="x",
                                **times).json()["exclusion"]
    for verb, body in (("confirm", {"document": HASH}), ("revoke", {"note": "x"})):
        assert officer.post(f"/api/v1/exclusions/{made}/{verb}", **body).status == 403
    seen = officer.ask("/api/v1/exclusions").json()["rows"]
    assert made not in {row["exclusion"] for row in seen}


def test_a_provider_objects_and_an_officer_answers(site, people):
    provider, officer = people["penyedia"], people["petugas"]
    assert provider.post("/api/v1/objections", link=site.other, at="2026-01-05T08:00",
                         note="bukan kami").status == 403
    made = provider.post("/api/v1/objections", link=site.link, at="2026-01-05T08:00",
                         note="listrik padam", document=HASH)
    assert made.status == 201, made.body
    number = made.json()["objection"]
    assert provider.post(f"/api/v1/objections/{number}/answer", accept=True, note="x").status == 403
    assert officer.post(f"/api/v1/objections/{number}/answer", note="x").status == 400
    assert officer.post(f"/api/v1/objections/{number}/answer", accept=False,
                        note="tidak terbukti").status == 204
    assert officer.post(f"/api/v1/objections/{number}/answer", accept=True, note="x").status == 409
    row, = [row for row in provider.ask("/api/v1/objections").json()["rows"]
            if row["objection"] == number]
    assert (row["by"], row["answered_by"], row["answer"]) == ("penyedia", "petugas", "rejected")
    assert officer.post("/api/v1/objections", link=site.link, at="2026-01-05",
                        note="x").status == 403


def test_tickets_and_what_a_provider_was_told(site, people):
    noc = people["noc"]
    made = noc.post("/api/v1/tickets", link=site.link, at="2026-01-05T08:00", number="TT-7",
                    opened="2026-01-05T08:10")
    assert made.status == 201
    assert noc.post("/api/v1/tickets", link=site.link, at="2026-01-05T08:00", number="TT-7",
                    opened="2026-01-05T08:10").status == 409
    number = made.json()["ticket"]
    assert noc.post(f"/api/v1/tickets/{number}/revoke", note="salah link").status == 204
    assert noc.post("/api/v1/tickets", link=site.link, outage="2026-01-05T08:00", number="TT-8",
                    opened="2026-01-05T08:10").status == 404  # no outage begins then
    told = people["petugas"].post("/api/v1/claims/told", link=site.link, at="2026-01-05T08:00",
                                  note="lewat surat")
    assert told.status == 201, told.body
    where = f"/api/v1/claims/told/{told.json()['told']}/revoke"
    assert people["petugas"].post(where, note="keliru").status == 204


def test_items_are_dismissed_in_bulk_all_or_none(site, people):
    officer, admin = people["petugas"], people["admin"]

    def inbox(who, dismissed):
        rows = who.ask("/api/v1/decisions?month=2026-01").json()["rows"]
        return [row["item"] for row in rows if bool(row["dismissal"]) == dismissed]
    mine, all_of_them = inbox(officer, False), inbox(admin, False)
    others = sorted(set(all_of_them) - set(mine))
    elsewhere = next(item for item in others if item.startswith("undetermined-"))
    assert mine and elsewhere, (mine, all_of_them)

    def dismiss(items):
        return officer.post("/api/v1/decisions/dismiss", month="2026-01", items=items, note="lihat")
    assert dismiss([*mine, elsewhere]).status == 403
    assert dismiss([*mine, "outage-1-1"]).status == 404
    assert dismiss([*mine, "apa saja"]).status == 400
    assert dismiss([*mine, mine[0]]).status == 409  # twice
    assert inbox(officer, True) == []
    assert dismiss(mine).status == 204
    assert sorted(inbox(officer, True)) == sorted(mine)
    row = changes(people, table="dismissal")[0]
    assert row["who"] == "petugas" and row["after"]["note"] == "lihat"
    assert officer.post("/api/v1/decisions/revoke", dismissal=int(row["row"]),
                        note="belum").status == 204
    assert len(inbox(officer, True)) == len(mine) - 1


def waiting(who, **filters):
    query = "".join(f"&{key}={value}" for key, value in filters.items())
    return who.ask(f"/api/v1/decisions?month=2026-02&open=1{query}").json()


def test_items_are_dismissed_each_by_itself_and_the_log_says_by_whom(site, people):
    officer, admin = people["petugas"], people["admin"]
    mine = [row["item"] for row in waiting(officer)["rows"]]
    elsewhere = next(row["item"] for row in waiting(admin)["rows"] if row["item"] not in mine)
    items = [*mine, elsewhere, "outage-1-1", "apa saja", mine[0], "objection-1-1"]
    answer = officer.post("/api/v1/decisions/dismiss", month="2026-02", items=items, note="lihat",
                          each=True)
    assert answer.status == 200, answer.body
    told = answer.json()["results"]
    assert [row["item"] for row in told] == items
    assert [row["status"] for row in told] == [204] * len(mine) + [403, 404, 400, 409, 400]
    assert all((row["error"] is None) == (row["status"] == 204) for row in told)
    assert waiting(officer)["rows"] == []
    again = officer.post("/api/v1/decisions/dismiss", month="2026-02", items=mine[:1], note="x",
                         each=True).json()["results"]
    assert [row["status"] for row in again] == [409]
    log = officer.ask("/api/v1/decisions/log").json()
    row = log["rows"][0]
    assert row["what"] in mine and row["by"] == "petugas" and row["revoked"] is None
    assert elsewhere not in {row["what"] for row in log["rows"]}
    assert officer.post("/api/v1/decisions/revoke", dismissal=row["number"],
                        note="belum").status == 204
    second = people["pejabat"].ask("/api/v1/decisions/log?limit=1&offset=0").json()
    assert second["total"] == log["total"] and len(second["rows"]) == 1
    assert (second["rows"][0]["revoked_by"], second["rows"][0]["revoke_note"]) == (
        "petugas", "belum")
    assert people["penyedia"].ask("/api/v1/decisions/log").status == 403
    assert officer.ask("/api/v1/decisions/log?kabupaten=64.02").status == 403


def test_the_inbox_says_how_many_wait_and_until_when(site, people):
    whole = waiting(people["admin"])
    assert whole["closes"] == "2026-03-07T16:00:00Z" and whole["closed"] is None  # 8 March, WITA
    counts = {row["kind"]: row["open"] for row in whole["kinds"]}
    assert sum(counts.values()) == whole["total"] and counts["undetermined"] >= 1
    one = waiting(people["admin"], kind="undetermined", limit=1)
    assert one["total"] == counts["undetermined"] and len(one["rows"]) == 1
    assert one["kinds"] == whole["kinds"]
    assert people["admin"].ask("/api/v1/decisions?month=2026-02&kind=apa").status == 400


def test_an_officer_s_word_on_exclusions_ends_at_the_kabupaten(site, people):
    """Also for what reaches into it from outside."""
    officer, admin = people["petugas"], people["admin"]
    times = {"from": "2026-04-05", "to": "2026-04-06"}
    made = {key: admin.post("/api/v1/exclusions", reason="force-majeure", note="x", **scope,
                            **times).json()["exclusion"]
            for key, scope in (
                ("link", {"link": site.other}), ("kabupaten", {"kabupaten": "64.02"}),
                ("provider", {"provider": OURS}), ("mine", {"link": site.link}))}
    rows = officer.ask("/api/v1/exclusions").json()["rows"]
    assert {made["provider"], made["mine"]} <= {row["exclusion"] for row in rows}

    def dismiss(number, **words):
        return officer.post("/api/v1/decisions/dismiss", month="2026-04",
                            items=[f"exclusion-{number}"], note="lihat", **words)
    for key in ("link", "kabupaten", "provider"):
        assert officer.post(f"/api/v1/exclusions/{made[key]}/revoke", note="x").status == 403, key
        assert dismiss(made[key]).status == 403, key
        assert [row["status"] for row in dismiss(made[key], each=True).json()["results"]] == [403]
    assert admin.post("/api/v1/decisions/dismiss", month="2026-04", note="x",
                      items=[f"exclusion-{made['provider']}"]).status == 204
    number = int(changes(people, table="dismissal")[0]["row"])
    assert officer.post("/api/v1/decisions/revoke", dismissal=number, note="x").status == 403
    assert dismiss(made["mine"]).status == 204
    number = int(changes(people, table="dismissal")[0]["row"])
    assert officer.post("/api/v1/decisions/revoke", dismissal=number, note="x").status == 204
    assert officer.post(f"/api/v1/exclusions/{made['mine']}/revoke", note="x").status == 204


def test_lists_of_what_was_entered_take_the_usual_filters(site, people):
    admin = people["admin"]
    times = {"from": "2026-05-05", "to": "2026-05-06"}
    here, there = (admin.post("/api/v1/exclusions", reason="customer", note="x", link=link,
                              **times).json()["exclusion"] for link in (site.link, site.other))

    def found(query, who="admin"):
        return {row["exclusion"]
                for row in people[who].ask(f"/api/v1/exclusions?{query}").json()["rows"]}
    assert here in found("kabupaten=64.08") and there not in found("kabupaten=64.08")
    assert found(f"provider={OTHERS.replace(' ', '%20')}") >= {there} - {here}
    assert here not in found(f"provider={OTHERS.replace(' ', '%20')}")
    assert people["penyedia"].ask(
        f"/api/v1/exclusions?provider={OTHERS.replace(' ', '%20')}").status == 403
    assert people["petugas"].ask("/api/v1/exclusions?kabupaten=64.02").status == 403
    assert admin.ask("/api/v1/exclusions?link=99999").status == 404
    assert admin.ask("/api/v1/tickets?desa=64.08").status == 400


def test_a_contract_is_ended_by_an_administrator(site, people):
    link = site.add_link(THERE, "Penyedia Berakhir")
    number = site.add_contract(link)
    where = f"/api/v1/contracts/{number}/end"
    for name in ("noc", "petugas", "penyedia"):
        assert people[name].post(where, to="2026-06-01").status == 403
    admin = people["admin"]
    assert admin.post(where).status == 400
    assert admin.post(where, to="besok").status == 400
    assert admin.post(where, to="2025-01-01").status == 400  # before it began
    assert admin.post("/api/v1/contracts/99999/end", to="2026-06-01").status == 404
    assert admin.post(where, to="2026-06-01").status == 204
    assert admin.post(where, to="2026-07-01").status == 400  # it is not made longer
    row, = [row for row in admin.ask(f"/api/v1/links/{link}").json()["contracts"]
            if row["contract"] == number]
    assert row["to"] == "2026-05-31T16:00:00Z"  # midnight in WITA
    logged = changes(people, table="contract", row=number)[0]
    assert logged["who"] == "admin" and logged["before"]["to_s"] is None


@pytest.mark.parametrize("note", [
    " ", "\u00a0\u3000", "a\u202eb", "a\u200bb", "a\u2028b", "\u0085"])
def test_notes_that_do_not_show_what_they_are_are_refused(site, people, note):
    answer = people["penyedia"].post("/api/v1/objections", link=site.link, at="2026-01-05T08:00",
                                     note=note)
    assert answer.status == 400, answer.body
    assert "note" in answer.json()["error"]


def test_an_account_is_of_a_provider_or_kabupaten_that_there_is(site, people):
    admin = people["admin"]
    for words in ({"role": "provider", "provider": "Tidak Ada"},
                  {"role": "provider", "provider": OURS.lower()},
                  {"role": "officer", "kabupaten": "64.99"}):
        answer = admin.post("/api/v1/users", name="siapa", **words)
        assert answer.status == 404, (words, answer.body)
    done = site.run("user", "add", "siapa", "--role", "provider", "--provider", "Tidak Ada",
                    "--generate")
    assert done.returncode == 1 and "no link has this provider" in done.stderr


@pytest.mark.parametrize("end, status", [
    ("2090-01-01", 400), (time.strftime("%Y-%m-%d", time.gmtime(time.time() + 370 * 86400)), 400),
    (time.strftime("%Y-%m-%d", time.gmtime(time.time() + 360 * 86400)), 201)])
def test_an_exclusion_ends_within_what_anybody_plans(site, people, end, status):
    words = {"from": "2026-01-05", "to": end, "note": "salah ketik"}
    answer = people["petugas"].post("/api/v1/exclusions", link=site.link, reason="maintenance",
                                    **words)
    assert answer.status == status, answer.body
    if status == 201:
        number = answer.json()["exclusion"]
        assert people["petugas"].post(f"/api/v1/exclusions/{number}/revoke",
                                      note="uji").status == 204
    else:
        assert "366 days ahead" in answer.json()["error"]
        done = site.run("exclusion", "add", "--link", site.link, "--reason", "maintenance",
                        "--from", "2026-01-05", "--to", end, "--by", "A", "--note", "x")
        assert done.returncode == 1 and "366 days ahead" in done.stderr


def test_users_are_managed_and_every_change_is_logged(site, people):
    admin = people["admin"]
    made = admin.post("/api/v1/users", name="baru", role="officer", kabupaten="64.08")
    assert made.status == 201
    password = made.json()["password"]
    assert Browser(site.web_port).log_in("baru", password).json()["kabupaten"] == "64.08"
    again = admin.post("/api/v1/users/baru/password")
    assert again.status == 200 and again.json()["password"] != password
    assert Browser(site.web_port).log_in("baru", password).status == 401
    for wrong, status in (({"name": "baru", "role": "noc"}, 409),
                          ({"name": "Baru", "role": "noc"}, 400),
                          ({"name": "lain", "role": "raja"}, 400), ({"name": "lain"}, 400),
                          ({"name": "lain", "role": "officer"}, 400),
                          ({"name": "lain", "role": "officer", "kabupaten": "64.99"}, 404),
                          ({"name": "lain", "role": "noc", "kabupaten": "64.08"}, 400),
                          ({"name": "lain", "role": "provider"}, 400),
                          ({"name": "lain", "role": "noc", "password": "pendek"}, 400),
                          ({"name": "lain", "role": "noc", "umur": 7}, 400)):
        answer = admin.post("/api/v1/users", **wrong)
        assert answer.status == status, (wrong, answer.body)
        assert b"pendek" not in answer.body
    assert admin.ask("/api/v1/users/baru", "DELETE").status == 204
    assert admin.ask("/api/v1/users/baru", "DELETE").status == 404
    logged = [row for row in changes(people, table="user") if "baru" in json.dumps(row)]
    assert [row["who"] for row in logged] == ["admin"] * 3
    assert logged[0]["before"]["removed_s"] is None and logged[0]["after"]["removed_s"]
    assert admin.post("/api/v1/users", name="baru", role="noc", password=PASSWORD).status == 201


def test_the_audit_log_is_paged_and_asked_by_who_and_when(people):
    first = people["admin"].ask("/api/v1/audit?limit=3").json()
    assert len(first["rows"]) == 3 and first["next"] == first["rows"][-1]["sequence"]
    second = people["admin"].ask(f"/api/v1/audit?limit=3&before={first['next']}").json()
    assert second["rows"][0]["sequence"] == first["next"] - 1
    assert all(row["who"] == "noc" for row in changes(people, who="noc"))
    assert changes(people, **{"from": "2099-01-01"}) == []
    assert people["admin"].ask("/api/v1/audit?before=0").status == 400


# ---- hostile input

def test_a_change_without_its_token_or_from_elsewhere_is_refused(site, people):
    noc = people["noc"]
    body = {"link": site.link, "at": "2026-01-05", "number": "H-1", "opened": "2026-01-05"}
    for headers in ({"X-Pantau-CSRF": None}, {"X-Pantau-CSRF": ""}, {"X-Pantau-CSRF": "0" * 64},
                    {"X-Pantau-CSRF": people["admin"].csrf},
                    {"Origin": "https://jahat.example"}, {"Origin": "null"},
                    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        answer = noc.ask("/api/v1/tickets", "POST", headers=headers, body=body)
        assert answer.status == 403, headers
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "",
                 "application/jsonx"):
        assert noc.ask("/api/v1/tickets", "POST", headers={"Content-Type": kind},
                       body=body).status == 415, kind
    login = {"name": "noc", "password": PASSWORD}
    assert ask(site.web_port, "/api/v1/session", "POST", {"Origin": "https://jahat.example"},
               body=login).status == 403
    own = f"http://127.0.0.1:{site.web_port}"
    assert noc.ask("/api/v1/tickets", "POST", headers={
        "Origin": own, "Sec-Fetch-Site": "same-origin"}, body=body).status == 201


def raw(site, browser, path, body, kind="application/json", method="POST"):
    connection = http.client.HTTPConnection("127.0.0.1", site.web_port, timeout=20)
    try:
        connection.request(method, path, body=body, headers={
            "Content-Type": kind, "Cookie": browser.cookie, "X-Pantau-CSRF": browser.csrf})
        response = connection.getresponse()
        return response.status, json.loads(response.read() or b"{}")
    finally:
        connection.close()


@pytest.mark.parametrize("body", [
    b"{", b"[]", b"null", b"7", b'"x"', b'{"link":1,"link":2}', b'{"link":1}x', b"\xff\xfe",
    b'{"link":"1"}', b'{"link":-1}', b'{"link":0}', b'{"link":1.5}', b'{"link":1e99}',
    b'{"link":99999999999999999999}', b'{"link":true}', b'{"link":{"a":1}}',
    b'{"number":"\\u0000"}',
    b'{"link":1,"at":"kemarin"}', b'{"link":1,"at":"2026-01-05","outage":"2026-01-05"}',
    b'{"link":1,"at":"2026-01-05","number":"a\\nb","opened":"2026-01-05"}',
    b'{"link":1,"at":"2026-01-05","number":"","opened":"2026-01-05"}',
    b'{"link":1,"at":"2026-01-05","number":"' + b"x" * 600 + b'","opened":"2026-01-05"}',
    b'{"link":1,"at":"2026-01-05","number":"' + b"x" * 200 + b'","opened":"2026-01-05"}',
    b'{"link":1,"lebih":1}', b"[" * 5000, b'{"a":' * 5000,
], ids=range(26))
def test_bodies_that_make_no_sense_are_refused_in_words(site, people, body):
    status, answer = raw(site, people["noc"], "/api/v1/tickets", body)
    assert status == 400, answer
    assert answer["error"]


def test_long_things_are_refused(site, people):
    noc = people["noc"]
    assert raw(site, noc, "/api/v1/tickets", b" " * (256 * 1024 + 1))[0] == 413
    assert raw(site, noc, "/api/v1/tickets", b" " * (256 * 1024))[0] == 400
    items = json.dumps({"month": "2026-01", "note": "x", "items": ["outage-1-1"] * 2001})
    assert raw(site, people["petugas"], "/api/v1/decisions/dismiss", items.encode())[0] == 400
    assert raw(site, people["admin"], "/api/v1/users/" + "a" * 90, b"", method="DELETE")[0] == 404
    assert raw(site, people["admin"], "/api/v1/users/" + "a" * 200, b"", method="DELETE")[0] == 405
    assert raw(site, people["admin"], "/api/v1/exclusions/99999999999999999999/revoke",
               b'{"note":"x"}')[0] == 404
    assert raw(site, people["admin"], "/api/v1/exclusions/-1/revoke", b'{"note":"x"}')[0] == 404
    assert raw(site, people["admin"], "/api/v1/exclusions/7%00/revoke", b'{"note":"x"}')[0] == 400
    assert ask(site.web_port, "/api/v1/session", headers={
        "Cookie": "a=" + "b" * 20000}).status in (200, 431)
    assert ask(site.web_port, "/api/v1/desa", headers={
        "Cookie": "pantau_session=" + "f" * 2000}).status == 401
    # a body that is announced and never comes holds up nobody
    with socket.create_connection(("127.0.0.1", site.web_port)) as slow:
        slow.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        assert ask(site.web_port, "/readyz").status == 200


def test_a_secret_is_in_no_log_and_in_no_error(site, people):
    Browser(site.web_port).log_in("noc", "rahasia-yang-salah-ketik")
    people["admin"].post("/api/v1/users", name="x y", role="noc", password="rahasia-yang-lain-lagi")
    raw(site, people["admin"], "/api/v1/users", b'{"password": 7}')
    for word in ("rahasia-yang", PASSWORD, people["noc"].cookie.split("=")[1]):
        assert word not in site.log("web")
