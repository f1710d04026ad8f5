# SPDX-License-Identifier: Apache-2.0
"""A collector starts with a gigabyte of records that the ledger has not read: when an agent's first
report is acknowledged, and what memory ingest and ledger take while the backlog is worked off,
beside a start of the same collector with nothing to do. (Fluent Bit, which the same was asked of,
is not in Debian.)"""

import time

from figures import bytes_of, cpu_s, peak_kib, say
from ledger import Province
from support import records
from support.reporter import Lost, Reporter

LINKS, DAYS = 1038, 3
BOOT = b"R" * 16
LOOK_S = 0.2
LOOK_LONG_S = 120  # at most: its memory is what it is long before
MIB = 1024


def first_ack_s(server, issued, began):
    """From the start of the process: an agent tries as soon as it is let in."""
    record = records.SlotFactory().record(BOOT, 60000000, 60, 6, 6, 0)
    while True:
        try:
            with Reporter(server, issued) as reporter:
                reporter.hello((1, 1, 1, 1))
                reporter.report(1, [(1, record)])
                reporter.await_ack(1, 1)
                return time.monotonic() - began
        except (Lost, OSError):
            time.sleep(0.01)


def start(server, issued):
    """Both processes, and when the first report was safe."""
    began = time.monotonic()
    server.launch("ingest")
    server.launch("ledger")
    waited = first_ack_s(server, issued, began)
    return waited, {name: server.parts[name].pid for name in ("ingest", "ledger")}


def peaks(server, pids, busy):
    end = time.monotonic() + LOOK_LONG_S
    while busy() and time.monotonic() < end:
        assert all(server.parts[name].alive() for name in pids)
        time.sleep(LOOK_S)
    return {name: peak_kib(pid) for name, pid in pids.items()}


def prepare(folder, batch_mib):
    """An invented province that agents can report to, and one agent of it."""
    province = Province(folder, LINKS, "--days", DAYS)
    server = province.server
    server.configure({"ledger": {"batch_mib": batch_mib}})
    if not (server.state / "ca").exists():
        server.pantau("init")
    return province, server.issue(1, f"agent{time.monotonic_ns()}")


def bench_restart(folder, options):
    for batch_mib in (64, 1):
        measure(folder / f"restart{batch_mib}", batch_mib)


def measure(folder, batch_mib):
    province, issued = prepare(folder, batch_mib)
    server, journal, aside = province.server, province.state / "journal", folder / "aside"
    try:
        journal.rename(aside)
        journal.mkdir()
        start(server, issued)
        time.sleep(3)
        empty = {name: peak_kib(server.parts[name].pid) for name in ("ingest", "ledger")}
        server.stop()
        for path in province.state.glob("ledger.db*"):
            path.unlink()
        for path in journal.iterdir():
            path.unlink()
        for path in aside.iterdir():
            path.rename(journal / path.name)
        size = bytes_of(province.state, "journal/*") / 2**30
        waited, pids = start(server, issued)
        end = int(province.facts["end"].split()[0])
        full = peaks(server, pids, lambda: read_to(journal) < end)
        say(f"start with {size:.1f} GiB unread,"
            f" batch_mib = {batch_mib}: first ack after, s", round(waited, 2))
        for name in pids:
            say(f"  {name}: memory, empty / with it, MiB",
                f"{empty[name] / MIB:.1f} / {full[name] / MIB:.1f}"
                f" (+{(full[name] - empty[name]) / MIB:.1f})")
        taken = server.status_of("ledger").get("slots", 0)
        say("  ledger: slots a second of its CPU", round(taken / cpu_s(pids["ledger"])))
    finally:
        province.close()


def read_to(journal):
    """The segment that the ledger is in."""
    cursor = journal / "ledger.cursor"
    return int(cursor.read_text().split()[0]) if cursor.exists() else 0
