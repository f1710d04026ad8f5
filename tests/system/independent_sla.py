# SPDX-License-Identifier: Apache-2.0
"""The month of a link, counted a second time from the rules alone (how availability is counted),
the slow and plain way. It shares no line with the programs; tests compare the two.

independent_line.py says who witnessed what, independent_desa.py adds links up."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from fractions import Fraction

from system.independent_line import segments_of
from system.spans import both, minus, total, union

FOREVER = 1 << 60
GOOD, BAD, UNKNOWN = "good", "bad", "unknown"
DAY_S = 86400


@dataclass
class Terms:
    target_ppm: int
    fee: int
    formula: str
    loss_threshold_pct: int = 50
    window_s: int = 300
    bridge_s: int = 120
    notice_s: int = 86400
    uncharged: tuple = ("local",)
    power: str = "unknown"
    bands: tuple = ()  # (below_ppm, pay percent)
    rounding: str = "down"
    hours: tuple = ()  # service hours: (first weekday, last weekday, from_s, to_s); none: always


@dataclass
class Contract:
    start: int
    end: int
    terms: Terms


@dataclass
class Slot:
    """Or several equal ones, one after the other: `due`, `made` and `lost` are those of each."""
    start: int
    end: int
    due: int
    made: int
    lost: int
    cause: str = ""
    disputed: bool = False
    agent: int = 1
    run: int = 1
    sequence: int = 1


@dataclass
class Exclusion:
    reason: str
    start: int
    end: int
    entered: int
    revoked: bool = False
    confirmed: bool = True
    scope: str = ""  # "": it is known to reach the link
    value: str = ""


@dataclass
class Case:
    period: str  # YYYY-MM
    zone_offset_s: int
    contracts: list
    slots: list
    exclusions: list = field(default_factory=list)
    power_gaps: list = field(default_factory=list)  # (from, to), where `agents` says nothing
    as_of: int = FOREVER
    agents: dict = field(default_factory=dict)  # number: independent_line.Agent
    desa: str = ""
    provider: str = ""
    link: int = 0


# ---- section 2: the state of a second

def judge(slot, terms):
    """(state, the cause that it has as bad or as unknown)"""
    if slot.disputed:
        return UNKNOWN, "disputed"
    if slot.made == 0 or 2 * slot.made < slot.due:
        return UNKNOWN, "agent"
    if 100 * slot.lost <= terms.loss_threshold_pct * slot.made:
        return GOOD, ""
    cause = slot.cause or "upstream"
    return (UNKNOWN, "local") if cause in terms.uncharged else (BAD, cause)


def bridge(earlier, later, length, terms):
    """What a hole between two known slots is."""
    longest = terms.bridge_s if earlier == later else min(2, terms.bridge_s)
    return earlier if length <= longest else UNKNOWN


@dataclass
class Second:
    """A stretch of seconds that are alike."""
    start: int
    end: int
    state: str
    cause: str
    measured: bool  # False: unknown, or good or bad by bridging alone


def line_of(case, terms):
    """Without gaps from the beginning of the timeline to the end of time."""
    begins = min([c.start for c in case.contracts] + [slot.start for slot in case.slots])
    line = []
    for start, end, slot, cause in segments_of(case, begins, FOREVER):
        state, cause = judge(slot, terms) if slot else (UNKNOWN, cause)
        line.append(Second(start, end, state, cause, state != UNKNOWN))
    known = [number for number, one in enumerate(line) if one.measured]
    for before, after in zip(known, known[1:]):
        length = line[after].start - line[before].end
        if length:
            state = bridge(line[before].state, line[after].state, length, terms)
            for number in range(before + 1, after):
                line[number].state = state
    return line


def down_seconds(line, unknown_as, window_s):
    runs = []
    for one in line:
        state = unknown_as if one.state == UNKNOWN else one.state
        if runs and runs[-1][2] == state:
            runs[-1][1] = one.end
        else:
            runs.append([one.start, one.end, state])
    down, is_down = [], False
    for start, end, state in runs:
        if end - start >= window_s:
            is_down = state == BAD
        if is_down:
            down.append((start, end))
    return union(down)


@dataclass
class States:
    up: list
    down: list
    unknown: list
    bad: list  # charged bad slots
    bad_line: list  # those and the holes that are bad by bridging
    line: list
    power: list  # holes in which the router had no power, whatever they count as

    def why_unknown(self):
        """{cause: N seconds}"""
        causes = {}
        for one in self.line:
            cause = "edge" if one.measured else one.cause
            causes.setdefault(cause, []).append((one.start, one.end))
        return {cause: both(self.unknown, union(spans)) for cause, spans in causes.items()}

    def why_down(self):
        """[(span of D, its cause)]"""
        return [(run, main_cause(self.line, run)) for run in self.down]


def main_cause(line, run):
    """The cause that covers most of a run of D; ties: the earlier."""
    seconds = {}
    for one in line:
        if one.measured and one.state == BAD and run[0] <= one.start < run[1]:
            seconds[one.cause] = seconds.get(one.cause, 0) + one.end - one.start
    return max(seconds, key=seconds.get)


def states_of(case, terms):
    line = line_of(case, terms)
    everything = [(line[0].start, FOREVER)]
    down = down_seconds(line, GOOD, terms.window_s)
    up = minus(everything, down_seconds(line, BAD, terms.window_s))
    return States(up=up, down=down, unknown=minus(minus(everything, up), down),
                  bad=[(one.start, one.end) for one in line if one.measured and one.state == BAD],
                  bad_line=[(one.start, one.end) for one in line if one.state == BAD], line=line,
                  power=union((one.start, one.end) for one in line
                              if not one.measured and one.cause == "power"))


# ---- section 3: the month

def utc(year, month):
    return int(datetime(year, month, 1, tzinfo=timezone.utc).timestamp())


def month_of(case):
    year, month = map(int, case.period.split("-"))
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return utc(year, month) - case.zone_offset_s, utc(*following) - case.zone_offset_s


def served(case, terms, span):
    """The seconds of the span within the service hours, in the link's local time."""
    if not terms.hours:
        return [span]
    zone = timezone(timedelta(seconds=case.zone_offset_s))
    first = datetime.fromtimestamp(span[0], zone).replace(hour=0, minute=0, second=0)
    windows, midnight = [], first - timedelta(days=1)
    while midnight.timestamp() < span[1]:
        for first_day, last_day, from_s, to_s in terms.hours:
            days = {day % 7 for day in range(first_day, last_day + (7 if last_day < first_day
                                                                    else 0) + 1)}
            if midnight.weekday() in days:
                begin = int(midnight.timestamp())
                windows.append((begin + from_s, begin + to_s))
        midnight += timedelta(days=1)
    return both([span], union(windows))


