/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/desk/item.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/civil.h"
#include "common/clock.h"

static int find_kind(const char *item, size_t *ret_length)
{
	for (int kind = 0; kind < INBOX_KIND_COUNT; kind++) {
		const char *name = inbox_kind_name((enum inbox_kind)kind);
		*ret_length = strlen(name);
		if (!strncmp(item, name, *ret_length) && item[*ret_length] == '-')
			return kind;
	}
	return -1;
}

/* "KIND-1-2-2026-01": the month stands last, and only where the kind has one. */
static int parse(const char *item, struct item_name *ret_name)
{
	static const size_t wanted[INBOX_KIND_COUNT] = {
		[INBOX_UNDETERMINED] = 2,
		[INBOX_POWER_GAP] = 2,
		[INBOX_OUTAGE] = 2,
		[INBOX_DISPUTE] = 3,
		[INBOX_EXCLUSION] = 1,
		[INBOX_OBJECTION] = 1,
		[INBOX_CONTRACT_GAP] = 2,
		[INBOX_WITNESS] = 3,
	};
	struct item_name name = {0};
	size_t length = 0;
	const char *at;
	char *end;

	name.kind = find_kind(item, &length);
	if (name.kind < 0)
		return -EINVAL;
	at = item + length;
	while (*at == '-' && name.count < wanted[name.kind]) {
		name.numbers[name.count] = strtoll(at + 1, &end, 10);
		if (end == at + 1 || name.numbers[name.count++] < 1)
			return -EINVAL;
		at = end;
	}
	if (name.kind == INBOX_UNDETERMINED && strlen(at) == ITEM_MONTH_BYTES)
		memcpy(name.month, at + 1, ITEM_MONTH_BYTES);
	else if (*at)
		return -EINVAL;
	*ret_name = name;
	return name.count == wanted[name.kind] ? 0 : -EINVAL;
}

/* -ENOENT without words: it is not in that month. */
static int look(const struct sla_source *source, const struct sla_query *query, const char *item,
	struct err *err)
{
	struct inbox inbox;
	int rc = inbox_gather(source, query, &inbox, err);

	if (rc)
		return rc;
	rc = inbox_find(&inbox, item) ? 0 : -ENOENT;
	inbox_done(&inbox);
	return rc;
}

/* In the month of the second, or in the one after it, into which it may reach. */
static int look_around(const struct sla_source *source, const struct item_name *name,
	const char *item, struct err *err)
{
	int64_t second = name->numbers[name->count - 1], from_s, to_s;
	char month[ITEM_MONTH_BYTES];
	struct registry_link link;
	struct sla_query query = {.month = month, .as_of_s = clock_utc_us() / 1000000};
	int rc = registry_link_get(source->registry, name->numbers[0], &link, err);

	if (rc)
		return rc;
	query.filter.link = link.id;
	if (name->month[0]) {
		query.month = name->month;
		return look(source, &query, item, err);
	}
	if (second > INT32_MAX) /* of seconds since 1970: no item is of that year */
		return -ENOENT;
	civil_month_name(second, link.offset_s, month);
	rc = look(source, &query, item, err);
	if (rc != -ENOENT || civil_month(month, link.offset_s, &from_s, &to_s, err))
		return rc;
	civil_month_name(to_s, link.offset_s, month);
	return look(source, &query, item, err);
}

static int see_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	const int64_t *id = arg;

	return exclusion->id == *id && !exclusion->revoked_s && !exclusion->second[0];
}

static int find_exclusion(struct registry *registry, int64_t id, struct err *err)
{
	int rc = registry_exclusions(registry, 0, see_exclusion, &id, err);

	if (rc < 0)
		return rc;
	return rc ? 0 : -ENOENT;
}

int item_parse(const char *item, struct item_name *ret_name, struct err *err)
{
	int rc = parse(item, ret_name);

	if (rc)
		return err_set(err, rc,
			"item = '%.80s': is none; \"pantau decide list\" names them", item);
	if (ret_name->kind == INBOX_OBJECTION)
		return err_set(err, -EINVAL,
			"item = '%.80s': an objection is answered, with \"pantau objection "
			"answer\"",
			item);
	return 0;
}

int item_find(const struct sla_source *source, const char *item, struct err *err)
{
	struct item_name name;
	struct err why = {0};
	int rc = item_parse(item, &name, err);

	if (rc)
		return rc;
	if (name.kind == INBOX_EXCLUSION)
		rc = find_exclusion(source->registry, name.numbers[0], &why);
	else
		rc = look_around(source, &name, item, &why);
	if (rc == -ENOENT && !why.text[0])
		return err_set(err, rc, "item = '%.80s': is not in the inbox", item);
	if (rc)
		*err = why;
	return rc;
}
