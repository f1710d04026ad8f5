/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes the outbox, in order, to the time-series store. Reads over its own connection; where it is,
 * the caller keeps. What is sent twice lands on the same points; nothing is passed over: what the
 * server refuses for good is found out line by line, named, counted and kept aside, and what it
 * drops without a word is read from its counters.
 */
#ifndef PANTAU_EXPORT_EXPORTER_H
#define PANTAU_EXPORT_EXPORTER_H

#include "collector/export/influx.h"

struct exporter_settings {
	struct influx_settings influx;
	unsigned batch; /* lines in one request */
	int64_t position; /* rows up to this id are there already */
	bool (*stop)(void *arg); /* as in influx_open() */
	void *stop_arg;
};

struct exporter_counts {
	uint64_t points, refused;
	uint64_t partial; /* answers that said: partly taken */
	uint64_t dropped; /* rows that the store says it took, and its counters say it dropped */
	uint64_t unremoved; /* points that the store knows no way to remove */
};

struct exporter;

/* Copies. */
int exporter_open(const char *state, const struct exporter_settings *settings,
	struct exporter **ret_exporter, struct err *err);
void exporter_close(struct exporter *exporter);
/* One batch's worth: how many rows went, 0: there are none. -EAGAIN with words: not now, and
 * nothing has moved. */
int exporter_step(struct exporter *exporter, struct err *err);
int64_t exporter_position(const struct exporter *exporter);
struct exporter_counts exporter_counts(const struct exporter *exporter);
/* How long the server wanted to be left alone, after -EAGAIN; 0: it did not say. */
uint32_t exporter_retry_after_s(const struct exporter *exporter);
/* What is wrong although points are taken; "" nothing. */
const char *exporter_warning(const struct exporter *exporter);

#endif
