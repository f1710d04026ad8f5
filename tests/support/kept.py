# SPDX-License-Identifier: Apache-2.0
"""What a ledger holds of an agent or a link, in pages that are packed or not."""

import functools
import json
import subprocess
import tempfile

from support.programs import SANITIZED
from support.records import pb

DROPPED = 3


def kept(state, what, number):
    """The lines of the program `kept`: of an agent ("records") or a link ("slots")."""
    with tempfile.TemporaryFile() as out:  # a pipe would wait for a busy reader
        done = subprocess.run([SANITIZED / "tests/support/dump/kept", state, what, str(number)],
                              stdout=out, stderr=subprocess.PIPE, text=True, timeout=300,
                              check=False)
        assert done.returncode == 0, done.stderr
        out.seek(0)
        return [json.loads(line) for line in out]


def kept_records(state, agent):
    """(run, sequence, record) of each sound one, gap records left out."""
    return [(row["run"], row["sequence"], bytes.fromhex(row["record"]))
            for row in kept(state, "records", agent)
            if not row["code"] and row["kind"] != DROPPED]


@functools.lru_cache(maxsize=1 << 17)
def same_record(one, other):
    """Whether two are the same but for what packing rounds: an RTT to its step of 2 %."""
    one, other = pb.Record.FromString(one), pb.Record.FromString(other)
    for a, b in zip(one.slot.probes, other.slot.probes):
        if abs(a.rtt_us - b.rtt_us) <= max(a.rtt_us, b.rtt_us) / 100 + 1:
            a.rtt_us = b.rtt_us
    return one == other
