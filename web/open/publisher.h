/* SPDX-License-Identifier: Apache-2.0 */
/* Who publishes the open data and under which terms: [open] of pantau.conf, with its fallbacks. */
#ifndef PANTAU_WEB_OPEN_PUBLISHER_H
#define PANTAU_WEB_OPEN_PUBLISHER_H

#include <stdbool.h>

#include "common/err.h"
#include "common/json.h"

#define OPEN_URL_BYTES 320 /* [web] public_url takes 200, a path of ours 80 */

struct publisher { /* borrowed; "" where nothing was configured */
	const char *title, *name, *contact, *licence;
	bool money; /* fees and restitution are published too */
	const char *base; /* "https://pantau.example.id", without the last slash; "": not known */
	const char *province, *office; /* of the letterhead */
	const char *banner; /* says that what is shown is not real */
};

/* The region table is a derived database whose notice has to stand beside what is made of it. */
#define ODBL_TITLE "idn-area-data"
#define ODBL_PATH "https://github.com/fityannugroho/idn-area-data"
#define ODBL_LICENCE "https://opendatacommons.org/licenses/odbl/1-0/"
extern const char odbl_notice_id[], odbl_notice_en[];

/* -EINVAL with words: a contact that is no address, a licence that is none. */
int publisher_check(const struct publisher *publisher, struct err *err);

#define PUBLISHER_TEXT_BYTES 260
/* As configured, or what stands for it. Borrowed, or in `room`. */
const char *publisher_name(const struct publisher *publisher);
const char *publisher_title(
	const struct publisher *publisher, const char *province, char room[PUBLISHER_TEXT_BYTES]);
/* "Creative Commons Attribution 4.0", or the address where we know no name. */
const char *licence_title(const char *licence);
/* An address of ours in full: with the base, where one is known. */
const char *publisher_url(
	const struct publisher *publisher, const char *path, char ret_url[OPEN_URL_BYTES]);

/* `licenses` and `sources`, as a Data Package has them. */
void publisher_terms(struct json *json, const struct publisher *publisher);

#endif
