#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One OpenAPI document out of the files that lie beside: merge.py OUT DEPFILE FOLDER.

common.json has the head and what many share. Every other file describes a resource: `paths`, and
the `components` that it owns. What any operation can answer is added here, so that nobody writes
it: what is refused, and what fails.
"""
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
CHANGES = ("post", "delete")


class Fault(Exception):
    pass


def read(path):
    def unique(pairs):
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Fault(f"{path.name}: a key twice among {[key for key, _ in pairs]}")
        return found
    try:
        return json.loads(path.read_text(), object_pairs_hook=unique)
    except ValueError as e:
        raise Fault(f"{path.name}: {e}") from e


def add(into, more, where):
    for key, value in more.items():
        if key in into:
            raise Fault(f"{where} {key} is described in another file too")
        into[key] = value


def error(words):
    return {"description": words, "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}


def later(words):
    return {**error(words), "headers": {"Retry-After": {
        "description": "seconds", "schema": {"type": "integer", "minimum": 0}}}}


def common_answers(method, operation):
    """{status: response} of what the server says wherever it may come to it."""
    answers = {"400": error("Not as described; `parameter` and `value` say what."),
               "414": error("The URL is too long."),
               "500": error("The server could not read its own books."),
               "503": later("Too much at once, or no memory: come again.")}
    if operation["x-roles"]:
        answers["401"] = error("Who one is, is not known or no longer.")
        answers["403"] = error("Not for this role, or another's.")
    if method in CHANGES:
        answers["413"] = error("The body is too long.")
        answers["415"] = error("The body is no application/json.")
    return answers


def complete(paths):
    for path, methods in paths.items():
        for method, operation in methods.items():
            if "x-roles" not in operation:
                raise Fault(f"{method} {path}: no x-roles")
            responses = operation["responses"]
            for status, answer in common_answers(method, operation).items():
                responses.setdefault(status, answer)
            operation["responses"] = dict(sorted(responses.items()))
            if not operation["x-roles"]:
                operation["security"] = []
            elif "public" in operation["x-roles"]:
                operation["security"] = [{}, {"session": []}, {"token": []}]


def merge(folder=FOLDER):
    """The whole document; Fault when the files do not fit together."""
    document = read(folder / "common.json")
    document["paths"] = {}
    for path in sorted(folder.glob("*.json")):
        if path.name == "common.json":
            continue
        part = read(path)
        unknown = set(part) - {"paths", "components"}
        if unknown:
            raise Fault(f"{path.name}: {sorted(unknown)} belong into no such file")
        add(document["paths"], part.get("paths", {}), "the path")
        for kind, components in part.get("components", {}).items():
            add(document["components"].setdefault(kind, {}), components, f"of {kind}")
    complete(document["paths"])
    document["paths"] = dict(sorted(document["paths"].items()))
    return document


def main(out, depfile, folder):
    text = json.dumps(merge(), ensure_ascii=False, separators=(",", ":")) + "\n"
    # For embed.py, which takes a whole folder, and for ninja, which knows no folders.
    for path in (pathlib.Path(out), pathlib.Path(folder) / "openapi.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    sources = " ".join(str(path) for path in sorted(FOLDER.glob("*.json")))
    pathlib.Path(depfile).write_text(f"{out}: {FOLDER} {sources}\n")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Fault as e:
        sys.exit(f"merge.py: {e}")
