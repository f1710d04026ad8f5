# SPDX-License-Identifier: Apache-2.0
"""The callers of the comparison with other servers really deliver, and a missing server is said."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.programs import SANITIZED
from support.server import Server

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

import peers  # noqa: E402


@pytest.mark.parametrize("burst", [1, 8])
def test_callers_count_what_ingest_took(tmp_path, burst):
    server = Server(tmp_path / "server").init()
    try:
        server.start("ingest")
        done = subprocess.run(
            [str(SANITIZED / "tests/bench/load/load"), "--speech", "pantau", "--count", "20",
             "--state", str(server.state), "--port", str(server.port), "--seconds", "2", "--pid",
             str(server.parts["ingest"].pid), "--burst", str(burst), "--rate", "200"],
            capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        figures, status = json.loads(done.stdout), server.status_of("ingest")
        assert figures["reports"] == status["records"] > 0
        assert status["duplicates"] == 0 and figures["report_us"] > 0
    finally:
        server.close()


def test_a_peer_that_is_not_installed_is_said(capsys):
    figures = peers.Figures()
    figures.add("pantau", {"report_us": 20})
    figures.ratio("report_us", "mosquitto", "1.15")
    assert "not installed" in capsys.readouterr().out
    figures.add("mosquitto", {"report_us": 16})
    figures.ratio("report_us", "mosquitto", "1.15")
    assert "1.25 (wanted: 1.15)" in capsys.readouterr().out
