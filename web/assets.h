/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of the page, built into the program: web/page/embed.py writes the table. The views of
 * the page have addresses of their own, which all lead to the one file that loads it.
 */
#ifndef PANTAU_WEB_ASSETS_H
#define PANTAU_WEB_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

#include "web/http.h"

struct asset {
	const char *path; /* of the URL; NULL ends the table */
	const char *type;
	const char *etag; /* quoted; changes with the bytes */
	bool for_good; /* other bytes would have another name */
	const unsigned char *bytes;
	size_t length;
};

extern const struct asset assets_table[];

extern const struct asset openapi_table[]; /* one: the description of the API */

/* The file, or that it is the one that they have. */
void asset_answer(const struct asset *asset, const struct request *request, struct response *ret);
/* False when the path names no file. */
bool assets_answer(const struct request *request, struct response *ret);

#endif
