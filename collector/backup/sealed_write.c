/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/sealed_head.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sealed_writer {
	int fd;
	char name[PATH_MAX];
	struct crypto_sealing how;
	uint64_t number, written;
	size_t filled;
	uint8_t plain[SEALED_CHUNK_BYTES], box[SEALED_BOX_BYTES];
};

static int put(struct sealed_writer *writer, const uint8_t *bytes, size_t length, struct err *err)
{
	for (size_t done = 0; done < length;) {
		ssize_t n = write(writer->fd, bytes + done, length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, -errno, "%s", writer->name);
		done += (size_t)n;
	}
	writer->written += length;
	return 0;
}

int sealed_writer_new(const struct sealed_target *target, const struct sealed_lock *lock,
	struct sealed_writer **ret_writer, struct err *err)
{
	struct sealed_writer *writer = calloc(1, sizeof(*writer));
	uint8_t head[SEALED_HEAD_BYTES];
	int r;

	if (!writer)
		return err_errno(err, -ENOMEM, "%s", target->name);
	writer->fd = target->fd;
	snprintf(writer->name, sizeof(writer->name), "%s", target->name);
	r = sealed_head_make(lock, target->made_s, head, writer->how.key, err);
	if (r == 0)
		r = put(writer, head, sizeof(head), err);
	if (r < 0) {
		sealed_writer_free(writer);
		return r;
	}
	*ret_writer = writer;
	return 0;
}

static int put_chunk(struct sealed_writer *writer, bool last, struct err *err)
{
	int r;

	sealed_nonce(writer->number++, last, writer->how.nonce);
	r = crypto_seal(&writer->how, writer->plain, writer->filled, writer->box);
	if (r < 0)
		return err_set(err, r, "%s: OpenSSL could not seal it", writer->name);
	r = put(writer, writer->box, writer->filled + CRYPTO_TAG_BYTES, err);
	writer->filled = 0;
	return r;
}

int sealed_write(struct sealed_writer *writer, const void *bytes, size_t length, struct err *err)
{
	const uint8_t *from = bytes;

	while (length) {
		size_t room = sizeof(writer->plain) - writer->filled;
		size_t part = length < room ? length : room;

		/* a full chunk waits: only the end knows which is the last one */
		if (!room) {
			int r = put_chunk(writer, false, err);

			if (r < 0)
				return r;
			continue;
		}
		memcpy(writer->plain + writer->filled, from, part);
		writer->filled += part;
		from += part;
		length -= part;
	}
	return 0;
}

int sealed_finish(struct sealed_writer *writer, struct err *err)
{
	return put_chunk(writer, true, err);
}

uint64_t sealed_written(const struct sealed_writer *writer)
{
	return writer->written;
}

const uint8_t *sealed_key(const struct sealed_writer *writer)
{
	return writer->how.key;
}

void sealed_writer_free(struct sealed_writer *writer)
{
	if (writer)
		crypto_forget(writer, sizeof(*writer));
	free(writer);
}
