# SPDX-License-Identifier: Apache-2.0
"""What the dashboards show: each panel once, with its question in both languages. `make` writes the
JSON that Grafana reads.

A second that is not known has no state, so nothing here fills a gap: a hole in a line is an
unknown. Days are counted as `pantau sla` counts them; what is charged is what that command says."""

from dataclasses import dataclass, field

# By what a view is narrowed. Grafana puts the choice in; "all" is .*
PLACES = ("kabupaten", "provider")
ONE_LINK = ("link",)


def influx_where(names):
    return " AND ".join(["$timeFilter", *(f'"{name}" =~ /^${name}$/' for name in names)])


def prom_where(names):
    return "{" + ",".join(f'{name}=~"${name}"' for name in names) + "}"


@dataclass
class Panel:
    title: str
    kind: str  # Grafana's: stat, timeseries, table, state-timeline, barchart
    influxql: list  # questions; WHERE stands for the choice and the time
    promql: list  # (question, legend); CHOICE stands for the choice
    unit: str = "short"
    words: str = ""  # what a reader may ask
    width: int = 12  # of 24
    height: int = 8
    interval: str = ""  # the least time between two points
    range: str = ""  # instead of the time that was chosen
    good: list = field(default_factory=list)  # thresholds: (from, colour)
    options: dict = field(default_factory=dict)


SHARE = [(None, "red"), (0.95, "orange"), (0.99, "green")]


def tags_of(*names):
    return "".join(f', "{name}"' for name in names if name)


def in_time(what, measurement, *tags, step="$__interval"):
    """InfluxQL: a line over time for each value of the tags."""
    return (f'SELECT {what} FROM "{measurement}" WHERE CHOICE '
            f"GROUP BY time({step}){tags_of(*tags)} fill(none)")


def last_of_links(key, measurement, by="link"):
    return f'SELECT last("{key}") AS "s" FROM "{measurement}" WHERE CHOICE GROUP BY {by}'


def prom_by(by):
    return f" by ({by})" if by else ""


def named(word, by=""):
    """PromQL's legend."""
    return " ".join(part for part in (word, f"{{{{{by}}}}}" if by else "") if part)


def over(fold, metric):
    """PromQL: one value for each series and interval."""
    return f"{fold}_over_time(pantau_{metric}CHOICE[$__interval])"


# ---- of whole days

def days_sum(key, by, period):
    return f"sum{prom_by(by)} (sum_over_time(pantau_sla_day_{key}CHOICE[{period}]))"


def days_share(by="", period="$__range"):
    up, down = (days_sum(key, by, period) for key in "ud")
    return f"{up} / ({up} + {down})"


def unknown_share(by=""):
    up, down, unknown = (days_sum(key, by, "$__range") for key in "udn")
    return f"{unknown} / ({up} + {down} + {unknown})"


SHARE = [(None, "red"), (0.95, "orange"), (0.99, "green")]
AVAILABLE = 'sum("u") / (sum("u") + sum("d")) AS "available"'
UNKNOWN = 'sum("n") / (sum("u") + sum("d") + sum("n")) AS "unknown"'
DAYS = 'FROM "pantau_sla_day" WHERE CHOICE'


def available_share():
    return Panel(
        "Available", "stat", [f"SELECT {AVAILABLE} {DAYS}"], [(days_share(), "")], "percentunit",
        "Of the seconds that are known, those that were up. Whole local days under contract.",
        width=6, height=5, good=SHARE)


def not_known():
    return Panel(
        "Not known", "stat", [f"SELECT {UNKNOWN} {DAYS}"], [(unknown_share(), "")], "percentunit",
        "Seconds for which no witness stands: they count neither for nor against.",
        width=6, height=5)


def days_by(by):
    return Panel(
        "Available, day by day", "timeseries",
        [in_time(AVAILABLE, "pantau_sla_day", by, step="1d")],
        [(days_share(by, "1d"), named("", by))], "percentunit",
        "Each point is a whole local day, at its midnight.", width=24, interval="1d")


def table_by(title, tags, worst=0):
    names = ", ".join(f'"{tag}"' for tag in tags)
    rows = f"SELECT {AVAILABLE}, {UNKNOWN} {DAYS} GROUP BY {names}"
    share, missing = days_share(", ".join(tags)), unknown_share(", ".join(tags))
    if worst:
        rows = f'SELECT bottom("available", {worst}), "unknown", {names} FROM ({rows})'
        share = f"bottomk({worst}, {share})"
    return Panel(title, "table", [rows], [(share, ""), (missing, "")], "percentunit",
                 "First column: available; second: not known.", height=9, good=SHARE)


def link_days():
    names = {"u": "up", "d": "down", "n": "not known", "e": "excluded"}
    sums = ", ".join(f'sum("{key}") AS "{word}"' for key, word in names.items())
    return Panel(
        "Seconds of each day", "timeseries", [in_time(sums, "pantau_sla_day", "link", step="1d")],
        [(f"sum_over_time(pantau_sla_day_{key}CHOICE[1d])", named(word, "link"))
         for key, word in names.items()],
        "s", "As `pantau sla` counts them.", width=24, interval="1d", options=BARS)


# ---- of now

def down_now():
    last = last_of_links("state", "pantau_state", '"link"')
    return Panel(
        "Down now", "stat", [f'SELECT count("s") - sum("s") FROM ({last})'],
        [("sum(1 - last_over_time(pantau_state_stateCHOICE[$__range]))", "")],
        words="Links whose last known state of half an hour is down. A silent link is not among"
              " them: the wall shows it.",
        width=6, height=5, range="30m", good=[(None, "green"), (1, "red")])


