# SPDX-License-Identifier: Apache-2.0
"""Each patch here breaks a promise; the test that it names must fail, or nobody would notice.

A patch begins with words: what promise it breaks, and the lines

    Target: path/of/the/built/test          (what ninja builds)
    Fails: SUITE:NAME of a meson test, or a pytest path

All are tried in one copy of the tree with one build folder, so that a mutant costs one compilation.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.programs import ROOT, SANITIZED

HERE = Path(__file__).resolve().parent
PATCHES = sorted(HERE.glob("*.patch"))
SKIPPED = {".git", "node_modules", "__pycache__"}


class Copy:
    """A copy of the tree that keeps its build folder from one run to the next."""

    def __init__(self, folder):
        self.tree, self.build = folder / "tree", folder / "build"
        self.sync()
        if not (self.build / "build.ninja").exists():
            self.run("meson", "setup", str(self.build), str(self.tree), "-Dtests=true",
                     "-Dbuildtype=plain", "-Dweb=false")

    def sync(self):
        """Copies what changed, so that little is compiled anew."""
        wanted = set()
        for folder, folders, names in os.walk(ROOT):
            folders[:] = [f for f in folders if f not in SKIPPED and not f.startswith("build")]
            for name in names:
                source = Path(folder) / name
                target = self.tree / source.relative_to(ROOT)
                wanted.add(target)
                if not target.exists() or target.read_bytes() != source.read_bytes():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, target)
        for path in [path for path in self.tree.rglob("*") if path.is_file()]:
            if path not in wanted:
                path.unlink()

    def run(self, *command, check=True):
        done = subprocess.run(command, cwd=self.tree, capture_output=True, text=True, timeout=600)
        assert not check or done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"[-6000:]
        return done

    def patch(self, path, *options):
        self.run("patch", "--batch", "--silent", "-p1", *options, "-i", str(path))

    def compile(self, targets):
        return self.run("ninja", "-C", str(self.build), *targets, check=False)

    def test(self, name):
        """True when the test passes."""
        suite, test = name.split(":")
        done = self.run("meson", "test", "-C", str(self.build), "--no-rebuild", "--suite", suite,
                        test, check=False)
        assert "No suitable tests" not in done.stdout + done.stderr, f"no test {name}"
        return done.returncode == 0


@pytest.fixture(scope="module")
def copy():
    return Copy(SANITIZED / "mutants")


def heading(patch, word):
    found = re.search(rf"^{word}: (.+)$", patch.read_text(), re.M)
    assert found, f"{patch.name} lacks the line {word}:"
    return found.group(1).split()


@pytest.mark.parametrize("patch", PATCHES, ids=lambda path: path.stem)
def test_broken_promise_is_noticed(copy, patch):
    targets, tests = heading(patch, "Target"), heading(patch, "Fails")
    built = copy.compile(targets)
    assert built.returncode == 0, built.stdout[-4000:]
    for test in tests:
        assert copy.test(test), f"{test} fails without the mutant too"
    copy.patch(patch)
    try:
        built = copy.compile(targets)
        assert built.returncode == 0, f"the mutant does not compile:\n{built.stdout[-4000:]}"
        for test in tests:
            assert not copy.test(test), f"{test} did not notice"
    finally:
        copy.patch(patch, "-R")
