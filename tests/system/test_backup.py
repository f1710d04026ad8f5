# SPDX-License-Identifier: Apache-2.0
"""An instance taken away while it works, destroyed, and made anew: `pantau backup`, `restore`."""

import os
import re
import shutil
import subprocess
import threading
import time

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import LONG, ROOT, SANITIZED, program
from support.reporter import Reporter
from support.server import Server

BOOT = b"R" * 16
BEGINS_US = 1767300000 * 1000000
TOLD = 600
HEAD_BYTES, BOX_BYTES = 148, 65536 + 16


def told(count):
    factory = records.SlotFactory()
    return [(1, records.start(BOOT, 0, 5)), (2, records.anchor(BOOT, 0, BEGINS_US))] + [
        (n, factory.record(BOOT, 60000000 * n, 60, 6, 6 if n % 50 else 0, 0))
        for n in range(3, count + 1)]


class Village(threading.Thread):
    """An agent that tells its records one by one, and goes on until it is stopped or done."""

    def __init__(self, server, issued):
        super().__init__()
        self.server, self.issued = server, issued
        self.acked, self.ends = 0, threading.Event()

    def run(self):
        with Reporter(self.server, self.issued) as reporter:
            reporter.hello((1, 5, 1, TOLD))
            for record in told(TOLD):
                if self.ends.is_set():
                    return
                reporter.deliver(1, [record])
                self.acked = record[0]

    def stop(self):
        self.ends.set()
        self.join()
        return self.acked


def tell_all(server, issued, count=TOLD):
    """What was durable before; afterwards everything is."""
    with Reporter(server, issued) as reporter:
        before = reporter.hello((1, 5, 1, count)).durable
        up_to = before[0].up_to if before else 0
        if up_to < count:
            reporter.deliver(1, told(count)[up_to:])
    return up_to


def make_keys(folder):
    private, public = folder / "backup.key", folder / "backup.pub"
    subprocess.run(["openssl", "genpkey", "-algorithm", "X25519", "-out", private], check=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    return private, public


@pytest.fixture(scope="module", name="kept")
def fixture_kept(tmp_path_factory):
    """A server with some records in its journal, that does not run, and its backup."""
    server = Server(tmp_path_factory.mktemp("kept") / "server").init()
    server.link = server.add_link()
    server.issued = server.issue(server.link)
    server.start("ingest")
    tell_all(server, server.issued, 300)
    server.stop()
    (server.state / "import").mkdir()
    (server.state / "import" / "evidence-large").write_bytes(os.urandom(200000))
    server.private, server.public = make_keys(server.folder)
    server.backup = server.folder / "one.backup"
    server.pantau("backup", server.backup, "--to-key", server.public)
    yield server
    server.close()


def restore(server, file, *words, state=None):
    command = [program("pantau"), "restore", file, *words, "--state",
               state or server.folder / "anew"]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL)


# ---- the drill, as it is written down


def drill_of(page):
    """The commands of the first block below the heading "The drill"."""
    block = re.search(r"### The drill\n.*?```sh\n(.*?)```", page, re.DOTALL)[1]
    return [line.split("  #")[0].strip() for line in block.splitlines()]


def in_place(line, server, folder):
    """The command, with this test's folders for the machine's."""
    for there, here in (("/var/lib/pantau", server.state), ("/etc/pantau", folder / "etc"),
                        ("pantau.backup", folder / "pantau.backup"),
                        ("backup.key", folder / "backup.key")):
        line = re.sub(rf"(?<![\w/.-]){re.escape(there)}\b", str(here), line)
    words = line.split()
    if words[0] in ("pantau", "pantau-collector"):
        name = words[0]
        words[0] = program(name)
        if "--state" not in words and "--check" not in words:
            words += ["--state", str(server.state)]
        words += ["--config", str(server.config)]
    return words


def run_drill(server, folder):
    for line in drill_of((ROOT / "docs" / "OPERATIONS.md").read_text()):
        if line.startswith("systemctl start"):
            server.start("ingest", "ledger", "web")
            continue
        line = line.replace("/var/lib/pantau/configuration/etc/pantau/.",
                            f"{server.state}/configuration{server.config.parent}/.")
        done = subprocess.run(in_place(line, server, folder), capture_output=True, text=True,
                              timeout=300, check=False)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def figures(server):
    return [{key: value for key, value in row.items() if key != "computed"}
            for row in server.sla("2026-01", "--link", server.link)]


