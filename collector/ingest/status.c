/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "collector/status_socket.h"
#include "common/civil.h"
#include "common/json.h"

#define ANSWER_LIMIT (64 * 1024) /* one object of fixed keys takes 2 KiB */

struct status {
	struct status_sources sources;
	struct status_socket *socket;
};

/* ---- the object */

static void write_codes(
	struct json *json, const char *key, const uint64_t *counts, const char *const *names)
{
	json_object(json, key);
	for (int code = 1; names[code]; code++)
		json_number(json, names[code], (int64_t)counts[code]);
	json_object_end(json);
}

static void write_place(struct json *json, const char *key, struct seglog_pos pos)
{
	char text[48];

	snprintf(text, sizeof(text), "%" PRIu64 " %" PRIu64, pos.segment, pos.record);
	json_text(json, key, text);
}

static void write_head(struct json *json, const struct status_sources *sources)
{
	char since[CIVIL_TIME_BYTES], before[CIVIL_TIME_BYTES];

	civil_format(sources->since_s, since);
	json_text(json, "program", "ingest");
	json_text(json, "version", PANTAU_VERSION);
	json_text(json, "since", since);
	civil_format(sources->before_s, before);
	json_text(json, "before", sources->before_s ? before : NULL);
	json_number(json, "pid", getpid());
	listener_tell(sources->listener, json, "listening");
	json_number(json, "connections", (int64_t)hub_count(sources->hub));
	json_number(json, "agents", (int64_t)hub_speaking(sources->hub));
	json_number(json, "agents_known", (int64_t)roster_count(watch_roster(sources->watch)));
	json_number(
		json, "roster_sequence", (int64_t)roster_sequence(watch_roster(sources->watch)));
}

/* Of those that are no agents yet. */
static void write_enrolments(struct json *json, const uint64_t *answered)
{
	json_object(json, "enrolments");
	json_number(json, "accepted", (int64_t)answered[ENROL_ACCEPTED]);
	json_object(json, "refused");
	for (int i = ENROL_UNKNOWN; i < ENROL_CODE_COUNT; i++)
		json_number(json, enrol_code_name((enum enrol_code)i), (int64_t)answered[i]);
	json_object_end(json);
	json_object_end(json);
}

static void write_counters(struct json *json, const struct counters *counters)
{
	static const char *const rejected[] = {"", "malformed", "invalid", "unsupported", NULL};
	static const char *const refused[] = {
		"", "protocol", "unknown_agent", "revoked", "busy", "replaced", NULL};

	json_number(json, "accepted", (int64_t)counters->connections);
	json_number(json, "records", (int64_t)counters->records);
	json_number(json, "duplicates", (int64_t)counters->duplicates);
	json_number(json, "bytes", (int64_t)counters->bytes_in);
	write_codes(json, "rejected", counters->rejected, rejected);
	write_codes(json, "refused", counters->refused, refused);
	write_enrolments(json, counters->enrolments);
	json_number(json, "clones", (int64_t)counters->clones);
	json_number(json, "handshakes_failed", (int64_t)counters->handshakes_failed);
	json_number(json, "handshakes_late", (int64_t)counters->handshakes_late);
	json_number(json, "idle_closed", (int64_t)counters->idle_closed);
	json_number(json, "over_limit", (int64_t)counters->over_limit);
	json_number(json, "turned_away", (int64_t)counters->turned_away);
	json_number(json, "ack_p50_us", (int64_t)latency_quantile_us(&counters->ack, 500));
	json_number(json, "ack_p99_us", (int64_t)latency_quantile_us(&counters->ack, 990));
}

static void write_journal(
	struct json *json, const struct journal_stats *stats, struct seglog_pos cursor)
{
	/* what was trimmed is nothing to be read */
	uint64_t from = cursor.segment > stats->oldest.segment ? cursor.segment
							       : stats->oldest.segment;
	uint64_t lag = stats->end.segment > from ? stats->end.segment - from : 0;

	json_object(json, "journal");
	write_place(json, "oldest", stats->oldest);
	write_place(json, "end", stats->end);
	json_number(json, "bytes", (int64_t)stats->bytes);
	json_number(json, "segments", stats->segments);
	json_object_end(json);
	json_object(json, "ledger");
	write_place(json, "cursor", cursor);
	json_number(json, "lag_records", (int64_t)stats->behind);
	json_number(json, "lag_segments", (int64_t)(stats->behind ? lag : 0));
	json_object_end(json);
	json_number(json, "last_sync_us", (int64_t)stats->sync_us);
	json_number(json, "free_bytes", (int64_t)stats->free_bytes);
	if (stats->free_inodes == UINT64_MAX)
		json_null(json, "free_inodes"); /* this file system has no fixed number */
	else
		json_number(json, "free_inodes", (int64_t)stats->free_inodes);
}

static void write_read_back(struct json *json, const struct catch_up *catch_up)
{
	json_object(json, "read_back");
	json_bool(json, "done", catch_up_is_done(catch_up));
	json_number(json, "records", (int64_t)catch_up_records(catch_up));
	json_object_end(json);
}

static void write_leases(struct json *json, const struct status_sources *sources)
{
	struct leases_figures figures = leases_figures(sources->leases, uv_hrtime() / 1000000);

	json_object(json, "leases");
	json_number(json, "held", (int64_t)figures.held);
	json_number(json, "at_once", (int64_t)figures.limits.all);
	json_number(json, "per_provider", (int64_t)figures.limits.provider);
	json_number(json, "granted", (int64_t)figures.granted);
	json_number(json, "refused", (int64_t)figures.refused);
	json_number(json, "expired", (int64_t)figures.expired);
	json_object_end(json);
	json_number(json, "configurations_refused", (int64_t)follow_refusing(sources->follow));
}

static int write_status(void *arg, struct buf *out)
{
	const struct status_sources *sources = &((const struct status *)arg)->sources;
	struct journal_stats stats = commit_stats(sources->commit);
	struct json json;
	int r;

	json_init(&json, out);
	json_object(&json, NULL);
	write_head(&json, sources);
	write_counters(&json, sources->counters);
	write_journal(&json, &stats, watch_cursor(sources->watch));
	write_read_back(&json, sources->catch_up);
	json_text(&json, "cannot_write", commit_trouble(sources->commit));
	write_leases(&json, sources);
	json_object(&json, "clock");
	json_bool(&json, "given", sources->clock->trusted);
	json_number(&json, "error_us", sources->clock->error_us);
	json_object_end(&json);
	json_object_end(&json);
	r = json_end(&json);
	return r < 0 ? r : buf_append(out, "\n", 1);
}

/* ---- life */

int status_new(uv_loop_t *loop, const char *state, const struct status_sources *sources,
	struct status **ret_status, struct err *err)
{
	struct status *status = calloc(1, sizeof(*status));
	const struct status_socket_options options = {
		.state = state,
		.name = STATUS_SOCKET,
		.answer_max = ANSWER_LIMIT,
		.write = write_status,
		.arg = status,
	};
	int r;

	if (!status)
		return err_set(err, -ENOMEM, "out of memory");
	status->sources = *sources;
	r = status_socket_new(loop, &options, &status->socket, err);
	if (r < 0) {
		status_close(status);
		return r;
	}
	*ret_status = status;
	return 0;
}

void status_close(struct status *status)
{
	if (!status)
		return;
	status_socket_close(status->socket);
	free(status);
}
