/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool/spool_private.h"

#include <errno.h>
#include <string.h>

#include "common/pack.h"

#define TAG_SKETCH 'K'
#define HEADER 5 /* tag, run */

/* ---- writing */

/* That of this slot; otherwise one for it: a WAN has two, because a slot's last round may end after
 * something turned in the next. NULL: more WANs than there is room for. */
static struct spool_sketch *find(struct spool *spool, const char *wan, uint64_t start_us)
{
	struct spool_sketch *empty = NULL, *oldest = NULL;
	unsigned others = 0;

	for (size_t i = 0; i < SKETCHES_MAX; i++) {
		struct spool_sketch *sketch = &spool->sketches[i];

		if (!buf_length(&sketch->bytes)) {
			empty = sketch;
			continue;
		}
		if (strcmp(sketch->wan, wan) != 0)
			continue;
		if (sketch->start_us == start_us)
			return sketch;
		others++;
		if (!oldest || sketch->start_us < oldest->start_us)
			oldest = sketch;
	}
	return others < 2 ? empty : oldest;
}

static void forget(struct spool_sketch *sketch)
{
	buf_done(&sketch->bytes);
	sketch->waits = false;
}

static void name(struct spool_sketch *sketch, const char *wan, uint64_t start_us)
{
	memcpy(sketch->wan, wan, strlen(wan) + 1);
	sketch->start_us = start_us;
}

int spool_sketch(struct spool *spool, const struct record *slot)
{
	struct spool_sketch *sketch = find(spool, slot->slot.wan, slot->slot.start_us);
	uint8_t header[HEADER];
	struct pack pack;
	int status;

	if (!sketch)
		return -ENOSPC;
	pack_init(&pack, header, sizeof(header));
	pack_u8(&pack, TAG_SKETCH);
	pack_u32(&pack, spool->next.run);
	forget(sketch);
	status = buf_append(&sketch->bytes, header, sizeof(header));
	if (status == 0)
		status = codec_record_encode(slot, &sketch->bytes);
	if (status < 0) {
		forget(sketch);
		return status;
	}
	name(sketch, slot->slot.wan, slot->slot.start_us);
	sketch->waits = true;
	spool->fresh.bytes += buf_length(&sketch->bytes);
	spool->fresh.is_news = true;
	news_sketched(&spool->news, &slot->slot);
	return 0;
}

bool spool_sketch_waits(const struct spool *spool)
{
	for (size_t i = 0; i < SKETCHES_MAX; i++)
		if (spool->sketches[i].waits)
			return true;
	return false;
}

void spool_sketch_settle(struct spool *spool, const struct slot *slot)
{
	for (size_t i = 0; i < SKETCHES_MAX; i++)
		if (spool->sketches[i].start_us <= slot->start_us &&
			!strcmp(spool->sketches[i].wan, slot->wan))
			forget(&spool->sketches[i]);
}

int spool_sketches_append(struct spool *spool)
{
	int status = 0;

	for (size_t i = 0; i < SKETCHES_MAX && status == 0; i++)
		if (spool->sketches[i].waits)
			status = spool_far_append(spool, &spool->sketches[i].bytes);
	return status;
}

void spool_sketches_written(struct spool *spool)
{
	for (size_t i = 0; i < SKETCHES_MAX; i++)
		if (spool->sketches[i].waits)
			forget(&spool->sketches[i]);
}

void spool_sketches_done(struct spool *spool)
{
	for (size_t i = 0; i < SKETCHES_MAX; i++)
		forget(&spool->sketches[i]);
}

/* ---- after a restart */

/* The record of a log record. */
static struct entry entry_of(const uint8_t *bytes, size_t length)
{
	return (struct entry){.record = bytes + HEADER, .record_length = length - HEADER};
}

/* false: it is no slot. */
static bool read_name(const struct entry *entry, char ret_wan[WAN_NAME_MAX + 1])
{
	const uint8_t *wan;
	size_t length;

	if (!codec_slot_wan(entry->record, entry->record_length, &wan, &length) ||
		length > WAN_NAME_MAX)
		return false;
	memcpy(ret_wan, wan, length);
	ret_wan[length] = '\0';
	return true;
}

