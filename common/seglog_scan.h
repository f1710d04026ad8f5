/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to seglog: the format of one record, and the walk over one segment file from sound
 * record to sound record, whatever lies between them. docs/SEGLOG.md gives the format.
 */
#ifndef PANTAU_COMMON_SEGLOG_SCAN_H
#define PANTAU_COMMON_SEGLOG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/seglog.h"

#define SEGLOG_HEADER_BYTES 24

/* The header of a record with its checksum over header and payload. */
void seglog_header_write(uint8_t ret_header[SEGLOG_HEADER_BYTES], uint64_t segment, uint32_t record,
	const void *payload, size_t length);
/* The whole length of the record that begins at bytes we wrote ourselves. */
size_t seglog_record_size(const uint8_t *header);

struct seglog_scan {
	int fd; /* borrowed */
	uint64_t segment;
	uint64_t offset; /* of the next byte to look at */
	uint64_t expect; /* the number that a record at `offset` has */
	bool blind; /* set by who begins elsewhere: the first record may have any number */
	/* A piece of the file in memory: one read serves hundreds of records. */
	uint8_t *window;
	size_t window_cap, window_length;
	size_t window_bytes; /* read at once; 0: 64 KiB */
	uint64_t window_at; /* where in the file it begins */
};

struct seglog_found {
	const uint8_t *bytes; /* borrowed from the window: until the next call */
	size_t length;
	uint64_t record;
	uint64_t lost; /* records that were passed over to reach this one */
};

/* Begins at the start of a segment. The struct is zeroed before its first use. */
void seglog_scan_begin(struct seglog_scan *scan, int fd, uint64_t segment);
void seglog_scan_done(struct seglog_scan *scan);

/*
 * 1: the next sound record; the scan stands behind it. 0: from `offset` to the end of the file
 * there is none; the scan stays, and the next call looks at the file anew. Negative errno: -EIO,
 * -ENOMEM.
 */
int seglog_scan_next(struct seglog_scan *scan, struct seglog_found *ret_found);

#endif
