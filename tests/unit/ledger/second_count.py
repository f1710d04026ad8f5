# SPDX-License-Identifier: Apache-2.0
"""Random months counted by the programs' own code and by tests/system/independent_sla.py, which was
written from the rules alone. Every figure must agree to the second and to the rupiah.

    second_count.py COUNT_MONTHS [MONTHS] [FIRST_SEED]
"""

import json
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from support import vectors  # noqa: E402
from system.independent_sla import month_of, rows_of  # noqa: E402

FORMULAS = ("prorata", "prorata-sla", "excess", "shortfall", "bands")
CAUSES = ("local", "cpe", "access", "provider", "upstream")
PERIODS = ("2026-01", "2026-02", "2026-04", "2028-02", "2026-12")
COMPARED = ("segment_start", "segment_end", "s", "e", "u", "d", "n", "a_low", "verdict",
            "high_loss_intervals", "outages", "longest_s")


def terms(dice):
    return {"target_ppm": dice.choice((900000, 990000, 995000, 999000, 1000000)),
            "loss_threshold_pct": dice.choice((0, 30, 50, 50, 99)),
            "window_s": dice.choice((1, 60, 300, 300, 301, 900)),
            "notice_s": dice.choice((0, 3600, 86400)), "power": dice.choice(("unknown", "exclude")),
            "uncharged": dice.choice(([], ["local"], ["local"], ["local", "cpe"])),
            "fee": dice.randrange(1, 5000000), "formula": dice.choice(FORMULAS),
            "bands": [{"below_ppm": 999000, "pct": 10}, {"below_ppm": 950000, "pct": 50}]}


def contracts(dice, begin, end):
    cut = dice.randrange(begin, end)
    if dice.random() < 0.5:
        return [{"id": "k1", "from": begin - dice.randrange(0, 9000), "to": None, **terms(dice)}]
    gap = dice.choice((0, 0, 5000))
    return [{"id": "k1", "from": begin - 9000, "to": cut, **terms(dice)},
            {"id": "k2", "from": cut + gap, "to": None, **terms(dice)}]


def slots(dice, at, end):
    """Rows and power gaps from a walk along the month: good stretches, troubles, holes."""
    rows, gaps = [], []
    while at < end:
        length = dice.choice((60, 60, 60, 10, 1, 37))
        count = dice.choice((1, 2, 4, 5, 6, 30, 300))
        made = max(1, length // 10)
        what = dice.random()
        if what < 0.5:
            rows.append([at, length, count, made, 0])
        elif what < 0.75:
            lost = dice.randrange(0, made + 1)
            rows.append([at, length, count, made, lost, dice.choice(CAUSES)])
        elif what < 0.8:
            rows.append([at, length, count, dice.randrange(0, made // 2 + 1), 0])
        else:
            hole = dice.choice((1, 2, 3, 60, 119, 120, 121, 299, 300, 301, 7200, 90000))
            if dice.random() < 0.4:
                gaps.append([at, at + hole])
            at += hole
            continue
        at += length * count
    return rows, gaps


def exclusions(dice, begin, end):
    for _ in range(dice.choice((0, 0, 1, 2, 4))):
        start = dice.randrange(begin - 5000, end)
        yield {"reason": dice.choice(("maintenance", "force-majeure", "power", "customer")),
               "from": start, "to": start + dice.choice((60, 4000, 100000, 3000000)),
               "entered": start - dice.choice((-3000, 3000, 86400, 200000)),
               "revoked": dice.random() < 0.1}


def invent(seed):
    dice = random.Random(seed)
    case = {"period": dice.choice(PERIODS),
            "zone_offset_s": dice.choice((25200, 28800, 32400))}
    begin, end = month_of(vectors.case_of({**case, "contracts": [], "slots": []}))
    case["contracts"] = contracts(dice, begin, end)
    case["slots"], case["power_gaps"] = slots(dice, begin - dice.randrange(0, 20000), end + 4000)
    case["exclusions"] = list(exclusions(dice, begin, end))
    if dice.random() < 0.2:
        case["as_of"] = dice.randrange(begin, end)
    return case


def same(ours, own):
    """None, or what differs first."""
    if len(ours) != len(own):
        return f"{len(ours)} rows, {len(own)} expected"
    for row, wanted in zip(ours, own):
        for key in COMPARED:
            if row[key] != wanted[key]:
                return f"{key}: {row[key]}, expected {wanted[key]}"
        for key in ("restitution_low", "restitution_high"):
            if str(row.get(key, "")) != wanted[key]:
                return f"{key}: {row.get(key)}, expected {wanted[key]}"
    return None


def main(program, months=100, first=1):
    seeds = range(int(first), int(first) + int(months))
    cases = [invent(seed) for seed in seeds]
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    counted = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    wrong = 0
    for seed, case, line in zip(seeds, cases, counted.stdout.splitlines(), strict=True):
        difference = same(json.loads(line), rows_of(vectors.case_of(case)))
        if difference:
            wrong += 1
            print(f"month of seed {seed}: {difference} (alone: second_count.py PROGRAM 1 {seed})")
    print(f"{len(cases)} random months, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
