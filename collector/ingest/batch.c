/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 64
#define BYTES_LIMIT (64U << 20) /* never reached: reading stops at BATCH_BYTES_FULL */
#define BYTES_KEPT (1U << 20) /* allocation that an idle collector may hold on to */

void batch_init(struct batch *batch)
{
	memset(batch, 0, sizeof(*batch));
	buf_init(&batch->bytes, BYTES_LIMIT);
}

static void forget_entries(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		free(batch->entries[i].why);
	batch->count = 0;
}

void batch_done(struct batch *batch)
{
	forget_entries(batch);
	buf_done(&batch->bytes);
	free(batch->entries);
	memset(batch, 0, sizeof(*batch));
}

static int make_room(struct batch *batch)
{
	size_t room = batch->room ? batch->room * 2 : ROOM_MIN;
	struct batch_entry *grown;

	if (batch->count < batch->room)
		return 0;
	grown = reallocarray(batch->entries, room, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	batch->entries = grown;
	batch->room = room;
	return 0;
}

int batch_add(struct batch *batch, struct batch_entry *entry, const struct journal_record *record)
{
	size_t before = buf_length(&batch->bytes);
	struct batch_entry added = *entry;
	int r;

	r = make_room(batch);
	if (r == 0 && entry->why && !(added.why = strdup(entry->why)))
		r = -ENOMEM;
	if (r < 0)
		return r;
	r = journal_record_encode(record, &batch->bytes);
	if (r < 0) {
		if (entry->why)
			free(added.why);
		return r;
	}
	entry->length = added.length = (uint32_t)(buf_length(&batch->bytes) - before);
	batch->entries[batch->count++] = added;
	return 0;
}

size_t batch_size(const struct batch *batch)
{
	return buf_length(&batch->bytes) + batch->count * sizeof(*batch->entries);
}

void batch_clear(struct batch *batch)
{
	forget_entries(batch);
	buf_clear(&batch->bytes);
	if (batch->bytes.cap > BYTES_KEPT)
		buf_release(&batch->bytes);
	if (batch->room * sizeof(*batch->entries) > BYTES_KEPT) {
		free(batch->entries);
		batch->entries = NULL;
		batch->room = 0;
	}
}
