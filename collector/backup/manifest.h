/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a backup holds, part by part: its last entry, manifest.json.
 *
 *	{"format":1, "program":"0.1.0", "made":1767300000, "parts":[
 *	  {"name":"state/registry.db", "bytes":167936, "sha256":"<64 hex>"}, ...]}
 */
#ifndef PANTAU_BACKUP_MANIFEST_H
#define PANTAU_BACKUP_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/crypto.h"
#include "common/err.h"

#define MANIFEST_NAME "manifest.json"
#define MANIFEST_MAX (16 * 1024 * 1024) /* 80,000 parts: a journal of 5 TiB */
#define PART_NAME_BYTES 1024

struct manifest;

struct manifest *manifest_new(void);
void manifest_free(struct manifest *manifest);

/* Copies. 0, -ENOMEM, -EMSGSIZE. */
int manifest_add(struct manifest *manifest, const char *name, uint64_t bytes,
	const uint8_t digest[SHA256_BYTES]);
size_t manifest_count(const struct manifest *manifest);
uint64_t manifest_bytes(const struct manifest *manifest); /* of all parts */

int manifest_write(const struct manifest *manifest, int64_t made_s, struct buf *out);
/* Whether the text lists these parts, in this order, and no others. -EBADMSG with the first that
 * differs. */
int manifest_compare(
	const struct manifest *manifest, const char *text, size_t length, struct err *err);

#endif
