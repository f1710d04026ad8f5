/* SPDX-License-Identifier: Apache-2.0 */
/* What the exporter is told of speed tests. A point that is said twice is the same point. */
#include <errno.h>

#include "collector/store/ledger_private.h"
#include "collector/store/ledger_sample.h"
#include "collector/store/outbox_parts.h"
#include "common/scratch.h"
#include "proto/codec.h"

#define US_PER_S 1000000

struct sayer {
	struct ledger_writer *writer;
	int64_t link;
	struct err *err;
};

bool outbox_speed_of(const struct ledger_sample *sample, struct outbox_event *event)
{
	SCRATCH struct record record;
	const struct speed *speed = &record.speed;

	/* what is kept was sound */
	if (sample->disputed ||
		codec_record_decode(sample->record, sample->record_length, &record, NULL) != 0 ||
		speed->outcome != SPEED_DONE)
		return false;
	event->at_s = sample->at_us / US_PER_S;
	event->speed = (struct outbox_speed){
		.down_kbps = speed->down.kbps,
		.up_kbps = speed->up.kbps,
		.loaded_rtt_us = speed->rtt_loaded_us,
		.bytes = speed->down.bytes + speed->up.bytes,
	};
	return true;
}

static int say_one(void *arg, const struct ledger_sample *sample)
{
	struct sayer *sayer = arg;
	struct outbox_event event = {.kind = OUTBOX_SPEED, .link = sayer->link};

	if (!outbox_speed_of(sample, &event))
		return 0;
	return outbox_write(sayer->writer->db, &event, sayer->err);
}

int say_speeds(struct ledger_writer *writer, const struct ledger_span *span, struct err *err)
{
	const struct sample_query query = {*span, RECORD_SPEED};
	struct sayer sayer = {writer, span->link, err};

	return ledger_samples(writer->view, &query, say_one, &sayer, err);
}
