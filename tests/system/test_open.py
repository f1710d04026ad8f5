# SPDX-License-Identifier: Apache-2.0
"""The open data and the citizens' page: the figures of `pantau sla` in files that other people's
programs read; a catalogue that portals can harvest; caches; names that would do harm; nothing of a
person, and money only where it is wanted."""

import csv
import gzip
import http.client
import io
import json
import os
import re
import sqlite3
import time
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from urllib.parse import urlsplit

import jsonschema
import pytest

from support.browser import ask
from support.enter import enter_contracts, wait_in_ledger
from support.invented import boots_of, tell
from support.page import Chromium, Tab, missing
from support.programs import ROOT, wait_for
from support.server import Server
from system.independent_sla import FOREVER, Case, Contract, Slot, Terms
from system.test_report import DESA, add, bad, day, good, import_names

os.environ["LSAN_OPTIONS"] = f"suppressions={ROOT}/tests/support/lsan.supp:print_suppressions=0"

MONTH, JANUARY, FEBRUARY = "2026-01", 1767196800, 1769875200  # WITA
REVISED = "2026-02"
MINE, HOSTILE, FORMULA, SILENT = ("64.08.05.2001", "64.08.05.2010", "64.08.05.2009",
                                  "64.08.06.2002")
TABLES = ("links", "outages", "desa")
MONEY = {"fee", "restitution_low", "restitution_high"}
PRIVATE = {"by", "who", "note_by", "user", "name", "ticket", "ticket_opened", "objection",
           "second", "document", "agent", "address", "lat", "lon"}
SECRET = "Ibu Rahasia"  # a person that the registry knows


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Links of odd names; January is closed, February closed and revised, the rest open."""
    server = Server(tmp_path_factory.mktemp("open") / "server", settings={
        "web": {"public_url": "https://pantau.example.id"},
        "open": {"contact": "data@example.id"},
        "report": {"province": "Pemerintah Provinsi Uji", "office": "Dinas Kominfo Uji"}}).init()
    try:
        import_names(server)
        server.start("ingest", "ledger", "web")
        add(server, "a", MINE, "PT Satu", day(5), lat="0.512349", lon="117.25")
        add(server, "b", MINE, "PT Dua, \"Tbk\"", day(0.5))
        add(server, "c", FORMULA, "<img src=x onerror=alert(1)>", day(2))
        add(server, "d", HOSTILE, "PT Satu", good(JANUARY - 3600, FEBRUARY + 3600), zone="WIT")
        add(server, "e", SILENT, "PT Satu", [])
        server.pantau("exclusion", "add", "--link", 3, "--reason", "customer", "--from",
                      "2026-01-01T06:30", "--to", "2026-01-01T07:00", "--by", SECRET, "--note",
                      f"menurut {SECRET}")
        server.pantau("exclusion", "add", "--link", 5, "--reason", "customer", "--from",
                      "2026-01-01", "--to", "2026-02-01", "--by", SECRET, "--note", SECRET)
        server.pantau("close", "--month", MONTH, "--by", SECRET)
        server.pantau("close", "--month", REVISED, "--by", SECRET)
        server.pantau("exclusion", "add", "--link", 4, "--reason", "power", "--from",
                      "2026-02-02", "--to", "2026-02-03", "--by", SECRET, "--note", SECRET)
        assert "Revisi ke-1" in server.pantau("close", "--month", REVISED, "--by", SECRET)
        wait_for(lambda: any(row["month"] == REVISED and row.get("revision_number") == 1
                             for row in fetch(server, "/open/v1/months.json").json()["months"]),
                 "the public sees the revision")
        yield server
    finally:
        server.close()


def fetch(server, path, **options):
    answer = ask(server.web_port, path, **options)
    assert answer.status == 200, (path, answer.status, answer.body[:300])
    return answer


def table(server, month, name):
    """Rows of a CSV as Python's reader has them."""
    return list(csv.DictReader(io.StringIO(fetch(server, f"/open/v1/{month}/{name}.csv")
                                           .body.decode("utf-8"), newline="")))


def months_of(server):
    return {row["month"]: row for row in fetch(server, "/open/v1/months.json").json()["months"]}


# ---- the same numbers everywhere

def same_figures(rows, wanted, keys):
    """Each column that both have says the same, and every row is there."""
    assert len(rows) == len(wanted) > 0
    for row, other in zip(sorted(rows, key=keys), sorted(wanted, key=keys)):
        shared = row.keys() & other.keys()
        assert len(shared) > 10
        assert {key: row[key] for key in shared} == {key: other[key] for key in shared}


def as_said(row):
    return {**row, "desa": row["kode"]}


