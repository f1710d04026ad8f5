# SPDX-License-Identifier: Apache-2.0
"""What a village costs its router's flash and RAM: days and weeks through the agent's spool."""

from figures import run, say
from support.programs import RELEASE

SMALL, LARGE = 2 * 1024 * 1024, 64 * 1024 * 1024

LINES = (
    ("healthy_day", "a day, all acknowledged"),
    ("offline_day", "a day without the collector"),
    ("flapping_day", "the same, and the link flaps every 20 s"),
)


def figures_of(*words):
    path = RELEASE / "tests/bench/spool-figures"
    assert path.exists(), f"{path} is not built"
    lines = run([path, *words]).output.decode().split("\n")
    return {line.split()[0]: float(line.split()[1]) for line in lines if line}


def bench_spool(folder):
    lived = folder / "spool"
    lived.mkdir()
    found = figures_of(lived)
    for name, words in LINES:
        three = (found[f"{name}_{what}"] for what in ("bytes", "page_bytes", "syncs"))
        say(f"spool: {words}: bytes to flash / in whole pages / syncs",
            " / ".join(f"{figure:,.0f}" for figure in three))
    say("spool: a week offline, one day of it down: bytes a slot, all records in it",
        found["week_slot_bytes"])
    say("spool: days of it in 2 MB", found["week_days_in_2mb"])
    say("spool: a week offline and down: bytes a slot / days in 2 MB",
        f"{found['down_week_slot_bytes']} / {found['down_week_days_in_2mb']}")
    small, large = (figures_of(lived / name, limit)
                    for name, limit in (("small", SMALL), ("large", LARGE)))
    say(f"spool: peak memory of a start, KiB, with {small['bytes']:,.0f} bytes / "
        f"{large['bytes']:,.0f} bytes", f"{small['peak_kib']:.0f} / {large['peak_kib']:.0f}")
