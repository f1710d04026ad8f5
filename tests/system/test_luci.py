# SPDX-License-Identifier: Apache-2.0
"""The agent's page in LuCI, run by node with stand-ins for LuCI's own parts: what a technician
reads, what is asked of ubus, and that each setting and each word is there."""

import json
import re
import shutil
import subprocess

import pytest

from support.programs import ROOT, program

FEED = ROOT / "deploy" / "openwrt"
APP = FEED / "luci-app-pantau"
VIEW = APP / "htdocs" / "luci-static" / "resources" / "view" / "pantau.js"
STAND_IN = ROOT / "tests" / "data" / "openwrt" / "luci.mjs"
DOWN = {"wan1_name": "wan", "wan1_interface": "eth0.2", "wan1_state": "down",
        "wan1_fault": "access", "connected": False, "trouble": "unreachable",
        "trouble_text": "cannot be reached",
        "waiting": 14, "clock_known": True, "spool_trouble": ""}

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="no node")


def show(**scene):
    done = subprocess.run(["node", STAND_IN, VIEW, APP / "po/id/pantau.po", json.dumps(scene)],
                          capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["missing"] == []  # a word without its Bahasa Indonesia
    return told


def test_a_technician_reads_how_it_is():
    text = show(status=DOWN)["text"]
    assert "wan (eth0.2) putus: Jalur ke penyedia putus." in text
    assert "tidak tersambung: cannot be reached" in text and "14 catatan" in text
    assert "Penyimpanan" not in text and "Jam" not in text


def test_all_is_well():
    well = {"wan1_state": "up", "wan1_fault": "", "connected": True, "waiting": 0,
            "collector": "noc.example.id:7443"}
    text = show(status=DOWN | well)["text"]
    assert "wan (eth0.2) normal" in text and "tersambung ke noc.example.id:7443" in text


@pytest.mark.parametrize("renewal, words", (
    ("", "berlaku sampai 2027-03-31"), ("due", "berakhir 2027-03-31: agen meminta yang baru"),
    ("parked", "kedaluwarsa 2027-03-31: menunggu izin pusat"),
    ("refused", "berakhir 2027-03-31: pusat menolak memperbarui")))
def test_the_certificates_end_is_told_and_who_has_to_act(renewal, words):
    told = {"certificate_expires_s": 1806537599, "renewal": renewal}
    assert words in show(status=DOWN | told)["text"]
    assert "Sertifikat" not in show(status=DOWN)["text"]  # of an agent that does not know


def test_an_agent_without_a_jail_says_why():
    text = show(status=DOWN | {"unjailed": "no /sbin/ujail"})["text"]
    assert "tidak utuh: no /sbin/ujail" in text


@pytest.mark.parametrize("scene", ({"status": {"running": False}}, {}))
def test_an_agent_that_does_not_run_is_said_not_to(scene):
    assert "tidak jalan: tidak ada yang mengukur" in show(**scene)["text"]


def test_a_token_is_handed_to_the_agent_and_its_words_are_shown():
    told = show(status=DOWN, token=" pantau1:abc ",
                answer={"enrolled": True, "words": "ENROLLED as agent-7."})
    assert ["pantau", "enrol", "pantau1:abc"] in told["asked"]
    assert "ENROLLED as agent-7." in told["text"] and told["notes"][0].startswith("info: ")


def test_why_a_token_was_refused_is_shown():
    told = show(status=DOWN, token="pantau1:x", answer={"enrolled": False, "words": "<b>used</b>"})
    assert "<b>used</b>" in told["text"] and told["notes"][0].startswith("warning: ")


def test_without_a_token_nothing_is_asked():
    assert all(call[1] == "status" for call in show(status=DOWN, token="  ")["asked"])


def test_each_setting_is_one_of_the_agents():
    uci = (FEED / "pantau-agent/files/pantau.config").read_text()
    keys = subprocess.run([program("pantau-agent"), "--print-config"], capture_output=True,
                          text=True, check=True).stdout
    for name in show(status=DOWN)["options"]:
        section, option = name.split(".")
        assert re.search(rf"^config \w+ '{section}'$", uci, re.M), name
        ours = option in ("enabled", "network")  # the start script's own
        assert ours or re.search(rf"^{option} =", keys, re.M), name


def test_who_may_see_it_may_do_no_more_than_it_needs():
    acl = json.loads((APP / "root/usr/share/rpcd/acl.d/luci-app-pantau.json").read_text())
    rights, = acl.values()
    assert rights["read"]["ubus"] == {"pantau": ["status"]}
    assert rights["write"] == {"ubus": {"pantau": ["enrol"]}, "uci": ["pantau"]}
    menu = json.loads((APP / "root/usr/share/luci/menu.d/luci-app-pantau.json").read_text())
    entry, = menu.values()
    assert entry["depends"]["acl"] == list(acl) and entry["action"]["path"] == VIEW.stem
