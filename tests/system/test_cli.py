# SPDX-License-Identifier: Apache-2.0
"""The operator's command line on a real state folder."""

import csv
import hashlib
import io
import json
import re
import subprocess
import time

import pytest

from support.programs import RELEASE, ROOT, SANITIZED, program, wait_for
from support.server import DESA, Server

PACKAGE = ROOT / "tests" / "data" / "idn-area-data"
COMMANDS = {"init": [], "region": ["import"], "link": ["add", "list", "import"],
            "contract": ["add", "import", "list", "end"],
            "exclusion": ["add", "list", "import", "confirm", "revoke"],
            "agent": ["issue", "list", "bind", "revoke"], "sla": [], "outages": [],
            "explain": [], "decide": ["list", "dismiss", "dispute", "log", "revoke"],
            "objection": ["add", "list", "answer"], "ticket": ["add", "list", "revoke"],
            "claims": [], "user": ["add", "passwd", "token", "list", "remove"], "status": []}
SLA_COLUMNS = (
    "period,as_of,link,desa,kecamatan,kabupaten,provider,contract,segment_start,segment_end,s,e,u,"
    "d,n,a_known,a_low,a_high,coverage,target,verdict,outages,longest_s,high_loss_intervals,"
    "n_power,n_restart,n_agent,n_dropped,n_clock,n_local,n_disputed,n_edge,n_silent,d_local,d_cpe,"
    "d_access,d_provider,d_upstream,rtt_median_us,rtt_p95_us,loss_ppm,pdv_p95_us,down_median_kbps,"
    "up_median_kbps,speed_tests,restitution_low,restitution_high,revision")


def bare(*words):
    """pantau without a state folder."""
    return subprocess.run([program("pantau", SANITIZED), *map(str, words)], capture_output=True,
                          text=True, timeout=60)


def refused(server, *words, status=1, says=""):
    done = server.run(*words)
    assert done.returncode == status, done.stdout + done.stderr
    assert done.stdout == ""
    assert says in done.stderr
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr
    return done.stderr


def listed(server, *words):
    return json.loads(server.pantau(*words, "--json"))


# ---- help and usage

def test_overview_names_every_command():
    done = bare("--help")
    assert done.returncode == 0
    assert set(COMMANDS) <= set(done.stdout.split())
    assert bare().returncode == 2
    assert bare("nonsense").returncode == 2


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command):
    for verb in COMMANDS[command] or [None]:
        words = [command, verb] if verb else [command]
        done = bare(*words, "--help")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"usage: pantau {' '.join(words)}")
        assert "--state DIR" in done.stdout and "--config FILE" in done.stdout
    if COMMANDS[command]:
        assert bare(command).returncode == 2
        assert bare(command, "nonsense").returncode == 2


@pytest.mark.parametrize("words, says", [
    (["link", "add", "--nope", "1"], "unknown option --nope; allowed: --desa, --provider"),
    (["link", "add", "--desa"], "--desa lacks its value"),
    (["link", "add", "--desa", "a", "--desa", "b"], "--desa is given twice"),
    (["link", "add", "--desa", DESA, "--provider", "X"], "--kind fibre"),
    (["link", "add", "--kind", "5g"], "--kind = '5g': must be one of fibre, 4g"),
    (["link", "add", "--lat", "91"], "--lat = '91': must be a number from -90 to 90"),
    (["link", "list", "word"], "'word' is one word too many"),
    (["contract", "add", "--target", "101"], "--target = '101'"),
    (["contract", "add", "--fee", "1.5"], "--fee = '1.5': must be a whole number"),
    (["sla", "--month", "2026-13"], "--month"),
    (["sla", "--month", "2026-01", "--format", "xml"], "must be one of table, csv, json"),
    (["sla", "--month", "2026-01", "--by", "galaxy"], "must be one of link, desa"),
    (["sla", "--month", "2026-01", "--json", "--format", "csv"], "contradict"),
])
def test_wrong_usage_is_exit_2_and_says_what_is_allowed(server, words, says):
    assert "--help" in refused(server, *words, status=2, says=says)


def test_common_options_may_come_first(server):
    link = server.add_link()
    for words in (["--state", server.state, "link", "list"], [f"--state={server.state}", "link",
                  "list"], ["--config", server.config, "--state", server.state, "link", "list"]):
        assert json.loads(bare(*words, "--json").stdout)[0]["link"] == link
    assert bare("--state").returncode == 2
    assert bare("--state", server.state).returncode == 2


