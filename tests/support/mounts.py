# SPDX-License-Identifier: Apache-2.0
"""Mounts of its own for a command, that nobody else sees: also in a chroot, whose root is no mount
point, so that how it shares mounts cannot be changed from inside. There this script steps out (the
folder that it stands in stays), has the mounts parted, and the folder made a mount point and the
root before the command begins."""

import os
import subprocess
import sys


AND_IN_AGAIN = """set -e
mount --rbind . .
cd "$PWD"
pivot_root . .
umount --lazy .
exec unshare --mount "$@"
"""


def own_mounts(*more):
    """Words before a command: those of unshare(1), with `more` of its options."""
    usual = ["unshare", "--mount", *more]
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0:
        return usual
    return ["/usr/bin/python3", __file__, *more]


def step_out():
    """Who stands beside its root, rather than beneath it, may climb."""
    inside = os.open("/", os.O_RDONLY)
    os.fchdir(inside)
    os.chroot("/usr")
    while not os.path.samestat(os.stat("."), os.stat("..")):
        os.chdir("..")
    os.chroot(".")
    os.fchdir(inside)


if __name__ == "__main__":
    step_out()
    os.execv("/usr/bin/unshare",
             ["unshare", "--mount", "sh", "-c", AND_IN_AGAIN, "sh", *sys.argv[1:]])
