#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who includes whom: the layers of docs/ARCHITECTURE.md, no cycle, foreign headers in place."""

import re
import sys
from pathlib import PurePosixPath

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)

# A room may include itself and these. The longest matching path names a file's room.
SERVER = {"common", "proto", "collector/settings", "collector/ledger", "collector/store"}
LAYERS = {
    "common": set(),
    "proto": {"common"},
    "agent/core": {"common", "proto"},
    "agent": {"common", "proto", "agent/core"},
    "swarm": {"common", "proto", "agent/core"},
    "collector/settings": {"common"},
    "collector/status_socket": {"common"},
    "collector/quiet": set(),
    "collector/gzip": {"common"},
    "collector/followers": {"common", "proto"},
    "collector/signer": {"common", "proto"},
    "collector/reflector": {"common", "proto", "collector/settings", "collector/status_socket"},
    "collector/ledger": {"common", "proto"},
    "collector/ingest": {"common", "proto", "collector/settings", "collector/status_socket",
                         "collector/quiet", "collector/reflector",
                         "collector/followers", "collector/signer"},
    "collector/store": {"common", "proto", "collector/ledger"},
    "collector/export": SERVER | {"collector/gzip"},
    "collector/incident": SERVER,
    "collector/alert": SERVER | {"collector/incident", "collector/export", "collector/report",
                                 "collector/explain", "collector/status_socket"},
    "collector/report": SERVER,
    "collector/closing": SERVER | {"collector/report"},
    "collector/report/monthly": SERVER | {"collector/report", "collector/closing"},
    "collector/explain": SERVER | {"collector/report"},
    "collector/desk": SERVER | {"collector/explain", "collector/report"},
    "collector/archive": SERVER,
    "collector/backup": SERVER,
    "collector": SERVER | {"collector/ingest", "collector/export", "collector/signer",
                           "collector/report", "collector/closing", "collector/archive",
                           "collector/reflector", "collector/status_socket", "collector/quiet",
                           "collector/alert"},
    "web": SERVER | {"collector/report", "collector/report/monthly", "collector/closing",
                     "collector/explain", "collector/desk", "collector/incident", "collector/gzip",
                     "collector/followers"},
    "cli": SERVER | {"collector/report", "collector/report/monthly", "collector/closing",
                     "collector/explain", "collector/desk", "collector/archive", "collector/backup",
                     "collector/export", "collector/signer", "collector/followers",
                     "collector/reflector"},
}

# One foreign library, one file or one folder: header -> beginnings of the paths that may name it.
FOREIGN = {
    r"(pango|cairo|fontconfig).*": ["collector/report/monthly/paper/"],
    r"qrencode\.h": ["collector/report/monthly/paper/qr"],
    r"xlsxwriter\.h": ["collector/report/monthly/xlsx/"],
    r"sqlite3\.h": ["collector/store/"],
    r"zstd\.h": ["collector/store/zstd", "collector/archive/"],
    r"archive(_entry)?\.h": ["collector/backup/"],
    r"zlib\.h": ["collector/gzip"],
    r"curl/.*": ["collector/export/", "agent/probe/", "tests/bench/bare_writer"],
    r"openssl/.*": ["common/tls", "common/crypto", "collector/signer/"],
    r".*\.pb-c\.h": ["proto/codec"],
    r"protobuf-c/.*": ["proto/codec"],
    r"microhttpd\.h": ["web/server"],
    r"ini\.h": ["common/conf"],
    r"jansson\.h": ["collector/", "web/", "cli/"],
    r"uv\.h": ["agent/", "collector/", "swarm/"],
    r"cmocka\.h": ["tests/"],
}
PURE = ("common", "proto", "agent/core", "collector/ledger")  # no event loop in there


def room_of(path):
    text = str(PurePosixPath(path))
    names = [name for name in LAYERS if text.startswith(name + "/") or text.startswith(name + ".")]
    return max(names, key=len, default=None)


def read_includes(root):
    graph, foreign = {}, {}
    for path in tree.files(root, ".c", ".h"):
        found = INCLUDE.findall(tree.text_of(root, path) or "")
        graph[str(path)] = [name for name, _ in found if name and (root / name).exists()]
        foreign[str(path)] = [a or b for a, b in found if not (a and (root / a).exists())]
    return graph, foreign


def find_cycle(graph):
    """One cycle as a list of nodes, or None."""
    done, under_way = set(), []

    def visit(node):
        if node in under_way:
            return under_way[under_way.index(node):] + [node]
        if node in done:
            return None
        under_way.append(node)
        for other in graph.get(node, ()):
            cycle = visit(other)
            if cycle:
                return cycle
        under_way.pop()
        done.add(node)
        return None

    for node in graph:
        cycle = visit(node)
        if cycle:
            return cycle
    return None


def layer_faults(graph):
    faults, rooms = [], {}
    for path, others in graph.items():
        if path.startswith("tests/"):
            continue
        own = room_of(path)
        if own is None:
            faults.append(f"{path}: lies in no room of tests/lint/includes.py")
            continue
        for other in others:
            room = room_of(other)
            rooms.setdefault(own, set()).add(room)
            if room != own and room not in LAYERS[own]:
                faults.append(f"{path}: {own} may not include {other}")
    cycle = find_cycle({room: others - {room} for room, others in rooms.items()})
    if cycle:
        faults.append(f"rooms include each other in a circle: {' -> '.join(map(str, cycle))}")
    return faults


def foreign_faults(foreign):
    faults = []
    for path, headers in foreign.items():
        for header in headers:
            for pattern, places in FOREIGN.items():
                allowed = path.startswith(tuple(places) + ("tests/",))
                if re.fullmatch(pattern, header) and not allowed:
                    faults.append(f"{path}: <{header}> belongs in {', '.join(places)}")
            if header == "uv.h" and room_of(path) in PURE:
                faults.append(f"{path}: a pure room has no event loop")
    return faults


def check(root):
    graph, foreign = read_includes(root)
    faults = layer_faults(graph) + foreign_faults(foreign)
    cycle = find_cycle(graph)
    if cycle:
        faults.append(f"{cycle[0]}: includes itself by way of {' -> '.join(cycle)}")
    return faults, []


if __name__ == "__main__":
    sys.exit(tree.main(check))
