# SPDX-License-Identifier: Apache-2.0
"""SECURITY.md's table of dependencies names each library that our programs link, and no other."""

import json
import re
import subprocess

from support.programs import RELEASE, ROOT, program

PROGRAMS = ("pantau-agent", "pantau-probe", "pantau-collector", "pantau-web", "pantau")
SYSTEM = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "libgcc_s.so.1"}


def linked(name):
    out = subprocess.run(["readelf", "-d", program(name, RELEASE)], check=True, text=True,
                         capture_output=True).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", out)) - SYSTEM


def section():
    text = (ROOT / "SECURITY.md").read_text()
    return text[text.index("## Dependencies"):]


def test_each_library_that_is_linked_is_in_the_table_and_no_other():
    used = set().union(*map(linked, PROGRAMS))
    named = set(re.findall(r"`(lib[\w.+-]+\.so\.\d+)`", section()))
    assert used == named


def test_the_parts_of_the_page_are_in_the_table_with_their_versions():
    package = json.loads((ROOT / "web/page/package.json").read_text())
    for name, version in package["dependencies"].items():
        assert f"{name} {version}" in section(), name
    for name in ("esbuild", "typescript"):
        assert f"{name} {package['devDependencies'][name]}" in section(), name
