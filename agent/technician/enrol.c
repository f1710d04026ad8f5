/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/enrol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/identity.h"
#include "agent/net/address.h"
#include "agent/settings/settings.h"
#include "agent/settings/settings_edit.h"
#include "agent/technician/enrol_talk.h"
#include "common/crypto.h"
#include "common/crypto_request.h"
#include "common/endpoint.h"
#include "common/file.h"

#define CONF_MAX (256 * 1024)
#define TRIES 5 /* with pauses of 2, 4, 8, 16 s between */

struct enrolment {
	const struct enrol_order *order;
	struct enrol_token token;
	struct settings settings;
	char *key; /* PEM */
	struct buf text; /* the answer */
	struct enrol_answer answer;
};

static void say(const struct enrolment *enrolment, enum word word, const char *value)
{
	const char *const values[4] = {value};

	words_line(enrolment->order->out, enrolment->order->language, word, values);
	fflush(enrolment->order->out);
}

/* ---- the key */

static int make_key(const char *path, struct err *err)
{
	struct buf pem;
	int r;

	buf_init(&pem, REQUEST_PEM_MAX);
	r = request_make_key(&pem, err);
	if (r == 0)
		r = file_replace(path, buf_peek(&pem), buf_length(&pem), 0600, err);
	if (pem.bytes)
		explicit_bzero(pem.bytes, pem.cap);
	buf_done(&pem);
	return r;
}

/* The one that is there, or else a new one: on the disk before anybody hears of it. */
static int find_key(struct enrolment *enrolment, struct err *err)
{
	const char *path = enrolment->settings.key;
	size_t length;
	int r = 0;

	if (access(path, F_OK) < 0) {
		r = make_key(path, err);
		if (r == 0)
			say(enrolment, WORD_ENROL_KEY, path);
	}
	return r < 0 ? r
		     : file_read(path, REQUEST_PEM_MAX, (uint8_t **)&enrolment->key, &length, err);
}

/* ---- the question */

static bool is_final(int r, const struct enrol_answer *answer)
{
	/* -EPROTO: another one answered, or a collector that enrols nobody */
	return r == 0 ? answer->code != ENROL_BUSY : r == -EINVAL || r == -EPROTO;
}

static int ask(struct enrolment *enrolment, const char *request, struct err *err)
{
	int r = 0;

	for (unsigned i = 0; i < TRIES; i++) {
		if (i > 0)
			sleep(1U << i);
		say(enrolment, WORD_ENROL_ASKING, enrolment->token.address);
		r = enrol_talk(
			&enrolment->token, request, &enrolment->text, &enrolment->answer, err);
		if (is_final(r, &enrolment->answer))
			break;
		say(enrolment, WORD_ENROL_NOT_YET, r < 0 ? err->text : enrolment->answer.words);
	}
	return r;
}

static int request_and_ask(struct enrolment *enrolment, struct err *err)
{
	struct buf request;
	int r;

	buf_init(&request, REQUEST_PEM_MAX);
	r = request_make(enrolment->key, &request, err);
	if (r < 0)
		err_prefix(err, "%s", enrolment->settings.key);
	if (r == 0 && (r = buf_append(&request, "", 1)) < 0)
		err_errno(err, r, "the request");
	if (r == 0)
		r = ask(enrolment, (const char *)buf_peek(&request), err);
	buf_done(&request);
	return r;
}

/* ---- what came back */

static int refuse(const struct enrolment *enrolment, struct err *err)
{
	enum enrol_code code = enrolment->answer.code;

	say(enrolment, WORD_ENROL_REFUSED,
		words_text(enrolment->order->language,
			(enum word)(WORD_ENROL_UNKNOWN + (code - ENROL_UNKNOWN))));
	say(enrolment, WORD_ENROL_REFUSED_WORDS, enrolment->answer.words);
	say(enrolment, code == ENROL_BUSY ? WORD_DO_ENROL_LATER : WORD_DO_ENROL, NULL);
	return err_set(err, -EACCES, "refused: %s", enrolment->answer.words);
}

static int check_answer(const struct enrolment *enrolment, struct err *err)
{
	const struct enrol_answer *answer = &enrolment->answer;
	const struct request_answer claim = {
		.key = enrolment->key,
		.certificate = answer->certificate, /* the first of the two is read */
		.ca = answer->ca,
		.pin = enrolment->token.pin,
	};

	return request_check(&claim, err);
}

static int edit(char **text, const char *section, const char *key, const char *value)
{
	const struct settings_edit wanted = {section, key, value};
	struct buf out;
	int r;

	buf_init(&out, CONF_MAX);
	r = settings_edit(*text, &wanted, &out);
	if (r == 0)
		r = buf_append(&out, "", 1);
	if (r == 0) {
		free(*text);
		*text = strdup((const char *)buf_peek(&out));
		r = *text ? 0 : -ENOMEM;
	}
	buf_done(&out);
	return r;
}

/* The reflector beside the collector, but for one on this machine itself: its target is one of the
 * things that are configured from the centre. */
