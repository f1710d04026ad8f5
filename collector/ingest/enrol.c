/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/enrol.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "collector/reflector/master.h"
#include "collector/signer/question.h"
#include "common/file.h"
#include "common/log.h"
#include "proto/renew.h"

_Static_assert(ENROL_STAMP_KEY_BYTES == STAMP_KEY_BYTES, "a key fits");

struct enrol_visit {
	TAILQ_ENTRY(enrol_visit) place;
	struct enrol_asker asker;
	enum signer_kind kind;
	struct enrol_device device; /* unless it enrols */
	bool left;
	struct signer_answer answer;
	uint8_t stamp_key[STAMP_KEY_BYTES];
	bool has_stamp;
	size_t length;
	uint8_t bytes[]; /* the question, as it came */
};
TAILQ_HEAD(line, enrol_visit);

struct enrol {
	uv_loop_t *loop;
	char *state;
	uint16_t stamp_port;
	uint8_t *ca; /* PEM */
	size_t ca_length;
	struct line line;
	size_t waiting;
	struct enrol_visit *under_way; /* with the worker */
	uv_work_t work;
	bool closing;
};

/* ---- in the worker's thread */

/* An agent without it measures all else: no reason to send a router away. */
static void find_stamp_key(const struct enrol *enrol, struct enrol_visit *visit)
{
	uint8_t master[STAMP_MASTER_BYTES];
	struct err err;

	if (!enrol->stamp_port || visit->answer.code != ENROL_ACCEPTED)
		return;
	if (master_read(enrol->state, master, &err) < 0) {
		log_warn("agent-%u enrols without STAMP: %s", visit->answer.agent, err.text);
		return;
	}
	visit->has_stamp = stamp_key(master, (uint16_t)visit->answer.agent, visit->stamp_key) == 0;
	explicit_bzero(master, sizeof(master));
}

static void refuse(struct signer_answer *answer, enum enrol_code code, const char *words)
{
	memset(answer, 0, sizeof(*answer));
	answer->code = code;
	snprintf(answer->words, sizeof(answer->words), "%s", words);
}

/* What the bytes were read to be when they came. */
static int read_request(
	const struct enrol_visit *visit, struct signer_question *question, struct err *err)
{
	struct enrol_question asked;
	struct renew_question renewal;

	if (visit->kind == SIGNER_USED)
		return 0;
	if (visit->kind == SIGNER_RENEW) {
		renew_question_read(visit->bytes, visit->length, &renewal);
		return signer_read_request(
			renewal.request, renewal.request_length, question->point, err);
	}
	enrol_question_read(visit->bytes, visit->length, &asked);
	memcpy(question->secret, asked.secret, sizeof(question->secret));
	return signer_read_request(asked.request, asked.request_length, question->point, err);
}

static void on_work(uv_work_t *work)
{
	struct enrol *enrol = work->data;
	struct enrol_visit *visit = enrol->under_way;
	struct signer_question question = {.kind = visit->kind, .agent = visit->device.agent};
	struct err err;

	memcpy(question.print, visit->device.print, sizeof(question.print));
	memcpy(question.address, visit->device.address, sizeof(question.address));
	if (read_request(visit, &question, &err) < 0) {
		refuse(&visit->answer, ENROL_MALFORMED, err.text);
	} else if (signer_ask(enrol->state, &question, &visit->answer, &err) < 0) {
		log_warn("the signer cannot be asked: %s", err.text);
		refuse(&visit->answer, ENROL_BUSY, "the collector cannot sign now");
	}
	find_stamp_key(enrol, visit);
	explicit_bzero(&question, sizeof(question));
}

/* ---- on the loop */

static void begin_next(struct enrol *enrol);

static void tell(const struct enrol *enrol, const struct enrol_visit *visit)
{
	const struct signer_answer *from = &visit->answer;
	struct enrol_answer answer = {
		.code = from->code,
		.agent = from->agent,
		.certificate = from->pem,
		.certificate_length = strlen(from->pem),
		.ca = (const char *)enrol->ca,
		.ca_length = enrol->ca_length,
		.stamp_port = visit->has_stamp ? enrol->stamp_port : 0,
	};

	strcpy(answer.wan, from->wan);
	strcpy(answer.words, from->words);
	memcpy(answer.stamp_key, visit->stamp_key, sizeof(answer.stamp_key));
	visit->asker.answered(visit->asker.arg, &answer);
	explicit_bzero(answer.stamp_key, sizeof(answer.stamp_key));
}

