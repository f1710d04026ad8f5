# SPDX-License-Identifier: Apache-2.0
"""Whatever somebody sends to the web: every route, every parameter and every member of the
description with values that are not allowed, and requests that end in two places. Each gets a clear
4xx that names what was wrong, nothing is changed, and nothing hangs."""

import json
import socket

import pytest

from support import described, hostile
from support.browser import Browser, ask
from support.server import Server

HERE, THERE = "64.08.05.2001", "64.02.01.2001"
OURS, OTHERS = "Penyedia Uji", "Penyedia Lain"
PASSWORD = "sebuah kata sandi"
SLOW = {"/api/v1/session", "/api/v1/password"}  # each failure is throttled: below, by hand
OPERATIONS = [(method.upper(), path, operation)
              for path, methods in described.document()["paths"].items()
              for method, operation in methods.items()]
CHANGES = [one for one in OPERATIONS if one[0] != "GET"]


def names(operations):
    return [f"{method} {path}" for method, path, _ in operations]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("hostile") / "server").init()
    server.links = [server.add_link(HERE, OURS), server.add_link(THERE, OTHERS)]
    for link in server.links:
        server.add_contract(link)
    server.start("ingest", "ledger", "web")
    for role in ("admin", "noc", "officer", "provider"):
        token_of(server, role)
    yield server
    server.close()


def token_of(site, role):
    more = {"officer": {"kabupaten": "64.08"}, "provider": {"provider": OURS}}
    return None if role == "public" else site.token(role, **more.get(role, {}))


def changes(site):
    """The number of the last change of the registry."""
    audit = ask(site.web_port, "/api/v1/audit?limit=1", token=site.token()).json()
    return audit["rows"][0]["sequence"]


def send(site, case, token):
    return ask(site.web_port, case.target, case.method, token=token, body=case.body)


def complaint(case, answer):
    """Why this is no clear refusal, or None."""
    if not 400 <= answer.status < 500:
        return f"{answer.status}"
    if answer.status == 400:
        said = answer.json()
        if case.name not in (said.get("parameter"), ) and case.name not in said["error"] \
                and "zero byte" not in said["error"] and "no JSON" not in said["error"]:
            return f"400, and {case.name} is not named: {said}"
    return None


def refused(site, cases, token):
    faults, seen = [], []
    before = changes(site)
    for case in cases:
        answer = send(site, case, token)
        fault = complaint(case, answer)
        seen.append(answer.status)
        if fault:
            faults.append(f"{case}: {fault}")
    assert not faults, "\n".join(faults[:20])
    assert changes(site) == before
    return seen


def asker(operation):
    """A role that may; an administrator where that is one of them."""
    roles = operation["x-roles"]
    return "admin" if not roles or "admin" in roles else roles[0]


@pytest.mark.parametrize("method, path, operation", OPERATIONS, ids=names(OPERATIONS))
def test_odd_parameters_are_named(site, method, path, operation):
    if path in SLOW and method == "POST":
        pytest.skip("below")
    cases = list(hostile.query_cases(method, path, operation))
    seen = refused(site, cases, token_of(site, asker(operation)))
    asked = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
    assert not asked or operation.get("x-ignores-others") or seen.count(400) > len(seen) // 2, seen


@pytest.mark.parametrize("method, path, operation", CHANGES, ids=names(CHANGES))
def test_odd_members_are_named(site, method, path, operation):
    if path in SLOW:
        pytest.skip("below")
    refused(site, hostile.body_cases(method, path, operation), token_of(site, asker(operation)))


def raw(site, text, timeout_s=10):
    """All that is answered to these bytes until the connection ends."""
    with socket.create_connection(("127.0.0.1", site.web_port), timeout_s) as connection:
        connection.sendall(text)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


