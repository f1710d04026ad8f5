/* SPDX-License-Identifier: Apache-2.0 */
#include "common/seglog_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/crc32c.h"
#include "common/pack.h"

/*
 *  0     magic           4 bytes
 *  4     payload length  3 bytes
 *  7     format version  1 byte
 *  8     segment id      8 bytes
 * 16     record number   4 bytes
 * 20     CRC-32C         4 bytes, over bytes 0 to 19 and the payload
 * 24     payload
 */
#define MAGIC_BYTES 4
#define CHECKED_BYTES 20 /* what the checksum covers of the header */
#define VERSION 1

/* 0xd5 before 'P' is not UTF-8: text in a payload never looks like a header. */
static const uint8_t magic[MAGIC_BYTES] = {0xd5, 'P', 'L', 'R'};

/* Some hundred records a read; grows for a longer record. */
#define WINDOW_BYTES (64 * 1024)

struct header {
	uint32_t length, record, crc;
	uint64_t segment;
};

void seglog_header_write(uint8_t ret_header[SEGLOG_HEADER_BYTES], uint64_t segment, uint32_t record,
	const void *payload, size_t length)
{
	struct pack pack;

	pack_init(&pack, ret_header, SEGLOG_HEADER_BYTES);
	pack_bytes(&pack, magic, MAGIC_BYTES);
	pack_u32(&pack, (uint32_t)VERSION << 24 | (uint32_t)length);
	pack_u64(&pack, segment);
	pack_u32(&pack, record);
	pack_u32(&pack, crc32c(crc32c(0, ret_header, CHECKED_BYTES), payload, length));
}

/* False when the bytes cannot be a header of this format. */
static bool parse_header(const uint8_t *bytes, struct header *ret)
{
	struct unpack unpack;
	uint32_t word;

	unpack_init(&unpack, bytes, SEGLOG_HEADER_BYTES);
	if (memcmp(unpack_bytes(&unpack, MAGIC_BYTES), magic, MAGIC_BYTES) != 0)
		return false;
	word = unpack_u32(&unpack);
	ret->length = word & 0xffffff;
	ret->segment = unpack_u64(&unpack);
	ret->record = unpack_u32(&unpack);
	ret->crc = unpack_u32(&unpack);
	return word >> 24 == VERSION && ret->length <= SEGLOG_RECORD_MAX;
}

size_t seglog_record_size(const uint8_t *header)
{
	struct header parsed;

	return parse_header(header, &parsed) ? SEGLOG_HEADER_BYTES + parsed.length : 0;
}

void seglog_scan_begin(struct seglog_scan *scan, int fd, uint64_t segment)
{
	scan->fd = fd;
	scan->segment = segment;
	scan->offset = 0;
	scan->expect = 0;
	scan->blind = false;
	scan->window_length = 0;
}

void seglog_scan_done(struct seglog_scan *scan)
{
	free(scan->window);
	*scan = (struct seglog_scan){.fd = -1};
}

static int make_window(struct seglog_scan *scan, size_t needed)
{
	size_t usual = scan->window_bytes ? scan->window_bytes : WINDOW_BYTES;
	size_t cap = needed > usual ? needed : usual;
	uint8_t *window;

	if (cap <= scan->window_cap)
		return 0;
	window = realloc(scan->window, cap);
	if (!window)
		return -ENOMEM;
	scan->window = window;
	scan->window_cap = cap;
	return 0;
}

/* Fills the window anew, from `at`, with room for `needed` bytes. */
static int load(struct seglog_scan *scan, uint64_t at, size_t needed)
{
	size_t length = 0;
	ssize_t got;
	int r;

	scan->window_length = 0;
	r = make_window(scan, needed);
	if (r < 0)
		return r;
	do {
		got = pread(scan->fd, scan->window + length, scan->window_cap - length,
			(off_t)(at + length));
		if (got < 0 && errno != EINTR)
			return -errno;
		length += got > 0 ? (size_t)got : 0;
	} while (got != 0 && length < scan->window_cap);
	scan->window_at = at;
	scan->window_length = length;
	return 0;
}

/* The bytes at `at`, in *ret_have at least `needed` of them unless the file ends before. */
static int view(struct seglog_scan *scan, uint64_t at, size_t needed, const uint8_t **ret_bytes,
	size_t *ret_have)
{
	uint64_t skip = at - scan->window_at;
	int r;

	if (at < scan->window_at || skip > scan->window_length ||
		scan->window_length - skip < needed) {
		r = load(scan, at, needed);
		if (r < 0)
			return r;
		skip = 0;
	}
	*ret_bytes = scan->window + skip;
	*ret_have = scan->window_length - (size_t)skip;
	return 0;
}

