# SPDX-License-Identifier: Apache-2.0
"""Random months counted by the programs' own code and by tests/system/independent_sla.py, which was
written from the rules alone. Every figure must agree to the second and to the rupiah.

    second_count.py COUNT_WORLDS [WORLDS] [FIRST_SEED]

10,000 worlds (each a month of a desa with one to three links) take about four minutes:

    tests/unit/ledger/second_count.py build-test/tests/unit/ledger/count_worlds 10000
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from support.worlds import world_json, world_of  # noqa: E402
from system.independent_desa import desa_row  # noqa: E402
from system.independent_sla import rows_of  # noqa: E402

WORLDS = 300
LONG_WORLDS = 10000
PORTION = 50  # worlds that one worker counts at a time
COMPARED = ("segment_start", "segment_end", "s", "e", "u", "d", "n", "a_low", "verdict",
            "high_loss_intervals", "outages", "longest_s", "causes")


def differ_in_row(row, wanted):
    for key in COMPARED:
        if row[key] != wanted[key]:
            return f"{key}: {row[key]}, expected {wanted[key]}"
    for key in ("restitution_low", "restitution_high"):
        if str(row.get(key, "")) != wanted[key]:
            return f"{key}: {row.get(key)}, expected {wanted[key]}"
    return None


def differ_in_link(rows, wanted):
    if len(rows) != len(wanted):
        return f"{len(rows)} rows, {len(wanted)} expected"
    return next((f"row {number}: {words}" for number, (row, own) in enumerate(zip(rows, wanted), 1)
                 if (words := differ_in_row(row, own))), None)


def differ(counted, world):
    """None, or what differs first."""
    for number, (rows, case) in enumerate(zip(counted["links"], world.cases, strict=True), 1):
        if words := differ_in_link(rows, rows_of(case)):
            return f"link {number}, {words}"
    desa = desa_row(world.cases) or dict.fromkeys(counted["desa"], 0)
    return None if counted["desa"] == desa else f"desa {counted['desa']}, expected {desa}"


def count(program, seeds):
    """([(seed, what differs)], rows compared)"""
    worlds = [world_of(seed) for seed in seeds]
    lines = "".join(json.dumps(world_json(world)) + "\n" for world in worlds)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    counted = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = [(world.seed, words) for world, one in zip(worlds, counted, strict=True)
             if (words := differ(one, world))]
    return wrong, sum(len(rows) for one in counted for rows in one["links"])


def main(program, worlds=0, first=1):
    worlds = int(worlds) or (LONG_WORLDS if os.environ.get("PANTAU_LONG") else WORLDS)
    first, began, wrong, rows = int(first), time.monotonic(), 0, 0
    portions = [range(at, min(at + PORTION, first + worlds))
                for at in range(first, first + worlds, PORTION)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found, compared in pool.map(count, [program] * len(portions), portions):
            for seed, words in found:
                print(f"world of seed {seed}: {words} (alone: second_count.py PROGRAM 1 {seed})")
            wrong, rows = wrong + len(found), rows + compared
    print(f"{worlds} random months of a desa, {rows} rows of contracts, {wrong} differ"
          f" ({time.monotonic() - began:.0f} s)")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
