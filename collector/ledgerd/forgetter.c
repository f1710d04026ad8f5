/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/forgetter.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/log.h"

#define DAY_S 86400

struct forgetter {
	int64_t keep_months;
	int64_t day; /* of the last pass, from 1970; 0: none yet */
	bool going;
	struct forgetting pass;
};

struct forgetter *forgetter_new(void)
{
	return calloc(1, sizeof(struct forgetter));
}

void forgetter_free(struct forgetter *forgetter)
{
	free(forgetter);
}

void forgetter_keep(struct forgetter *forgetter, int64_t months)
{
	forgetter->keep_months = months;
}

bool forgetter_wants(const struct forgetter *forgetter, int64_t now_s)
{
	return forgetter->keep_months && (forgetter->going || forgetter->day != now_s / DAY_S);
}

int forgetter_work(struct forgetter *forgetter, struct ledger_writer *writer, int64_t now_s,
	bool *ret_more, struct err *err)
{
	struct forgetting *pass = &forgetter->pass;
	int r;

	*ret_more = false;
	if (!forgetter_wants(forgetter, now_s))
		return 0;
	if (!forgetter->going) {
		forgetter->day = now_s / DAY_S;
		forgetter->going = forgetting_begin(pass, now_s, forgetter->keep_months);
	}
	if (!forgetter->going)
		return 0;
	r = ledger_forget(writer, pass, ret_more, err);
	forgetter->going = r == 0 && *ret_more;
	if (r == 0 && !*ret_more && pass->slots)
		log_info("ledger: %" PRId64
			 " slots of %s and before are gone (keep_months = %" PRId64
			 "); what was derived of them stays",
			pass->slots, pass->month, forgetter->keep_months);
	return r;
}

void forgetter_rollback(struct forgetter *forgetter)
{
	forgetter->going = false;
	forgetter->day = 0;
}
