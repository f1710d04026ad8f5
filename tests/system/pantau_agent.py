#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A reference agent: tells a collector what a router would have, from a file of invented time.

    pantau_agent.py HOST:PORT FOLDER FILE [--shuffle SEED] [--double]

FOLDER is what `pantau agent issue --out FOLDER` wrote. FILE is JSON in the shape of
tests/data/vectors: a `case` (or itself one) with `slots`, rows of [start, length, count,
rounds made, rounds lost, cause?], and `power_gaps`, [from, to], at each of which the router loses
power and comes back as a new boot and run. The link must have been bound to the agent since before
the first slot (`--from`)."""

import argparse
import json
import random
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.invented import boots_of  # noqa: E402
from support.reporter import Lost, Refused, Reporter, packed  # noqa: E402
from support.vectors import slots_of  # noqa: E402

RUNS_HELD = 512  # as many as a HELLO can name


class Agent:
    """One router's side. A run is anything with `run`, `nonce` and `records`, the encoded records
    numbered from 1, such as support.invented.Boot."""

    def __init__(self, host, port, certdir):
        self.server = SimpleNamespace(address=host, port=int(port))
        self.issued = SimpleNamespace(folder=Path(certdir))
        self.reporter = None

    def connect(self):
        self.close()
        self.reporter = Reporter(self.server, self.issued)
        return self

    def hello(self, runs):
        """Returns {run: the sequence up to which the collector has all of it}."""
        welcome = self.reporter.hello(*((one.run, one.nonce, 1, len(one.records)) for one in runs))
        return {ack.run: ack.up_to for ack in welcome.durable}

    def send(self, run, numbered):
        """[(sequence, record)] in any order; returns without waiting."""
        for part in packed(numbered):
            self.reporter.report(run, part)

    def wait_acked(self, run, up_to):
        """{sequence: Reject} of what was met on the way."""
        return self.reporter.await_ack(run, up_to)

    def deliver(self, runs, arrange=lambda numbered: numbered):
        """All of it, each run as `arrange` puts it; what the collector has already is left out."""
        rejected = {}
        for begin in range(0, len(runs), RUNS_HELD):
            part = runs[begin:begin + RUNS_HELD]
            self.connect()
            durable = self.hello(part)
            for one in part:
                held = [pair for pair in enumerate(one.records, 1) if pair[0] > durable[one.run]]
                if held:
                    self.send(one.run, arrange(held))
                    rejected[one.run] = self.wait_acked(one.run, len(one.records))
        return {run: found for run, found in rejected.items() if found}

    def close(self):
        if self.reporter:
            self.reporter.close()
            self.reporter = None


def case_of(path):
    try:
        document = json.loads(Path(path).read_text())
        case = document.get("case", document)
        return SimpleNamespace(slots=list(slots_of(case)),
                               power_gaps=[tuple(gap) for gap in case.get("power_gaps", ())])
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"pantau_agent: {path} holds no case: {error!r}")


def arrangement(shuffle=None, double=False):
    """How the records of a run are put before they are sent."""
    draw = random.Random(shuffle)

    def arrange(numbered):
        arranged = numbered * 2 if double else list(numbered)
        if shuffle is not None:
            draw.shuffle(arranged)
        return arranged
    return arrange


def main():
    parser = argparse.ArgumentParser(description="Tells a collector invented time.")
    parser.add_argument("collector", metavar="HOST:PORT")
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="in a random order")
    parser.add_argument("--double", action="store_true", help="every record twice")
    words = parser.parse_args()
    host, _, port = words.collector.rpartition(":")
    runs = boots_of(case_of(words.file))
    agent = Agent(host.strip("[]"), port, words.folder)
    try:
        rejected = agent.deliver(runs, arrangement(words.shuffle, words.double))
    except (Lost, Refused) as error:
        sys.exit(f"pantau_agent: {error}")
    finally:
        agent.close()
    for run, found in rejected.items():
        for sequence, reject in found.items():
            print(f"run {run}, {sequence} was rejected: {reject.text}")
    print(f"{sum(len(one.records) for one in runs)} records of {len(runs)} runs are safe")


if __name__ == "__main__":
    main()
