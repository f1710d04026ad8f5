# SPDX-License-Identifier: Apache-2.0
"""The agent on a router with its default settings, beside what others run there, all at once in the
same network namespace: collectd with its ping plugin (Debian's, three targets every 10 s, no TLS),
fping (six targets every second), prometheus-node-exporter (asked every 15 s), zabbix-agent (asked
for six items a minute), and a client that does nothing but hold one TLS connection with a
certificate, by OpenSSL alone.

    apt-get install collectd-core liboping0 fping prometheus-node-exporter zabbix-agent valgrind
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from figures import cpu_s, say
from support import lab as labs
from support.programs import RELEASE, program
from support.site import Site

SETTLE_S = 45
NEAR = (labs.GATEWAY, labs.EDGE, labs.PROVIDER)
SLOTS = (2000, 6000)  # callgrind: the difference leaves out what a start costs

COLLECTD = """Hostname "router"
BaseDir "{folder}"
PIDFile "{folder}/collectd.pid"
Interval 10
LoadPlugin ping
LoadPlugin interface
LoadPlugin network
<Plugin ping>
{hosts}  Interval 10
  Timeout 3
</Plugin>
<Plugin network>
  Server "{server}" "25826"
</Plugin>
"""

ZABBIX = """PidFile={folder}/zabbix.pid
LogType=console
Server=127.0.0.1
ListenIP=127.0.0.1
ListenPort=10050
Hostname=router
AllowRoot=1
"""

ASK_ZABBIX = """
import socket, struct, time
KEYS = ("agent.ping", "system.uptime", "net.if.in[wan0]", "net.if.out[wan0]", "system.cpu.load",
        "vm.memory.size[available]")
while True:
    for key in KEYS:
        with socket.create_connection(("127.0.0.1", 10050)) as asked:
            asked.sendall(b"ZBXD\\1" + struct.pack("<Q", len(key)) + key.encode())
            asked.recv(4096)
        time.sleep(10)
"""

SCRAPE = "while sleep 15; do curl -s http://127.0.0.1:9100/metrics >/dev/null; done"


def family(pid):
    """The process and all that it started."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        parents.setdefault(int(words[1]), []).append(int(entry.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def memory_kib(pid):
    """(private, proportional) KiB, of the process and what it started."""
    private = proportional = 0
    for one in family(pid):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()[1:]
        parts = {line.split(":")[0]: int(line.split()[1]) for line in lines}
        private += parts["Private_Clean"] + parts["Private_Dirty"]
        proportional += parts["Pss"]
    return private, proportional


def start_peers(site, folder):
    """{name: process} of those that are installed."""
    lab, peers = site.lab, {}

    def start(name, binary, *words):
        if shutil.which(binary, path="/usr/sbin:/usr/bin:/sbin:/bin"):
            peers[name] = lab.spawn(lab.router, name, binary, *map(str, words))
        else:
            say(f"agent: {name}", "not installed")

    (folder / "collectd.conf").write_text(COLLECTD.format(
        folder=folder, server=labs.SERVER,
        hosts="".join(f'  Host "{target}"\n' for target in labs.TARGETS)))
    (folder / "zabbix.conf").write_text(ZABBIX.format(folder=folder))
    start("collectd", "collectd", "-f", "-C", folder / "collectd.conf")
    start("fping, 6 targets at 1 Hz", "fping", "-l", "-q", "-p", 1000, *labs.TARGETS, *NEAR)
    start("node-exporter", "prometheus-node-exporter", "--web.listen-address=127.0.0.1:9100")
    start("zabbix-agent", "zabbix_agentd", "-f", "-c", folder / "zabbix.conf")
    keys = site.issued.folder
    bare = RELEASE / "tests" / "bench" / "bare-client"
    if bare.exists():
        peers["a bare TLS client"] = lab.spawn(
            lab.router, "bare", bare, site.server.address, str(site.server.port),
            *(str(keys / name) for name in ("ca.crt", "agent.crt", "agent.key")))
    lab.spawn(lab.router, "scrape", "sh", "-c", SCRAPE)
    time.sleep(2)
    lab.spawn(lab.router, "ask", sys.executable, "-c", ASK_ZABBIX)
    return peers


def bench_agent(folder, minutes=5):
    """Memory and CPU over whole minutes, so that each rhythm counts alike."""
    stripped = folder / "agent"
    subprocess.run(["strip", "-o", stripped, program("pantau-agent", RELEASE)], check=True)
    say("agent: stripped binary, bytes", stripped.stat().st_size)
    site = Site(folder / "site", round_s=0, more={"agent": {"slot_s": 60}})
    try:
        watched = {"pantau-agent": site.agent, **start_peers(site, folder)}
        time.sleep(SETTLE_S)
        before = {name: sum(map(cpu_s, family(one.pid))) for name, one in watched.items()}
        time.sleep(60 * minutes)
        for name, one in watched.items():
            assert one.alive(), f"{name} ended: {one.text()[-500:]}"
            used = sum(map(cpu_s, family(one.pid))) - before[name]
            private, proportional = memory_kib(one.pid)
            say(f"agent: {name}: private, PSS, KiB; CPU a minute, ms",
                f"{private}, {proportional}; {used * 1000 / minutes:.1f}")
    finally:
        site.close()
    bench_instructions(folder)


def instructions(folder, slots):
    spool = folder / f"spool{slots}"
    spool.mkdir()
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                           RELEASE / "tests" / "bench" / "agent-slots", str(slots), spool],
                          check=True, capture_output=True, text=True, timeout=600)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def bench_instructions(folder):
    """Of the agent's core: six rounds asked and answered, the slot encoded and in the spool."""
    if not shutil.which("valgrind"):
        say("agent: instructions a slot", "valgrind is not installed")
        return
    few, many = (instructions(folder, slots) for slots in SLOTS)
    say("agent: instructions a slot, watched, encoded and kept",
        round((many - few) / (SLOTS[1] - SLOTS[0])))
