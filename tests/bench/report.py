# SPDX-License-Identifier: Apache-2.0
"""The officer's report of as many links as the province has, all in one kabupaten, of a month that
is over: the question alone, then each file. Whole commands; and what the page asks beside it."""

import sqlite3
import subprocess

from figures import run_often, say, spread
from ledger import MONTH, taken_province

AS_OF = "2026-05-10"
KABUPATEN = "64.08"
TIMES = 5


def gather_in_one_kabupaten(province):
    """The codes of the desa alone are others then: what was measured stays."""
    with sqlite3.connect(province.state / "registry.db") as db:
        db.execute("PRAGMA foreign_keys = OFF")
        links = db.execute("SELECT id, desa FROM link ORDER BY id").fetchall()
        if all(desa.startswith(KABUPATEN) for _, desa in links):
            return
        db.execute("INSERT OR IGNORE INTO region VALUES (?, '64', 2, 'Kabupaten Uji')",
                   (KABUPATEN,))
        for link, _ in links:
            kecamatan = f"{KABUPATEN}.{link % 20 + 1:02}"
            desa = f"{kecamatan}.{2000 + link}"
            db.execute("INSERT OR IGNORE INTO region VALUES (?, ?, 3, ?)",
                       (kecamatan, KABUPATEN, f"Kecamatan {link % 20 + 1}"))
            db.execute("INSERT OR IGNORE INTO region VALUES (?, ?, 4, ?)",
                       (desa, kecamatan, f"Desa Uji {link}"))
            db.execute("UPDATE link SET desa = ? WHERE id = ?", (desa, link))


def pages_of(path):
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return next(line.split()[1] for line in told.splitlines() if line.startswith("Pages"))


def bench_report(folder, options):
    province = taken_province(folder, options.links)
    try:
        gather_in_one_kabupaten(province)
        for form in ("csv", "xlsx", "pdf"):
            path = folder / f"report.{form}"
            words = ("report", "--month", MONTH, "--kabupaten", KABUPATEN, "--format", form,
                     "--as-of", AS_OF, "-o", path)
            runs = run_often(province.command(*words), TIMES)
            more = f", {pages_of(path)} pages" if form == "pdf" else ""
            say(f"report of {options.links} links, {form}{more}, s of CPU",
                spread([one.cpu_s for one in runs], 2))
            say("  the whole command, s", spread([one.seconds for one in runs], 2))
    finally:
        province.close()
