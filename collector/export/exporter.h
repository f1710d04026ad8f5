/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes the outbox, in order, to the time-series store. Reads over its own connection; where it is,
 * the caller keeps. What is sent twice lands on the same points; nothing is passed over: what the
 * server refuses for good is found out line by line, logged and counted.
 */
#ifndef PANTAU_EXPORT_EXPORTER_H
#define PANTAU_EXPORT_EXPORTER_H

#include "collector/export/influx.h"

struct exporter_settings {
	struct influx_settings influx;
	unsigned batch; /* rows of the outbox in one request */
	int64_t position; /* rows up to this id are there already */
	bool (*stop)(void *arg); /* as in influx_open() */
	void *stop_arg;
};

struct exporter_counts {
	uint64_t points, refused;
};

struct exporter;

/* Copies. */
int exporter_open(const char *state, const struct exporter_settings *settings,
	struct exporter **ret_exporter, struct err *err);
void exporter_close(struct exporter *exporter);
/* One request's worth: how many rows went, 0: there are none. -EAGAIN with words: not now, and
 * nothing has moved. */
int exporter_step(struct exporter *exporter, struct err *err);
int64_t exporter_position(const struct exporter *exporter);
struct exporter_counts exporter_counts(const struct exporter *exporter);

#endif