static void write_target(const struct enrolment *enrolment, char *ret_text, size_t size)
{
	char first[ENROL_ADDRESS_MAX + 1], host[ENROL_ADDRESS_MAX + 1];
	char port[ENDPOINT_PORT_BYTES] = "";
	const char *list = enrolment->token.address;
	struct address address;

	*ret_text = '\0';
	if (!list_next(&list, first, sizeof(first)) ||
		endpoint_split(first, host, sizeof(host), port) < 0)
		return;
	if (address_parse(host, &address) == 0 && address_is_loopback(&address))
		return;
	snprintf(ret_text, size, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host,
		enrolment->answer.stamp_port);
}

static int edit_stamp(const struct enrolment *enrolment, char **text)
{
	char target[ENROL_ADDRESS_MAX + 9], key[2 * ENROL_STAMP_KEY_BYTES + 1], identifier[8];
	int r;

	write_target(enrolment, target, sizeof(target));
	hex_format(enrolment->answer.stamp_key, ENROL_STAMP_KEY_BYTES, key);
	snprintf(identifier, sizeof(identifier), "%u", (uint16_t)enrolment->answer.agent);
	r = edit(text, "stamp", "key", key);
	if (r == 0)
		r = edit(text, "stamp", "identifier", identifier);
	if (r == 0 && *target)
		r = edit(text, "stamp", "target", target);
	explicit_bzero(key, sizeof(key));
	return r;
}

static int write_conf(const struct enrolment *enrolment, struct err *err)
{
	const char *path = enrolment->order->config;
	struct stat status = {.st_mode = 0600};
	char *text = NULL;
	size_t length;
	int r;

	if (stat(path, &status) == 0)
		r = file_read(path, CONF_MAX, (uint8_t **)&text, &length, err);
	else
		r = (text = strdup("")) ? 0 : err_set(err, -ENOMEM, "out of memory");
	if (r < 0)
		return r;
	r = edit(&text, "collector", "address", enrolment->token.address);
	if (r == 0)
		r = edit(&text, "wan", "name", enrolment->answer.wan);
	if (r == 0 && enrolment->answer.stamp_port)
		r = edit_stamp(enrolment, &text);
	if (r < 0)
		err_errno(err, r, "%s", path);
	else
		r = file_replace(path, text, strlen(text), status.st_mode & 0777, err);
	free(text);
	return r;
}

/* Where the service runs as an account of its own, the state folder is that account's. */
static void hand_over(const struct enrolment *enrolment)
{
	const struct settings *settings = &enrolment->settings;
	const char *const files[] = {
		settings->key, settings->ca, enrolment->order->config, settings->certificate};
	struct stat owner;

	if (geteuid() != 0 || stat(settings->state_folder, &owner) < 0)
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (lchown(files[i], owner.st_uid, owner.st_gid) < 0)
			fprintf(enrolment->order->out, "%s: %s\n", files[i], strerror(errno));
}

/* What this router renewed before may end later than the new one, and is not to be used again. */
static int drop_renewed(const struct settings *settings, struct err *err)
{
	char path[PATH_MAX];
	int r = file_join(path, sizeof(path), settings->state_folder, IDENTITY_FILE);

	if (r == 0 && unlink(path) < 0 && errno != ENOENT && errno != ENOTDIR)
		r = -errno;
	return r < 0 ? err_errno(err, r, "%s", settings->state_folder) : 0;
}

static int keep(const struct enrolment *enrolment, struct err *err)
{
	const struct enrol_answer *answer = &enrolment->answer;
	const struct settings *settings = &enrolment->settings;
	int r = check_answer(enrolment, err);

	if (r == 0)
		r = drop_renewed(settings, err);
	if (r == 0)
		r = file_replace(settings->ca, answer->ca, answer->ca_length, 0644, err);
	if (r == 0)
		r = write_conf(enrolment, err);
	if (r == 0)
		r = file_replace(settings->certificate, answer->certificate,
			answer->certificate_length, 0644, err);
	if (r == 0)
		hand_over(enrolment);
	return r;
}

/* ---- all of it */

static int carry_out(struct enrolment *enrolment, struct err *err)
{
	char number[16];
	int r = find_key(enrolment, err);

	if (r == 0)
		r = request_and_ask(enrolment, err);
	if (r < 0)
		return r;
	if (enrolment->answer.code != ENROL_ACCEPTED)
		return refuse(enrolment, err);
	r = keep(enrolment, err);
	if (r < 0)
		return r;
	snprintf(number, sizeof(number), "%u", enrolment->answer.agent);
	say(enrolment, WORD_ENROL_DONE, number);
	say(enrolment, WORD_DO_ENROL_DONE, NULL);
	return 0;
}

int enrol_run(const struct enrol_order *order, struct err *err)
{
	struct enrolment enrolment = {.order = order};
	int r = enrol_token_read(order->token, &enrolment.token, err);

	if (r < 0)
		return r;
	r = access(order->config, F_OK) == 0
		? settings_load(&enrolment.settings, order->config, err)
		: settings_default(&enrolment.settings, err);
	if (r < 0)
		return r;
	buf_init(&enrolment.text, ENROL_ANSWER_MAX);
	r = carry_out(&enrolment, err);
	buf_done(&enrolment.text);
	if (enrolment.key)
		explicit_bzero(enrolment.key, strlen(enrolment.key));
	free(enrolment.key);
	settings_done(&enrolment.settings);
	explicit_bzero(&enrolment.token, sizeof(enrolment.token));
	return r;
}
