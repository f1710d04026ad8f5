/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of the outbox as InfluxDB line protocol, times in whole seconds. Pure.
 *
 *	pantau_slot,desa=64.08.05.2001,...,link=3 rounds=6i,lost=0i,... 1767196800
 */
#ifndef PANTAU_EXPORT_LINE_H
#define PANTAU_EXPORT_LINE_H

#include "collector/store/ledger_db.h"
#include "common/buf.h"

struct line_tags { /* of a link, from the registry; "" leaves a tag out */
	int64_t link;
	char desa[REGION_CODE_BYTES], kecamatan[REGION_CODE_BYTES], kabupaten[REGION_CODE_BYTES];
	char provider[REGISTRY_NAME_BYTES];
};

/* Appends what each line of the link has after its measurement: ",desa=64.08.05.2001,...,link=3".
 * The errors of buf_append(). */
int line_tags_append(struct buf *out, const struct line_tags *tags);

struct line_head { /* of a link */
	int64_t link;
	const char *text; /* of line_tags_append(), borrowed */
	size_t length;
};

/* Appends one line with its line feed: SLOT, WAN, STATE, SPEED or DAY; the other kinds are no
 * points and append nothing. The errors of buf_append(). */
int line_append(struct buf *out, const struct outbox_event *event, const struct line_head *head);

#endif
