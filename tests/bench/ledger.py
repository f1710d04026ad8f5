# SPDX-License-Identifier: Apache-2.0
"""An invented province, taken by the real ledger process, and asked by the real command line."""

import json
import os
import sqlite3
import subprocess
import time
from pathlib import Path

from figures import bytes_of, cpu_s, forget, peak_kib, run, run_often, say, spread
from support.programs import RELEASE, program, wait_for
from support.server import Server

MONTH, YEAR = "2026-04", "2025-10"  # over, both, when this was written
WORDS = ("sla", "--month", MONTH, "--as-of", "2026-05-10", "--format", "csv")
LOOK_S = 0.5


def generator(build):
    path = build / "tests/bench/invent-month"
    assert path.exists(), (f"{path} is not built: meson setup -Dtests=true -Dbuildtype=release"
                           " BUILD; meson compile -C BUILD; and PANTAU_RELEASE=BUILD")
    return path


def invent(build, *words):
    """What the generator says of itself."""
    done = subprocess.run([generator(build), *map(str, words)], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stderr)


class Province:
    """`folder` is made; what is there from another run is used again."""

    def __init__(self, folder, links, *words, build=RELEASE, month=MONTH):
        self.server, self.links, self.build = Server(folder, build=build), links, build
        self.state, self.note = self.server.state, Path(folder) / "invented.json"
        self.words = ("--links", links, "--month", month, *words)
        if self.note.exists():
            self.facts = json.loads(self.note.read_text())
            return
        self.state.mkdir()
        began = time.monotonic()
        self.facts = invent(build, "--state", self.state, *self.words)
        self.facts["taken"] = None
        self.save()
        say(f"invented {self.facts['slots']} slots of {links} links in, s",
            round(time.monotonic() - began))

    def save(self):
        self.note.write_text(json.dumps(self.facts))

    # ---- the ledger process

    def start(self):
        self.server.start("ledger")
        pid = self.server.parts["ledger"].pid
        os.sched_setaffinity(pid, {0})  # with all its threads
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), {0})
        return pid

    def behind(self, end):
        """By the file that tells ingest: asking the process would cost it time."""
        assert self.server.parts["ledger"].alive(), self.server.log("ledger")[-2000:]
        cursor = self.state / "journal/ledger.cursor"
        return not cursor.exists() or cursor.read_text().strip() != end

    def take(self):
        """The whole journal through the ledger on one core: what it took, and the peaks of its
        memory on the way."""
        began, pid, peaks, end = time.monotonic(), self.start(), [], self.facts["end"]
        while self.behind(end):
            peaks.append((time.monotonic() - began, peak_kib(pid)))
            time.sleep(LOOK_S)
        seconds, used = time.monotonic() - began, cpu_s(pid)
        early = [kib for at, kib in peaks if at <= seconds / 10] or [peak_kib(pid)]
        taken = {"seconds": seconds, "cpu_s": used, "early_kib": early[-1],
                 "peak_kib": peak_kib(pid)}
        self.facts["hot_bytes"] = bytes_of(self.state, "ledger.db*")
        self.rest()
        taken["rest_s"] = time.monotonic() - began - seconds
        taken["rest_cpu_s"] = cpu_s(pid) - used
        taken["rest_kib"] = peak_kib(pid)
        self.server.stop("ledger")
        self.facts["bytes"] = bytes_of(self.state, "ledger.db*")
        self.facts["taken"] = taken
        self.save()

    def changes(self):
        """Of the registry, so far."""
        with sqlite3.connect(f"file:{self.state / 'registry.db'}?mode=ro", uri=True) as db:
            return db.execute("SELECT max(sequence) FROM change").fetchone()[0]

    def waits(self, changes=0):
        """Whether something is still to be followed, derived or summed up."""
        status = self.server.status_of("ledger")
        return (not status or status["registry_sequence"] < changes or status["links_to_derive"]
                or status["links_to_sum_up"])

    def rest(self, quiet_s=3, timeout_s=3600):
        """Until the ledger has packed and summed up what is old, and does nothing more."""
        pid = self.server.parts["ledger"].pid

        def quiet():
            before = cpu_s(pid)
            time.sleep(quiet_s)
            return cpu_s(pid) - before < quiet_s / 20 and not self.waits()
        wait_for(quiet, "the ledger comes to rest", timeout_s)

    # ---- the command line

    def command(self, *words):
        return [program("pantau", self.build), *words, "--state", self.state, "--config",
                self.server.config]

    def ask(self, times, before=lambda: None, words=WORDS):
        return run_often(self.command(*words), times, before)

    def forget(self):
        forget(self.state)

    def close(self):
        self.server.close()


