# SPDX-License-Identifier: Apache-2.0
"""What cppcheck says of the programs (tests/static), and that it would say something."""

import sys

import pytest

from support.programs import LONG, RELEASE, ROOT

sys.path.insert(0, str(ROOT / "tests" / "static"))

import check  # noqa: E402

FAULTY = """#include <stdlib.h>
int last(int count) {
    int *numbers = malloc(sizeof(int) * 4);
    int sum;
    if (!numbers)
        return *numbers;
    return count > 4 ? 0 : sum;
}
"""


@pytest.fixture(name="found")
def found_in_a_faulty_file(tmp_path):
    source = tmp_path / "faulty.c"
    source.write_text(FAULTY)
    return check.findings([{"directory": str(tmp_path), "file": str(source),
                            "command": f"cc -c {source}"}])


def test_a_null_a_leak_and_a_number_of_no_value_are_found(found):
    assert {"nullPointerRedundantCheck", "memleak", "uninitvar"} <= {rule for rule, _ in found}


def test_what_nobody_explained_and_what_is_gone_are_faults(found):
    faults = sum(map(len, found.values()))
    assert len(check.compare(found, {})) == faults > 0
    assert check.compare(found, dict.fromkeys(found, "why")) == []
    stale, = check.compare({}, {("memleak", "agent/gone.c"): "why"})
    assert "agent/gone.c" in stale


def test_each_explanation_names_a_file_and_a_reason():
    known = check.explained(check.KNOWN.read_text())
    assert known
    assert [file for _, file in known if not (ROOT / file).exists()] == []
    assert all(reason.strip() for reason in known.values())


@pytest.mark.skipif(not LONG, reason="two minutes of a processor (PANTAU_LONG)")
def test_every_finding_in_the_programs_is_explained():
    commands = check.programs(RELEASE)
    assert len(commands) > 500
    assert check.compare(check.findings(commands), check.explained(check.KNOWN.read_text())) == []
