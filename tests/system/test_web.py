# SPDX-License-Identifier: Apache-2.0
"""pantau-web in front of a real collector: the page, the API, live events, health and metrics."""

import calendar
import csv
import io
import re
import time

import pytest

from support.browser import Events, ask
from support.present import Agent, report_until_now
from support.programs import Process, program, wait_for


@pytest.fixture
def site(server):
    """A collector with its web, and a link whose outages count after 20 s."""
    server.link = server.add_link()
    server.add_contract(server.link, words=("--window", 20))
    yield server.start("ingest", "ledger", "web")


def get(server, path, **options):
    return ask(server.web_port, path, token=server.token(), **options)


def row_of(server, link=None):
    rows = get(server, f"/api/v1/desa?link={link or server.link}").json()["rows"]
    assert len(rows) == 1
    return rows[0]


# ---- the page and what every answer has

def test_the_page_comes_from_the_program_alone(site):
    assert get(site, "/").status == 303
    page = get(site, "/masuk")
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"Pantau Desa" in page.body
    for name in re.findall(rb'(?:src|href)="(/[^"]+\.[a-z]+)"', page.body):
        part = get(site, name.decode())
        assert part.status == 200, name
        assert b"http://" not in part.body.replace(b"http://www.w3.org/", b""), name
        assert b"https://" not in part.body, name


