/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/crypto_hash.h"

#define PART_BYTES 262144
#define BLOCK_BYTES 65536

struct pack_stream {
	struct archive *archive;
	struct sealed_writer *sealed;
	const struct db_pace *pace;
	struct manifest *manifest;
	struct crypto_hash *hash;
	struct err err; /* of the sealed file, which libarchive only hears of as a failure */
	uint8_t part[PART_BYTES];
};

static la_ssize_t seal_block(struct archive *archive, void *arg, const void *bytes, size_t length)
{
	struct pack_stream *stream = arg;

	return sealed_write(stream->sealed, bytes, length, &stream->err) < 0 ? -1
									     : (la_ssize_t)length;
}

static int say(struct pack_stream *stream, const char *what, struct err *err)
{
	const char *words = archive_error_string(stream->archive);

	if (stream->err.code)
		return err_set(err, stream->err.code, "%s", stream->err.text);
	return err_set(err, -EIO, "%s: %s", what, words ? words : "libarchive failed");
}

static int open_archive(struct pack_stream *stream)
{
	stream->archive = archive_write_new();
	if (!stream->archive || archive_write_set_format_pax_restricted(stream->archive) ||
		archive_write_add_filter_zstd(stream->archive) ||
		archive_write_set_bytes_per_block(stream->archive, BLOCK_BYTES) ||
		archive_write_set_bytes_in_last_block(stream->archive, 1))
		return -EIO;
	return archive_write_open(stream->archive, stream, NULL, seal_block, NULL) ? -EIO : 0;
}

int pack_stream_new(struct sealed_writer *sealed, const struct db_pace *pace,
	struct pack_stream **ret_stream, struct err *err)
{
	struct pack_stream *stream = calloc(1, sizeof(*stream));
	int r;

	if (!stream)
		return err_errno(err, -ENOMEM, "a backup");
	stream->sealed = sealed;
	stream->pace = pace;
	stream->manifest = manifest_new();
	stream->hash = crypto_hash_new();
	r = stream->manifest && stream->hash ? open_archive(stream) : -ENOMEM;
	if (r < 0) {
		pack_stream_free(stream);
		return err_errno(err, r, "libarchive with zstd");
	}
	*ret_stream = stream;
	return 0;
}

void pack_stream_free(struct pack_stream *stream)
{
	if (!stream)
		return;
	if (stream->archive) {
		archive_write_fail(stream->archive); /* it would write what waits */
		archive_write_free(stream->archive);
	}
	manifest_free(stream->manifest);
	crypto_hash_free(stream->hash);
	crypto_forget(stream->part, sizeof(stream->part));
	free(stream);
}

/* ---- entries */

static int put_head(struct pack_stream *stream, const struct pack_item *item, struct err *err)
{
	struct archive_entry *entry = archive_entry_new();
	const struct passwd *account = getpwuid(item->like->st_uid);
	const struct group *group = getgrgid(item->like->st_gid);
	int r = 0;

	if (!entry)
		return err_errno(err, -ENOMEM, "%s", item->name);
	archive_entry_copy_stat(entry, item->like);
	archive_entry_set_pathname(entry, item->name);
	archive_entry_set_size(entry, (la_int64_t)item->bytes);
	archive_entry_set_nlink(entry, 1);
	if (account)
		archive_entry_set_uname(entry, account->pw_name);
	if (group)
		archive_entry_set_gname(entry, group->gr_name);
	if (archive_write_header(stream->archive, entry) != ARCHIVE_OK)
		r = say(stream, item->name, err);
	archive_entry_free(entry);
	return r;
}

static int put_part(struct pack_stream *stream, const char *name, const void *bytes, size_t length,
	struct err *err)
{
	if (crypto_hash_add(stream->hash, bytes, length) < 0)
		return err_set(err, -EIO, "%s: OpenSSL could not hash it", name);
	if (archive_write_data(stream->archive, bytes, length) != (la_ssize_t)length)
		return say(stream, name, err);
	stream->pace->rest(stream->pace->arg, length);
	return 0;
}

static int put_bytes(struct pack_stream *stream, const struct pack_item *item, struct err *err)
{
	uint64_t done = 0;
	int r = 0;

	while (r == 0 && done < item->bytes) {
		uint64_t left = item->bytes - done;
		size_t want = left < PART_BYTES ? (size_t)left : PART_BYTES;
		ssize_t n = pread(item->fd, stream->part, want, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? err_errno(err, -errno, "%s", item->name)
				     : err_set(err, -EIO,
					       "%s became shorter while it was read: once more",
					       item->name);
		r = put_part(stream, item->name, stream->part, (size_t)n, err);
		done += (uint64_t)n;
	}
	return r;
}

int pack_put(struct pack_stream *stream, const struct pack_item *item, struct err *err)
{
	uint8_t digest[SHA256_BYTES];
	int r;

	if (strlen(item->name) >= PART_NAME_BYTES)
		return err_errno(err, -ENAMETOOLONG, "%s", item->name);
	r = put_head(stream, item, err);
	if (r < 0 || !S_ISREG(item->like->st_mode))
		return r;
	if (crypto_hash_begin(stream->hash) < 0)
		return err_set(err, -EIO, "%s: OpenSSL could not hash it", item->name);
	r = put_bytes(stream, item, err);
	if (r == 0 && crypto_hash_end(stream->hash, digest) < 0)
		r = err_set(err, -EIO, "%s: OpenSSL could not hash it", item->name);
	if (r == 0 && (r = manifest_add(stream->manifest, item->name, item->bytes, digest)) < 0)
		err_errno(err, r, "%s", item->name);
	return r;
}

int pack_finish(struct pack_stream *stream, int64_t made_s, struct err *err)
{
	struct stat like = {.st_mode = S_IFREG | 0600, .st_mtime = made_s};
	struct pack_item item = {.name = MANIFEST_NAME, .like = &like};
	struct buf text;
	int r;

	buf_init(&text, MANIFEST_MAX);
	r = manifest_write(stream->manifest, made_s, &text);
	if (r < 0)
		err_errno(err, r, MANIFEST_NAME);
	item.bytes = buf_length(&text);
	if (r == 0)
		r = put_head(stream, &item, err);
	if (r == 0)
		r = put_part(stream, item.name, buf_peek(&text), item.bytes, err);
	if (r == 0 && archive_write_close(stream->archive) != ARCHIVE_OK)
		r = say(stream, "the tar's end", err);
	buf_done(&text);
	return r;
}

const struct manifest *pack_manifest(const struct pack_stream *stream)
{
	return stream->manifest;
}
