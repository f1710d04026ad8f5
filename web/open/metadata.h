/* SPDX-License-Identifier: Apache-2.0 */
/* What the open data says of itself: schemas, a month's package, the catalogue. */
#ifndef PANTAU_WEB_OPEN_METADATA_H
#define PANTAU_WEB_OPEN_METADATA_H

#include "web/open/answer.h"

/* status, revision and, of a closed month (NULL: it is open), how to check it. */
void metadata_issue(
	struct json *json, const struct publisher *publisher, const struct closed_month *issue);
/* fields, primaryKey, missingValues: a Table Schema. */
void metadata_fields(struct json *json, const struct open_table *table, bool money);
/* A month as a Data Package. */
void metadata_package(const struct showcase *showcase, const struct edition *edition,
	const struct request *request, struct response *ret);
/* When any month changed last: it was closed, it was counted anew, a day began. */
int64_t metadata_month_modified(
	const struct showcase *showcase, const struct showcase_month *month);
int64_t metadata_modified(const struct showcase *showcase);

#endif
