# SPDX-License-Identifier: Apache-2.0
"""Incidents by the API: links that fall together are one, with what people say of it; and what is
acknowledged there is not escalated."""

import time

import pytest

from support.browser import ask
from support.present import Agent, report_until_now

LINKS = 5
ELSEWHERE = "64.02"
KABUPATEN = "64.08"


@pytest.fixture
def fallen(server):
    """Five links of one kecamatan that went down together, and one of another that did an hour
    before."""
    server.links = [server.add_link() for _ in range(LINKS)]
    server.lone = server.add_link(desa="64.02.01.2001", provider="Penyedia Lain")
    for link in (*server.links, server.lone):
        server.add_contract(link, words=("--window", 20))
    server.start("ingest", "ledger", "web")
    lone = Agent(server, server.lone, "lone")
    lone.at_s = 1800
    lone.slots(60)
    lone.slots(30, 1, "cpe")
    lone.slots(400)
    for i, link in enumerate(server.links):
        report_until_now(Agent(server, link, f"agent{i}"), lost=1, cause="upstream")
    yield server


def get(server, path, status=200, **options):
    answer = ask(server.web_port, path, **options)
    assert answer.status == status, answer.body
    return answer.json()


def test_what_falls_together_is_one(fallen):
    server = fallen
    noc = server.token("noc")
    rows = get(server, "/api/v1/incidents", token=noc)["rows"]
    together, alone = rows
    assert (together["links"], together["lasting"], together["silent"]) == (LINKS, LINKS, 0)
    assert together["scope"] in ("provider", "kecamatan") and together["cause"] == "upstream"
    assert together["to"] is None and together["acknowledged"] is None
    assert (alone["scope"], alone["links"], alone["lasting"]) == ("link", 1, 0)
    assert alone["place"] == "64.02.01.2001" and alone["cause"] == "cpe"

    one = get(server, f"/api/v1/incidents/{together['id']}", token=noc)
    assert sorted(member["link"] for member in one["members"]) == server.links
    assert {key: one[key] for key in together} == together
    assert len(get(server, "/api/v1/incidents?open=1", token=noc)["rows"]) == 1
    assert get(server, f"/api/v1/incidents?link={server.lone}", token=noc)["rows"] == [alone]
    assert get(server, "/api/v1/incidents?from=2026-01-01&to=2026-01-02", token=noc)["rows"] == []

    # each sees what is theirs
    officer = server.token("officer", kabupaten=ELSEWHERE)
    assert get(server, "/api/v1/incidents", token=officer)["rows"] == [alone]
    get(server, f"/api/v1/incidents/{together['id']}", 404, token=officer)
    provider = server.token("provider", provider="Penyedia Lain")
    assert [row["id"] for row in get(server, "/api/v1/incidents", token=provider)["rows"]] == \
        [alone["id"]]

    for bad in ("0-1", "x", "1", "1-2-3", "99999999999999-1", f"{server.lone}-1", "-5-7"):
        get(server, f"/api/v1/incidents/{bad}", 404, token=noc)
    get(server, "/api/v1/incidents?open=2", 400, token=noc)
    get(server, "/api/v1/incidents", 401)


def test_people_say_what_they_do(fallen):
    server = fallen
    noc = server.token("noc")
    path = "/api/v1/incidents/" + get(server, "/api/v1/incidents?open=1",
                                      token=noc)["rows"][0]["id"]

    def say(what, body, status=201, token=noc):
        answer = ask(server.web_port, f"{path}/{what}", method="POST", body=body, token=token)
        assert answer.status == status, answer.body
        return answer.json()

    say("acknowledge", {})
    say("comment", {"note": "Kabel laut putus, kapal berangkat"})
    say("comment", {"note": ""}, 400)
    say("comment", {}, 400)
    say("comment", {"note": "x", "more": 1}, 400)
    early = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    refused = say("ticket", {"number": "TT-77", "opened": early}, 400)
    assert "did not begin before" in refused["error"]
    assert say("ticket", {"number": "TT-77"})["links"] == LINKS
    assert say("ticket", {"number": "TT-77"})["links"] == 0  # they have it
    say("acknowledge", {}, 403, token=server.token("officer", kabupaten=KABUPATEN))

    one = get(server, path, token=noc)
    assert one["tickets"] == ["TT-77"]
    assert one["acknowledged"]["by"] == one["remarks"][0]["by"]
    assert [remark["note"] for remark in one["remarks"]] == \
        [None, "Kabel laut putus, kapal berangkat"]
    outages = server.rows("outages", "--month", one["from"][:7])
    assert {row["ticket"] for row in outages if int(row["link"]) in server.links} == {"TT-77"}
    changes = get(server, "/api/v1/audit?limit=50", token=server.token())["rows"]
    assert {"remark", "ticket"} <= {row["table"] for row in changes}


def test_words_stay_with_those_whose_links_they_are_about(server):
    """Two providers of one kecamatan fall together: each reads what was said at its own links."""
    links = [server.add_link(provider=f"Penyedia {'AB'[i % 2]}") for i in range(6)]
    for link in links:
        server.add_contract(link, words=("--window", 20))
    server.start("ingest", "ledger", "web")
    for i, link in enumerate(links):
        report_until_now(Agent(server, link, f"agent{i}"), lost=1, cause="upstream")
    noc = server.token("noc")
    row, = get(server, "/api/v1/incidents?open=1", token=noc)["rows"]
    first = get(server, f"/api/v1/incidents/{row['id']}", token=noc)["members"][0]
    path = f"/api/v1/incidents/{row['id']}"
    local = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 8 * 3600 - 60))
    for what, body in (("acknowledge", {"note": "rahasia"}),
                       ("ticket", {"number": "TT-9", "opened": local})):
        answer = ask(server.web_port, f"{path}/{what}", method="POST", body=body, token=noc)
        assert answer.status == 201, answer.body  # WITA, where no zone is named
    seen = {}
    for provider in ("Penyedia A", "Penyedia B"):
        token = server.token("provider", provider=provider)
        seen[provider] = get(server, path, token=token)
        assert seen[provider]["links"] == 3 and seen[provider]["acknowledged"]["by"]
        assert seen[provider]["tickets"] == ["TT-9"]  # each has one at links of its own
    other = "Penyedia B" if first["provider"] == "Penyedia A" else "Penyedia A"
    assert [remark["note"] for remark in seen[first["provider"]]["remarks"]] == ["rahasia"]
    assert seen[other]["remarks"] == []
