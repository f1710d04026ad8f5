# SPDX-License-Identifier: Apache-2.0
"""Every state of a second, explained by the real programs; and the explanations of all seconds of a
month add up to its row."""

import json
import time
from urllib.parse import urlencode

import pytest

from support.enter import DOCUMENT, enter, wait_in_ledger
from support.invented import BOOT_BEFORE_S, boots_of
from support.programs import RELEASE, wait_for
from support.records import ledger_rows, make_slot, pb
from support.reporter import Reporter
from support.server import Server, last_number
from support.site import text_of
from support.weeks import MONTH, MONTH_FROM, MONTH_TO, week
from system.independent_sla import FOREVER, Case, Contract, Slot, Terms
from system.test_retention import forget

CLASSES = {"U": "u", "D": "d", "N": "n", "E": "e"}


class Story:
    """Slots one after the other; `mark` remembers a second in the middle of what was written."""

    def __init__(self, at):
        self.at, self.slots, self.power_gaps, self.marks = at, [], [], {}

    def write(self, minutes, lost=0, cause="", made=6, mark=None):
        if mark:
            self.marks[mark] = self.at + minutes * 30
        for _ in range(minutes):
            self.slots.append(Slot(self.at, self.at + 60, 6, made, lost, cause))
            self.at += 60
        return self

    def hole(self, seconds, mark, power=False):
        self.marks[mark] = self.at + seconds // 2
        if power:
            self.power_gaps.append((self.at, self.at + seconds))
        self.at += seconds
        return self


def tell_story():
    story = Story(MONTH_FROM + 3600)
    story.write(20, mark="up").write(10, 6, "provider", mark="down").write(20)
    story.write(2, 6, "access", mark="forgiven").write(20)
    story.hole(60, "bridged").write(20)
    story.hole(1800, "agent").write(20)
    story.hole(3600, "power", power=True).write(20)
    story.write(10, 6, "local", mark="local").write(20)
    story.write(10, made=2, mark="few").write(20)
    story.write(3, 6, "upstream", mark="edge").hole(250, "beside edge").write(20)
    story.write(10, 6, "upstream", mark="unconfirmed").write(20, mark="excluded")
    story.write(10, mark="revoked").write(10, mark="announced").write(10)
    return story


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("explain") / "server", build=RELEASE).init()
    yield server.start("ingest", "ledger", "web")
    server.close()


@pytest.fixture(scope="module")
def told(collector):
    """The story, entered: (link, story)."""
    story = tell_story()
    case = Case(MONTH, 28800, [Contract(MONTH_FROM, FOREVER, Terms(995000, 1200000, "excess"))],
                story.slots, power_gaps=story.power_gaps)
    link = enter(collector, case, "story")

    def exclude(mark, reason, *words):
        at = story.marks[mark]
        return last_number(collector.pantau(
            "exclusion", "add", "--link", link, "--reason", reason, "--from", text_of(at - 60),
            "--to", text_of(at + 60), "--by", "Budi", "--note", f"uji {mark}", *words))
    exclude("unconfirmed", "force-majeure")
    exclude("excluded", "customer", "--second", "Citra", "--document", DOCUMENT)
    collector.pantau("exclusion", "revoke", exclude("revoked", "customer"), "--by", "Citra",
                     "--note", "salah link")
    exclude("announced", "maintenance")
    exclude("agent", "power")
    return link, story


def get(collector, link, at, **more):
    return json.loads(collector.get("/api/v1/explain?" + urlencode(
        {"link": link, "at": text_of(at), **more})))


