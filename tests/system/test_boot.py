# SPDX-License-Identifier: Apache-2.0
"""The units under a real systemd, which starts them, watches them and starts them again: a server
and an agent on one machine, from the operator's guide's commands to a restart of the machine."""

import csv
import io
import subprocess

import pytest

from support.booted import Booted, missing
from support.programs import ROOT, wait_for

pytestmark = pytest.mark.skipif(bool(missing()), reason=str(missing()))

SERVER = ("pantau-ingest", "pantau-ledger", "pantau-signer", "pantau-reflector", "pantau-alert",
          "pantau-web")
ALL = (*SERVER, "pantau-agent")
# How long one may be without a word: 30 to 180 s in the units. The agent gives one each slot.
WATCHED_S = {**dict.fromkeys(SERVER, 3), "pantau-agent": 8}
AGAIN_S = 60  # until one that ended was started again, and is ready, on a busy machine

INSTANCE = f"""set -e
sed -i -e 's/^clock = .*/clock = trusted/' \\
    -e 's|^webhook_url =.*|webhook_url = http://127.0.0.1:9/|' \\
    -e 's|^webhook_secret_file =.*|webhook_secret_file = /etc/pantau/secret|' \\
    /etc/pantau/pantau.conf
grep -q '^webhook_url = http' /etc/pantau/pantau.conf
systemd-sysusers
echo sixteen bytes of it >/etc/pantau/secret
chown pantau-alert: /etc/pantau/secret
chmod 400 /etc/pantau/secret
pantau init --name localhost
pantau region import {ROOT}/tests/data/regions/*.csv
openssl genpkey -algorithm X25519 | openssl pkey -pubout >/etc/pantau/backup.pub
systemctl enable --now pantau-collector.target pantau-web pantau-alert pantau-backup.timer
"""
OWN_KEYS = "slot_s round_s interface internet_targets tcp_target gateway_target provider_targets" \
    " edge_targets"
AGENT = rf"""set -e
for key in {OWN_KEYS}; do sed -i "/^$key =/d" /etc/pantau/agent.conf; done
sed -i -e '/^\[agent\]/a slot_s = 5\nround_s = 5' \
    -e '/^\[wan\]/a interface = lo\ninternet_targets = 127.0.0.1, 127.0.0.2, 127.0.0.3' \
    -e '/^\[wan\]/a gateway_target = off\nprovider_targets = off\nedge_targets = off' \
    -e '/^\[wan\]/a tcp_target =' /etc/pantau/agent.conf
link=$(pantau link add --desa 64.08.05.2001 --provider Contoh --kind fibre)
pantau contract add --link $link --from @$(date +%s) --mbps-down 20 --mbps-up 5 --fee 1200000 \
    --target 99.5 --formula excess --window 20 --bridge 15
pantau-agent enrol $(pantau token create --link $link --collector localhost:7443)
systemctl enable --now pantau-agent
"""
KNOCK = """
import socket, time
refused = taken = 0
ends = time.monotonic() + 4
while time.monotonic() < ends:
    try:
        socket.create_connection(("127.0.0.1", 7443), 5).close()
        taken += 1
    except OSError:
        refused += 1
    time.sleep(0.005)
print(taken, refused)
"""


@pytest.fixture(name="machine", scope="module")
def fixture_machine(tmp_path_factory):
    one = Booted(tmp_path_factory.mktemp("booted"))
    try:
        one.run(INSTANCE)
        one.run(AGENT)
        yield one
    finally:
        one.close()


def seconds_up(machine):
    text = machine.run("pantau sla --month $(date -u +%Y-%m) --format csv")
    return sum(int(row["u"]) for row in csv.DictReader(io.StringIO(text)))


def restarts(machine, name):
    return int(machine.shows(name, "NRestarts"))


def wait_again(machine, before):
    """Until each was started again after `before`, {unit: its restarts}."""
    for name, count in before.items():
        wait_for(lambda name=name, count=count: restarts(machine, name) > count
                 and machine.shows(name, "ActiveState") == "active",
                 f"{name} is started again", AGAIN_S)


def assert_all_well(machine):
    for name in ALL:
        wait_for(lambda name=name: machine.shows(name, "ActiveState") == "active",
                 f"{name} is active", AGAIN_S)
    assert "0 loaded units" in machine.run("systemctl --failed --no-pager")


# In this order: each leaves the machine as the next one wants it.


def test_all_start_at_once_and_time_is_counted(machine):
    assert_all_well(machine)
    for name in ALL:
        assert restarts(machine, name) == 0, machine.journal(name)
    said = machine.run("journalctl --no-pager -o cat -p warning _PID=1")
    assert "pantau" not in said, said
    wait_for(lambda: seconds_up(machine) > 0, "a second that was up", AGAIN_S)


def test_nobody_is_refused_while_ingest_is_started_again(machine):
    before = machine.shows("pantau-ingest", "MainPID")
    knocking = subprocess.Popen(machine.words(f"/usr/bin/python3 -c '{KNOCK}'"), text=True,
                                stdout=subprocess.PIPE)
    machine.run("sleep 1; systemctl restart pantau-ingest")
    taken, refused = map(int, knocking.communicate(timeout=60)[0].split())
    assert machine.shows("pantau-ingest", "MainPID") != before
    assert taken > 10 and refused == 0


def test_one_that_is_killed_is_started_again(machine):
    before = {name: restarts(machine, name) for name in ALL}
    machine.run(f"systemctl kill --signal KILL {' '.join(ALL)}")
    wait_again(machine, before)
    up = seconds_up(machine)
    wait_for(lambda: seconds_up(machine) > up, "time is counted again", AGAIN_S)


def test_one_that_hangs_is_started_again(machine):
    for name, seconds in WATCHED_S.items():
        folder = f"/run/systemd/system/{name}.service.d"
        machine.run(f"mkdir {folder} && printf '[Service]\nWatchdogSec={seconds}\n'"
                    f" >{folder}/watched.conf")
    machine.run(f"systemctl daemon-reload && systemctl restart {' '.join(ALL)}")
    assert_all_well(machine)
    before = {name: restarts(machine, name) for name in ALL}
    machine.run(f"sleep {max(WATCHED_S.values()) + 2}")
    assert {name: restarts(machine, name) for name in ALL} == before, "a healthy one was ended"
    machine.run(f"systemctl kill --kill-whom main --signal STOP {' '.join(ALL)}")
    wait_again(machine, before)
    for name in ALL:
        assert "Watchdog timeout" in machine.journal(name)


def test_a_backup_is_made(machine):
    assert machine.shows("pantau-backup.timer", "ActiveState") == "active"
    machine.run("systemctl start pantau-backup")
    assert machine.run("ls /var/backups/pantau").strip().endswith(".backup")


def test_a_whole_collector_is_stopped_and_started(machine):
    machine.run("systemctl stop pantau-collector.target")
    for name in SERVER[:-1]:  # the web is no part of it
        wait_for(lambda name=name: machine.shows(name, "ActiveState") == "inactive",
                 f"{name} is stopped", AGAIN_S)
    assert machine.shows("pantau-web", "ActiveState") == "active"
    machine.run("systemctl start pantau-collector.target pantau-alert")
    assert_all_well(machine)


def test_all_come_back_with_the_machine(machine):
    up = seconds_up(machine)
    machine.run("touch /run/before")
    machine.reboot()
    assert machine.try_run("ls /run/before").returncode, "it never went down"
    assert_all_well(machine)
    wait_for(lambda: seconds_up(machine) > up, "time is counted again", AGAIN_S)
    assert restarts(machine, "pantau-agent") == 0
