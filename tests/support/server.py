# SPDX-License-Identifier: Apache-2.0
"""A real server in a folder of its own: stores, CA, ingest, ledger and web, by the real command
line. Everything that it starts ends with close()."""

import csv
import io
import json
import os
import socket
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from support import described
from support.programs import ROOT, SANITIZED, Process, free_port, program, wait_for

REGIONS = sorted((ROOT / "tests" / "data" / "regions").glob("*.csv"))
DESA = "64.08.05.2001"
# of those that write into the journal and nowhere else
SOCKETS = {name: f"journal/{name}.sock" for name in ("ingest", "reflector")}


class CommandFailed(AssertionError):
    def __init__(self, command, done):
        super().__init__(f"{' '.join(command)}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
        self.status, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr


@dataclass
class Issued:
    agent: int
    folder: Path


class Server:
    """`folder` is made; state lies in folder/state. `settings`: {section: {key: value}}."""

    under = ()  # words that its programs are started with: of valgrind

    def __init__(self, folder, build=SANITIZED, address="127.0.0.1", settings=None, netns=None):
        self.folder, self.build, self.netns, self.address = Path(folder), build, netns, address
        self.state = self.folder / "state"
        self.config = self.folder / "pantau.conf"
        self.port, self.web_port = free_port(), free_port()
        self.parts, self.tokens = {}, {}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.configure(settings or {})

    def configure(self, settings):
        """Writes the configuration anew; running parts read it at their next start."""
        sections = {"collector": {"listen": f"{self.address}:{self.port}", "clock": "trusted",
                                  "reserve_mib": 0},
                    "reflector": {"listen": ""},
                    "web": {"listen": f"127.0.0.1:{self.web_port}"}}
        for section, keys in settings.items():
            sections.setdefault(section, {}).update(keys)
        self.config.write_text("".join(
            f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
            for section, keys in sections.items()))

    # ---- the command line

    def run(self, *words):
        """The finished process, whatever its status."""
        command = [program("pantau", self.build), *map(str, words), "--state", str(self.state)]
        if "--config" not in words:
            command += ["--config", str(self.config)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    def pantau(self, *words):
        """Standard output; CommandFailed when it fails."""
        done = self.run(*words)
        if done.returncode:
            raise CommandFailed(["pantau", *map(str, words)], done)
        return done.stdout

    def rows(self, *words):
        """The rows of a command that prints CSV."""
        return list(csv.DictReader(io.StringIO(self.pantau(*words, "--format", "csv"))))

    def sla(self, month, *words):
        return self.rows("sla", "--month", month, *words)

    def init(self):
        self.pantau("init", "--no-admin")
        self.pantau("region", "import", *REGIONS)
        return self

    def add_link(self, desa=DESA, provider="Penyedia Uji", kind="fibre", **options):
        """The new link's id."""
        words = [word for key, value in options.items() for word in (f"--{key}", value)]
        out = self.pantau("link", "add", "--desa", desa, "--provider", provider, "--kind", kind,
                          *words)
        return last_number(out)

    def add_contract(self, link, start="2026-01-01", target="99.5", fee=1200000, formula="excess",
                     words=()):
        return last_number(self.pantau(
            "contract", "add", "--link", link, "--from", start, "--mbps-down", 20, "--mbps-up", 5,
            "--fee", fee, "--target", target, "--formula", formula, *words))

    def issue(self, link, name="agent", start="2026-01-01", words=(), known=True):
        """A new agent: its number, and its folder with agent.key, agent.crt and ca.crt. Ingest
        knows it already, unless `known` is false."""
        folder = self.folder / name
        out = self.pantau("agent", "issue", "--link", link, "--out", folder, "--from", start,
                          "--collector", f"{self.address}:{self.port}", *words)
        if known and "ingest" in self.parts:
            self.wait_roster()
        return Issued(int(out), folder)

    def wait_roster(self):
        """Until ingest has read what the registry wrote last."""
        sequence = registry_sequence(self)
        wait_for(lambda: self.status_of("ingest").get("roster_sequence", 0) >= sequence,
                 "ingest reads the roster")

    # ---- the processes

    def start(self, *names):
        """Parts of: ingest, ledger, web. Waits until each is ready."""
        for name in names or ("ingest", "ledger"):
            self.launch(name)
            self.wait_ready(name)
        return self

    def launch(self, name):
        """Starts a part and does not wait."""
        binary = ["pantau-web"] if name == "web" else ["pantau-collector", name]
        command = [*self.under, program(binary[0], self.build), *binary[1:], "--state",
                   str(self.state), "--config", str(self.config)]
        self.parts[name] = Process(command, self.folder / f"{name}.log", self.netns)

    def wait_ready(self, name):
        part = self.parts[name]

        def ready():
            assert part.alive(), f"{name} ended at once:\n{part.text()[-3000:]}"
            if name == "web":
                return self.get("/readyz", None) is not None or self.get("/healthz", None)
            if name == "signer":
                return "signs what the registry holds" in part.text()
            return self.status_of(name)
        wait_for(ready, f"{name} is ready\n{part.text()[-3000:]}", timeout_s=30, every_s=0.02)

    def status_of(self, name):
        """What STATE/NAME.sock says, as a dict; {} while nobody listens."""
        return ask(self.state, SOCKETS.get(name, f"{name}.sock"))

    def kill(self, name):
        self.parts.pop(name).kill()

    def stop(self, *names):
        for name in names or tuple(reversed(self.parts)):
            part = self.parts.pop(name)
            try:
                status = part.stop()
            finally:
                part.close()
            assert status == 0, f"{name} ended with {status}:\n{part.text()[-3000:]}"

    def log(self, name):
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def token(self, role="admin", **options):
        """A token of an account with this role, made when it is first asked for."""
        key = (role, *sorted(options.items()))
        if key not in self.tokens:
            words = [word for name, value in options.items() for word in (f"--{name}", value)]
            self.tokens[key] = self.pantau("user", "add", f"uji-{len(self.tokens)}", "--role", role,
                                           "--token", *words).strip()
        return self.tokens[key]

    def get(self, path, *missing):
        """The body of a GET from the web, as an administrator; `missing` is returned instead of an
        error when given."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.web_port}{path}")
        if path.startswith("/api/"):
            request.add_header("Authorization", f"Bearer {self.token()}")
        asked = described.Asked("GET", path)
        try:
            with urllib.request.urlopen(request, timeout=10) as r:
                body = r.read()
                described.check(asked, r.status, r.headers, body)
                return body
        except (urllib.error.URLError, OSError) as e:
            if isinstance(e, urllib.error.HTTPError):
                described.check(asked, e.code, e.headers, None)
            if missing:
                return missing[0]
            raise

    def close(self):
        parts, self.parts = self.parts, {}
        for part in parts.values():
            part.close()
        for part in parts.values():
            part.check_sanitizers()


def ask(state, name):
    """One JSON object from a unix socket in the state folder."""
    folder = os.open(state, os.O_PATH | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(f"/proc/self/fd/{folder}/{name}")
            text = b"".join(iter(lambda: client.recv(65536), b""))
        return json.loads(text) if text else {}
    except (FileNotFoundError, ConnectionError, TimeoutError):
        return {}
    finally:
        os.close(folder)


def registry_sequence(server):
    """The number of the registry's last change."""
    return json.loads((server.state / "roster.json").read_text())["sequence"]


def last_number(text):
    numbers = [word for word in text.replace("\n", " ").split() if word.strip(".:,").isdigit()]
    assert numbers, f"no number in: {text}"
    return int(numbers[-1].strip(".:,"))
