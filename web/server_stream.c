/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies without end: a stream that has nothing to say is taken out of its thread's hands until
 * somebody wakes it.
 *
 *      read() > 0 -> sent      read() == 0 -> parked --- wake() ---> read() again
 */
#include <stdlib.h>

#include "web/server_private.h"

#define STREAM_BLOCK 4096 /* bytes asked of a stream at a time */

struct server_stream {
	struct server *server;
	struct stream stream;
	struct MHD_Connection *connection;
	pthread_mutex_t lock;
	bool woken; /* since the last read began; under `lock` */
	bool parked; /* the connection is suspended; under `lock` */
	struct server_stream *next, **link; /* under the server's lock */
};

static void stream_wake(void *arg)
{
	struct server_stream *stream = arg;

	pthread_mutex_lock(&stream->lock);
	stream->woken = true;
	if (stream->parked) {
		stream->parked = false;
		MHD_resume_connection(stream->connection);
	}
	pthread_mutex_unlock(&stream->lock);
}

/* True when the connection was parked; false when there was a wake since the last read began. */
static bool stream_park(struct server_stream *stream)
{
	bool park;

	pthread_mutex_lock(&stream->lock);
	park = !stream->woken && !atomic_load(&stream->server->stopping);
	if (park) {
		MHD_suspend_connection(stream->connection);
		stream->parked = true;
	}
	stream->woken = false;
	pthread_mutex_unlock(&stream->lock);
	return park;
}

static ssize_t stream_read(void *arg, uint64_t position, char *room, size_t size)
{
	struct server_stream *stream = arg;

	for (;;) {
		ssize_t length;

		if (atomic_load(&stream->server->stopping))
			return MHD_CONTENT_READER_END_OF_STREAM;
		length = stream->stream.read(stream->stream.arg, room, size);
		if (length > 0)
			return length;
		if (length < 0)
			return MHD_CONTENT_READER_END_OF_STREAM;
		if (stream_park(stream))
			return 0;
	}
}

static void stream_close(void *arg)
{
	struct server_stream *stream = arg;
	struct server *server = stream->server;

	/* First the source, so that nobody wakes what is about to be freed. */
	stream->stream.close(stream->stream.arg);
	pthread_mutex_lock(&server->lock);
	*stream->link = stream->next;
	if (stream->next)
		stream->next->link = stream->link;
	pthread_mutex_unlock(&server->lock);
	pthread_mutex_destroy(&stream->lock);
	free(stream);
}

struct MHD_Response *server_stream_response(
	struct server *server, struct MHD_Connection *connection, struct response *response)
{
	struct server_stream *stream = calloc(1, sizeof(*stream));
	struct MHD_Response *answer;

	if (!stream)
		return NULL;
	*stream = (struct server_stream){
		.server = server, .stream = response->stream, .connection = connection};
	answer = MHD_create_response_from_callback(
		response->stream.length ? response->stream.length : MHD_SIZE_UNKNOWN, STREAM_BLOCK,
		stream_read, stream, stream_close);
	if (!answer) {
		free(stream);
		return NULL;
	}
	if (!response->stream.length)
		MHD_add_response_header(
			answer, "X-Accel-Buffering", "no"); /* nginx: send at once */
	response->stream = (struct stream){0}; /* it is the answer's from here on */
	pthread_mutex_init(&stream->lock, NULL);
	pthread_mutex_lock(&server->lock);
	stream->next = server->streams;
	stream->link = &server->streams;
	if (stream->next)
		stream->next->link = &stream->next;
	server->streams = stream;
	pthread_mutex_unlock(&server->lock);
	stream->stream.begin(
		stream->stream.arg, (struct stream_wake){.wake = stream_wake, .arg = stream});
	return answer;
}

void server_streams_wake(struct server *server)
{
	pthread_mutex_lock(&server->lock);
	for (struct server_stream *stream = server->streams; stream; stream = stream->next)
		stream_wake(stream);
	pthread_mutex_unlock(&server->lock);
}
