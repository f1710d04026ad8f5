# SPDX-License-Identifier: Apache-2.0
"""The officer's report: the same numbers in PDF, XLSX, CSV and API, read by other people's
programs; names that would do harm; a closed month printed again."""

import csv
import io
import os
import re
import subprocess
from datetime import datetime, timedelta

import openpyxl
import pytest

from support.browser import ask
from support.enter import enter_contracts, wait_in_ledger
from support.invented import boots_of, tell
from support.programs import LONG, ROOT, program
from support.server import Server
from system.independent_sla import FOREVER, Case, Contract, Slot, Terms

# inherited by all that is started here
os.environ["LSAN_OPTIONS"] = f"suppressions={ROOT}/tests/support/lsan.supp:print_suppressions=0"

MONTH, JANUARY, FEBRUARY = "2026-01", 1767196800, 1769875200  # WITA
TERMS = Terms(target_ppm=995000, fee=1200000, formula="excess")
SPARE = Terms(target_ppm=950000, fee=2500000, formula="prorata", window_s=600)
HERE, ELSEWHERE, EMPTY = "64.08", "64.02", "64.03"
DESA = {  # names as nobody should give them
    "64.08.05.2001": "Desa Uji 1",
    "64.08.05.2009": '=HYPERLINK("http://x.example","klik")',
    "64.08.05.2010": "<script>alert(1)</script>",
    "64.08.06.2001": "@SUM(1+1);\"'Koma, titik",
    "64.08.06.2002": "Desa yang namanya jauh lebih panjang daripada kolom mana pun di atas kertas",
}


def good(start, end):
    return [Slot(at, at + 60, 6, 6, 0) for at in range(start, end, 60)]


def bad(start, end, cause="provider"):
    return [Slot(at, at + 60, 6, 6, 6, cause) for at in range(start, end, 60)]


def day(hours_down, begins=JANUARY):
    """A day of which we know: so many hours of it down. Then nothing."""
    down = begins + 6 * 3600
    ends = down + int(hours_down * 3600)
    return good(begins, down) + bad(down, ends) + good(ends, begins + 86400)


def add(server, name, desa, provider, slots, terms=TERMS, **options):
    link = server.add_link(desa=desa, provider=provider, **options)
    case = Case(MONTH, 28800, [Contract(JANUARY, FOREVER, terms)], slots)
    enter_contracts(server, link, case)
    boots = boots_of(case)
    if boots:
        issued = server.issue(link, name, "2024-01-01")
        tell(server, issued, boots)
        wait_in_ledger(server, issued.agent, sum(len(boot.records) for boot in boots))
    return link


def import_names(server):
    regions = server.folder / "regions.csv"
    with open(regions, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["code", "district_code", "name"])
        rows.writerows([code, code[:8], name] for code, name in DESA.items())
    kecamatan = server.folder / "districts.csv"
    kecamatan.write_text("code,regency_code,name\n64.08.06,64.08,Bengalon\n")
    kabupaten = server.folder / "regencies.csv"
    kabupaten.write_text("code,province_code,name\n64.03,64,KABUPATEN BERAU\n")
    server.pantau("region", "import", kabupaten, kecamatan, regions)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A kabupaten with seven links in three zones, one without any; January is closed."""
    server = Server(tmp_path_factory.mktemp("report") / "server", settings={
        "web": {"public_url": "https://pantau.example.id"},
        "report": {"province": "Pemerintah Provinsi Uji", "office": "Dinas Kominfo Uji",
                   "address": "Jalan Satu 1|Samarinda", "city": "Sangatta"}}).init()
    try:
        import_names(server)
        server.start("ingest", "ledger", "web")
        codes = list(DESA)
        add(server, "a", codes[0], "PT Satu", day(5))
        add(server, "b", codes[0], "PT Dua, \"Tbk\"", day(0.5), SPARE)
        add(server, "c", codes[1], "=1+1", day(2))
        add(server, "d", codes[2], "PT Satu", good(JANUARY - 3600, FEBRUARY + 3600), zone="WIT")
        add(server, "e", codes[3], "PT Satu", bad(JANUARY, JANUARY + 86400))
        add(server, "f", codes[4], "PT Satu", [])
        add(server, "g", "64.08.05.2002", "PT Satu", day(1), zone="WIB")
        server.pantau("exclusion", "add", "--link", 3, "--reason", "force-majeure", "--from",
                      "2026-01-01T07:00", "--to", "2026-01-01T07:30", "--by", "Pejabat Satu",
                      "--note", "=banjir; <b>besar</b>")
        server.pantau("close", "--month", MONTH, "--by", "Pejabat Satu")
        yield server
    finally:
        server.close()


def report(server, form, *words, month=MONTH, kabupaten=HERE, name="out", env=None):
    """The file's bytes."""
    path = server.folder / f"{name}.{form}"
    command = [program("pantau", server.build), "report", "--month", month, "--kabupaten",
               kabupaten, "--format", form, "-o", str(path), "--state", str(server.state),
               "--config", str(server.config), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120,
                          env={**os.environ, **(env or {})})
    assert done.returncode == 0, done.stderr
    return path.read_bytes()


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode())))


