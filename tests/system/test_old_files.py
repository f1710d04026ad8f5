# SPDX-License-Identifier: Apache-2.0
"""Databases that programs of earlier revisions made (tests/data/old/make.py): today's raise them,
keep a copy as they were, and every figure stays; killed in the middle, they are as before or of the
new version."""

import csv
import io
import random
import re
import sqlite3
import sys
import tarfile
import time
from contextlib import closing

import pytest

from support.programs import ROOT, wait_for
from support.server import Server

OLD = ROOT / "tests" / "data" / "old"
sys.path.insert(0, str(OLD))
from make import QUESTIONS  # noqa: E402

NAMES = sorted(path.name for path in OLD.iterdir() if (path / "state.tar.xz").exists())
FILES = ("ledger.db", "registry.db")
SOURCES = ("ledger_schema.c", "registry.c")  # of collector/store, where their versions stand
KILLS = 6


def name_of_today():
    """Under which files of this revision's versions stand: there is nothing to raise yet."""
    ledger, registry = (re.search(r"^#define SCHEMA_VERSION (\d+)$",
                                  (ROOT / "collector/store" / source).read_text(), re.M).group(1)
                        for source in SOURCES)
    return f"ledger{ledger}-registry{registry}"


OLDER = [name for name in NAMES if name != name_of_today()]


def version(path):
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()[0])


def unpack(name, folder):
    """A server over the old files, nothing started; its versions as they are."""
    server = Server(folder)
    server.state.mkdir()
    with tarfile.open(OLD / name / "state.tar.xz") as archive:
        archive.extractall(server.state)
    return server, {file: version(server.state / file) for file in FILES}


def new_versions(folder):
    server = Server(folder)
    try:
        server.init().start("ledger")
        return {file: version(server.state / file) for file in FILES}
    finally:
        server.close()


@pytest.fixture(name="newest", scope="module")
def fixture_newest(tmp_path_factory):
    return new_versions(tmp_path_factory.mktemp("new") / "server")


def place(text):
    """In the journal: a cursor in words, as something that can be compared."""
    return tuple(map(int, text.split()))


def raise_all(server, end=(0, 0)):
    """Until the ledger has read the journal up to `end`, and derived what it read."""
    server.start("ledger")
    server.pantau("link", "list")  # one that may write the registry comes first, or was the ledger

    def up_to_date():
        status = server.status_of("ledger")
        return place(status["cursor"]) >= end and status["links_to_derive"] == 0
    wait_for(up_to_date, f"the journal is read up to {end}, and all is derived", 120)


def assert_same_figures(server, name):
    """Of the columns that were there before."""
    for question, words in QUESTIONS.items():
        before = list(csv.DictReader((OLD / name / f"{question}.csv").read_text().splitlines()))
        after = list(csv.DictReader(io.StringIO(server.pantau(*words, "--format", "csv"))))
        assert before and len(before) == len(after)
        for old, new in zip(before, after):
            assert {key: new.get(key) for key in old} == old, question


def assert_copies(server, versions, newest):
    for file in FILES:
        copy = server.state / f"{file}.before-schema-{newest[file]}"
        if versions[file] == newest[file]:
            assert not copy.exists()
        else:
            assert version(copy) == versions[file]
        assert version(server.state / file) == newest[file]


@pytest.mark.parametrize("name", NAMES)
def test_old_files_come_up_with_every_figure(tmp_path, name, newest):
    server, versions = unpack(name, tmp_path / "server")
    try:
        assert name not in OLDER or any(versions[file] < newest[file] for file in FILES)
        raise_all(server)
        assert_copies(server, versions, newest)
        assert_same_figures(server, name)
        server.stop()
        server.start("ledger")  # and again, of the new version
        assert_same_figures(server, name)
    finally:
        server.close()


def test_files_of_this_version_are_kept_for_the_next():
    assert name_of_today() in NAMES, "tests/data/old/make.py: before a release, make some"


@pytest.mark.parametrize("name", OLDER)
def test_killed_on_the_way_they_are_as_before_or_new(tmp_path, name, newest):
    draw, found = random.Random(1), set()
    for number in range(KILLS):
        server, versions = unpack(name, tmp_path / f"server{number}")
        try:
            server.launch("ledger")
            time.sleep(draw.uniform(0, 0.06))
            server.kill("ledger")
            for file in FILES:
                now = version(server.state / file)
                assert now in (versions[file], newest[file])
                found.add((file, now == newest[file]))
            if number % 3 == 0:
                raise_all(server)
                assert_copies(server, versions, newest)
                assert_same_figures(server, name)
        finally:
            server.close()
    assert ("ledger.db", False) in found, "it was always there before the kill"
