# SPDX-License-Identifier: Apache-2.0
"""A case of independent_sla entered into a real server, and its rows as the command line prints
them."""

import sqlite3

from support.invented import boots_of, tell
from support.programs import ROOT, wait_for
from support.records import ledger_rows
from support.server import last_number, registry_sequence
from support.site import text_of
from system.independent_sla import FOREVER

DOCUMENT = ROOT / "LICENSE"  # any file: its hash is what counts
COMPARED = ("s", "e", "u", "d", "n", "a_known", "a_low", "a_high", "coverage", "verdict",
            "outages", "longest_s", "high_loss_intervals", "restitution_low", "restitution_high")


def term_words(terms):
    words = ["--loss-threshold", terms.loss_threshold_pct, "--window", terms.window_s,
             "--bridge", terms.bridge_s, "--notice", terms.notice_s, "--power", terms.power,
             "--uncharged", ",".join(terms.uncharged) or "none"]
    for below_ppm, pay in terms.bands:
        words += ["--band", f"{below_ppm / 10000:g}:{pay}"]
    return words


def enter_contracts(server, link, case):
    for contract in case.contracts:
        end = ["--to", text_of(contract.end)] if contract.end != FOREVER else []
        server.add_contract(link, text_of(contract.start), f"{contract.terms.target_ppm / 10000:g}",
                            contract.terms.fee, contract.terms.formula,
                            term_words(contract.terms) + end)


def enter_exclusions(server, link, case):
    for item in case.exclusions:
        second = ["--second", "Pejabat Dua", "--document", DOCUMENT] if item.confirmed else []
        out = server.pantau("exclusion", "add", "--link", link, "--reason", item.reason, "--from",
                            text_of(item.start), "--to", text_of(item.end), "--by", "Pejabat Satu",
                            "--note", "uji", *second)
        if item.revoked:
            server.pantau("exclusion", "revoke", last_number(out))


def wait_in_ledger(server, agent, records, timeout_s=300):
    """Until the ledger has read this many records of the agent, and the registry as it is."""
    changes = registry_sequence(server)

    def there():
        try:
            taken, = ledger_rows(
                server.state, "SELECT (SELECT coalesce(sum(records), 0) FROM agent_run WHERE agent"
                " = ?1) + (SELECT coalesce(sum(conflicts + rejected), 0) FROM heard WHERE agent ="
                " ?1)", agent)
        except sqlite3.OperationalError:  # its tables are being made
            return False
        follows = server.status_of("ledger").get("registry_sequence", 0) >= changes
        return follows and taken[0] >= records
    wait_for(there, f"{records} records of agent {agent} in the ledger\n"
             f"{server.log('ledger')[-2000:]}", timeout_s)


def enter(server, case, name, told=tell):
    """A new link with everything that the case says; its number."""
    link = server.add_link()
    enter_contracts(server, link, case)
    enter_exclusions(server, link, case)
    boots = boots_of(case)
    if boots:
        issued = server.issue(link, name, "2024-01-01")
        told(server, issued, boots)
        wait_in_ledger(server, issued.agent, sum(len(boot.records) for boot in boots))
    return link


def as_printed(row):
    """A row of independent_sla in the words of the command line."""
    return {**{key: str(row[key]) for key in COMPARED},
            "segment_start": text_of(row["segment_start"]),
            "segment_end": text_of(row["segment_end"])}


def only(wanted, rows):
    return [{key: row[key] for key in one} for one, row in zip(wanted, rows)]
