#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The libraries of another architecture, unpacked into a folder of the build.

    python3 tests/cross/sysroot.py mipsel build-cross/mipsel

apt resolves, fetches and checks them with a state of its own in that folder: nothing is installed,
no architecture is added to this machine, and it needs no root.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ("libc6-dev", "libuv1-dev", "libssl-dev", "libprotobuf-c-dev", "libinih-dev",
            "libcmocka-dev", "libcurl4-openssl-dev", "libsqlite3-dev", "libjansson-dev",
            "libzstd-dev", "zlib1g-dev", "libarchive-dev")
LIMIT_S = 300

CONF = """APT::Architecture "{arch}";
APT::Architectures "{arch}";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State "{apt}";
Dir::State::status "{apt}/status";
Dir::Cache "{apt}/cache";
"""


def run(command, folder):
    """Its output goes into the folder's log."""
    with open(folder / "apt.log", "ab") as log:
        done = subprocess.run([str(word) for word in command], stdout=log, stderr=log,
                              stdin=subprocess.DEVNULL, timeout=LIMIT_S,
                              env=dict(os.environ, APT_CONFIG=str(folder / "apt.conf")))
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command[:2]))} failed, see {folder}/apt.log:\n"
                           + (folder / "apt.log").read_text(errors="replace")[-1500:])


def fetch(arch, folder):
    apt = folder / "apt"
    for part in ("lists/partial", "cache/archives/partial"):
        (apt / part).mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    (folder / "apt.conf").write_text(CONF.format(arch=arch, apt=apt))
    run(["apt-get", "-q", "update"], folder)
    run(["apt-get", "-q", "-y", "--no-install-recommends", "--download-only", "install",
         *PACKAGES], folder)
    return sorted((apt / "cache" / "archives").glob("*.deb"))


def make(arch, folder):
    """The sysroot; what is there already is used again."""
    folder = Path(folder).resolve()
    root, made = folder / "root", folder / "root.packages"
    if made.exists() and made.read_text() == " ".join(PACKAGES):
        return root
    shutil.rmtree(root, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for package in fetch(arch, folder):
        run(["dpkg", "-x", package, root], folder)
    shutil.rmtree(folder / "apt")
    made.write_text(" ".join(PACKAGES))
    return root


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(make(sys.argv[1], sys.argv[2]))
