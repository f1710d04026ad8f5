# SPDX-License-Identifier: Apache-2.0
"""The whole country's month out of a province's: 83,762 links. Their 3.6 billion slots fit on no
machine here, so the slots stay those of the province: what is multiplied are the registry's links
with their contracts, and the rows that the ledger derived of each link. The question reads no
others."""

import shutil
import sqlite3

from figures import say
from ledger import Province, report_asking, taken_province

COUNTRY = 83762
SLOTS = ("page", "slot_hot", "piece", "outbox")  # by link or not: facts and messages stay


def columns_of(db, table):
    """Its columns, and the one that numbers its rows by itself, or None."""
    rows = db.execute(f"PRAGMA table_info({table})").fetchall()
    keys = [(row[1], row[2]) for row in rows if row[5]]
    return [row[1] for row in rows], keys[0][0] if [key[1] for key in keys] == ["INTEGER"] else None


def tables_of(db):
    return [name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def multiply_table(db, table, shifts):
    """Each row again for every copy, with the numbers in `shifts` (column -> how many there are)
    moved on; other numbers of rows are given anew."""
    names, number = columns_of(db, table)
    if number and number not in shifts:
        names.remove(number)
    values = [f"{name} + copy * {shifts[name]}" if name in shifts else name for name in names]
    db.execute(f"INSERT INTO {table}({','.join(names)}) SELECT {','.join(values)} FROM {table}"
               " CROSS JOIN copies")


def multiply_exclusions(db, links):
    """Those of single links, which name them in words."""
    names, number = columns_of(db, "exclusion")
    names.remove(number)
    values = [f"value + copy * {links}" if name == "value" else name for name in names]
    db.execute(f"INSERT INTO exclusion({','.join(names)}) SELECT {','.join(values)} FROM exclusion"
               " CROSS JOIN copies WHERE scope = 'link'")


def multiply(path, shifts, key, copies, skip):
    """All tables of the database that speak of a link."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("CREATE TEMP TABLE copies(copy INTEGER)")
    db.executemany("INSERT INTO copies VALUES (?)", [(copy,) for copy in range(1, copies)])
    for table in tables_of(db):
        own = dict(key.get(table, {}))
        own.update({name: shifts[name] for name in columns_of(db, table)[0] if name in shifts})
        if own and table not in skip:
            multiply_table(db, table, own)
        if table == "exclusion":
            multiply_exclusions(db, shifts["link"])
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def count(path, table):
    db = sqlite3.connect(path)
    rows = db.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
    db.close()
    return rows


def bench_country(folder, options):
    source = taken_province(folder, options.links)
    source.close()
    target = folder / "country"
    shutil.rmtree(target, ignore_errors=True)
    (target / "state").mkdir(parents=True)
    for name in ("registry.db", "ledger.db"):
        shutil.copy(source.state / name, target / "state" / name)
    copies = COUNTRY // options.links
    registry = target / "state/registry.db"
    shifts = {"link": options.links, "contract": count(registry, "contract")}
    keys = {"link": {"id": options.links}, "contract": {"id": shifts["contract"]}}
    # the registry's other rows of a link (who measures it, what was decided) stay single
    multiply(registry, {"link": options.links}, keys, copies, skip=("binding", "change"))
    multiply(target / "state/ledger.db", shifts, {}, copies, skip=SLOTS)
    say("derived rows of a province, so many times", copies)
    shutil.copy(source.note, target / source.note.name)
    province = Province(target, options.links * copies)
    try:
        report_asking(province, 3)
    finally:
        province.close()
