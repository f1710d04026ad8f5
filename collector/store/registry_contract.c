/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry.h"

#include <errno.h>
#include <inttypes.h>

#include "collector/store/registry_contract_row.h"
#include "collector/store/registry_add.h"

#define KBPS_MAX 100000000 /* 100 Gbit/s */

static int check_rate(const char *field, uint32_t kbps, struct err *err)
{
	if (kbps >= 1 && kbps <= KBPS_MAX)
		return 0;
	return err_set(err, -EINVAL, "%s = %u: must be 1 to %d", field, kbps, KBPS_MAX);
}

static int check_overlap(
	struct registry *registry, const struct registry_contract *contract, struct err *err)
{
	char old[PERIOD_BYTES] = "", new[PERIOD_BYTES];
	struct registry_link link;
	int64_t other = 0;
	struct query q;
	int r = registry_link_get(registry, contract->link, &link, err);

	if (r < 0)
		return r;
	db_query(&q, registry->db,
		"SELECT id, from_s, to_s FROM contract WHERE link = ? AND from_s < ?"
		" AND (to_s IS NULL OR to_s > ?) ORDER BY from_s LIMIT 1");
	query_number(&q, contract->link);
	query_number(&q, contract->to_s);
	query_number(&q, contract->from_s);
	if (query_next(&q) > 0) {
		other = query_get_number(&q, 0);
		format_period_in(
			query_get_number(&q, 1), query_get_until(&q, 2), link.offset_s, old);
	}
	r = query_end(&q, err);
	if (r < 0 || !other)
		return r;
	format_period_in(contract->from_s, contract->to_s, link.offset_s, new);
	return err_set(err, -EEXIST,
		"contract of link %" PRId64 " from %s overlaps contract %" PRId64 " from %s",
		contract->link, new, other, old);
}

static int check_contract(const struct change *change, const void *row, struct err *err)
{
	const struct registry_contract *contract = row;
	struct registry *registry = change->registry;
	int r = link_check(registry, contract->link, err);

	if (r == 0)
		r = check_dates("contract", contract->from_s, contract->to_s, err);
	if (r == 0)
		r = check_rate("kbps_down", contract->kbps_down, err);
	if (r == 0)
		r = check_rate("kbps_up", contract->kbps_up, err);
	if (r == 0)
		r = terms_check(&contract->terms, err);
	return r < 0 ? r : check_overlap(registry, contract, err);
}

static int insert_contract(struct change *change, const void *row, struct err *err)
{
	return contract_insert(change->registry, row, err);
}

static const struct row_kind a_contract = {
	.table = TABLE_CONTRACT,
	.what = "contract",
	.bytes = sizeof(struct registry_contract),
	.check = check_contract,
	.insert = insert_contract,
};

int registry_contract_add(struct registry *registry, const struct registry_contract *contract,
	int64_t *ret_id, struct err *err)
{
	return add_row(registry, &a_contract, contract, ret_id, err);
}

int registry_contracts_import(struct registry *registry, const struct registry_contract *contracts,
	size_t count, struct err *err)
{
	return add_rows(registry, &a_contract, contracts, count, err);
}

static int check_end(struct registry *registry, int64_t id, int64_t to_s, struct err *err)
{
	char period[PERIOD_BYTES], wanted[PERIOD_BYTES];
	int64_t from = 0, to = 0;
	struct registry_link link = {0};
	struct query q;
	int found, r = 0;

	db_query(&q, registry->db, "SELECT from_s, to_s, link FROM contract WHERE id = ?");
	query_number(&q, id);
	found = query_next(&q);
	if (found > 0) {
		from = query_get_number(&q, 0);
		to = query_get_until(&q, 1);
		link.id = query_get_number(&q, 2);
	}
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "contract %" PRId64 " does not exist", id);
	r = check_dates("contract", from, to_s, err);
	if (r < 0 || to_s <= to)
		return r;
	r = registry_link_get(registry, link.id, &link, err);
	if (r < 0)
		return r;
	format_period_in(from, to, link.offset_s, period);
	format_period_in(from, to_s, link.offset_s, wanted);
	return err_set(err, -ERANGE,
		"contract %" PRId64 " runs from %s: it cannot be made longer, to %s", id, period,
		wanted);
}

int registry_contract_end(struct registry *registry, int64_t id, int64_t to_s, struct err *err)
{
	struct change change;
	struct query q;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = check_end(registry, id, to_s, err);
	if (r == 0)
		r = change_before(&change, TABLE_CONTRACT, id, err);
	if (r == 0) {
		db_query(&q, registry->db, "UPDATE contract SET to_s = ? WHERE id = ?");
		query_until(&q, to_s);
		query_number(&q, id);
		r = query_run(&q, err);
	}
	if (r == 0)
		r = change_after(&change, TABLE_CONTRACT, id, err);
	return change_end(&change, r, err);
}

int registry_contracts(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_contract *contract), void *arg,
	struct err *err)
{
	struct registry_contract contract;
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, " CONTRACT_COLUMNS
		" FROM contract WHERE " QUERY_ONE_OR_ALL("link") " ORDER BY link, from_s");
	query_number(&q, link);
	while (!stop && query_next(&q) > 0) {
		contract_read(&q, &contract);
		stop = each(arg, &contract);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
