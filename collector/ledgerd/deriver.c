/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/deriver.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/store/derived.h"
#include "common/clock.h"

struct followed { /* a link's contracts as they were */
	int64_t link;
	uint32_t stamp;
};

struct deriver {
	struct followed *followed; /* by link */
	size_t count;
	int64_t at; /* the link that was worked on last: all get their turn */
};

struct deriver *deriver_new(void)
{
	return calloc(1, sizeof(struct deriver));
}

void deriver_free(struct deriver *deriver)
{
	if (!deriver)
		return;
	free(deriver->followed);
	free(deriver);
}

void deriver_rollback(struct deriver *deriver)
{
	deriver->count = 0;
}

static bool is_followed(const struct deriver *deriver, size_t *at, const struct view_link *link)
{
	while (*at < deriver->count && deriver->followed[*at].link < link->link.id)
		(*at)++;
	return *at < deriver->count && deriver->followed[*at].link == link->link.id &&
		deriver->followed[*at].stamp == link->contract_stamp;
}

static int follow_link(struct ledger_writer *writer, const struct view_link *link, struct err *err)
{
	struct terms *rules;
	size_t count;
	int r = derived_rules_of(link->contracts, link->contract_count, &rules, &count);

	if (r < 0)
		return err_errno(err, r, "rules of a link");
	struct derived_link of = {
		.link = link->link.id,
		.contract_s = link->contract_count ? link->contracts[0].from_s : SPAN_FOREVER,
		.rules = rules,
		.rule_count = count,
	};
	r = derived_follow(writer, &of, err);
	free(rules);
	return r;
}

int deriver_follow(struct deriver *deriver, struct ledger_writer *writer, const struct view *view,
	struct err *err)
{
	size_t count, at = 0;
	const struct view_link *links = view_links(view, &count);
	struct followed *followed = calloc(count + 1, sizeof(*followed));
	int r = 0;

	if (!followed)
		return err_errno(err, -ENOMEM, "links of the registry");
	for (size_t i = 0; r == 0 && i < count; i++) {
		if (!is_followed(deriver, &at, &links[i]))
			r = follow_link(writer, &links[i], err);
		followed[i] = (struct followed){links[i].link.id, links[i].contract_stamp};
	}
	if (r < 0) {
		free(followed);
		return r;
	}
	free(deriver->followed);
	deriver->followed = followed;
	deriver->count = count;
	return 0;
}

/* The next link of which something waits, from the beginning again after the last; 0: none. */
static int next_waiting(
	struct deriver *deriver, struct ledger_db *db, int64_t *ret_link, struct err *err)
{
	int r = derived_waiting_next(db, deriver->at, ret_link, err);

	if (r == 0 && !*ret_link)
		r = derived_waiting_next(db, 0, ret_link, err);
	return r;
}

int deriver_work(struct deriver *deriver, struct ledger_writer *writer, uint64_t budget_us,
	bool *ret_more, struct err *err)
{
	uint64_t began_us = clock_boot_us();
	int64_t link = 0;
	bool more;
	int r;

	do {
		r = next_waiting(deriver, ledger_writer_view(writer), &link, err);
		if (r < 0 || !link)
			break;
		deriver->at = link;
		r = derived_work(writer, link, &more, err);
	} while (r == 0 && clock_boot_us() - began_us < budget_us);
	*ret_more = link != 0;
	return r;
}
