/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/status_mend.h"

#include <errno.h>

#include "collector/store/ledger_lost.h"
#include "common/civil.h"

struct sum {
	int64_t runs, records;
	bool unknown; /* how many */
};

static int add(void *arg, const struct ledger_lost *lost)
{
	struct sum *sum = arg;

	sum->runs++;
	sum->records += lost->records;
	sum->unknown |= !lost->agent;
	return 0;
}

int status_mend_write(struct json *json, struct ledger_db *db, struct err *err)
{
	struct mending mending;
	struct sum sum = {0};
	char at[CIVIL_TIME_BYTES];
	int r = ledger_mending(db, &mending, err);

	if (r == -ENOENT) {
		json_null(json, "mending");
		return 0;
	}
	if (r == 0)
		r = ledger_lost_each(db, add, &sum, err);
	if (r < 0)
		return r;
	civil_format(mending.at_s, at);
	json_object(json, "mending");
	json_text(json, "at", at);
	json_text(json, "aside", mending.aside);
	json_text(json, "why", mending.why);
	json_bool(json, "done", mending.done);
	json_number(json, "records", mending.records);
	json_number(json, "holes", mending.holes);
	json_number(json, "lost_runs", sum.runs);
	if (sum.unknown)
		json_null(json, "lost_records");
	else
		json_number(json, "lost_records", sum.records);
	json_object_end(json);
	return 0;
}
