#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a state folder with programs of an earlier revision, and what they say of it: for
tests/system/test_old_files.py.

    git clone . /tmp/old && cd /tmp/old && git checkout REVISION
    meson setup build-old -Dweb=false -Dagent=false && ninja -C build-old
    python3 tests/data/old/make.py /tmp/old/build-old tests/data/old/NAME
"""

import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from support import records  # noqa: E402
from support.enter import wait_in_ledger  # noqa: E402
from support.programs import wait_for  # noqa: E402
from support.reporter import Reporter  # noqa: E402
from support.server import DESA, REGIONS, Server  # noqa: E402

BOOT = b"O" * 16
DAY_S, SLOTS = 86400, 1440
BEGINS_S = 1767369600  # 2026-01-02T16:00:00Z: midnight in East Kalimantan
OUTAGE, SLOW, HOLE = range(400, 460), range(700, 704), range(1000, 1100)
QUESTIONS = {
    "sla": ("sla", "--month", "2026-01", "--as-of", "2026-01-20"),
    "outages": ("outages", "--month", "2026-01", "--as-of", "2026-01-20"),
    "providers": ("sla", "--month", "2026-01", "--as-of", "2026-01-20", "--by", "provider"),
}


def regions(folder):
    """The rows of one desa and of what it lies in."""
    parts = DESA.split(".")
    codes = {".".join(parts[:n]) for n in range(1, 5)}
    for path in REGIONS:
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines[1:] if line.split(",")[0].strip('"') in codes]
        (folder / path.name).write_text("\n".join([lines[0], *kept]) + "\n", encoding="utf-8")
    return sorted(folder.glob("*.csv"))


def slot(factory, number):
    lost = 6 if number in OUTAGE else 3 if number in SLOW else 0
    return factory.record(BOOT, number * 60000000, 60, 6, 6, lost, "provider" if lost else "")


def report(server, issued):
    factory = records.SlotFactory()
    told = [records.start(BOOT, 0, 7), records.anchor(BOOT, 0, BEGINS_S * 1000000)]
    told += [slot(factory, number) for number in range(SLOTS) if number not in HOLE]
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 7, 1, len(told)))
        assert reporter.deliver(1, list(enumerate(told, 1))) == {}
    wait_in_ledger(server, issued.agent, len(told))


def fill(server, folder):
    words = ("--no-admin",) if "--no-admin" in server.pantau("init", "--help") else ()
    server.pantau("init", *words)
    server.pantau("region", "import", *regions(folder))
    links = [server.add_link(), server.add_link(provider="Penyedia Dua", kind="vsat")]
    for link in links:
        server.add_contract(link)
    server.start("ingest", "ledger")
    for link in links:
        report(server, server.issue(link, f"agent{link}"))
    server.pantau("exclusion", "add", "--link", links[1], "--reason", "force-majeure", "--from",
                  "2026-01-03T01:00:00Z", "--to", "2026-01-03T03:00:00Z", "--by", "Petugas",
                  "--note", "banjir", "--second", "Pejabat", "--document", HERE / "make.py")
    wait_for(lambda: server.status_of("ledger")["links_to_derive"] == 0, "all is derived")
    server.stop()


def main(build, target):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        server = Server(folder / "server", build=Path(build))
        try:
            fill(server, folder)
            target.mkdir(exist_ok=True)
            for name, question in QUESTIONS.items():
                (target / f"{name}.csv").write_text(server.pantau(*question, "--format", "csv"))
        finally:
            server.close()
        for path in ("ca", "tls"):
            shutil.rmtree(server.state / path)
        with tarfile.open(target / "state.tar.xz", "w:xz") as archive:
            for path in sorted(server.state.iterdir()):
                if not path.is_socket() and path.suffix != ".key" and "-shm" not in path.name:
                    archive.add(path, path.name)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
