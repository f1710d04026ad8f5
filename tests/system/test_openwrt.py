# SPDX-License-Identifier: Apache-2.0
"""The router's start script, run by sh with stand-ins for UCI and procd, and the real agent."""

import os
import subprocess

import pytest

from support.programs import ROOT, program

FILES = ROOT / "deploy" / "openwrt" / "pantau-agent" / "files"
STAND_INS = ROOT / "tests" / "data" / "openwrt"


@pytest.fixture
def router(tmp_path):
    """call(function, uci text) runs one function of the start script: (status, procd's log)."""
    def call(function, uci):
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config" / "pantau").write_text(uci)
        log = tmp_path / "procd.log"
        log.write_text("")
        env = dict(os.environ, IPKG_INSTROOT=str(STAND_INS), PROCD_LOG=str(log),
                   UCI_FOLDER=str(tmp_path / "config"), PROGRAM=program("pantau-agent"),
                   CONF=str(tmp_path / "var" / "agent.conf"))
        done = subprocess.run(
            ["sh", "-c", f". {STAND_INS}/lib/functions.sh; . {FILES}/pantau.init; {function}"],
            env=env, capture_output=True, text=True, timeout=60)
        assert "not found" not in done.stderr, done.stderr
        return done.returncode, log.read_text()
    call.conf = tmp_path / "var" / "agent.conf"
    return call


def enabled():
    return (FILES / "pantau.config").read_text().replace("enabled '0'", "enabled '1'")


def test_sample_becomes_a_configuration_that_the_agent_takes(router):
    status, log = router("start_service", enabled())
    assert status == 0
    assert f"run --config {router.conf}" in log
    text = router.conf.read_text()
    assert "internet_targets = 1.1.1.1, 8.8.8.8, 9.9.9.9\n" in text
    assert "interface = eth0.2\n" in text
    assert "[collector]\naddress = pantau.example.id:7443\n" in text
    assert "enabled" not in text


def test_one_command_enrols_and_the_next_start_knows_it(running, router, tmp_path, monkeypatch):
    running.stop("ingest")
    running.configure({"reflector": {"listen": "127.0.0.1:8777"}})
    running.start("signer", "ingest")
    token = running.pantau("token", "create", "--link", running.link, "--wan", "wan2").strip()
    said, files = tmp_path / "said", tmp_path / "pantau"
    itself = tmp_path / "init"
    itself.write_text(f'#!/bin/sh\necho "$1" >>{said}\n')
    itself.chmod(0o755)
    monkeypatch.setenv("SELF", str(itself))
    monkeypatch.setenv("PATH", f"{STAND_INS}/bin:{os.environ['PATH']}")
    sample = (FILES / "pantau.config").read_text().replace("/etc/pantau", str(files))
    files.mkdir()
    status, _ = router(f"enrol {token}", sample)
    assert status == 0 and said.read_text() == "enable\nrestart\n"
    kept = (tmp_path / "config" / "pantau").read_text()
    router.conf.unlink()  # a tmpfs: gone with the next start
    status, log = router("start_service", kept)
    assert status == 0 and f"run --config {router.conf}" in log
    text = router.conf.read_text()
    assert f"address = 127.0.0.1:{running.port}\n" in text and "name = wan2\n" in text
    key = text.split("[stamp]")[1].split("key = ")[1].split()[0]
    assert len(bytes.fromhex(key)) == 16 and "identifier = 1\n" in text


def test_disabled_starts_nothing(router):
    status, log = router("start_service", (FILES / "pantau.config").read_text())
    assert (status, log) == (0, "")


def test_wrong_value_starts_nothing(router):
    status, log = router("start_service", enabled().replace("'8.8.4.4:443'", "'nowhere'"))
    assert status != 0
    assert log == ""


def test_change_of_configuration_or_network_reloads(router):
    assert router("service_triggers", enabled()) == (0, "trigger pantau network\n")
