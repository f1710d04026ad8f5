/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the manifest: jansson reads it and common/json writes it, which share their names. */
#ifndef PANTAU_BACKUP_MANIFEST_PRIVATE_H
#define PANTAU_BACKUP_MANIFEST_PRIVATE_H

#include "collector/backup/manifest.h"

#define MANIFEST_FORMAT 1

struct part {
	char *name;
	uint64_t bytes;
	char sha256[2 * SHA256_BYTES + 1];
};

struct manifest {
	struct part *parts;
	size_t count, room;
	uint64_t bytes;
};

#endif
