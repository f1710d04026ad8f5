/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/enrol_talk.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/endpoint.h"
#include "common/tls.h"
#include "proto/frame.h"

#define CONNECT_MS 10000
#define TALK_MS 30000 /* handshake, question and answer, on a bad satellite link */
#define READ_BYTES 4096

struct talk {
	int fd;
	uint64_t deadline_us;
	struct tls *tls;
	struct frame_reader reader;
	struct buf *text; /* the answer */
};

/* ---- the socket */

static int wait_for(int fd, short events, uint64_t deadline_us)
{
	struct pollfd one = {.fd = fd, .events = events};
	uint64_t now_us = clock_boot_us();
	int r;

	if (now_us >= deadline_us)
		return -ETIMEDOUT;
	r = poll(&one, 1, (int)((deadline_us - now_us) / 1000) + 1);
	return r > 0 ? 0 : r == 0 ? -ETIMEDOUT : -errno;
}

static int try_address(const struct addrinfo *to)
{
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), r = 0;
	socklen_t size = sizeof(r);

	if (fd < 0)
		return -errno;
	if (connect(fd, to->ai_addr, to->ai_addrlen) < 0) {
		r = errno == EINPROGRESS
			? wait_for(fd, POLLOUT, clock_boot_us() + CONNECT_MS * UINT64_C(1000))
			: -errno;
		if (r == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &r, &size) == 0)
			r = -r;
	}
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

static int open_socket(const char *item, struct err *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
	char host[256], port[ENDPOINT_PORT_BYTES] = "7443";
	struct addrinfo *list, *to;
	int r = endpoint_split(item, host, sizeof(host), port);

	if (r < 0)
		return err_set(err, r, "%s: no address", item);
	r = getaddrinfo(host, port, &hints, &list);
	if (r)
		return err_set(err, -EHOSTUNREACH, "%s: %s", host, gai_strerror(r));
	r = -EHOSTUNREACH;
	for (to = list; to && r < 0; to = to->ai_next)
		r = try_address(to);
	freeaddrinfo(list);
	return r < 0 ? err_errno(err, r, "%s", item) : r;
}

/* ---- over it */

static int send_all(struct talk *talk)
{
	struct buf *out = tls_output(talk->tls);
	ssize_t sent;
	int r = 0;

	while (r == 0 && buf_length(out)) {
		sent = send(talk->fd, buf_peek(out), buf_length(out), MSG_NOSIGNAL);
		if (sent > 0)
			buf_consume(out, (size_t)sent);
		else if (errno == EAGAIN)
			r = wait_for(talk->fd, POLLOUT, talk->deadline_us);
		else if (errno != EINTR)
			r = -errno;
	}
	return r;
}

static int receive(struct talk *talk)
{
	char bytes[READ_BYTES];
	ssize_t got;
	int r = wait_for(talk->fd, POLLIN, talk->deadline_us);

	if (r < 0)
		return r;
	got = recv(talk->fd, bytes, sizeof(bytes), 0);
	if (got > 0)
		return tls_feed(talk->tls, bytes, (size_t)got);
	if (got == 0)
		return -ECONNRESET;
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

static int shake_hands(struct talk *talk, struct err *err)
{
	int done, r;

	for (;;) {
		done = tls_handshake(talk->tls, err);
		r = send_all(talk); /* also the alert that says why not */
		if (done < 0)
			return done;
		if (done > 0 && r == 0)
			return 0;
		if (r == 0)
			r = receive(talk);
		if (r < 0)
			return err_errno(err, r, "TLS handshake");
	}
}

static int say(struct talk *talk, const struct buf *question, struct err *err)
{
	uint8_t header[FRAME_HEADER];
	int r;

	frame_put_header(header, buf_length(question));
	r = tls_write(talk->tls, header, sizeof(header));
	if (r == 0)
		r = tls_write(talk->tls, buf_peek(question), buf_length(question));
	if (r == 0)
		r = send_all(talk);
	return r < 0 ? err_errno(err, r, "sending") : 0;
}

/* 1: the answer is whole. */
static int take(struct talk *talk, const uint8_t *bytes, size_t length)
{
	struct frame_input input = {bytes, length};
	const uint8_t *payload;
	size_t size;
	int r = frame_next(&talk->reader, &input, &payload, &size);

	if (r <= 0)
		return r;
	r = buf_append(talk->text, payload, size);
	if (r == 0)
		r = buf_append(talk->text, "", 1);
	return r < 0 ? r : 1;
}

static int hear(struct talk *talk, struct err *err)
{
	uint8_t bytes[READ_BYTES];
	int r;

	for (;;) {
		r = tls_read(talk->tls, bytes, sizeof(bytes), err);
		if (r < 0)
			return r;
		r = r > 0 ? take(talk, bytes, (size_t)r) : receive(talk);
		if (r > 0)
			return 0;
		if (r < 0)
			return err_errno(err, r, "no answer");
	}
}

static int converse(struct tls_context *tls, int fd, const struct buf *question, struct buf *text,
	struct err *err)
{
	struct talk talk = {
		.fd = fd, .deadline_us = clock_boot_us() + TALK_MS * UINT64_C(1000), .text = text};
	int r = tls_new(tls, &talk.tls);

	if (r < 0)
		return err_errno(err, r, "TLS");
	frame_reader_init(&talk.reader);
	r = shake_hands(&talk, err);
	if (r == 0)
		r = say(&talk, question, err);
	if (r == 0)
		r = hear(&talk, err);
	frame_reader_done(&talk.reader);
	tls_free(talk.tls);
	return r;
}

static int try_each(struct tls_context *tls, const char *addresses, const struct buf *question,
	struct buf *text, struct err *err)
{
	char item[300];
	int fd, r = err_set(err, -EINVAL, "no address");

	while (r < 0 && list_next(&addresses, item, sizeof(item))) {
		buf_clear(text);
		r = fd = open_socket(item, err);
		if (fd < 0)
			continue;
		r = converse(tls, fd, question, text, err);
		close(fd);
		if (r < 0)
			err_prefix(err, "%s", item);
	}
	return r;
}

int enrol_talk(const struct enrol_token *token, const char *request, struct buf *text,
	struct enrol_answer *ret_answer, struct err *err)
{
	const struct tls_settings settings = {.role = TLS_CLIENT, .pin = token->pin};
	struct tls_context *tls;
	struct buf question;
	int r = tls_context_new(&settings, &tls, err);

	if (r < 0)
		return r;
	buf_init(&question, ENROL_QUESTION_MAX);
	r = enrol_question_write(token->secret, request, &question);
	if (r < 0)
		err_errno(err, r, "the question");
	else
		r = try_each(tls, token->address, &question, text, err);
	buf_done(&question);
	tls_context_free(tls);
	if (r == 0 &&
		enrol_answer_read((const char *)buf_peek(text), buf_length(text) - 1, ret_answer) <
			0)
		r = err_set(err, -EBADMSG, "the answer cannot be read");
	return r;
}
