/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/archive/selection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TABLES_MAX 64 /* with a number of their own */

struct numbers { /* a set; sorted when it is looked into */
	int64_t *items;
	size_t count, room;
	bool sorted;
};

struct names { /* a sorted set of codes or providers */
	char (*items)[REGISTRY_NAME_BYTES];
	size_t count, room;
};

struct selection {
	struct numbers links, beside, agents;
	struct names codes; /* of the links' desa and what it lies in */
	struct names codes_beside, providers;
	struct gone { /* rows that went, by their column `id` */
		char table[TABLE_NAME_BYTES];
		struct numbers ids;
	} gone[TABLES_MAX];
	size_t gone_count;
};

/* ---- sets */

static int numbers_add(struct numbers *set, int64_t number)
{
	if (set->count == set->room) {
		size_t room = set->room ? set->room * 2 : 64;
		int64_t *items = realloc(set->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		set->items = items;
		set->room = room;
	}
	set->items[set->count++] = number;
	set->sorted = false;
	return 0;
}

static int compare_numbers(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void numbers_sort(struct numbers *set)
{
	size_t kept = 0;

	if (set->sorted)
		return;
	if (set->count)
		qsort(set->items, set->count, sizeof(*set->items), compare_numbers);
	for (size_t i = 0; i < set->count; i++) {
		if (!kept || set->items[kept - 1] != set->items[i])
			set->items[kept++] = set->items[i];
	}
	set->count = kept;
	set->sorted = true;
}

static bool numbers_have(struct numbers *set, int64_t number)
{
	numbers_sort(set);
	return set->count &&
		bsearch(&number, set->items, set->count, sizeof(*set->items), compare_numbers);
}

/* Where the name is, or would be. */
static size_t names_at(const struct names *set, const char *name)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(set->items[middle], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool names_have(const struct names *set, const char *name)
{
	size_t at = names_at(set, name);

	return at < set->count && !strcmp(set->items[at], name);
}

static int names_add(struct names *set, const char *name)
{
	size_t at = names_at(set, name);

	if (!*name || (at < set->count && !strcmp(set->items[at], name)))
		return 0;
	if (set->count == set->room) {
		size_t room = set->room ? set->room * 2 : 64;
		void *items = realloc(set->items, room * sizeof(*set->items));
		if (!items)
			return -ENOMEM;
		set->items = items;
		set->room = room;
	}
	memmove(set->items + at + 1, set->items + at, (set->count - at) * sizeof(*set->items));
	strncpy(set->items[at], name, sizeof(*set->items) - 1);
	set->items[at][sizeof(*set->items) - 1] = '\0';
	set->count++;
	return 0;
}

/* ---- what is meant */

static int add_codes(struct names *set, const char *desa)
{
	char code[REGION_CODE_BYTES];
	int r = names_add(set, desa);

	for (int level = REGION_PROVINSI; r == 0 && level < REGION_DESA; level++) {
		region_parent(desa, (enum region_level)level, code);
		r = names_add(set, code);
	}
	return r;
}

static int add_link(void *arg, const struct registry_link *link)
{
	struct selection *selection = arg;
	int r = numbers_add(&selection->links, link->id);

	if (r == 0)
		r = add_codes(&selection->codes, link->desa);
	return r < 0 ? r : names_add(&selection->providers, link->provider);
}

static int add_agent(void *arg, const struct registry_binding *binding)
{
	struct selection *selection = arg;

	return numbers_have(&selection->links, binding->link)
		? numbers_add(&selection->agents, binding->agent)
		: 0;
}

static int add_beside(void *arg, const struct registry_binding *binding)
{
	struct selection *selection = arg;

	return numbers_have(&selection->agents, binding->agent)
		? numbers_add(&selection->beside, binding->link)
		: 0;
}

static int add_link_beside(void *arg, const struct registry_link *link)
{
	struct selection *selection = arg;

	return numbers_have(&selection->beside, link->id)
		? add_codes(&selection->codes_beside, link->desa)
		: 0;
}

static int gather(struct selection *selection, struct registry *registry,
	const struct registry_filter *filter, struct err *err)
{
	int r = registry_links(registry, filter, add_link, selection, err);

	if (r == 0 && !selection->links.count)
		r = err_set(err, -ENOENT, "no link is meant by that: nothing was written");
	if (r == 0)
		r = registry_bindings(registry, 0, add_agent, selection, err);
	if (r == 0)
		r = registry_bindings(registry, 0, add_beside, selection, err);
	if (r == 0)
		r = registry_links(registry, NULL, add_link_beside, selection, err);
	numbers_sort(&selection->links);
	numbers_sort(&selection->agents);
	return r;
}

int selection_new(struct registry *registry, const struct registry_filter *filter,
	struct selection **ret_selection, struct err *err)
{
	struct selection *selection = calloc(1, sizeof(*selection));
	int r = selection ? gather(selection, registry, filter, err) : -ENOMEM;

	if (r == -ENOMEM)
		err_errno(err, r, "links to export");
	if (r < 0) {
		selection_free(selection);
		return r;
	}
	*ret_selection = selection;
	return 0;
}

void selection_free(struct selection *selection)
{
	if (!selection)
		return;
	for (size_t i = 0; i < selection->gone_count; i++)
		free(selection->gone[i].ids.items);
	free(selection->links.items);
	free(selection->beside.items);
	free(selection->agents.items);
	free(selection->codes.items);
	free(selection->codes_beside.items);
	free(selection->providers.items);
	free(selection);
}

/* ---- a row */

static struct gone *find_gone(struct selection *selection, const char *table)
{
	for (size_t i = 0; i < selection->gone_count; i++) {
		if (!strcmp(selection->gone[i].table, table))
			return &selection->gone[i];
	}
	return NULL;
}

static int note_gone(struct selection *selection, const struct table_row *row)
{
	const struct cell *id = table_cell(row, "id");
	struct gone *gone = find_gone(selection, row->table);

	if (!id || id->kind != CELL_NUMBER)
		return 0;
	if (!gone && selection->gone_count == TABLES_MAX)
		return -E2BIG;
	if (!gone) {
		gone = &selection->gone[selection->gone_count++];
		strncpy(gone->table, row->table, sizeof(gone->table) - 1);
	}
	return numbers_add(&gone->ids, id->number);
}

/* Text of a cell with a 0 behind; "" for what is no text, or too long to be a name. */
static void cell_name(const struct cell *cell, char ret_name[REGISTRY_NAME_BYTES])
{
	size_t length = cell && cell->kind == CELL_TEXT ? cell->length : 0;

	if (length >= REGISTRY_NAME_BYTES)
		length = 0;
	if (length)
		memcpy(ret_name, cell->bytes, length);
	ret_name[length] = '\0';
}

static bool wants_region(const struct selection *selection, const struct table_row *row)
{
	char code[REGISTRY_NAME_BYTES];

	cell_name(table_cell(row, "code"), code);
	return names_have(&selection->codes, code) || names_have(&selection->codes_beside, code);
}

/* An exclusion, or whatever else is said of a scope and its value. */
static bool wants_scope(struct selection *selection, const struct table_row *row)
{
	char scope[REGISTRY_NAME_BYTES], value[REGISTRY_NAME_BYTES];

	cell_name(table_cell(row, "scope"), scope);
	cell_name(table_cell(row, "value"), value);
	if (!strcmp(scope, exclusion_scope_name(SCOPE_LINK)))
		return numbers_have(&selection->links, strtoll(value, NULL, 10));
	if (!strcmp(scope, exclusion_scope_name(SCOPE_PROVIDER)))
		return names_have(&selection->providers, value);
	return names_have(&selection->codes, value);
}

static bool wants_binding(struct selection *selection, const struct table_row *row)
{
	const struct cell *agent = table_cell(row, "agent");

	return agent && agent->kind == CELL_NUMBER &&
		numbers_have(&selection->agents, agent->number);
}

static bool wants_link(struct selection *selection, const struct table_row *row)
{
	const struct cell *id = table_cell(row, "id");

	return id &&
		(numbers_have(&selection->links, id->number) ||
			numbers_have(&selection->beside, id->number));
}

/* Links that go along bare are not meant by what refers to a link. */
static bool wants_references(struct selection *selection, const struct table_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct cell *cell = &row->cells[i];
		struct gone *gone = find_gone(selection, row->columns[i]);
		struct numbers *set = gone ? &gone->ids : NULL;

		if (!strcmp(row->columns[i], "link"))
			set = &selection->links;
		if (!strcmp(row->columns[i], "agent"))
			set = &selection->agents;
		if (set && cell->kind == CELL_NUMBER && cell->number &&
			!numbers_have(set, cell->number))
			return false;
	}
	return true;
}

static bool wants(struct selection *selection, const struct table_row *row)
{
	const struct cell *id = table_cell(row, "id");

	if (!strcmp(row->table, "region"))
		return wants_region(selection, row);
	if (!strcmp(row->table, "link"))
		return wants_link(selection, row);
	if (!strcmp(row->table, "agent"))
		return id && numbers_have(&selection->agents, id->number);
	if (!strcmp(row->table, "binding"))
		return wants_binding(selection, row);
	if (table_cell(row, "scope") && table_cell(row, "value"))
		return wants_scope(selection, row);
	return wants_references(selection, row);
}

int selection_wants(struct selection *selection, const struct table_row *row)
{
	int r;

	if (!wants(selection, row))
		return 0;
	r = note_gone(selection, row);
	return r < 0 ? r : 1;
}

size_t selection_links(const struct selection *selection)
{
	return selection->links.count;
}

const int64_t *selection_agents(const struct selection *selection, size_t *ret_count)
{
	*ret_count = selection->agents.count;
	return selection->agents.items;
}
