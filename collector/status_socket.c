/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/status_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 16
#define SOCKET_MODE 0660 /* the web and the operator are in the group */

struct status_socket {
	uv_pipe_t pipe;
	int folder_fd; /* until the pipe is closed: its path leads through it */
	size_t answer_max;
	int (*write)(void *arg, struct buf *out);
	void *arg;
};

/* For as long as its answer takes; it may outlive the socket. */
struct client {
	uv_pipe_t pipe;
	uv_write_t write;
	struct buf answer;
};

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

static int answer(const struct status_socket *socket, struct client *client)
{
	uv_buf_t bytes;
	int r = socket->write(socket->arg, &client->answer);

	if (r < 0)
		return r;
	bytes = uv_buf_init((char *)(uintptr_t)buf_peek(&client->answer),
		(unsigned)buf_length(&client->answer));
	return uv_write(&client->write, (uv_stream_t *)&client->pipe, &bytes, 1, on_answered);
}

static void on_connection(uv_stream_t *server, int result)
{
	const struct status_socket *socket = server->data;
	struct client *client = result < 0 ? NULL : calloc(1, sizeof(*client));

	if (!client)
		return;
	buf_init(&client->answer, socket->answer_max);
	uv_pipe_init(server->loop, &client->pipe, 0);
	client->pipe.data = client;
	if (uv_accept(server, (uv_stream_t *)&client->pipe) < 0 || answer(socket, client) < 0)
		uv_close((uv_handle_t *)&client->pipe, on_client_closed);
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
	if (socket)
		uv_close((uv_handle_t *)&socket->pipe, on_socket_closed);
}
