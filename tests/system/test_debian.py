# SPDX-License-Identifier: Apache-2.0
"""The Debian packages: made, looked through by lintian, and installed, upgraded, removed and purged
on a bare Debian 12, where their own test counts a report."""

import os
import re
import shutil
import subprocess

import pytest

from support.programs import LONG, ROOT

PACKAGES = ("pantau-agent", "pantau-cli", "pantau-collector", "pantau-web")
SLOW_S = 1200  # a whole build, on a busy machine

long = pytest.mark.skipif(not LONG, reason="builds everything anew: ./test --long")
BUILT_WITH = re.compile(r"(?:build|web)\)\s+echo ((?:[^;\\]|\\\n)+)")
EVERYWHERE = {"gcc", "libc6-dev"}  # Debian builds nothing without them


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=SLOW_S, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module", name="made")
def fixture_made(tmp_path_factory):
    out = tmp_path_factory.mktemp("packages")
    run(ROOT / "deploy/debian/build-packages", out)
    return out


def mirror():
    sites = run("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages")
    return next(site for site in sites.splitlines() if re.search(r"/debian/?$", site))


class Machine:
    """A bare Debian 12 in a folder, with our packages beside. Its mounts end with each command."""

    def __init__(self, folder, packages):
        self.root = folder / "root"
        run("debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", self.root,
            mirror())
        for name in ("sources.list", "sources.list.d", "apt.conf.d", "trusted.gpg.d", "keyrings"):
            path = f"/etc/apt/{name}"
            if os.path.exists(path):
                run("cp", "-a", path, self.root / "etc/apt/")
        for path in ("/usr/share/keyrings/.", "/etc/ssl/certs/."):
            run("cp", "-a", path, f"{self.root}{path[:-1]}")
        for path in ("/etc/resolv.conf", "/etc/hosts"):
            shutil.copy(path, f"{self.root}{path}")
        (self.root / "packages").mkdir()
        for path in packages.glob("*.deb"):
            if "dbgsym" not in path.name:
                shutil.copy(path, self.root / "packages")
        shutil.copy(ROOT / "deploy/debian/debian/tests/counts-a-report", self.root / "packages")
        self.run("apt-get update -q")

    def run(self, command):
        """In a mount and process namespace of its own, so that nothing stays."""
        inside = (f"mount -t proc proc {self.root}/proc && mount --rbind /dev {self.root}/dev && "
                  f"exec chroot {self.root} env DEBIAN_FRONTEND=noninteractive sh -ec '{command}'")
        return run("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", inside)

    def has(self, path):
        return (self.root / path).exists()

    def newer(self, version):
        """The same packages again, as a later version."""
        later = self.root / "later"
        later.mkdir()
        for path in sorted((self.root / "packages").glob("*.deb")):
            tree = later / path.stem
            run("dpkg-deb", "-R", path, tree)
            control = tree / "DEBIAN/control"
            now = re.search(r"^Version: (.+)$", control.read_text(), re.M)[1]
            control.write_text(control.read_text().replace(now, version))
            run("dpkg-deb", "-b", tree, later)
            shutil.rmtree(tree)


def test_they_are_built_with_what_the_source_is_built_with():
    listed = (ROOT / "deploy/debian/install-packages").read_text()
    wanted = {name for words in BUILT_WITH.findall(listed)
              for name in words.replace("\\", "").split()}
    control = (ROOT / "deploy/debian/debian/control").read_text()
    needs = re.search(r"^Build-Depends: (.+?)^\S", control, re.M | re.S)[1]
    built_with = {name.split()[0] for name in needs.split(",")}
    assert wanted - EVERYWHERE == {name for name in built_with if not name.startswith("d")}


def test_each_unit_is_in_a_package():
    lists = (ROOT / "deploy/debian/debian").glob("*.install")
    shipped = "".join(path.read_text() for path in lists)
    kinds = (".service", ".socket", ".target", ".timer")
    for unit in (path for path in (ROOT / "systemd").iterdir() if path.suffix in kinds):
        assert re.search(rf"system/{unit.stem}(\{unit.suffix}|\.\*)$", shipped, re.M), unit.name


@long
def test_there_are_four_packages(made):
    found = {path.name.split("_")[0] for path in made.glob("*.deb")}
    assert found == {*PACKAGES, *(f"{name}-dbgsym" for name in PACKAGES)}


@long
def test_lintian_finds_nothing(made):
    changes, = made.glob("*.changes")
    out = run("lintian", "--allow-root", "--fail-on", "error,warning", changes)
    assert not re.search(r"^[EW]:", out, re.M), out


@long
def test_a_machine_gets_them_upgrades_and_is_rid_of_them(made, tmp_path):
    machine = Machine(tmp_path, made)
    machine.run("apt-get install -y -q --no-install-recommends /packages/*.deb curl man-db")
    assert machine.has("etc/pantau/agent.conf") and machine.has("etc/pantau/pantau.conf")
    users = (machine.root / "etc/passwd").read_text()
    assert "\npantau:" in users and "\npantau-signer:" in users and "\npantau-agent:" in users
    machine.run("/packages/counts-a-report")
    assert "pantau-sla" in machine.run("man pantau-sla | cat")

    machine.run("pantau init --no-admin && echo seen > /var/lib/pantau/kept"
                " && echo \"# ours\" >> /etc/pantau/agent.conf")
    machine.newer("0.1.1")
    machine.run("apt-get install -y -q /later/*.deb && dpkg -l pantau-web | grep -q 0.1.1")
    assert machine.has("var/lib/pantau/kept") and machine.has("var/lib/pantau/registry.db")
    assert (machine.root / "etc/pantau/agent.conf").read_text().endswith("# ours\n")

    machine.run("apt-get remove -y -q " + " ".join(PACKAGES))
    assert not machine.has("usr/bin/pantau") and machine.has("etc/pantau/agent.conf")
    told = machine.run("apt-get purge -y -q " + " ".join(PACKAGES))
    assert not machine.has("etc/pantau") and not machine.has("var/lib/pantau-agent")
    assert machine.has("var/lib/pantau/registry.db") and "/var/lib/pantau is kept" in told
