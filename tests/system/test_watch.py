# SPDX-License-Identifier: Apache-2.0
"""The server watches itself: metrics as another program reads them, readiness that tells being
heard from being safe, the service manager's words."""

import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from support import records
from support.manager import Manager
from support.programs import free_port, program, wait_for
from support.reporter import Reporter

BOOT = b"W" * 16
UNITS = ("_seconds", "_bytes", "_ratio")


def deliver(server, issued, count):
    factory = records.SlotFactory()
    told = [(1, records.start(BOOT, 0, 5)), (2, records.anchor(BOOT, 0, 1767300000 * 1000000))] + [
        (n, factory.record(BOOT, 60000000 * n, 60, 6, 6, 0)) for n in range(3, count + 1)]
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 5, 1, count))
        reporter.deliver(1, told)


def families(server):
    text = server.get("/metrics").decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(server, name, **labels):
    for family in families(server).values():
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return None


def readyz(server, query=""):
    """(status, body)"""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.web_port}/readyz{query}",
                                    timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def test_metrics_are_what_the_ecosystem_expects(running):
    deliver(running, running.issue(running.link), 50)
    running.start("web")
    wait_for(lambda: value(running, "pantau_ledger_slots_total") == 48, "48 slots", 20)
    seen = set()
    for name, family in families(running).items():
        assert re.fullmatch(r"pantau(_[a-z0-9]+)+", name), name
        assert family.documentation.endswith("."), name
        assert family.type in ("counter", "gauge"), name
        for sample in family.samples:
            key = (sample.name, *sorted(sample.labels.items()))
            assert key not in seen, f"{key} twice"
            seen.add(key)
            assert (family.type == "counter") == sample.name.endswith("_total"), sample.name
            # a time in another unit than seconds, or a size in another than bytes, misleads
            assert not re.search(r"_(ms|us|milliseconds|kib|mib|kb|mb)(_total)?$", sample.name)
    for part in ("web", "ingest", "ledger"):
        assert value(running, "pantau_build_info", program=part) == 1
    for reader in ("ledger", "events"):
        wait_for(lambda: value(running, "pantau_reader_lag_items", reader=reader) == 0,
                 f"{reader} has taken everything", 20)
    running.kill("ledger")
    deliver(running, running.issue(running.link, "zweiter", "2026-03-01"), 30)
    wait_for(lambda: value(running, "pantau_reader_lag_items", reader="ledger") == 30,
             "the ledger is 30 records behind", 20)


def test_being_heard_is_not_being_safe(running):
    running.start("web")
    issued = running.issue(running.link)
    deliver(running, issued, 5)
    wait_for(lambda: readyz(running)[1].get("durable"), "ready", 10)
    assert readyz(running, "?need=durable")[0] == 200
    assert readyz(running, "?need=money")[0] == 400
    running.stop("ingest")
    running.configure({"collector": {"reserve_mib": 1 << 20}})  # a TiB
    running.start("ingest")
    wait_for(lambda: readyz(running)[1]["accepting"] and not readyz(running)[1]["durable"],
             "agents are let in, and nothing is safe", 15)
    assert readyz(running)[0] == 200
    assert readyz(running, "?need=accepting")[0] == 200
    assert readyz(running, "?need=durable")[0] == 503
    running.stop("ingest")
    wait_for(lambda: not readyz(running)[1]["accepting"], "nobody is let in", 10)
    assert readyz(running)[0] == 200
    assert readyz(running, "?need=accepting")[0] == 503


# ---- the service manager

@pytest.mark.parametrize("name", ["ingest", "ledger", "web", "reflector", "run"])
def test_each_process_tells_the_service_manager(server, tmp_path, name):
    server.configure({"reflector": {"listen": f"127.0.0.1:{free_port()}"}})
    manager = Manager(tmp_path)
    binary = ["pantau-web"] if name == "web" else ["pantau-collector", name]
    popen = subprocess.Popen(
        [program(binary[0], server.build), *binary[1:], "--state", str(server.state), "--config",
         str(server.config)], stderr=subprocess.DEVNULL,
        env={**os.environ, "NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "1000000"})
    try:
        assert manager.hear("READY=1", 30), manager.heard
        assert manager.hear("WATCHDOG=1", 10), manager.heard
        assert manager.hear("STATUS=", 20), manager.heard
        popen.terminate()
        assert manager.hear("STOPPING=1", 20), manager.heard
        assert popen.wait(timeout=30) == 0
    finally:
        popen.kill()
        popen.wait()
        manager.close()


def own_outages(server):
    return records.ledger_rows(server.state, "SELECT from_s, to_s, why FROM own_outage"
                               " ORDER BY from_s")


def well_s(server):
    rows = records.ledger_rows(server.state, "SELECT a FROM position WHERE name = 'well'")
    return rows[0][0] if rows else 0


def test_what_nobody_could_hear_is_in_the_ledger(running):
    """Killed, or unable to write; also when a damaged ledger is made anew."""
    wait_for(lambda: well_s(running), "all is well", 20)
    began = time.time()
    running.kill("ingest")
    time.sleep(3.5)
    running.start("ingest")
    wait_for(lambda: own_outages(running) and well_s(running) >= own_outages(running)[0][1],
             "the first outage, and its end", 20)
    start, end, why = own_outages(running)[0]
    assert began - 2 <= start <= began + 2 and 2 <= end - start <= 10 and "ingest" in why
    for name in ("ledger", "ingest"):
        running.kill(name)
    time.sleep(3)
    (running.state / "ledger.damage").write_text("20260131T160000Z a test says so\n")
    running.start()
    wait_for(lambda: len(own_outages(running)) == 2, "both are there", 20)
    assert own_outages(running)[0] == (start, end, why)
