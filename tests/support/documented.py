# SPDX-License-Identifier: Apache-2.0
"""What the commands of the documents need to be run as they stand: a page's world, what lies
between two commands and is no command, and which commands are run elsewhere, why, and by what."""

from dataclasses import dataclass, field

from support import records
from support.enter import wait_in_ledger
from support.programs import RELEASE, ROOT
from support.records import pb
from support.reporter import Reporter
from support.server import DESA, Server
from support.written import blocks_of

LINKS = 14  # the last two have no agent
AGENTS = 12
BOOT = b"D" * 16
MONTHS_BEGIN_S = (1767571200, 1790812800)  # 2026-01-05 and 2026-10-01 08:00 in WITA
SLOTS = 360  # six hours
LOST = range(290, 320)  # at 13:00 in WITA


# ---- the world: links 1 to 14, of which the agent of link 12 told of two mornings


def told(begins_s):
    factory = records.SlotFactory()
    begins_us = begins_s * 1000000
    page = {"address": bytes([192, 0, 2, 80]), "port": 443, "total_us": 130000}
    return [records.start(BOOT, 0, 5), records.anchor(BOOT, 0, begins_us),
            records.http(BOOT, 600 * 1000000, pb.HTTP_DONE, 200, **page),
            records.speed(BOOT, 900 * 1000000, 18000, 4000),
            records.observation(BOOT, 700 * 1000000, "modem", rsrp_dbm="-97"),
            *(factory.record(BOOT, 60000000 * n, 60, 6, 6, 6 if n in LOST else 0)
              for n in range(1, SLOTS))]


def table(columns, row, count):
    return "\n".join([columns, *(row.format(n) for n in range(1, count + 1))]) + "\n"


def links_csv(count, columns="desa,provider,kind,lat,lon,zone"):
    return table(columns, f"{DESA},PT Contoh,fibre,0.99,118.01,", count)


def contracts_csv(count, columns="link,from,mbps-down,mbps-up,fee,target,formula"):
    return table(columns, "{},2026-01-01,20,5,1200000,99.5,excess", count)


def make_world(folder):
    """Its state, of an instance that does not run."""
    server = Server(folder / "world", build=RELEASE).init()
    for name, text in (("link", links_csv(LINKS)), ("contract", contracts_csv(LINKS))):
        (server.folder / f"{name}.csv").write_text(text)
        server.pantau(name, "import", server.folder / f"{name}.csv")
    issued = [server.issue(link, f"agent-{link}", known=False) for link in range(1, AGENTS + 1)]
    server.start("ingest", "ledger")
    with Reporter(server, issued[-1]) as reporter:
        for run, begins_s in enumerate(MONTHS_BEGIN_S, 1):
            if run == 1:
                reporter.hello(*((n, n, 1, SLOTS + 4) for n in (1, 2)))
            reporter.deliver(run, list(enumerate(told(begins_s), 1)))
    wait_in_ledger(server, issued[-1].agent, 2 * (SLOTS + 4))
    server.stop()
    server.close()
    return server.state


# ---- a page


@dataclass
class Page:
    """`bare`: nothing is installed yet. `running`: its world runs when the first command comes.
    `before`: shell text that is run before the commands that begin so; `words`: what stands in the
    document for something else; `once`: commands that take long and that the page has in each of
    its languages."""
    bare: bool = False
    running: bool = True
    before: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)
    once: tuple = ()


KEY_WITHOUT_TERMINAL = {  # openssl and pantau ask a terminal for the passphrase
    "genpkey -algorithm X25519 -aes-256-cbc":
        "genpkey -algorithm X25519 -aes-256-cbc -pass file:/root/passphrase",
    "-in backup.key -pubout": "-in backup.key -passin file:/root/passphrase -pubout",
    "--key backup.key": "--key backup.key --passphrase-file /root/passphrase"}