static void free_visit(struct enrol_visit *visit)
{
	explicit_bzero(visit->bytes, visit->length);
	explicit_bzero(visit->stamp_key, sizeof(visit->stamp_key));
	free(visit);
}

static void on_worked(uv_work_t *work, int status)
{
	struct enrol *enrol = work->data;
	struct enrol_visit *visit = enrol->under_way;

	enrol->under_way = NULL;
	if (!visit->left &&
		visit->asker.answered) /* also while it closes: the asker forgets the visit */
		tell(enrol, visit);
	free_visit(visit);
	if (!enrol->closing)
		begin_next(enrol);
}

static void begin_next(struct enrol *enrol)
{
	struct enrol_visit *visit = TAILQ_FIRST(&enrol->line);

	if (enrol->under_way || !visit)
		return;
	TAILQ_REMOVE(&enrol->line, visit, place);
	enrol->waiting--;
	if (visit->left) {
		free_visit(visit);
		begin_next(enrol);
		return;
	}
	enrol->under_way = visit;
	uv_queue_work(enrol->loop, &enrol->work, on_work, on_worked);
}

static int enter(struct enrol *enrol, const struct enrol_visit *form,
	const struct enrol_words *words, struct enrol_visit **ret_visit)
{
	struct enrol_visit *visit;

	if (enrol->closing || enrol->waiting == ENROL_LINE_MAX)
		return -EBUSY;
	visit = calloc(1, sizeof(*visit) + words->length);
	if (!visit)
		return -ENOMEM;
	*visit = *form;
	visit->length = words->length;
	if (words->length)
		memcpy(visit->bytes, words->bytes, words->length);
	if (words->device)
		visit->device = *words->device;
	TAILQ_INSERT_TAIL(&enrol->line, visit, place);
	enrol->waiting++;
	begin_next(enrol);
	if (ret_visit)
		*ret_visit = visit;
	return 0;
}

int enrol_ask(struct enrol *enrol, const struct enrol_words *words, const struct enrol_asker *asker,
	struct enrol_visit **ret_visit)
{
	const struct enrol_visit form = {
		.asker = *asker, .kind = words->device ? SIGNER_RENEW : SIGNER_ENROL};
	struct enrol_question question;
	struct renew_question renewal;

	if (words->device ? renew_question_read(words->bytes, words->length, &renewal) < 0
			  : enrol_question_read(words->bytes, words->length, &question) < 0)
		return -EINVAL;
	return enter(enrol, &form, words, ret_visit);
}

int enrol_tell_used(struct enrol *enrol, const struct enrol_device *device)
{
	const struct enrol_visit form = {.kind = SIGNER_USED};
	const struct enrol_words words = {.device = device};

	return enter(enrol, &form, &words, NULL);
}

void enrol_leave(struct enrol_visit *visit)
{
	if (visit)
		visit->left = true;
}

/* ---- life */

int enrol_new(uv_loop_t *loop, const char *state, uint16_t stamp_port, struct enrol **ret_enrol,
	struct err *err)
{
	struct enrol *enrol = calloc(1, sizeof(*enrol));
	char path[PATH_MAX];
	int r = file_join(path, sizeof(path), state, "ca/ca.crt");

	if (!enrol)
		return err_set(err, -ENOMEM, "out of memory");
	TAILQ_INIT(&enrol->line);
	enrol->loop = loop;
	enrol->stamp_port = stamp_port;
	enrol->work.data = enrol;
	enrol->state = strdup(state);
	if (r < 0)
		err_errno(err, r, "%s", state);
	else if (!enrol->state)
		r = err_set(err, -ENOMEM, "out of memory");
	else
		r = file_read(path, SIGNER_PEM_MAX, &enrol->ca, &enrol->ca_length, err);
	if (r < 0) {
		enrol_free(enrol);
		return r;
	}
	*ret_enrol = enrol;
	return 0;
}

void enrol_close(struct enrol *enrol)
{
	if (enrol)
		enrol->closing = true;
}

void enrol_free(struct enrol *enrol)
{
	struct enrol_visit *visit;

	if (!enrol)
		return;
	while ((visit = TAILQ_FIRST(&enrol->line))) {
		TAILQ_REMOVE(&enrol->line, visit, place);
		free_visit(visit);
	}
	free(enrol->state);
	free(enrol->ca);
	free(enrol);
}
