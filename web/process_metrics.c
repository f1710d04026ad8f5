/* SPDX-License-Identifier: Apache-2.0 */
#include "web/process_metrics.h"

#include <string.h>

#define US 1e-6 /* seconds */

struct metric {
	const char *key; /* in the status */
	const char *name, *type, *help;
	double scale;
	struct label label; /* name NULL: none */
};

/* Rows of one name stand together; the first has the help. */
static const struct metric ingest_metrics[] = {
	{"connections", "pantau_ingest_connections", "gauge", "Connections open.", 1},
	{"agents", "pantau_ingest_agents", "gauge", "Agents in a session.", 1},
	{"agents_known", "pantau_ingest_agents_known", "gauge", "Agents in the roster.", 1},
	{"accepted", "pantau_ingest_connections_total", "counter", "Connections accepted.", 1},
	{"records", "pantau_ingest_records_total", "counter", "Sound records made durable.", 1},
	{"duplicates", "pantau_ingest_duplicates_total", "counter", "Of them, seen before.", 1},
	{"bytes", "pantau_ingest_received_bytes_total", "counter", "Plain bytes received.", 1},
	{"rejected.malformed", "pantau_ingest_rejected_total", "counter",
		"Records kept but rejected.", 1, {"code", "malformed"}},
	{"rejected.invalid", "pantau_ingest_rejected_total", NULL, NULL, 1, {"code", "invalid"}},
	{"rejected.unsupported", "pantau_ingest_rejected_total", NULL, NULL, 1,
		{"code", "unsupported"}},
	{"refused.protocol", "pantau_ingest_refused_total", "counter", "Sessions refused.", 1,
		{"code", "protocol"}},
	{"refused.unknown_agent", "pantau_ingest_refused_total", NULL, NULL, 1,
		{"code", "unknown_agent"}},
	{"refused.revoked", "pantau_ingest_refused_total", NULL, NULL, 1, {"code", "revoked"}},
	{"refused.busy", "pantau_ingest_refused_total", NULL, NULL, 1, {"code", "busy"}},
	{"refused.replaced", "pantau_ingest_refused_total", NULL, NULL, 1, {"code", "replaced"}},
	{"clones", "pantau_ingest_clones", "gauge",
		"Agents of which two devices took each other's place since the start.", 1},
	{"handshakes_failed", "pantau_ingest_handshakes_failed_total", "counter",
		"Handshakes that failed.", 1},
	{"handshakes_late", "pantau_ingest_handshakes_late_total", "counter",
		"Handshakes not finished in time.", 1},
	{"idle_closed", "pantau_ingest_idle_closed_total", "counter",
		"Connections closed because nothing came.", 1},
	{"over_limit", "pantau_ingest_over_limit_total", "counter",
		"Connections turned away: too many.", 1},
	{"journal.bytes", "pantau_journal_bytes", "gauge", "The journal on disk.", 1},
	{"journal.segments", "pantau_journal_segments", "gauge", "Files of the journal.", 1},
	{"ledger.lag_records", "pantau_ledger_lag_records", "gauge",
		"Records in the journal that the ledger has not read.", 1},
	{"last_sync_us", "pantau_journal_last_sync_seconds", "gauge",
		"How long the last fdatasync took.", US},
	{"ack_p50_us", "pantau_ingest_ack_seconds", "gauge",
		"From the arrival of a record to its ACK.", US, {"quantile", "0.5"}},
	{"ack_p99_us", "pantau_ingest_ack_seconds", NULL, NULL, US, {"quantile", "0.99"}},
	{"leases.held", "pantau_ingest_leases", "gauge", "Speed tests that run.", 1},
	{"leases.granted", "pantau_ingest_leases_total", "counter",
		"Answers to agents that asked for a speed test.", 1, {"answer", "granted"}},
	{"leases.refused", "pantau_ingest_leases_total", NULL, NULL, 1, {"answer", "wait"}},
	{"leases.expired", "pantau_ingest_leases_expired_total", "counter",
		"Leases that were not returned in time.", 1},
	{"configurations_refused", "pantau_ingest_configurations_refused", "gauge",
		"Agents that would not take what is asked of them.", 1},
	{"free_bytes", "pantau_disk_free_bytes", "gauge", "Free where the journal lies.", 1},
	{"free_inodes", "pantau_disk_free_inodes", "gauge", "Free where the journal lies.", 1},
	{"clock.given", "pantau_ingest_clock_given", "gauge", "1 when agents are told the time.",
		1},
	{NULL},
};

