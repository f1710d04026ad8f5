# SPDX-License-Identifier: Apache-2.0
"""One public address for the agents of several collectors: the shipped sample, by a real nginx."""

import re
import socket
import subprocess

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import ROOT, Process, free_port, wait_for
from support.reporter import Lost, Reporter
from support.server import Server

SAMPLE = ROOT / "deploy" / "nginx" / "agents.conf"
NAMES = ("kaltim.pantau.example.go.id:7443", "kaltara.pantau.example.go.id:7443")
BOOT = b"N" * 16
AROUND = """
user root;
error_log stderr;
pid {folder}/nginx.pid;
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
events {{ worker_connections 64; }}
stream {{ include {folder}/agents.conf; }}
"""


class Behind:
    """A collector as its agents see it: at the port of nginx."""

    def __init__(self, server, port):
        self.server, self.address, self.port = server, "127.0.0.1", port


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


@pytest.fixture(name="provinces")
def fixture_provinces(tmp_path):
    servers = [Server(tmp_path / name).init().start() for name in ("kaltim", "kaltara")]
    ports = [free_port() for _ in servers]
    text = re.sub(r"\tlisten \[::\][^\n]*\n", "", SAMPLE.read_text())
    for server, name, port, shipped in zip(servers, NAMES, ports, (7443, 7444)):
        assert name in text and f"listen {shipped} " in text
        text = text.replace(name, f"127.0.0.1:{server.port}")
        text = text.replace(f"listen {shipped} ", f"listen 127.0.0.1:{port} ")
    (tmp_path / "agents.conf").write_text(text)
    (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path))
    command = ["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = Process([*command, "-g", "daemon off;"], tmp_path / "nginx.log")
    wait_for(lambda: all(map(is_open, ports)), f"nginx serves\n{process.text()}", 20)
    yield [Behind(server, port) for server, port in zip(servers, ports)]
    process.close()
    for server in servers:
        server.close()


def report(behind, issued):
    factory = records.SlotFactory()
    told = [records.start(BOOT, 0, 3), records.anchor(BOOT, 0, 1767300000 * 1000000)]
    told += [factory.record(BOOT, 60000000 * number, 60, 6, 6, 0) for number in range(5)]
    with Reporter(behind, issued) as reporter:
        reporter.hello((1, 3, 1, len(told)))
        assert reporter.deliver(1, list(enumerate(told, 1))) == {}
    wait_in_ledger(behind.server, issued.agent, len(told))


def test_each_provinces_agents_reach_their_collector_and_no_other(provinces):
    issued = [one.server.issue(one.server.add_link(provider=f"P{number}"))
              for number, one in enumerate(provinces)]
    for behind, own in zip(provinces, issued):
        report(behind, own)
    with pytest.raises(Lost):  # another province's CA
        report(provinces[1], issued[0])
