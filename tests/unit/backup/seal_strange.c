/* SPDX-License-Identifier: Apache-2.0 */
/* seal-strange DIR PUBLIC-KEY: files DIR/strange-* that open well and hold what no backup holds. */
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/backup/sealed.h"
#include "common/file.h"

struct strange {
	const char *file, *name;
	int kind; /* AE_IF* */
	const char *link;
	bool hard;
};

static const struct strange all[] = {
	{"up", "state/../outside", AE_IFREG, NULL, false},
	{"up-deep", "state/import/../../outside", AE_IFREG, NULL, false},
	{"absolute", "/tmp/pantau-outside", AE_IFREG, NULL, false},
	{"elsewhere", "estate/x", AE_IFREG, NULL, false},
	{"prefix", "stateful", AE_IFREG, NULL, false},
	{"symlink", "state/journal", AE_IFLNK, "/tmp", false},
	{"hardlink", "state/x", AE_IFREG, "/etc/passwd", true},
	{"fifo", "state/x", AE_IFIFO, NULL, false},
	{"empty-step", "state//x", AE_IFREG, NULL, false},
	{"unlisted", "state/x", AE_IFREG, NULL, false}, /* sound, but no manifest */
	{NULL},
};

static la_ssize_t seal(struct archive *archive, void *arg, const void *bytes, size_t length)
{
	return sealed_write(arg, bytes, length, NULL) < 0 ? -1 : (la_ssize_t)length;
}

static int put(struct sealed_writer *sealed, const struct strange *strange)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	int r;

	archive_write_set_format_pax_restricted(archive);
	archive_write_add_filter_zstd(archive);
	archive_write_set_bytes_in_last_block(archive, 1);
	archive_write_open(archive, sealed, NULL, seal, NULL);
	archive_entry_set_pathname(entry, strange->name);
	archive_entry_set_filetype(entry, (unsigned)strange->kind);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, strange->kind == AE_IFREG && !strange->link ? 4 : 0);
	if (strange->link && strange->hard)
		archive_entry_set_hardlink(entry, strange->link);
	else if (strange->link)
		archive_entry_set_symlink(entry, strange->link);
	r = archive_write_header(archive, entry);
	if (r == ARCHIVE_OK && archive_entry_size(entry) == 4)
		archive_write_data(archive, "evil", 4);
	archive_entry_free(entry);
	archive_write_close(archive);
	archive_write_free(archive);
	return r;
}

static int make(const char *folder, const struct crypto_pem *key, const struct strange *strange)
{
	struct sealed_lock lock = {.kind = SEALED_TO_KEY, .key = *key};
	struct sealed_writer *sealed;
	struct err err;
	char path[4096];
	int fd, r;

	snprintf(path, sizeof(path), "%s/strange-%s", folder, strange->file);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 ||
		sealed_writer_new(&(struct sealed_target){fd, path, 1}, &lock, &sealed, &err) < 0)
		return -1;
	r = put(sealed, strange);
	if (r == ARCHIVE_OK)
		r = sealed_finish(sealed, &err);
	sealed_writer_free(sealed);
	close(fd);
	return r;
}

int main(int argc, char **argv)
{
	struct crypto_pem key;
	uint8_t *text;
	int r = 0;

	if (argc != 3 || file_read(argv[2], 65536, &text, &key.length, NULL) < 0)
		return 2;
	key.text = (const char *)text;
	for (const struct strange *strange = all; strange->file; strange++)
		r |= make(argv[1], &key, strange);
	free(text);
	return r ? 1 : 0;
}
