# SPDX-License-Identifier: Apache-2.0
"""A link breaks, and the power goes before the slot is over: what nobody else knew is told at the
next start."""

import shutil
import time

import pytest

from support.programs import LONG, wait_for
from support.site import Site

SLOT_S, ROUND_S = 30, 2
KNOWN_S = 9 + ROUND_S  # until a lost round is over
WRITTEN_S = 5


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path / "site", round_s=ROUND_S, more={"agent": {"slot_s": SLOT_S}})
    yield made
    made.close()


def wait_for_second(first, last):
    """Of the slot that runs: slots begin at multiples of their length since the boot."""
    wait_for(lambda: first <= time.clock_gettime(time.CLOCK_BOOTTIME) % SLOT_S < last,
             f"second {first} of a slot", timeout_s=SLOT_S + 1, every_s=0.02)


def cut_power(site):
    site.agent.kill()
    shutil.rmtree(site.folder / "run")


@pytest.mark.parametrize("is_finished", [False] + [True] * LONG)
def test_turn_outlives_a_power_cut(site, is_finished):
    wait_for(site.slots, "a slot", timeout_s=2 * SLOT_S + 15)
    wait_for_second(3, 5)
    broken_us = site.lab.link.say("cut")
    time.sleep(KNOWN_S + WRITTEN_S)
    if is_finished:
        site.wait_until_measured(broken_us + SLOT_S * 1000000)
    before = site.slots()
    cut_power(site)
    site.start_agent()
    wait_for(lambda: len(site.slots()) > len(before), "the slot that was cut", timeout_s=20)
    runs = {slot.run for slot in before}
    cut = next(slot for slot in site.slots() if slot.run == max(runs) + 1)
    assert cut.sequence == 1 and cut.lost > 0
    assert ROUND_S < cut.to_s - broken_us / 1e6 < KNOWN_S + WRITTEN_S + 1
    same = [slot for slot in before if slot.slot.start_us == cut.slot.start_us]
    assert len(same) == is_finished
    assert site.figures(int(time.time()))["n_disputed"] == "0"