def text_of_pdf(server, data, *words):
    path = server.folder / "read.pdf"
    path.write_bytes(data)
    return subprocess.run(["pdftotext", *words, str(path), "-"], capture_output=True, text=True,
                          check=True).stdout


def squeezed(text):
    return re.sub(r"\s+", "", text)


# ---- the same numbers everywhere

def test_csv_says_what_the_api_and_the_command_say(office):
    rows = {row["link"]: row for row in rows_of(report(office, "csv"))}
    for source in (office.rows("sla", "--month", MONTH, "--kabupaten", HERE),
                   rows_of(office.get(f"/api/v1/sla?month={MONTH}&kabupaten={HERE}&format=csv"))):
        assert {row["link"] for row in source} == set(rows)
        for row in source:
            same = {key: rows[row["link"]][key] for key in row}
            assert same == row
    downloaded = office.get(f"/api/v1/reports/{MONTH}/{HERE}.csv")
    assert downloaded == report(office, "csv")


@pytest.mark.parametrize("by, table, key", [("kecamatan", "kecamatan", "kecamatan"),
                                            ("provider", "providers", "provider"),
                                            ("desa", "desa", "desa")])
def test_sums_are_those_of_the_api(office, by, table, key):
    rows = {row[key]: row for row in rows_of(report(office, "csv", "--table", table))}
    wanted = office.rows("sla", "--month", MONTH, "--kabupaten", HERE, "--by", by)
    assert {row[key] for row in wanted} == set(rows)
    for row in wanted:
        for column in ("s", "e", "u", "d", "n", "a_low", "a_high", "coverage", "links_met",
                       "links_missed", "links_undecided", "links_never", "restitution_low",
                       "restitution_high", "n_silent", "d_provider"):
            assert rows[row[key]][column] == row[column], (row[key], column)


def cell_as_csv(value, key):
    """A workbook's value in the words of the plain CSV."""
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return str(round(value.total_seconds()))
    if isinstance(value, datetime):
        return value
    if key in ("a_known", "a_low", "a_high", "coverage", "target"):
        return f"{value:.6f}"
    return str(value)


def sheet_rows(book, name, keys):
    sheet = book[name]
    for line in sheet.iter_rows(min_row=2, values_only=True):
        yield {key: cell_as_csv(value, key) for key, value in zip(keys, line)}


TABLES = {"links": "Rincian link", "desa": "Rekap desa", "kecamatan": "Rekap kecamatan",
          "providers": "Penyedia", "outages": "Gangguan", "exclusions": "Pengecualian",
          "questions": "Pertanyaan terbuka"}
OFFSETS = {"WIB": 7, "WITA": 8, "WIT": 9}


def test_xlsx_is_read_by_another_reader_with_the_same_numbers(office):
    book = openpyxl.load_workbook(io.BytesIO(report(office, "xlsx")))
    assert book.sheetnames == ["Ringkasan", *TABLES.values()]
    for table, name in TABLES.items():
        wanted = rows_of(report(office, "csv", "--table", table))
        found = list(sheet_rows(book, name, wanted[0]))
        assert len(found) == len(wanted) > 0, table
        for one, other in zip(found, wanted):
            for key, value in one.items():
                if isinstance(value, datetime):
                    utc = datetime.strptime(other[key], "%Y-%m-%dT%H:%M:%SZ")
                    value -= timedelta(hours=OFFSETS[other["zone"]])
                    assert abs(value - utc) < timedelta(seconds=1), (table, key)
                elif key not in ("cause", "reason", "scope", "state", "matter", "words"):
                    assert value == other[key], (table, key)


