# SPDX-License-Identifier: Apache-2.0
"""The router's start script, run by sh with stand-ins for UCI and procd, and the real agent."""

import os
import re
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
        for name in ("state", "spool"):
            uci = uci.replace(f"/etc/pantau/{name}", str(tmp_path / name))
        (tmp_path / "config" / "pantau").write_text(uci.replace("/var/run/pantau", str(
            tmp_path / "run")))
        log = tmp_path / "procd.log"
        log.write_text("")
        env = dict(os.environ, IPKG_INSTROOT=str(STAND_INS), PROCD_LOG=str(log),
                   UCI_FOLDER=str(tmp_path / "config"), PROGRAM=program("pantau-agent"),
                   CONF=str(tmp_path / "var" / "agent.conf"), FOLDER=str(tmp_path / "pantau"),
                   ACCOUNTS=str(tmp_path / "passwd"))
        (tmp_path / "passwd").touch()
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
    assert key not in kept, "LuCI shows what is in UCI"
    secret = files / "stamp.key"
    assert secret.read_text() == f"{key}\n" and secret.stat().st_mode & 0o777 == 0o600


def test_a_stamp_key_without_room_is_told_and_all_else_is_measured(
        running, router, tmp_path, monkeypatch):
    """Its flash is full when the key comes; one of an earlier enrolment does not stand in."""
    running.stop("ingest")
    running.configure({"reflector": {"listen": "127.0.0.1:8777"}})
    running.start("signer", "ingest")
    token = running.pantau("token", "create", "--link", running.link, "--collector",
                           f"192.0.2.77:1,{running.address}:{running.port}").strip()
    monkeypatch.setenv("SELF", "true")
    monkeypatch.setenv("PATH", f"{STAND_INS}/bin:{os.environ['PATH']}")
    files = tmp_path / "pantau"
    files.mkdir()
    (files / "stamp.key").write_text("00112233445566778899aabbccddeeff\n")
    (files / "stamp.key.new").symlink_to("/dev/full")
    sample = (FILES / "pantau.config").read_text().replace("/etc/pantau", str(files))
    status, log = router(f"enrol {token}", sample)
    assert status == 0
    told, = (line for line in log.splitlines() if line.startswith("log "))
    assert f"STAMP is not asked: its key is not kept: {files}/stamp.key: " in told
    assert re.search("I/O error|No space left", told), told
    assert [path.name for path in files.glob("stamp*")] == []
    kept = (tmp_path / "config" / "pantau").read_text()
    status, log = router("start_service", kept)
    assert status == 0 and f"run --config {router.conf}" in log
    assert f"log STAMP is not asked: {files}/stamp.key, its key, cannot be read\n" in log
    assert "[stamp]\ntarget =\n" in router.conf.read_text()
    again = running.pantau("token", "create", "--link", running.link, "--collector",
                           f"192.0.2.77:1,{running.address}:{running.port}").strip()
    router(f"enrol {again}", kept)  # there is room now
    status, log = router("start_service", (tmp_path / "config" / "pantau").read_text())
    assert status == 0 and "log " not in log
    assert "[stamp]\ntarget = 192.0.2.77:8777\n" in router.conf.read_text()


def test_settings_that_do_not_outlive_a_boot_are_told(running, router, tmp_path, monkeypatch):
    running.start("signer")
    token = running.pantau("token", "create", "--link", running.link).strip()
    full = tmp_path / "bin"
    full.mkdir()
    (full / "uci").write_text(
        '#!/bin/sh\n[ "$1" != commit ] || { echo "uci: I/O error" >&2; exit 1; }\n')
    (full / "uci").chmod(0o755)
    monkeypatch.setenv("SELF", "true")
    monkeypatch.setenv("PATH", f"{full}:{os.environ['PATH']}")
    (tmp_path / "pantau").mkdir()
    sample = (FILES / "pantau.config").read_text().replace("/etc/pantau", str(tmp_path / "pantau"))
    status, log = router(f"enrol {token}", sample)
    assert status == 0
    assert "log the next boot does not know of it: /etc/config/pantau: uci: I/O error\n" in log


