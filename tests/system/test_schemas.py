# SPDX-License-Identifier: Apache-2.0
"""The shape of each database is what tests/data/schemas says of its version, whether it was made
anew or brought up; a file of a version that a program has no way from is refused and left as it
is; and an old journal alone gives the figures again. Raising itself: test_old_files.py."""

import re
import sqlite3
from contextlib import closing

import pytest

from support.programs import ROOT, wait_for
from support.server import CommandFailed, Server
from test_old_files import FILES, NAMES, SOURCES, assert_same_figures, place, raise_all, unpack

SCHEMAS = ROOT / "tests" / "data" / "schemas"
NO_WAY = {"ledger.db": range(1, 5), "registry.db": range(1, 4)}  # before any file was kept anywhere


def known(file):
    """The version that our programs know."""
    text = (ROOT / "collector/store" / SOURCES[FILES.index(file)]).read_text()
    return int(re.search(r"^#define SCHEMA_VERSION (\d+)$", text, re.M).group(1))


def recorded(file):
    return SCHEMAS / f"{file.removesuffix('.db')}-{known(file)}.sql"


def shape(path):
    """A statement a line, in the order of names: what SQLite says that it was made by."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE"
                          " 'sqlite_%' ORDER BY type DESC, name").fetchall()
    return "".join(re.sub(r"\s+", " ", sql) + ";\n" for sql, in rows)


def parts(path):
    """{table or index: its columns}, whatever statements made them, and in whatever order."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        names = db.execute("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
        return {name: sorted((row[1:] for row in db.execute(
            f"PRAGMA {'table_xinfo' if kind == 'table' else 'index_xinfo'}({name})")), key=str)
            for kind, name in names.fetchall() if kind in ("table", "index")}


@pytest.fixture(name="fresh", scope="module")
def fixture_fresh(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("new") / "server")
    try:
        server.init().start("ledger")
        server.stop()
        yield server.state
    finally:
        server.close()


@pytest.mark.parametrize("file", FILES)
def test_a_version_has_one_shape_for_ever(fresh, file):
    """A table more is a version more, once that version was released (docs/adding-a-table.md)."""
    assert shape(fresh / file) == recorded(file).read_text()


@pytest.mark.parametrize("name", NAMES)
def test_what_was_brought_up_is_as_if_made_anew(tmp_path, fresh, name):
    server, _ = unpack(name, tmp_path / "server")
    try:
        raise_all(server)
        server.stop()
        for file in FILES:
            assert parts(server.state / file) == parts(fresh / file), file
    finally:
        server.close()


def stamp(path, version):
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("UPDATE meta SET value = ? WHERE key = 'version'",
                          (str(version),)).rowcount == 1
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def content(path):
    """All but the counter in the head that SQLite raises at an opening."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return list(db.iterdump())


def refuses(server, file):
    """What is said when the file is opened."""
    if file == "ledger.db":
        server.launch("ledger")
        part = server.parts.pop("ledger")
        wait_for(lambda: not part.alive(), "the ledger gives up")
        text = part.text()
        part.close()
        return text
    with pytest.raises(CommandFailed) as refused:
        server.pantau("link", "add", "--desa", "64.08.05.2001", "--provider", "X", "--kind",
                      "fibre")
    return refused.value.stderr


@pytest.mark.parametrize("file", FILES)
def test_a_version_without_a_way_is_refused_and_untouched(server, file):
    server.start("ledger")
    server.stop()
    path = server.state / file
    for version in (*NO_WAY[file], known(file) + 1, known(file) + 1000):
        stamp(path, version)
        before = content(path)
        words = refuses(server, file)
        assert f"{path}: its tables are of version {version}, this program knows " \
            f"{known(file)}" in words, words
        assert content(path) == before
        assert not list(server.state.glob(f"{file}.*before*"))
    stamp(path, known(file))
    server.start("ledger")
    server.pantau("link", "list")


@pytest.mark.parametrize("name", NAMES)
def test_an_old_journal_alone_gives_the_figures(tmp_path, name):
    server, _ = unpack(name, tmp_path / "server")
    try:
        cursor = server.state / "journal" / "ledger.cursor"
        end = place(cursor.read_text())
        for path in (*server.state.glob("ledger.db*"), cursor):
            path.unlink()
        raise_all(server, end)
        assert_same_figures(server, name)
    finally:
        server.close()