def test_the_drill(running, tmp_path):
    """Taken while records come in; destroyed; made anew elsewhere; the agents go on."""
    issued = running.issue(running.link)
    other = running.issue(running.link, "second")
    tell_all(running, issued, 200)
    wait_in_ledger(running, issued.agent, 200)
    before = figures(running)

    _, public = make_keys(tmp_path)
    village = Village(running, other)
    village.start()
    while village.acked < 20:
        time.sleep(0.01)
    sure = village.acked
    running.pantau("backup", tmp_path / "pantau.backup", "--to-key", public)
    acked = village.stop()
    assert acked > sure, "it went on being acknowledged meanwhile"
    ca_key = (running.state / "ca" / "ca.key").read_bytes()
    closing = running.parts
    for name in tuple(closing):
        running.kill(name)
    shutil.rmtree(running.state)

    running.state = running.folder / "elsewhere"
    (tmp_path / "etc").mkdir()
    running.config.rename(running.folder / "gone.conf")
    shutil.copy(running.folder / "gone.conf", running.config)
    run_drill(running, tmp_path)
    assert (tmp_path / "etc" / "pantau.conf").read_text() == running.config.read_text()
    assert (running.state / "ca" / "ca.key").read_bytes() == ca_key
    assert (running.state / "ca" / "ca.key").stat().st_mode & 0o777 == 0o600
    assert figures(running) == before
    assert tell_all(running, issued, 200) == 200, "what was in the ledger is durable"
    assert sure <= tell_all(running, other), "what was acknowledged before is in the backup"
    wait_in_ledger(running, other.agent, TOLD)
    assert records.kept_keys(running.state, other.agent) == [(1, n) for n in range(1, TOLD + 1)]
    assert records.kept_keys(running.state, issued.agent) == [(1, n) for n in range(1, 201)]
    new = running.issue(running.link, "third")
    assert new.agent > 1000, "a number that was given since the backup is not given again"


def test_what_nobody_holds_any_more_is_unknown(running):
    """Acknowledged after the backup, and lost with both: never down."""
    issued = running.issue(running.link)
    tell_all(running, issued, 100)
    wait_in_ledger(running, issued.agent, 100)
    file = running.folder / "one.backup"
    private, public = make_keys(running.folder)
    running.pantau("backup", file, "--to-key", public)
    tell_all(running, issued, 200)
    running.stop()
    shutil.rmtree(running.state)
    assert restore(running, file, "--key", private, state=running.state).returncode == 0
    running.start()
    with Reporter(running, issued) as reporter:  # its flash holds no more than the end
        reporter.hello((1, 5, 201, 300))
        reporter.deliver(1, told(300)[200:])
    wait_in_ledger(running, issued.agent, 200)
    spans = running.rows("outages", "--link", running.link, "--month", "2026-01")
    start = BEGINS_US // 1000000
    for n in range(102, 200):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start + 60 * n))
        assert not any(row["start"] <= at < row["end"] and row["cause"] != "silent"
                       for row in spans), at


@pytest.mark.skipif(not LONG, reason="many restores: ./test --long")
def test_every_moment_is_a_good_one(server, tmp_path):
    """One backup after the other while records come, segments end and the ledger's trim runs."""
    server.configure({"collector": {"journal_segment_kib": 64, "journal_keep_hours": 0}})
    server.link = server.add_link()
    server.add_contract(server.link)
    server.start()
    issued = server.issue(server.link)
    private, public = make_keys(tmp_path)
    records_of, taken = told(4000), []
    ends = threading.Event()
    acked = [0]

    def tell():
        with Reporter(server, issued) as reporter:
            reporter.hello((1, 5, 1, len(records_of)))
            for at in range(0, len(records_of), 5):
                if ends.is_set():
                    return
                reporter.deliver(1, records_of[at:at + 5])
                acked[0] = at + 5

    village = threading.Thread(target=tell)
    village.start()
    while village.is_alive() and len(taken) < 12:
        file, sure = tmp_path / f"{len(taken)}.backup", acked[0]
        server.pantau("backup", file, "--to-key", public)
        taken.append((file, sure))
    ends.set()
    village.join()
    server.stop()
    assert len(taken) >= 5 and taken[-1][1] > taken[0][1]
    for number, (file, sure) in enumerate(taken):
        server.state = tmp_path / f"state-{number}"
        assert restore(server, file, "--key", private, state=server.state).returncode == 0
        server.start()
        wait_in_ledger(server, issued.agent, sure)
        kept_now = {n for _, n in records.kept_keys(server.state, issued.agent)}
        assert set(range(1, sure + 1)) <= kept_now, f"backup {number}"
        with Reporter(server, issued) as reporter:
            durable = reporter.hello((1, 5, 1, 4000)).durable[0].up_to
            assert sure <= durable, f"backup {number}"
            reporter.deliver(1, records_of[durable:durable + 50])
        wait_in_ledger(server, issued.agent, durable + 50)
        assert {n for _, n in records.kept_keys(server.state, issued.agent)} == set(
            range(1, durable + 51)), f"backup {number}: nothing claimed that is not there"
        server.stop()


