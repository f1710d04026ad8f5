# SPDX-License-Identifier: Apache-2.0
"""A release (docs/RELEASES.md): the same commit gives the same tarball, the same tarball the same
programs, wherever and whenever; and what it says that they are made of is what they link."""

import hashlib
import json
import os
import re
import subprocess
import tarfile

import pytest

from support.programs import LONG, RELEASE, ROOT, program
from test_dependencies import PROGRAMS, linked, section

TOOL = ROOT / "deploy" / "release"
RUNTIME = {"libc.so.6", "libm.so.6", "libgcc_s.so.1"}  # of the C compiler: SECURITY.md names none
IN_A_HURRY = {"-Dserver": "false", "-Dweb": "false", "-Dprobe": "disabled"}  # the agent alone
LATER_S = 86400 * 400


def run(*words, at_s=0, **options):
    """With the wall clock so many seconds on."""
    clock = ["faketime", "-f", f"+{at_s}s"] if at_s else []
    done = subprocess.run([*clock, *map(str, words)], capture_output=True, text=True, check=False,
                          **options)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(name="clone", scope="module")
def fixture_clone(tmp_path_factory):
    """What is committed, and nothing else."""
    if not (ROOT / ".git").exists():
        pytest.skip("no history: these are the sources of a tarball")
    clone = tmp_path_factory.mktemp("release") / "clone"
    run("git", "clone", "-q", "--shared", "--no-tags", ROOT, clone)
    return clone


def tarball(clone, folder, **options):
    run(clone / "deploy/release/release", "--tarball", folder, **options)
    path, = folder.glob("*.tar.xz")
    assert (folder / "SHA256SUMS").read_text() == f"{digest(path)}  {path.name}\n"
    return path


@pytest.fixture(name="packed", scope="module")
def fixture_packed(clone, tmp_path_factory):
    return tarball(clone, tmp_path_factory.mktemp("release") / "first")


def unpacked(packed, folder):
    folder.mkdir()
    run("tar", "-x", "-J", "-f", packed, "-C", folder)
    tree, = folder.iterdir()
    return tree


@pytest.mark.skipif(not LONG, reason="packs twice (PANTAU_LONG)")
def test_a_commit_gives_one_tarball(clone, packed, tmp_path):
    again = tarball(clone, tmp_path / "again", umask=0o077, cwd=tmp_path,
                    env={**os.environ, "TZ": "Asia/Makassar", "LC_ALL": "C.UTF-8"})
    assert again.read_bytes() == packed.read_bytes()
    version = re.search(r"version: '(.+)'", (clone / "meson.build").read_text()).group(1)
    assert packed.name == f"pantau-desa-{version}.tar.xz"


@pytest.mark.skipif(not LONG, reason="packs twice (PANTAU_LONG)")
def test_a_tag_gives_the_tarball_of_its_commit(clone, packed, tmp_path):
    """Whoever compares a release has cloned its tag: no branch is checked out there."""
    tagged = tmp_path / "tagged"
    run("git", "clone", "-q", clone, tagged)
    run("git", "-C", tagged, "-c", "user.name=x", "-c", "user.email=x",
        "tag", "-a", "-m", "x", "vX")
    run("git", "-C", tagged, "checkout", "-q", "vX")
    assert tarball(tagged, tmp_path / "out").read_bytes() == packed.read_bytes()


def test_the_tarball_holds_what_is_committed_and_no_builder(clone, packed):
    when = int(run("git", "-C", clone, "log", "-1", "--format=%ct"))
    with tarfile.open(packed) as archive:
        members = archive.getmembers()
    top = members[0].name
    files = {item.name.removeprefix(f"{top}/") for item in members if not item.isdir()}
    assert files == set(run("git", "-C", clone, "ls-files").splitlines()) | {"release-time"}
    assert {(item.uid, item.gid, item.uname, item.gname, item.mtime) for item in members} == \
        {(0, 0, "", "", when)}
    assert {item.mode for item in members} == {0o644, 0o755}
    assert all(item.mode == 0o755 for item in members if item.isdir())


def installed(tree, build, options, at_s=0):
    """{path: digest} of all that a build of these sources installs."""
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    words = [f"{key}={value}" for key, value in options.items()]
    target = build.parent / f"{build.name}-installed"
    run("meson", "setup", build, tree, "-Dprefix=/usr", *words, env=environment)
    run("ninja", "-C", build, env=environment, at_s=at_s)
    run("meson", "install", "-C", build, "--no-rebuild",
        env={**environment, "DESTDIR": str(target)})
    return {str(path.relative_to(target)): digest(path)
            for path in sorted(target.rglob("*")) if path.is_file() and not path.is_symlink()}


