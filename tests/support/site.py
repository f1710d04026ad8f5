# SPDX-License-Identifier: Apache-2.0
"""A measured village: a lab with a real agent on its router and a real collector behind it."""

import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from support import lab as labs
from support.lab import Lab
from support.programs import RELEASE, Process, program, wait_for
from support.records import kept_slots, pb
from support.server import Server

SLOT_S = 10
WINDOW_S = 20


def ini(sections):
    return "".join(f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
                   for name, keys in sections.items())


class Site:
    """Everything runs when it is made. `wan`: keys of the agent's [wan] that differ. `more`: keys
    of its other sections; with a wan2 among them the lab has a second link. `settings`: keys of
    the server's sections."""

    def __init__(self, folder, round_s=2, wan=None, contract=(), through_link=False, more=None,
                 settings=None):
        self.folder = Path(folder)
        self.round_s = round_s
        self.lab = Lab(self.folder / "lab")
        self.server = self.agent = None
        try:
            namespace = self.lab.internet if through_link else self.lab.server
            address = labs.TARGETS[0] if through_link else labs.SERVER
            self.server = Server(self.folder / "server", build=RELEASE, address=address,
                                 settings=settings, netns=namespace).init()
            self.link = self.server.add_link()
            self.server.add_contract(self.link, text_of(int(time.time())),
                                     words=("--window", WINDOW_S, *contract))
            self.issued = self.server.issue(self.link)
            self.server.start()
            if "wan2" in (more or {}):
                self.lab.add_second_link()
            self.write_conf(wan or {}, more or {})
            self.start_agent()
        except BaseException:
            self.close()
            raise

    def write_conf(self, wan, more):
        self.conf = self.folder / "agent.conf"
        keys = self.issued.folder
        sections = {
            "collector": {"address": f"{self.server.address}:{self.server.port}",
                          "ca": keys / "ca.crt", "certificate": keys / "agent.crt",
                          "key": keys / "agent.key"},
            "agent": {"state_folder": self.folder / "agent", "slot_s": SLOT_S,
                      "spool_folder": self.folder / "agent" / "spool",
                      "runtime_folder": self.folder / "run", "round_s": self.round_s},
            "wan": {"interface": "wan0", "internet_targets": ", ".join(labs.TARGETS),
                    "tcp_target": f"{labs.TARGETS[0]}:{labs.TCP_PORT}",
                    "gateway_target": "auto", "provider_targets": labs.PROVIDER, **wan}}
        for section, differing in more.items():
            sections.setdefault(section, {}).update(differing)
        self.conf.write_text(ini(sections))

    def start_agent(self):
        self.agent = Process([program("pantau-agent", RELEASE), "run", "--config", str(self.conf)],
                             self.folder / "agent.log", self.lab.router)

    def slots(self):
        return kept_slots(self.server.state, self.link)

    def wait_until_measured(self, utc_us, patience_s=45):
        """Every slot that ends by this moment is in the ledger."""
        def measured():
            assert self.agent.alive(), f"the agent ended:\n{self.agent.text()[-3000:]}"
            slots = self.slots()
            return slots and slots[-1].to_s * 1000000 >= utc_us
        wait_for(measured, f"slots up to {utc_us}\n{self.agent.text()[-2000:]}"
                 f"{self.server.log('ingest')[-1000:]}{self.server.log('ledger')[-1000:]}",
                 timeout_s=max(0, utc_us / 1e6 - time.time()) + patience_s, every_s=0.5)

    def good_for(self, seconds):
        """Lets it measure; the moment afterwards."""
        time.sleep(seconds)
        return int(time.time() * 1000000)

    @staticmethod
    def month():
        """The running month in the zone of the link, WITA."""
        return datetime.now(timezone(timedelta(hours=8))).strftime("%Y-%m")

    def figures(self, as_of_s):
        rows = self.server.sla(self.month(), "--as-of", text_of(as_of_s), "--link", self.link)
        assert len(rows) == 1
        return rows[0]

    def outages(self):
        return self.server.rows("outages", "--month", self.month(), "--link", self.link)

    def close(self):
        if self.agent:
            self.agent.close()
        if self.server:
            self.server.close()
        self.lab.close()


def text_of(utc_s):
    return datetime.fromtimestamp(utc_s, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def micros_of(text):
    """UTC microseconds of a time as the command line prints it, with or without a fraction."""
    form = "%Y-%m-%dT%H:%M:%S.%fZ" if "." in text else "%Y-%m-%dT%H:%M:%SZ"
    moment = datetime.strptime(text, form).replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 1000000 + moment.microsecond


def scheduled(slots):
    """(utc_us, address, probe) of the rounds' first questions by ICMP."""
    for kept in slots:
        for at_us, kind, address, probe in kept.probes():
            first = kind == pb.CLASS_INTERNET and not probe.follow_up
            if first and probe.kind == pb.PROBE_ICMP:
                yield at_us, address, probe
