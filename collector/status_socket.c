/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/status_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 16
#define SOCKET_MODE 0660 /* the web and the operator are in the group */
#define ASKING_MAX 16 /* who have not said their question; the longest silent makes room */

/* For as long as its answer takes; it may outlive the socket. */
struct client {
	uv_pipe_t pipe;
	uv_write_t write;
	TAILQ_ENTRY(client) asking;
	struct status_socket *socket; /* while it is asking */
	struct buf answer;
	size_t asked; /* bytes */
	char question[STATUS_QUESTION_BYTES];
};

TAILQ_HEAD(clients, client);

struct status_socket {
	uv_pipe_t pipe;
	int folder_fd; /* until the pipe is closed: its path leads through it */
	size_t answer_max, asking_count;
	struct clients asking; /* the longest silent first */
	int (*write)(void *arg, struct buf *out);
	int (*reply)(void *arg, const char *question, struct buf *out);
	void *arg;
};

/* ---- its clients */

static void on_client_closed(uv_handle_t *handle)
{
	struct client *client = handle->data;

	buf_done(&client->answer);
	free(client);
}

static void let_go(struct client *client)
{
	if (!uv_is_closing((uv_handle_t *)&client->pipe))
		uv_close((uv_handle_t *)&client->pipe, on_client_closed);
}

static void on_answered(uv_write_t *write, int result)
{
	let_go(write->handle->data);
}

static int answer(const struct status_socket *socket, struct client *client)
{
	uv_buf_t bytes;
	int r = socket->reply ? socket->reply(socket->arg, client->question, &client->answer)
			      : socket->write(socket->arg, &client->answer);

	if (r < 0)
		return r;
	bytes = uv_buf_init((char *)(uintptr_t)buf_peek(&client->answer),
		(unsigned)buf_length(&client->answer));
	return uv_write(&client->write, (uv_stream_t *)&client->pipe, &bytes, 1, on_answered);
}

static void end_asking(struct client *client)
{
	TAILQ_REMOVE(&client->socket->asking, client, asking);
	client->socket->asking_count--;
	client->socket = NULL;
	uv_read_stop((uv_stream_t *)&client->pipe);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_room)
{
	struct client *client = handle->data;

	*ret_room = uv_buf_init(client->question + client->asked,
		(unsigned)(sizeof(client->question) - client->asked));
}

static void on_question(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
	struct client *client = stream->data;
	const struct status_socket *socket = client->socket;
	char *end;

	client->asked += got > 0 ? (size_t)got : 0;
	end = memchr(client->question, '\n', client->asked);
	if (!end && got >= 0 && client->asked < sizeof(client->question))
		return;
	end_asking(client);
	if (end)
		*end = '\0';
	if (!end || answer(socket, client) < 0)
		let_go(client);
}

static int hear(struct status_socket *socket, struct client *client)
{
	struct client *silent = TAILQ_FIRST(&socket->asking);

	if (socket->asking_count == ASKING_MAX) {
		end_asking(silent);
		let_go(silent);
	}
	client->socket = socket;
	TAILQ_INSERT_TAIL(&socket->asking, client, asking);
	socket->asking_count++;
	return uv_read_start((uv_stream_t *)&client->pipe, on_room, on_question);
}

static int serve(struct status_socket *socket, struct client *client)
{
	int r = uv_accept((uv_stream_t *)&socket->pipe, (uv_stream_t *)&client->pipe);

	if (r == 0 && !socket->reply)
		return answer(socket, client);
	if (r == 0)
		r = hear(socket, client);
	if (r < 0 && client->socket)
		end_asking(client);
	return r;
}

static void on_connection(uv_stream_t *server, int result)
{
	struct status_socket *socket = server->data;
	struct client *client = result < 0 ? NULL : calloc(1, sizeof(*client));

	if (!client)
		return;
	buf_init(&client->answer, socket->answer_max);
	uv_pipe_init(server->loop, &client->pipe, 0);
	client->pipe.data = client;
	if (serve(socket, client) < 0)
		let_go(client);
}

/* ---- life */

/* By way of the open folder: the state's path may be longer than a socket's address. */
static int bind_socket(
	struct status_socket *socket, const char *state, const char *name, struct err *err)
{
	char path[64];
	int r;

	socket->folder_fd = open(state, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (socket->folder_fd < 0)
		return err_errno(err, -errno, "%s", state);
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", socket->folder_fd, name);
	unlinkat(socket->folder_fd, name, 0);
	r = uv_pipe_bind(&socket->pipe, path);
	if (r == 0 && fchmodat(socket->folder_fd, name, SOCKET_MODE, 0) < 0)
		r = -errno;
	if (r == 0)
		r = uv_listen((uv_stream_t *)&socket->pipe, BACKLOG, on_connection);
	return r < 0 ? err_set(err, r, "%s/%s: %s", state, name, uv_strerror(r)) : 0;
}

int status_socket_new(uv_loop_t *loop, const struct status_socket_options *options,
	struct status_socket **ret_socket, struct err *err)
{
	struct status_socket *socket = calloc(1, sizeof(*socket));
	int r;

	if (!socket)
		return err_set(err, -ENOMEM, "out of memory");
	socket->folder_fd = -1;
	socket->answer_max = options->answer_max;
	socket->write = options->write;
	socket->reply = options->reply;
	TAILQ_INIT(&socket->asking);
	socket->arg = options->arg;
	uv_pipe_init(loop, &socket->pipe, 0);
	socket->pipe.data = socket;
	r = bind_socket(socket, options->state, options->name, err);
	if (r < 0) {
		status_socket_close(socket);
		return r;
	}
	*ret_socket = socket;
	return 0;
}

static void on_socket_closed(uv_handle_t *handle)
{
	struct status_socket *socket = handle->data;

	if (socket->folder_fd >= 0)
		close(socket->folder_fd);
	free(socket);
}

void status_socket_close(struct status_socket *socket)
{
	struct client *client;

	if (!socket)
		return;
	while ((client = TAILQ_FIRST(&socket->asking))) {
		end_asking(client);
		let_go(client);
	}
	uv_close((uv_handle_t *)&socket->pipe, on_socket_closed);
}