def test_xlsx_has_filters_panes_colours_and_a_chart_and_no_formula(office):
    book = openpyxl.load_workbook(io.BytesIO(report(office, "xlsx")))
    sheet = book["Rincian link"]
    assert sheet.auto_filter.ref and sheet.freeze_panes == "D2"
    assert sheet.conditional_formatting and book["Penyedia"]._charts
    texts = set()
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
                texts.add(cell.value)
    assert set(DESA.values()) <= texts


def number(text):
    return f"{int(text):,}".replace(",", ".")


def duration(text):
    seconds = int(text)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def test_pdf_has_each_link_s_numbers(office):
    text = squeezed(text_of_pdf(office, report(office, "pdf"), "-layout"))
    for row in rows_of(report(office, "csv")):
        for value in (row["a_low"].replace(".", ","), row["a_high"].replace(".", ","),
                      duration(row["d"]), duration(row["n"]), number(row["restitution_low"]),
                      number(row["restitution_high"]), row["verdict"].replace(" ", "")):
            assert value in text, (row["link"], value)
    for row in rows_of(report(office, "csv", "--table", "outages")):
        at = datetime.strptime(row["start"], "%Y-%m-%dT%H:%M:%SZ")
        at += timedelta(hours=OFFSETS[row["zone"]])
        assert at.strftime("%d/%m/%Y%H.%M.%S") in text
    assert "PemerintahProvinsiUji" in text and "DinasKominfoUji" in text
    assert "BERITAACARA" in text and "NIP" in text and "Sangatta," in text


def test_pdf_is_tagged_and_has_names_whole(office):
    data = report(office, "pdf")
    path = office.folder / "out.pdf"
    facts = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True,
                           check=True).stdout
    assert re.search(r"Tagged:\s+yes", facts) and re.search(r"Page size:\s+595", facts)
    tags = subprocess.run(["pdfinfo", "-struct", str(path)], capture_output=True, text=True,
                          check=True).stdout
    for tag in ("H1", "H2", "Table", "TH", "TD"):
        assert re.search(rf"^\s*{tag}\b", tags, re.M), tag
    text = squeezed(text_of_pdf(office, data))
    for name in DESA.values():
        assert squeezed(name) in text


def test_worst_comes_first(office):
    rows = rows_of(report(office, "csv"))
    order = {"TIDAK MEMENUHI": 0, "DATA TIDAK CUKUP": 1, "MEMENUHI": 2}
    places = [(order[row["verdict"]], float(row["a_high"]), float(row["a_low"])) for row in rows]
    assert places == sorted(places)
    assert {row["verdict"] for row in rows} >= {"TIDAK MEMENUHI", "DATA TIDAK CUKUP"}
    sums = [float(row["a_high"]) for row in rows_of(report(office, "csv", "--table", "desa"))]
    assert sums == sorted(sums)


# ---- CSV for Excel

def test_csv_for_excel_is_indonesian_and_harmless(office):
    data = report(office, "csv", "--excel")
    assert data.startswith(b"\xef\xbb\xbf")
    plain = rows_of(report(office, "csv"))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == len(plain) + 1
    for line, row in zip(rows[1:], plain):
        values = list(row.values())
        assert len(line) == len(values)
        for cell, value in zip(line, values):
            assert not re.match(r"[=+@\t\r]|-\D", cell), cell
            if re.fullmatch(r"\d+\.\d{6}", value):
                assert cell == value.replace(".", ",")
    assert "'" + DESA["64.08.05.2009"] in {cell for line in rows for cell in line}


# ---- printed again

def test_the_same_bytes_wherever_it_is_printed(office, tmp_path):
    (tmp_path / "other").mkdir()
    elsewhere = {"TZ": "America/New_York", "LC_ALL": "C", "LANG": "de_DE.UTF-8",
                 "LANGUAGE": "de", "TMPDIR": str(tmp_path / "other"), "HOME": str(tmp_path)}
    for form in ("pdf", "xlsx", "csv"):
        first = report(office, form)
        assert report(office, form, env=elsewhere, name="again") == first
        assert report(office, form, "--lang", "en", name="english") != first or form == "csv"
        assert office.get(f"/api/v1/reports/{MONTH}/{HERE}.{form}") == first


