#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the files of a folder as a C table (see web/assets.h): embed.py OUT.c FOLDER TABLE."""
import hashlib
import pathlib
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}


def rows(content):
    for at in range(0, len(content), 16):
        yield "\t" + " ".join(f"{byte}," for byte in content[at:at + 16])


def main(out, folder, name_of_table):
    text = ["/* Made by web/page/embed.py. */", '#include "web/assets.h"', ""]
    table = []
    files = sorted(pathlib.Path(folder).iterdir(), key=lambda path: (path.suffix != ".html", path))
    for number, path in enumerate(files):
        content = path.read_bytes()
        name = "/" if path.name == "index.html" else "/" + path.name
        tag = hashlib.sha256(content).hexdigest()[:20]
        # A part's name changes with its content: a browser may keep it for good.
        for_good = "true" if path.name.startswith("part-") else "false"
        text += [f"static const unsigned char file_{number}[] = {{", *rows(content), "};", ""]
        table.append(f'\t{{"{name}", "{TYPES[path.suffix]}", "\\"{tag}\\"", {for_good}, '
                     f"file_{number}, sizeof(file_{number})}},")
    text += [f"const struct asset {name_of_table}[] = {{", *table, "\t{NULL},", "};", ""]
    pathlib.Path(out).write_text("\n".join(text))


main(*sys.argv[1:])