def post(site, path, body, kind=b"application/json", method="POST"):
    head = (f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {site.token()}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n").encode()
    kinds = b"Content-Type: " + kind + b"\r\n" if kind else b""
    return status_of(raw(site, head + kinds + b"\r\n" + body))


@pytest.mark.parametrize("method, path, operation", CHANGES, ids=names(CHANGES))
def test_bodies_that_are_none(site, method, path, operation):
    path = hostile.good_path(path, operation)
    before = changes(site)
    body = json.dumps(hostile.good_body(operation) or {"a": 1}).encode()
    for kind in (b"text/plain", b"application/x-www-form-urlencoded", b"application/jsonx", None):
        assert post(site, path, body, kind, method) == 415
    if hostile.body_schema(operation):
        for odd in (b"{", b"[]", b"7", b"null", b"\xff\xfe\x00", b"[" * 4000, b'{"a":' * 4000,
                    b'{"a":1,"a":2}', b'{"note":"\\ud800"}', b'{"note":"\\u0000"}'):
            assert post(site, path, odd, method=method) in (400, 403), odd[:20]
    assert post(site, path, b" " * (256 * 1024 + 1), method=method) == 413
    assert changes(site) == before


@pytest.mark.parametrize("method, path, operation", OPERATIONS, ids=names(OPERATIONS))
def test_each_role_may_what_is_described(site, method, path, operation):
    """Who may not is told 401 or 403; who may is not."""
    if path == "/metrics" or path in SLOW or operation.get("x-ignores-others"):
        pytest.skip("for this machine; oneself; whoever asks")
    roles = operation["x-roles"] or described.document()["components"]["schemas"]["Role"]["enum"]
    before = changes(site)
    case = hostile.Case(method, hostile.good_path(path, operation) + "?lebih=1", "lebih",
                        hostile.good_body(operation))
    for role in described.document()["components"]["schemas"]["Role"]["enum"]:
        status = send(site, case, token_of(site, role)).status
        wanted = (400, 404) if role in roles else (401,) if role == "public" else (403,)
        assert status in wanted, f"{role}: {status}"
    assert changes(site) == before


FOREIGN = {"kabupaten": "64.02", "kecamatan": "64.02.01", "desa": THERE, "link": "2"}


@pytest.mark.parametrize("method, path, operation", OPERATIONS, ids=names(OPERATIONS))
def test_what_is_another_s_is_refused(site, method, path, operation):
    needed = hostile.good_query(operation)
    for one in operation.get("parameters", ()):
        name = one["name"]
        for role, values in (("officer", FOREIGN), ("provider", {"provider": OTHERS, "link": "2"})):
            if role not in operation["x-roles"] or one["in"] != "query" or name not in values:
                continue
            query = {**needed, name: hostile.quote(values[name])}
            case = hostile.Case(method, hostile.target(hostile.good_path(path, operation), query),
                                name)
            assert send(site, case, token_of(site, role)).status == 403, case
    schema = hostile.body_schema(operation)
    if schema and "link" in schema["properties"]:
        for role in {"officer", "provider"} & set(operation["x-roles"]):
            case = hostile.Case(method, hostile.good_path(path, operation), "link",
                                {**hostile.good_body(operation, "link"), "link": 2})
            assert send(site, case, token_of(site, role)).status == 403, case


def test_a_change_by_a_page_needs_its_word(site):
    site.pantau("user", "remove", "penjaga") if "penjaga" in site.pantau("user", "list") else None
    done = site.pantau("user", "add", "penjaga", "--role", "admin", "--generate")
    browser = Browser(site.web_port)
    assert browser.log_in("penjaga", done.split()[-1]).status == 200
    before = changes(site)
    for method, path, operation in CHANGES:
        if path == "/api/v1/session":
            continue
        for word in (None, "", "0" * 64):
            answer = browser.ask(hostile.good_path(path, operation), method,
                                 headers={"X-Pantau-CSRF": word}, body=hostile.good_body(operation))
            assert answer.status == 403 and "X-Pantau-CSRF" in answer.json()["error"], path
    assert changes(site) == before


def test_logins_that_make_no_sense(site):
    for body in ({}, {"name": "x"}, {"name": 7, "password": "x"}, {"name": "", "password": "x"},
                 {"name": "x" * 600, "password": "x"}, {"name": "x", "password": "y" * 600},
                 {"name": "a\u202eb", "password": "x"}, {"name": "x", "password": "x", "lebih": 1}):
        answer = ask(site.web_port, "/api/v1/session", "POST", body=body)
        assert answer.status == 400 and answer.json()["parameter"], body


@pytest.mark.parametrize("path", ["/api/v1/desa", "/open/v1/openapi.json", "/readyz"])
def test_what_is_too_much_of_a_question(site, path):
    def status(query, method="GET", headers=None):
        return ask(site.web_port, path + query, method, headers, token=site.token()).status
    assert status("?" + "&".join(f"a{i}=1" for i in range(17))) == 400
    assert status("?a=" + "x" * 3000) == 414
    assert status("?a=%00") == 400
    assert status("?%00=1") == 400
    for method in ("PUT", "PATCH", "TRACE", "OPTIONS", "POST", "DELETE", "BREW"):
        assert status("", method) == 405
    assert ask(site.web_port, path + "/" + "x" * 500, token=site.token()).status == 404
    assert ask(site.web_port, path + "%00", token=site.token()).status == 400
    assert ask(site.web_port, path + "/%2e%2e/%2e%2e/etc/passwd",
               token=site.token()).status == 404


# ---- requests that end in two places

NEXT = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\n"
GET = b"GET /readyz HTTP/1.1\r\n"
TWO_ENDS = {
    "two lengths": (POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "Content-Length"),
    "two lengths that differ": (POST + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
                                "Content-Length"),
    "length and coding": (POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                          b"0\r\n\r\n", "Content-Length"),
    "two codings": (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
                    b"0\r\n\r\n", "Transfer-Encoding"),
    "a coding of another kind": (POST + b"Transfer-Encoding: gzip\r\n\r\n", "Transfer-Encoding"),
    "two codings in one": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                           "Transfer-Encoding"),
    "a blank before the colon": (POST + b"Content-Length : 2\r\n\r\n{}", "Content-Length"),
    "two hosts": (GET + b"Host: a\r\nHost: b\r\n\r\n", "Host"),
    "no host": (GET + b"\r\n", "Host"),
    "two cookies": (GET + b"Host: a\r\nCookie: a=1\r\nCookie: a=2\r\n\r\n", "Cookie"),
    "two accounts": (GET + b"Host: a\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n",
                     "authorization"),
    "two proxies": (GET + b"Host: a\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: ::1\r\n\r\n",
                    "X-Forwarded-For"),
}