@pytest.mark.parametrize("mark, cls, cause, if_good, if_bad, kind", [
    ("up", "U", None, "UP", "UP", "good"),
    ("down", "D", "provider", "DOWN", "DOWN", "bad"),
    ("forgiven", "U", None, "UP", "UP", "bad"),
    ("bridged", "U", None, "UP", "UP", "good"),
    ("agent", "N", "agent", "UP", "DOWN", "unknown"),
    ("power", "N", "power", "UP", "DOWN", "unknown"),
    ("local", "N", "local", "UP", "DOWN", "unknown"),
    ("few", "N", "agent", "UP", "DOWN", "unknown"),
    ("edge", "N", "edge", "UP", "DOWN", "bad"),
    ("unconfirmed", "D", "upstream", "DOWN", "DOWN", "bad"),
    ("excluded", "E", None, "UP", "UP", "good"),
    ("revoked", "U", None, "UP", "UP", "good"),
    ("announced", "U", None, "UP", "UP", "good"),
])
def test_state_of_a_second(collector, told, mark, cls, cause, if_good, if_bad, kind):
    link, story = told
    at = story.marks[mark]
    one = get(collector, link, at)
    assert (one["class"], one["run"]["cause"]) == (cls, cause)
    assert [(one_pass["unknown_as"], one_pass["state"]) for one_pass in one["passes"]] == [
        ("good", if_good), ("bad", if_bad)]
    here = [piece for piece in one["around"] if piece["here"]]
    assert len(here) == 1 and here[0]["kind"] == kind
    for part in (one["alike"], one["run"], here[0]):
        assert part["from"] <= text_of(at) and (part["to"] is None or text_of(at) < part["to"])
    text = collector.pantau("explain", "--link", link, "--at", text_of(at))
    assert {"U": "HIDUP (U)", "D": "MATI (D)", "N": "TAK TENTU (N)",
            "E": "DIKECUALIKAN (E)"}[cls] in text
    english = collector.pantau("explain", "--link", link, "--at", text_of(at), "--lang", "en")
    assert {"U": "UP (U)", "D": "DOWN (D)", "N": "UNDETERMINED (N)",
            "E": "EXCLUDED (E)"}[cls] in english
    printed = collector.pantau("explain", "--link", link, "--at", text_of(at), "--json")
    assert json.loads(printed)["run"] == one["run"]


def test_the_window_is_said_in_numbers(collector, told):
    link, story = told
    down = get(collector, link, story.marks["down"])["passes"][0]
    assert (down["taken_as"], down["seconds"], down["decided_by"]["seconds"]) == ("bad", 600, 600)
    forgiven = get(collector, link, story.marks["forgiven"])["passes"][0]
    assert (forgiven["taken_as"], forgiven["seconds"]) == ("bad", 120)
    assert forgiven["decided_by"]["seconds"] >= 300
    assert forgiven["decided_by"]["to"] == forgiven["from"]
    rule = get(collector, link, story.marks["up"])["rule"]
    assert (rule["window_s"], rule["bridge_s"], rule["loss_threshold_ppm"], rule["uncharged"]) == (
        300, 120, 500000, ["local"])
    text = collector.pantau("explain", "--link", link, "--at", text_of(story.marks["forgiven"]))
    assert "lebih pendek dari W = 300 detik, maka dimaafkan" in text


def test_the_slot_its_probes_and_its_clock(collector, told):
    link, story = told
    one = get(collector, link, story.marks["down"])
    slot = one["slot"]
    assert (slot["rounds_due"], slot["rounds_made"], slot["rounds_lost"]) == (6, 6, 6)
    assert slot["cause_if_bad"] == "provider"
    assert len(slot["probes"]) == 36
    edge = [probe for probe in slot["probes"] if probe["class"] == "edge"]
    assert {(probe["outcome"], probe["follow_up"]) for probe in edge} == {("answered", True)}
    assert all(is_rtt(probe, slot, 2000) for probe in edge)
    lost = [probe for probe in slot["probes"] if probe["class"] == "internet"]
    assert {(probe["outcome"], probe["rtt_us"]) for probe in lost} == {("lost", None)}
    assert slot["binding"]["from"] and slot["boot"] and slot["received"]
    used = one["clock"]["used"]
    assert (used["source"], used["error_us"]) == ("ntp", 1000)
    assert used["utc"][:19] == text_of(story.slots[0].start - BOOT_BEFORE_S)[:19]
    assert one["clock"]["before"] is None and one["clock"]["after"] is None
    assert one["outage"]["d"] == 600 and one["outage"]["cause"] == "provider"


def is_rtt(probe, slot, sent_us):
    """Exact, or the middle of its step once the day is packed."""
    if not slot["packed"]:
        return probe["rtt_us"] == sent_us
    return abs(probe["rtt_us"] - sent_us) <= sent_us // 100