AN_AGENT = """
cp deploy/agent.conf /etc/pantau/agent.conf
TOKEN=$(pantau token create --link 13 --collector noc.example.go.id:7443) || exit 1
echo "$TOKEN" >TOKEN
"""
ENROLLED = AN_AGENT + """
pantau-agent enrol "$TOKEN" && systemctl start pantau-agent || exit 1
for n in $(seq 60); do pantau-agent status >/dev/null && break; sleep 0.5; done
"""
REGIONS = "mkdir -p package/data && cp tests/data/regions/* package/data"
CLOSED = """
pantau close --month 2026-01 --by Pejabat -o FILE && cp /var/lib/pantau/keys/closing.pub .
"""

PAGES = {
    "docs/ACCOUNTS.md": Page(running=False),
    "docs/CAUSES.md": Page(running=False, words={"--seeds 500": "--seeds 2"}),
    "docs/CLOSED-MONTH.md": Page(before={"head -n -2 FILE": CLOSED}),
    "docs/EVIDENCE.md": Page(),
    "docs/EXPORT.md": Page(before={"cp -r deploy/grafana/provisioning": "mkdir -p /etc/grafana"}),
    "docs/MONTHS.md": Page(),
    "docs/OPERATIONS.md": Page(
        bare=True, words=KEY_WITHOUT_TERMINAL, before={
            "pantau region import": REGIONS,
            "pantau agent list": "pantau-agent enrol $(sed -n 2p tokens.csv | cut -d, -f5) &&"
            " systemctl start pantau-agent",
            "openssl genpkey": "echo sixteen bytes of it >/root/passphrase",
            "pantau restore --check --key": "systemctl stop pantau-collector.target pantau-web &&"
            " rm -rf /var/lib/pantau && cp /var/backups/pantau/*.backup pantau.backup"}),
    "docs/RECOVERY.md": Page(before={
        "pantau restore registry-": "mkdir -p /var/lib/pantau/backup && python3 -c '"
        'import sqlite3; sqlite3.connect("/var/lib/pantau/registry.db").execute("VACUUM INTO ?",'
        ' ["/var/lib/pantau/backup/registry-20260131T160000Z.db"])\''}),
    "docs/REGISTRY.md": Page(running=False, before={"pantau region import": REGIONS}),
    "docs/REPORT.md": Page(),
    "docs/ROUTERS.md": Page(before={"pantau token create --link": "link=13"}),
    "docs/STAMP.md": Page(running=False),
    "docs/TECHNICIAN.md": Page(
        before={"pantau-agent status": ENROLLED}, words={"enrol TOKEN": "enrol $(cat TOKEN)"},
        once=("pantau-agent commission",)),
    "docs/adding-a-probe.md": Page(words={"probe x TARGET": "probe icmp 1.1.1.1"}),
    "swarm/SCENARIO.md": Page(running=False),
}


# ---- what is run elsewhere


@dataclass
class Elsewhere:
    why: str
    test: str  # FILE::FUNCTION


SUITES = Elsewhere("this test is a part of it", "tests/run.py::main")
BUILDS = Elsewhere("builds everything; ./test does the same", "tests/run.py::build")
PACKAGES = Elsewhere("installs with apt", "tests/system/test_debian.py::"
                     "test_a_machine_gets_them_upgrades_and_is_rid_of_them")
BENCH = Elsewhere("takes minutes to hours", "tests/system/test_bench.py::"
                  "test_the_ledger_takes_what_was_invented")
OPENWRT = Elsewhere("needs an OpenWrt build tree, which no Debian package has",
                    "tests/system/test_openwrt_files.py::"
                    "test_the_package_says_what_a_build_needs")
PROBE = Elsewhere("asks an outside host, never one of the machine's own",
                  "tests/system/test_probe.py::test_plain_words")

