/* SPDX-License-Identifier: Apache-2.0 */
/* The rituals of durable files, written once. */
#ifndef PANTAU_COMMON_FILE_H
#define PANTAU_COMMON_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/err.h"

/* Temp file, write, fsync, checked close, rename, fsync of the folder. Afterwards the path holds
 * either the old content or the new one, whatever happens. */
int file_replace(const char *path, const void *bytes, size_t length, mode_t mode, struct err *err);
/* Removes what file_replace() left of a process that died in the middle; of all files of the folder
 * for `name` NULL. For a time when nobody else replaces them. */
void file_sweep(const char *folder, const char *name);

/* A new file, -EEXIST where there is one; not synced: many of them are, at once, by
 * file_sync_system(), which waits for all that the file system of `path` has to write. */
int file_create(const char *path, const void *bytes, size_t length, mode_t mode, struct err *err);
int file_sync_system(const char *path, struct err *err);

/* The whole file in a new allocation with a 0 after it (caller frees). -EFBIG over limit. */
int file_read(
	const char *path, size_t limit, uint8_t **ret_bytes, size_t *ret_length, struct err *err);

/* mkdir -p. */
int file_make_folder(const char *path, mode_t mode, struct err *err);
int file_sync_folder(const char *path, struct err *err);

/* Bytes and inodes that an unprivileged writer still finds on the file system of `path`. */
int file_space(const char *path, uint64_t *ret_bytes, uint64_t *ret_inodes, struct err *err);

/* "folder/name" into ret_path. -ENAMETOOLONG. */
int file_join(char *ret_path, size_t size, const char *folder, const char *name);

#endif
