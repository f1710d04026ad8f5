# SPDX-License-Identifier: Apache-2.0
"""The real agent on this machine, measuring nothing but itself."""

import json
import shlex

from support.mounts import own_mounts
from support.programs import RELEASE, Process, program, wait_for
from support.site import ini


class Router:
    """An agent in slots of a second. `mount` are commands of a shell that prepare its flash,
    $FLASH, which nobody else sees."""

    under = ()  # words that it is started with

    def __init__(self, folder, server, issued, mount=""):
        self.folder, self.mount, self.starts = folder, mount, 0
        self.flash, self.run = folder / "flash", folder / "run"
        self.flash.mkdir(parents=True)
        keys = issued.folder
        (folder / "agent.conf").write_text(ini({
            "collector": {"address": f"{server.address}:{server.port}", "ca": keys / "ca.crt",
                          "certificate": keys / "agent.crt", "key": keys / "agent.key"},
            "agent": {"state_folder": self.flash / "state", "spool_folder": self.flash / "spool",
                      "runtime_folder": self.run, "slot_s": 1, "round_s": 1},
            "wan": {"interface": "lo", "internet_targets": "127.0.0.1", "tcp_target": "",
                    "gateway_target": "off", "provider_targets": "off", "edge_targets": "off"}}))
        self.agent = None

    def start(self):
        words = shlex.join([program("pantau-agent", RELEASE), "run", "--config",
                            str(self.folder / "agent.conf")])
        command = [*self.under, "sh", "-c", f"exec {words}"]
        if self.mount:
            command = [*own_mounts(), "sh", "-c",
                       f"FLASH={shlex.quote(str(self.flash))}; {self.mount} && exec {words}"]
        self.starts += 1
        self.agent = Process(command, self.folder / f"agent{self.starts}.log")
        return self

    def status(self):
        """Of the running agent; {} before its first."""
        try:
            status = json.loads((self.run / "status.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return status if status.get("pid") == self.agent.pid else {}

    def wait_status(self, true_of, what, timeout_s=30):
        def looked():
            assert self.agent.alive(), self.agent.text()
            return self.status() and true_of(self.status())
        try:
            wait_for(looked, what, timeout_s)
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.status()}\n{self.agent.text()[-2000:]}") from None
        return self.status()