def test_names_stay_as_they_were_when_the_month_was_closed(office):
    before = report(office, "pdf")
    renamed = office.folder / "renamed.csv"
    renamed.write_text("code,district_code,name\n64.08.05.2001,64.08.05,Desa Baru\n")
    office.pantau("region", "import", renamed)
    assert report(office, "pdf") == before
    assert b"Desa Baru" in report(office, "csv", "--live", name="live")


def test_an_open_month_says_so_on_every_page(office):
    as_of = ["--as-of", "2026-01-20T14:05"]
    pages = text_of_pdf(office, report(office, "pdf", *as_of)).rstrip("\f").split("\f")
    assert all("SEMENTARA" in page for page in pages)
    assert "20 Januari 2026 pukul 14.05 WITA" in pages[0]
    numbers = [f"Halaman {i + 1} dari {len(pages)}" in page for i, page in enumerate(pages)]
    assert all(numbers)
    closed = text_of_pdf(office, report(office, "pdf"))
    assert "SEMENTARA" not in closed and "final" in closed
    assert report(office, "pdf", *as_of) == report(office, "pdf", *as_of, name="again")


def test_the_hash_leads_to_its_verification(office):
    text = squeezed(text_of_pdf(office, report(office, "pdf")))
    digits = re.search(r"https://pantau\.example\.id/periksa/([0-9a-f]{64})", text).group(1)
    printed = office.pantau("close", "--month", MONTH, "--print")
    assert f"sha256: {digits}" in printed
    for asked in (digits, digits[:16]):
        said = ask(office.web_port, f"/open/v1/verify/{asked}").json()
        assert (said["month"], said["revision"], said["latest"]) == (MONTH, 0, True)
    page = ask(office.web_port, f"/periksa/{digits}")
    assert page.status == 200 and b"Dokumen asli" in page.body and digits.encode() in page.body
    for wrong in ("0" * 64, digits[:15], digits.upper(), digits + "0", "%3Cscript%3E"):
        assert ask(office.web_port, f"/open/v1/verify/{wrong}").status == 404
        assert b"script>" not in ask(office.web_port, f"/periksa/{wrong}").body


# ---- what is empty, or wrong

def test_a_kabupaten_without_contracts_has_a_report_that_says_so(office):
    text = text_of_pdf(office, report(office, "pdf", kabupaten=EMPTY))
    assert "Tidak ada kontrak" in text and "KABUPATEN BERAU" in text
    assert rows_of(report(office, "csv", kabupaten=EMPTY)) == []
    assert openpyxl.load_workbook(io.BytesIO(report(office, "xlsx", kabupaten=EMPTY)))
    assert rows_of(report(office, "csv", month="2025-01")) == []
    assert b"%PDF" in report(office, "pdf", month="2025-01")


@pytest.mark.parametrize("words, status, said", [
    (["--month", "2026-13", "--kabupaten", HERE, "--format", "pdf"], 2, "2026-13"),
    (["--month", MONTH, "--kabupaten", "6408", "--format", "pdf"], 2, "6408"),
    (["--month", MONTH, "--kabupaten", "64.08.05", "--format", "pdf"], 2, "64.08.05"),
    (["--month", MONTH, "--kabupaten", "64.99", "--format", "pdf"], 1, "64.99"),
    (["--month", MONTH, "--kabupaten", HERE, "--format", "doc"], 2, "doc"),
    (["--month", MONTH, "--kabupaten", HERE, "--format", "pdf", "--excel"], 2, "--excel"),
    (["--month", MONTH, "--kabupaten", HERE, "--format", "csv", "--revision", 7], 1, "7"),
    (["--month", MONTH, "--kabupaten", HERE, "--format", "csv", "--revision", 0, "--live"], 2,
     "--live"),
])
def test_what_is_wrong_is_named_and_nothing_written(office, words, status, said):
    path = office.folder / "kept.bin"
    path.write_bytes(b"old")
    done = office.run("report", *words, "-o", path)
    assert done.returncode == status and said in done.stderr
    assert path.read_bytes() == b"old"