# ---- what is refused


def test_a_wrong_passphrase_and_a_wrong_key(kept, tmp_path):
    secret, other, short = (tmp_path / name for name in ("secret", "other", "short"))
    secret.write_text("kata sandi yang panjang sekali\n")
    other.write_text("kata sandi yang lain sekali\n")
    short.write_text("sandi\n")
    done = kept.run("backup", kept.folder / "x.backup", "--passphrase-file", short)
    assert done.returncode == 1 and "too short" in done.stderr
    sealed = kept.folder / "two.backup"
    kept.pantau("backup", sealed, "--passphrase-file", secret)
    assert restore(kept, sealed, "--check", "--passphrase-file", secret).returncode == 0
    done = restore(kept, sealed, "--passphrase-file", other)
    assert done.returncode == 1 and "this passphrase does not open it" in done.stderr

    done = restore(kept, kept.backup, "--key", make_keys(tmp_path)[0])
    assert done.returncode == 1 and "this key does not open it" in done.stderr
    assert "give --key" in restore(kept, kept.backup, "--passphrase-file", secret).stderr
    locked = tmp_path / "locked.key"
    subprocess.run(["openssl", "pkey", "-in", kept.private, "-aes-256-cbc", "-passout",
                    f"file:{secret}", "-out", locked], check=True)
    words = ("--check", "--key", locked, "--passphrase-file")
    assert restore(kept, kept.backup, *words, secret).returncode == 0
    assert "or another passphrase" in restore(kept, kept.backup, *words, other).stderr
    assert not (kept.folder / "anew").exists()


def test_each_region_flipped_and_each_length(kept):
    """The head field by field, the first chunk, a middle one, the last one, and their tags."""
    whole = kept.backup.read_bytes()
    assert len(whole) > HEAD_BYTES + 2 * BOX_BYTES
    last = HEAD_BYTES + (len(whole) - HEAD_BYTES) // BOX_BYTES * BOX_BYTES
    places = [0, 8, 9, 10, 11, 12, 13, 16, 24, 56, 80, 88, 120, 136, 140, 147, HEAD_BYTES,
              HEAD_BYTES + 30000, HEAD_BYTES + BOX_BYTES - 1, HEAD_BYTES + BOX_BYTES, last,
              len(whole) - 1]
    bad = kept.folder / "bad.backup"
    for place in places:
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1:])
        done = restore(kept, bad, "--key", kept.private)
        assert done.returncode == 1, f"byte {place}: {done.stdout}"
        if place >= HEAD_BYTES:
            at = HEAD_BYTES + (place - HEAD_BYTES) // BOX_BYTES * BOX_BYTES
            assert f"damaged or cut off at byte {at} " in done.stderr, done.stderr
        else:
            assert "no backup" in done.stderr or "in its head" in done.stderr, done.stderr
    for length in (0, 7, 147, HEAD_BYTES, HEAD_BYTES + 1, HEAD_BYTES + BOX_BYTES,
                   HEAD_BYTES + BOX_BYTES + 5, last, len(whole) - 1):
        bad.write_bytes(whole[:length])
        done = restore(kept, bad, "--key", kept.private)
        assert done.returncode == 1 and "cut off" in done.stderr, f"{length}: {done.stderr}"
    first, second = (whole[HEAD_BYTES + i * BOX_BYTES:][:BOX_BYTES] for i in (0, 1))
    bad.write_bytes(whole[:HEAD_BYTES] + second + first + whole[HEAD_BYTES + 2 * BOX_BYTES:])
    assert restore(kept, bad, "--key", kept.private).returncode == 1
    bad.write_bytes(whole + b"more")
    assert restore(kept, bad, "--key", kept.private).returncode == 1
    bad.write_bytes((kept.state / "registry.db").read_bytes())
    assert "no backup of Pantau Desa" in restore(kept, bad).stderr
    assert not list(kept.folder.glob("anew*"))


