# SPDX-License-Identifier: Apache-2.0
"""The month of a link, counted a second time from the rules alone (how availability is counted),
the slow and plain way. It shares no line with the programs; tests compare the two."""

from dataclasses import dataclass, field
from datetime import datetime, timezone
from fractions import Fraction

FOREVER = 1 << 60
GOOD, BAD, UNKNOWN = "good", "bad", "unknown"


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


@dataclass
class Contract:
    start: int
    end: int
    terms: Terms


@dataclass
class Slot:
    start: int
    end: int
    due: int
    made: int
    lost: int
    cause: str = ""


@dataclass
class Exclusion:
    reason: str
    start: int
    end: int
    entered: int
    revoked: bool = False
    confirmed: bool = True


@dataclass
class Case:
    period: str  # YYYY-MM
    zone_offset_s: int
    contracts: list
    slots: list
    exclusions: list = field(default_factory=list)
    power_gaps: list = field(default_factory=list)  # (from, to)
    as_of: int = FOREVER


# ---- sets of seconds, as sorted lists of (from, to)

def union(spans):
    merged = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def both(a, b):
    return union((max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b)


def minus(a, b):
    for cut_from, cut_to in b:
        a = [piece for start, end in a
             for piece in ((start, min(end, cut_from)), (max(start, cut_to), end))
             if piece[0] < piece[1]]
    return a


def total(spans):
    return sum(end - start for start, end in spans)


# ---- section 2: the state of a second

def judge(slot, terms):
    if slot.made == 0 or 2 * slot.made < slot.due:
        return UNKNOWN
    if 100 * slot.lost <= terms.loss_threshold_pct * slot.made:
        return GOOD
    return UNKNOWN if slot.cause in terms.uncharged else BAD


def bridge(earlier, later, length, terms):
    """What a hole between two known slots is."""
    longest = terms.bridge_s if earlier == later else min(2, terms.bridge_s)
    return earlier if length <= longest else UNKNOWN


def line_of(slots, terms, begins):
    """(from, to, state) without gaps from `begins` to the end of time; the charged bad slots."""
    known = sorted((slot.start, slot.end, judge(slot, terms)) for slot in slots)
    known = [item for item in known if item[2] != UNKNOWN]
    line, at = [], begins
    for start, end, state in known:
        if start > at:
            filler = bridge(line[-1][2], state, start - at, terms) if line else UNKNOWN
            line.append((at, start, filler))
        line.append((start, end, state))
        at = end
    line.append((at, FOREVER, UNKNOWN))
    return line, [item for item in known if item[2] == BAD]


def down_seconds(line, unknown_as, window_s):
    runs = []
    for start, end, state in line:
        state = unknown_as if state == UNKNOWN else state
        if runs and runs[-1][2] == state:
            runs[-1][1] = end
        else:
            runs.append([start, end, state])
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


def states_of(case, terms):
    begins = min([c.start for c in case.contracts] + [slot.start for slot in case.slots])
    line, bad = line_of(case.slots, terms, begins)
    everything = [(begins, FOREVER)]
    down = down_seconds(line, GOOD, terms.window_s)
    up = minus(everything, down_seconds(line, BAD, terms.window_s))
    return States(up=up, down=down, unknown=minus(minus(everything, up), down),
                  bad=[(start, end) for start, end, _ in bad],
                  bad_line=[(start, end) for start, end, state in line if state == BAD])


# ---- section 3: the month

def utc(year, month):
    return int(datetime(year, month, 1, tzinfo=timezone.utc).timestamp())


def month_of(case):
    year, month = map(int, case.period.split("-"))
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return utc(year, month) - case.zone_offset_s, utc(*following) - case.zone_offset_s


def near_bad(gap, states, window_s):
    return any(0 <= gap[0] - end < window_s or 0 <= start - gap[1] < window_s
               for start, end in states.bad)


def excluded(case, terms, states):
    power = both(states.unknown, union(case.power_gaps))
    spans = []
    for item in case.exclusions:
        span = [(item.start, item.end)]
        if item.revoked:
            continue
        if item.reason == "maintenance":
            spans += [(max(item.start, item.entered + terms.notice_s), item.end)]
        elif item.reason == "power":
            spans += both(span, power)
        else:
            spans += span if item.confirmed else minus(span, states.down)
    if terms.power == "exclude":
        spans += both(states.unknown,
                      union(gap for gap in case.power_gaps
                            if not near_bad(gap, states, terms.window_s)))
    return union(spans)


def outages_of(states, counted):
    """D seconds within `counted` of each outage: runs of D joined only by N are one."""
    pieces = union(states.down + states.unknown)
    found = [total(both(both([piece], states.down), counted)) for piece in pieces]
    return [seconds for seconds in found if seconds > 0]


def high_loss_intervals(states, period):
    wholly_up = [bad for bad in states.bad if total(both([bad], states.up)) == bad[1] - bad[0]]
    holes = minus(union(states.bad_line), states.bad)
    touching = union(wholly_up + both(holes, states.up))
    begins = [start for start, _ in touching]
    return sum(1 for start in begins if period[0] <= start < period[1])


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
    return int(min(rupiah, fee * row_s / whole_s))


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


def row_of(case, contract):
    """The row of one contract, or None where it has no second of the month."""
    month, terms = month_of(case), contract.terms
    period = (max(month[0], contract.start), min(month[1], contract.end, case.as_of))
    if period[0] >= period[1]:
        return None
    states = states_of(case, terms)
    gone = both([period], excluded(case, terms, states))
    counted = minus([period], gone)
    up, down, unknown = (total(both(counted, part))
                         for part in (states.up, states.down, states.unknown))
    judged = total(counted)
    assert up + down + unknown == judged
    outages = outages_of(states, counted)
    row = {"segment_start": period[0], "segment_end": period[1], "s": period[1] - period[0],
           "e": total(gone), "u": up, "d": down, "n": unknown,
           "a_known": percent(up, up + down), "a_low": percent(up, judged),
           "a_high": percent(up + unknown, judged), "coverage": percent(up + down, judged),
           "verdict": verdict_of(terms, up, unknown, judged),
           "high_loss_intervals": high_loss_intervals(states, period),
           "outages": len(outages), "longest_s": max(outages, default=0)}
    row["restitution_low"], row["restitution_high"] = money(
        terms, month[1] - month[0], row["s"], judged, row)
    return row


def rows_of(case):
    rows = [row_of(case, c) for c in sorted(case.contracts, key=lambda c: c.start)]
    return [row for row in rows if row]
