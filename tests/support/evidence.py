# SPDX-License-Identifier: Apache-2.0
"""What the ledger holds, as an export tells it: docs/EVIDENCE.md read by its page alone."""

import hashlib
import struct
import subprocess
from dataclasses import dataclass

from support.programs import RELEASE, program

ROWS, FACTS = 2, 3


@dataclass(order=True)
class Fact:
    agent: int
    run: int
    sequence: int
    record: bytes
    received_us: int
    wan: str
    rejected: int  # 0: sound


def parts_of(data):
    """(kind, what it holds, the chain before it) of each part."""
    assert data[:18] == b"pantau evidence 1\n"
    at, number, chain = 18, 0, bytes(32)
    while at < len(data):
        assert data[at:at + 4] == b"\xd5PDE"
        kind, coding, zero, count, stored, plain, _ = struct.unpack_from("<BBHIIII", data, at + 36)
        digest = hashlib.sha256(data[at + 36:at + 56 + stored]).digest()
        assert digest == data[at + 4:at + 36] and zero == 0 and count == number
        body = data[at + 56:at + 56 + stored]
        if coding:
            body = subprocess.run(["zstd", "-dcq"], input=body, capture_output=True,
                                  check=True).stdout
        assert len(body) == plain
        yield kind, body, chain
        chain = hashlib.sha256(chain + digest).digest()
        at, number = at + 56 + stored, number + 1


def items_of(body):
    """(kind, bytes) of each item of a part of facts."""
    while body:
        kind, length = struct.unpack_from("<BI", body)
        yield kind, body[5:5 + length]
        body = body[5 + length:]


def fact_of(item):
    version, rejected, agent, _, received_us, run, sequence, name = struct.unpack_from(
        "<BBIQqIIB", item)
    assert version == 1
    return Fact(agent, run, sequence, item[31 + name:], received_us,
                item[31:31 + name].decode(), rejected)


def facts_in(data):
    return [fact_of(item) for part, body, _ in parts_of(data) if part == FACTS
            for kind, item in items_of(body) if kind == 1]


def facts_of(state, *words):
    """Every record that the ledger holds of the links that the words mean, sorted."""
    done = subprocess.run([program("pantau", RELEASE), "export", "--month", "2026-01",
                           *map(str, words), "-o", "-", "--state", str(state)],
                          capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return sorted(facts_in(done.stdout))