def test_slots_of_these_days_are_exact_and_old_ones_say_what_they_are(collector, told):
    now = int(time.time()) // 60 * 60
    slots = [Slot(now - 3600 + 60 * n, now - 3540 + 60 * n, 6, 6, 0) for n in range(30)]
    link = enter(collector, Case(MONTH, 28800, [Contract(now - 86400, FOREVER, Terms(
        995000, 1200000, "excess"))], slots), "fresh")
    slot = get(collector, link, now - 3600 + 90)["slot"]
    assert slot["packed"] is False
    assert {probe["rtt_us"] for probe in slot["probes"]} == {2000, 20000}
    old_link, story = told
    at = story.marks["up"]
    says = "RTT adalah tengah jenjangnya" in collector.pantau(
        "explain", "--link", old_link, "--at", text_of(at))
    assert says == get(collector, old_link, at)["slot"]["packed"]


def test_a_hole_says_who_was_heard_before_and_after(collector, told):
    link, story = told
    gap, = story.power_gaps
    one = get(collector, link, story.marks["power"])
    assert one["slot"] is None and one["clock"] is None
    assert one["heard_before"]["to"] == text_of(gap[0])
    assert one["heard_after"]["booted"] == text_of(gap[1])
    bridged = get(collector, link, story.marks["bridged"])
    assert [piece["bridged"] for piece in bridged["around"] if piece["here"]] == [True]


@pytest.mark.parametrize("mark, why, counts", [
    ("unconfirmed", "unconfirmed", False), ("excluded", "counts", True),
    ("revoked", "revoked", False), ("announced", "notice", False), ("agent", "not-power", False)])
def test_exclusions_that_reach_the_second(collector, told, mark, why, counts):
    link, story = told
    exclusion, = get(collector, link, story.marks[mark])["exclusions"]
    assert (exclusion["why"], exclusion["counts"]) == (why, counts)
    assert exclusion["note"] == f"uji {mark}"
    if mark == "revoked":
        assert (exclusion["revoked_by"], exclusion["revoke_note"]) == ("Citra", "salah link")
    if mark == "announced":
        assert exclusion["counts_from"] > text_of(story.marks[mark])


def test_seconds_of_which_nothing_is_known(collector, told):
    link, story = told
    before = get(collector, link, MONTH_FROM - 10 * 86400)
    assert (before["class"], before["nowhere"], before["run"]) == (None, "no-contract", None)
    assert before["contract_after"]["from"] == text_of(MONTH_FROM)
    first = get(collector, link, MONTH_FROM)
    assert (first["class"], first["run"]["cause"]) == ("N", "silent")
    silent = get(collector, link, story.at + 86400)
    assert (silent["class"], silent["run"]["cause"], silent["run"]["to"]) == ("N", "silent", None)
    assert silent["heard_before"]["to"] == text_of(story.at)
    future = get(collector, link, MONTH_TO + 365 * 86400 * 20)
    assert (future["class"], future["nowhere"]) == (None, "not-yet")
    earlier = get(collector, link, story.marks["up"], as_of=text_of(story.marks["up"]))
    assert (earlier["class"], earlier["nowhere"]) == (None, "not-yet")
    for at in (MONTH_FROM - 10 * 86400, MONTH_FROM, MONTH_TO + 365 * 86400 * 20):
        assert "Mengapa" in collector.pantau("explain", "--link", link, "--at", text_of(at))


def test_a_link_of_which_nobody_heard(collector):
    link = collector.add_link()
    none = get(collector, link, MONTH_FROM)
    assert (none["class"], none["nowhere"], none["around"]) == (None, "no-contract", [])
    collector.add_contract(link, "2026-03-01")
    one = get(collector, link, MONTH_FROM)
    assert (one["class"], one["run"]["cause"], one["slot"]) == ("N", "silent", None)


