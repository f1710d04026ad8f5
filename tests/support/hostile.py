# SPDX-License-Identifier: Apache-2.0
"""Questions that nobody means well, made of the description of the API: for each parameter and each
member values that its schema does not allow."""

import json
import urllib.parse

from support import described

LONG = "x" * 1500
ODD_TEXTS = {"nothing": "", "control": "a\x01b", "two lines": "a\nb", "turned": "a\u202eb",
             "unseen": "a\u200bb", "blank": "  "}
ODD_NUMBERS = ["", "-1", "1.5", "0x10", "1e3", "+1", " 1", "1 ", "99999999999999999999999", "nan",
               "\u0661", "1;2", "true"]
ODD_TIMES = ["", "kemarin", "2026-13-01", "2026-02-30", "2026-01-01T25:00:00Z", "-1", LONG,
             "2026-01-01T00:00:00+99:99", "99999999999999-01-01", "2026-01-01\n"]
ODD_CODES = ["", "64", "6408", "64.8", "64.08.", "aa.bb", "64.08.05.2001.1",
             "'; DROP TABLE link;--", "../../etc/passwd", "%", "\u0666\u0664.08", LONG]
NOT_UTF8, ZERO = "%ff%fe", "%00"


def quote(text):
    return urllib.parse.quote(text, safe="")


def is_time(schema):
    return schema is described.document()["components"]["schemas"]["When"]


# ---- a value that is as described

def good(schema, name):
    """One that the schema allows, as JSON has it."""
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if is_time(schema):
        return "2026-01-05"
    kind = schema.get("type")
    if kind == "integer":
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return True
    if kind == "array":
        return [good(schema["items"], name)]
    known = {"document": "ab" * 32, "provider": "Penyedia Uji", "hash": "ab" * 32,
             "file": "64.08.csv", "id": "1-1767225600", "password": "kata sandi yang lain",
             "new": "kata sandi yang lain", "accept": "none"}
    return known.get(name, "sesuatu")


def good_path(template, operation):
    for one in operation.get("parameters", ()):
        if one["in"] == "path":
            value = str(good(one["schema"], one["name"]))
            template = template.replace("{" + one["name"] + "}", quote(value))
    return template


def good_query(operation):
    return {one["name"]: quote(str(good(one["schema"], one["name"])))
            for one in operation.get("parameters", ())
            if one["in"] == "query" and one.get("required")}


def body_schema(operation):
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema")


ONE_OF = [("at", "outage"), ("link", "desa", "kecamatan", "kabupaten", "provider"),
          ("dismissal", "dispute")]


def good_body(operation, for_member=None):
    """With every member that is needed; of those of which one is wanted, this one."""
    schema = body_schema(operation)
    if not schema:
        return None
    members = schema["properties"]
    body = {name: good(one, name) for name, one in members.items()
            if name in schema["required"] or name == for_member}
    for group in ONE_OF:
        optional = [name for name in group if name in members and name not in schema["required"]]
        if len(optional) > 1 and not any(name in body for name in optional):
            body[optional[0]] = good(members[optional[0]], optional[0])
    return body


# ---- and those that are not

def odd_texts(schema):
    """Texts of a URL that this schema does not allow, escaped."""
    if is_time(schema):
        texts = ODD_TIMES
    elif schema.get("type") == "integer":
        texts = ODD_NUMBERS + [str(schema[key] + step) for key, step in
                               (("minimum", -1), ("maximum", 1)) if key in schema]
    elif "enum" in schema:
        first = str(schema["enum"][0])
        texts = ["", "lain", LONG, first + " ", first.upper() + "x"]
    elif "pattern" in schema:
        texts = ODD_CODES
    else:
        texts = [*ODD_TEXTS.values(), LONG]
    return [quote(text) for text in texts] + [NOT_UTF8, ZERO]


def odd_values(schema):
    """Values of JSON that this schema does not allow."""
    kind = schema.get("type")
    others = {"string": "x", "integer": 7, "boolean": True, "array": ["x"]}
    values = [value for name, value in others.items() if name != kind] + [1.5, {"a": 1}, [[]]]
    if kind == "integer":
        values += [0, -1, 2 ** 63, 10 ** 30, -2 ** 63] if schema.get("minimum") == 1 else []
    elif kind == "array":
        values += [[], [7], [""], ["x"] * 2001, [None]]
    elif kind == "string" or "enum" in schema:
        values += ["", "x" * 600]
        if kind == "string" and "password" not in schema.get("description", ""):
            values += [ODD_TEXTS["control"], ODD_TEXTS["turned"]]
        values += ["kemarin", "2026-13-45"] if is_time(schema) else []
        values += ["lain"] if "enum" in schema or "pattern" in schema else []
    return [value for value in values if described.fault_in(schema, value)]


class Case:
    def __init__(self, method, target, name, body=None):
        self.method, self.target, self.name, self.body = method, target, name, body

    def __str__(self):
        shown = "" if self.body is None else json.dumps(self.body)[:200]
        return f"{self.method} {self.target[:200]} {shown} ({self.name})"


def target(path, query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{path}?{words}" if words else path


def query_cases(method, template, operation):
    """Each parameter with each odd value; doubled; one that is none."""
    if operation.get("x-ignores-others"):
        return
    path, needed = good_path(template, operation), good_query(operation)
    body = good_body(operation)
    for one in operation.get("parameters", ()):
        if one["in"] != "query":
            continue
        name = one["name"]
        for text in odd_texts(one["schema"]):
            yield Case(method, target(path, {**needed, name: text}), name, body)
        value = needed.get(name, quote(str(good(one["schema"], name))))
        base = {**needed, name: value}
        yield Case(method, target(path, base) + f"&{name}={value}", name, body)
        if one.get("required"):
            less = {key: text for key, text in needed.items() if key != name}
            yield Case(method, target(path, less), name, body)
    for name in ("lebih", "Month", quote("bul\u202ean"), "__proto__"):
        yield Case(method, target(path, {**needed, name: "1"}), urllib.parse.unquote(name), body)


def body_cases(method, template, operation):
    """Each member with each odd value; missing; one that is none."""
    schema = body_schema(operation)
    if not schema:
        return
    path = good_path(template, operation)
    for name, one in schema["properties"].items():
        base = good_body(operation, name)
        for value in odd_values(one):
            yield Case(method, path, name, {**base, name: value})
        if name in schema["required"]:
            yield Case(method, path, name, {key: value for key, value in base.items()
                                            if key != name})
    yield Case(method, path, "lebih", {**good_body(operation), "lebih": 1})
