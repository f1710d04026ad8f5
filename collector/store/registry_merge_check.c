/* SPDX-License-Identifier: Apache-2.0 */
/* A merge's end: what its rows say together must be what the registry's own commands would have
 * accepted. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/store/registry_shape.h"

struct checker {
	struct registry *registry;
	struct err *err;
};

static int check_terms(void *arg, const struct registry_contract *contract)
{
	const struct checker *checker = arg;
	int r = check_dates("contract", contract->from_s, contract->to_s, checker->err);

	if (r == 0)
		r = terms_check(&contract->terms, checker->err);
	return r < 0 ? err_prefix(checker->err, "contract %" PRId64, contract->id) : 0;
}

/* Two rows that a query finds to contradict each other. */
static int check_none(
	struct registry_merge *merge, const char *sql, const char *format, struct err *err)
{
	struct query q;
	int64_t first = 0, second = 0, on = 0;
	int r;

	db_query_once(&q, merge->registry->db, sql);
	if (query_next(&q) > 0) {
		first = query_get_number(&q, 0);
		second = query_get_number(&q, 1);
		on = query_get_number(&q, 2);
	}
	r = query_end(&q, err);
	if (r < 0 || !first)
		return r;
	err_set(err, -EEXIST,
		"%s %" PRId64 ": %s %" PRId64 " and %" PRId64
		" overlap; one of them is here, the other in the file",
		format[0] == 'c' ? "link" : "agent", on, format, first, second);
	return -EEXIST;
}

#define OVERLAP \
	"a.from_s < coalesce(b.to_s, a.from_s + 1) AND b.from_s < coalesce(a.to_s, b.from_s + 1)"

static int check_overlaps(struct registry_merge *merge, struct err *err)
{
	int r = check_none(merge,
		"SELECT a.id, b.id, a.link FROM contract AS a JOIN contract AS b"
		" ON b.link = a.link AND b.id > a.id AND " OVERLAP " LIMIT 1",
		"contracts", err);

	return r < 0 ? r
		     : check_none(merge,
			       "SELECT a.id, b.id, a.agent FROM binding AS a JOIN binding AS b"
			       " ON b.agent = a.agent AND b.id > a.id AND (b.wan = a.wan OR b.link "
			       "= a.link)"
			       " AND " OVERLAP " LIMIT 1",
			       "bindings", err);
}

int registry_merge_check(struct registry_merge *merge, struct err *err)
{
	struct checker checker = {merge->registry, err};
	int r = registry_contracts(merge->registry, 0, check_terms, &checker, err);

	return r < 0 ? r : check_overlaps(merge, err);
}

struct merge_counts registry_merge_counts(const struct registry_merge *merge)
{
	return merge->counts;
}

static int log_regions(struct registry_merge *merge, struct err *err)
{
	char words[64];

	if (!merge->regions)
		return 0;
	snprintf(words, sizeof(words), "{\"regions\":%" PRId64 "}", merge->regions);
	return change_note(&merge->change, "region", "import", words, err);
}

int registry_merge_end(struct registry_merge *merge, int failed, const struct merge_note *note,
	int64_t *ret_sequence, struct err *err)
{
	int64_t sequence = 0;
	int r = failed;
	bool roster;

	if (r == 0)
		r = log_regions(merge, err);
	if (r == 0)
		r = change_note(&merge->change, note->table, note->row, note->after, err);
	if (r == 0)
		r = registry_sequence(merge->registry, &sequence, err);
	roster = merge->change.roster;
	merge->change.roster = false;
	r = change_end(&merge->change, r, err);
	if (r == 0) {
		*ret_sequence = sequence;
		r = roster ? roster_write(merge->registry, err) : 0;
	}
	free(merge);
	return r;
}
