#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The invented part of the demonstration: who serves which desa of East Kalimantan, how, for how
much. The desa are real (province/, see its NOTICE); providers, contracts and agents are not.

    province.py FOLDER FROM           writes links.csv and contracts.csv into the folder;
                                      contracts begin at FROM (seconds since 1970)
    province.py --agents TABLE OUT    the table of agents, as `pantau agent issue --every-link`
                                      prints it, with what else pantau-swarm may know; prints
                                      the folders of agents that are not installed yet

The same desa always gets the same: everything follows from a hash of its code.
"""

import csv
import hashlib
import math
import sys
from pathlib import Path

REGIONS = Path(__file__).parent / "province"

# Where each kabupaten or kota lies, and how far it reaches, in degrees: no more than a map needs to
# tell them apart. Where a desa lies within is drawn, not measured.
CENTRES = {
    "64.01": (-1.75, 116.10, 0.45), "64.02": (-0.15, 116.55, 0.60), "64.03": (2.00, 117.20, 0.60),
    "64.07": (-0.40, 115.75, 0.45), "64.08": (1.00, 117.20, 0.65), "64.09": (-1.20, 116.60, 0.22),
    "64.11": (0.75, 114.80, 0.50), "64.71": (-1.22, 116.87, 0.06), "64.72": (-0.50, 117.14, 0.08),
    "64.74": (0.13, 117.46, 0.04),
}

# Of 100 desa: so many by each kind of link.
MIXES = {
    "64.71": {"fibre": 92, "4g": 8}, "64.72": {"fibre": 90, "4g": 10},
    "64.74": {"fibre": 88, "4g": 12},
    "64.02": {"fibre": 44, "4g": 34, "wireless": 8, "starlink": 9, "vsat": 5},
    "64.01": {"fibre": 38, "4g": 38, "wireless": 8, "starlink": 10, "vsat": 6},
    "64.09": {"fibre": 60, "4g": 30, "wireless": 6, "starlink": 4},
    "64.03": {"fibre": 26, "4g": 34, "wireless": 6, "starlink": 20, "vsat": 14},
    "64.08": {"fibre": 28, "4g": 34, "wireless": 6, "starlink": 20, "vsat": 12},
    "64.07": {"fibre": 10, "4g": 34, "wireless": 4, "starlink": 32, "vsat": 20},
    "64.11": {"4g": 8, "starlink": 52, "vsat": 40},
}

# Invented, by animals and trees of the island. With the share that each has of its kind.
PROVIDERS = {
    "fibre": [("Penyedia Enggang", 55), ("Penyedia Pesut", 45)],
    "4g": [("Penyedia Ulin", 60), ("Penyedia Meranti", 40)],
    "wireless": [("Penyedia Pesut", 60), ("Penyedia Bekantan", 40)],
    "vsat": [("Penyedia Bekantan", 70), ("Penyedia Tarsius", 30)],
    "starlink": [("Penyedia Anggrek", 100)],
}

TERMS = {  # mbps-down, mbps-up, fee, target, formula, band
    "fibre": (50, 20, 1_850_000, "99.5", "excess", ""),
    "4g": (20, 5, 1_100_000, "98", "bands", "98:10;95:25;90:50"),
    "wireless": (20, 10, 1_600_000, "98.5", "shortfall", ""),
    "vsat": (10, 2, 6_500_000, "95", "prorata-sla", ""),
    "starlink": (50, 10, 2_900_000, "98", "bands", "98:10;95:25"),
}
NO_MAINS = {"64.11": 60, "64.07": 12, "64.08": 8, "64.03": 8, "64.02": 3}  # of 100
NOT_INSTALLED_OF = 150  # one of so many has no agent yet


def draw(code, what):
    """[0, 1), always the same for the same."""
    return int.from_bytes(hashlib.sha256(f"{what} {code}".encode()).digest()[:8], "big") / 2**64


def pick(shares, share):
    share *= sum(weight for _, weight in shares)
    for name, weight in shares:
        share -= weight
        if share < 0:
            return name
    return shares[-1][0]


def place(code):
    """Somewhere in its kabupaten, beside the others of its kecamatan."""
    lat, lon, reach = CENTRES[code[:5]]
    for part, size in ((code[:8], 0.85), (code, 0.18)):
        angle, far = 2 * math.pi * draw(part, "angle"), math.sqrt(draw(part, "far"))
        lat += reach * size * far * math.sin(angle)
        lon += reach * size * far * math.cos(angle)
    return f"{lat:.5f}", f"{lon:.5f}"


def desa():
    with open(REGIONS / "villages.csv", newline="", encoding="utf-8") as file:
        return [row["code"] for row in csv.DictReader(file)]


def kind_of(code):
    return pick(list(MIXES[code[:5]].items()), draw(code, "kind"))


def write(path, head, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)


def make(folder, begins):
    links, contracts = [], []
    for number, code in enumerate(desa(), 1):
        kind = kind_of(code)
        provider = pick(PROVIDERS[kind], draw(code, "provider"))
        links.append([code, provider, kind, *place(code), "WITA"])
        down, up, fee, target, formula, band = TERMS[kind]
        fee = round(fee * (0.9 + 0.3 * draw(code, "fee")) / 50_000) * 50_000
        contracts.append([number, f"@{begins}", down, up, fee, target, formula, band,
                          "speed=80:80:3", "exclude" if draw(code, "power") < 0.5 else ""])
    write(folder / "links.csv", ["desa", "provider", "kind", "lat", "lon", "zone"], links)
    write(folder / "contracts.csv",
          ["link", "from", "mbps-down", "mbps-up", "fee", "target", "formula", "band", "set",
           "power"], contracts)


def know_more(table, out):
    """Rows of the agents' table, with what else the swarm may know of them."""
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        code, terms = row["desa"], TERMS[row["kind"]]
        mains = draw(code, "mains") * 100 >= NO_MAINS.get(code[:5], 0)
        row |= {"mains": "yes" if mains else "no", "mbps_down": terms[0], "mbps_up": terms[1]}
    write(out, rows[0].keys(), [row.values() for row in rows])
    for row in rows:
        if draw(row["desa"], "installed") * NOT_INSTALLED_OF < 1:
            print(row["folder"])


if __name__ == "__main__":
    if sys.argv[1] == "--agents":
        know_more(sys.argv[2], sys.argv[3])
    else:
        make(Path(sys.argv[1]), int(sys.argv[2]))
