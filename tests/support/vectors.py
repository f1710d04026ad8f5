# SPDX-License-Identifier: Apache-2.0
"""The worked months of tests/data/vectors as cases for independent_sla."""

import json
from pathlib import Path

from system.independent_sla import FOREVER, Case, Contract, Exclusion, Slot, Terms

FOLDER = Path(__file__).resolve().parent.parent / "data" / "vectors"


def names():
    return sorted(path.name for path in FOLDER.glob("*.json"))


def load(name):
    """(the case as written, what is expected of each contract)."""
    document = json.loads((FOLDER / name).read_text())
    return document["case"], document["expect"]


def slots_of(case):
    for start, length, count, made, lost, *cause in case["slots"]:
        for number in range(count):
            begin = start + number * length
            yield Slot(begin, begin + length, length // 10, made, lost, cause[0] if cause else "")


def terms_of(contract):
    given = {key: contract[key] for key in ("loss_threshold_pct", "window_s", "notice_s", "power",
                                            "bridge_s") if key in contract}
    if "uncharged" in contract:
        given["uncharged"] = tuple(contract["uncharged"])
    bands = tuple((band["below_ppm"], band["pct"]) for band in contract.get("bands", ()))
    return Terms(contract["target_ppm"], contract["fee"], contract["formula"], bands=bands, **given)


def case_of(case):
    return Case(
        period=case["period"], zone_offset_s=case["zone_offset_s"],
        contracts=[Contract(c["from"], c["to"] or FOREVER, terms_of(c)) for c in case["contracts"]],
        slots=list(slots_of(case)),
        exclusions=[Exclusion(e["reason"], e["from"], e["to"], e["entered"],
                              bool(e.get("revoked"))) for e in case.get("exclusions", ())],
        power_gaps=[tuple(gap) for gap in case.get("power_gaps", ())],
        as_of=case.get("as_of") or FOREVER)
