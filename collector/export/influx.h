/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes lines into an InfluxDB over HTTP: 1.x (/write) or 2.x (/api/v2/write, which
 * VictoriaMetrics and InfluxDB 3 understand too). Blocking, for a thread of its own.
 */
#ifndef PANTAU_EXPORT_INFLUX_H
#define PANTAU_EXPORT_INFLUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

enum influx_api { INFLUX_V1, INFLUX_V2 };

struct influx_settings { /* texts are copied; NULL and "": none */
	enum influx_api api;
	const char *url; /* "http://127.0.0.1:8086" */
	const char *database; /* 2.x: the bucket */
	const char *organisation; /* 2.x */
	const char *user, *password; /* 1.x */
	const char *token; /* 2.x, and 1.x behind a proxy that wants one */
};

struct influx;

/* `stop` is asked while a request runs; true ends it. */
int influx_open(const struct influx_settings *settings, bool (*stop)(void *arg), void *arg,
	struct influx **ret_influx, struct err *err);
void influx_close(struct influx *influx);

/* 0: taken. -EBADMSG with words: the server understood and refuses (some of) it, and would again.
 * -EAGAIN with words: not now (no connection, no database, no rights, overload). */
int influx_write(struct influx *influx, const void *lines, size_t length, struct err *err);

struct influx_points {
	int64_t link, at_s;
	bool state_only;
};

/* Removes the points of a link at a second: all of ours, or that of its state. Same errors. */
int influx_delete(struct influx *influx, const struct influx_points *points, struct err *err);

#endif
