/* SPDX-License-Identifier: Apache-2.0 */
#include "common/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/clock.h"

#define READ_BYTES 4096
#define QUESTION_BYTES 128

/* Connects at once or not at all: a listener whose queue is full answers -EAGAIN. */
static int connect_to(int fd, int folder_fd, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length;

	/* A socket's address holds 107 bytes; a state folder's path may be longer. */
	length = snprintf(
		address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder_fd, name);
	if (length < 0 || (size_t)length >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
		return -errno;
	return 0;
}

int ask_connect(const char *folder, const char *name)
{
	int folder_fd, fd, r;

	folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd < 0)
		return -errno;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	r = fd < 0 ? -errno : connect_to(fd, folder_fd, name);
	close(folder_fd);
	if (r == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return r;
}

/* Waits for bytes or the end: 0, or -ETIMEDOUT. */
static int wait_readable(int fd, uint64_t deadline_us)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	uint64_t now_us = clock_boot_us();
	int r;

	if (now_us >= deadline_us)
		return -ETIMEDOUT;
	r = poll(&poll_fd, 1, (int)((deadline_us - now_us) / 1000) + 1);
	if (r < 0)
		return errno == EINTR ? 0 : -errno;
	return r == 0 ? -ETIMEDOUT : 0;
}

static int read_to_end(int fd, struct buf *answer)
{
	uint64_t deadline_us = clock_boot_us() + ASK_TIMEOUT_MS * 1000;
	uint8_t *room;
	ssize_t got;
	int r;

	for (;;) {
		r = wait_readable(fd, deadline_us);
		if (r == 0)
			r = buf_reserve(answer, READ_BYTES, &room);
		if (r < 0)
			return r == -ENOBUFS ? -EFBIG : r;
		got = recv(fd, room, READ_BYTES, 0);
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (got == 0)
			return buf_length(answer) > 0 ? 0 : -ENODATA;
		if (got > 0)
			buf_commit(answer, (size_t)got);
	}
}

/* The answer with a 0 after it, in an allocation of its own. */
static int hand_over(const struct buf *answer, uint8_t **ret_json, size_t *ret_length)
{
	size_t length = buf_length(answer);
	uint8_t *json = malloc(length + 1);

	if (!json)
		return -ENOMEM;
	memcpy(json, buf_peek(answer), length);
	json[length] = 0;
	*ret_json = json;
	*ret_length = length;
	return 0;
}

/* A fresh socket has room for a line: it goes at once, or something is wrong. */
static int say(int fd, const char *question)
{
	char line[QUESTION_BYTES];
	int length = snprintf(line, sizeof line, "%s\n", question);
	ssize_t said;

	if (length < 0 || (size_t)length >= sizeof line)
		return -EMSGSIZE;
	said = send(fd, line, (size_t)length, MSG_NOSIGNAL);
	return said < 0 ? -errno : said == length ? 0 : -EIO;
}

int ask_question(const char *folder, const char *name, const char *question, struct buf *ret_json,
	struct err *err)
{
	int fd, r;

	fd = ask_connect(folder, name);
	if (fd < 0)
		return err_errno(err, fd, "%s/%s: cannot connect", folder, name);
	r = question ? say(fd, question) : 0;
	if (r == 0)
		r = read_to_end(fd, ret_json);
	close(fd);
	if (r < 0)
		return err_errno(err, r, "%s/%s: no answer", folder, name);
	return 0;
}

int ask_status(const char *folder, const char *name, uint8_t **ret_json, size_t *ret_length,
	struct err *err)
{
	struct buf answer;
	int r;

	buf_init(&answer, ASK_ANSWER_MAX);
	r = ask_question(folder, name, NULL, &answer, err);
	if (r == 0 && hand_over(&answer, ret_json, ret_length) < 0)
		r = err_errno(err, -ENOMEM, "%s/%s: no answer", folder, name);
	buf_done(&answer);
	return r;
}