def near_bad(gap, states, window_s):
    return any(0 <= gap[0] - end < window_s or 0 <= start - gap[1] < window_s
               for start, end in states.bad)


def reaches(item, case):
    """Whether an exclusion is of this link."""
    return {"": True, "link": item.value == str(case.link), "desa": item.value == case.desa,
            "kecamatan": case.desa.startswith(item.value + "."),
            "kabupaten": case.desa.startswith(item.value + "."),
            "provider": item.value == case.provider}[item.scope]


def excluded(case, terms, states):
    power = both(states.unknown, states.power)
    spans = []
    for item in case.exclusions:
        span = [(item.start, item.end)]
        if item.revoked or not reaches(item, case):
            continue
        if item.reason == "maintenance":
            spans += [(max(item.start, item.entered + terms.notice_s), item.end)]
        elif item.reason == "power":
            spans += both(span, power)
        else:
            spans += span if item.confirmed else minus(span, states.down)
    if terms.power == "exclude":
        spans += both(states.unknown, [gap for gap in states.power
                                       if not near_bad(gap, states, terms.window_s)])
    return union(spans)


def outages_of(states, counted):
    """D seconds within `counted` of each outage: runs of D joined only by N are one."""
    downs = both(states.down, counted)
    found = [total(both([piece], downs)) for piece in union(states.down + states.unknown)]
    return [seconds for seconds in found if seconds > 0]


def high_loss_intervals(states, period):
    wholly_up = [bad for bad in states.bad if total(both([bad], states.up)) == bad[1] - bad[0]]
    holes = minus(union(states.bad_line), union(states.bad))
    touching = union(wholly_up + both(holes, states.up))
    return sum(1 for start, _ in touching
               if any(begin <= start < end for begin, end in period))


# ---- section 4: restitution

