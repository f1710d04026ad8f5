/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/sealed_head.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sealed_reader {
	int fd;
	char name[PATH_MAX];
	struct crypto_sealing how;
	uint64_t number, place, next;
	bool ended;
	size_t ahead; /* bytes of the box that are read already: of the next chunk */
	uint8_t plain[SEALED_CHUNK_BYTES], box[SEALED_BOX_BYTES + 1];
};

/* As much as there is, up to `length`. */
static int get(int fd, uint8_t *ret_bytes, size_t length, size_t *ret_got)
{
	size_t got = 0;

	while (got < length) {
		ssize_t n = read(fd, ret_bytes + got, length - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	*ret_got = got;
	return 0;
}

static int get_head(int fd, const char *name, uint8_t ret_head[SEALED_HEAD_BYTES], struct err *err)
{
	size_t got = 0;
	int r = lseek(fd, 0, SEEK_SET) < 0 ? -errno : get(fd, ret_head, SEALED_HEAD_BYTES, &got);

	if (r < 0)
		return err_errno(err, r, "%s", name);
	if (got < SEALED_HEAD_BYTES)
		return err_set(err, -EBADMSG,
			"%s: no backup of Pantau Desa, or cut off at byte %zu", name, got);
	return 0;
}

int sealed_look(int fd, const char *name, struct sealed_about *ret_about, struct err *err)
{
	uint8_t head[SEALED_HEAD_BYTES];
	int r = get_head(fd, name, head, err);

	if (r == 0 && (r = sealed_head_read(head, ret_about, err)) < 0)
		err_prefix(err, "%s", name);
	return r;
}

static struct sealed_reader *new_reader(int fd, const char *name)
{
	struct sealed_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	reader->fd = fd;
	reader->next = SEALED_HEAD_BYTES;
	snprintf(reader->name, sizeof(reader->name), "%s", name);
	return reader;
}

int sealed_reader_new(int fd, const char *name, const struct sealed_lock *lock,
	struct sealed_reader **ret_reader, struct err *err)
{
	struct sealed_reader *reader = new_reader(fd, name);
	uint8_t head[SEALED_HEAD_BYTES];
	int r;

	if (!reader)
		return err_errno(err, -ENOMEM, "%s", name);
	r = get_head(fd, name, head, err);
	if (r == 0 && (r = sealed_head_open(head, lock, reader->how.key, err)) < 0)
		err_prefix(err, "%s", name);
	if (r < 0) {
		sealed_reader_free(reader);
		return r;
	}
	*ret_reader = reader;
	return 0;
}

int sealed_reader_with(int fd, const char *name, const uint8_t key[CRYPTO_KEY_BYTES],
	struct sealed_reader **ret_reader, struct err *err)
{
	struct sealed_reader *reader = new_reader(fd, name);
	struct sealed_about about;
	int r;

	if (!reader)
		return err_errno(err, -ENOMEM, "%s", name);
	r = sealed_look(fd, name, &about, err);
	if (r < 0) {
		sealed_reader_free(reader);
		return r;
	}
	memcpy(reader->how.key, key, CRYPTO_KEY_BYTES);
	*ret_reader = reader;
	return 0;
}

/* The box and one byte more: only so is it known whether another one follows. */
static int fill(struct sealed_reader *reader, size_t *ret_length, bool *ret_last, struct err *err)
{
	size_t got = 0;
	int r = get(
		reader->fd, reader->box + reader->ahead, sizeof(reader->box) - reader->ahead, &got);

	if (r < 0)
		return err_errno(err, r, "%s at byte %" PRIu64, reader->name, reader->next);
	got += reader->ahead;
	*ret_last = got <= SEALED_BOX_BYTES;
	*ret_length = *ret_last ? got : SEALED_BOX_BYTES;
	return 0;
}

int sealed_read(struct sealed_reader *reader, const uint8_t **ret_bytes, size_t *ret_length,
	struct err *err)
{
	size_t length = 0;
	bool last = false;
	int r;

	if (reader->ended)
		return 0;
	r = fill(reader, &length, &last, err);
	if (r < 0)
		return r;
	reader->place = reader->next;
	sealed_nonce(reader->number++, last, reader->how.nonce);
	r = crypto_unseal(&reader->how, reader->box, length, reader->plain);
	if (r == -EBADMSG)
		return err_set(err, r, "%s: damaged or cut off at byte %" PRIu64 " to %" PRIu64,
			reader->name, reader->place, reader->place + length);
	if (r < 0)
		return err_errno(err, r, "%s", reader->name);
	reader->next += length;
	reader->ended = last;
	reader->ahead = !last;
	if (!last)
		reader->box[0] = reader->box[SEALED_BOX_BYTES];
	*ret_bytes = reader->plain;
	*ret_length = length - CRYPTO_TAG_BYTES;
	return 1;
}

uint64_t sealed_place(const struct sealed_reader *reader)
{
	return reader->place;
}

void sealed_reader_free(struct sealed_reader *reader)
{
	if (reader)
		crypto_forget(reader, sizeof(*reader));
	free(reader);
}