def test_every_answer_is_guarded(site):
    for path in ("/", "/app.js", "/api/v1/desa", "/healthz", "/nothing", "/api/v1/desa?x=1"):
        headers = get(site, path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Content-Security-Policy"].startswith("default-src 'self';"), path
        assert headers["Referrer-Policy"] == "no-referrer", path


def test_a_page_that_is_known_is_not_sent_again(site):
    first = get(site, "/app.js")
    again = get(site, "/app.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    other = get(site, "/app.js", headers={"If-None-Match": '"other"'})
    assert (other.status, other.body) == (200, first.body)


def test_head_is_get_without_a_body(site):
    for path in ("/", "/api/v1/desa?limit=1", "/metrics", "/nothing", "/api/v1/events"):
        head = get(site, path, method="HEAD")
        assert head.body == b"", path
        assert head.status == {"/nothing": 404, "/": 303}.get(path, 200), path
    assert get(site, "/app.css", method="HEAD").headers["Content-Length"] == str(
        len(get(site, "/app.css").body))


def test_only_reading_is_served(site):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = get(site, "/api/v1/desa", method=method)
        assert answer.status == 405, method
        assert answer.headers["Allow"] == "GET, HEAD"
        assert "error" in answer.json()


def test_an_unknown_path_says_so_in_json(site):
    for path in ("/nothing", "/api/v1/", "/api/v2/desa", "/..%2f..%2fetc/passwd", "/%2e%2e/x"):
        answer = get(site, path)
        assert answer.status == 404, path
        assert answer.headers["Content-Type"] == "application/json"
        assert "error" in answer.json()


@pytest.mark.parametrize("path, parameter, value", [
    ("/api/v1/desa?kabupaten=6408", "kabupaten", "6408"),
    ("/api/v1/desa?kecamatan=64.08", "kecamatan", "64.08"),
    ("/api/v1/desa?limit=0", "limit", "0"),
    ("/api/v1/desa?offset=-1", "offset", "-1"),
    ("/api/v1/desa?provider=", "provider", ""),
    ("/api/v1/desa?color=red", "color", "red"),
    ("/api/v1/desa?limit=1&limit=2", "limit", "2"),
    ("/api/v1/sla", "month", ""),
    ("/api/v1/sla?month=2026-13", "month", "2026-13"),
    ("/api/v1/sla?month=2026-01&by=village", "by", "village"),
    ("/api/v1/sla?month=2026-01&format=xml", "format", "xml"),
    ("/api/v1/sla?month=2026-01&as_of=yesterday", "as_of", "yesterday"),
    ("/api/v1/sla?month=2026-01&link=x", "link", "x"),
    ("/api/v1/outages?month=2026-1", "month", "2026-1"),
    ("/api/v1/outages?month=2026-01&by=desa", "by", "desa"),
    ("/api/v1/events?after=x", "after", "x"),
])
def test_a_bad_parameter_is_named_with_its_value(site, path, parameter, value):
    answer = get(site, path)
    assert answer.status == 400
    said = answer.json()
    assert (said["parameter"], said["value"]) == (parameter, value)
    assert said["error"]
    assert str(site.state) not in answer.body.decode()


def test_too_much_is_refused(site):
    assert get(site, "/api/v1/desa?provider=" + "a" * 3000).status == 414
    assert get(site, "/", headers={"X-Long": "a" * 60000}).status == 431
    assert get(site, "/api/v1/desa?" + "&".join(f"a{n}=1" for n in range(40))).status == 400
    assert get(site, "/api/v1/desa?provider=a%00b").status == 400


# ---- live states

def test_the_state_of_a_link_is_live(site):
    row = row_of(site)
    assert (row["state"], row["since"], row["last_report"], row["rtt_us"]) == (
        "never", None, None, None)
    assert (row["desa"], row["kabupaten"], row["zone"]) == ("64.08.05.2001", "64.08", "WITA")

    agent = Agent(site, site.link)
    report_until_now(agent)
    wait_for(lambda: row_of(site)["state"] == "up", "up", 30)
    row = row_of(site)
    assert row["desa_state"] == "up"
    assert row["loss_ppm"] == 0
    assert abs(row["rtt_us"] - 20000) <= 400
    heard_s = calendar.timegm(time.strptime(row["last_report"], "%Y-%m-%dT%H:%M:%SZ"))
    assert 0 <= time.time() - heard_s < 60


def test_an_outage_has_its_cause_and_its_beginning(site):
    agent = Agent(site, site.link)
    report_until_now(agent, 1, "provider")
    wait_for(lambda: row_of(site)["state"] == "down", "down", 30)
    row = row_of(site)
    assert row["cause"] == "provider"
    began_s = agent.booted_s + 1800 + 3600
    assert row["since"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began_s))


def test_silence_is_said_and_is_not_down(site):
    agent = Agent(site, site.link)
    report_until_now(agent)
    with Events(site.web_port, token=site.token()) as events:
        seen = events.until(lambda name, data: name == "state" and data["state"] == "silent", 60)
        assert all(data["state"] != "down" for name, data in seen if name == "state")
    assert row_of(site)["state"] == "silent"


def test_links_are_filtered_and_paged(site):
    ids = [site.link] + [site.add_link(desa=f"64.08.05.200{n}", provider=provider)
                         for n, provider in ((2, "Penyedia A"), (3, "Penyedia B"),
                                             (3, "Penyedia A"))]

    def links(query):
        return [row["link"] for row in get(site, f"/api/v1/desa?{query}").json()["rows"]]

    assert sorted(links("")) == ids
    assert links("kabupaten=64.08&provider=Penyedia%20A") == [ids[1], ids[3]]
    assert links("kecamatan=64.08.05&provider=Penyedia%20B") == [ids[2]]
    assert links("desa=64.08.05.2003") == ids[2:]
    assert links("kabupaten=64.01") == []
    assert links("provider=nobody") == []
    page = get(site, "/api/v1/desa?limit=2&offset=1").json()
    assert [row["link"] for row in page["rows"]] == ids[1:3]
    assert (page["total"], page["limit"], page["offset"]) == (4, 2, 1)
    assert get(site, "/api/v1/desa?offset=9").json()["rows"] == []


# ---- events

def test_a_change_reaches_who_watches(site):
    agent = Agent(site, site.link)
    with Events(site.web_port, token=site.token()) as events:
        assert events.next() == ("hello", {})
        report_until_now(agent)
        seen = events.until(
            lambda name, data: name == "state" and data["state"] == "up", 30)
        states = [data for name, data in seen if name == "state"]
        assert states[-1]["link"] == site.link
        assert states[-1]["since"] is not None
        events.until(lambda name, data: name == "slots" and any(
            figures["link"] == site.link and figures["rtt_us"] for figures in data["links"]), 30)


def test_who_comes_back_misses_nothing(site):
    agent = Agent(site, site.link)
    other = site.add_link(desa="64.08.05.2002")
    with Events(site.web_port, token=site.token()) as events:
        report_until_now(agent)
        events.until(lambda name, data: name == "state" and data["state"] == "up", 30)
        events.until(lambda name, data: name == "slots", 30)
        left_at = events.id
    site.add_contract(other, words=("--window", 20))
    second = Agent(site, other, "second")
    report_until_now(second, 1, "access")
    wait_for(lambda: row_of(site, other)["state"] == "down", "down while nobody watches", 30)

    def is_it(name, data):
        assert name != "reset"
        return name == "state" and data["link"] == other and data["state"] == "down"

    with Events(site.web_port, token=site.token(), last_id=left_at) as events:
        events.until(is_it, 5)
    site.stop("web")
    site.start("web")
    # now from the ledger, not from memory
    with Events(site.web_port, token=site.token(), last_id=left_at) as events:
        events.until(is_it, 5)
    with Events(site.web_port, token=site.token(), query=f"?after={left_at}") as events:
        events.until(is_it, 5)


def test_an_id_from_elsewhere_is_told_to_start_over(site):
    with Events(site.web_port, token=site.token(), last_id=123456789) as events:
        assert events.next() == ("reset", {})
        assert events.id < 123456789
    assert get(site, "/api/v1/events", headers={"Last-Event-ID": "x"}).status == 400


def test_a_silent_stream_is_kept_open(site):
    with Events(site.web_port, token=site.token()) as events:
        assert events.next() == ("hello", {})
        events.until(lambda name, data: name == "comment", 20)
        assert events.next()[0] == "beat"


def test_who_does_not_read_holds_up_nobody(site):
    idle = [Events(site.web_port, token=site.token()) for _ in range(40)]
    agent = Agent(site, site.link)
    report_until_now(agent)
    began = time.monotonic()
    for _ in range(20):
        assert get(site, "/api/v1/desa").status == 200
    assert time.monotonic() - began < 5
    with Events(site.web_port, token=site.token()) as events:
        agent.skip_to_now()
        agent.slots(1)
        events.until(lambda name, data: name == "slots", 20)
    site.stop("web")  # and it ends in order while they are open
    for events in idle:
        events.close()


# ---- figures

def test_the_figures_are_those_of_the_command_line(site):
    agent = Agent(site, site.link)
    report_until_now(agent, 1, "upstream")
    month = time.strftime("%Y-%m", time.gmtime(time.time() + 8 * 3600))
    as_of = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    for what, name in (("sla", "sla"), ("outages", "outages")):
        mine = get(site, f"/api/v1/{name}?month={month}&as_of={as_of}&format=csv")
        assert mine.headers["Content-Type"].startswith("text/csv")
        assert mine.body.decode() == site.pantau(what, "--month", month, "--as-of", as_of,
                                                 "--format", "csv")
    for by in ("desa", "kecamatan", "kabupaten", "provider"):
        assert get(site, f"/api/v1/sla?month={month}&as_of={as_of}&by={by}&format=csv"
                   ).body.decode() == site.pantau("sla", "--month", month, "--as-of", as_of,
                                                  "--by", by, "--format", "csv")
    answer = get(site, f"/api/v1/sla?month={month}&as_of={as_of}").json()
    row, = answer["rows"]
    wanted, = csv.DictReader(io.StringIO(get(
        site, f"/api/v1/sla?month={month}&as_of={as_of}&format=csv").body.decode()))
    assert list(row) == list(wanted)
    assert row["d"] == int(wanted["d"]) > 0
    assert row["u"] + row["d"] + row["n"] + row["e"] == row["s"]
    assert row["revision"] == "sementara"
    outage, = get(site, f"/api/v1/outages?month={month}&as_of={as_of}").json()["rows"]
    assert outage["cause"] == "upstream"


# ---- health and metrics

def health(server):
    answer = ask(server.web_port, "/healthz")
    said = answer.json()
    assert answer.status == (200 if said["status"] == "ok" else 503)
    assert (said["status"] == "ok") == all(part["ok"] for part in said["parts"])
    assert str(server.state) not in answer.body.decode()
    return {part["name"]: part["ok"] for part in said["parts"]}


def test_health_names_the_part_that_fails(site):
    wait_for(lambda: all(health(site).values()), "all is well", 10)
    site.kill("ingest")
    wait_for(lambda: not health(site)["ingest"], "ingest is missed", 10)
    assert health(site)["ledger"]
    assert get(site, "/readyz").status == 200
    site.start("ingest")
    wait_for(lambda: all(health(site).values()), "ingest is back", 10)
    site.kill("ledger")
    wait_for(lambda: not health(site)["ledger"], "the ledger is missed", 10)
    assert health(site)["ingest"]
    assert get(site, "/api/v1/desa").status == 200  # what is known is still said
    site.start("ledger")
    wait_for(lambda: all(health(site).values()), "the ledger is back", 10)


SAMPLE = re.compile(r'([a-z_]+)(\{[a-z]+="(?:[^"\\\n]|\\.)*"(?:,[a-z]+="(?:[^"\\\n]|\\.)*")*\})?'
                    r" (NaN|-?[0-9.]+(?:e[+-][0-9]+)?)")


def metrics(server):
    answer = get(server, "/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found, kinds = {}, {}
    for line in answer.body.decode().splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in kinds, f"{name} is described twice"
            kinds[name] = kind
        elif not line.startswith("# HELP "):
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert match[1] in kinds, f"{match[1]} has no type"
            key = match[1] + (match[2] or "")
            assert key not in found, f"{key} is there twice"
            found[key] = float(match[3])
    return found


def test_metrics_count_what_happened(site):
    agent = Agent(site, site.link)
    report_until_now(agent)
    wait_for(lambda: row_of(site)["state"] == "up", "up", 30)
    wait_for(lambda: metrics(site).get("pantau_ledger_slots_total") == 540, "540 slots", 20)
    found = metrics(site)
    assert found["pantau_ingest_records_total"] == agent.sequence
    assert found['pantau_part_ok{part="ledger"}'] == 1
    assert found['pantau_links{state="up"}'] == 1
    labels = (f'{{link="{site.link}",desa="64.08.05.2001",kabupaten="64.08",'
              'provider="Penyedia Uji"}')
    assert found["pantau_link_up" + labels] == 1
    assert abs(found["pantau_link_rtt_seconds" + labels] - 0.02) < 0.001
    get(site, "/nothing")
    assert metrics(site)['pantau_web_responses_total{code="4xx"}'] == found[
        'pantau_web_responses_total{code="4xx"}'] + 1


def test_a_web_without_stores_says_what_to_do(tmp_path, server):
    server.state.rename(tmp_path / "elsewhere")
    server.state.mkdir()
    web = server.parts["web"] = Process(
        [program("pantau-web", server.build), "--state", str(server.state), "--config",
         str(server.config)], server.folder / "web.log")
    wait_for(lambda: "serving" in web.text(), "it serves", 10)
    answer = ask(server.web_port, "/api/v1/desa", token="0" * 64)
    assert answer.status == 503
    assert "pantau init" in answer.json()["error"]
    assert ask(server.web_port, "/readyz").status == 503
    assert ask(server.web_port, "/metrics").status == 200
    assert ask(server.web_port, "/masuk").status == 200
    assert health(server)["registry"] is False


def test_a_taken_address_is_refused_in_words(site):
    second = Process([program("pantau-web", site.build), "--state", str(site.state), "--config",
                      str(site.config)], site.folder / "second.log")
    try:
        wait_for(lambda: not second.alive(), "it ends", 10)
        assert second.popen.returncode == 1
        assert f"127.0.0.1:{site.web_port}" in second.text()
    finally:
        second.close()
