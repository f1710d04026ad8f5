# SPDX-License-Identifier: Apache-2.0
"""A desa's month out of its links', and groups of links: the second writing of section 3's end."""

from system.independent_sla import count, rows_of
from system.spans import both, minus, total, union


def add(into, found):
    """One contract of a link: its sets of seconds join those of the link's others."""
    states = found.states
    for name, spans in (("p", found.period), ("e", found.gone),
                        ("u", both(found.counted, states.up)),
                        ("d", both(found.counted, states.down)),
                        ("ever", [found.segment]),
                        ("beneath", both([found.segment], states.up))):
        into[name] = union(into.get(name, []) + spans)


def links_of(cases):
    links = []
    for case in cases:
        link = {"p": [], "e": [], "u": [], "d": [], "ever": [], "beneath": []}
        for contract in case.contracts:
            found = count(case, contract)
            if found:
                add(link, found)
        links.append(link)
    return links


def all_of(links, name):
    """The seconds of some link's P at which every link with such a P is in this set."""
    whole = union(span for link in links for span in link["p"])
    for link in links:
        whole = minus(whole, minus(link["p"], link[name]))
    return whole


def desa_row(cases):
    """U where any link is U, D where all are D, E where all are excluded, otherwise N; "all" are
    the links that have a P there. None: no link has a contract in the month."""
    if not any(rows_of(case) for case in cases):
        return None
    links = links_of(cases)
    period = union(span for link in links for span in link["p"])
    up = union(span for link in links for span in link["u"])
    down, gone = all_of(links, "d"), all_of(links, "e")
    row = {"s": total(period), "e": total(gone), "u": total(up), "d": total(down)}
    row["n"] = row["s"] - row["e"] - row["u"] - row["d"]
    outages = desa_outages(links, down, up, gone)
    row["outages"], row["longest_s"] = len(outages), max(outages, default=0)
    return row


def desa_outages(links, down, up, gone):
    """Runs of D with the N that adjoins; where nothing counts, it goes on unless a link was up."""
    ever = union(span for link in links for span in link["ever"])
    period = union(span for link in links for span in link["p"])
    uncounted = minus(ever, minus(period, gone))
    beneath = union(span for link in links for span in link["beneath"])
    parted = union(up + both(uncounted, beneath))
    found = [total(both([piece], down)) for piece in minus(ever, parted)]
    return [seconds for seconds in found if seconds]


RANK = ("TIDAK DINILAI", "MEMENUHI", "DATA TIDAK CUKUP", "TIDAK MEMENUHI")
COUNTS = {"MEMENUHI": "links_met", "TIDAK MEMENUHI": "links_missed",
          "DATA TIDAK CUKUP": "links_undecided"}


def group_row(cases):
    """Sums of seconds and rupiah, and how the links did: each once, by its worst row."""
    sums = dict.fromkeys(("s", "e", "u", "d", "n", "outages", "high_loss_intervals",
                          "restitution_low", "restitution_high", "links_met", "links_missed",
                          "links_undecided", "links_never"), 0)
    for case in cases:
        rows = rows_of(case)
        for row in rows:
            for key in ("s", "e", "u", "d", "n", "outages", "high_loss_intervals"):
                sums[key] += row[key]
            for key in ("restitution_low", "restitution_high"):
                sums[key] += int(row[key] or 0)
        if rows and not case.slots:
            sums["links_never"] += 1
        elif rows:
            worst = max((row["verdict"] for row in rows), key=RANK.index)
            if worst in COUNTS:
                sums[COUNTS[worst]] += 1
    return sums
