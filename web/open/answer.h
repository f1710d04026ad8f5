/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every public answer has in common: it may be kept by caches and read by pages of other
 * sites, it has a tag and a date, and who has it already is told so in a few bytes.
 */
#ifndef PANTAU_WEB_OPEN_ANSWER_H
#define PANTAU_WEB_OPEN_ANSWER_H

#include "web/open/showcase.h"
#include "web/site.h"

/* A revision may come, or the province may take the money out: it is gone from caches that soon. */
#define OPEN_CACHE_FINAL "public, max-age=300"
#define OPEN_CACHE_MOVING "public, max-age=60"
#define OPEN_CACHE_PAGE "public, max-age=15"

/* Takes the showcase. False: 503 or 500 was said. */
bool open_take(struct site *site, struct response *ret);
/* Data for the pages of other sites: CORS. */
void open_share(struct response *ret);

struct open_version {
	const char *etag; /* quoted */
	int64_t modified_s; /* 0: not known */
	const char *cache; /* borrowed for ever */
	bool packed; /* there are two bodies of it: packed, and as it is */
};
/* Sets the headers. True: the asker has it, and 304 was said. */
bool open_is_known(
	const struct request *request, const struct open_version *version, struct response *ret);
/* The same for a body that was written: its tag follows from its bytes. */
void open_finish(
	const struct request *request, int64_t modified_s, const char *cache, struct response *ret);
/* What is kept packed; the version needs no tag. Set the type before. */
void open_send(const struct request *request, const struct packed *packed,
	struct open_version version, struct response *ret);

struct open_paper { /* borrowed */
	enum shelf_paper which;
	const char *key; /* of all that it is made of */
	const char *type;
	struct open_version version; /* without a tag */
	void (*write)(void *arg, struct response *ret); /* a body; any other status: why not */
	void *arg;
};
/* A document about all months: written once for all who ask while its key is the same. */
void open_send_paper(struct showcase *showcase, const struct request *request,
	const struct open_paper *paper, struct response *ret);

/* "Sun, 01 Nov 2026 00:00:00 GMT" */
#define OPEN_DATE_BYTES 32
void open_date(int64_t utc_s, char ret_text[OPEN_DATE_BYTES]);
/* -EINVAL. */
int open_date_parse(const char *text, int64_t *ret_utc_s);

#endif
