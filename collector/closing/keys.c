/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/keys.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/crypto.h"
#include "common/file.h"

struct paths {
	char folder[PATH_MAX], key[PATH_MAX], public[PATH_MAX];
};

static int join_paths(const char *state, struct paths *ret, struct err *err)
{
	if (file_join(ret->folder, PATH_MAX, state, "keys") < 0 ||
		file_join(ret->key, PATH_MAX, state, "keys/closing.key") < 0 ||
		file_join(ret->public, PATH_MAX, state, CLOSING_PUBLIC_FILE) < 0)
		return err_set(err, -ENAMETOOLONG, "%.64s...: the path is too long", state);
	return 0;
}

static int write_public(const struct crypto_key *key, const char *path, struct err *err)
{
	struct buf pem;
	int r;

	buf_init(&pem, CLOSING_KEY_MAX);
	r = crypto_key_write_public(key, &pem, err);
	if (r == 0)
		r = file_replace(path, buf_peek(&pem), buf_length(&pem), 0644, err);
	buf_done(&pem);
	return r;
}

static int make(const struct paths *paths, struct crypto_key **ret_key, struct err *err)
{
	struct crypto_key *key;
	struct buf pem;
	int r = file_make_folder(paths->folder, 0750, err);

	if (r == 0)
		r = crypto_key_make(&key, err);
	if (r < 0)
		return r;
	buf_init(&pem, CLOSING_KEY_MAX);
	r = crypto_key_write(key, &pem, err);
	if (r == 0)
		r = file_replace(paths->key, buf_peek(&pem), buf_length(&pem), 0600, err);
	crypto_wipe(&pem);
	if (r < 0)
		crypto_key_free(key);
	else
		*ret_key = key;
	return r;
}

static int read_key(const char *path, struct crypto_key **ret_key, struct err *err)
{
	uint8_t *pem;
	size_t length;
	int r = file_read(path, CLOSING_KEY_MAX, &pem, &length, err);

	if (r < 0)
		return r;
	r = crypto_key_read(pem, length, ret_key, err);
	if (r < 0)
		err_prefix(err, "%s", path);
	explicit_bzero(pem, length);
	free(pem);
	return r;
}

int closing_key_open(const char *state, struct crypto_key **ret_key, struct err *err)
{
	struct crypto_key *key = NULL;
	struct paths paths;
	bool made = false;
	int r = join_paths(state, &paths, err);

	if (r < 0)
		return r;
	if (access(paths.key, F_OK) == 0)
		r = read_key(paths.key, &key, err);
	else if ((made = errno == ENOENT))
		r = make(&paths, &key, err);
	else
		r = err_errno(err, -errno, "%s", paths.key);
	if (r == 0 && (made || access(paths.public, F_OK) < 0))
		r = write_public(key, paths.public, err);
	if (r < 0) {
		crypto_key_free(key);
		return r;
	}
	*ret_key = key;
	return 0;
}

int closing_public_read(const char *path, uint8_t ret_public[CRYPTO_PUBLIC_BYTES], struct err *err)
{
	uint8_t *text;
	size_t length;
	int r = file_read(path, CLOSING_KEY_MAX, &text, &length, err);

	if (r < 0)
		return r;
	if (length == 2 * CRYPTO_PUBLIC_BYTES + 1 && text[length - 1] == '\n')
		text[--length] = '\0';
	if (hex_parse((char *)text, ret_public, CRYPTO_PUBLIC_BYTES) < 0)
		r = crypto_public_read(text, length, ret_public, err);
	if (r < 0)
		err_prefix(err, "%s", path);
	free(text);
	return r;
}
