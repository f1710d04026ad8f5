# SPDX-License-Identifier: Apache-2.0
"""The agent under a service manager: it says that it began, that slots are made, that it ends."""

import os
import re
import signal

from support.manager import Manager
from support.programs import Process, program
from support.router import Router

# A kernel that does not say how right its clock is, as under systemd's ProtectClock.
UNTOLD = """
import errno, os, seccomp, sys
rules = seccomp.SyscallFilter(seccomp.ALLOW)
for call in ("adjtimex", "clock_adjtime", "clock_adjtime64"):
    if seccomp.resolve_syscall(seccomp.Arch.NATIVE, call) >= 0:
        rules.add_rule(seccomp.ERRNO(errno.EPERM), call)
rules.load()
os.execvp(sys.argv[1], sys.argv[1:])
"""


def test_it_hears_that_a_time_server_was_found(server, tmp_path):
    """What OpenWrt's ntpd found, it tells nobody but the hook deploy/openwrt/.../pantau.ntp."""
    run = tmp_path / "router" / "run"
    router = Router(tmp_path / "router", server, server.issue(server.add_link(), known=False))
    router.under = ["/usr/bin/python3", "-c", UNTOLD]
    conf = router.folder / "agent.conf"
    conf.write_text(conf.read_text().replace("[agent]\n", "[agent]\nlog_level = debug\n"))
    run.mkdir()
    (run / "ntp").touch()  # of a run before: the clock may have been set since
    router.start()
    try:
        router.wait_status(lambda status: status["slot"] != "none finished yet", "a slot")
        assert not (run / "ntp").exists() and not router.status()["clock_known"]
        (run / "ntp").touch()
        router.wait_status(lambda status: status["clock_known"], "it knows the time")
        assert not (run / "ntp").exists()
        said = re.search(r"time from NTP, give or take (\d+) us", router.agent.text())
        assert said and int(said[1]) >= 1500000, router.agent.text()
    finally:
        router.agent.close()


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