def heard_now():
    last = last_of_links("rounds", "pantau_slot", '"link"')
    return Panel(
        "Heard", "stat", [f'SELECT count("s") FROM ({last})'],
        [("count(last_over_time(pantau_slot_roundsCHOICE[$__range]))", "")],
        words="Links that measured within half an hour.", width=6, height=5, range="30m")


# ---- over time

POINTS = {"custom": {"drawStyle": "points", "pointSize": 6}}
BARS = {"custom": {"drawStyle": "bars", "fillOpacity": 70,
                   "stacking": {"mode": "normal", "group": "A"}}}
UP_AND_DOWN = {"mappings": [{"type": "value", "options": {
    "0": {"text": "down", "color": "red"}, "1": {"text": "up", "color": "green"}}}]}


def links_down(by=""):
    last = last_of_links("state", "pantau_state", f'time($__interval), "link"{tags_of(by)}')
    up = "" if by else 'sum("s") AS "up", '
    up_prom = [] if by else [(f"sum({over('last', 'state_state')})", "up")]
    return Panel(
        "Links down" if by else "Links up and down", "timeseries",
        [f'SELECT {up}count("s") - sum("s") AS "down" FROM ({last}) WHERE $timeFilter '
         f"GROUP BY time($__interval){tags_of(by)} fill(none)"],
        up_prom + [(f"sum{prom_by(by)} (1 - {over('last', 'state_state')})",
                    named("" if by else "down", by))],
        words="Each link by its last state in the interval; what is not known is in neither.",
        interval="2m")


def round_trip(by=""):
    shares = {50: "half", 95: "95 %"}
    return Panel(
        "Round-trip time", "timeseries",
        [in_time(", ".join(f'percentile("rtt_avg_us", {share}) / 1000000 AS "{word}"'
                           for share, word in shares.items()), "pantau_slot", by)],
        [(f"quantile{prom_by(by)} ({share / 100}, {over('avg', 'slot_rtt_avg_us')}) / 1e6",
          named(word, by)) for share, word in shares.items()],
        "s", "To the internet, as the slots' averages: half and 95 % of them are below.",
        interval="2m")


def loss(by=""):
    lost, rounds = (f"sum{prom_by(by)} ({over('sum', f'slot_{key}')})"
                    for key in ("lost", "rounds"))
    return Panel(
        "Rounds lost", "timeseries",
        [in_time('sum("lost") / sum("rounds") AS "loss"', "pantau_slot", by)],
        [(f"{lost} / {rounds}", named("" if by else "loss", by))], "percentunit",
        "A round is lost when no target of the internet answered in it.", interval="2m")


def speed(by):
    ways = ("down", "up")
    return Panel(
        "Speed", "timeseries",
        [in_time(", ".join(f'mean("{way}_kbps") * 1000 AS "{way}"' for way in ways),
                 "pantau_speed", by)],
        [(f"avg{prom_by(by)} ({over('avg', f'speed_{way}_kbps')}) * 1000", named(way, by))
         for way in ways],
        "bps", "Mean of the tests that were done in the interval.", interval="1h", options=POINTS)


def loaded():
    return Panel(
        "Round-trip time while a speed test runs", "timeseries",
        [in_time('mean("loaded_rtt_us") / 1000000 AS "loaded"', "pantau_speed", "link")],
        [(f"{over('avg', 'speed_loaded_rtt_us')} / 1e6", named("", "link"))], "s",
        "Far above the ordinary one: a queue too long somewhere (bufferbloat).",
        interval="1h", options=POINTS)


def state():
    return Panel(
        "State", "state-timeline", [in_time('last("state") AS "state"', "pantau_state", "link")],
        [(over("last", "state_state"), named("", "link"))], words="A gap is an unknown.",
        width=24, height=5, interval="1m", options=UP_AND_DOWN)


def link_round_trip():
    folds = {"min": "min", "avg": "mean", "max": "max"}
    return Panel(
        "Round-trip time", "timeseries",
        [in_time(", ".join(f'{fold}("rtt_{key}_us") / 1000000 AS "{key}"'
                           for key, fold in folds.items()), "pantau_slot", "link")],
        [(f"{over(key, f'slot_rtt_{key}_us')} / 1e6", named(key, "link")) for key in folds], "s",
        interval="1m")


def traffic():
    ways = {"rx": "in", "tx": "out"}
    bits = "* 8000 / $__interval_ms"
    return Panel(
        "Traffic of the village", "timeseries",
        [in_time(", ".join(f'sum("{key}_bytes") {bits} AS "{way}"' for key, way in ways.items()),
                 "pantau_wan", "link")],
        [(f"{over('sum', f'wan_{key}_bytes')} {bits}", named(way, "link"))
         for key, way in ways.items()],
        "bps", "What the WAN's interface counted, within the slots that were told.", interval="2m")


@dataclass
class Dashboard:
    name: str
    title: str
    choices: tuple  # tags that a reader chooses by; the last are those that narrow the panels
    narrowed_by: tuple
    panels: list
    from_: str = "now-7d"


DASHBOARDS = (
    Dashboard("province", "Pantau Desa: province", PLACES, PLACES, [
        available_share(), not_known(), down_now(), heard_now(), links_down(), loss(), round_trip(),
        table_by("By kabupaten", ("kabupaten",)),
        table_by("The worst links", ("link", "desa", "provider"), worst=20)]),
    Dashboard("provider", "Pantau Desa: providers", PLACES, PLACES, [
        days_by("provider"), links_down("provider"), loss("provider"), round_trip("provider"),
        speed("provider"), table_by("Each provider", ("provider",))], "now-30d"),
    Dashboard("link", "Pantau Desa: link", ("desa", "link"), ONE_LINK, [
        state(), available_share(), not_known(), link_round_trip(), loss("link"), traffic(),
        speed("link"), loaded(), link_days()]),
)
