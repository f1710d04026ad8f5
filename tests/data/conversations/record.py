#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Takes down what an agent of an earlier revision and today's collector say to each other, and what
the ledger then holds: for tests/system/test_old_agents.py.

    git clone . /tmp/old && git -C /tmp/old checkout REVISION
    cd /tmp/old && meson setup build -Dserver=false -Dweb=false && ninja -C build
    tests/data/conversations/record.py /tmp/old/build tests/data/conversations/NAME "WORDS"

With the environment of a system test (PANTAU_SANITIZED: the build of the collector)."""

import configparser
import csv
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from support import overheard  # noqa: E402
from support.enter import wait_in_ledger  # noqa: E402
from support.kept import kept  # noqa: E402
from support.programs import RELEASE, Process, program, wait_for  # noqa: E402
from support.records import kept_slots  # noqa: E402
from support.server import Server  # noqa: E402
from support.site import ini  # noqa: E402

TALK, SLOTS, ENROL, RENEW = "talk.txt", "slots.csv", "enrol.txt", "renew.txt"
DUE = "-600d"  # of the 730 days of a certificate: it asks for another
COLUMNS = ("run", "sequence", "start_utc_us", "from_s", "to_s", "due", "made", "lost")
SLOTS_A_PART = 4


class Router:
    """The agent of some revision, with slots of a second, whose collector is at `port`."""

    def __init__(self, folder, build, papers, port):
        self.folder, self.binary = folder, program("pantau-agent", build)
        self.conf, self.process = folder / "agent.conf", None
        flash = folder / "flash"
        flash.mkdir(parents=True)
        self.conf.write_text(ini(self.known({
            "collector": {"address": f"127.0.0.1:{port}", "ca": papers / "ca.crt",
                          "certificate": papers / "agent.crt", "key": papers / "agent.key"},
            "agent": {"state_folder": flash / "state", "spool_folder": flash / "spool",
                      "runtime_folder": folder / "run", "slot_s": 1, "round_s": 1,
                      "stats_s": 1},
            "wan": {"interface": "lo", "internet_targets": "127.0.0.1",
                    "tcp_target": "127.0.0.1:9"}})))

    def known(self, sections):
        """Those keys that this revision knows."""
        config = configparser.ConfigParser(interpolation=None)
        config.read_string(subprocess.run([self.binary, "--print-config"], check=True, text=True,
                                          capture_output=True).stdout)
        return {name: {key: value for key, value in keys.items() if config.has_option(name, key)}
                for name, keys in sections.items() if config.has_section(name)}

    def start(self):
        self.process = Process([self.binary, "run", "--config", str(self.conf)],
                               self.folder / "log")

    def stop(self):
        status = self.process.stop()
        text = self.process.text()
        self.process.close()
        assert status == 0, text[-2000:]


def slots_of(state, link):
    """Rows of COLUMNS, where the ledger has them."""
    return [{name: str(row[name]) for name in COLUMNS} for row in kept(state, "slots", link)]


def placed_by_hand(state, link):
    """The same, counted from the records by other code."""
    return [{"run": str(slot.run), "sequence": str(slot.sequence),
             "start_utc_us": str(slot.start_utc_us), "from_s": str(slot.from_s),
             "to_s": str(slot.to_s), "due": str(slot.due), "made": str(slot.made),
             "lost": str(slot.lost)} for slot in kept_slots(state, link)]


def read_slots(path):
    with open(path, newline="", encoding="ascii") as file:
        return list(csv.DictReader(file))


def write_slots(path, rows):
    with open(path, "w", newline="", encoding="ascii") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def records_of(sessions):
    """(run, sequence) of each record that the agent sent."""
    found = set()
    for session in sessions:
        for frame in session.of(overheard.AGENT):
            message = overheard.pb.FromAgent.FromString(frame)
            found |= {(entry.run, entry.sequence) for entry in message.report.entries}
    return found


def live(server, router, between):
    """A first run whose link is cut once, and a second one, each ended in order."""
    def slots():
        assert router.process.alive(), router.process.text()
        return len(kept_slots(server.state, server.link))
    for part in range(3):
        if part != 1:
            router.start()
        before = slots()
        wait_for(lambda: slots() >= before + SLOTS_A_PART, f"slots\n{router.process.text()}", 90)
        if part == 0:
            between.cut()
        else:
            router.stop()


def record(build, folder):
    """(sessions, rows) of an agent of `build` with a collector of this revision."""
    server = Server(folder / "server").init()
    try:
        server.link = server.add_link()
        server.start("ingest", "ledger")
        papers = server.issue(server.link)
        between = overheard.GoBetween(server, lambda: (papers.folder / "agent.crt",
                                                       papers.folder / "agent.key"))
        live(server, Router(folder / "router", build, papers.folder, between.port), between)
        sessions = between.heard()
        between.close()
        wait_in_ledger(server, papers.agent, len(records_of(sessions)))
        rows = slots_of(server.state, server.link)
        assert rows == placed_by_hand(server.state, server.link)
        return sessions, rows
    finally:
        server.close()


def issue_long_ago(server, ago):
    """The folder of an agent whose papers were issued then."""
    folder = server.folder / "long-ago"
    words = [program("pantau", RELEASE), "agent", "issue", "--link", server.link, "--out", folder,
             "--wan", "old", "--from", "2026-01-01", "--collector", f"127.0.0.1:{server.port}",
             "--state", server.state, "--config", server.config]
    subprocess.run(["faketime", "-f", ago, *map(str, words)], check=True, capture_output=True,
                   timeout=30)
    server.wait_roster()
    return folder


def enrol(server, build, folder):
    """What a router with a token and its collector say."""
    between = overheard.GoBetween(server, lambda: None)
    papers = folder / "enrolled"
    papers.mkdir()
    router = Router(folder / "enrols", build, papers, between.port)
    token = server.pantau("token", "create", "--link", server.link, "--collector",
                          f"127.0.0.1:{between.port}").strip()
    subprocess.run([router.binary, "enrol", token, "--config", str(router.conf)], check=True,
                   timeout=90)
    between.close()
    return between.heard("pantau-enrol/1")


def renew(server, build, folder):
    """The same of one whose certificate ends within the year."""
    papers = issue_long_ago(server, DUE)
    between = overheard.GoBetween(server, lambda: (papers / "agent.crt", papers / "agent.key"))
    router = Router(folder / "renews", build, papers, between.port)
    router.start()
    wait_for(lambda: [one for one in between.heard("pantau-renew/1") if len(one.frames) == 2],
             "it renews", 60)
    router.stop()
    between.close()
    return between.heard("pantau-renew/1")


def record_papers(build, folder):
    """(sessions of an enrolment, of a renewal)"""
    server = Server(folder / "server").init()
    try:
        server.link = server.add_link()
        server.start("ingest", "ledger", "signer")
        return enrol(server, build, folder), renew(server, build, folder)
    finally:
        server.close()


def main(build, target, words):
    folder = Path(tempfile.mkdtemp())
    target.mkdir(exist_ok=True)
    try:
        sessions, rows = record(build, folder / "talk")
        overheard.write(target / TALK, [words], sessions)
        write_slots(target / SLOTS, rows)
        if "enrol" in subprocess.run([program("pantau-agent", build), "--help"], check=True,
                                     capture_output=True, text=True).stdout:
            for name, found in zip((ENROL, RENEW), record_papers(build, folder / "papers")):
                overheard.write(target / name, [words], found[:1])
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