def test_a_folder_that_is_not_empty(kept, tmp_path):
    (tmp_path / "notes").write_text("mine")
    done = restore(kept, kept.backup, "--key", kept.private, state=tmp_path)
    assert done.returncode == 1 and "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


def test_a_full_disk(kept, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    disk = tmp_path / "small"
    disk.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "pantau-test", disk],
                          capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        done = restore(kept, kept.backup, "--key", kept.private, state=disk / "anew")
        assert done.returncode == 1 and "No space left" in done.stderr, done.stderr
        assert list(disk.iterdir()) == []
        done = kept.run("backup", disk / "x.backup", "--to-key", kept.public)
        assert done.returncode == 1 and "are free" in done.stderr, done.stderr
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


# ---- how it is made


def test_killed_at_any_moment(kept, tmp_path):
    """What bears the final name is whole; what is left over goes with the next one."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    command = [program("pantau"), "backup", str(shelf), "--to-key", str(kept.public),
               "--state", str(kept.state), "--config", str(kept.config)]
    for after_ms in (5, 10, 20, 30, 45, 70, 110):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(after_ms / 1000)
        running.kill()
        running.wait()
        for path in shelf.glob("*.backup"):
            assert restore(kept, path, "--check", "--key", kept.private).returncode == 0
            path.unlink()
    (shelf / "pantau-20260101T000000Z.backup.part").write_bytes(b"half")
    (shelf / "pantau-20260101T000000Z.backup.part.db").write_bytes(b"half")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert len(list(shelf.iterdir())) == 1


def test_keeps_the_newest_and_never_writes_over(kept, tmp_path):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for day in range(1, 6):
        (shelf / f"pantau-2026010{day}T010000Z.backup").write_text("older")
    (shelf / "mine.backup").write_text("not ours to delete")
    out = kept.pantau("backup", shelf, "--keep", 3, "--to-key", kept.public)
    names = sorted(path.name for path in shelf.iterdir())
    assert names[:3] == ["mine.backup", "pantau-20260104T010000Z.backup",
                         "pantau-20260105T010000Z.backup"] and len(names) == 4
    assert "3 older deleted" in out
    done = kept.run("backup", kept.backup, "--to-key", kept.public)
    assert done.returncode == 1 and "is there already" in done.stderr
    done = kept.run("backup", kept.state / "x.backup", "--to-key", kept.public)
    assert done.returncode == 1 and "lies in the state folder" in done.stderr


def test_who_may_not_read_the_key_makes_no_backup(kept, tmp_path):
    """Root without the powers that the service lacks, too; then with the one that it keeps."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to give a file away")
    os.chown(kept.state / "ca" / "ca.key", 65534, 65534)
    for powers, status in (("-all", 1), ("-all,+dac_read_search,+chown", 0)):
        file = tmp_path / "x.backup"
        done = subprocess.run(["setpriv", f"--bounding-set={powers}", program("pantau"), "backup",
                               file, "--to-key", kept.public, "--state", kept.state, "--config",
                               kept.config], capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        assert status == 0 or "run it as root" in done.stderr, done.stderr
        assert file.exists() == (status == 0)
    assert restore(kept, file, "--key", kept.private,
                   state=tmp_path / "anew").returncode == 0
    assert (tmp_path / "anew" / "ca" / "ca.key").stat().st_uid == 65534


def test_a_part_that_would_leave_the_folder(kept, tmp_path):
    """Anybody may seal to a public key: names are not believed."""
    done = subprocess.run([SANITIZED / "tests" / "unit" / "backup" / "seal-strange", kept.folder,
                           kept.public], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    strange = sorted(kept.folder.glob("strange-*"))
    assert len(strange) >= 6
    for file in strange:
        done = restore(kept, file, "--key", kept.private)
        assert done.returncode == 1, f"{file.name}: {done.stdout}"
        assert "no part that a backup has" in done.stderr or "without a manifest" in \
            done.stderr or "manifest" in done.stderr, f"{file.name}: {done.stderr}"
    assert not (tmp_path / "outside").exists() and not (kept.folder / "outside").exists()