def test_a_contract_that_excludes_time_without_power(collector):
    story = Story(MONTH_FROM + 3600)
    story.write(60).hole(1800, "clear", power=True).write(60)
    story.write(4, 6, "provider").hole(1800, "beside", power=True).write(60)
    terms = Terms(995000, 1200000, "excess", power="exclude")
    link = enter(collector, Case(MONTH, 28800, [Contract(MONTH_FROM, FOREVER, terms)], story.slots,
                                 power_gaps=story.power_gaps), "power-rule")
    clear = get(collector, link, story.marks["clear"])
    assert (clear["class"], clear["power_rule"], clear["run"]["cause"]) == ("E", "removed", "power")
    beside = get(collector, link, story.marks["beside"])
    assert (beside["class"], beside["power_rule"]) == ("N", "to-a-person")
    text = collector.pantau("explain", "--link", link, "--at", text_of(story.marks["beside"]))
    assert "orang yang memutuskan" in text


def test_seconds_outside_service_hours(collector):
    link = collector.add_link()
    collector.add_contract(link, "2026-03-01", words=("--set", "service-hours=08:00-16:00"))
    night = get(collector, link, MONTH_FROM + 3 * 3600)
    assert (night["class"], night["nowhere"]) == (None, "off-hours")
    assert night["alike"]["seconds"] == 8 * 3600 and night["rule"]["service"]
    day = get(collector, link, MONTH_FROM + 9 * 3600)
    assert (day["class"], day["alike"]["seconds"]) == ("N", 8 * 3600)
    assert "di luar jam layanan" in collector.pantau("explain", "--link", link, "--at",
                                                     text_of(MONTH_FROM))
    sums, = walk(collector, link, MONTH_FROM, MONTH_TO).values()
    row, = collector.sla(MONTH, "--link", link, "--as-of", text_of(MONTH_TO))
    assert str(sums["n"]) == row["n"] == row["s"] == str(31 * 8 * 3600)


def test_wrong_questions(collector, told):
    link, _ = told
    done = collector.run("explain", "--link", 9999, "--at", "2026-03-01")
    assert done.returncode == 1 and "link 9999 does not exist" in done.stderr
    done = collector.run("explain", "--link", link, "--at", "kemarin")
    assert done.returncode == 2 and "kemarin" in done.stderr
    for far, words in (("@-1", "not in the years 1970 to 9998"),
                       ("@316000000000", "is not a time"),  # of a year with five digits
                       ("9999-12-31", "not in the years 1970 to 9998")):
        done = collector.run("explain", "--link", link, "--at", far)
        assert done.returncode == 2 and words in done.stderr
    for query in ("", "link=1", f"link={link}", f"link={link}&at=x", "link=0&at=2026-03-01",
                  f"link={link}&at=@-99999999999",
                  f"link={link}&at=2026-03-01&more=1", "link=9999&at=2026-03-01"):
        assert collector.get("/api/v1/explain?" + query, None) is None


# ---- what cannot be told by a case

def report(server, issued, run, nonce, records):
    with Reporter(server, issued) as reporter:
        reporter.hello((run, nonce, 1, len(records)))
        reporter.deliver(run, list(enumerate(records, 1)))


def slot_record(boot, start_s, lost):
    slot = make_slot(60000, 6, 6, lost, "provider", boot=boot)
    slot.start_us = start_s * 1000000
    return pb.Record(slot=slot).SerializeToString()


def test_disputed_dropped_and_clock(collector):
    link = collector.add_link()
    collector.add_contract(link, "2026-03-01")
    issued = collector.issue(link, "odd", "2024-01-01")
    case = Case(MONTH, 28800, [], [Slot(MONTH_FROM + 60 * n, MONTH_FROM + 60 * n + 60, 6, 6, 0)
                                   for n in range(30)])
    boot, = boots_of(case)
    sound = list(boot.records)
    minute = boot.numbered()[-1][0] + 1
    hole_us = (BOOT_BEFORE_S + 30 * 60) * 1000000
    sound.append(pb.Record(dropped=pb.Dropped(
        boot=boot.id, last=minute + 9, records=10, from_us=hole_us,
        to_us=hole_us + 600 * 1000000)).SerializeToString())
    report(collector, issued, boot.run, boot.nonce, sound)
    other = [slot_record(boot.id, BOOT_BEFORE_S + 60 * 20, 6)]
    with Reporter(collector, issued) as reporter:  # a clone: other content for known keys
        reporter.hello((boot.run, boot.nonce, 1, len(sound)))
        reporter.report(boot.run, [(23, other[0])])
        reporter.rest()
    nowhen = [slot_record(b"C" * 16, 60 * n, 0) for n in range(5)]
    report(collector, issued, 2, 99, nowhen)
    wait_in_ledger(collector, issued.agent, len(sound) + 1 + len(nowhen))
    disputed = get(collector, link, MONTH_FROM + 20 * 60 + 30)
    assert disputed["dispute"]["disputed"] is True
    assert disputed["dispute"]["other_contents"] == 1 and disputed["dispute"]["settled"] is None
    here = [piece for piece in disputed["around"] if piece["here"]]
    assert here[0]["disputed"] is True and here[0]["cause"] == "disputed"
    dropped = get(collector, link, MONTH_FROM + 30 * 60 + 300)
    assert (dropped["class"], dropped["run"]["cause"]) == ("N", "dropped")
    late = get(collector, link, MONTH_FROM + 86400)
    assert (late["class"], late["run"]["cause"]) == ("N", "clock")


