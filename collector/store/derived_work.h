/* SPDX-License-Identifier: Apache-2.0 */
/* What deriving a link anew works with. Private to derived_*.c. */
#ifndef PANTAU_STORE_DERIVED_WORK_H
#define PANTAU_STORE_DERIVED_WORK_H

#include "collector/store/derived_private.h"
#include "collector/store/forget_link.h"

struct work { /* on one link */
	struct ledger_writer *writer;
	int64_t link;
	struct kept_rules rules;
	struct forgotten_link forgotten;
	struct span touched;
	struct derived_line old, now; /* of the link, as kept and as it is */
	struct line line; /* right within `loaded` */
	struct span loaded;
	struct span changed; /* all that was derived anew so far */
};

/* Where the link's timeline begins now, nothing before touched_s being new: work->now. */
int work_find_first(struct work *work, int64_t contract_s, int64_t touched_s, struct err *err);
/* Derives the span under these rules, stretch by stretch; work->old is then what is kept. */
int work_derive(struct work *work, const struct span *touched, const struct terms *rules,
	size_t count, struct err *err);

#endif
