# SPDX-License-Identifier: Apache-2.0
"""A real agent, configured by a real collector: it shows in the records without a hole, it is
refused with words, it is given up when it costs the agent the collector."""

import json
import os
import signal

import pytest

from support.programs import wait_for
from support.site import Site

SLOT_S, ROUND_S, TRIAL_S = 5, 1, 10


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path / "site", round_s=ROUND_S,
                more={"agent": {"slot_s": SLOT_S, "trial_s": TRIAL_S}})
    yield made
    made.close()


def configure(site, *words):
    site.server.pantau("agent", "configure", "--link", site.link, *words)


def row_of(site):
    row, = json.loads(site.server.pantau("agent", "configure", "--list", "--json"))["agents"]
    return row


def wait_state(site, state, timeout_s=40):
    return wait_for(lambda: (row := row_of(site))["state"] == state and row,
                    f"{state}: {row_of(site)}\n{site.agent.text()[-3000:]}", timeout_s, 0.3)


def test_change_shows_in_the_records_without_a_hole(site):
    site.wait_until_measured(site.good_for(SLOT_S))
    configure(site, "--set", "agent.round_s=5")
    row = wait_state(site, "follows")
    assert row["configuration"] == "agent.round_s=5"
    site.wait_until_measured(site.good_for(2 * SLOT_S + 2))
    slots = site.slots()
    before = [slot.due for slot in slots if slot.to_s - slot.from_s == SLOT_S]
    assert before[0] == SLOT_S // ROUND_S
    assert before[-1] == SLOT_S // 5
    assert len({slot.run for slot in slots}) == 1
    holes = [b.from_s - a.to_s for a, b in zip(slots, slots[1:])]
    assert max(holes) <= 1, holes
    wait_for(lambda: "is kept" in site.agent.text(), "it is kept", TRIAL_S)
    assert site.agent.alive()


def test_what_the_agent_refuses_is_shown_with_its_words(site):
    """The registry's own check cannot know what the agent's file says besides."""
    configure(site, "--set", "agent.slot_s=30", "--set", "agent.round_s=50")
    row = wait_state(site, "refused")
    assert row["why"].startswith("[agent] round_s = 50: must be at most slot_s (30)")
    assert row["follows"] is None


def test_one_that_costs_the_collector_is_given_up(site):
    configure(site, "--set", "agent.near_s=120")
    kept = wait_state(site, "follows")["asked"]
    wait_for(lambda: "is kept" in site.agent.text(), "it is kept", TRIAL_S)
    configure(site, "--set", "agent.round_s=5")
    tried = row_of(site)["asked"]
    wait_for(lambda: f"configuration {tried} from the collector is tried" in site.agent.text(),
             "it is tried", every_s=0.02)
    os.kill(site.server.parts["ingest"].pid, signal.SIGSTOP)
    wait_for(lambda: f"configuration {tried} from the collector is refused" in site.agent.text(),
             "it is given up", TRIAL_S + 5)
    os.kill(site.server.parts["ingest"].pid, signal.SIGCONT)
    row = wait_state(site, "refused")
    assert (row["refused"], row["follows"]) == (tried, kept)
    assert "not heard in time" in row["why"]
    site.wait_until_measured(site.good_for(SLOT_S))
    slots = [slot for slot in site.slots() if slot.to_s - slot.from_s == SLOT_S]
    assert slots[-1].due == SLOT_S // ROUND_S