@pytest.mark.parametrize("month", [MONTH, REVISED])
def test_closed_figures_are_those_of_pantau_sla(office, month):
    rows = [as_said(row) for row in table(office, month, "links")]
    same_figures(rows, office.sla(month), lambda row: int(row["link"]))
    rows = [as_said(row) for row in table(office, month, "desa")]
    same_figures(rows, office.sla(month, "--by", "desa"), lambda row: row["desa"])


def test_open_figures_are_those_of_pantau_sla_then(office):
    answer = fetch(office, "/open/v1/2026-03/links.json").json()
    assert answer["status"] == "provisional" and answer["revision"] == "sementara"
    now = fetch(office, f"/open/v1/{this_month()}/links.json").json()
    rows = list(csv.DictReader(io.StringIO(
        fetch(office, f"/open/v1/{this_month()}/links.csv").body.decode())))
    wanted = office.sla(this_month(), "--as-of", now["as_of"])
    same_figures([as_said(row) for row in rows], wanted, lambda row: int(row["link"]))
    assert all(row["as_of"] == now["as_of"] for row in rows)


def this_month():
    return (datetime.now(timezone.utc) + timedelta(hours=8)).strftime("%Y-%m")


def test_outages_are_those_of_pantau_outages(office):
    rows = table(office, MONTH, "outages")
    wanted = office.rows("outages", "--month", MONTH)
    assert len(rows) == len(wanted) == 3
    for row, other in zip(rows, wanted):
        assert row["kode"] == other["desa"] and row["period"] == MONTH
        for key in ("link", "start", "end", "first_lost", "first_answered", "cause", "provider",
                    "contract", "d", "n", "note", "ttr_min_s", "ttr_max_s"):
            assert row[key] == other[key], key


