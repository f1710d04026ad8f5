# SPDX-License-Identifier: Apache-2.0
"""What the wall says of a link's last day and of its contract's limits."""

import json

from support.programs import wait_for
from support.teller import Teller

DAY_S = 86400
SLOT_S = 10


def rows(server):
    answer = json.loads(server.get("/api/v1/desa"))
    return answer["limits"], {row["link"]: row for row in answer["rows"]}


def test_the_last_day_is_counted_as_a_month_is(server):
    told = server.add_link(lat=0.5, lon=117.25)
    strict = server.add_link(desa="64.08.05.2002")
    free = server.add_link(desa="64.08.05.2003")
    server.add_contract(told, words=("--window", 20))
    server.add_contract(strict, words=("--set", "limit-rtt=40", "--set", "limit-loss=1"))
    server.start("ingest", "ledger")
    teller = Teller(server, told, "agent", slot_s=SLOT_S, ago_s=3600)
    teller.slots(120)  # twenty minutes of good ones, then two bad ones, an hour ago
    teller.slots(12, lost=1, cause="provider")
    wait_for(lambda: server.status_of("ledger").get("slots", 132) >= 132, "the slots are there")
    server.start("web")

    def counted():
        by_link = rows(server)[1]
        return by_link if (by_link[told]["day"] or {}).get("d") else None
    by_link = wait_for(counted, "the last day is counted", 90, 0.5)
    day = by_link[told]["day"]
    assert (day["u"], day["d"], day["e"]) == (120 * SLOT_S, 12 * SLOT_S, 0)
    assert sum(day.values()) == DAY_S
    assert by_link[strict]["day"] == {"u": 0, "d": 0, "n": DAY_S, "e": 0}
    assert by_link[free]["day"] is None  # no contract: nothing counts
    assert (by_link[told]["lat"], by_link[told]["lon"]) == (0.5, 117.25)
    assert (by_link[free]["lat"], by_link[free]["lon"]) == (None, None)
    assert rows(server)[0] == {"rtt_us": 800000, "loss_ppm": 50000, "pdv_us": 100000}
    assert by_link[told]["limits"] is None
    assert by_link[strict]["limits"] == {"rtt_us": 40000, "loss_ppm": 10000, "pdv_us": 100000}
