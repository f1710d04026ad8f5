#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The officer's guide: what stands in bold there is a word of the page, each picture is one that
the tests of the page take, and none lies there unused."""

import re
import sys

import tree

GUIDE = "docs/PETUGAS.md"
OWN = {"orang kedua"}  # emphasis, and no button


def check(root):
    text = tree.text_of(root, GUIDE)
    words = "\n".join(tree.text_of(root, path) for path in tree.files(root, ".ts", ".tsx")
                      if str(path).startswith("web/page/src"))
    shots = set()
    for path in tree.files(root, ".py"):
        shots |= set(re.findall(r'\.shot\("([\w-]+)"\)', tree.text_of(root, path)))
    bold = set(re.findall(r"\*\*([^*]+)\*\*", text)) - OWN
    shown = set(re.findall(r"\(gambar/([\w-]+)\.png\)", text))
    there = {path.stem for path in tree.files(root, ".png") if path.parent.name == "gambar"}
    return [*(f"{GUIDE}: the page has no {word!r}" for word in sorted(bold) if word not in words),
            *(f"{GUIDE}: no test takes {name}.png" for name in sorted(shown - shots)),
            *(f"docs/gambar/{name}.png: shown or there, not both"
              for name in sorted(shown ^ there))], []


if __name__ == "__main__":
    sys.exit(tree.main(check))
