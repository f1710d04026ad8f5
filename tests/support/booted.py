# SPDX-License-Identifier: Apache-2.0
"""A machine whose first process is systemd: this one's files with our programs and units laid over
them, in a container without a network (systemd-nspawn). What is written stays over a restart of
the machine and is forgotten at its end. Needs root."""

import itertools
import os
import shutil
import subprocess
from pathlib import Path

from support.mounts import own_mounts
from support.programs import RELEASE, ROOT, Process, program, wait_for

# What this machine starts by itself is no part of it. Its groups of processes lie beneath a folder
# of their own, so that two such machines do not meet. 133: it is to be started again.
BOOT = """set -e
mount -t tmpfs tmpfs {store}
mkdir {store}/new {store}/work {store}/root
mount -t overlay -o lowerdir=/,upperdir={store}/new,workdir={store}/work overlay {store}/root
cd {store}/root
rm -rf etc/systemd/system/* etc/pantau var/lib/pantau* var/backups/* var/log/journal
rm -f etc/hostname
tr -d - </proc/sys/kernel/random/uuid >etc/machine-id
mkdir -p etc/pantau var/backups
echo "127.0.0.1 localhost" >etc/hosts
cp {root}/deploy/pantau.conf {root}/deploy/agent.conf etc/pantau/
cp {root}/systemd/*.service {root}/systemd/*.socket {root}/systemd/*.target \\
    {root}/systemd/*.timer etc/systemd/system/
for name in pantau pantau-agent; do
    cp {root}/systemd/$name.sysusers usr/lib/sysusers.d/$name.conf
    cp {root}/systemd/$name.tmpfiles usr/lib/tmpfiles.d/$name.conf
done
cp {programs} usr/bin/
for group in {groups}; do
    [ ! -d $(dirname $group) ] || {{ mkdir $group && echo $$ >$group/cgroup.procs; }}
done
status=133
while [ $status = 133 ]; do
    status=0
    systemd-nspawn --boot --directory={store}/root --machine={name} --private-network \\
        --register=no --keep-unit --link-journal=no --console=pipe </dev/null || status=$?
done
"""
PROGRAMS = ("pantau", "pantau-collector", "pantau-agent", "pantau-web", "pantau-probe")
BOOT_S = 60  # of a machine that is busy with other things
LIMIT_S = 120  # of a command


def missing():
    """Why there can be no such machine, or None."""
    if os.geteuid():
        return "needs root"
    if not shutil.which("systemd-nspawn"):
        return "no systemd-nspawn: deploy/debian/install-packages test"
    return None


def below(pid):
    """The process and all that came of it."""
    yield pid
    for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from below(int(one))


def is_systemd(pid):
    """And no longer what prepares its way."""
    return os.readlink(f"/proc/{pid}/exe").endswith("/systemd")


class Booted:
    numbers = itertools.count(1)

    def __init__(self, folder):
        store = Path(folder) / "store"
        store.mkdir(parents=True)
        name = f"pantau-{os.getpid()}-{next(self.numbers)}"
        self.groups = [Path("/sys/fs/cgroup") / kind / name for kind in ("systemd", "unified")]
        script = BOOT.format(
            store=store, root=ROOT, name=name, groups=" ".join(map(str, self.groups)),
            programs=" ".join(program(one, RELEASE) for one in PROGRAMS))
        self.process = Process(
            [*own_mounts("--pid", "--fork", "--kill-child", "--mount-proc"), "sh", "-c", script],
            Path(folder) / "boot.log")
        self.first = None
        try:
            self.wait_booted()
        except BaseException:
            self.close()
            raise

    def find_first(self, but=None):
        """The machine's first process, once it is another than `but`; None: not yet."""
        assert self.process.alive(), self.process.text()[-3000:]
        try:
            return next((one for one in below(self.process.pid)
                         if one != but and is_systemd(one)), None)
        except OSError:  # it was gone when its turn came
            return None

    def is_up(self):
        done = self.try_run("timeout 5 systemctl is-system-running")
        return done.stdout.strip() in ("running", "degraded")

    def wait_booted(self):
        self.first = wait_for(lambda: self.find_first(self.first), "a first process", BOOT_S)
        wait_for(self.is_up, f"the machine is up\n{self.process.text()[-3000:]}", BOOT_S)

    def reboot(self):
        self.try_run("systemctl reboot")
        self.wait_booted()

    def words(self, command):
        """Of a shell's command in the machine."""
        return ["nsenter", "--target", str(self.first), "--all", "bash", "-c", command]

    def try_run(self, command, limit_s=LIMIT_S):
        """The finished process."""
        return subprocess.run(self.words(command), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=limit_s, check=False)

    def run(self, command):
        """What it printed; it must end well."""
        done = self.try_run(command)
        if done.returncode:
            said = self.try_run("journalctl --no-pager -n 60").stdout
            raise AssertionError(f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}\n{said}")
        return done.stdout

    def shows(self, unit, name):
        return self.run(f"systemctl show --property {name} --value {unit}").strip()

    def journal(self, unit):
        return self.run(f"journalctl --no-pager -o cat -u {unit}")

    def close(self):
        self.process.close()
        for group in self.groups:
            wait_for(lambda one=group: not self.left_in(one), "its processes end")

    @staticmethod
    def left_in(group):
        """Whether a process is left in it; removed when there is none."""
        try:
            for folder, _, _ in os.walk(group, topdown=False):
                os.rmdir(folder)
        except OSError:
            return True
        return False
