/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the last date share. */
#ifndef PANTAU_CLOSING_FROZEN_PRIVATE_H
#define PANTAU_CLOSING_FROZEN_PRIVATE_H

#include <sys/types.h>

#include "collector/closing/frozen.h"

struct kept_row { /* of a contract after its last date, and now it would be another */
	size_t row; /* in the issued table */
	int64_t link, contract;
	ssize_t now; /* its place as it comes out now; -1: it does not */
};

struct kept_rows {
	const struct kept_row *items;
	size_t count;
};

/* All tables, links to evidence. 0, -ENOMEM, -ENOBUFS or -EINVAL. */
int frozen_write(const struct frozen *frozen, const struct kept_rows *kept, struct buf *content);

#endif