@pytest.mark.skipif(not LONG, reason="builds everything three times (PANTAU_LONG)")
@pytest.mark.parametrize("options", ({}, IN_A_HURRY), ids=("all", "agent"))
def test_a_tarball_gives_one_set_of_programs(clone, packed, tmp_path, options):
    """In different folders, inside and beside the sources, more than a year apart, without ccache;
    and as a clone of that commit does."""
    one = unpacked(packed, tmp_path / "one")
    other = unpacked(packed, tmp_path / "another place")
    first = installed(one, one / "build", options)
    assert {"usr/bin/pantau-agent"} <= set(first)
    assert installed(other, tmp_path / "far" / "below" / "build", options, LATER_S) == first
    assert installed(clone, tmp_path / f"clone-{len(options)}", options) == first
    for path, _ in first.items():
        content = (one / "build-installed" / path).read_bytes()
        assert str(tmp_path).encode() not in content, path


# ---- what the programs are made of

def sbom(**environment):
    return run(TOOL / "sbom", RELEASE, env={**os.environ, **environment})


@pytest.fixture(name="made_of", scope="module")
def fixture_made_of():
    return json.loads(sbom(SOURCE_DATE_EPOCH="1795305600"))


def test_the_same_build_is_described_in_the_same_bytes():
    times = {"SOURCE_DATE_EPOCH": "1795305600"}
    assert sbom(**times, TZ="Asia/Makassar", LC_ALL="C.UTF-8") == sbom(**times, TZ="UTC")


def test_it_names_the_libraries_that_are_linked_and_the_table_has(made_of):
    sonames = {name for item in made_of["packages"]
               for name in re.findall(r"lib[\w.+-]+\.so\.\d+", item.get("sourceInfo", ""))}
    assert sonames - RUNTIME == set().union(*map(linked, PROGRAMS))
    assert sonames - RUNTIME == set(re.findall(r"`(lib[\w.+-]+\.so\.\d+)`", section()))
    for item in made_of["packages"]:
        if item["SPDXID"].startswith("SPDXRef-debian-"):
            name = run("dpkg-query", "-W", "-f", "${Version}\n", item["name"]).splitlines()[0]
            assert item["versionInfo"] == name


def test_it_names_the_parts_of_the_page(made_of):
    package = json.loads((ROOT / "web/page/package.json").read_text())
    parts = {item["name"]: item for item in made_of["packages"]
             if item["SPDXID"].startswith("SPDXRef-npm-")}
    for kind, relation in (("dependencies", "CONTAINS"), ("devDependencies", "BUILD_TOOL_OF")):
        for name, version in package[kind].items():
            assert parts[name]["versionInfo"] == version
            assert parts[name]["checksums"][0]["algorithm"] == "SHA512"
            assert [link["relationshipType"] for link in made_of["relationships"]
                    if parts[name]["SPDXID"] in link.values()] == [relation], name


def test_it_is_spdx(made_of):
    """What SPDX 2.3 asks of a document (clauses 6, 7, 11), and what its JSON schema cannot: that
    ids are unique and that none is named which there is not."""
    assert made_of["spdxVersion"] == "SPDX-2.3" and made_of["dataLicense"] == "CC0-1.0"
    assert made_of["SPDXID"] == "SPDXRef-DOCUMENT" and made_of["name"]
    assert re.fullmatch(r"https://[^\s#]+-[0-9a-f]{64}", made_of["documentNamespace"])
    assert made_of["creationInfo"]["created"] == "2026-11-22T00:00:00Z"
    assert all(re.match(r"(Tool|Person|Organization): .", who)
               for who in made_of["creationInfo"]["creators"])
    ids = [item["SPDXID"] for item in made_of["packages"]]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"SPDXRef-[\w.-]+", one) for one in ids)
    for item in made_of["packages"]:
        assert {"name", "downloadLocation", "filesAnalyzed", "licenseConcluded", "versionInfo",
                "licenseDeclared", "copyrightText", "externalRefs"} <= set(item)
        assert re.match(r"pkg:(deb/debian|npm|generic)/", item["externalRefs"][0]
                        ["referenceLocator"])
        for one in item.get("checksums", ()):
            assert re.fullmatch(r"[0-9a-f]{128}", one["checksumValue"])
    named = {link[end] for link in made_of["relationships"]
             for end in ("spdxElementId", "relatedSpdxElement")}
    assert named == {"SPDXRef-DOCUMENT", *ids}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_says_the_version(name):
    version = re.search(r"version: '(.+)'", (ROOT / "meson.build").read_text()).group(1)
    assert version in run(program(name, RELEASE), "--version").split()