@pytest.mark.parametrize("name", TWO_ENDS)
def test_requests_that_end_in_two_places_are_refused(site, name):
    """And what stands behind is not taken for a request."""
    text, header = TWO_ENDS[name]
    answer = raw(site, text + NEXT)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status_of(answer) == 400 and b"Connection: close" in head, answer
    assert json.loads(body)["parameter"].strip() == header
    assert answer.count(b"HTTP/1.1 ") == 1, answer


@pytest.mark.parametrize("text, wanted", [
    (POST + b"Content-Length: -2\r\n\r\n{}", {400}),
    (POST + b"Content-Length: +2\r\n\r\n{}", {400}),
    (POST + b"Content-Length: 0x2\r\n\r\n{}", {400}),
    (POST + b"Content-Length: 99999999999999999999999\r\n\r\n{}", {413}),
    (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", {400}),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n", {400}),
    (b"GET /readyz HTTP/9.9\r\nHost: a\r\n\r\n", {505}),
    (b"GET /readyz\r\nHost: a\r\n\r\n", {400}),
    (b"GET " + b"/x" * 40000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", {414}),
    (GET + b"Host: a\r\nA: " + b"x" * 40000 + b"\r\n\r\n", {431}),
], ids=range(10))
def test_what_is_no_request_is_refused(site, text, wanted):
    assert status_of(raw(site, text)) in wanted


def test_afterwards_it_serves_as_before(site):
    assert ask(site.web_port, "/readyz").status == 200
    assert ask(site.web_port, "/api/v1/desa", token=site.token()).json()["total"] == 2
