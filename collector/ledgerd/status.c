/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/status.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/ledgerd/status_mend.h"
#include "collector/status_socket.h"
#include "collector/store/derived.h"
#include "collector/store/ledger_db.h"
#include "collector/store/sla_keep.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/json.h"

#define SOCKET_NAME "ledger.sock"
#define ANSWER_MAX (4 * 1024 * 1024) /* 40,000 unbound WANs */
#define US_PER_S 1000000

struct ledger_status {
	struct status_socket *socket;
	char *state;
	struct desk *desk;
	struct ledger_db *db;
	int64_t since_s;
};

/* ---- the object */

static void write_head(struct json *json, struct ledger_status *status)
{
	char text[ERR_TEXT_BYTES];

	json_text(json, "program", "ledger");
	json_text(json, "version", PANTAU_VERSION);
	civil_format(status->since_s, text);
	json_text(json, "since", text);
	json_number(json, "pid", getpid());
	desk_get_fault(status->desk, text);
	json_text(json, "fault", text[0] ? text : NULL);
}

static int write_unbound(void *arg, const struct ledger_unbound *unbound)
{
	struct json *json = arg;
	char last[CIVIL_TIME_BYTES];

	civil_format(unbound->received_us / US_PER_S, last);
	json_object(json, NULL);
	json_number(json, "agent", unbound->agent);
	json_text(json, "wan", unbound->wan);
	json_number(json, "slots", unbound->slots);
	json_text(json, "last", last);
	json_object_end(json);
	return 0;
}

/* What no exporter will take any more; "pantau points" has it. */
static void write_fallen(struct json *json, const struct ledger_counts *counts)
{
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES], at[CIVIL_TIME_BYTES];
	bool any = counts->fallen_at_s != 0;

	civil_format(counts->fallen_from_s, from);
	civil_format(counts->fallen_to_s, to);
	civil_format(counts->fallen_at_s, at);
	json_object(json, "fallen");
	json_number(json, "rows", counts->fallen);
	json_text(json, "from", any ? from : NULL);
	json_text(json, "to", any ? to : NULL);
	json_text(json, "at", any ? at : NULL);
	json_object_end(json);
}

static int write_counts(struct json *json, struct ledger_db *db, struct err *err)
{
	struct ledger_counts counts;
	char cursor[48];
	int r = ledger_counts(db, &counts, err);

	if (r < 0)
		return r;
	snprintf(cursor, sizeof(cursor), "%" PRIu64 " %" PRIu64, counts.cursor.segment,
		counts.cursor.record);
	json_text(json, "cursor", cursor);
	json_number(json, "registry_sequence", counts.registry_sequence);
	json_number(json, "slots", counts.slots);
	json_number(json, "duplicates", counts.duplicates);
	json_number(json, "conflicts", counts.conflicts);
	json_number(json, "clones", counts.clones);
	json_number(json, "rejected", counts.rejected);
	json_number(json, "unplaced", counts.unplaced);
	json_number(json, "unbound", counts.unbound);
	json_number(json, "outbox", counts.outbox);
	json_number(json, "outbox_last", counts.outbox_last);
	write_fallen(json, &counts);
	json_array(json, "unbound_wans");
	r = ledger_unbound_each(db, write_unbound, json, err);
	json_array_end(json);
	return r;
}

/* What is done in the background: a figure that is not kept yet takes longer to ask for. */
static int write_waiting(struct json *json, struct ledger_db *db, struct err *err)
{
	int64_t links, unfigured = 0;
	int r = derived_waiting(db, &links, err);

	if (r == 0)
		r = derived_unfigured(
			db, SLA_KEEP_BEFORE(clock_utc_us() / US_PER_S), &unfigured, err);
	if (r < 0)
		return r;
	json_number(json, "links_to_derive", links);
	json_number(json, "links_to_sum_up", unfigured);
	return 0;
}

static void write_size(struct json *json, const char *state)
{
	char path[PATH_MAX];
	struct stat st = {0};

	if (file_join(path, sizeof(path), state, "ledger.db") == 0 && stat(path, &st) == 0)
		json_number(json, "db_bytes", st.st_size);
}

static void write_export(struct json *json, struct desk *desk)
{
	struct desk_export export;

	desk_get_export(desk, &export);
	json_object(json, "export");
	json_bool(json, "on", export.on);
	json_number(json, "position", export.position);
	json_number(json, "points", (int64_t) export.points);
	json_number(json, "refused", (int64_t) export.refused);
	json_number(json, "partial", (int64_t) export.partial);
	json_number(json, "dropped", (int64_t) export.dropped);
	json_number(json, "unremoved", (int64_t) export.unremoved);
	json_number(json, "failures", (int64_t) export.tries_failed);
	json_text(json, "error", export.error[0] ? export.error : NULL);
	json_text(json, "warning", export.warning[0] ? export.warning : NULL);
	json_object_end(json);
}

static int write_status(void *arg, struct buf *out)
{
	struct ledger_status *status = arg;
	struct err err = {0};
	struct json json;
	int r;

	json_init(&json, out);
	json_object(&json, NULL);
	write_head(&json, status);
	if (write_counts(&json, status->db, &err) < 0 ||
		write_waiting(&json, status->db, &err) < 0 ||
		status_mend_write(&json, status->db, &err) < 0)
		json_text(&json, "counts_missing", err.text);
	write_size(&json, status->state);
	write_export(&json, status->desk);
	json_object_end(&json);
	r = json_end(&json);
	return r < 0 ? r : buf_append(out, "\n", 1);
}

/* ---- life */

/* The lock of the ledger says that whoever left a socket behind is dead. */
static int open_socket(uv_loop_t *loop, struct ledger_status *status, struct err *err)
{
	const struct status_socket_options options = {
		.state = status->state,
		.name = SOCKET_NAME,
		.answer_max = ANSWER_MAX,
		.write = write_status,
		.arg = status,
	};

	return status_socket_new(loop, &options, &status->socket, err);
}

int ledger_status_new(uv_loop_t *loop, const char *state, struct desk *desk,
	struct ledger_status **ret_status, struct err *err)
{
	struct ledger_status *status = calloc(1, sizeof(*status));
	int r;

	if (!status)
		return err_errno(err, -ENOMEM, "%s", state);
	status->desk = desk;
	status->since_s = clock_utc_us() / US_PER_S;
	status->state = strdup(state);
	r = status->state ? ledger_db_open(state, &status->db, err)
			  : err_errno(err, -ENOMEM, "%s", state);
	if (r == 0)
		r = open_socket(loop, status, err);
	if (r < 0) {
		ledger_status_close(status);
		return r;
	}
	*ret_status = status;
	return 0;
}

void ledger_status_close(struct ledger_status *status)
{
	if (!status)
		return;
	status_socket_close(status->socket);
	ledger_db_close(status->db);
	free(status->state);
	free(status);
}
