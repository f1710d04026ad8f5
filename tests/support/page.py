# SPDX-License-Identifier: Apache-2.0
"""Chromium without a window, driven through tests/page/drive.mjs."""

import itertools
import json
import os
import re
import shutil
import subprocess

from support import described
from support.programs import RELEASE, ROOT

CHROMIUM = "/usr/bin/chromium"
FILES = RELEASE / "web" / "page" / "files"
STUMBLED = re.compile(r".{0,60}(?:\bNaN\b|\bundefined\b|\[object |Invalid Date).{0,60}")
SHOTS = RELEASE / "screenshots"  # what people would have seen: kept to be looked at


def missing():
    """Why there can be no tests in a browser, or None."""
    for program in (CHROMIUM, "node", "npm"):
        if not shutil.which(program):
            return f"no {program}: deploy/debian/install-packages page"
    return None


class Chromium:
    def __init__(self):
        self.folder = folder = RELEASE / "page-tests"
        subprocess.run([ROOT / "tests" / "page" / "install.sh", folder], check=True, timeout=120)
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.log = open(folder / f"drive-{os.getpid()}.log", "w")
        self.process = subprocess.Popen(
            ["node", "drive.mjs"], cwd=folder, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.log, start_new_session=True, env=dict(os.environ))
        self.ids = itertools.count(1)

    def order(self, name, tab=None, **rest):
        order = {"id": next(self.ids), "do": name, **rest}
        if tab:
            order["tab"] = tab
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the browser ended: see {self.log.name}"
        answer = json.loads(line)
        assert answer["id"] == order["id"]
        assert "error" not in answer, f"{name} {rest}: {answer['error']}"
        return answer["value"]

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


def check_answer(answer):
    """Of the page's own questions, as drive.mjs kept them."""
    target = answer["url"].split("/", 3)[3]
    asked = described.Asked(answer["method"], f"/{target.partition('#')[0]}",
                            json.loads(answer["asked"]) if answer["asked"] else None)
    headers = {name.title(): value for name, value in answer["headers"].items()}
    body = answer["body"]
    described.check(asked, answer["status"], headers, None if body is None else body.encode())


class Tab:
    """One window of somebody who is not logged in yet. Selectors are Playwright's."""

    def __init__(self, chromium, server, **options):
        self.chromium, self.server = chromium, server
        self.tab = chromium.order("open", **options)

    def order(self, name, **rest):
        return self.chromium.order(name, tab=self.tab, **rest)

    def go(self, path):
        self.order("go", url=f"http://127.0.0.1:{self.server.web_port}{path}")

    def click(self, what):
        self.order("click", what=what)

    def fill(self, what, text):
        self.order("fill", what=what, text=text)

    def press(self, *keys):
        for key in keys:
            self.order("press", key=key)

    def wait(self, what, seconds=10):
        self.order("wait", what=what, seconds=seconds)

    def text(self, what="body"):
        return self.order("text", what=what)

    def count(self, what):
        return self.order("count", what=what)

    def run(self, code):
        return self.order("run", code=code)

    def shot(self, name):
        """What a person sees now; nobody may read what a program stumbled over."""
        read = self.text()
        assert not STUMBLED.search(read), STUMBLED.search(read)[0]
        self.order("shot", path=str(SHOTS / f"{name}.png"))

    def serious_faults(self):
        return self.order("axe")

    def log_in(self, name, password, path="/masuk"):
        self.go(path)
        self.fill("#name", name)
        self.fill("#password", password)
        self.press("Enter")
        self.wait("header nav")

    def close(self):
        """Nothing may have gone wrong in it, and all that it was answered is described."""
        faults, answers = self.order("faults"), self.order("answers")
        self.order("close")
        assert not faults, faults
        for answer in answers:
            check_answer(answer)

    def __enter__(self):
        return self

    def __exit__(self, kind, *what):
        if kind is None:
            self.close()
