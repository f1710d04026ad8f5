/* SPDX-License-Identifier: Apache-2.0 */
/* The whole program: what is made, in which order, and undone in reverse. */
#ifndef PANTAU_WEB_WEB_H
#define PANTAU_WEB_WEB_H

#include <stddef.h>

#include "collector/report/monthly/letterhead.h"
#include "common/err.h"
#include "web/account/accounts.h"
#include "web/open/publisher.h"

struct web_options {
	const char *state; /* the folder */
	const char *listen; /* "127.0.0.1:8080" */
	const char *speed_listen; /* "": no speed tests are served */
	size_t speed_streams; /* at once */
	const char *banner; /* across every page; "": none */
	const char *tiles; /* of the map; "": none */
	const char *boundaries; /* of the map, a file of GeoJSON; "": none */
	struct letterhead letterhead; /* of the reports */
	struct publisher publisher; /* of the open data */
	struct accounts_options accounts;
};

/* Serves until SIGTERM or SIGINT. 0 or a negative errno with words. */
int web_run(const struct web_options *options, struct err *err);

#endif