ELSEWHERE = {  # by how the command begins
    "./quickstart": Elsewhere("runs until it is stopped", "tests/system/test_quickstart.py::"
                              "test_once_measures_six_slots_and_the_next_run_goes_on"),
    "./test": SUITES,
    "python3 -m pytest": SUITES,
    "meson test": SUITES,
    "meson setup": BUILDS,
    "meson compile": BUILDS,
    "meson install": Elsewhere("writes to /usr; the packages are made by it",
                               "tests/system/test_debian.py::test_there_are_four_packages"),
    "CC=clang meson setup": BUILDS,
    "build-fuzz/tests/fuzz/": SUITES,
    "tests/fuzz/coverage.py": Elsewhere("builds everything with clang",
                                        "tests/fuzz/coverage.py::main"),
    "deploy/debian/install-packages": Elsewhere("installs with apt; ./test begins with it",
                                                "tests/run.py::main"),
    "deploy/debian/build-packages": PACKAGES,
    "apt install": PACKAGES,
    "for name in pantau pantau-agent": Elsewhere(
        "writes to /usr", "tests/system/test_sandbox.py::fixture_accounts"),
    "systemd-sysusers": Elsewhere("makes accounts and folders of the machine that tests run on",
                                  "tests/system/test_sandbox.py::fixture_accounts"),
    "npm pack idn-area-data": Elsewhere("asks the npm registry; the same rows lie in tests/data",
                                        "tests/system/test_demo.py::test_every_desa_has_its_link"),
    "/etc/init.d/pantau enrol": Elsewhere(
        "OpenWrt's", "tests/system/test_openwrt.py::"
        "test_one_command_enrols_and_the_next_start_knows_it"),
    'echo "src-link pantau': OPENWRT,
    "./scripts/feeds": OPENWRT,
    "make defconfig": OPENWRT,
    'cp "$SDK"/bin': OPENWRT,
    "make image": OPENWRT,
    "opkg update": OPENWRT,
    "apk update": OPENWRT,
    "python3 tests/bench/bench.py": BENCH,
    "export PANTAU_RELEASE=build-bench": BENCH,
    "node build-release/page-tests/bench.mjs": BENCH,
    "python3 tests/cross/cross.py": Elsewhere(
        "takes a minute", "tests/system/test_portability.py::"
        "test_units_and_simulation_pass_on_other_processors"),
    "pantau agent readmit": Elsewhere(
        "needs a certificate that expired", "tests/system/test_renew.py::"
        "test_expired_waits_for_a_person"),
    "pantau points --from 2026-01-10 --to 2026-01-17 --send": Elsewhere(
        "needs a time-series store", "tests/system/test_export_faults.py::"
        "test_what_falls_off_the_outbox_is_made_again"),
    "victoria-metrics": Elsewhere(
        "runs until it is stopped", "tests/system/test_export_stores.py::"
        "test_what_victoria_metrics_drops_is_seen"),
    "systemctl restart grafana-server": Elsewhere(
        "Grafana is not in Debian", "tests/system/test_grafana.py::"
        "test_the_dashboards_are_what_their_table_says"),
    "pantau-agent probe http": PROBE,
    "pantau-agent probe speed": PROBE,
    "pantau-probe speed": PROBE,
    "pantau-collector run": Elsewhere("runs until it is stopped", "tests/system/test_run.py::"
                                      "test_end_is_in_order_and_complete"),
    "pantau-swarm": Elsewhere("runs until it is stopped", "tests/system/test_demo.py::"
                              "test_what_it_lives_is_what_is_counted"),
}


def named_elsewhere(text):
    return next((begins for begins in ELSEWHERE if text.startswith(begins)), None)


def files_of_the_guide(count):
    """{name: text} of the CSV files that OPERATIONS.md shows, with so many rows."""
    page = "docs/OPERATIONS.md"
    shown = [block for block in blocks_of(page, (ROOT / page).read_text())
             if block.language == "csv"]
    links, contracts = (block.lines[0] for block in shown)
    return {"links.csv": links_csv(count, links), "contracts.csv": contracts_csv(count, contracts)}