/*
 * Records of a segment are numbered without gaps, so after `at - offset` lost bytes only so many
 * can be missing. This keeps bytes inside a payload that imitate a record from skipping far ahead.
 */
static bool number_fits(const struct seglog_scan *scan, uint64_t at, uint32_t record)
{
	uint64_t most_lost = (at - scan->offset) / SEGLOG_HEADER_BYTES;

	if (scan->blind)
		return record <= at / SEGLOG_HEADER_BYTES;
	return record >= scan->expect && record - scan->expect <= most_lost;
}

/* Whether a sound record begins at `at`: 1, 0 or a negative errno. */
static int check(struct seglog_scan *scan, uint64_t at, struct seglog_found *ret)
{
	struct header header;
	const uint8_t *bytes;
	size_t have;
	int r;

	r = view(scan, at, SEGLOG_HEADER_BYTES, &bytes, &have);
	if (r < 0 || have < SEGLOG_HEADER_BYTES || !parse_header(bytes, &header))
		return r;
	if (header.segment != scan->segment || !number_fits(scan, at, header.record))
		return 0;
	r = view(scan, at, SEGLOG_HEADER_BYTES + header.length, &bytes, &have);
	if (r < 0 || have < SEGLOG_HEADER_BYTES + header.length)
		return r;
	if (crc32c(crc32c(0, bytes, CHECKED_BYTES), bytes + SEGLOG_HEADER_BYTES, header.length) !=
		header.crc)
		return 0;
	*ret = (struct seglog_found){
		.bytes = bytes + SEGLOG_HEADER_BYTES,
		.length = header.length,
		.record = header.record,
		.lost = header.record - scan->expect,
	};
	return 1;
}

/* The next place at or after `at` where a header could begin: 1, 0 at the end of the file. */
static int find_magic(struct seglog_scan *scan, uint64_t at, uint64_t *ret_at)
{
	const uint8_t *bytes, *hit;
	size_t have;
	int r;

	for (;;) {
		r = view(scan, at, SEGLOG_HEADER_BYTES, &bytes, &have);
		if (r < 0 || have < SEGLOG_HEADER_BYTES)
			return r;
		hit = memmem(bytes, have, magic, MAGIC_BYTES);
		if (hit) {
			*ret_at = at + (size_t)(hit - bytes);
			return 1;
		}
		at += have - (MAGIC_BYTES - 1);
	}
}

/* The first sound record after the bad bytes at `offset`. */
static int resync(struct seglog_scan *scan, uint64_t *ret_at, struct seglog_found *ret)
{
	uint64_t at = scan->offset;
	int r;

	for (;;) {
		r = find_magic(scan, at + 1, &at);
		if (r <= 0)
			return r;
		r = check(scan, at, ret);
		if (r != 0) {
			*ret_at = at;
			return r;
		}
	}
}

static int find(struct seglog_scan *scan, uint64_t *ret_at, struct seglog_found *ret)
{
	uint64_t behind;
	int r;

	*ret_at = scan->offset;
	r = check(scan, scan->offset, ret);
	if (r != 0)
		return r;
	r = resync(scan, &behind, ret);
	if (r <= 0)
		return r;
	/* A sound record behind a bad one: but a live writer may have finished the bad one while we
	 * looked, or cut it and written another. It writes in order, so now it shows. */
	r = load(scan, scan->offset, SEGLOG_HEADER_BYTES);
	if (r == 0)
		r = check(scan, scan->offset, ret);
	if (r != 0)
		return r;
	*ret_at = behind;
	return check(scan, behind, ret);
}

int seglog_scan_next(struct seglog_scan *scan, struct seglog_found *ret_found)
{
	bool fresh = scan->window_length == 0;
	struct seglog_found found;
	uint64_t at;
	int r;

	r = find(scan, &at, &found);
	if (r == 0 && !fresh) {
		/* What was read before may have been cut and overwritten since. */
		scan->window_length = 0;
		r = find(scan, &at, &found);
	}
	if (r <= 0) {
		scan->window_length = 0; /* the next look is a fresh one */
		return r;
	}
	scan->offset = at + SEGLOG_HEADER_BYTES + found.length;
	scan->expect = found.record + 1;
	scan->blind = false;
	*ret_found = found;
	return 1;
}
