/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "collector/backup/cut.h"
#include "collector/backup/pace.h"
#include "collector/backup/pack.h"
#include "collector/backup/shelf.h"
#include "common/file.h"

#define FLUSH_BYTES (8U << 20)

/* The pace of what is read, and a push for what is written: pages that wait for a sync at the end
 * would hold up the syncs of others. */
struct making {
	const struct backup_order *order;
	struct cut cut;
	struct pace pace;
	struct db_pace slow;
	int fd;
	uint64_t pushed;
	uint64_t bytes;
	uint8_t key[CRYPTO_KEY_BYTES]; /* of the file, to read it back */
};

static void rest(void *arg, uint64_t bytes)
{
	struct making *making = arg;

	making->pushed += bytes;
	if (making->pushed >= FLUSH_BYTES) {
		sync_file_range(making->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
		making->pushed = 0;
	}
	making->slow.rest(making->slow.arg, bytes);
}

/* ---- written */

static int copy_database(
	struct making *making, struct db_snapshot **snapshot, const char *part, struct err *err)
{
	struct db_pace pace = {rest, making};
	char temp[PATH_MAX + 8];

	if (!*snapshot)
		return 0;
	snprintf(temp, sizeof(temp), "%s.db", part);
	unlink(temp); /* of one that was killed; nobody else makes this backup */
	return cut_add_snapshot(&making->cut, snapshot, temp, &pace, err);
}

static int put_items(struct making *making, struct pack_stream *stream, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < making->cut.count; i++) {
		struct cut_item *item = &making->cut.items[i];
		struct pack_item packed = {item->name, &item->like, item->fd, item->bytes};

		r = pack_put(stream, &packed, err);
		if (item->fd >= 0)
			close(item->fd);
		item->fd = -1;
	}
	return r;
}

static int put_all(struct making *making, struct sealed_writer *sealed, struct err *err)
{
	struct db_pace pace = {rest, making};
	struct pack_stream *stream;
	int r = pack_stream_new(sealed, &pace, &stream, err);

	if (r < 0)
		return r;
	r = put_items(making, stream, err);
	if (r == 0)
		r = pack_finish(stream, making->cut.made_s, err);
	if (r == 0)
		r = sealed_finish(sealed, err);
	pack_stream_free(stream);
	return r;
}

static int write_file(struct making *making, const char *part, struct err *err)
{
	struct sealed_writer *sealed;
	int r = copy_database(making, &making->cut.ledger, part, err);

	if (r == 0)
		r = copy_database(making, &making->cut.registry, part, err);
	if (r == 0)
		r = sealed_writer_new(&(struct sealed_target){making->fd, part, making->cut.made_s},
			making->order->lock, &sealed, err);
	if (r < 0)
		return r;
	r = put_all(making, sealed, err);
	if (r == 0 && fsync(making->fd) < 0)
		r = err_errno(err, -errno, "%s", part);
	making->bytes = sealed_written(sealed);
	memcpy(making->key, sealed_key(sealed), CRYPTO_KEY_BYTES);
	sealed_writer_free(sealed);
	return r;
}

/* From the disk, as far as the kernel can be asked to forget what it holds in memory. */
static int read_back(
	struct making *making, const char *part, struct unpacked *ret_content, struct err *err)
{
	struct sealed_reader *reader;
	int r;

	posix_fadvise(making->fd, 0, 0, POSIX_FADV_DONTNEED);
	r = sealed_reader_with(making->fd, part, making->key, &reader, err);
	if (r < 0)
		return r;
	r = unpack(reader, -1, ret_content, err);
	sealed_reader_free(reader);
	if (r < 0)
		err_prefix(err, "%s was written and cannot be read back", part);
	return r;
}

static int make(
	struct making *making, const char *part, struct backup_made *ret_made, struct err *err)
{
	const struct backup_order *order = making->order;
	int r = cut_take(order->state, order->files, &making->cut, err);

	if (r < 0)
		return r;
	making->slow = pace_begin(&making->pace, order->bytes_per_s);
	r = write_file(making, part, err);
	cut_done(&making->cut);
	if (r == 0)
		r = read_back(making, part, &ret_made->content, err);
	crypto_forget(making->key, sizeof(making->key));
	ret_made->bytes = making->bytes;
	return r;
}

int backup_make(const struct backup_order *order, struct backup_made *ret_made, struct err *err)
{
	struct making making = {.order = order, .fd = -1};
	struct backup_made made = {.bytes = 0};
	struct shelf shelf;
	int r = shelf_open(order->state, order->target, &shelf, err);

	if (r < 0)
		return r;
	making.fd = shelf.fd;
	r = make(&making, shelf.part, &made, err);
	if (r == 0)
		r = shelf_keep(&shelf, err);
	if (r == 0 && order->keep)
		made.deleted = shelf_prune(&shelf, order->keep);
	if (r == 0) {
		snprintf(made.path, sizeof(made.path), "%s", shelf.path);
		*ret_made = made;
	}
	shelf_close(&shelf);
	return r;
}
