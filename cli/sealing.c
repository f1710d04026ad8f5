/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sealing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/account.h"
#include "common/file.h"

#define PEM_MAX 65536
#define PASSPHRASE_MIN 16 /* bytes: whoever has the file may guess as long as he likes */

/* The first line of the file. */
static int read_passphrase(const char *path, struct sealing *sealing, struct err *err)
{
	size_t length = 0, line;
	uint8_t *text;
	int r = file_read(path, 65536, &text, &length, err);

	if (r < 0)
		return r;
	line = strcspn((const char *)text, "\r\n");
	if (line > PASSPHRASE_MAX)
		r = err_set(err, -EINVAL, "%s: its first line is longer than %d bytes", path,
			PASSPHRASE_MAX);
	else
		memcpy(sealing->passphrase, text, line);
	crypto_forget(text, length);
	free(text);
	return r;
}

static int get_passphrase(
	const struct opts *opts, bool twice, struct sealing *sealing, struct err *err)
{
	const char *path = opts_text(opts, "passphrase-file", NULL);
	int r = path ? read_passphrase(path, sealing, err)
		     : account_ask_secret("Passphrase", twice, sealing->passphrase,
			       sizeof(sealing->passphrase), err);

	sealing->lock.passphrase.bytes = sealing->passphrase;
	sealing->lock.passphrase.length = strlen(sealing->passphrase);
	return r;
}

static int read_key(const char *path, struct sealing *sealing, struct err *err)
{
	size_t length = 0;
	int r = file_read(path, PEM_MAX, &sealing->key, &length, err);

	sealing->lock.kind = SEALED_TO_KEY;
	sealing->lock.key.text = (const char *)sealing->key;
	sealing->lock.key.length = length;
	return r;
}

int sealing_choose(const struct opts *opts, struct sealing *ret_sealing, struct err *err)
{
	const char *key = opts_text(opts, "to-key", NULL);
	int r;

	memset(ret_sealing, 0, sizeof(*ret_sealing));
	if (key)
		return read_key(key, ret_sealing, err);
	ret_sealing->lock.kind = SEALED_BY_PASSPHRASE;
	r = get_passphrase(opts, true, ret_sealing, err);
	if (r == 0 && strlen(ret_sealing->passphrase) < PASSPHRASE_MIN)
		r = err_set(err, -EINVAL, "the passphrase is too short: %d bytes at least",
			PASSPHRASE_MIN);
	return r;
}

static bool is_encrypted(const struct sealing *sealing)
{
	return sealing->key && strstr((const char *)sealing->key, "ENCRYPTED") != NULL;
}

int sealing_find(const struct opts *opts, enum sealed_kind kind, struct sealing *ret_sealing,
	struct err *err)
{
	const char *key = opts_text(opts, "key", NULL);
	int r;

	memset(ret_sealing, 0, sizeof(*ret_sealing));
	ret_sealing->lock.kind = kind;
	if (kind == SEALED_BY_PASSPHRASE)
		return get_passphrase(opts, false, ret_sealing, err);
	if (!key)
		return err_set(err, -EINVAL, "it is sealed to a key: give --key FILE");
	r = read_key(key, ret_sealing, err);
	if (r == 0 && is_encrypted(ret_sealing))
		r = get_passphrase(opts, false, ret_sealing, err);
	return r;
}

void sealing_done(struct sealing *sealing)
{
	if (sealing->key)
		crypto_forget(sealing->key, sealing->lock.key.length);
	free(sealing->key);
	crypto_forget(sealing, sizeof(*sealing));
}
