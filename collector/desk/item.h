/* SPDX-License-Identifier: Apache-2.0 */
/* Items of the inbox by their names, as people give them back: "outage-12-1767225600". */
#ifndef PANTAU_DESK_ITEM_H
#define PANTAU_DESK_ITEM_H

#include "collector/explain/inbox.h"

#define ITEM_NUMBERS_MAX 3
#define ITEM_MONTH_BYTES 8

struct item_name { /* taken apart */
	int kind; /* enum inbox_kind */
	int64_t numbers[ITEM_NUMBERS_MAX]; /* the link first; of an exclusion its number alone */
	size_t count;
	char month[ITEM_MONTH_BYTES]; /* UNDETERMINED; otherwise "" */
};

/* -EINVAL with words: it is no item, or one that is not dismissed but answered. */
int item_parse(const char *item, struct item_name *ret_name, struct err *err);
/* It is in the inbox now, and may be dismissed. -ENOENT, -EINVAL with words. */
int item_find(const struct sla_source *source, const char *item, struct err *err);

#endif