OURS = {("main", "enabled"), ("main", "guarded"), ("main", "device"), ("wan", "network"),
        ("wan2", "network"), ("stamp", "key_file")}  # the start script's own


def options_in(text):
    """{(section, option)} of UCI; what is switched off with # too."""
    section, found = None, set()
    for line in text.splitlines():
        head = re.match(r"#?config \w+ '(\w+)'$", line)
        option = re.match(r"\t#?(?:option|list) (\w+) '", line)
        section = head[1] if head else section
        if option:
            found.add((section, option[1]))
    return found


def test_the_sample_has_each_option_of_the_agent_and_no_other():
    section, known = None, set()
    for line in subprocess.run([program("pantau-agent"), "--print-config"], capture_output=True,
                               text=True, check=True).stdout.splitlines():
        head, pair = re.match(r"\[(\w+)\]$", line), re.match(r"(\w+) =", line)
        section = head[1] if head else section
        if pair:
            known.add((section, pair[1]))
    assert len(known) > 40
    assert options_in((FILES / "pantau.config").read_text()) == known | OURS


def test_each_option_says_what_it_is():
    """A comment stands above it, or above the ones that it is told together with."""
    told = False
    for line in (FILES / "pantau.config").read_text().splitlines():
        if re.match(r"#?config ", line):
            told = False
        elif line.startswith("\t# "):
            told = True
        elif line.startswith("\t") and "wan2" not in line:
            assert told or line.startswith("\t#"), line


def test_what_is_switched_off_stands_at_its_default():
    text = re.sub(r"(?m)^(\t?)#(?=(option|list|config) )", r"\1",
                  (FILES / "pantau.config").read_text())
    printed = subprocess.run([program("pantau-agent"), "--print-config"], capture_output=True,
                             text=True, check=True).stdout
    for section, options in re.findall(r"^\[(\w+)\]\n(.*?)(?=^\[|\Z)", printed, re.M | re.S):
        part = re.search(rf"^config \w+ '{section}'$(.*?)(?=^config|\Z)", text, re.M | re.S)[1]
        for option, fallback in re.findall(r"^(\w+) = ?(.*)$", options, re.M):
            values = re.findall(rf"^\t(?:option|list) {option} '(.*)'$", part, re.M)
            off = re.search(rf"^\t#(?:option|list) {option} '", FILES.joinpath(
                "pantau.config").read_text(), re.M)
            if off and section not in ("wan2",) and option not in ("user", "name"):
                assert ", ".join(values) == fallback, (section, option)


def test_nobody_else_reads_the_configuration_with_its_secrets(router, tmp_path):
    (tmp_path / "stamp.key").write_text("00112233445566778899aabbccddeeff\n")
    sample = enabled().replace("/etc/pantau/stamp.key", str(tmp_path / "stamp.key"))
    assert router("start_service", sample)[0] == 0
    assert router.conf.stat().st_mode & 0o777 == 0o600
    assert "[stamp]\ntarget = \nkey = 00112233445566778899aabbccddeeff\n" in \
        router.conf.read_text()
    status, _ = router("start_service", enabled().replace("/etc/pantau/stamp.key", "/nonexistent"))
    assert status == 0 and "\nkey = 0" not in router.conf.read_text()


def test_disabled_starts_nothing(router):
    status, log = router("start_service", (FILES / "pantau.config").read_text())
    assert (status, log) == (0, "")


def test_wrong_value_starts_nothing(router):
    status, log = router("start_service", enabled().replace("'8.8.4.4:443'", "'nowhere'"))
    assert status != 0
    assert log == ""


def test_change_of_configuration_or_network_reloads(router):
    assert router("service_triggers", enabled()) == (0, "trigger pantau network\n")
