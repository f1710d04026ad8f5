# SPDX-License-Identifier: Apache-2.0
"""What the package lays beside the start script: ubus, hotplug, first start after an upgrade, what
an upgrade keeps. Run by sh, with stand-ins for uci, jshn and the start script's caller."""

import json
import os
import re
import stat
import subprocess

import pytest

from support.programs import ROOT, program
from support.server import Server

FILES = ROOT / "deploy" / "openwrt" / "pantau-agent" / "files"
MAKEFILE = ROOT / "deploy" / "openwrt" / "pantau-agent" / "Makefile"
STAND_INS = ROOT / "tests" / "data" / "openwrt"
STAMP_KEY = "00112233445566778899aabbccddeeff"
NEWER = {"riscv_hwprobe"}  # than this machine's libseccomp
# The start script as rc.common runs it: a command, then what it says.
RC_COMMON = """#!/bin/sh
action=$1; shift
case $action in
running) exit {running} ;;
enabled | enable | restart | reload) echo "$action" >>{log}; exit 0 ;;
esac
. {stand_ins}/lib/functions.sh
. {files}/pantau.init
"$action" "$@"
"""


class Router:
    def __init__(self, folder, running=True):
        self.folder, self.log = folder, folder / "calls"
        (folder / "config").mkdir()
        self.uci_file = folder / "config" / "pantau"
        self.uci_file.write_text((FILES / "pantau.config").read_text().replace(
            "/etc/pantau/", f"{folder}/etc/").replace("/var/run/pantau", f"{folder}/run"))
        self.log.write_text("")
        self.conf, self.init = folder / "var" / "agent.conf", folder / "init"
        self.init.write_text(RC_COMMON.format(running=0 if running else 1, log=self.log,
                                              files=FILES, stand_ins=STAND_INS))
        self.init.chmod(0o755)
        self.env = dict(
            os.environ, PATH=f"{STAND_INS}/bin:{os.environ['PATH']}", IPKG_INSTROOT=str(STAND_INS),
            UCI_FOLDER=str(folder / "config"), PROGRAM=program("pantau-agent"), CONF=str(self.conf),
            INIT=str(self.init), SELF=str(self.init), JSHN=str(STAND_INS / "jshn.sh"), LANG="en",
            STATUS=str(folder / "status.json"), FOLDER=str(folder / "etc"),
            UNJAILED=str(folder / "unjailed"), ACCOUNTS=str(folder / "passwd"))
        (folder / "passwd").write_text("")

    def run(self, file, *words, stdin="", **env):
        done = subprocess.run(["sh", FILES / file, *words], input=stdin, capture_output=True,
                              text=True, timeout=60, env=self.env | env)
        assert "not found" not in done.stderr, done.stderr
        return done.returncode, done.stdout

    def uci(self, what):
        done = subprocess.run(["uci", "get", f"pantau.{what}"], env=self.env, capture_output=True,
                              text=True)
        return done.stdout.strip() if done.returncode == 0 else None

    def calls(self):
        return self.log.read_text().split()


@pytest.fixture(name="router")
def fixture_router(tmp_path):
    return Router(tmp_path)


# ---- ubus

def test_ubus_lists_what_it_answers(router):
    status, out = router.run("pantau.rpcd", "list")
    assert status == 0 and json.loads(out) == {"status": {}, "enrol": {"token": "String"}}


def test_ubus_tells_the_status_of_an_agent_that_runs(router):
    (router.folder / "status.json").write_text('{"state":"up"}')
    assert json.loads(router.run("pantau.rpcd", "call", "status")[1]) == {"state": "up"}


def test_ubus_tells_why_there_is_no_jail(router):
    (router.folder / "status.json").write_text('{"state":"up",\n"pid":7}\n')
    (router.folder / "unjailed").write_text('runs "as" root: no /sbin/ujail\n')
    assert json.loads(router.run("pantau.rpcd", "call", "status")[1]) == {
        "unjailed": "runs as root: no /sbin/ujail", "state": "up", "pid": 7}


def test_ubus_tells_that_none_runs(tmp_path):
    router = Router(tmp_path, running=False)
    (tmp_path / "status.json").write_text('{"state":"up"}')  # of an agent that died
    assert json.loads(router.run("pantau.rpcd", "call", "status")[1]) == {"running": False}


def test_what_ubus_does_not_know_is_refused(router):
    assert router.run("pantau.rpcd", "call", "reboot")[0] == 1
    assert router.run("pantau.rpcd", "format")[0] == 1


@pytest.mark.parametrize("token", ("", "rm -rf /", "$(reboot)", "pantau1:", "pantau1:a'b;c"))
def test_what_is_no_token_is_said_to_be_none(router, token):
    before = router.uci_file.read_text()
    _, out = router.run("pantau.rpcd", "call", "enrol", stdin=json.dumps({"token": token}))
    told = json.loads(out)
    assert told["enrolled"] is False and told["words"]
    assert router.uci_file.read_text() == before and router.calls() == []


