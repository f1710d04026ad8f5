/* SPDX-License-Identifier: Apache-2.0 */
/* A store between its writes (influx.c), its addresses (influx_url.c) and its questions
 * (influx_ask.c). */
#ifndef PANTAU_EXPORT_INFLUX_PRIVATE_H
#define PANTAU_EXPORT_INFLUX_PRIVATE_H

#include "collector/export/http.h"
#include "collector/export/influx.h"
#include "collector/gzip.h"
#include "common/buf.h"

#define URL_MAX 2048
#define TEXTS 6

struct influx {
	struct http *http;
	struct gzip *gzip; /* NULL: bodies travel as they are */
	struct buf zipped;
	struct influx_settings settings;
	char *texts[TEXTS]; /* what settings points to */
	char write_url[URL_MAX], query_url[URL_MAX], counters_url[URL_MAX];
	bool victoria;
	bool partial;
	uint32_t retry_after_s;
	const void *lines; /* of the write under way */
	size_t length;
};

/* Makes the three addresses of the settings. -EINVAL with words. */
int influx_make_urls(struct influx *influx, struct err *err);

/* What an answer means: the errors of influx_end(). */
int influx_judge(struct influx *influx, const struct http_answer *answer, struct err *err);
/* 1.x: a database of the configured name. */
int influx_create_database(struct influx *influx, struct err *err);

#endif
