/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_book.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So few links are asked for one by one: the rest of a country's contracts is not read. */
#define FEW_LINKS 16

struct entry { /* an exclusion by what it names */
	enum exclusion_scope scope;
	char value[REGISTRY_NAME_BYTES];
	struct exclusion rule;
	int64_t id;
};

struct sla_book {
	struct registry_contract *contracts; /* by link and beginning */
	size_t contract_count, contract_room;
	struct entry *entries; /* by scope, value and id */
	size_t entry_count, entry_room;
};

/* Room for one more item; NULL: out of memory. */
static void *add(void **items, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		size_t wanted = *room ? *room * 2 : 16;
		void *grown = realloc(*items, wanted * size);
		if (!grown)
			return NULL;
		*items = grown;
		*room = wanted;
	}
	return (char *)*items + size * (*count)++;
}

static int add_contract(void *arg, const struct registry_contract *contract)
{
	struct sla_book *book = arg;
	struct registry_contract *item = add((void **)&book->contracts, &book->contract_count,
		&book->contract_room, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *contract;
	return 0;
}

/* One that reaches several of a few links comes several times. */
static bool is_there(const struct sla_book *book, int64_t id)
{
	for (size_t i = 0; i < book->entry_count; i++) {
		if (book->entries[i].id == id)
			return true;
	}
	return false;
}

static int add_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	struct sla_book *book = arg;
	struct entry *item;

	if (exclusion->revoked_s)
		return 0;
	item = add((void **)&book->entries, &book->entry_count, &book->entry_room, sizeof(*item));
	if (!item)
		return -ENOMEM;
	item->scope = exclusion->scope;
	if (exclusion->scope == SCOPE_LINK) /* "07" is link 7 too */
		snprintf(item->value, sizeof(item->value), "%lld",
			strtoll(exclusion->value, NULL, 10));
	else
		memcpy(item->value, exclusion->value, sizeof(item->value));
	item->rule = registry_exclusion_rule(exclusion);
	item->id = exclusion->id;
	return 0;
}

static int add_new_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	return is_there(arg, exclusion->id) ? 0 : add_exclusion(arg, exclusion);
}

static int by_link(const void *left, const void *right)
{
	const struct registry_contract *a = left, *b = right;

	if (a->link != b->link)
		return a->link < b->link ? -1 : 1;
	return (a->from_s > b->from_s) - (a->from_s < b->from_s);
}

static int by_name(const struct entry *entry, enum exclusion_scope scope, const char *value)
{
	if (entry->scope != scope)
		return entry->scope < scope ? -1 : 1;
	return strcmp(entry->value, value);
}

static int by_entry(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = by_name(a, b->scope, b->value);

	return order ? order : (a->id > b->id) - (a->id < b->id);
}

static int read_few(struct sla_book *book, struct registry *registry,
	const struct registry_link *links, size_t count, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++) {
		r = registry_contracts(registry, links[i].id, add_contract, book, err);
		if (r == 0)
			r = registry_exclusions(
				registry, links[i].id, add_new_exclusion, book, err);
	}
	return r;
}

static int read_all(struct sla_book *book, struct registry *registry, struct err *err)
{
	int r = registry_contracts(registry, 0, add_contract, book, err);

	return r < 0 ? r : registry_exclusions(registry, 0, add_exclusion, book, err);
}

int sla_book_open(struct registry *registry, const struct registry_link *links, size_t count,
	struct sla_book **ret_book, struct err *err)
{
	struct sla_book *book = calloc(1, sizeof(*book));
	int r;

	if (!book)
		return err_errno(err, -ENOMEM, "contracts");
	r = count <= FEW_LINKS ? read_few(book, registry, links, count, err)
			       : read_all(book, registry, err);
	if (r < 0) {
		sla_book_close(book);
		return r == -ENOMEM ? err_errno(err, r, "contracts") : r;
	}
	if (book->contract_count)
		qsort(book->contracts, book->contract_count, sizeof(*book->contracts), by_link);
	if (book->entry_count)
		qsort(book->entries, book->entry_count, sizeof(*book->entries), by_entry);
	*ret_book = book;
	return 0;
}

void sla_book_close(struct sla_book *book)
{
	if (!book)
		return;
	free(book->contracts);
	free(book->entries);
	free(book);
}

const struct registry_contract *sla_book_contracts(
	const struct sla_book *book, int64_t link, size_t *ret_count)
{
	size_t low = 0, high = book->contract_count, first;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (book->contracts[middle].link < link)
			low = middle + 1;
		else
			high = middle;
	}
	first = low;
	while (low < book->contract_count && book->contracts[low].link == link)
		low++;
	*ret_count = low - first;
	return book->contracts + first;
}

struct reached {
	struct exclusion *items;
	size_t count, room;
};

static int reach(const struct sla_book *book, enum exclusion_scope scope, const char *value,
	struct reached *reached)
{
	size_t low = 0, high = book->entry_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_name(&book->entries[middle], scope, value) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < book->entry_count && !by_name(&book->entries[low], scope, value); low++) {
		struct exclusion *item = add(
			(void **)&reached->items, &reached->count, &reached->room, sizeof(*item));
		if (!item)
			return -ENOMEM;
		*item = book->entries[low].rule;
	}
	return 0;
}

int sla_book_exclusions(const struct sla_book *book, const struct registry_link *link,
	struct exclusion **ret_items, size_t *ret_count)
{
	char id[24], kecamatan[REGION_CODE_BYTES], kabupaten[REGION_CODE_BYTES];
	struct reached reached = {0};
	int failed = 0;

	snprintf(id, sizeof(id), "%" PRId64, link->id);
	region_parent(link->desa, REGION_KECAMATAN, kecamatan);
	region_parent(link->desa, REGION_KABUPATEN, kabupaten);
	const struct {
		enum exclusion_scope scope;
		const char *value;
	} names[] = {
		{SCOPE_LINK, id},
		{SCOPE_DESA, link->desa},
		{SCOPE_PROVIDER, link->provider},
		{SCOPE_KECAMATAN, kecamatan},
		{SCOPE_KABUPATEN, kabupaten},
	};
	_Static_assert(sizeof(names) / sizeof(*names) == SCOPE_COUNT, "every scope is looked for");
	for (size_t i = 0; !failed && book->entry_count && i < SCOPE_COUNT; i++)
		failed = reach(book, names[i].scope, names[i].value, &reached);
	if (failed) {
		free(reached.items);
		return failed;
	}
	*ret_items = reached.items;
	*ret_count = reached.count;
	return 0;
}
