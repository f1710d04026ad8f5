# SPDX-License-Identifier: Apache-2.0
"""A machine of its own for commands that are typed as they stand in a document: its own mounts
(/etc, /var, /root, /media and /run may be written and are forgotten), network and processes. Needs
root."""

import shlex
import shutil
import subprocess
from pathlib import Path

from support.mounts import own_mounts
from support.programs import PLACES, RELEASE, ROOT, SANITIZED, Process, wait_for

# Overlays: what is there is seen, what is written stays in the machine. The addresses that agents
# ask lie in a network behind its wan0.
BOOT = """set -e
mount -t tmpfs tmpfs {store}
for folder in etc var root media; do
    mkdir -p {store}/$folder.new {store}/$folder.work
    options=lowerdir=/$folder,upperdir={store}/$folder.new,workdir={store}/$folder.work
    mount -t overlay -o $options overlay /$folder
done
mount -t tmpfs tmpfs /run
mkdir -p /etc/pantau /var/log /media/usb
rm -rf /var/lib/pantau /var/lib/pantau-agent
cp {root}/deploy/pantau.conf {root}/deploy/agent.conf /etc/pantau/
echo "127.0.0.1 noc.example.go.id" >>/etc/hosts
ip link set lo up
unshare --net sleep infinity & internet=$!
while [ /proc/$internet/ns/net -ef /proc/$$/ns/net ]; do sleep 0.02; done
ip link add wan0 type veth peer name out0 netns $internet
ip address add 100.64.7.2/24 dev wan0
ip link set wan0 up
ip route add default via 100.64.7.1 dev wan0
outside="nsenter --target $internet --net"
$outside ip link set lo up
$outside ip link set out0 up
for address in 100.64.7.1/24 1.1.1.1 8.8.8.8 9.9.9.9 8.8.4.4; do
    $outside ip address add $address dev out0
done
touch {folder}/ready
exec sleep infinity
"""
LIMIT_S = 60  # of a command


class Machine:
    """`state`: laid at /var/lib/pantau. Commands run in folder/work, where the checkout's files
    are seen, and `build` is a build."""

    def __init__(self, folder, state=None):
        self.folder = Path(folder)
        self.work = self.folder / "work"
        self.work.mkdir(parents=True)
        store = self.folder / "store"
        store.mkdir()
        for path in ROOT.iterdir():
            if not path.name.startswith(("build", ".")):
                (self.work / path.name).symlink_to(path)
        (self.work / "build").symlink_to(SANITIZED)
        self.programs()
        self.process = Process(
            [*own_mounts("--net", "--pid", "--fork", "--kill-child", "--mount-proc"), "sh", "-c",
             BOOT.format(store=store, root=ROOT, folder=self.folder)],
            self.folder / "boot.log")
        wait_for(self.booted, "the machine is there", every_s=0.02)
        self.inner = self.first_process()
        if state:
            self.run(f"cp -a {shlex.quote(str(state))} /var/lib/pantau")

    def booted(self):
        assert self.process.alive(), self.process.text()
        return (self.folder / "ready").exists()

    def first_process(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text().split()[0])

    def programs(self):
        shelf = self.folder / "bin"
        shelf.mkdir()
        for name, place in PLACES.items():
            (shelf / name).symlink_to(RELEASE / place)
        (shelf / "systemctl").symlink_to(ROOT / "tests" / "support" / "systemctl.py")

    def run(self, command, limit_s=LIMIT_S):
        """The finished process. What it set in variables with small letters the next one has."""
        script = (f"cd {self.work}; PATH={self.folder}/bin:$PATH; . ../variables\n"
                  f"{command}\nstatus=$?\n"
                  "for name in $(compgen -v | grep '^[a-z]'); do declare -p $name; done"
                  " >../variables\nexit $status")
        (self.folder / "variables").touch()
        return subprocess.run(
            ["nsenter", "--target", str(self.inner), "--mount", "--root", "--net", "--pid", "bash",
             "-c", script], input="kata sandi yang panjang\n", capture_output=True, text=True,
            timeout=limit_s, check=False)

    def close(self):
        self.process.close()
        shutil.rmtree(self.folder, ignore_errors=True)