def test_no_state_folder_is_a_failure_with_words(tmp_path):
    done = bare("link", "list", "--state", tmp_path / "nothing")
    assert done.returncode == 1
    assert "pantau init" in done.stderr


# ---- init

def test_init_makes_stores_and_certificates_once(server):
    files = {path: path.read_bytes() for path in sorted(server.state.rglob("*.crt"))}
    assert {path.name for path in files} == {"ca.crt", "server.crt"}
    assert "already initialised" in server.pantau("init", "--no-admin")
    assert all(path.read_bytes() == content for path, content in files.items())
    for key in ("ca/ca.key", "tls/server.key"):
        assert (server.state / key).stat().st_mode & 0o077 == 0


def test_init_puts_the_names_into_the_certificate(tmp_path):
    state = tmp_path / "state"
    assert bare("init", "--name", "noc.example.id", "--name", "192.0.2.7", "--state",
                state).returncode == 0
    text = subprocess.run(["openssl", "x509", "-noout", "-text", "-in", state / "tls/server.crt"],
                          capture_output=True, text=True, check=True).stdout
    for name in ("DNS:pantau-collector", "DNS:localhost", "IP Address:127.0.0.1",
                 "IP Address:0:0:0:0:0:0:0:1", "DNS:noc.example.id", "IP Address:192.0.2.7"):
        assert name in text, text


def test_init_that_was_cut_short_is_finished_by_the_next(tmp_path):
    state = tmp_path / "state"
    assert bare("init", "--state", state).returncode == 0
    (state / "tls/server.crt").unlink()
    before = (state / "ca/ca.crt").read_bytes()
    assert bare("init", "--state", state).returncode == 0
    assert (state / "tls/server.crt").exists()
    assert (state / "ca/ca.crt").read_bytes() == before


# ---- regions

def test_regions_in_the_packages_layout_come_in_any_order(tmp_path):
    state = tmp_path / "state"
    assert bare("init", "--state", state).returncode == 0
    files = sorted(PACKAGE.glob("*.csv"))
    done = bare("region", "import", *files, "--state", state)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "2 provinces, 4 regencies, 5 districts, 8 villages\n"
    assert done.stderr == ""
    bare("link", "add", "--desa", "35.13.15.2017", "--provider", "X", "--kind", "4g", "--state",
         state)
    links = json.loads(bare("link", "list", "--json", "--state", state).stdout)
    assert links[0]["name"] == 'Soka"an'
    assert links[0]["kabupaten"] == "KABUPATEN PROBOLINGGO"
    assert links[0]["zone"] == "WIB"


@pytest.mark.parametrize("text, says", [
    ("code,province_code,name\n6402,64,KUTAI BARAT\n", ":2: code = '6402': "),
    ("code,province_code,name\n6402,64,KUTAI BARAT\n", "BPS"),
    ("code,district_code,name\n64.08.05.2001,64.08.05,A\n64.08.05.2002,64.08.06,B\n",
     ":3: district_code = '64.08.06': must be 64.08.05"),
    ("code,name\n64,A\n64,B\n", "code = '64': is also in"),
    ("code,name\n64,\xff\n", ":2: is not UTF-8"),
    ("code,name\n64\n", ":2: has 1 fields"),
])
def test_bad_regions_change_nothing(server, tmp_path, text, says):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("code,district_code,name\n64.99.01.2001,64.99.01,Desa Baru\n")
    bad.write_bytes(text.encode("latin-1"))
    words = refused(server, "region", "import", good, bad, says=says)
    assert "bad.csv" in words
    refused(server, "link", "add", "--desa", "64.99.01.2001", "--provider", "X", "--kind", "4g",
            says="64.99.01.2001")


