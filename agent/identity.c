/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/identity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/crc32c.h"
#include "common/crypto_request.h"
#include "common/file.h"
#include "common/log.h"

#define NEXT_KEY "renewal.key"

static char *read_text(const char *path, struct err *err)
{
	uint8_t *bytes;
	size_t length;

	return file_read(path, REQUEST_PEM_MAX, &bytes, &length, err) < 0 ? NULL : (char *)bytes;
}

static void forget_text(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

/* ---- which one */

/* A pair in one text, from our CA. */
static bool is_sound(const struct identity *identity, const char *text)
{
	char *ca = read_text(identity->paths.ca, NULL);
	const struct request_answer claim = {.key = text, .certificate = text, .ca = ca};
	bool sound = ca && request_check(&claim, NULL) == 0;

	free(ca);
	return sound;
}

static void choose(struct identity *identity)
{
	char *first = read_text(identity->paths.certificate, NULL);
	char *renewed = read_text(identity->file, NULL), *used = first;
	int64_t expires_s;

	identity->expires_s = 0;
	if (first)
		request_expiry(first, &identity->expires_s);
	if (renewed && !is_sound(identity, renewed))
		log_warn("%s is not used: it is damaged, or from another CA", identity->file);
	else if (renewed && request_expiry(renewed, &expires_s) == 0 &&
		expires_s >= identity->expires_s) {
		identity->renewed = true;
		identity->expires_s = expires_s;
		used = renewed;
	}
	identity->draw = used ? crc32c(0, used, strlen(used)) : 0;
	forget_text(renewed);
	free(first);
}

int identity_open(
	const struct identity_paths *paths, struct identity *ret_identity, struct err *err)
{
	struct identity identity = {.paths = *paths};
	int r = file_join(identity.file, sizeof(identity.file), paths->state_folder, IDENTITY_FILE);

	if (r == 0)
		r = file_join(identity.next_key, sizeof(identity.next_key), paths->state_folder,
			NEXT_KEY);
	if (r < 0)
		return err_errno(err, r, "%s", paths->state_folder);
	choose(&identity);
	*ret_identity = identity;
	return 0;
}

const char *identity_certificate(const struct identity *identity)
{
	return identity->renewed ? identity->file : identity->paths.certificate;
}

const char *identity_key(const struct identity *identity)
{
	return identity->renewed ? identity->file : identity->paths.key;
}

/* ---- the next one */

/* The power went between the new identity and the end of its key's own file. */
static bool is_spent(const struct identity *identity, const char *key)
{
	char *renewed = read_text(identity->file, NULL);
	bool spent = renewed && strstr(renewed, key);

	forget_text(renewed);
	return spent;
}

static int make_key(const struct identity *identity, struct err *err)
{
	struct buf pem;
	int r;

	buf_init(&pem, REQUEST_PEM_MAX);
	r = request_make_key(&pem, err);
	if (r == 0)
		r = file_replace(identity->next_key, buf_peek(&pem), buf_length(&pem), 0600, err);
	if (pem.bytes)
		explicit_bzero(pem.bytes, pem.cap);
	buf_done(&pem);
	return r;
}

int identity_request(struct identity *identity, struct buf *ret_request, struct err *err)
{
	char *key = read_text(identity->next_key, NULL);
	int r = 0;

	/* A damaged one is as good as none: nobody has a certificate for it. */
	if (!key || is_spent(identity, key) || request_make(key, ret_request, err) < 0) {
		forget_text(key);
		buf_clear(ret_request);
		r = make_key(identity, err);
		key = r == 0 ? read_text(identity->next_key, err) : NULL;
		if (!key)
			return r < 0 ? r : -EIO;
		r = request_make(key, ret_request, err);
	}
	forget_text(key);
	if (r == 0 && (r = buf_append(ret_request, "", 1)) < 0)
		err_errno(err, r, "the request");
	return r;
}

static int write_both(
	const struct identity *identity, const char *certificate, const char *key, struct err *err)
{
	struct buf both;
	int r;

	buf_init(&both, 2 * REQUEST_PEM_MAX);
	r = buf_append(&both, certificate, strlen(certificate));
	if (r == 0)
		r = buf_append(&both, key, strlen(key));
	if (r < 0)
		err_errno(err, r, "%s", identity->file);
	else
		r = file_replace(identity->file, buf_peek(&both), buf_length(&both), 0600, err);
	if (both.bytes)
		explicit_bzero(both.bytes, both.cap);
	buf_done(&both);
	return r;
}

int identity_keep(struct identity *identity, const char *certificate, struct err *err)
{
	char *key = read_text(identity->next_key, err);
	char *ca = key ? read_text(identity->paths.ca, err) : NULL;
	const struct request_answer claim = {.key = key, .certificate = certificate, .ca = ca};
	int r = ca ? request_check(&claim, err) : -EIO;

	if (r == 0)
		r = write_both(identity, certificate, key, err);
	if (r == 0) {
		unlink(identity->next_key);
		choose(identity);
	}
	free(ca);
	forget_text(key);
	return r;
}
