# SPDX-License-Identifier: Apache-2.0
"""What analyzers say of the programs (tests/static), and that each would say something."""

import subprocess
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
TOLD = {
    "cppcheck": {"nullPointerRedundantCheck", "memleak", "uninitvar"},
    "gcc": {"analyzer-null-dereference", "analyzer-use-of-uninitialized-value"},
    "clang-tidy": {"clang-analyzer-core.NullDereference", "clang-analyzer-unix.Malloc",
                   "clang-analyzer-core.uninitialized.UndefReturn"},
}
# What a failed step did not set is not read, and only model.h tells that err_set() is a failure.
SOUND = """#include "common/err.h"
#include <errno.h>
int take(const int *there, int *ret_number, struct err *err);
int take(const int *there, int *ret_number, struct err *err)
{
	int number, r = 0;

	if (there)
		number = *there;
	else
		r = err_set(err, -EINVAL, "it is not there");
	if (r == 0)
		*ret_number = number + 1;
	return r;
}
"""


def said_of(folder, text, analyzer):
    source = folder / "planted.c"
    source.write_text(text)
    return check.findings(analyzer, [{"directory": str(folder), "file": str(source),
                                      "command": f"cc -I{ROOT} -c {source}"}])


@pytest.mark.parametrize("analyzer", check.ANALYZERS)
def test_a_planted_fault_is_found_where_it_is(analyzer, tmp_path):
    found = said_of(tmp_path, FAULTY, analyzer)
    assert TOLD[analyzer] <= {rule for _, rule, _, _ in found}
    # who wrote it before anybody explained it is told; what is explained is not told again
    assert len(check.compare(found, {})) == sum(map(len, found.values()))
    assert check.compare(found, dict.fromkeys(found, "why")) == []


@pytest.mark.parametrize("analyzer", ["gcc", "clang-tidy"])
def test_what_failed_with_words_is_known_to_have_failed(analyzer, tmp_path, monkeypatch):
    assert said_of(tmp_path, SOUND, analyzer) == {}
    monkeypatch.setattr(check, "MODEL", str(ROOT / "common" / "err.h"))
    assert said_of(tmp_path, SOUND, analyzer) != {}


def test_what_an_analyzer_cannot_read_is_no_clean_file(tmp_path):
    unreadable = '#include "nowhere.h"\n'
    with pytest.raises(SystemExit):
        said_of(tmp_path, unreadable, "gcc")
    assert check.compare(said_of(tmp_path, unreadable, "clang-tidy"), {}) != []


def test_an_explanation_of_what_is_gone_is_a_fault():
    stale, = check.compare({}, {("gcc", "analyzer-null-dereference", "agent/gone.c", "f"): "why"})
    assert "agent/gone.c" in stale


def test_each_explanation_names_a_function_and_a_reason():
    known = check.explained(check.KNOWN.read_text())
    assert {place[0] for place in known} == set(check.ANALYZERS)
    for (_, _, file, function), reason in known.items():
        assert function in {name for _, _, name in check.functions(ROOT / file)}, file
        assert reason.strip()


def test_clang_tidy_asks_all_that_scan_build_asks():
    tidy = subprocess.run(["clang-tidy", f"--config-file={check.TIDY_CHECKS}", "--list-checks"],
                          capture_output=True, text=True, check=True).stdout.split()
    clang = subprocess.run(["clang-14", "--analyze", "-###", "-x", "c", "/dev/null"],
                           capture_output=True, text=True, check=True).stderr
    asked = [word.strip('"').partition("=")[2] for word in clang.split()
             if word.startswith('"-analyzer-checker=')]
    assert "core" in asked
    assert [name for name in asked
            if not any(f"{check_name}.".startswith(f"clang-analyzer-{name}.")
                       for check_name in tidy)] == []


@pytest.mark.skipif(not LONG, reason="minutes of a processor (PANTAU_LONG)")
@pytest.mark.parametrize("analyzer", check.ANALYZERS)
def test_every_finding_in_the_programs_is_explained(analyzer):
    commands = check.sources_of(analyzer, check.programs(RELEASE))
    assert len(commands) > 150
    found = check.findings(analyzer, commands)
    assert check.compare(found, check.known_of(analyzer)) == []