static const struct metric ledger_metrics[] = {
	{"slots", "pantau_ledger_slots_total", "counter", "Slots kept.", 1},
	{"duplicates", "pantau_ledger_duplicates_total", "counter", "Records that came again.", 1},
	{"conflicts", "pantau_ledger_conflicts_total", "counter",
		"Records whose key was known with other content.", 1},
	{"clones", "pantau_ledger_clones", "gauge",
		"Agents that are two devices at once, about which nobody has decided.", 1},
	{"rejected", "pantau_ledger_rejected_total", "counter", "Records kept but no slots.", 1},
	{"unplaced", "pantau_ledger_unplaced", "gauge", "Slots that wait for an anchor.", 1},
	{"unbound", "pantau_ledger_unbound", "gauge", "Slots of a WAN in no binding.", 1},
	{"db_bytes", "pantau_ledger_db_bytes", "gauge", "The ledger on disk.", 1},
	{"mending.done", "pantau_ledger_sound", "gauge",
		"0 while a damaged ledger is made anew; missing: it never was damaged.", 1},
	{"mending.records", "pantau_ledger_salvaged_total", "counter",
		"Records read in a damaged ledger.", 1},
	{"mending.lost_runs", "pantau_ledger_lost_runs", "gauge",
		"Runs of agents of which records are missing since.", 1},
	{"outbox", "pantau_export_waiting", "gauge", "Rows that the exporter has not taken.", 1},
	{"export.on", "pantau_export_on", "gauge", "1 when points go to a store.", 1},
	{"export.points", "pantau_export_points_total", "counter", "Points that the store took.",
		1},
	{"export.refused", "pantau_export_refused_total", "counter",
		"Points that the store refused.", 1},
	{"export.partial", "pantau_export_partial_total", "counter",
		"Answers that said: partly taken.", 1},
	{"export.dropped", "pantau_export_dropped_total", "counter",
		"Rows that VictoriaMetrics took and dropped, by its own counters.", 1},
	{"export.unremoved", "pantau_export_unremoved_total", "counter",
		"Points that the store knows no way to remove.", 1},
	{"fallen.rows", "pantau_export_fallen_total", "counter",
		"Rows that fell off the full outbox unexported.", 1},
	{"export.failures", "pantau_export_failures_total", "counter",
		"Tries to write that failed.", 1},
	{NULL},
};

static void write_table(
	struct exposition *to, const struct metric *table, const struct status *status)
{
	const char *last = "";

	for (const struct metric *metric = table; metric->key; metric++) {
		const struct label labels[] = {metric->label, {NULL}};
		double value;

		if (!status_number(status, metric->key, &value))
			continue;
		if (strcmp(last, metric->name) != 0 && metric->type)
			exposition_head(to, metric->name, metric->type, metric->help);
		last = metric->name;
		exposition_sample(to, metric->name, labels, value * metric->scale);
	}
}

static void write_build(struct exposition *to, const char *program, const char *version)
{
	const struct label labels[] = {{"program", program}, {"version", version}, {NULL}};

	exposition_sample(to, "pantau_build_info", labels, 1);
}

static void write_builds(
	struct exposition *to, const struct status *ingest, const struct status *ledger)
{
	const char *version;

	exposition_head(to, "pantau_build_info", "gauge", "1; which versions run.");
	write_build(to, "web", PANTAU_VERSION);
	version = ingest ? status_text(ingest, "version") : NULL;
	if (version)
		write_build(to, "ingest", version);
	version = ledger ? status_text(ledger, "version") : NULL;
	if (version)
		write_build(to, "ledger", version);
}

static void write_lag(struct exposition *to, const char *reader, double items)
{
	const struct label labels[] = {{"reader", reader}, {NULL}};

	exposition_sample(to, "pantau_reader_lag_items", labels, items > 0 ? items : 0);
}

/* The journal's reader is behind by records, those of the outbox by rows. */
static void write_lags(struct exposition *to, const struct status *ingest,
	const struct status *ledger, double events_head)
{
	double items, on = 0;

	exposition_head(to, "pantau_reader_lag_items", "gauge",
		"What is written and a reader has not taken: records, or rows of the outbox.");
	if (ingest && status_number(ingest, "ledger.lag_records", &items))
		write_lag(to, "ledger", items);
	if (ledger)
		status_number(ledger, "export.on", &on);
	if (on > 0 && status_number(ledger, "outbox", &items))
		write_lag(to, "exporter", items);
	if (ledger && status_number(ledger, "outbox_last", &items))
		write_lag(to, "events", items - events_head);
}

void process_metrics_write(struct exposition *to, const struct status *ingest,
	const struct status *ledger, double events_head)
{
	write_builds(to, ingest, ledger);
	write_lags(to, ingest, ledger, events_head);
	if (ingest)
		write_table(to, ingest_metrics, ingest);
	if (ledger)
		write_table(to, ledger_metrics, ledger);
}