def test_all_villages_of_the_country_take_less_than_three_seconds(tmp_path):
    server = Server(tmp_path / "server", build=RELEASE)
    server.pantau("init")
    path = tmp_path / "villages.csv"
    with open(path, "w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["code", "district_code", "name"])
        for i in range(83760):
            district = f"64.{i // 16800 + 10}.{i // 200 % 84 + 10}"
            rows.writerow([f"{district}.{2001 + i % 200}", district, f"Desa {i}"])
    began = time.monotonic()
    out = server.pantau("region", "import", path)
    took_s = time.monotonic() - began
    assert "83760 villages" in out
    assert took_s < 3


# ---- links

def test_link_add_prints_the_number_alone(server):
    out = server.pantau("link", "add", "--desa", DESA, "--provider", "PT Uji, Tbk", "--kind",
                        "starlink", "--lat", "-0.5", "--lon", "117.15")
    assert out == "1\n"
    link = listed(server, "link", "list")[0]
    assert link["link"] == 1 and link["desa"] == DESA and link["provider"] == "PT Uji, Tbk"
    assert link["kind"] == "starlink" and link["zone"] == "WITA"
    assert (link["lat"], link["lon"]) == (-0.5, 117.15)


def test_link_add_refuses_what_is_not_there(server):
    refused(server, "link", "add", "--desa", "64.08.05.2999", "--provider", "X", "--kind", "4g",
            says="64.08.05.2999")
    refused(server, "link", "add", "--desa", DESA, "--provider", "X", "--kind", "4g", "--lat", "1",
            status=2, says="--lat and --lon belong together")


def test_link_import_is_all_or_nothing(server, tmp_path):
    path = tmp_path / "links.csv"
    path.write_text("desa,provider,kind,lat,lon,zone\r\n"
                    f"{DESA},\"PT \"\"Satu\"\", Tbk\",fibre,0.99,118.01,WITA\r\n"
                    "64.08.05.2002,Dua,4g,,,\r\n")
    assert server.pantau("link", "import", path) == "2 links\n"
    assert [link["provider"] for link in listed(server, "link", "list")] == [
        'PT "Satu", Tbk', "Dua"]
    path.write_text(f"desa,provider,kind\n{DESA},Tiga,fibre\n64.08.05.2999,Empat,fibre\n")
    refused(server, "link", "import", path, says="links.csv:3: desa = '64.08.05.2999'")
    path.write_text(f"desa,provider,kind\n{DESA},Tiga,fibre\n{DESA},Empat,kabel\n")
    refused(server, "link", "import", path, says="links.csv:3: kind = 'kabel'")
    assert len(listed(server, "link", "list")) == 2


# ---- contracts

def contract_words(link, **options):
    words = {"from": "2026-01-01", "mbps-down": "20", "mbps-up": "5.5", "fee": "1200000",
             "target": "99.5", "formula": "excess", **options}
    return ["contract", "add", "--link", link,
            *(word for key, value in words.items() for word in (f"--{key}", value))]


def test_contract_keeps_every_term(server):
    link = server.add_link()
    out = server.pantau(*contract_words(
        link, formula="bands", to="2027-01-01", window="20", bridge="15", notice="3600",
        uncharged="local,cpe", power="exclude", **{"loss-threshold": "33.3333"}),
        "--band", "99.9:20", "--band", "95:50", "--set", "rounding=nearest",
        "--set", "service-hours=mon-fri@08:00-16:00,22:00-06:00", "--set", "speed=80:90:30",
        "--set", "limit-rtt=120.5", "--set", "limit-loss=2.5", "--set", "limit-pdv=30",
        "--set", "claim-days=7", "--set", "final-days=365")
    assert out == "1\n"
    assert listed(server, "contract", "list") == [{
        "contract": 1, "link": link, "from": "2025-12-31T16:00:00Z", "to": "2026-12-31T16:00:00Z",
        "mbps_down": 20, "mbps_up": 5.5, "fee": 1200000, "target": 99.5, "formula": "bands",
        "bands": "99.9:20,95:50", "loss_threshold": 33.3333, "window": 20, "bridge": 15,
        "notice": 3600, "uncharged": "local,cpe", "power": "exclude", "rounding": "nearest",
        "service_hours": "mon-fri@08:00-16:00,22:00-06:00", "speed": "80:90:30:1",
        "limit_rtt_ms": 120.5, "limit_loss": 2.5, "limit_pdv_ms": 30, "claim_days": 7,
        "final_days": 365, "gap": None}]


def test_contract_list_shows_gaps(server):
    one, other = server.add_link(), server.add_link(provider="Starlink")
    for link, begin, end in ((one, "2026-01-01", "2026-02-01"), (one, "2026-02-01", "2026-03-01"),
                             (one, "2026-03-05", "2026-04-01"),
                             (other, "2026-06-01", "2027-01-01")):
        server.pantau(*contract_words(link, **{"from": begin, "to": end}))
    rows = listed(server, "contract", "list")
    assert [(row["contract"], row["gap"]) for row in rows] == [
        (1, None), (2, None), (None, "gap"), (3, None), (4, None)]
    assert (rows[2]["link"], rows[2]["from"], rows[2]["to"], rows[2]["fee"]) == (
        one, "2026-02-28T16:00:00Z", "2026-03-04T16:00:00Z", None)
    assert "gap" in server.pantau("contract", "list", "--link", one)
    assert "gap" not in server.pantau("contract", "list", "--link", other)


@pytest.mark.parametrize("word", ["rounding=sideways", "service-hours=8-16", "speed=80",
                                  "limit-rtt=-1", "claim-days=0", "final-days=x", "colour=red"])
def test_contract_refuses_a_term_by_its_key(server, word):
    link = server.add_link()
    key, value = word.split("=")
    said = refused(server, *contract_words(link, set=word), status=2, says=key)
    assert value in said and "must be" in said
    assert listed(server, "contract", "list") == []


def test_contracts_of_a_link_do_not_overlap(server):
    link = server.add_link()
    server.pantau(*contract_words(link))
    refused(server, *contract_words(link, **{"from": "2026-06-01"}), says="overlap")
    server.pantau("contract", "end", "--link", link, "--to", "2026-06-01")
    assert server.pantau(*contract_words(link, **{"from": "2026-06-01"})) == "2\n"
    assert [row["to"] for row in listed(server, "contract", "list")] == [
        "2026-05-31T16:00:00Z", None]
    server.pantau("contract", "end", "2", "--to", "2026-07-01T00:00:00Z")
    assert listed(server, "contract", "list")[1]["to"] == "2026-07-01T00:00:00Z"
    refused(server, "contract", "end", "99", "--to", "2026-07-01", says="no contract 99")


def test_a_bare_date_is_midnight_of_the_links_zone(server):
    for zone, begins in (("WIB", "2025-12-31T17:00:00Z"), ("WITA", "2025-12-31T16:00:00Z"),
                         ("WIT", "2025-12-31T15:00:00Z")):
        link = server.add_link(zone=zone)
        server.pantau(*contract_words(link))
        assert listed(server, "contract", "list", "--link", link)[0]["from"] == begins
    refused(server, *contract_words(link, **{"from": "2026-02-30"}), status=2, says="--from")


# ---- exclusions

def exclusion_words(*scope, **options):
    words = {"reason": "maintenance", "from": "2026-02-01", "to": "2026-02-02", "by": "Budi",
             "note": "ganti antena", **options}
    return ["exclusion", "add", *scope,
            *(word for key, value in words.items() for word in (f"--{key}", value))]


def test_exclusion_is_entered_listed_and_revoked(server, tmp_path):
    link = server.add_link(provider="Satu")
    letter = tmp_path / "surat.pdf"
    letter.write_bytes(b"surat")
    assert server.pantau(*exclusion_words("--link", link)) == "1\n"
    assert server.pantau(*exclusion_words("--provider", "Satu", reason="force-majeure",
                                          second="Citra", document=letter)) == "2\n"
    first, second = listed(server, "exclusion", "list")
    assert (first["scope"], first["value"], first["reason"]) == ("link", str(link), "maintenance")
    assert (first["from"], first["to"]) == ("2026-01-31T16:00:00Z", "2026-02-01T16:00:00Z")
    assert second["document"] == hashlib.sha256(b"surat").hexdigest()
    server.pantau("exclusion", "revoke", 1)
    assert listed(server, "exclusion", "list")[0]["revoked"]
    refused(server, "exclusion", "revoke", 1, says="revoked")


def test_exclusion_wants_one_scope_and_two_officers(server, tmp_path):
    link = server.add_link(provider="Satu")
    refused(server, *exclusion_words(), status=2, says="--link, --desa")
    refused(server, *exclusion_words("--link", link, "--desa", DESA), status=2, says="only one")
    refused(server, *exclusion_words("--link", link, second="Citra"), status=2,
            says="belong together")
    refused(server, *exclusion_words("--link", "99"), says="99")


def test_a_bare_date_over_several_zones_is_refused(server):
    server.add_link(provider="Satu", zone="WITA")
    server.add_link(provider="Satu", zone="WIT")
    refused(server, *exclusion_words("--provider", "Satu"), status=2, says="several zones")
    assert server.pantau(*exclusion_words(
        "--provider", "Satu", **{"from": "2026-02-01T00:00:00+08:00",
                                 "to": "2026-02-02T00:00:00Z"})) == "1\n"


# ---- agents

def test_agent_issue_writes_a_ready_folder(server):
    link = server.add_link()
    agent = server.issue(link, words=["--wan", "wan2"])
    assert {path.name for path in agent.folder.iterdir()} == {
        "agent.key", "agent.crt", "ca.crt", "agent.conf"}
    assert (agent.folder / "agent.key").stat().st_mode & 0o077 == 0
    checked = subprocess.run(["openssl", "verify", "-no_check_time", "-CAfile",
                              agent.folder / "ca.crt", agent.folder / "agent.crt"],
                             capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    done = subprocess.run([program("pantau-agent"), "check", "--config",
                           agent.folder / "agent.conf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    row = listed(server, "agent", "list")[0]
    assert (row["agent"], row["wan"], row["link"]) == (agent.agent, "wan2", link)
    roster = json.loads((server.state / "roster.json").read_text())
    assert roster["agents"] == [
        {"id": agent.agent, "fingerprint": row["fingerprint"], "revoked": False,
         "wans": {"wan2": "Penyedia Uji"}}]


def test_agent_issue_never_replaces_a_key(server):
    link = server.add_link()
    agent = server.issue(link)
    before = (agent.folder / "agent.key").read_bytes()
    refused(server, "agent", "issue", "--link", link, "--out", agent.folder,
            says="agent.key is there already")
    assert (agent.folder / "agent.key").read_bytes() == before
    refused(server, "agent", "issue", "--link", link, "--out", server.folder / "other", "--wan",
            "a=b", status=2, says="--wan")
    assert len(listed(server, "agent", "list")) == 1


def test_agent_that_cannot_be_written_is_not_registered(server, tmp_path):
    link = server.add_link()
    (tmp_path / "file").write_text("")
    refused(server, "agent", "issue", "--link", link, "--out", tmp_path / "file" / "x",
            says="file")
    refused(server, "agent", "issue", "--link", 99, "--out", tmp_path / "y", says="99")
    assert listed(server, "agent", "list") == []
    assert not (tmp_path / "y").exists() or not list((tmp_path / "y").iterdir())


def test_binding_anew_ends_the_older(server):
    one, two = server.add_link(), server.add_link(desa="64.08.05.2002")
    agent = server.issue(one)
    server.pantau("agent", "bind", "--agent", agent.agent, "--wan", "wan", "--link", two, "--from",
                  "2026-03-01")
    rows = listed(server, "agent", "list")
    assert [(row["link"], row["from"], row["to"]) for row in rows] == [
        (one, "2025-12-31T16:00:00Z", "2026-02-28T16:00:00Z"),
        (two, "2026-02-28T16:00:00Z", None)]
    server.pantau("agent", "revoke", agent.agent)
    assert all(row["revoked"] for row in listed(server, "agent", "list"))
    refused(server, "agent", "revoke", agent.agent, says="revoked")


# ---- figures

def test_sla_of_a_link_never_heard_of(server):
    link = server.add_link(provider="PT Uji, Tbk")
    server.add_contract(link)
    text = server.pantau("sla", "--month", "2026-01", "--format", "csv")
    assert text.splitlines()[0] == SLA_COLUMNS
    assert "\r" not in text
    row, = csv.DictReader(io.StringIO(text))
    assert row["provider"] == "PT Uji, Tbk" and row["kabupaten"] == "64.08"
    assert (row["s"], row["u"], row["d"], row["n"], row["e"]) == (
        "2678400", "0", "0", "2678400", "0")
    assert (row["a_known"], row["a_low"], row["a_high"], row["coverage"], row["target"]) == (
        "", "0.000000", "100.000000", "0.000000", "99.500000")
    assert row["verdict"] == "DATA TIDAK CUKUP"
    assert row["segment_start"] == "2025-12-31T16:00:00Z"
    as_json, = json.loads(server.pantau("sla", "--month", "2026-01", "--format", "json"))
    assert {key: "" if value is None else str(value) for key, value in as_json.items()
            if key not in ("a_low", "a_high", "coverage", "target")} == {
        key: value for key, value in row.items()
        if key not in ("a_low", "a_high", "coverage", "target")}
    assert json.loads(server.pantau("sla", "--month", "2026-01", "--json")) == [as_json]


def test_sla_table_says_provisional_while_the_month_is_open(server):
    server.add_contract(server.add_link())
    table = server.pantau("sla", "--month", "2026-01", "--as-of", "2026-01-10")
    assert "SEMENTARA" in table and "sementara" in table
    row, = server.sla("2026-01", "--as-of", "2026-01-10")
    assert row["s"] == str(9 * 86400)
    assert row["as_of"] == "2026-01-09T16:00:00Z"


def test_sla_by_group_and_filter(server):
    for desa in (DESA, "64.08.05.2002"):
        server.add_contract(server.add_link(desa=desa, provider=f"P{desa[-1]}"))
    header = server.pantau("sla", "--month", "2026-01", "--by", "kabupaten", "--format",
                           "csv").splitlines()[0]
    assert header == SLA_COLUMNS + ",links_met,links_missed,links_undecided,links_never"
    row, = server.sla("2026-01", "--by", "kabupaten")
    assert row["kabupaten"] == "64.08" and row["link"] == "" and row["s"] == str(2 * 2678400)
    assert sum(int(row[f"links_{key}"]) for key in ("met", "missed", "undecided", "never")) == 2
    assert [r["provider"] for r in server.sla("2026-01", "--by", "provider")] == ["P1", "P2"]
    assert [r["desa"] for r in server.sla("2026-01", "--desa", DESA)] == [DESA]
    assert server.sla("2026-01", "--provider", "P3") == []


def test_outages_of_a_silent_link_are_none(server):
    server.add_contract(server.add_link())
    text = server.pantau("outages", "--month", "2026-01", "--format", "csv")
    assert text.startswith("start,end,first_lost,first_answered,cause,link,desa,")
    assert len(text.splitlines()) == 1
    assert "0 gangguan" in server.pantau("outages", "--month", "2026-01")


# ---- status

def status(server):
    done = server.run("status", "--json", "--config", server.config)
    return done.returncode, {row["part"]: row for row in json.loads(done.stdout)}


def test_status_says_what_does_not_run_and_what_to_do(server):
    code, parts = status(server)
    assert code == 1
    assert parts["registry"]["state"] == "ok" and parts["disk"]["state"] == "ok"
    for name in ("ingest", "ledger"):
        assert parts[name]["state"] == "fail"
        assert f"pantau-collector {name}" in parts[name]["advice"]


def test_status_is_well_when_everything_runs(running):
    running.start("web")
    code, parts = wait_for(lambda: (lambda found: found[0] == 0 and found)(status(running)),
                           "pantau status is well")
    assert {part["state"] for part in parts.values()} == {"ok"}, parts
    assert not any(part["advice"] for part in parts.values())


def test_status_notices_a_part_that_dies(running):
    running.kill("ledger")
    code, parts = status(running)
    assert code == 1
    assert parts["ledger"]["state"] == "fail" and parts["ingest"]["state"] == "ok"


def test_times_for_people_are_of_the_links_zone(server, tmp_path):
    link = server.add_link()
    server.add_contract(link)
    assert "2026-01-01 00:00:00 WITA" in server.pantau("contract", "list")
    assert listed(server, "contract", "list")[0]["from"] == "2025-12-31T16:00:00Z"
    again = server.run("contract", "add", "--link", link, "--from", "2026-02-01", "--mbps-down",
                       10, "--mbps-up", 10, "--fee", 0, "--target", 99, "--formula", "prorata")
    assert again.returncode == 1 and "from 2026-01-01 00:00:00 WITA to open" in again.stderr
    signed = ("--reason", "power", "--by", "Budi", "--note", "uji")
    for scope in (("--link", link), ("--kecamatan", "64.08.05")):
        server.pantau("exclusion", "add", *scope, "--from", "2026-02-01", "--to", "2026-02-02",
                      *signed)
    assert server.pantau("exclusion", "list").count("2026-02-01 00:00:00 WITA") == 2
    assert listed(server, "exclusion", "list")[0]["from"] == "2026-01-31T16:00:00Z"
    cuts = tmp_path / "cuts.csv"
    cuts.write_text("kecamatan,from,to\n64.08.05,2026-02-01,2026-02-02\n")
    words = ("exclusion", "import", cuts, *signed, "--dry-run")
    assert "2026-02-01 00:00:00 WITA" in server.pantau(*words)
    assert json.loads(server.pantau(*words, "--json"))[0]["from"] == "2026-01-31T16:00:00Z"
