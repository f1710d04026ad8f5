/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/figures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TARGETS_MAX 256 /* addresses that a link's agents ask in a day, and to spare */
#define NUMBER_MAX_BYTES 10

struct target { /* what one target answered */
	uint32_t hash;
	uint32_t first, last; /* buckets that hold something lie between them */
	uint32_t *counts; /* HIST_BUCKETS */
};

struct tally {
	struct target targets[TARGETS_MAX];
	size_t count, made; /* in use; with counts of their own */
	struct hist others; /* of targets beyond those: without PDV */
	uint64_t sent, lost;
};

void figures_init(struct figures *figures)
{
	hist_init(&figures->rtt);
	hist_init(&figures->pdv);
	figures->sent = figures->lost = 0;
}

void figures_merge(struct figures *into, const struct figures *from)
{
	hist_merge(&into->rtt, &from->rtt);
	hist_merge(&into->pdv, &from->pdv);
	into->sent += from->sent;
	into->lost += from->lost;
}

/* ---- bytes: numbers of seven bits a byte, the lowest first, the eighth set where more follow */

static int put_number(struct buf *out, uint64_t value)
{
	uint8_t bytes[NUMBER_MAX_BYTES];
	size_t length = 0;

	while (value >= 0x80) {
		bytes[length++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	bytes[length++] = (uint8_t)value;
	return buf_append(out, bytes, length);
}

/* How many buckets hold something; of each the distance from the one before, and its count. */
static int put_hist(struct buf *out, const struct hist *hist)
{
	uint32_t held = 0, before = 0;
	int failed;

	for (uint32_t i = 0; i < HIST_BUCKETS; i++)
		held += hist->counts[i] != 0;
	failed = put_number(out, held);
	for (uint32_t i = 0; !failed && i < HIST_BUCKETS; i++) {
		if (!hist->counts[i])
			continue;
		failed = put_number(out, i - before);
		if (!failed)
			failed = put_number(out, hist->counts[i]);
		before = i;
	}
	return failed;
}

int figures_encode(const struct figures *figures, struct buf *out)
{
	int failed = put_number(out, figures->sent);

	if (!failed)
		failed = put_number(out, figures->lost);
	if (!failed)
		failed = put_hist(out, &figures->rtt);
	return failed ? failed : put_hist(out, &figures->pdv);
}

struct reader {
	const uint8_t *at, *end;
	bool failed;
};

static uint64_t get_number(struct reader *reader)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 63 && reader->at < reader->end; shift += 7) {
		uint8_t byte = *reader->at++;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	reader->failed = true;
	return 0;
}

static void get_hist(struct reader *reader, struct hist *into)
{
	uint64_t held = get_number(reader), bucket = 0;

	for (uint64_t i = 0; !reader->failed && i < held; i++) {
		bucket += get_number(reader);
		uint64_t count = get_number(reader);
		if (bucket >= HIST_BUCKETS || count > UINT32_MAX) {
			reader->failed = true;
			return;
		}
		into->counts[bucket] += (uint32_t)count;
		into->total += count;
	}
}

int figures_decode(struct figures *into, const uint8_t *bytes, size_t length)
{
	struct reader reader = {bytes, bytes + length, false};

	into->sent += get_number(&reader);
	into->lost += get_number(&reader);
	get_hist(&reader, &into->rtt);
	get_hist(&reader, &into->pdv);
	return reader.failed || reader.at != reader.end ? -EBADMSG : 0;
}

/* ---- a day */

struct tally *tally_new(void)
{
	return calloc(1, sizeof(struct tally));
}

void tally_free(struct tally *tally)
{
	if (!tally)
		return;
	for (size_t i = 0; i < tally->made; i++)
		free(tally->targets[i].counts);
	free(tally);
}

static int find_target(struct tally *tally, uint32_t hash, struct target **ret_target)
{
	struct target *target;

	for (size_t i = 0; i < tally->count; i++) {
		if (tally->targets[i].hash == hash) {
			*ret_target = &tally->targets[i];
			return 0;
		}
	}
	*ret_target = NULL;
	if (tally->count == TARGETS_MAX)
		return 0;
	target = &tally->targets[tally->count];
	if (tally->count == tally->made) {
		target->counts = calloc(HIST_BUCKETS, sizeof(*target->counts));
		if (!target->counts)
			return -ENOMEM;
		tally->made++;
	}
	tally->count++;
	target->hash = hash;
	target->first = HIST_BUCKETS;
	target->last = 0;
	*ret_target = target;
	return 0;
}

int tally_add(struct tally *tally, uint32_t hash, bool answered, uint32_t rtt_us)
{
	struct target *target;
	uint32_t bucket;
	int failed;

	tally->sent++;
	tally->lost += !answered;
	if (!answered)
		return 0;
	failed = find_target(tally, hash, &target);
	if (failed)
		return failed;
	if (!target) {
		hist_add(&tally->others, rtt_us);
		return 0;
	}
	bucket = hist_bucket(rtt_us);
	target->counts[bucket]++;
	if (bucket < target->first)
		target->first = bucket;
	if (bucket > target->last)
		target->last = bucket;
	return 0;
}

static void end_target(struct target *target, struct figures *into)
{
	uint32_t least_us = hist_middle(target->first);

	for (uint32_t i = target->first; i <= target->last; i++) {
		uint32_t count = target->counts[i];
		if (!count)
			continue;
		uint32_t variation = hist_bucket(hist_middle(i) - least_us);
		into->rtt.counts[i] += count;
		into->rtt.total += count;
		into->pdv.counts[variation] += count;
		into->pdv.total += count;
		target->counts[i] = 0;
	}
}

void tally_end_day(struct tally *tally, struct figures *into)
{
	for (size_t i = 0; i < tally->count; i++)
		end_target(&tally->targets[i], into);
	hist_merge(&into->rtt, &tally->others);
	into->sent += tally->sent;
	into->lost += tally->lost;
	hist_init(&tally->others);
	tally->count = 0;
	tally->sent = tally->lost = 0;
}