/* Of an earlier run: what it became is held since, or was. */
static bool is_of_last_run(const struct spool *spool, const struct spool_taken *taken)
{
	struct unpack unpack;

	unpack_init(&unpack, taken->bytes, taken->length);
	return taken->length > HEADER && unpack_u8(&unpack) == TAG_SKETCH &&
		unpack_u32(&unpack) == spool_last_run(spool);
}

int spool_sketch_found(struct spool *spool, const struct spool_taken *taken)
{
	struct entry entry;
	struct spool_sketch *sketch;
	char wan[WAN_NAME_MAX + 1];
	uint64_t start_us;

	if (!is_of_last_run(spool, taken))
		return 0;
	entry = entry_of(taken->bytes, taken->length);
	start_us = spool_read_span(&entry).from_us;
	sketch = read_name(&entry, wan) ? find(spool, wan, start_us) : NULL;
	if (!sketch)
		return 0;
	forget(sketch);
	name(sketch, wan, start_us);
	sketch->after = taken->after;
	return buf_append(&sketch->bytes, taken->bytes, taken->length);
}

struct finding {
	struct spool *spool;
	struct spool_walk walk;
	uint32_t run;
};

static void find_finished(struct finding *finding, const struct entry *entry)
{
	uint64_t from_us = spool_read_span(entry).from_us;
	char wan[WAN_NAME_MAX + 1];

	for (size_t i = 0; i < SKETCHES_MAX; i++) {
		struct spool_sketch *sketch = &finding->spool->sketches[i];

		if (buf_length(&sketch->bytes) && sketch->start_us == from_us &&
			read_name(entry, wan) && !strcmp(wan, sketch->wan))
			forget(sketch);
	}
}

/* Only blocks that may hold one are undone. */
static int look_into(void *arg, const struct spool_taken *taken)
{
	struct finding *finding = arg;
	struct spool_head head;
	struct entry entry;
	bool may = false;

	if (!spool_head_read(taken->bytes, taken->length, &head) || head.first.run != finding->run)
		return 0;
	for (size_t i = 0; i < SKETCHES_MAX; i++) {
		const struct spool_sketch *sketch = &finding->spool->sketches[i];

		may |= buf_length(&sketch->bytes) &&
			(!head.has_span ||
				(head.span.from_us <= sketch->start_us &&
					sketch->start_us <= head.span.to_us));
	}
	if (may && spool_walk_begin(&finding->walk, taken->bytes, taken->length) == 0)
		while (spool_walk_next(&finding->walk, &entry))
			find_finished(finding, &entry);
	return 0;
}

/* Where the oldest sketch stands on flash: its slot comes behind it. false: there is none. */
static bool find_oldest(const struct spool *spool, struct seglog_pos *ret_after)
{
	bool found = false;

	for (size_t i = 0; i < SKETCHES_MAX; i++) {
		const struct spool_sketch *sketch = &spool->sketches[i];

		if (!buf_length(&sketch->bytes) ||
			(found && seglog_pos_compare(sketch->after, *ret_after) > 0))
			continue;
		*ret_after = sketch->after;
		found = true;
	}
	return found;
}

void spool_sketches_check(struct spool *spool)
{
	struct finding finding = {.spool = spool, .run = spool_last_run(spool)};
	struct spool_scan scan = {.last = UINT64_MAX, .take = look_into, .arg = &finding};

	if (!find_oldest(spool, &scan.from))
		return;
	spool_walk_init(&finding.walk);
	spool_log_scan(&spool->far, &scan);
	scan.from = (struct seglog_pos){0, 0};
	spool_log_scan(&spool->near, &scan);
	spool_walk_done(&finding.walk);
}

bool spool_has_unfinished(const struct spool *spool)
{
	struct seglog_pos after;

	return find_oldest(spool, &after);
}

int spool_add_unfinished(struct spool *spool, uint32_t run, uint64_t nonce)
{
	struct held_identity cut = {0};
	int status;

	for (size_t i = 0; held_run_at(spool->held, i, &cut); i++)
		; /* the last one */
	status = spool_begin(spool, run, nonce, cut.boot);
	for (size_t i = 0; i < SKETCHES_MAX && status == 0; i++) {
		struct buf *bytes = &spool->sketches[i].bytes;
		struct entry entry;

		if (!buf_length(bytes))
			continue;
		entry = entry_of(buf_peek(bytes), buf_length(bytes));
		status = spool_add_news(spool, &entry);
		forget(&spool->sketches[i]);
	}
	return status;
}
