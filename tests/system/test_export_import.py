# SPDX-License-Identifier: Apache-2.0
"""Evidence moved to another instance: the figures there are the same, byte for byte; all of an
import or nothing of it."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import time

import pytest

from support import records, weeks
from support.evidence import FACTS, ROWS, fact_of, facts_of, items_of, parts_of
from support.enter import enter, enter_contracts, enter_exclusions, wait_in_ledger
from support.invented import boots_of, tell
from support.programs import RELEASE, program
from support.records import ledger_rows
from support.reporter import Reporter
from support.server import DESA, REGIONS, Server
from support.site import text_of

MONTH = weeks.MONTH
AS_OF = text_of(weeks.MONTH_TO + 90 * 86400)
OTHER_DESA = "64.08.05.2002"


class Province:
    """A server with links of every history that is hard to move."""

    def __init__(self, folder):
        self.server = Server(folder, build=RELEASE).init()
        self.server.start()
        self.links = [enter(self.server, weeks.week(seed), f"agent-{seed}") for seed in (3, 8)]
        self.add_replaced_agent()
        self.add_clone()
        self.add_wide_exclusions()

    def add_replaced_agent(self):
        """Two agents of one link, the second one late and backwards, and a link nobody measures."""
        case = weeks.week(21)
        link = self.server.add_link(desa=OTHER_DESA, provider="Penyedia Dua", lat="0.9876543",
                                    lon=117.5)
        enter_contracts(self.server, link, case)
        enter_exclusions(self.server, link, case)
        half = case.slots[len(case.slots) // 2].start
        boots = boots_of(case)
        first = self.server.issue(link, "first", "2024-01-01")
        second = self.server.issue(link, "second", text_of(half))
        for issued in (first, second):
            tell(self.server, issued, boots if issued is first else boots[::-1])
            wait_in_ledger(self.server, issued.agent, sum(len(boot.records) for boot in boots))
        self.server.pantau("agent", "revoke", first.agent)
        self.links += [link, self.server.add_link(desa=OTHER_DESA, provider="Penyedia Dua")]
        self.server.add_contract(self.links[-1])

    def add_clone(self):
        """An identity that two devices use, a gap record, bytes that are no record, no clock."""
        link = self.server.add_link(provider="Penyedia Tiga", kind="4g")
        self.server.add_contract(link)
        issued = self.server.issue(link, "clone", "2024-01-01")
        factory, boot = records.SlotFactory(), b"C" * 16
        told = [(1, records.start(boot, 0, 9)),
                (2, records.anchor(boot, 0, weeks.MONTH_FROM * 1000000))]
        told += [(n, factory.record(boot, 60000000 * n, 60, 6, 6, 6 if 20 < n < 40 else 0))
                 for n in range(3, 61)]
        other = [(n, factory.record(boot, 60000000 * n, 60, 6, 6, 3)) for n in range(50, 60)]
        gap = records.pb.Record(dropped=records.pb.Dropped(
            boot=boot, last=80, records=20, from_us=60 * 60000000,
            to_us=80 * 60000000)).SerializeToString()
        speed = records.pb.Record(speed=records.pb.Speed(
            boot=boot, start_us=30 * 60000000, wan="wan", outcome=records.pb.SPEED_DONE,
            server="http://192.0.2.9/", down=records.pb.SpeedRun(
                kbps=19000, bytes=9000000, duration_ms=4000))).SerializeToString()
        unplaced = [(83 + n, factory.record(b"U" * 16, 60000000 * n, 60, 6, 6, 0))
                    for n in range(4)]
        beside = records.make_slot(60000, 6, 6, 0, boot=boot)
        beside.start_us = 90 * 60000000
        beside.dns.add(offset_ms=5, resolver=bytes(4), rtt_us=9,
                       question=records.pb.DNS_ABSENT, outcome=records.pb.DNS_HIJACKED)
        beside.stamp.CopyFrom(records.pb.Stamp(sent=6, lost_back=1))
        beside.facts.clients_plus_one = 9
        samples = [(87, records.http(boot, 91 * 60000000, records.pb.HTTP_DONE, 200)),
                   (88, records.observation(boot, 92 * 60000000, "modem", rsrp_dbm="-97")),
                   (89, records.pb.Record(slot=beside).SerializeToString())]
        rest = [(61, gap), (81, b"\x0a\x03nix"), (82, speed), *unplaced, *samples]
        for batch in (told, other, rest):
            with Reporter(self.server, issued) as reporter:
                reporter.hello((1, 9, 1, 100))
                reporter.deliver(1, batch)
        wait_in_ledger(self.server, issued.agent, len(told) + len(other) + len(rest))
        assert ledger_rows(self.server.state, "SELECT count(*) FROM sample") == [(3,)]
        self.links.append(link)

    def add_wide_exclusions(self):
        for words in (("--kabupaten", "64.08"), ("--provider", "Penyedia Dua"), ("--desa", DESA)):
            start = weeks.MONTH_FROM + 86400 * (3 + len(words[1]))
            self.server.pantau("exclusion", "add", *words, "--reason", "force-majeure", "--from",
                               text_of(start), "--to", text_of(start + 7200), "--by", "Satu",
                               "--note", "banjir \"besar\"; perahu", "--second", "Dua",
                               "--document", __file__)


def figures(server, *words):
    """Everything that is paid by, as it is printed: its lines."""
    texts = [server.pantau(*command, "--month", MONTH, "--as-of", AS_OF, "--format", "csv", *words)
            for command in (("sla",), ("outages",), ("sla", "--by", "desa"),
                            ("sla", "--by", "provider"), ("sla", "--by", "kabupaten"))]
    return [text.splitlines(keepends=True) for text in texts]


def assert_same(found, wanted):
    """Byte for byte; says the first line that is not."""
    for one, other in zip(found, wanted, strict=True):
        for line, expected in zip(one, other):
            assert line == expected
        assert len(one) == len(other)


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    made = Province(tmp_path_factory.mktemp("province") / "server")
    yield made
    made.server.close()


@pytest.fixture(scope="module")
def whole(province):
    """The export of all of it."""
    path = province.server.folder / "all.evidence"
    province.server.pantau("export", "--month", MONTH, "-o", path)
    return path


@pytest.fixture
def fresh(tmp_path):
    """An instance where there is nothing yet, not even regions."""
    server = Server(tmp_path / "fresh", build=RELEASE)
    server.pantau("init")
    yield server
    server.close()


def conflicts(server):
    return ledger_rows(server.state, "SELECT value FROM counter WHERE name = 'conflicts'")


def test_figures_are_the_same_byte_for_byte(province, whole, fresh):
    wanted = figures(province.server)
    assert "TIDAK MEMENUHI" in "".join(wanted[0]) and len(wanted[1]) > 3
    fresh.start("ledger")
    assert "The ledger has taken them." in fresh.pantau("import", whole)
    assert_same(figures(fresh), wanted)
    assert conflicts(fresh) == conflicts(province.server)
    for table in ("link", "contract", "exclusion", "agent", "binding"):
        assert rows_of(fresh, table) == rows_of(province.server, table), table


def rows_of(server, table):
    with sqlite3.connect(server.state / "registry.db") as db:
        return db.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


def test_an_import_before_the_ledger_ever_ran_counts_when_it_does(province, whole, fresh):
    assert "does not run" in fresh.pantau("import", whole)
    fresh.start("ledger")
    wait_taken(fresh)
    assert_same(figures(fresh), figures(province.server))


def wait_taken(server, timeout_s=60):
    end = time.monotonic() + timeout_s
    while not ledger_rows(server.state, "SELECT 1 FROM position WHERE name LIKE 'import %'"
                          " AND a = 9223372036854775807"):
        assert time.monotonic() < end, server.log("ledger")[-2000:]
        time.sleep(0.1)


def test_a_second_import_changes_nothing(province, whole, fresh):
    fresh.start("ledger")
    fresh.pantau("import", whole)
    before, clashes = figures(fresh), conflicts(fresh)
    out = fresh.pantau("import", whole)
    assert " 0 rows added, 0 completed" in out and "has taken" in out
    assert_same(figures(fresh), before)
    assert_same(before, figures(province.server))
    assert conflicts(fresh) == clashes
    again = figures(province.server)
    province.server.pantau("import", whole)
    assert_same(figures(province.server), again)
    assert conflicts(province.server) == clashes


def test_one_link_goes_alone(province, fresh, tmp_path):
    link = province.links[2]
    fresh.start("ledger")
    province.server.pantau("export", "--month", MONTH, "--link", link, "-o", tmp_path / "one")
    fresh.pantau("import", tmp_path / "one")
    assert figures(fresh)[0] == figures(province.server, "--link", link)[0]
    assert figures(fresh)[1] == figures(province.server, "--link", link)[1]
    assert {row[0] for row in rows_of(fresh, "link")} == {link}
    assert len(rows_of(fresh, "agent")) == 2


def test_parts_of_a_province_come_together(province, whole, fresh, tmp_path):
    fresh.start("ledger")
    for provider in ("Penyedia Dua", "Penyedia Tiga", "Penyedia Uji"):
        path = tmp_path / provider.replace(" ", "-")
        province.server.pantau("export", "--month", MONTH, "--provider", provider, "-o", path)
        fresh.pantau("import", path)
    assert_same(figures(fresh), figures(province.server))


def test_what_ended_since_ends_here_too(running, tmp_path):
    """A later export of the same province brings the earlier one up to date."""
    other = Server(tmp_path / "other", build=RELEASE)
    try:
        other.pantau("init")
        running.pantau("export", "--month", "2026-01", "-o", tmp_path / "a")
        other.pantau("import", tmp_path / "a")
        running.pantau("contract", "end", running.contract, "--to", "2026-01-20")
        running.pantau("export", "--month", "2026-01", "-o", tmp_path / "b")
        assert " 1 completed" in other.pantau("import", tmp_path / "b")
        assert rows_of(other, "contract") == rows_of(running, "contract")
        other.pantau("import", tmp_path / "a")  # an older one takes nothing back
        assert rows_of(other, "contract") == rows_of(running, "contract")
    finally:
        other.close()


# ---- what is refused

def test_another_link_under_the_same_number_is_refused(province, whole, fresh):
    fresh.pantau("region", "import", *REGIONS)
    fresh.add_link(provider="Orang Lain")
    before = registry_dump(fresh)
    done = fresh.run("import", whole)
    assert done.returncode == 1
    assert "link 1 is here already" in done.stderr
    assert "'Orang Lain' here" in done.stderr and "'Penyedia Uji' in the file" in done.stderr
    assert registry_dump(fresh) == before
    assert not list((fresh.state / "import").glob("*"))


def registry_dump(server):
    with sqlite3.connect(server.state / "registry.db") as db:
        return list(db.iterdump())


def test_every_flipped_byte_is_found_with_its_place(province, fresh, tmp_path):
    link = province.links[3]  # nobody measures it: a small file
    path = tmp_path / "small"
    province.server.pantau("export", "--month", MONTH, "--link", link, "-o", path)
    sound = path.read_bytes()
    draw = random.Random(4)
    for at in [0, 17, 18, 25, 54, 70, len(sound) - 1] + draw.sample(range(len(sound)), 60):
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 1 << draw.randrange(8)]) + sound[at + 1:])
        done = fresh.run("import", path)
        assert done.returncode == 1, at
        if at >= 18:
            assert_names_place(done.stderr, at)
    assert rows_of(fresh, "link") == []
    path.write_bytes(sound)
    fresh.pantau("import", path)


def assert_names_place(text, at):
    """ "part 3, bytes 812 to 1490": the byte lies there, or the part's length was hit and the file
    seems cut."""
    words = text.replace(":", " ").replace(",", " ").split()
    if "cut" in text:
        return
    first, last = int(words[words.index("bytes") + 1]), int(words[words.index("to") + 1])
    assert first <= at <= last, text


def test_every_cut_is_found(province, fresh, tmp_path):
    path = tmp_path / "small"
    province.server.pantau("export", "--month", MONTH, "--link", province.links[3], "-o", path)
    sound = path.read_bytes()
    for length in [0, 5, 18, 30, len(sound) // 2, len(sound) - 1]:
        path.write_bytes(sound[:length])
        assert fresh.run("import", "--check", path).returncode == 1, length
    path.write_bytes(sound + b"x")
    assert "behind the last part" in fresh.run("import", path).stderr
    path.write_bytes(sound)
    assert "1 rows" not in fresh.pantau("import", "--check", path)


def test_a_filter_that_means_nothing_says_so(province, tmp_path):
    for words in (("--link", 999), ("--provider", "Tidak Ada"), ("--kabupaten", "64.99")):
        done = province.server.run("export", "--month", MONTH, *words, "-o", tmp_path / "none")
        assert done.returncode == 1 and "no link" in done.stderr, words
    done = province.server.run("export", "--month", "2026-13", "-o", tmp_path / "none")
    assert done.returncode == 2
    assert province.server.run("export", "--month", MONTH).returncode == 2
    assert not list(tmp_path.iterdir())


def test_odd_files_are_refused(fresh, tmp_path):
    for content in (b"", b"\x00" * 4096, b"pantau evidence 1\n",
                    b"pantau evidence 2\n" + b"x" * 99):
        (tmp_path / "odd").write_bytes(content)
        assert fresh.run("import", tmp_path / "odd").returncode == 1
    assert fresh.run("import", tmp_path / "absent").returncode == 1
    assert fresh.run("import", tmp_path).returncode == 1
    assert fresh.run("import").returncode == 2
    assert fresh.run("import", "a", "b").returncode == 2


# ---- whatever dies

def kept(server):
    return ledger_rows(server.state, "SELECT * FROM boot")


def test_killed_import_is_before_or_after(province, whole, fresh):
    """kill -9 at any moment; afterwards nothing of it is there, or all of it comes."""
    wanted, draw, outcomes = figures(province.server), random.Random(11), []
    fresh.start("ledger")
    command = [program("pantau", RELEASE), "import", str(whole), "--no-wait", "--state",
               str(fresh.state), "--config", str(fresh.config)]
    for _ in range(80):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0, 0.12))
        process.kill()
        process.wait()
        there = bool(rows_of(fresh, "link"))
        outcomes.append(there)
        if there:
            fresh.kill("ledger")  # in the middle of taking it, or about
            fresh.start("ledger")
        else:
            assert rows_of(fresh, "agent") == [] and rows_of(fresh, "region") == []
            assert kept(fresh) == []
        if outcomes.count(True) == 5:
            break
    fresh.pantau("import", whole)
    assert facts_of(fresh.state) == facts_of(province.server.state)
    assert_same(figures(fresh), wanted)
    assert conflicts(fresh) == conflicts(province.server)


def test_ledger_killed_again_and_again_takes_each_record_once(province, whole, fresh):
    fresh.pantau("import", whole)
    draw = random.Random(5)
    for _ in range(12):
        fresh.start("ledger")
        time.sleep(draw.uniform(0, 0.15))
        fresh.kill("ledger")
    fresh.start("ledger")
    wait_taken(fresh)
    assert_same(figures(fresh), figures(province.server))
    assert facts_of(fresh.state) == facts_of(province.server.state)


def test_ledger_of_yesterday_reads_an_import_again(whole, fresh, province):
    fresh.start("ledger")
    fresh.stop("ledger")
    backup = fresh.folder / "ledger.backup"
    shutil.copy(fresh.state / "ledger.db", backup)
    fresh.start("ledger")
    fresh.pantau("import", whole)
    fresh.stop("ledger")
    for path in fresh.state.glob("ledger.db*"):
        path.unlink()
    shutil.copy(backup, fresh.state / "ledger.db")
    fresh.start("ledger")
    wait_taken(fresh)
    assert_same(figures(fresh), figures(province.server))


def test_two_imports_at_once_are_one(province, whole, fresh):
    fresh.start("ledger")
    command = [program("pantau", RELEASE), "import", str(whole), "--state", str(fresh.state),
               "--config", str(fresh.config)]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            for _ in range(2)]
    for process in both:
        assert process.wait(60) == 0, process.stderr.read()
    assert_same(figures(fresh), figures(province.server))
    assert conflicts(fresh) == conflicts(province.server)


def test_a_full_disk_leaves_what_was_there(province, whole, tmp_path):
    """Neither half a file nor half an import."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    disk = tmp_path / "server" / "state"
    disk.mkdir(parents=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "pantau-test", disk],
                          capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        small = Server(tmp_path / "server", build=RELEASE)
        small.pantau("init")
        with open(disk / "filler", "wb") as out:
            free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
            os.posix_fallocate(out.fileno(), 0, free - whole.stat().st_size // 2)
        before = registry_dump(small)
        done = small.run("import", whole)
        assert done.returncode == 1 and "MiB" in done.stderr
        done = province.server.run("export", "--month", MONTH, "-o", disk / "file")
        assert done.returncode == 1 and "No space left" in done.stderr
        assert registry_dump(small) == before
        assert not list(disk.glob("file*")) and not list(disk.glob("import/*"))
        (disk / "filler").unlink()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


# ---- the format, read by its page

def test_a_file_can_be_read_by_its_page(province, whole):
    parts = list(parts_of(whole.read_bytes()))
    about = json.loads(parts[0][1])
    assert about["format"] == "pantau evidence" and about["month"] == MONTH
    assert about["links"] == len(province.links)
    tables, kinds, agents = {}, set(), set()
    for kind, body, _ in parts[1:-1]:
        if kind == ROWS:
            front, *lines = body.decode().splitlines()
            table = tables.setdefault(json.loads(front)["table"], [])
            table += [dict(zip(json.loads(front)["columns"], json.loads(line))) for line in lines]
        if kind == FACTS:
            kinds |= {item for item, _ in items_of(body)}
            agents |= {fact_of(item).agent for _, item in items_of(body)}
    assert agents == {row["id"] for row in tables["agent"]} and kinds == {1}
    assert {row["provider"] for row in tables["link"]} == {"Penyedia Uji", "Penyedia Dua",
                                                           "Penyedia Tiga"}
    end = json.loads(parts[-1][1])
    assert end["chain"] == parts[-1][2].hex() and end["parts"] == len(parts) - 1
    assert end["tables"] == {name: len(rows) for name, rows in tables.items()}
    assert not {"user", "token", "meta", "change"} & set(tables)
