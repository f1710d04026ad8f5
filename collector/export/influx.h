/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A time-series store that takes line protocol over HTTP: InfluxDB 1.x (/write), 2.x and 3.x
 * (/api/v2/write), VictoriaMetrics single or cluster (/write, under /insert/0/influx there).
 * Blocking, for a thread of its own; only a write can be begun, moved on and ended.
 */
#ifndef PANTAU_EXPORT_INFLUX_H
#define PANTAU_EXPORT_INFLUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

enum influx_api { INFLUX_V1, INFLUX_V2, INFLUX_V3, INFLUX_VICTORIA };

struct influx_settings { /* texts are copied; NULL and "": none */
	enum influx_api api;
	const char *url; /* "http://127.0.0.1:8086" */
	const char *database; /* 2.x: the bucket; VictoriaMetrics: not said */
	const char *organisation; /* 2.x */
	const char *user, *password; /* 1.x */
	const char *token; /* 2.x, and 1.x behind a proxy that wants one */
	bool gzip; /* bodies travel compressed */
	uint32_t timeout_s; /* of a request; 0: 30 */
};

struct influx;

/* `stop` is asked while a request runs; true ends it. */
int influx_open(const struct influx_settings *settings, bool (*stop)(void *arg), void *arg,
	struct influx **ret_influx, struct err *err);
void influx_close(struct influx *influx);

/* Begins to send lines, which are borrowed until influx_end(). */
int influx_begin(struct influx *influx, const void *lines, size_t length, struct err *err);
/* Moves it on without waiting. True: it is over. */
bool influx_turn(struct influx *influx);
/* Waits for its end. 0: taken. -EBADMSG with words: the server understood and refuses (some of)
 * it, and would again; -EMSGSIZE: it is too much at once. -EAGAIN with words: not now (no
 * connection, no database, no rights, overload). */
int influx_end(struct influx *influx, struct err *err);
/* How long the server wanted to be left alone when it said "not now" last; 0: it did not say. */
uint32_t influx_retry_after_s(const struct influx *influx);
/* InfluxDB 1.x kept some of what it refused last. */
bool influx_partial(const struct influx *influx);

enum influx_what { INFLUX_STATE, INFLUX_SLOT, INFLUX_ALL }; /* SLOT: with its WAN and state */

struct influx_points { /* of a link, in [from_s, to_s) */
	int64_t link, from_s, to_s;
	enum influx_what what;
};

/* False: the server knows no way to remove single points. */
bool influx_removes(const struct influx *influx);
#define INFLUX_DELETE_MAX 64 /* at once */
/* Same errors as influx_end(). */
int influx_delete(
	struct influx *influx, const struct influx_points *points, size_t count, struct err *err);

enum influx_found { INFLUX_FOUND, INFLUX_IN_1970, INFLUX_NOWHERE, INFLUX_UNASKED };
/* Where a point of pantau_slot is that was taken. UNASKED: this server is not asked so. */
int influx_find(struct influx *influx, const struct influx_points *point,
	enum influx_found *ret_found, struct err *err);

/* The server's own counters, as a page of text (borrowed until the next request). -ENOENT: it has
 * none. */
int influx_counters(struct influx *influx, const char **ret_page, struct err *err);
/* Its counters say that it is VictoriaMetrics, whatever the configuration says. */
void influx_is_victoria(struct influx *influx);

#endif
