/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/signer/question.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/ask.h"
#include "common/clock.h"
#include "common/pack.h"

#define MARK_BYTES 8
#define SECRET_AT 8
#define POINT_AT 24
#define DEVICE_AT 8 /* the agent's number, of the other kinds */
#define PRINT_AT 12
#define NEW_POINT_AT 44
#define ADDRESS_AT 109
#define CODE_AT 8
#define AGENT_AT 12
#define WAN_AT 16
#define WORDS_AT 48
#define PEM_AT 448

static const char answer_mark[] = "PANTAUA1";
static const char *const question_marks[] = {"PANTAUQ1", "PANTAUQ2", "PANTAUQ3"};
#define KINDS (sizeof(question_marks) / sizeof(*question_marks))
_Static_assert(ADDRESS_AT + SIGNER_ADDRESS_BYTES <= SIGNER_QUESTION_BYTES, "it fits");
_Static_assert(PEM_AT + SIGNER_PEM_BYTES == SIGNER_ANSWER_BYTES, "the answer is full");
_Static_assert(WORDS_AT + ERR_TEXT_BYTES <= PEM_AT, "words have their room");

static uint32_t read_u32(const uint8_t *at)
{
	struct unpack unpack;

	unpack_init(&unpack, at, 4);
	return unpack_u32(&unpack);
}

static void write_u32(uint8_t *at, uint32_t value)
{
	struct pack pack;

	pack_init(&pack, at, 4);
	pack_u32(&pack, value);
}

/* A text and its 0, within its room. */
static bool read_text(const uint8_t *at, size_t room, char *ret_text)
{
	if (!memchr(at, '\0', room))
		return false;
	strcpy(ret_text, (const char *)at);
	return true;
}

void signer_question_write(
	const struct signer_question *question, uint8_t ret_bytes[SIGNER_QUESTION_BYTES])
{
	memset(ret_bytes, 0, SIGNER_QUESTION_BYTES);
	memcpy(ret_bytes, question_marks[question->kind], MARK_BYTES);
	if (question->kind == SIGNER_ENROL) {
		memcpy(ret_bytes + SECRET_AT, question->secret, sizeof(question->secret));
		memcpy(ret_bytes + POINT_AT, question->point, sizeof(question->point));
		return;
	}
	write_u32(ret_bytes + DEVICE_AT, question->agent);
	memcpy(ret_bytes + PRINT_AT, question->print, sizeof(question->print));
	if (question->kind == SIGNER_USED)
		return;
	memcpy(ret_bytes + NEW_POINT_AT, question->point, sizeof(question->point));
	memcpy(ret_bytes + ADDRESS_AT, question->address, sizeof(question->address));
}

int signer_question_read(
	const uint8_t bytes[SIGNER_QUESTION_BYTES], struct signer_question *ret_question)
{
	struct signer_question question = {.kind = SIGNER_ENROL};
	size_t kind = 0;

	while (kind < KINDS && memcmp(bytes, question_marks[kind], MARK_BYTES) != 0)
		kind++;
	if (kind == KINDS)
		return -EPROTO;
	question.kind = (enum signer_kind)kind;
	if (kind == SIGNER_ENROL) {
		memcpy(question.secret, bytes + SECRET_AT, sizeof(question.secret));
		memcpy(question.point, bytes + POINT_AT, sizeof(question.point));
	} else {
		question.agent = read_u32(bytes + DEVICE_AT);
		memcpy(question.print, bytes + PRINT_AT, sizeof(question.print));
	}
	if (kind == SIGNER_RENEW) {
		memcpy(question.point, bytes + NEW_POINT_AT, sizeof(question.point));
		memcpy(question.address, bytes + ADDRESS_AT, sizeof(question.address));
	}
	*ret_question = question;
	return 0;
}

void signer_answer_write(const struct signer_answer *answer, uint8_t ret_bytes[SIGNER_ANSWER_BYTES])
{
	memset(ret_bytes, 0, SIGNER_ANSWER_BYTES);
	memcpy(ret_bytes, answer_mark, MARK_BYTES);
	write_u32(ret_bytes + CODE_AT, answer->code);
	write_u32(ret_bytes + AGENT_AT, answer->agent);
	strcpy((char *)ret_bytes + WAN_AT, answer->wan);
	strcpy((char *)ret_bytes + WORDS_AT, answer->words);
	strcpy((char *)ret_bytes + PEM_AT, answer->pem);
}

int signer_answer_read(const uint8_t bytes[SIGNER_ANSWER_BYTES], struct signer_answer *ret_answer)
{
	uint32_t code = read_u32(bytes + CODE_AT);

	if (memcmp(bytes, answer_mark, MARK_BYTES) != 0 || code >= ENROL_CODE_COUNT ||
		!read_text(bytes + WAN_AT, sizeof(ret_answer->wan), ret_answer->wan) ||
		!read_text(bytes + WORDS_AT, sizeof(ret_answer->words), ret_answer->words) ||
		!read_text(bytes + PEM_AT, sizeof(ret_answer->pem), ret_answer->pem))
		return -EPROTO;
	ret_answer->code = (enum enrol_code)code;
	ret_answer->agent = read_u32(bytes + AGENT_AT);
	return 0;
}

/* ---- asking */

static int wait_for(int fd, short events, uint64_t deadline_us)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};
	uint64_t now_us = clock_boot_us();
	int r;

	if (now_us >= deadline_us)
		return -ETIMEDOUT;
	r = poll(&poll_fd, 1, (int)((deadline_us - now_us) / 1000) + 1);
	if (r < 0 && errno != EINTR)
		return -errno;
	return r == 0 ? -ETIMEDOUT : 0;
}

static int receive(int fd, uint8_t bytes[SIGNER_ANSWER_BYTES])
{
	uint64_t deadline_us = clock_boot_us() + SIGNER_ASK_MS * UINT64_C(1000);
	size_t length = 0;
	ssize_t got;
	int r;

	while (length < SIGNER_ANSWER_BYTES) {
		r = wait_for(fd, POLLIN, deadline_us);
		if (r < 0)
			return r;
		got = recv(fd, bytes + length, SIGNER_ANSWER_BYTES - length, 0);
		if (got == 0)
			return -ECONNRESET;
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		length += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

int signer_ask(const char *state, const struct signer_question *question,
	struct signer_answer *ret_answer, struct err *err)
{
	uint8_t bytes[SIGNER_QUESTION_BYTES], answer[SIGNER_ANSWER_BYTES];
	int fd = ask_connect(state, SIGNER_SOCKET), r = 0;

	if (fd < 0)
		return err_errno(err, fd, "%s/" SIGNER_SOCKET, state);
	signer_question_write(question, bytes);
	/* A new socket has room for so few bytes. */
	if (send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL) != (ssize_t)sizeof(bytes))
		r = errno ? -errno : -EIO;
	explicit_bzero(bytes, sizeof(bytes));
	if (r == 0)
		r = receive(fd, answer);
	close(fd);
	if (r == 0)
		r = signer_answer_read(answer, ret_answer);
	return r < 0 ? err_errno(err, r, "%s/" SIGNER_SOCKET, state) : 0;
}
