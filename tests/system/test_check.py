# SPDX-License-Identifier: Apache-2.0
"""`pantau-collector check` refuses what would only show when the collector runs, and names file,
line, field and value."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from support.programs import program


def check(server, *lines):
    """[export] url = ... on the second line of the section, which is at the end of the file."""
    before = server.config.read_text()
    first = before.count("\n") + 1
    server.config.write_text(before + "".join(f"{line}\n" for line in ("[export]", *lines)))
    done = subprocess.run([program("pantau-collector"), "check", "--state", str(server.state),
                           "--config", str(server.config)], capture_output=True, text=True,
                          timeout=30, check=False)
    server.config.write_text(before)
    return done, f"{server.config}:{first + len(lines)}: [export] "


@pytest.mark.parametrize("url", ("ftp://x", "127.0.0.1:8086", "http://", "http://:8086",
                                 "http://127.0.0.1:8086/write", "http://127.0.0.1:8086?db=x"))
def test_an_address_that_is_no_servers_is_refused(server, url):
    done, place = check(server, f"url = {url}")
    assert done.returncode == 1
    assert f"{place}url = {url}: must be the server alone" in done.stderr


@pytest.mark.parametrize("key", ("token_file", "password_file"))
def test_a_secret_that_is_not_there_is_refused(server, key):
    with tempfile.TemporaryDirectory() as folder:  # of a long value a part is told
        refuse_missing(server, key, Path(folder) / "missing")


def refuse_missing(server, key, missing):
    done, place = check(server, "url = http://127.0.0.1:8086", f"{key} = {missing}")
    assert done.returncode == 1
    assert f"{place}{key} = {missing}: is not there" in done.stderr
    missing.write_text("s3cret\n")
    done, _ = check(server, "url = http://127.0.0.1:8086", f"{key} = {missing}")
    assert done.returncode == 0, done.stderr
