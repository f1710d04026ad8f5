/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/civil.h"
#include "common/json.h"

#define ANSWER_LIMIT (64 * 1024) /* one object of fixed keys takes 2 KiB */
#define BACKLOG 16
#define SOCKET_MODE 0660 /* the web and the operator are in the group */

struct status {
	uv_pipe_t pipe;
	struct status_sources sources;
	int folder_fd;
	bool closing;
};

/* One client, for as long as its answer takes. */
struct client {
	uv_pipe_t pipe;
	uv_write_t write;
	struct buf answer;
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
	char since[CIVIL_TIME_BYTES];

	civil_format(sources->since_s, since);
	json_text(json, "program", "ingest");
	json_text(json, "version", PANTAU_VERSION);
	json_text(json, "since", since);
	json_number(json, "pid", getpid());
	listener_tell(sources->listener, json, "listening");
	json_number(json, "connections", (int64_t)hub_count(sources->hub));
	json_number(json, "agents", (int64_t)hub_speaking(sources->hub));
	json_number(json, "agents_known", (int64_t)roster_count(watch_roster(sources->watch)));
	json_number(
		json, "roster_sequence", (int64_t)roster_sequence(watch_roster(sources->watch)));
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
	json_number(json, "handshakes_failed", (int64_t)counters->handshakes_failed);
	json_number(json, "handshakes_late", (int64_t)counters->handshakes_late);
	json_number(json, "idle_closed", (int64_t)counters->idle_closed);
	json_number(json, "over_limit", (int64_t)counters->over_limit);
	json_number(json, "ack_p50_us", (int64_t)latency_quantile_us(&counters->ack, 500));
	json_number(json, "ack_p99_us", (int64_t)latency_quantile_us(&counters->ack, 990));
}

static void write_journal(
	struct json *json, const struct journal_stats *stats, struct seglog_pos cursor)
{
	uint64_t lag = stats->end.segment > cursor.segment ? stats->end.segment - cursor.segment
							   : 0;

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

static int write_status(const struct status_sources *sources, struct buf *out)
{
	struct journal_stats stats = commit_stats(sources->commit);
	struct json json;
	int r;

	json_init(&json, out);
	json_object(&json, NULL);
	write_head(&json, sources);
	write_counters(&json, sources->counters);
	write_journal(&json, &stats, watch_cursor(sources->watch));
	json_text(&json, "cannot_write", commit_trouble(sources->commit));
	json_object(&json, "clock");
	json_bool(&json, "given", sources->clock->trusted);
	json_number(&json, "error_us", sources->clock->error_us);
	json_object_end(&json);
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

static int answer(const struct status *status, struct client *client)
{
	uv_buf_t bytes;
	int r;

	r = write_status(&status->sources, &client->answer);
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
	buf_init(&client->answer, ANSWER_LIMIT);
	uv_pipe_init(server->loop, &client->pipe, 0);
	client->pipe.data = client;
	if (uv_accept(server, (uv_stream_t *)&client->pipe) < 0 || answer(server->data, client) < 0)
		uv_close((uv_handle_t *)&client->pipe, on_client_closed);
}

/* ---- life */

/* By way of the open folder: the state's path may be longer than a socket's address. */
static int bind_socket(struct status *status, const char *state, struct err *err)
{
	char path[64];
	int r;

	status->folder_fd = open(state, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (status->folder_fd < 0)
		return err_errno(err, -errno, "%s", state);
	unlinkat(status->folder_fd, STATUS_SOCKET, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d/" STATUS_SOCKET, status->folder_fd);
	r = uv_pipe_bind(&status->pipe, path);
	if (r == 0 && fchmodat(status->folder_fd, STATUS_SOCKET, SOCKET_MODE, 0) < 0)
		r = -errno;
	if (r == 0)
		r = uv_listen((uv_stream_t *)&status->pipe, BACKLOG, on_connection);
	return r < 0 ? err_set(err, r, "%s/" STATUS_SOCKET ": %s", state, uv_strerror(r)) : 0;
}

static void on_status_closed(uv_handle_t *handle)
{
	struct status *status = handle->data;

	if (status->folder_fd >= 0)
		close(status->folder_fd);
	free(status);
}

int status_new(uv_loop_t *loop, const char *state, const struct status_sources *sources,
	struct status **ret_status, struct err *err)
{
	struct status *status = calloc(1, sizeof(*status));
	int r;

	if (!status)
		return err_set(err, -ENOMEM, "out of memory");
	status->sources = *sources;
	uv_pipe_init(loop, &status->pipe, 0);
	status->pipe.data = status;
	r = bind_socket(status, state, err);
	if (r < 0) {
		status_close(status);
		return r;
	}
	*ret_status = status;
	return 0;
}

void status_close(struct status *status)
{
	if (!status || status->closing)
		return;
	status->closing = true;
	uv_close((uv_handle_t *)&status->pipe, on_status_closed);
}