def test_a_file_is_replaced_at_once_or_not_at_all(office):
    path = office.folder / "deep" / "none" / "x.pdf"
    done = office.run("report", "--month", MONTH, "--kabupaten", HERE, "--format", "csv", "-o",
                      path)
    assert done.returncode == 1 and "none" in done.stderr
    out = office.run("report", "--month", MONTH, "--kabupaten", HERE, "--format", "csv", "-o", "-")
    assert out.stdout.encode().replace(b"\n", b"\r\n") == report(office, "csv")


# ---- who may, and what the browser is told

def test_who_may_have_a_report(office):
    def status(kabupaten, token):
        return ask(office.web_port, f"/api/v1/reports/{MONTH}/{kabupaten}.csv",
                   token=token).status
    own = office.token("officer", kabupaten=HERE)
    assert status(HERE, own) == 200 and status(ELSEWHERE, own) == 403
    assert status(ELSEWHERE, office.token("noc")) == 200
    assert status(HERE, office.token("provider", provider="PT Satu")) == 403
    assert status(HERE, None) == 401


@pytest.mark.parametrize("query, wanted, name", [
    (f"{HERE}.pdf", "application/pdf", f"laporan-{HERE}-{MONTH}.pdf"),
    (f"{HERE}.xlsx",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     f"laporan-{HERE}-{MONTH}.xlsx"),
    (f"{HERE}.csv?table=outages&excel=1", "text/csv; charset=utf-8",
     f"laporan-{HERE}-{MONTH}-outages.csv"),
    (f"{HERE}.csv?live=1", "text/csv; charset=utf-8", f"laporan-{HERE}-{MONTH}-sementara.csv")])
def test_the_browser_is_told_type_and_name(office, query, wanted, name):
    answer = ask(office.web_port, f"/api/v1/reports/{MONTH}/{query}", token=office.token())
    assert answer.status == 200 and answer.headers["Content-Type"] == wanted
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("path, status", [
    ("2026-13/64.08.pdf", 400), ("2026-01/64.08.doc", 404), ("2026-01/64.08", 404),
    ("2026-01/6408.pdf", 400), ("2026-01/64.99.pdf", 404), ("2026-01/64.08.05.pdf", 400),
    ("2026-01/64.08.pdf?excel=1", 400), ("2026-01/64.08.csv?table=nothing", 400),
    ("2026-01/64.08.pdf?lang=de", 400), ("2026-01/64.08.csv?revision=-1", 400),
    ("2026-01/64.08.csv?revision=9", 404), ("2026-01/64.08.csv?x=1", 400),
    ("2026-01/" + "9" * 100 + ".pdf", 404)])
def test_a_wrong_question_is_answered_in_words(office, path, status):
    answer = ask(office.web_port, f"/api/v1/reports/{path}", token=office.token())
    assert answer.status == status and answer.json()["error"]


# ---- by another office program

def seconds_of(text):
    """Of "24:00:00", and of "5:00:00 AM", which is what it calls less than a day."""
    hours, minutes, seconds = map(int, text.split()[0].split(":"))
    if text.endswith("M"):
        hours = hours % 12 + (12 if text.endswith("PM") else 0)
    return hours * 3600 + minutes * 60 + seconds


@pytest.mark.skipif(not LONG, reason="LibreOffice takes a minute to install and ten seconds to run")
def test_libreoffice_opens_the_workbook(office, tmp_path):
    (tmp_path / "r.xlsx").write_bytes(report(office, "xlsx"))
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
                    "--convert-to", 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,'
                    "false,false,false,2", "--outdir", str(tmp_path), str(tmp_path / "r.xlsx")],
                   check=True, timeout=180, capture_output=True)
    path, = tmp_path.glob("*.csv")
    rows = list(csv.reader(path.open(encoding="utf-8")))
    wanted = rows_of(report(office, "csv"))
    assert len(rows) == len(wanted) + 1
    places = {key: place for place, key in enumerate(wanted[0])}
    for line, row in zip(rows[1:], wanted):
        for key in ("desa_name", "verdict", "provider"):
            assert line[places[key]] == row[key]
        for key in ("a_low", "a_high", "coverage", "restitution_low", "restitution_high"):
            assert float(line[places[key]]) == float(row[key])
        assert seconds_of(line[places["d"]]) == int(row["d"])
