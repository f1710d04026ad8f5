/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/deriver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/derived.h"
#include "collector/store/ledger_flag.h"
#include "collector/store/sla_keep.h"
#include "common/clock.h"
#include "common/crc32c.h"

struct followed { /* a link's contracts and exclusions as they were */
	int64_t link;
	uint32_t stamp;
};

struct deriver {
	const struct view *view;
	const char *state;
	struct tally *tally; /* scratch */
	struct followed *followed; /* by link */
	size_t count;
	int64_t at; /* the link that was worked on last: all get their turn */
};

struct deriver *deriver_new(const struct view *view, const char *state)
{
	struct deriver *deriver = calloc(1, sizeof(*deriver));

	if (!deriver)
		return NULL;
	deriver->view = view;
	deriver->state = state;
	deriver->tally = tally_new();
	if (!deriver->tally) {
		deriver_free(deriver);
		return NULL;
	}
	return deriver;
}

void deriver_free(struct deriver *deriver)
{
	if (!deriver)
		return;
	tally_free(deriver->tally);
	free(deriver->followed);
	free(deriver);
}

void deriver_rollback(struct deriver *deriver)
{
	deriver->count = 0;
}

static uint32_t stamp_of(const struct view_link *link)
{
	uint32_t stamp = link->contract_stamp;

	for (size_t i = 0; i < link->exclusion_count; i++) {
		const struct exclusion *exclusion = &link->exclusions[i];
		const int64_t said[] = {exclusion->reason, exclusion->from, exclusion->to,
			exclusion->entered, exclusion->revoked, exclusion->confirmed};
		stamp = crc32c(stamp, said, sizeof(said));
	}
	return stamp;
}

static bool is_followed(const struct deriver *deriver, size_t *at, const struct view_link *link)
{
	while (*at < deriver->count && deriver->followed[*at].link < link->link.id)
		(*at)++;
	return *at < deriver->count && deriver->followed[*at].link == link->link.id &&
		deriver->followed[*at].stamp == stamp_of(link);
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

int deriver_follow(struct deriver *deriver, struct ledger_writer *writer, struct err *err)
{
	size_t count, at = 0;
	const struct view_link *links = view_links(deriver->view, &count);
	struct followed *followed = calloc(count + 1, sizeof(*followed));
	int r = 0;

	if (!followed)
		return err_errno(err, -ENOMEM, "links of the registry");
	for (size_t i = 0; r == 0 && i < count; i++) {
		if (!is_followed(deriver, &at, &links[i]))
			r = follow_link(writer, &links[i], err);
		followed[i] = (struct followed){links[i].link.id, stamp_of(&links[i])};
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

/* *ret_some: there was something. */
static int work_on_rules(
	struct deriver *deriver, struct ledger_writer *writer, bool *ret_some, struct err *err)
{
	int64_t link;
	bool more;
	int r = next_waiting(deriver, ledger_writer_view(writer), &link, err);

	*ret_some = r == 0 && link;
	if (!*ret_some)
		return r;
	deriver->at = link;
	return derived_work(writer, link, &more, err);
}

/* Those behind it in the registry, which were entered together, and from its beginning on again. */
static size_t find_neighbours(void *arg, const struct registry_link *of, int64_t *ret_links)
{
	const struct deriver *deriver = arg;
	size_t count, at = 0, found = 0;
	const struct view_link *links = view_links(deriver->view, &count);

	while (at < count && links[at].link.id <= of->id)
		at++;
	for (size_t i = 0; i + 1 < count && found < FLAG_NEIGHBOURS; i++, at++) {
		const struct registry_link *link = &links[at % count].link;
		if (link->id != of->id && !strcmp(link->provider, of->provider))
			ret_links[found++] = link->id;
	}
	return found;
}

static int work_on_figures(struct deriver *deriver, struct ledger_writer *writer, int64_t now_s,
	bool *ret_some, struct err *err)
{
	const struct view_link *link;
	int64_t id;
	int r = derived_unfigured_next(
		ledger_writer_view(writer), SLA_KEEP_BEFORE(now_s), &id, err);

	*ret_some = r == 0 && id;
	if (!*ret_some)
		return r;
	link = view_find(deriver->view, id);
	if (!link) /* the registry knows no such link: nobody will ask */
		return derived_put_figured(writer, id, now_s, err);
	const struct sla_subject subject = {
		.link = &link->link,
		.contracts = link->contracts,
		.contract_count = link->contract_count,
		.exclusions = link->exclusions,
		.exclusion_count = link->exclusion_count,
	};
	const struct flag_subject flagged = {&link->link, find_neighbours, deriver, deriver->state};
	r = flags_keep(writer, &flagged, now_s, err);
	return r < 0 ? r : sla_keep(writer, &subject, now_s, deriver->tally, err);
}

int deriver_work(struct deriver *deriver, struct ledger_writer *writer,
	const struct deriver_turn *turn, bool *ret_more, struct err *err)
{
	uint64_t began_us = clock_boot_us();
	bool some = true;
	int r = 0;

	while (r == 0 && some && clock_boot_us() - began_us < turn->budget_us) {
		r = work_on_rules(deriver, writer, &some, err);
		if (r == 0 && !some && turn->caught_up)
			r = work_on_figures(deriver, writer, turn->now_s, &some, err);
	}
	*ret_more = some;
	return r;
}
