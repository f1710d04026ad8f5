# SPDX-License-Identifier: Apache-2.0
"""Judges a collector by the external ledger of pantau-swarm: whatever it acknowledged must be in
its journal, byte for byte, and in its ledger, once."""

import subprocess
from collections import defaultdict

from support.kept import kept_records
from support.programs import SANITIZED


def read_receipts(path):
    """(agent, run, first, last, sum) of each line; one that was cut in the middle is left out."""
    text = path.read_text()
    return [tuple(map(int, line.split())) for line in text[:text.rfind("\n") + 1].splitlines()]


def acknowledged(receipts):
    """{agent: {(run, sequence)}}."""
    keys = defaultdict(set)
    for agent, run, first, last, _ in receipts:
        keys[agent].update((run, sequence) for sequence in range(first, last + 1))
    return keys


def read_journal(state):
    """{(agent, run, sequence): {CRC-32C}} of the sound records."""
    out = subprocess.run([SANITIZED / "tests/support/dump/journal", state], capture_output=True,
                         text=True, timeout=120, check=False)
    assert out.returncode == 0, out.stderr
    found = defaultdict(set)
    for line in out.stdout.splitlines():
        agent, run, sequence, crc, rejected = map(int, line.split())
        if not rejected:
            found[agent, run, sequence].add(crc)
    return found


def judge_journal(state, receipts):
    """What is missing or other than it was: nothing, one hopes."""
    found, wrong = read_journal(state), []
    for agent, run, first, last, total in receipts:
        keys = [(agent, run, sequence) for sequence in range(first, last + 1)]
        missing = [key for key in keys if key not in found]
        doubled = [key for key in keys if len(found[key]) > 1]
        if missing or doubled or sum(min(found[key]) for key in keys) != total:
            wrong.append((agent, run, first, last, missing, doubled))
    return wrong


def judge_ledger(state, receipts):
    """Keys that the ledger has not, or has more than once."""
    wrong = []
    for agent, keys in acknowledged(receipts).items():
        held = [(run, sequence) for run, sequence, _ in kept_records(state, agent)]
        wrong += [(agent, "missing", key) for key in keys - set(held)]
        wrong += [(agent, "doubled", key) for key in set(held) if held.count(key) > 1]
    return wrong