# ---- the sum

def walk(collector, link, month_from, month_to):
    """Seconds of each class in each contract, by explaining one second of each stretch."""
    sums, at = {}, month_from
    while at < month_to:
        one = get(collector, link, at, as_of=text_of(month_to))
        alike = one["alike"]
        assert alike["from"] <= text_of(at), alike
        until = at + alike["seconds"] - (at - second_of(alike["from"]))
        assert at < until <= month_to
        if one["class"]:
            row = sums.setdefault(str(one["contract"]["id"]), dict.fromkeys("udne", 0))
            row[CLASSES[one["class"]]] += until - at
            if one["class"] in "ND":
                key = f"{one['class'].lower()}_{one['run']['cause']}"
                row[key] = row.get(key, 0) + until - at
        at = until
    return sums


def second_of(text):
    from datetime import datetime, timezone
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(
        tzinfo=timezone.utc).timestamp())


@pytest.mark.parametrize("seed", (5, 7, 11))
def test_the_explanations_of_a_month_add_up_to_its_row(collector, seed):
    case = week(seed, days=2)
    link = enter(collector, case, f"sum-{seed}")
    sums = walk(collector, link, MONTH_FROM, MONTH_TO)
    rows = collector.sla(MONTH, "--link", link, "--as-of", text_of(MONTH_TO))
    assert sums and len(sums) == len(rows)
    for row in rows:
        counted = sums[row["contract"]]
        for key in row:
            if key in "udne" or key.startswith(("n_", "d_")):
                assert counted.get(key, 0) == int(row[key]), (row["contract"], key)


def test_the_story_adds_up_too(collector, told):
    link, _ = told
    sums, = walk(collector, link, MONTH_FROM, MONTH_TO).values()
    row, = collector.sla(MONTH, "--link", link, "--as-of", text_of(MONTH_TO))
    assert {key: str(sums[key]) for key in "udne"} == {key: row[key] for key in "udne"}


# ---- when the slots are gone

def test_what_was_counted_outlives_the_slots(tmp_path):
    server = Server(tmp_path / "server", build=RELEASE).init()
    try:
        server.start("ingest", "ledger", "web")
        link = enter(server, week(3, days=2), "old")
        wait_for(lambda: not ledger_rows(server.state, "SELECT 1 FROM link_rule WHERE waits_s IS"
                                         " NOT NULL"), "everything is derived")
        before = walk(server, link, MONTH_FROM, MONTH_TO)
        one = get(server, link, MONTH_FROM + 86400)
        assert one["slots_gone_before"] is None and one["around"]
        forget(server)
        wait_for(lambda: get(server, link, MONTH_FROM + 86400)["slots_gone_before"],
                 "the explanation says so")
        gone = get(server, link, MONTH_FROM + 86400)
        assert (gone["class"], gone["run"]) == (one["class"], one["run"])
        assert gone["around"] == [] and gone["slot"] is None
        assert [(one_pass["state"], one_pass["from"]) for one_pass in gone["passes"]] == [
            (one_pass["state"], None) for one_pass in one["passes"]]
        assert "sudah tidak disimpan" in server.pantau("explain", "--link", link, "--at",
                                                       text_of(MONTH_FROM + 86400))
        assert walk(server, link, MONTH_FROM, MONTH_TO) == before
    finally:
        server.close()
