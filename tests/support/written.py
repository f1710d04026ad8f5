# SPDX-License-Identifier: Apache-2.0
"""The project's documents as tests read them: their blocks, commands, links and headings."""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from support.programs import ROOT

SHELL = ("sh", "console")
LANGUAGES = (*SHELL, "c", "csv", "hex", "ini", "text")
FENCE = re.compile(r"\s*```(\S*)[^`]*$")
PROMPT = "$ "


@dataclass
class Block:
    page: str
    line: int  # of its first line
    language: str
    lines: list = field(default_factory=list)


@dataclass
class Command:
    page: str
    line: int
    text: str
    shown: list = field(default_factory=list)  # what the document says that it prints

    def where(self):
        return f"{self.page}:{self.line}: {self.text}"


def is_ours(folder):
    return folder not in (".git", "node_modules", "state") and not folder.startswith("build")


def pages():
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if is_ours(name)]
        found += [os.path.relpath(Path(folder) / name, ROOT) for name in names
                  if name.endswith(".md")]
    return sorted(found)


def blocks_of(page, text):
    found, block = [], None
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if fence and block:
            found.append(block)
            block = None
        elif fence:
            block = Block(page, number + 1, fence[1])
        elif block:
            block.lines.append(line)
    assert block is None, f"{page}:{block.line}: a block that does not end"
    return found


def is_whole(text):
    done = subprocess.run(["bash", "-n", "-c", text], capture_output=True, check=False)
    return done.returncode == 0 and not text.endswith("\\")


def without_comment(text):
    """No command of ours has a # of its own after a space."""
    return re.sub(r"\s+#.*$", "", text, flags=re.M).strip()


def commands_of(block):
    found, begun = [], None
    for number, line in enumerate(block.lines, block.line):
        if block.language == "console" and not begun and not line.startswith(PROMPT):
            assert found, f"{block.page}:{number}: printed before any command"
            found[-1].shown.append(line)
            continue
        line = line.removeprefix(PROMPT) if block.language == "console" else line
        if not begun and not line.strip():
            continue
        begun = begun or Command(block.page, number, "")
        begun.text = f"{begun.text}\n{line}" if begun.text else line
        if is_whole(begun.text):
            begun.text = without_comment(begun.text)
            found.append(begun)
            begun = None
    assert not begun, f"{begun.where()}: a command that does not end"
    return found


def commands(page):
    blocks = blocks_of(page, (ROOT / page).read_text())
    return [command for block in blocks if block.language in SHELL for command in
            commands_of(block)]


def as_shown(line):
    """Numbers may be others, and ... is anything."""
    line = re.escape(" ".join(line.split())).replace("\\ ", r"\s+").replace(r"\.\.\.", ".*")
    return re.compile(r"\s*" + re.sub(r"\d+", r"\\d+", line))


def first_unprinted(shown, printed):
    """The first line of the document that is not printed, in order; None when all are."""
    lines = iter(printed.splitlines())
    for wanted in shown:
        form = as_shown(wanted)
        if not any(form.match(line) for line in lines):
            return wanted
    return None


# ---- links


def slug(heading):
    """As the page's renderers name a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower().replace("`", "")).strip().replace(" ", "-")


def without_blocks(text):
    return re.sub(r"```.*?```", "", text, flags=re.S)


def anchors(text):
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", without_blocks(text), re.M)}


def links(text):
    """(path, anchor) of each link that stays in the project."""
    found = re.findall(r"\]\(([^)\s]+)\)", without_blocks(text))
    return [one.partition("#")[::2] for one in found if not re.match(r"\w+:", one)]
