/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sealed file read to its end, each part compared with the manifest; into a folder, or only to
 * know whether it is sound. Anybody who has a public key can seal a file to it, so what is in there
 * is checked as if it came from a stranger: files and folders below state/, nothing else.
 */
#ifndef PANTAU_BACKUP_UNPACK_H
#define PANTAU_BACKUP_UNPACK_H

#include "collector/backup/sealed.h"

struct unpacked {
	size_t parts;
	uint64_t bytes;
	size_t strange_owners; /* whose account this machine lacks: they are the caller's now */
};

/* folder_fd: an empty folder that becomes "state"; -1: nothing is written. Borrows both. The files
 * are not synced. -EBADMSG with the part and the place, or the -errno of a write. */
int unpack(struct sealed_reader *reader, int folder_fd, struct unpacked *ret_unpacked,
	struct err *err);

#endif
