# SPDX-License-Identifier: Apache-2.0
"""deploy/prometheus: what wakes somebody when the system itself fails. promtool runs each rule over
invented hours; none is left out, and each figure they read is one of ours."""

import re
import subprocess
from pathlib import Path

import pytest

from support.stores import program

TOP = Path(__file__).resolve().parents[2]
FOLDER = TOP / "deploy/prometheus"
ALERT = re.compile(r"- alert: (\w+)")
METRIC = re.compile(r"\bpantau_\w+")


@pytest.fixture(scope="module", name="promtool")
def fixture_promtool():
    def run(*arguments):
        done = subprocess.run([program("prometheus", "promtool"), *arguments], cwd=FOLDER,
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    return run


def rules_text():
    return (FOLDER / "pantau.rules.yml").read_text()


def test_prometheus_takes_the_configuration(promtool):
    assert "SUCCESS" in promtool("check", "config", "prometheus.yml")


def test_each_rule_speaks_when_it_must_and_not_before(promtool):
    assert "SUCCESS" in promtool("test", "rules", "pantau.rules.test.yml")
    told = (FOLDER / "pantau.rules.test.yml").read_text()
    alerts = ALERT.findall(rules_text())
    assert alerts and not [
        name for name in alerts if f'ALERTS{{alertname="{name}", alertstate="firing"' not in told]


def test_the_rules_read_what_we_write():
    written = set()
    for source in ("web/process_metrics.c", "web/api/metrics.c"):
        written |= set(re.findall(r'"(pantau_\w+)"', (TOP / source).read_text()))
    read = set(METRIC.findall(rules_text()))
    assert read and not read - written, read - written


def test_each_alarm_says_what_it_is_and_how_urgent():
    for rule in rules_text().split("- alert: ")[1:]:
        assert "summary: " in rule and re.search(r"severity: (page|ticket)\b", rule), rule
