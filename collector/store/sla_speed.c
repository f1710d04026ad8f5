/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_speed.h"

#include <errno.h>

#include "collector/store/ledger_sample.h"
#include "common/scratch.h"
#include "proto/codec.h"

#define US_PER_S 1000000

struct gathering {
	struct speed_list *list;
	const struct registry_contract *contract;
	const struct spans *counted;
};

void sla_speed_done(struct sla_speed *speed)
{
	speed_list_done(&speed->row);
	speed_list_done(&speed->sum);
}

static int gather_one(void *arg, const struct ledger_sample *found)
{
	struct gathering *gathering = arg;
	struct speed_test test = {
		.at_s = found->at_us / US_PER_S,
		.disputed = found->disputed,
		.several = found->several,
		.rate_down_kbps = gathering->contract->kbps_down,
		.rate_up_kbps = gathering->contract->kbps_up,
	};
	SCRATCH struct record record;
	struct err err;

	/* what is kept was sound */
	if (codec_record_decode(found->record, found->record_length, &record, &err))
		return -EBADMSG;
	test.has_down = record.speed.down.bytes != 0;
	test.has_up = record.speed.up.bytes != 0;
	test.down_kbps = record.speed.down.kbps;
	test.up_kbps = record.speed.up.kbps;
	if (record.speed.outcome != SPEED_DONE ||
		!spans_within(gathering->counted, test.at_s, test.at_s + 1))
		return 0;
	return speed_list_add(gathering->list, &test);
}

int sla_speed_gather(struct sla_speed *speed, struct ledger_db *ledger,
	const struct registry_contract *contract, const struct spans *counted, struct err *err)
{
	struct gathering gathering = {&speed->row, contract, counted};
	int r = 0;

	speed->row.count = 0;
	if (ledger && !speed->asked)
		r = ledger_has_samples(ledger, RECORD_SPEED, &speed->any, err);
	speed->asked = true;
	if (r < 0 || !speed->any || !counted->count)
		return r;
	struct sample_query query = {
		{contract->link, counted->items[0].from, counted->items[counted->count - 1].to},
		RECORD_SPEED};
	r = ledger_samples(ledger, &query, gather_one, &gathering, err);
	if (r == -ENOMEM || r == -EBADMSG)
		err_errno(err, r, "speed tests of a link");
	return r;
}

int sla_speed_publish(struct speed_list *list, const struct speed_terms *terms, int32_t offset_s,
	struct sla_figures *figures)
{
	static const struct speed_terms none = {.days = 1};
	struct speed_month month;
	int r = speed_judge(terms ? terms : &none, list, offset_s, &month);

	if (r < 0)
		return r;
	figures->speed_tests = month.tests;
	figures->has_down = month.has_down;
	figures->has_up = month.has_up;
	figures->down_median_kbps = month.down_median_kbps;
	figures->up_median_kbps = month.up_median_kbps;
	figures->has_speed_verdict = month.verdict != VERDICT_NOT_JUDGED;
	figures->speed_verdict = month.verdict;
	return 0;
}
