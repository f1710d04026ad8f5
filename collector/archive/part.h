/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts that a file of evidence is made of, byte by byte (docs/EVIDENCE.md). Pure.
 *
 *   "pantau evidence 1\n" | head, bytes | head, bytes | ... | head, bytes (PART_END)
 *
 * A head is 56 bytes, little-endian: magic d5 "PDE", SHA-256 of all of the part that follows it,
 * u8 kind, u8 coding, u16 0, u32 number from 0, u32 length stored, u32 length plain, u32 CRC-32C of
 * the 16 bytes before.
 */
#ifndef PANTAU_ARCHIVE_PART_H
#define PANTAU_ARCHIVE_PART_H

#include <stddef.h>
#include <stdint.h>

#include "common/crypto.h"

#define EVIDENCE_MAGIC "pantau evidence 1\n"
#define EVIDENCE_MAGIC_BYTES (sizeof(EVIDENCE_MAGIC) - 1)
#define EVIDENCE_VERSION 1

#define PART_HEAD_BYTES 56
/* A damaged byte costs one part, and its place is told as closely as that. */
#define PART_FILL_BYTES (256 * 1024)
/* One item more than that: the longest row or page of slots, and some to spare. */
#define PART_PLAIN_MAX (4 * 1024 * 1024)
/* What zstd makes of that at worst. */
#define PART_STORED_MAX (PART_PLAIN_MAX + PART_PLAIN_MAX / 128 + 1024)

enum part_kind {
	PART_ABOUT = 1, /* JSON: what this file is; the first one */
	PART_ROWS, /* lines of JSON: rows of one table of the registry */
	PART_FACTS, /* what agents sent: items, see items.h */
	PART_END, /* JSON: what was written; the last one */
};
const char *part_kind_name(enum part_kind kind);

enum part_coding { PART_PLAIN, PART_ZSTD };

struct part_head {
	enum part_kind kind;
	enum part_coding coding;
	uint32_t number;
	uint32_t stored_bytes, plain_bytes;
	uint8_t digest[SHA256_BYTES];
};

/* Everything but the digest, which is left 0. */
void part_head_encode(const struct part_head *head, uint8_t ret_bytes[PART_HEAD_BYTES]);
/* Puts the digest into a head that is followed by what is stored. -EIO. */
int part_seal(uint8_t *part, size_t stored_bytes, uint8_t ret_digest[SHA256_BYTES]);
/* -EBADMSG: these are no head of a part, or one that is damaged. */
int part_head_decode(const uint8_t bytes[PART_HEAD_BYTES], struct part_head *ret_head);
/* The whole part. -EBADMSG: what is stored is not what was written. */
int part_check(const uint8_t *part, const struct part_head *head);

/* chain = SHA-256(chain, digest): of all parts in their order, from 32 zero bytes on. */
int part_chain(uint8_t chain[SHA256_BYTES], const uint8_t digest[SHA256_BYTES]);

#endif