def report_taking(province):
    facts, taken = province.facts, province.facts["taken"]
    say("ledger: slots/s from the journal, one core",
        round(facts["slots"] / taken["seconds"]))
    say("ledger: slots a second of its CPU", round(facts["slots"] / taken["cpu_s"]))
    say("ledger: peak memory at a tenth of the journal / at its end, MiB",
        f"{taken['early_kib'] / 1024:.0f} / {taken['peak_kib'] / 1024:.0f}")
    say("ledger: then packing, s of CPU; peak memory, MiB",
        f"{taken['rest_cpu_s']:.0f}; {taken['rest_kib'] / 1024:.0f}")
    say("ledger: bytes a slot on disk, before / after packing",
        f"{facts['hot_bytes'] / facts['slots']:.1f} / {facts['bytes'] / facts['slots']:.1f}")


def report_asking(province, times=10):
    first = province.ask(1)[0]  # may store what it computed
    warm = province.ask(times)
    assert {one.output for one in warm} == {first.output}, "the same question, another answer"
    assert len(first.output.splitlines()) == province.links + 1
    cold = province.ask(max(times // 3, 1), province.forget)
    slots = f"{province.links} links, {province.facts['slots'] / 1e6:.1f} million slots"
    say(f"pantau sla --month, {slots}: first, ms", round(first.seconds * 1000, 1))
    say("  warm, ms: median (min to max)", spread([one.seconds * 1000 for one in warm]))
    say("  cold, ms: median (min to max)", spread([one.seconds * 1000 for one in cold]))
    say("  peak memory, MiB", round(max(one.peak_kib for one in warm) / 1024, 1))


def taken_province(folder, links):
    """With its month taken, packed and asked; the caller closes it."""
    province = Province(folder / "province", links)
    try:
        if not province.facts["taken"]:
            province.take()
        report_taking(province)
        report_asking(province)
    except BaseException:
        province.close()
        raise
    return province


def bench_ledger(folder, options):
    taken_province(folder, options.links).close()


# ---- a week late, a changed rule

def bench_late(folder, links=20):
    """A week of one link comes when the rest of the month is there."""
    province = Province(folder / "late", links, "--hold", "7")
    try:
        if not province.facts["taken"]:
            province.take()
        words = (*province.words[:-2], "--held", "7")
        facts = invent(province.build, "--state", province.state, *words)
        pid, began = province.start(), time.monotonic()
        wait_for(lambda: not province.behind(facts["end"]) and not province.waits(),
                 "the late week", 600, 0.01)
        say(f"a late week of one link ({facts['slots']} slots): in the ledger after, s of CPU",
            f"{cpu_s(pid):.2f} ({time.monotonic() - began:.2f} s)")
    finally:
        province.close()


def bench_rule(folder, months=12):
    """Another threshold for a year of one link: until every month is answered anew."""
    province = Province(folder / "rule", 1, "--months", months, month=YEAR)
    try:
        if not province.facts["taken"]:
            province.take()
        pid = province.start()
        province.rest()
        before, began = cpu_s(pid), time.monotonic()
        change_threshold(province)
        changed = province.changes()
        at_once = ask_months(province, months)
        wait_for(lambda: not province.waits(changed), "the year is derived anew", 600, 0.02)
        say(f"another threshold for {months} months of a link ({province.facts['slots']} slots): "
            "until all is", "")
        say("  derived anew, s of the ledger's CPU / s (questions beside it)",
            f"{cpu_s(pid) - before:.2f} / {time.monotonic() - began:.2f}")
        say("  a month asked before that, ms: median (min to max)",
            spread([one * 1000 for one in at_once]))
        say("  a month asked after that, ms: median (min to max)",
            spread([one * 1000 for one in ask_months(province, months)]))
    finally:
        province.close()


def change_threshold(province):
    """The year's contract is ended where it begins, and another one put in its place."""
    listed = json.loads(run(province.command("contract", "list", "--link", "1", "--json")).output)
    number = listed[-1].get("contract", listed[-1].get("id"))
    words = ("--link", "1", "--from", f"{YEAR}-01", "--mbps-down", "20", "--mbps-up", "5",
             "--fee", "1200000", "--target", "99.5", "--formula", "excess", "--loss-threshold",
             "20")
    run(province.command("contract", "end", str(number), "--to", f"{YEAR}-01"))
    run(province.command("contract", "add", *words))


def ask_months(province, months):
    times = []
    for number in range(months):
        year, month = divmod(9 + number, 12)
        words = ("sla", "--month", f"{2025 + year}-{month + 1:02}", "--as-of", "2026-11-01",
                 "--format", "csv")
        times.append(province.ask(1, words=words)[0].seconds)
    return times
