/* SPDX-License-Identifier: Apache-2.0 */
/* Files as a tar, compressed with zstd, into a sealed file; the manifest is its last entry. */
#ifndef PANTAU_BACKUP_PACK_H
#define PANTAU_BACKUP_PACK_H

#include <sys/stat.h>

#include "collector/backup/manifest.h"
#include "collector/backup/sealed.h"
#include "collector/store/db_snapshot.h"

struct pack_stream;

/* Borrows both. */
int pack_stream_new(struct sealed_writer *sealed, const struct db_pace *pace,
	struct pack_stream **ret_stream, struct err *err);
void pack_stream_free(struct pack_stream *stream);

struct pack_item { /* borrowed */
	const char *name; /* within the tar */
	const struct stat *like; /* its kind, owner and mode */
	int fd; /* of a file: read from its beginning */
	uint64_t bytes; /* so many of it; it may have grown since */
};

/* -EIO with words when the file is shorter than that. */
int pack_put(struct pack_stream *stream, const struct pack_item *item, struct err *err);
/* The manifest and the tar's end; the sealed file is still to be finished. */
int pack_finish(struct pack_stream *stream, int64_t made_s, struct err *err);
/* Borrowed. */
const struct manifest *pack_manifest(const struct pack_stream *stream);

#endif
