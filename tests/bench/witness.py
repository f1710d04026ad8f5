# SPDX-License-Identifier: Apache-2.0
"""How exactly the agent sees: round trips beside `ping` and `fping`, one question of each in turn
through the lab's link, in peace and with every core overloaded; lost questions beside theirs; and
outages against what the link really did."""

import math
import os
import re
import statistics
import subprocess
import sys
import time

from figures import say
from support import lab as labs
from support.lab import Lab
from support.outages import break_link, judge
from support.programs import RELEASE, inside, program
from support.site import Site

TIMES = 300
LOSS_PERCENT = 10
BUSY = "while True: pass"


def asked(lab, *command):
    return subprocess.run(inside(lab.router, *command), capture_output=True, text=True,
                          timeout=30).stdout


def microseconds(pattern, text):
    """None: lost."""
    found = re.search(pattern, text)
    return float(found[1]) * 1000 if found else None


def ask_by_turns(lab, times):
    """{name: [microseconds, None for a lost one]}"""
    target, agent = labs.TARGETS[0], program("pantau-agent", RELEASE)
    ways = {
        "agent": lambda: microseconds(r"after ([\d.]+) ms", asked(lab, agent, "probe", "icmp",
                                                                   target)),
        "ping": lambda: microseconds(r"time=([\d.]+) ms",
                                     asked(lab, "ping", "-n", "-c", 1, "-s", 16, "-W", 3, target)),
        "fping": lambda: microseconds(r" ([\d.]+) ms", asked(lab, "fping", "-C", 1, "-t", 3000,
                                                              target)),
    }
    found = {name: [] for name in ways}
    for _ in range(times):
        for name, ask in ways.items():
            found[name].append(ask())
    return found


def spread_us(values):
    """The median, and how far off it may be: two standard errors."""
    quarter = statistics.quantiles(values, n=4)
    error = 2 * 1.2533 * (quarter[2] - quarter[0]) / 1.349 / math.sqrt(len(values))
    return f"{statistics.median(values):.0f} +- {error:.0f}"


def say_times(what, found):
    answered = {name: [value for value in values if value is not None]
                for name, values in found.items()}
    for name, values in answered.items():
        say(f"RTT, {what}: {name}, median of {len(values)}, us", spread_us(values))
    for peer in ("ping", "fping"):
        say(f"RTT, {what}: agent less {peer}, medians, us (wanted: 20)",
            round(statistics.median(answered["agent"]) - statistics.median(answered[peer])))


def bench_rtt(folder):
    lab, busy = Lab(folder / "rtt"), []
    try:
        lab.link.say("delay 4ms")
        say_times("quiet", ask_by_turns(lab, TIMES))
        busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(2 * os.cpu_count())]
        say_times("every core overloaded", ask_by_turns(lab, TIMES))
        for one in busy:
            one.kill()
        lab.link.say(f"loss {LOSS_PERCENT}%")
        found = ask_by_turns(lab, TIMES // 2)
        each = 1 - (1 - LOSS_PERCENT / 100) ** 2  # there and back
        error = 2 * math.sqrt(each * (1 - each) / (TIMES // 2))
        for name, values in found.items():
            say(f"loss, {name}, % ({100 * each:.0f} +- {100 * error:.0f} are to be)",
                f"{100 * values.count(None) / len(values):.1f}")
    finally:
        for one in busy:
            one.kill()
            one.wait()
        lab.close()


def bench_outages(folder, tens=40, thirties=15):
    site = Site(folder / "outages", round_s=10)
    try:
        site.lab.link.say("delay 10ms")
        site.wait_until_measured(site.good_for(25))
        outages = break_link(site, tens, thirties)
        site.wait_until_measured(site.good_for(25))
        judge(site, outages)
        short = [outage for outage in outages if outage.planned_s == 10]
        long = [outage for outage in outages if outage.planned_s == 30]
        say("outages of 10 s: seen as a lost scheduled question",
            f"{sum(one.lost_probe for one in short)} of {len(short)}")
        say("outages of 30 s: seen as a lost round",
            f"{sum(one.lost_round for one in long)} of {len(long)}")
        for name in ("first_lost", "first_answered"):
            values = [getattr(one, name + "_off_s") for one in long]
            values = sorted(value for value in values if value is not None)
            say(f"outages of 30 s: {name} after the truth, s (wanted: within 10)",
                f"median {statistics.median(values):.1f}, {values[0]:.1f} to {values[-1]:.1f}, "
                f"of {len(values)}")
    finally:
        site.close()


def bench_witness(folder):
    bench_rtt(folder)
    time.sleep(1)
    bench_outages(folder)
