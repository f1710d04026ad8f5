/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/store/ledger_db.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/json.h"

#define SOCKET_NAME "ledger.sock"
#define SOCKET_MODE 0660 /* the web and the operator are in the group */
#define ANSWER_MAX (4 * 1024 * 1024) /* 40,000 unbound WANs */
#define BACKLOG 16
#define US_PER_S 1000000

struct ledger_status {
	uv_pipe_t pipe;
	char *state;
	struct desk *desk;
	struct ledger_db *db;
	int64_t since_s;
	int folder_fd;
};

struct client { /* for as long as its answer takes */
	uv_pipe_t pipe;
	uv_write_t write;
	struct buf answer;
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
	json_number(json, "rejected", counts.rejected);
	json_number(json, "unplaced", counts.unplaced);
	json_number(json, "unbound", counts.unbound);
	json_number(json, "outbox", counts.outbox);
	json_array(json, "unbound_wans");
	r = ledger_unbound_each(db, write_unbound, json, err);
	json_array_end(json);
	return r;
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
	json_number(json, "failures", (int64_t) export.tries_failed);
	json_text(json, "error", export.error[0] ? export.error : NULL);
	json_object_end(json);
}

static int write_status(struct ledger_status *status, struct buf *out)
{
	struct err err = {0};
	struct json json;
	int r;

	json_init(&json, out);
	json_object(&json, NULL);
	write_head(&json, status);
	if (write_counts(&json, status->db, &err) < 0)
		json_text(&json, "counts_missing", err.text);
	write_size(&json, status->state);
	write_export(&json, status->desk);
	json_object_end(&json);
	r = json_end(&json);
	return r < 0 ? r : buf_append(out, "\n", 1);
}

/* ---- its clients */

static void on_client_closed(uv_handle_t *handle)
{
	struct client *client = handle->data;

	buf_done(&client->answer);
	free(client);
}

static void on_answered(uv_write_t *write, int result)
{
	if (!uv_is_closing((uv_handle_t *)write->handle))
		uv_close((uv_handle_t *)write->handle, on_client_closed);
}

static int answer(struct ledger_status *status, struct client *client)
{
	uv_buf_t bytes;
	int r = write_status(status, &client->answer);

	if (r < 0)
		return r;
	bytes = uv_buf_init((char *)(uintptr_t)buf_peek(&client->answer),
		(unsigned)buf_length(&client->answer));
	return uv_write(&client->write, (uv_stream_t *)&client->pipe, &bytes, 1, on_answered);
}

static void on_connection(uv_stream_t *server, int result)
{
	struct client *client = result < 0 ? NULL : calloc(1, sizeof(*client));

	if (!client)
		return;
	buf_init(&client->answer, ANSWER_MAX);
	uv_pipe_init(server->loop, &client->pipe, 0);
	client->pipe.data = client;
	if (uv_accept(server, (uv_stream_t *)&client->pipe) < 0 || answer(server->data, client) < 0)
		uv_close((uv_handle_t *)&client->pipe, on_client_closed);
}

/* ---- life */

/* By way of the open folder: the state's path may be longer than a socket's address. The lock of
 * the ledger says that whoever left a socket behind is dead. */
static int bind_socket(struct ledger_status *status, struct err *err)
{
	char path[64];
	int r;

	status->folder_fd = open(status->state, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (status->folder_fd < 0)
		return err_errno(err, -errno, "%s", status->state);
	unlinkat(status->folder_fd, SOCKET_NAME, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d/" SOCKET_NAME, status->folder_fd);
	r = uv_pipe_bind(&status->pipe, path);
	if (r == 0 && fchmodat(status->folder_fd, SOCKET_NAME, SOCKET_MODE, 0) < 0)
		r = -errno;
	if (r == 0)
		r = uv_listen((uv_stream_t *)&status->pipe, BACKLOG, on_connection);
	if (r < 0)
		return err_set(err, r, "%s/" SOCKET_NAME ": %s", status->state, uv_strerror(r));
	return 0;
}

static void on_status_closed(uv_handle_t *handle)
{
	struct ledger_status *status = handle->data;

	if (status->folder_fd >= 0)
		close(status->folder_fd);
	ledger_db_close(status->db);
	free(status->state);
	free(status);
}

int ledger_status_new(uv_loop_t *loop, const char *state, struct desk *desk,
	struct ledger_status **ret_status, struct err *err)
{
	struct ledger_status *status = calloc(1, sizeof(*status));
	int r;

	if (!status)
		return err_errno(err, -ENOMEM, "%s", state);
	status->desk = desk;
	status->folder_fd = -1;
	status->since_s = clock_utc_us() / US_PER_S;
	uv_pipe_init(loop, &status->pipe, 0);
	status->pipe.data = status;
	status->state = strdup(state);
	r = status->state ? ledger_db_open(state, &status->db, err)
			  : err_errno(err, -ENOMEM, "%s", state);
	if (r == 0)
		r = bind_socket(status, err);
	if (r < 0) {
		ledger_status_close(status);
		return r;
	}
	*ret_status = status;
	return 0;
}

void ledger_status_close(struct ledger_status *status)
{
	if (status && !uv_is_closing((uv_handle_t *)&status->pipe))
		uv_close((uv_handle_t *)&status->pipe, on_status_closed);
}
