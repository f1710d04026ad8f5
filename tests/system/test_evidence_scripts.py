# SPDX-License-Identifier: Apache-2.0
"""The three sources that come along, with stand-ins that answer as the real programs do: recorded
answers in tests/data/evidence."""

import os
import pty
import subprocess
import threading
import tty

import pytest

from support.programs import ROOT

SCRIPTS = ROOT / "deploy" / "evidence"
RECORDED = ROOT / "tests" / "data" / "evidence"


@pytest.fixture
def router(tmp_path):
    (tmp_path / "bin").mkdir()

    class Router:
        conf = tmp_path / "source.conf"

        @staticmethod
        def install(name, body):
            path = tmp_path / "bin" / name
            path.write_text(f"#!/bin/sh\n{body}\n")
            path.chmod(0o755)

        def ask(self, script, **more):
            """(exit status, {key: value}) of the script in an environment as the agent's."""
            done = subprocess.run(
                [SCRIPTS / f"{script}.sh"], capture_output=True, text=True, timeout=20,
                env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "CONF": str(self.conf), **more})
            assert not done.stderr, done.stderr
            pairs = [line.split("=", 1) for line in done.stdout.splitlines()]
            assert len(dict(pairs)) == len(pairs), "no key twice"
            return done.returncode, dict(pairs)
    return Router()


def test_modem_by_qmi(router, tmp_path):
    (tmp_path / "cdc-wdm0").touch()
    router.conf.write_text(f"DEVICE={tmp_path}/cdc-wdm0\n")
    router.install("uqmi", f'case "$*" in\n'
                   f"*--get-signal-info) cat {RECORDED}/uqmi-signal-info.json ;;\n"
                   f"*--get-serving-system) cat {RECORDED}/uqmi-serving-system.json ;;\nesac")
    assert router.ask("modem") == (0, {
        "technology": "lte", "rssi_dbm": "-67", "rsrp_dbm": "-97", "rsrq_db": "-11",
        "snr_db": "8.400000", "registration": "registered", "operator": "TELKOMSEL",
        "roaming": "false"})


def test_modem_by_modem_manager(router):
    router.install("mmcli", f'case "$*" in\n'
                   f"*--signal-get*) cat {RECORDED}/mmcli-signal.txt ;;\n"
                   f"*--signal-setup*) ;;\n*) cat {RECORDED}/mmcli-modem.txt ;;\nesac")
    status, told = router.ask("modem")
    assert status == 0
    assert told == {
        "technology": "lte", "quality_percent": "64", "state": "connected",
        "registration": "home", "operator": "TELKOMSEL", "rssi_dbm": "-69.00",
        "rsrp_dbm": "-100.00", "rsrq_db": "-12.00", "snr_db": "5.20"}
    assert not any("860000000000000" in value for value in told.values()), "no IMEI leaves"


def test_modem_by_at_commands(router):
    modem, line = pty.openpty()
    tty.setraw(line)
    router.conf.write_text(f"TTY={os.ttyname(line)}\n")

    def answer():
        asked = b""
        while b"COPS?" not in asked:
            asked += os.read(modem, 100)
        os.write(modem, (RECORDED / "at-answers.txt").read_bytes())
    threading.Thread(target=answer, daemon=True).start()
    assert router.ask("modem") == (0, {"rssi_dbm": "-77", "registration": "roaming",
                                       "operator": "XL Axiata"})
    os.close(modem)
    os.close(line)


def test_modem_that_is_not_there_is_an_error(router, tmp_path):
    router.conf.write_text(f"TTY={tmp_path}/none\n")
    assert router.ask("modem") == (2, {})


def test_dish_tells_its_state(router):
    router.install("grpcurl", f"cat {RECORDED}/starlink-status.json")
    assert router.ask("starlink") == (0, {
        "dish": "answers", "software": "2024.12.26.mr46620", "hardware": "rev3_proto2",
        "uptime_s": "86425", "outage": "OBSTRUCTED", "drop_rate": "0.015",
        "latency_ms": "43.380", "obstructed_fraction": "0.007", "snr_above_noise": "true",
        "alerts": "thermalThrottle mastNotNearVertical"})


def test_dish_that_is_silent_is_said(router):
    router.install("grpcurl", "exit 1")
    assert router.ask("starlink") == (0, {"dish": "silent"})


@pytest.mark.parametrize("status, said", [(0, "answers"), (1, "silent")])
def test_dish_without_grpcurl_is_only_looked_for(router, status, said):
    router.install("nc", f"exit {status}")
    assert router.ask("starlink") == (0, {"dish": said})


def test_ups_by_nut(router):
    router.install("upsc", f'[ "$1" = -l ] && echo ups1 || cat {RECORDED}/upsc.txt')
    assert router.ask("battery") == (0, {
        "ups.status": "OB DISCHRG", "battery.charge": "87", "battery.voltage": "26.8",
        "battery.runtime": "1260", "input.voltage": "214.0", "ups.load": "22"})


def test_battery_by_the_kernel(router, tmp_path):
    for name, files in {"BAT0": {"type": "Battery", "status": "Discharging", "capacity": "81",
                                 "voltage_now": "12648000"},
                        "AC": {"type": "Mains", "online": "0"}}.items():
        (tmp_path / "supplies" / name).mkdir(parents=True)
        for file, value in files.items():
            (tmp_path / "supplies" / name / file).write_text(value + "\n")
    router.install("upsc", "exit 1")
    assert router.ask("battery", SUPPLIES=str(tmp_path / "supplies")) == (0, {
        "ac.type": "Mains", "ac.online": "0", "bat0.type": "Battery",
        "bat0.status": "Discharging", "bat0.percent": "81", "bat0.volts": "12.64"})


def test_no_battery_at_all_is_an_error(router, tmp_path):
    assert router.ask("battery", SUPPLIES=str(tmp_path / "none")) == (2, {})