@pytest.fixture(name="centre")
def fixture_centre(tmp_path):
    with_signer = Server(tmp_path / "server").init()
    with_signer.start("ingest", "ledger", "signer")
    with_signer.link = with_signer.add_link()
    yield with_signer
    with_signer.close()


def test_a_router_enrols_through_ubus_and_its_settings_outlive_the_start(router, centre):
    address = f"127.0.0.1:{centre.port}"
    token = centre.pantau("token", "create", "--link", centre.link, "--collector", address)
    token = token.strip()
    router.run("pantau.defaults")
    _, out = router.run("pantau.rpcd", "call", "enrol", stdin=json.dumps({"token": token}))
    told = json.loads(out)
    assert told["enrolled"] is True, told
    assert router.uci("collector.address") == address and router.uci("main.enabled") == "1"
    assert router.calls() == ["enable", "restart"]
    key = router.folder / "etc" / "agent.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    _, again = router.run("pantau.rpcd", "call", "enrol", stdin=json.dumps({"token": token}))
    assert json.loads(again)["words"]


# ---- hotplug

@pytest.mark.parametrize("env, reloads", (
    ({"ACTION": "ifup", "DEVICE": "pppoe-wan"}, True),
    ({"ACTION": "ifup", "DEVICE": "eth0.2"}, False),  # the one that it has
    ({"ACTION": "ifdown", "DEVICE": "pppoe-wan"}, False),
    ({"ACTION": "ifup"}, False)))
def test_a_wan_with_another_device_is_told(router, env, reloads):
    router.conf.parent.mkdir()
    router.conf.write_text("[wan]\ninterface = eth0.2\n")
    router.run("pantau.hotplug", **env)
    assert ("reload" in router.calls()) == reloads


@pytest.mark.parametrize("env, tells", (
    ({"ACTION": "stratum", "stratum": "3"}, True), ({"ACTION": "periodic", "stratum": "2"}, True),
    ({"ACTION": "unsync", "stratum": "16"}, False), ({"ACTION": "periodic"}, False),
    ({"ACTION": "stratum", "stratum": "16"}, False),  # of a server that knows no time
    ({"ACTION": "stratum"}, False), ({"ACTION": "step", "stratum": "3"}, False)))
def test_the_agent_is_told_that_ntpd_found_the_time(router, env, tells):
    said, other = router.folder / "run" / "ntp", router.folder / "other"
    assert router.run("pantau.ntp", **env)[0] == 0  # before the first start
    router.conf.parent.mkdir()
    router.conf.write_text(f"[agent]\nruntime_folder = {said.parent}\n")
    said.parent.mkdir()
    other.write_text("precious")
    said.symlink_to(other)  # the folder is the agent's, the hook is root's
    assert router.run("pantau.ntp", **env)[0] == 0
    assert other.read_text() == "precious"
    assert (said.exists() and not said.is_symlink()) == tells


def test_before_the_first_start_no_hotplug_does_anything(router):
    assert router.run("pantau.hotplug", ACTION="ifup", DEVICE="eth1")[0] == 0
    assert router.calls() == []


# ---- the first start after an upgrade

def test_an_older_configuration_gets_what_it_lacks_and_keeps_what_it_has(router):
    text = router.uci_file.read_text()
    older = re.sub(r"config (stamp|usage).*?(?=\n(?:config|#)|\Z)", "", text, flags=re.S)
    router.uci_file.write_text(older.replace("'1.1.1.1'", "'192.0.2.1'").replace(
        "enabled '0'", "enabled '1'"))
    (router.folder / "etc").mkdir(mode=0o755)
    key = router.folder / "etc" / "agent.key"
    key.write_text("key")
    key.chmod(0o644)
    assert router.run("pantau.defaults")[0] == 0
    assert router.uci("stamp") == "stamp" and router.uci("usage") == "usage"
    assert router.uci("main.enabled") == "1"
    assert router.uci("wan.internet_targets") == "192.0.2.1 8.8.8.8 9.9.9.9"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o750


