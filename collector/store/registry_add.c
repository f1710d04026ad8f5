/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_add.h"

static int add_one(struct change *change, const struct row_kind *kind, const void *row,
	int64_t *ret_id, struct err *err)
{
	int r = kind->check(change, row, err);

	if (r == 0)
		r = kind->insert(change, row, err);
	if (r < 0)
		return r;
	*ret_id = db_last_id(change->registry->db);
	return change_after(change, kind->table, *ret_id, err);
}

int add_row(struct registry *registry, const struct row_kind *kind, const void *row,
	int64_t *ret_id, struct err *err)
{
	struct change change;
	int64_t id = 0;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = add_one(&change, kind, row, &id, err);
	r = change_end(&change, r, err);
	if (r == 0)
		*ret_id = id;
	return r;
}

int add_rows(struct registry *registry, const struct row_kind *kind, const void *rows, size_t count,
	struct err *err)
{
	struct change change;
	int64_t id;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < count; i++) {
		r = add_one(&change, kind, (const char *)rows + i * kind->bytes, &id, err);
		if (r < 0)
			err_prefix(err, "%s %zu of %zu", kind->what, i + 1, count);
	}
	return change_end(&change, r, err);
}
