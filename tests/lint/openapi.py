#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""web/openapi describes what web/routes.c serves, and nothing else: each path with its methods,
its roles and the function that answers; and the description is sound in itself."""

import re
import sys
from pathlib import Path

import jsonschema
import tree

sys.dont_write_bytecode = True
ROUTES, ROLES = "web/routes.c", "web/account/principal.h"
ROW = re.compile(r'\{(READ|POST|DELETE), "([^"]+)",\s+(\w+),\s+(\w+)')
METHODS = {"READ": "get", "POST": "post", "DELETE": "delete"}
ROLE_ORDER = ["admin", "noc", "officer", "provider", "public"]


def load(root):
    """merge.py of this tree, whose merge() makes the document."""
    place = {"__name__": "merge", "__file__": str(Path(root) / "web/openapi/merge.py")}
    exec(compile(tree.text_of(root, "web/openapi/merge.py"), "merge.py", "exec"), place)
    return place


def role_sets(text):
    """{macro: set of roles} of principal.h, and that nobody is asked."""
    text = text.replace("\\\n", " ")
    sets = {"NOBODY_ASKED": set()}
    for name, value in re.findall(r"#define (ROLES_\w+) +(.+?)(?:/\*|$)", text, re.M):
        found = {role.lower() for role in re.findall(r"ROLE_BIT\(USER_(\w+)\)", value)}
        for other in re.findall(r"ROLES_\w+", value):
            found |= sets[other]
        sets[name] = found
    return sets


def served(root):
    """{(method, path with {}): (roles, function)} of routes.c."""
    sets = role_sets(tree.text_of(root, ROLES))
    text = tree.text_of(root, ROUTES)
    table = text[text.index("routes[] = {"):text.index("#define ROUTE_COUNT")]
    return {(METHODS[method], path): (sets[roles], function)
            for method, path, roles, function in ROW.findall(table)}


def described(document):
    return {(method, re.sub(r"\{\w+\}", "{}", path)): (set(operation["x-roles"]),
                                                       operation["operationId"])
            for path, methods in document["paths"].items()
            for method, operation in methods.items()}


def compare(routes, document):
    words = described(document)
    faults = [f"{ROUTES}: {method} {path} is not described in web/openapi"
              for method, path in sorted(routes.keys() - words.keys())]
    faults += [f"web/openapi: {method} {path} is served nowhere"
               for method, path in sorted(words.keys() - routes.keys())]
    for key in sorted(routes.keys() & words.keys()):
        for what, here, there in zip(("roles", "operationId"), routes[key], words[key]):
            if here != there:
                faults.append(f"web/openapi: {' '.join(key)}: {what} {there}, but {here} in "
                              f"{ROUTES}")
    return faults


def walk(value, path=""):
    """Every object within, with where it stands."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from walk(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from walk(inner, f"{path}/{number}")


def resolve(document, ref):
    place = document
    for part in ref.removeprefix("#/").split("/"):
        place = place.get(part) if isinstance(place, dict) else None
    return place


def reference_faults(document):
    used, faults = set(), []
    for path, value in walk(document):
        ref = value.get("$ref")
        if isinstance(ref, str):
            used.add(ref)
            if resolve(document, ref) is None:
                faults.append(f"web/openapi: {path}: {ref} is nowhere")
    for kind in ("schemas", "parameters", "responses"):
        for name in document["components"].get(kind, {}):
            if f"#/components/{kind}/{name}" not in used:
                faults.append(f"web/openapi: {kind} {name} is used nowhere")
    return faults


def schema_faults(document):
    """Schemas are those of JSON Schema 2020-12, and their objects have no members but theirs."""
    faults = []
    for path, value in walk(document):
        if "schema" in value and isinstance(value["schema"], dict):
            faults += meta_faults(f"{path}/schema", value["schema"])
        if "properties" in value and value.get("type") == "object":
            if value.get("additionalProperties") is not False:
                faults.append(f"web/openapi: {path}: additionalProperties is not false")
            for name in set(value.get("required", [])) - set(value["properties"]):
                faults.append(f"web/openapi: {path}: {name} is required and not described")
    for name, schema in document["components"]["schemas"].items():
        faults += meta_faults(f"schemas/{name}", schema)
    return faults


def meta_faults(path, schema):
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        return []
    except jsonschema.SchemaError as e:
        return [f"web/openapi: {path}: {e.message}"]


def parameter_faults(document):
    """What stands in {} is described, and nothing else as of the path; no name twice."""
    faults = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            given = [resolve(document, one["$ref"]) if "$ref" in one else one
                     for one in operation.get("parameters", [])]
            names = [(one["in"], one["name"]) for one in given]
            wanted = set(re.findall(r"\{(\w+)\}", path))
            if {name for place, name in names if place == "path"} != wanted:
                faults.append(f"web/openapi: {method} {path}: its path parameters are {wanted}")
            if len(set(names)) != len(names):
                faults.append(f"web/openapi: {method} {path}: a parameter twice")
            if method == "get" and "requestBody" in operation:
                faults.append(f"web/openapi: {method} {path}: a body")
    names = [operation["operationId"] for methods in document["paths"].values()
             for operation in methods.values()]
    return faults + [f"web/openapi: operationId {name} twice"
                     for name in sorted(set(names)) if names.count(name) > 1]


def check(root):
    place = load(root)
    try:
        document = place["merge"]()
    except place["Fault"] as e:
        return [f"web/openapi: {e}"], []
    return (compare(served(root), document) + reference_faults(document)
            + schema_faults(document) + parameter_faults(document)), []


if __name__ == "__main__":
    sys.exit(tree.main(check))