@pytest.mark.skipif(os.geteuid() != 0, reason="files are root's to give away")
def test_a_router_that_ran_as_root_becomes_one_with_an_account(router):
    (router.folder / "passwd").write_text("pantau:*:7443:7443:pantau:/var:/bin/false\n")
    older = router.uci_file.read_text().replace("enabled '0'", "enabled '1'").replace(
        "#option key ''", f"option key '{STAMP_KEY}'")
    router.uci_file.write_text(older.replace(
        f"option key_file '{router.folder}/etc/stamp.key'", ""))
    folder = router.folder / "etc"
    for name in ("state", "spool"):
        (folder / name).mkdir(parents=True)
        (folder / name / "run").write_text("7\n")
    for name in ("agent.key", "agent.crt", "ca.crt"):
        (folder / name).write_text("PEM")
    assert router.run("pantau.defaults")[0] == 0
    assert router.uci("stamp.key") in (None, "")
    assert router.uci("stamp.key_file") == f"{folder}/stamp.key"
    assert stat.S_IMODE((folder / "stamp.key").stat().st_mode) == 0o600
    done = subprocess.run([router.init, "start_service"], env=router.env | {
        "PROCD_LOG": str(router.folder / "procd.log"), "FOLDER": str(folder)},
        capture_output=True, text=True, timeout=30)
    assert done.returncode == 0 and not done.stderr, done.stderr
    assert f"\nkey = {STAMP_KEY}\n" in router.conf.read_text()
    for path in (folder / "state" / "run", folder / "spool" / "run", folder / "agent.key",
                 folder / "state", router.conf):
        assert (path.stat().st_uid, path.stat().st_gid) == (7443, 7443), path
    assert (folder.stat().st_uid, folder.stat().st_gid) == (0, 7443)


def test_an_upgrade_keeps_key_and_spool():
    kept = (FILES / "pantau.keep").read_text().split()
    uci = (FILES / "pantau.config").read_text()
    for name in ("key", "certificate", "ca", "state_folder", "spool_folder"):
        path = re.search(rf"option {name} '([^']+)'", uci)[1]
        assert any(path.startswith(folder) for folder in kept), path


def test_the_filter_fits_the_way_in_which_it_is_loaded():
    """ujail jumps over the names of one rule with a byte, refuses nothing by default but with the
    errno 0, and skips names that it does not know: a slip of the pen would go unseen."""
    import seccomp
    order = json.loads((FILES / "seccomp.json").read_text())
    assert order["defaultAction"] == "SCMP_ACT_KILL_PROCESS"
    allow, refuse = order["syscalls"]
    assert allow["action"] == "SCMP_ACT_ALLOW" and refuse["action"] == "SCMP_ACT_ERRNO"
    assert refuse["errnoRet"] == 1 and not set(allow["names"]) & set(refuse["names"])
    for rule in (allow, refuse):
        assert len(rule["names"]) < 255 and rule["names"] == sorted(set(rule["names"]))
        for name in rule["names"]:
            known = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) != -1
            assert known or name in NEWER, name
    assert not {"bpf", "mount", "ptrace", "setuid", "setns", "init_module", "kexec_load",
                "io_uring_setup", "keyctl", "unshare"} & set(allow["names"])


def test_the_package_says_what_a_build_needs():
    makefile = MAKEFILE.read_text()
    for name in ("PKG_NAME", "PKG_VERSION", "PKG_RELEASE", "PKG_LICENSE", "PKG_LICENSE_FILES"):
        assert re.search(rf"^{name}:=\S", makefile, re.M), name
    version = re.search(r"^PKG_VERSION:=(\S+)", makefile, re.M)[1]
    assert f"version: '{version}'" in (MAKEFILE.parents[3] / "meson.build").read_text()
    uid, gid = re.search(r"^  USERID:=pantau=(\d+):pantau=(\d+)$", makefile, re.M).groups()
    assert uid == gid and 1000 < int(uid) < 60000
    libraries = re.search(r"define Package/pantau-agent\n.*?  DEPENDS:=([^\n]*)", makefile, re.S)
    assert set(libraries[1].split()) == {"+libuv", "+libopenssl", "+libprotobuf-c", "+libinih"}
    options = (MAKEFILE.parents[3] / "meson_options.txt").read_text()
    for name in re.findall(r"-D(\w+)=", makefile):
        assert f"option('{name}'" in options, name


# What apk of OpenWrt 25.12 takes, and opkg before it: 0.1.0-r1, 1.2_rc1-r3
APK_VERSION = re.compile(r"\d+(\.\d+)*[a-z]?(_(alpha|beta|pre|rc|p)\d*)*-r\d+")


def test_both_package_managers_take_the_versions():
    for makefile in (MAKEFILE, MAKEFILE.parents[1] / "luci-app-pantau" / "Makefile"):
        version, release = (re.search(rf"^PKG_{part}:=(\S+)$", makefile.read_text(), re.M)[1]
                            for part in ("VERSION", "RELEASE"))
        assert APK_VERSION.fullmatch(f"{version}-r{release}"), makefile


def test_the_package_has_each_of_the_files():
    makefile = MAKEFILE.read_text()
    for path in FILES.iterdir():
        assert f"./files/{path.name} " in makefile, path.name
