# SPDX-License-Identifier: Apache-2.0
"""A whole province at the command line: contracts from a file, agents for every link in one go."""

import csv
import io
import json
import subprocess

import pytest

from support.programs import program
from support.server import Server

HEAD = "link,from,mbps-down,mbps-up,fee,target,formula,band,set,power\n"
GOOD = "1,2026-01-01,20,5.5,1200000,99.5,bands,99:10;95:50,speed=80:90:30;rounding=up,exclude\n"
PLAIN = "2,2026-01-01,50,10,900000,98,excess,,,\n"


def make(folder):
    server = Server(folder / "server").init()
    server.add_link()
    server.add_link(desa="64.08.05.2002", provider="Starlink, Timur", kind="starlink")
    return server


@pytest.fixture(name="server")
def fixture_server(tmp_path):
    return make(tmp_path)


@pytest.fixture(name="untouched", scope="module")
def fixture_untouched(tmp_path_factory):
    """For what must change nothing."""
    return make(tmp_path_factory.mktemp("bulk"))


def contracts(server):
    return json.loads(server.pantau("contract", "list", "--json"))


def write(server, text):
    path = server.folder / "contracts.csv"
    path.write_text(text)
    return path


def refused(server, *words, says):
    done = server.run(*words)
    assert done.returncode and says in done.stderr, done.stdout + done.stderr
    assert "Sanitizer" not in done.stderr


def test_contracts_of_a_file_are_as_if_typed(server):
    path = write(server, HEAD + GOOD + PLAIN)
    assert server.pantau("contract", "import", path) == "2 contracts\n"
    imported = contracts(server)
    server.pantau("contract", "end", "--link", 1, "--to", "2026-02-01")
    server.pantau("contract", "add", "--link", 1, "--from", "2026-02-01", "--mbps-down", 20,
                  "--mbps-up", 5.5, "--fee", 1200000, "--target", 99.5, "--formula", "bands",
                  "--band", "99:10", "--band", "95:50", "--set", "speed=80:90:30",
                  "--set", "rounding=up", "--power", "exclude")
    typed = next(row for row in contracts(server) if row["contract"] == 3)
    dates = {"contract", "from", "to", "gap"}
    assert ({key: value for key, value in imported[0].items() if key not in dates}
            == {key: value for key, value in typed.items() if key not in dates})
    assert imported[0]["from"] == "2025-12-31T16:00:00Z"
    assert imported[1]["bands"] in (None, "") and imported[1]["power"] == "unknown"


@pytest.mark.parametrize("text, says", [
    (HEAD + GOOD + PLAIN.replace("98,", "101,"), "contracts.csv:3: --target = '101': must be"),
    (HEAD + PLAIN.replace("50,", "fast,", 1), "contracts.csv:2: --mbps-down = 'fast'"),
    (HEAD + PLAIN.replace("2026-01-01", "2026-02-30"), "contracts.csv:2: --from"),
    (HEAD + PLAIN.replace("2,", "99,", 1), "contracts.csv:2: link 99"),
    (HEAD + PLAIN.replace("2,", ",", 1), "contracts.csv:2: --link"),
    (HEAD + PLAIN.replace(",,,", ",99:10,,"), "contracts.csv:2: --band belongs to"),
    (HEAD.replace("fee", "price") + PLAIN, 'contracts.csv:1: unknown column "price"'),
    (HEAD + "2,2026-01-01\n", "contracts.csv:2: has 2 fields"),
    (HEAD + PLAIN + PLAIN, "contract 2 of 2: contract of link 2"),
])
def test_a_wrong_line_is_named_and_nothing_is_changed(untouched, text, says):
    refused(untouched, "contract", "import", write(untouched, text), says=says)
    assert contracts(untouched) == []


def test_every_link_gets_an_agent_once(server):
    out = server.folder / "agents"
    table = server.pantau("agent", "issue", "--every-link", "--out", out, "--from", "2026-01-01")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["agent"], row["link"], row["folder"]) for row in rows] == [
        ("1", "1", "link-1"), ("2", "2", "link-2")]
    assert (rows[1]["provider"], rows[1]["kind"]) == ("Starlink, Timur", "starlink")
    for row in rows:
        folder = out / row["folder"]
        assert (folder / "agent.key").stat().st_mode & 0o077 == 0
        done = subprocess.run([program("pantau-agent"), "check", "--config", folder / "agent.conf"],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert len(json.loads((server.state / "roster.json").read_text())["agents"]) == 2
    server.add_link(desa="64.08.05.2001", provider="Ketiga")
    again = server.pantau("agent", "issue", "--every-link", "--out", out).splitlines()
    assert len(again) == 2 and again[1].startswith("3,3,link-3,")
    assert len(server.pantau("agent", "issue", "--every-link", "--out", out).splitlines()) == 1


def test_agents_are_issued_all_or_none(server):
    out = server.folder / "agents"
    (out / "link-2").mkdir(parents=True)
    (out / "link-2" / "agent.key").write_text("of another one")
    refused(server, "agent", "issue", "--every-link", "--out", out, says="is there already")
    assert json.loads(server.pantau("agent", "list", "--json")) == []
    assert (out / "link-2" / "agent.key").read_text() == "of another one"
    assert not (out / "link-1").exists() or not list((out / "link-1").iterdir())


@pytest.mark.parametrize("words", [
    (), ("--every-link", "--link", "1"), ("--every-link", "--name", "one"),
])
def test_one_link_or_every_link(untouched, words):
    refused(untouched, "agent", "issue", "--out", untouched.folder / "x", *words,
            says="--every-link")
