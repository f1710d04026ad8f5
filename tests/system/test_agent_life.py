# SPDX-License-Identifier: Apache-2.0
"""The agent under a service manager: it says that it began, that slots are made, that it ends."""

import os
import signal

from support.manager import Manager
from support.programs import Process, program
from support.router import Router


def test_it_tells_the_service_manager_how_it_goes(running, tmp_path):
    manager = Manager(tmp_path)
    router = Router(tmp_path / "router", running, running.issue(running.link))
    command = [program("pantau-agent"), "run", "--config", str(router.folder / "agent.conf")]
    agent = Process(["env", f"NOTIFY_SOCKET={manager.path}", *command], tmp_path / "log")
    try:
        assert manager.hear("READY=1", 20), agent.text()
        for _ in range(2):  # with each slot, of a second here
            manager.heard.clear()
            assert manager.hear("WATCHDOG=1", 20), agent.text()
        os.kill(agent.pid, signal.SIGSTOP)
        manager.drain()
        assert not manager.hear("WATCHDOG=1", 3)  # who does not measure does not say so
        os.kill(agent.pid, signal.SIGCONT)
        assert agent.stop() == 0
        assert manager.hear("STOPPING=1", 5), manager.heard
    finally:
        agent.close()
        manager.close()
