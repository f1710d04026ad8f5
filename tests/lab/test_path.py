# SPDX-License-Identifier: Apache-2.0
"""A way to the collector that swallows large packets without a word. Slots of 1 s, so that a report
of what waited is soon larger than one packet."""

import time

import pytest

from support.programs import wait_for
from support.site import Site

LARGEST = 1300


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path / "site", through_link=True, round_s=1,
                more={"agent": {"slot_s": 1}, "dns": {"resolvers": "off"}})
    yield made
    made.close()


def test_large_packets_that_vanish_do_not_silence_the_agent(site):
    wait_for(lambda: "acknowledged" in site.agent.text(), "the first report")
    site.server.stop("ingest")
    time.sleep(12)
    site.lab.link.say(f"largest {LARGEST}")
    site.server.start("ingest")
    waited_for = int(time.time() * 1000000)
    site.wait_until_measured(waited_for, patience_s=75)
    assert site.lab.link.stats()["up.large"] > 0, "nothing was large: the test shows nothing"
    assert "segments of 1220 bytes" in site.agent.text()
