# SPDX-License-Identifier: Apache-2.0
"""Every answer that a test sees is one that web/openapi describes: its status, its type, each
member. And what was answered well was asked as described."""

import csv
import functools
import io
import json
import re
import sys
import urllib.parse

import fastjsonschema

from support.programs import ROOT

sys.path.insert(0, str(ROOT / "web" / "openapi"))
import merge  # noqa: E402

OURS = re.compile(r"/(api|open|periksa|publik)(/|$)|/(healthz|readyz|metrics)?$")

HEADERS_TOO_LARGE = 431


class Undescribed(AssertionError):
    pass


@functools.cache
def document():
    """With each $ref replaced by what it names: the same object wherever it is named."""
    top, named = merge.merge(), {}

    def whole(value):
        if isinstance(value, list):
            return [whole(one) for one in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            return name(value["$ref"])
        return {key: whole(one) for key, one in value.items()}

    def name(ref):
        if ref not in named:
            place = top
            for part in ref.removeprefix("#/").split("/"):
                place = place[part]
            named[ref] = whole(place)
        return named[ref]

    made = whole(top)
    for kind, components in top["components"].items():
        for one in components:
            made["components"][kind][one] = name(f"#/components/{kind}/{one}")
    return made


@functools.cache
def paths():
    """(pattern, methods) of each path; those with fewer {} first."""
    found = [(re.compile(re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(path))), methods, path)
             for path, methods in document()["paths"].items()]
    return sorted(found, key=lambda one: one[2].count("{"))


def find(path):
    """(template, methods, {name: value}) of what is described at this path; (None, {}, {})."""
    for pattern, methods, template in paths():
        match = pattern.fullmatch(path)
        if match:
            return template, methods, dict(zip(re.findall(r"\{(\w+)\}", template), match.groups()))
    return None, {}, {}


def error_schema():
    return document()["components"]["schemas"]["Error"]


# ---- values

validators = {}


def fault_in(schema, value):
    """Words, or None."""
    key = id(schema)  # of the one document, which stays
    if key not in validators:
        validators[key] = fastjsonschema.compile(schema)
    try:
        validators[key](value)
        return None
    except fastjsonschema.JsonSchemaValueException as e:
        return f"{e.message[:300]}: {str(e.value)[:100]}"


def from_text(schema, text):
    """What a parameter's text means under its schema."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text


# ---- what was asked

def check_question(operation, given, query, body):
    for place, values in (("path", given), ("query", query)):
        known = {one["name"]: one for one in operation.get("parameters", ())
                 if one["in"] == place}
        for name, text in values.items():
            if name not in known:
                if operation.get("x-ignores-others"):
                    continue
                return f"the {place} parameter {name} was taken"
            schema = known[name]["schema"]
            fault = fault_in(schema, from_text(schema, urllib.parse.unquote(text)))
            if fault:
                return f"the {place} parameter {name} was taken: {fault}"
        for name in known.keys() - values.keys():
            if known[name].get("required"):
                return f"the {place} parameter {name} was not needed"
    schema = (operation.get("requestBody", {}).get("content", {}).get("application/json") or {}
              ).get("schema")
    if body and schema:
        return fault_in(schema, without_nulls(body))
    return None


def without_nulls(body):
    """null is as if it was not there."""
    return {key: value for key, value in body.items() if value is not None}


# ---- what was answered

def check_headers(response, headers):
    for name, header in response.get("headers", {}).items():
        value = headers.get(name)
        if value is None:
            if header.get("required"):
                return f"the header {name} is missing"
            continue
        fault = fault_in(header["schema"], from_text(header["schema"], value))
        if fault:
            return f"the header {name}: {fault}"
    return None


def check_csv(media, body):
    """The first line has the members of one of the schemas, in order."""
    wanted = [list(document()["components"]["schemas"][name]["properties"])
              for name in media.get("x-columns", ())]
    found = next(csv.reader(io.StringIO(body.decode())), [])
    if wanted and found not in wanted:
        return f"columns {found}"
    return None


def check_body(kind, media, body):
    if kind == "application/json" or kind.endswith("+json"):
        return fault_in(media["schema"], json.loads(body))
    if kind == "text/csv":
        return check_csv(media, body)
    return None


def check_answer(response, headers, body):
    kind = (headers.get("Content-Type") or "").split(";")[0]
    content = response.get("content", {})
    fault = check_headers(response, headers)
    if fault or body is None:
        return fault
    if not content:
        return "a body" if body else None
    if kind not in content:
        return f"the type {kind or 'none'}"
    return check_body(kind, content[kind], body)


def fault_of(asked, status, headers, body):
    method = "get" if asked.method == "HEAD" else asked.method.lower()
    template, methods, given = find(asked.path)
    if method not in methods:
        if status not in ((405,) if methods else (404, 400)):
            return f"{asked.method} is described nowhere"
        media = {"schema": error_schema()}
        return None if body is None else check_body("application/json", media, body)
    operation = methods[method]
    response = operation["responses"].get(str(status))
    if not response:
        return "the status"
    if asked.method == "HEAD" or status == 304:
        body = None
    fault = check_answer(response, headers, body)
    if not fault and 200 <= status < 300:
        fault = check_question(operation, given, asked.query, asked.body)
    return fault and f"{fault} ({template})"


class Asked:
    def __init__(self, method, target, body=None):
        path, _, query = target.partition("?")
        self.method, self.target, self.path, self.body = method, target, path, body
        self.query = dict(one.partition("=")[::2] for one in query.split("&") if one)


def check(asked, status, headers, body):
    """Undescribed is raised unless this answer is described. `body`: bytes, or None when it was
    not read; `headers`: with get(), whatever the case of a name."""
    if not OURS.match(asked.path) or status == HEADERS_TOO_LARGE:
        return  # a file of the page; what the library refuses before anybody looks
    fault = fault_of(asked, status, headers, body)
    if fault:
        shown = (body or b"")[:500]
        raise Undescribed(f"{asked.method} {asked.target} -> {status}: {fault}: not as described "
                          f"in web/openapi\n{shown}")


def check_event(name, data):
    """The same for an event of the stream."""
    stream = document()["paths"]["/api/v1/events"]["get"]["responses"]["200"]
    events = stream["content"]["text/event-stream"]["x-events"]
    if name not in events:
        raise Undescribed(f"the event {name} is not described in web/openapi")
    fault = fault_in(events[name], data)
    if fault:
        raise Undescribed(f"the event {name}: {fault}: {data}")