def restitution(terms, whole_s, row_s, judged_s, charged_s):
    fee, target = Fraction(terms.fee), Fraction(terms.target_ppm, 1000000)
    available = 1 - Fraction(charged_s, judged_s)
    if terms.formula == "prorata":
        rupiah = fee * charged_s / whole_s
    elif terms.formula == "prorata-sla":
        rupiah = fee * charged_s / (whole_s * target)
    elif terms.formula == "excess":
        rupiah = fee * max(0, charged_s - (1 - target) * judged_s) / whole_s
    elif terms.formula == "shortfall":
        rupiah = fee * judged_s / whole_s * max(Fraction(0), target - available) / target
    else:
        pays = [Fraction(str(pay)) / 100 for below, pay in terms.bands
                if available < Fraction(below, 1000000)]
        rupiah = fee * judged_s / whole_s * max(pays, default=Fraction(0))
    return min(rounded(rupiah, terms.rounding), rounded(fee * row_s / whole_s, "down"))


def rounded(rupiah, rule):
    whole, rest = divmod(rupiah, 1)
    up = {"down": False, "up": rest > 0, "nearest": rest >= Fraction(1, 2)}[rule]
    return int(whole) + up


def percent(part, whole):
    if whole == 0:
        return ""
    millionths = part * 100 * 1000000 // whole
    return f"{millionths // 1000000}.{millionths % 1000000:06d}"


def verdict_of(terms, up, unknown, judged):
    if judged == 0:
        return "TIDAK DINILAI"
    if up * 1000000 >= terms.target_ppm * judged:
        return "MEMENUHI"
    if (up + unknown) * 1000000 < terms.target_ppm * judged:
        return "TIDAK MEMENUHI"
    return "DATA TIDAK CUKUP"


def money(terms, whole_s, row_s, judged, row):
    if row["verdict"] == "TIDAK DINILAI":
        return "", ""
    low = high = 0
    if row["verdict"] == "TIDAK MEMENUHI":
        low = restitution(terms, whole_s, row_s, judged, row["d"])
    if row["verdict"] != "MEMENUHI":
        high = restitution(terms, whole_s, row_s, judged, row["d"] + row["n"])
    return str(low), str(high)


@dataclass
class Counted:
    """A contract's part of the month, as sets of seconds."""
    segment: tuple
    period: list  # P
    gone: list  # E
    counted: list  # P minus E
    states: States


def count(case, contract):
    """None where the contract has no second of the month."""
    month = month_of(case)
    segment = (max(month[0], contract.start), min(month[1], contract.end, case.as_of))
    if segment[0] >= segment[1]:
        return None
    period = served(case, contract.terms, segment)
    states = states_of(case, contract.terms)
    gone = both(period, excluded(case, contract.terms, states))
    return Counted(segment, period, gone, minus(period, gone), states)


def by_cause(found):
    """Seconds of D and of N by their causes, without those that have none."""
    row = {}
    for run, cause in found.states.why_down():
        row["d_" + cause] = row.get("d_" + cause, 0) + total(both([run], found.counted))
    for cause, spans in found.states.why_unknown().items():
        row["n_" + cause] = total(both(spans, found.counted))
    return {cause: seconds for cause, seconds in row.items() if seconds}


def row_of(case, contract):
    """The row of one contract, or None where it has no second of the month."""
    found = count(case, contract)
    return row_from(case, contract.terms, found) if found else None


def row_from(case, terms, found):
    states, judged = found.states, total(found.counted)
    up, down, unknown = (total(both(found.counted, part))
                         for part in (states.up, states.down, states.unknown))
    assert up + down + unknown == judged
    outages = outages_of(states, found.counted)
    row = {"segment_start": found.segment[0], "segment_end": found.segment[1],
           "s": total(found.period), "e": total(found.gone), "u": up, "d": down, "n": unknown,
           "a_known": percent(up, up + down), "a_low": percent(up, judged),
           "a_high": percent(up + unknown, judged), "coverage": percent(up + down, judged),
           "verdict": verdict_of(terms, up, unknown, judged),
           "high_loss_intervals": high_loss_intervals(states, found.period),
           "outages": len(outages), "longest_s": max(outages, default=0),
           "causes": by_cause(found)}
    row["restitution_low"], row["restitution_high"] = money(
        terms, total(served(case, terms, month_of(case))), row["s"], judged, row)
    return row


def rows_of(case):
    rows = [row_of(case, c) for c in sorted(case.contracts, key=lambda c: c.start)]
    return [row for row in rows if row]
