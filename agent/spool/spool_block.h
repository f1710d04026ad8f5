/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the spool's logs hold of records: single ones in RAM, and on flash blocks of consecutive
 * ones with what repeats left out (agent/core/squeeze.h). Out of both come the very bytes that
 * went in.
 *
 *   record  | 'R' run sequence | encoded Record |
 *   block   | 'B' run first count bytes from duration | squeezed: { length, encoded Record } ... |
 *
 * A block needs nothing outside itself: damage costs one block. Its head alone says which numbers
 * and which time it holds, so a restart reads no further.
 */
#ifndef PANTAU_AGENT_SPOOL_BLOCK_H
#define PANTAU_AGENT_SPOOL_BLOCK_H

#include "agent/core/gaps.h"
#include "common/buf.h"
#include "proto/codec.h"

/* A block takes records up to so many bytes: half an hour of slots. Larger ones would save little
 * and lose more. One record alone may be longer. */
#define SPOOL_BLOCK_BYTES 8192

/* ---- taking apart */

struct spool_walk { /* over the records of one log record */
	struct record_key next;
	uint32_t left;
	bool in_block;
	const uint8_t *at, *end; /* into the log record, or into `plain` */
	struct buf plain; /* a block, undone */
};

void spool_walk_init(struct spool_walk *walk);
/* Over, wherever it stands; can begin again. */
void spool_walk_done(struct spool_walk *walk);
/* Begins with a log record: borrowed until the next begin. -EBADMSG when it holds no records
 * or makes no sense, -ENOMEM; then the walk is over. */
int spool_walk_begin(struct spool_walk *walk, const uint8_t *bytes, size_t length);
bool spool_walk_next(struct spool_walk *walk, struct entry *ret_entry);

struct spool_head { /* what a log record says without being undone */
	struct record_key first;
	uint32_t last;
	bool has_span; /* single records do not say their time */
	struct held_span span;
};
bool spool_head_read(const uint8_t *bytes, size_t length, struct spool_head *ret_head);

/* ---- putting together */

/* Appends what stands before a single record. */
int spool_record_begin(struct record_key key, struct buf *out);
/* Appends a single one under its key. The errors of codec_record_encode(). */
int spool_record_encode(struct record_key key, const struct record *record, struct buf *out);

struct spool_packer { /* of one block */
	struct record_key first;
	uint32_t count;
	struct held_span span;
	struct buf plain;
};

void spool_packer_init(struct spool_packer *packer);
void spool_packer_done(struct spool_packer *packer);
/* Whether a record may still come into this block: it follows the last one, and there is room. */
bool spool_packer_fits(const struct spool_packer *packer, const struct entry *entry);
/* Copies. */
int spool_packer_add(struct spool_packer *packer, const struct entry *entry, struct held_span span);
/* Appends the block, and the packer is empty again. */
int spool_packer_finish(struct spool_packer *packer, struct buf *out);

#endif