@pytest.mark.parametrize("month", [MONTH, REVISED, "2026-03"])
@pytest.mark.parametrize("name", TABLES)
def test_json_says_what_the_csv_says(office, month, name):
    answer = fetch(office, f"/open/v1/{month}/{name}.json").json()
    rows = table(office, month, name)
    assert answer["total"] == len(rows) == len(answer["rows"])
    for row, other in zip(rows, answer["rows"]):
        assert list(row) == list(other)
        for key, value in row.items():
            said = other[key]
            if isinstance(said, str) and said[0] in "=+-@":
                said = "'" + said
            if value == "":
                assert said is None
            elif isinstance(said, float):
                assert f"{said:.6f}" == value
            else:
                assert str(said) == value


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_keys(office, name):
    schema = fetch(office, f"/open/v1/schema/{name}.json").json()
    for month in (MONTH, REVISED, "2026-03"):
        rows = table(office, month, name)
        keys = [tuple(row[key] for key in schema["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)
        assert all(all(key) for key in keys)


TYPES = {"string": r".*", "integer": r"-?\d*", "number": r"(\d+\.\d{6})?",
         "datetime": r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?", "yearmonth": r"\d{4}-\d\d"}


@pytest.mark.parametrize("name", TABLES)
def test_the_dictionary_says_what_is_there(office, name):
    fields = fetch(office, f"/open/v1/schema/{name}.json").json()["fields"]
    page = fetch(office, "/publik/data").body.decode()
    rows = table(office, MONTH, name)
    assert [field["name"] for field in fields] == list(rows[0])
    for field in fields:
        assert field["description"] and field["description_en"]
        assert f"<code>{field['name']}</code>" in page
        for row in rows:
            assert re.fullmatch(TYPES[field["type"]], row[field["name"]], re.S), (field, row)


# ---- closed, revised, open

def test_a_closed_month_says_how_to_check_it(office):
    months = months_of(office)
    printed = {month: office.pantau("close", "--month", month, "--print")
               for month in (MONTH, REVISED)}
    for month, number in ((MONTH, 0), (REVISED, 1)):
        said = months[month]
        digits = re.search(r"^sha256: (\w+)$", printed[month], re.M).group(1)
        assert said["status"] == "final" and said["revision_number"] == number
        assert said["revision"] == ("final", "Revisi ke-1")[number]
        assert said["sha256"] == digits
        assert said["verify"] == f"https://pantau.example.id/open/v1/verify/{digits}"
        checked = fetch(office, urlsplit(said["verify"]).path).json()
        assert checked["month"] == month and checked["latest"]
        head = fetch(office, f"/open/v1/{month}/links.json").json()
        assert {key: head[key] for key in ("status", "revision", "sha256", "closed")} == \
            {key: said[key] for key in ("status", "revision", "sha256", "closed")}
        assert {row["revision"] for row in table(office, month, "links")} == {said["revision"]}


def test_months_are_listed_the_newest_first(office):
    listed = list(months_of(office))
    assert listed == sorted(listed, reverse=True)
    assert listed[0] == this_month() and listed[-1] == MONTH
    assert all(row["status"] == "provisional" and "sha256" not in row
               for month, row in months_of(office).items() if month not in (MONTH, REVISED))


def test_a_package_describes_a_month(office):
    package = fetch(office, f"/open/v1/{MONTH}/datapackage.json").json()
    assert package["name"] == f"pantau-{MONTH}" and package["profile"] == "tabular-data-package"
    assert package["contributors"] == [{"title": "Dinas Kominfo Uji", "role": "publisher",
                                        "email": "data@example.id"}]
    for resource in package["resources"]:
        answer = fetch(office, f"/open/v1/{MONTH}/{resource['path']}")
        assert len(answer.body) == resource["bytes"]
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert fields == next(csv.reader(io.StringIO(answer.body.decode())))


# ---- terms

def test_the_terms_stand_beside_every_table(office):
    for path in (f"/open/v1/{MONTH}/links.json", f"/open/v1/{MONTH}/datapackage.json",
                 "/open/v1/schema/desa.json", "/open/v1/links.geojson", "/open/v1/months.json"):
        answer = fetch(office, path).json()
        assert answer["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
        assert answer["sources"][0]["license"] == "https://opendatacommons.org/licenses/odbl/1-0/"
        assert "Open Database License" in answer["sources"][0]["notice"]
    links = fetch(office, f"/open/v1/{MONTH}/links.csv").headers.get_all("Link")
    assert f"</open/v1/{MONTH}/datapackage.json>; rel=\"describedby\"" in links[0]
    assert links[1] == "<https://creativecommons.org/licenses/by/4.0/>; rel=\"license\""
    for path in ("/publik", "/publik/data", f"/publik/{MINE}"):
        page = fetch(office, path).body.decode()
        assert "ODbL" in page and "Creative Commons Attribution 4.0" in page


def every_data_path(server):
    yield from ("/open/v1/months.json", "/open/v1/data.json", "/open/v1/links.geojson")
    for name in TABLES:
        yield f"/open/v1/schema/{name}.json"
    for month in months_of(server):
        yield f"/open/v1/{month}/datapackage.json"
        for name in TABLES:
            for form in ("csv", "json"):
                yield f"/open/v1/{month}/{name}.{form}"


def test_nothing_of_a_person_and_no_money(office):
    for path in every_data_path(office):
        body = fetch(office, path).body.decode()
        assert SECRET not in body, path
        assert "restitu" not in body.lower() and "\"fee\"" not in body, path
    for name in TABLES:
        columns = set(table(office, MONTH, name)[0])
        assert not columns & (MONEY | PRIVATE)
    for path in ("/publik", f"/publik/{FORMULA}", f"/publik/{MINE}", "/publik/data"):
        assert SECRET not in fetch(office, path).body.decode()


# ---- what a portal needs: as ckanext-datajson and ckanext-dcat read it

EMAIL = r"^mailto:[\w~!$&'()*+,;=:.-]+@[\w.-]+\.[\w.-]+$"
MEDIA = r"^[-\w]+/[-\w]+(\.[-\w]+)*([+][-\w]+)?$"
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
URL = {"type": "string", "pattern": r"^https://pantau\.example\.id/"}
CATALOGUE = {  # what they require, and what they refuse
    "type": "object", "required": ["@context", "@type", "conformsTo", "dataset"],
    "properties": {
        "@context": {"type": "string"}, "@id": URL, "@type": {"const": "dcat:Catalog"},
        "conformsTo": {"const": "https://project-open-data.cio.gov/v1.1/schema"},
        "dataset": {"type": "array", "minItems": 4, "items": {
            "type": "object",
            "required": ["title", "description", "keyword", "modified", "publisher",
                         "contactPoint", "identifier", "accessLevel", "license", "temporal",
                         "spatial", "accrualPeriodicity", "distribution", "landingPage"],
            "properties": {
                "@type": {"const": "dcat:Dataset"},
                "title": {"type": "string", "minLength": 1},
                "description": {"type": "string", "minLength": 1},
                "keyword": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {
                    "type": "string", "pattern": r"^[\w .-]{2,100}$"}},
                "modified": {"pattern": MOMENT},
                "publisher": {"type": "object", "required": ["name"], "properties": {
                    "@type": {"const": "org:Organization"},
                    "name": {"type": "string", "minLength": 1}}},
                "contactPoint": {"type": "object", "required": ["fn", "hasEmail"], "properties": {
                    "@type": {"const": "vcard:Contact"}, "fn": {"type": "string", "minLength": 1},
                    "hasEmail": {"type": "string", "pattern": EMAIL}}},
                "identifier": URL, "landingPage": URL,
                "accessLevel": {"const": "public"},
                "license": {"const": "https://creativecommons.org/licenses/by/4.0/"},
                "rights": {"type": "string", "minLength": 1, "maxLength": 255},
                "temporal": {"pattern": MOMENT[:-1] + "/" + MOMENT[1:]},
                "spatial": {"const": "Kalimantan Timur"},
                "accrualPeriodicity": {"enum": ["R/P1M", "irregular"]},
                "language": {"const": ["id"]},
                "describedBy": URL, "describedByType": {"pattern": MEDIA},
                "distribution": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {
                    "type": "object", "required": ["downloadURL", "mediaType", "title", "format"],
                    "properties": {
                        "@type": {"const": "dcat:Distribution"},
                        "downloadURL": URL, "describedBy": URL, "mediaType": {"pattern": MEDIA},
                        "title": {"type": "string", "minLength": 1},
                        "format": {"enum": ["CSV", "JSON", "GeoJSON"]},
                        "byteSize": {"type": "integer", "minimum": 1}}}}}}}}}


def test_the_catalogue_is_what_harvesters_require(office):
    catalogue = fetch(office, "/open/v1/data.json").json()
    jsonschema.Draft202012Validator(CATALOGUE).validate(catalogue)
    names = [dataset["identifier"] for dataset in catalogue["dataset"]]
    titles = [dataset["title"] for dataset in catalogue["dataset"]]
    assert len(set(names)) == len(names) and len(set(titles)) == len(titles)
    assert all("Open Database License" in dataset["rights"] for dataset in catalogue["dataset"])
    first = datetime.fromisoformat(catalogue["dataset"][0]["temporal"][:19])
    assert first == datetime(2025, 12, 31, 15)  # January begins in WIT
    assert fetch(office, "/open/v1/data.json", method="HEAD").body == b""


def test_every_address_of_the_catalogue_leads_to_what_it_says(office):
    sized = 0
    for dataset in fetch(office, "/open/v1/data.json").json()["dataset"]:
        assert fetch(office, urlsplit(dataset["landingPage"]).path)
        for one in dataset["distribution"]:
            answer = fetch(office, urlsplit(one["downloadURL"]).path)
            assert answer.headers["Content-Type"].split(";")[0] == one["mediaType"]
            closed = MONTH in one["title"] or REVISED in one["title"]
            assert ("sementara" in one["title"]) == (not closed and "GeoJSON" not in one["title"])
            if closed:
                assert len(answer.body) == one["byteSize"]
                sized += 1
    assert sized == 2 * len(TABLES) * 2


def test_a_harvester_that_turns_pages_finds_the_end(office):
    assert fetch(office, "/open/v1/data.json?page=1")
    assert ask(office.web_port, "/open/v1/data.json?page=2").status == 404


def test_geojson_has_points_where_there_are_any(office):
    answer = fetch(office, "/open/v1/links.geojson")
    assert answer.headers["Content-Type"] == "application/geo+json"
    features = {row["id"]: row for row in answer.json()["features"]}
    assert len(features) == 5
    assert features[1]["geometry"] == {"type": "Point", "coordinates": [117.25, 0.5123]}
    assert all(features[link]["geometry"] is None for link in (2, 3, 4, 5))
    assert features[1]["properties"]["kode"] == MINE
    assert features[3]["properties"]["desa_name"] == DESA[FORMULA]


# ---- caches

@pytest.mark.parametrize("path, kept", [
    (f"/open/v1/{MONTH}/links.csv", 300), (f"/open/v1/{REVISED}/outages.json", 300),
    ("/open/v1/2026-03/desa.csv", 60), ("/open/v1/data.json", 60), ("/open/v1/months.json", 60),
    ("/open/v1/links.geojson", 60), ("/open/v1/schema/links.json", 300),
    (f"/open/v1/{MONTH}/datapackage.json", 300)])
def test_who_has_it_gets_304(office, path, kept):
    answer = fetch(office, path)
    etag, date = answer.headers["ETag"], answer.headers["Last-Modified"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
    assert answer.headers["Cache-Control"] == f"public, max-age={kept}"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for headers in ({"If-None-Match": etag}, {"If-None-Match": f'W/{etag}, "x"'},
                    {"If-None-Match": "*"}, {"If-Modified-Since": date}):
        known = ask(office.web_port, path, headers=headers)
        assert known.status == 304 and known.body == b"", headers
        assert known.headers["ETag"] == etag
    earlier = "Thu, 01 Jan 2026 00:00:00 GMT"
    for headers in ({"If-None-Match": '"x"'}, {"If-Modified-Since": earlier},
                    {"If-Modified-Since": "yesterday"},
                    {"If-None-Match": '"x"', "If-Modified-Since": date}):
        assert ask(office.web_port, path, headers=headers).body == answer.body, headers
    head = fetch(office, path, method="HEAD")
    assert head.headers["ETag"] == etag and head.body == b""
    assert int(head.headers["Content-Length"]) == len(answer.body)


@pytest.mark.parametrize("path", [f"/open/v1/{MONTH}/links.csv", "/open/v1/2026-03/desa.json",
                                  "/open/v1/links.geojson", "/open/v1/data.json"])
def test_who_unpacks_gets_it_packed(office, path):
    plain = fetch(office, path, headers={"Accept-Encoding": "br, gzip;q=0"})
    assert plain.headers["Content-Encoding"] is None
    assert plain.headers["Vary"] == "Accept-Encoding"
    status, headers, body = raw(office, path, {"Accept-Encoding": "br, gzip"})
    assert status == 200 and headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == plain.body and len(body) < len(plain.body)
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["ETag"] == "W/" + plain.headers["ETag"]
    known = {"Accept-Encoding": "gzip", "If-None-Match": headers["ETag"]}
    assert raw(office, path, known)[0] == 304


def test_a_closed_month_is_dated_by_its_closing(office):
    for month in (MONTH, REVISED):
        closed = datetime.strptime(months_of(office)[month]["closed"], "%Y-%m-%dT%H:%M:%SZ")
        date = fetch(office, f"/open/v1/{month}/links.csv").headers["Last-Modified"]
        assert datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT") == closed


@pytest.mark.parametrize("path, status", [
    ("/open/v1/2026-13/links.csv", 400), ("/open/v1/januari/links.csv", 400),
    ("/open/v1/2019-01/links.csv", 404), ("/open/v1/2031-01/links.csv", 404),
    (f"/open/v1/{MONTH}/links.xml", 404), (f"/open/v1/{MONTH}/contracts.csv", 404),
    (f"/open/v1/{MONTH}/links", 404), ("/open/v1/schema/users.json", 404),
    ("/open/v1/schema/links.jsonx", 404), (f"/open/v1/{MONTH}/links.csv?kabupaten=64.08", 400),
    ("/open/v1/months.json?x=1", 400), ("/open/v1/data.json?page=x", 400),
    ("/open/v2/months.json", 404)])
def test_what_is_not_there_is_said(office, path, status):
    answer = ask(office.web_port, path)
    assert answer.status == status and answer.json()["error"]


def test_a_crowd_costs_one_count(office):
    """An open month is counted up to now, and yet all who come within a while get the same."""
    path = f"/open/v1/{this_month()}/links.json"
    first = fetch(office, path)
    time.sleep(1.1)
    answers = [fetch(office, path) for _ in range(30)]
    assert {answer.headers["ETag"] for answer in answers} == {first.headers["ETag"]}
    assert {answer.body for answer in answers} == {first.body}


def test_nothing_is_changed_here(office):
    for path in ("/open/v1/months.json", f"/open/v1/{MONTH}/links.csv", "/publik"):
        answer = ask(office.web_port, path, method="POST", body={})
        assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD"


# ---- the page for citizens

class Words(HTMLParser):
    """Text, links and elements of a page."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.links, self.tags, self.void = [], [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data):
        self.texts.append(data.strip())

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.texts))


def page(server, path):
    return Words(fetch(server, path).body.decode())


def test_search_by_name_and_place_and_code(office):
    for query in ("uji+1", "UJI", "64.08.05.2001", "desa+kutai+timur+uji"):
        assert f"/publik/{MINE}" in page(office, f"/publik?q={query}").links, query
    assert f"/publik/{HOSTILE}" not in page(office, "/publik?q=uji").links
    assert "Tidak ada desa yang cocok" in page(office, "/publik?q=tidakada").text
    assert f"/publik/{SILENT}" in page(office, "/publik/64.08.06").links
    assert "/publik/64.08.06" in page(office, "/publik/64.08").links
    assert "/publik/64.08" in page(office, "/publik").links


def test_a_desa_in_plain_words(office):
    text = page(office, f"/publik/{MINE}").text
    assert "Desa Uji 1" in text and "Kabupaten Kutai Timur" in text and MINE in text
    assert "Desa ini punya 2 sambungan" in text
    assert "PT Satu berjanji internet menyala sedikitnya 99,5% dari waktu" in text
    assert "kecepatan unduh 20 Mbps dan unggah 5 Mbps" in text
    january = text[text.index("Januari 2026"):]
    row = next(row for row in office.sla(MONTH) if row["link"] == "1")
    assert row["d"] == "18000" and "mati 5 jam" in january
    low = f"{int(float(row['a_low']) * 100) / 100:.2f}".replace(".", ",")
    assert f"({low}%)" in january and "Janji 99,5% tidak ditepati." in january
    assert "Sudah ditutup (final): angkanya tetap." in january and "WITA" in text
    links = page(office, f"/publik/{MINE}").links
    assert f"/periksa/{months_of(office)[MONTH]['sha256']}" in links
    assert "/publik/data" in links and "/masuk" in links


def test_an_unknown_says_it_is_one(office):
    text = page(office, f"/publik/{SILENT}").text
    assert "Belum pernah ada kabar" in text and "Kami tidak tahu" in text
    assert "Tidak ada yang diketahui tentang bulan ini." in text
    assert "Internet menyala" not in text and "Internet mati" not in text
    text = page(office, "/publik/64.08.06.2001").text
    assert "Belum dipantau" in text


def between(text, first, last=None):
    rest = text[text.index(first):]
    return rest[:rest.index(last)] if last else rest


def test_a_month_that_is_over_and_not_closed_is_told_as_such(office):
    last = (datetime.now(timezone.utc) + timedelta(hours=9)).replace(day=1) - timedelta(days=1)
    before = f"{last:%Y-%m}"
    shown = page(office, f"/publik/{HOSTILE}").text
    unclosed = between(shown, "Bulan yang sudah lewat, belum ditutup", "dan sudah ditutup")
    assert unclosed.count("Belum ditutup. Dihitung sampai akhir bulan, 1 ") == 3
    assert unclosed.count("pukul 00.00 WIT.") == 3  # where the link is, and not where it ends last
    assert "Januari" not in unclosed and "ditepati." not in unclosed.replace("apakah janji", "")
    english = between(page(office, f"/publik/{HOSTILE}?lang=en").text,
                      "Past months that are not closed yet", "Past months that are closed")
    assert english.count("Not closed yet. Counted up to the end of the month, 1 ") == 3
    head = fetch(office, f"/open/v1/{before}/links.json").json()
    assert head["as_of"][8:] == "%02dT16:00:00Z" % last.day  # WITA: no link is further west
    assert {row["as_of"][11:] for row in head["rows"]} == {"16:00:00Z", "15:00:00Z"}
    assert "sementara, belum ditutup" in page(office, "/publik/data").text
    assert "provisional, not closed yet" in page(office, "/publik/data?lang=en").text


def test_a_month_that_is_excluded_whole_is_not_called_unknown(office):
    january = between(page(office, f"/publik/{SILENT}").text, "Januari 2026", "Sudah ditutup")
    assert "Seluruh masa bulan ini (31 hari) dikecualikan menurut kontrak" in january
    assert "diketahui" not in january and "Gangguan" not in january


def test_silence_is_no_outage(office):
    text = page(office, f"/publik/{MINE}").text
    assert "Internet menyala" in text or "Tidak ada kabar" in text
    assert "gangguan pada sistem pemantauan" not in text
    assert "Sementara: dihitung sampai" in text


def test_english_by_a_switch(office):
    shown = page(office, f"/publik/{MINE}?lang=en")
    assert "promises that the internet is up at least 99.5% of the time" in shown.text
    assert "January 2026" in shown.text and "was not kept" in shown.text
    assert f"/publik/{MINE}?lang=id" in shown.links
    assert "/publik?lang=en&q=desa%20%26%20%22x" in page(office, "/publik?q=desa+%26+%22x").links
    assert "/publik/64%3F08?lang=en" in Words(ask(office.web_port, "/publik/64%3F08")
                                               .body.decode()).links
    assert all("lang=en" in link for link in shown.links
               if link.startswith("/publik/64") and MINE not in link)
    assert '<html lang="en">' in fetch(office, "/publik?lang=en").body.decode()
    assert '<html lang="id">' in fetch(office, "/publik?lang=id").body.decode()


def test_names_that_would_do_harm_do_none(office):
    for path in (f"/publik/{HOSTILE}", f"/publik/{FORMULA}", "/publik?q=script",
                 "/publik?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "/publik/64.08.05",
                 "/publik/%3Cscript%3Ealert(1)"):
        answer = ask(office.web_port, path)
        shown = Words(answer.body.decode())
        assert not {"script", "img"} & set(shown.tags), path
        assert "script" in shown.text or FORMULA in path or "q=%22" in path
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy
    rows = {row["kode"]: row for row in table(office, MONTH, "links")}
    assert rows[HOSTILE]["desa_name"] == DESA[HOSTILE]
    assert rows[FORMULA]["desa_name"] == "'" + DESA[FORMULA]  # nothing that a spreadsheet runs
    raw_rows = fetch(office, f"/open/v1/{MONTH}/links.json").json()["rows"]
    assert DESA[FORMULA] in {row["desa_name"] for row in raw_rows}
    assert rows[FORMULA]["provider"] == "<img src=x onerror=alert(1)>"


def raw(server, path, headers=None):
    """What is described nowhere: packed bodies, what a link from elsewhere carries along."""
    connection = http.client.HTTPConnection("127.0.0.1", server.web_port, timeout=20)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_addresses_that_people_send_around(office):
    for query, own in (("?fbclid=abc&utm_source=wa", ""), ("?lang=en&x=1", "?lang=en"),
                       ("?x=1&q=a%26b%20%3C&lang=id", "?lang=id&q=a%26b%20%3C"),
                       ("?lang=xx", ""), ("?lang=en&lang=id", "?lang=en"), ("?", None),
                       ("?x=1&q=" + "y" * 1500, None)):
        answer = ask(office.web_port, f"/publik/{MINE}{query}")
        wanted = f"/publik/{MINE}{own}" if own is not None else "/publik"
        assert (answer.status, answer.headers["Location"]) == (303, wanted) if query != "?" \
            else answer.status == 200, query
    assert raw(office, "/publik?q=" + "x" * 1500)[0] == 200
    status, _, body = raw(office, "/publik/99.99.99.9999")
    assert status == 404 and b"Tidak ditemukan" in body
    assert raw(office, "/publik/64")[0] == 404


def test_an_old_phone_gets_little(office):
    for path in ("/publik", f"/publik/{MINE}"):
        answer = fetch(office, path)
        assert len(answer.body) < 16000 and answer.headers["Cache-Control"] == "public, max-age=15"
    style = fetch(office, "/publik.css").body
    assert len(style) < 6000


# ---- what changes late, and what it may cost

@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Eight months are closed; a link that is in all of them, and one that is in none."""
    server = Server(tmp_path_factory.mktemp("history") / "server").init()
    try:
        import_names(server)
        server.start("ingest", "ledger")
        add(server, "a", MINE, "PT Satu", day(5))
        for month in range(1, 9):
            server.pantau("close", "--month", f"2026-{month:02}", "--by", "Pejabat Satu")
        server.add_link(desa=SILENT, provider="PT Baru")
        server.start("web")
        wait_for(lambda: len([row for row in months_of(server).values()
                              if row["status"] == "final"]) == 8, "eight months are closed")
        yield server
    finally:
        server.close()


def damage(server, month):
    with sqlite3.connect(server.state / "ledger.db", timeout=20) as db:
        changed = db.execute("UPDATE closed_month SET document = x'00' WHERE month = ?", (month,))
        assert changed.rowcount == 1


def test_a_page_reads_no_more_months_than_it_may(history):
    """The eighth closed month cannot be read: who does not look there does not stumble."""
    damage(history, MONTH)
    for _ in range(2):
        assert ask(history.web_port, f"/open/v1/{MONTH}/links.csv").status == 500
    for desa, sentence in ((SILENT, "Sambungan ini tidak ada di bulan-bulan terakhir"),
                           (MINE, "Agustus 2026")):
        assert sentence in page(history, f"/publik/{desa}").text
    assert "Maret 2026" in page(history, f"/publik/{MINE}").text
    assert "Februari 2026" not in page(history, f"/publik/{MINE}").text


def test_a_month_that_is_over_is_dated_by_what_came_late(history):
    path = "/open/v1/2026-09/links.csv"
    first = fetch(history, path)
    again = fetch(history, path)
    assert again.headers["Last-Modified"] == first.headers["Last-Modified"]
    dated = datetime.strptime(first.headers["Last-Modified"], "%a, %d %b %Y %H:%M:%S GMT")
    assert datetime.utcnow() - dated < timedelta(minutes=10)
    at = dated.strftime("%Y-%m-%dT%H:%M:%SZ")
    links = fetch(history, "/open/v1/data.json").json()["dataset"][0]["distribution"]
    row, = (one for one in links if one["downloadURL"].endswith("/open/v1/2026-09/links.csv"))
    assert row["modified"] == at
    time.sleep(1.1)
    history.pantau("exclusion", "add", "--link", 1, "--reason", "customer", "--from", "2026-09-02",
                   "--to", "2026-09-03", "--by", "Pejabat Satu", "--note", "terlambat")
    history.stop("web")  # and not two minutes of waiting until it is counted anew
    history.start("web")
    late = ask(history.web_port, path, headers={
        "If-Modified-Since": first.headers["Last-Modified"]})
    assert late.status == 200 and late.body != first.body


def test_a_month_that_cannot_be_read_hides_no_other(history):
    damage(history, "2026-05")
    history.stop("web")  # which has read it
    history.start("web")
    text = page(history, f"/publik/{MINE}").text
    assert "Mei 2026 Angka bulan ini sedang tidak dapat dibaca." in text
    assert text.count("tidak dapat dibaca") == 1
    assert "Agustus 2026" in text and "Maret 2026" in text


# ---- other settings

def test_money_where_the_province_wants_it_and_other_terms(tmp_path):
    server = Server(tmp_path / "server", settings={"open": {
        "money": "yes", "title": "Judul <Uji>", "publisher": "Penerbit Uji",
        "licence": "https://licence.example.id/x"}, "web": {"banner": "LATIHAN <b>"}}).init()
    try:
        server.start("ingest", "ledger", "web")
        add(server, "a", MINE, "PT Satu", day(5))
        server.pantau("close", "--month", MONTH, "--by", "Pejabat Satu")
        wait_for(lambda: months_of(server).get(MONTH, {}).get("sha256"), "January is closed")
        row, = table(server, MONTH, "links")
        wanted, = server.sla(MONTH)
        assert MONEY <= set(row) and row["fee"] == "1200000"
        assert row["restitution_low"] == wanted["restitution_low"] != ""
        assert row["restitution_high"] == wanted["restitution_high"] != ""
        catalogue = fetch(server, "/open/v1/data.json").json()
        dataset = catalogue["dataset"][0]
        assert dataset["license"] == "https://licence.example.id/x"
        assert dataset["publisher"]["name"] == "Penerbit Uji"
        assert dataset["description"].startswith("LATIHAN <b>. ")
        assert "hasEmail" not in dataset["contactPoint"]
        assert catalogue["@id"] == f"http://127.0.0.1:{server.web_port}/open/v1/data.json"
        shown = page(server, "/publik")
        assert "Judul <Uji>" in shown.text and "LATIHAN <b>" in shown.text
        assert "b" not in shown.tags
    finally:
        server.close()


@pytest.mark.parametrize("key, value", [("contact", "nobody"), ("contact", "a b@c.id"),
                                        ("licence", "CC BY"), ("licence", "javascript:alert(1)")])
def test_what_cannot_be_published_is_refused_at_the_start(tmp_path, key, value):
    server = Server(tmp_path / "server", settings={"open": {key: value}}).init()
    try:
        server.launch("web")
        web = server.parts["web"]
        wait_for(lambda: not web.alive(), "it ends")
        assert f"[open] {key} = {value}" in web.text()
    finally:
        server.close()


def test_without_links_there_is_nothing_and_it_says_so(tmp_path):
    server = Server(tmp_path / "server").init().start("web")
    try:
        assert months_of(server) == {}
        assert fetch(server, "/open/v1/links.geojson").json()["features"] == []
        assert len(fetch(server, "/open/v1/data.json").json()["dataset"]) == 4
        text = page(server, "/publik").text
        assert "Belum ada desa yang dipantau." in text
        assert "Ada gangguan pada sistem pemantauan" in text  # nothing measures here
        assert fetch(server, "/publik/data")
    finally:
        server.close()


# ---- in a browser, of a phone's size

@pytest.fixture(scope="module")
def chromium():
    if missing():
        pytest.skip(missing())
    browser = Chromium()
    yield browser
    browser.close()


def test_a_phone_shows_it_and_nobody_is_left_out(office, chromium):
    for dark in (False, True):
        with Tab(chromium, office, width=360, height=740,
                 scheme="dark" if dark else "light") as tab:
            for name, path in (("start", "/publik"), ("desa", f"/publik/{MINE}"),
                               ("silent", f"/publik/{SILENT}"), ("search", "/publik?q=desa"),
                               ("data", "/publik/data"), ("english", f"/publik/{MINE}?lang=en")):
                tab.go(path)
                assert tab.serious_faults() == [], path
                wide = tab.run("document.documentElement.scrollWidth - window.innerWidth")
                assert wide <= 0, path
                tab.shot(f"open-{name}{'-dark' if dark else ''}")


def test_the_login_leads_there_and_back(office, chromium):
    with Tab(chromium, office) as tab:
        tab.go("/masuk")
        tab.click('a[href="/publik"]')
        tab.wait("form[role=search]")
        tab.fill("#q", "uji 1")
        tab.press("Enter")
        tab.click(f'a[href="/publik/{MINE}"]')
        tab.wait("text=Yang dijanjikan")
        tab.click('a[href="/masuk"]')
        tab.wait("#password")
