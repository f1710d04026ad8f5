/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_add.h"
#include "common/civil.h"

#define DAY_S 86400LL
/* Maintenance is planned for weeks, a contract's year at most: a slip in the year of a date must
 * not take all time to come out of the count. */
#define EXCLUSION_AHEAD_DAYS 366

static const char *const scope_names[SCOPE_COUNT] = {
	[SCOPE_LINK] = "link",
	[SCOPE_DESA] = "desa",
	[SCOPE_PROVIDER] = "provider",
	[SCOPE_KECAMATAN] = "kecamatan",
	[SCOPE_KABUPATEN] = "kabupaten",
};

const char *exclusion_scope_name(enum exclusion_scope scope)
{
	return scope < SCOPE_COUNT ? scope_names[scope] : "?";
}

static int parse_scope(const char *name)
{
	for (int i = 0; i < SCOPE_COUNT; i++) {
		if (!strcmp(name, scope_names[i]))
			return i;
	}
	return -1;
}

bool registry_exclusion_reaches(
	const struct registry_exclusion *exclusion, const struct registry_link *link)
{
	char code[REGION_CODE_BYTES];

	switch (exclusion->scope) {
	case SCOPE_LINK: return strtoll(exclusion->value, NULL, 10) == link->id;
	case SCOPE_PROVIDER: return !strcmp(exclusion->value, link->provider);
	case SCOPE_DESA: region_parent(link->desa, REGION_DESA, code); break;
	case SCOPE_KECAMATAN: region_parent(link->desa, REGION_KECAMATAN, code); break;
	case SCOPE_KABUPATEN: region_parent(link->desa, REGION_KABUPATEN, code); break;
	default: return false;
	}
	return !strcmp(exclusion->value, code);
}

struct exclusion registry_exclusion_rule(const struct registry_exclusion *exclusion)
{
	return (struct exclusion){
		.reason = exclusion->reason,
		.from = exclusion->from_s,
		.to = exclusion->to_s,
		.entered = exclusion->entered_s,
		.revoked = exclusion->revoked_s != 0,
		.confirmed = exclusion->second[0] && exclusion->document[0],
	};
}

static int check_scope(
	struct registry *registry, const struct registry_exclusion *exclusion, struct err *err)
{
	char *end;
	int64_t link;

	switch (exclusion->scope) {
	case SCOPE_LINK:
		link = strtoll(exclusion->value, &end, 10);
		/* no sign, no leading 0: the text is compared with the link's id */
		if (exclusion->value[0] < '1' || exclusion->value[0] > '9' || *end)
			return err_set(
				err, -EINVAL, "link = %s: must be a number", exclusion->value);
		return link_check(registry, link, err);
	case SCOPE_PROVIDER: return provider_check(registry, exclusion->value, err);
	case SCOPE_DESA: return region_check(registry, exclusion->value, REGION_DESA, err);
	case SCOPE_KECAMATAN:
		return region_check(registry, exclusion->value, REGION_KECAMATAN, err);
	case SCOPE_KABUPATEN:
		return region_check(registry, exclusion->value, REGION_KABUPATEN, err);
	default: return err_set(err, -EINVAL, "scope = %d: is none", (int)exclusion->scope);
	}
}

/* The next letter of a name, small; a row of spaces between two words is one, at the end none. */
static int next_letter(const char **text)
{
	size_t spaces = strspn(*text, " ");

	*text += spaces;
	if (!**text || spaces)
		return **text ? ' ' : '\0';
	return tolower((unsigned char)*(*text)++);
}

/* "budi  SANTOSO" is Budi Santoso: a name typed otherwise is no second person. */
static bool is_same_person(const char *a, const char *b)
{
	int letter, other;

	a += strspn(a, " ");
	b += strspn(b, " ");
	do {
		letter = next_letter(&a);
		other = next_letter(&b);
	} while (letter == other && letter);
	return letter == other;
}

/* A second officer and the document belong together: one without the other confirms nothing. */
static int check_second(const char *by, const char *second, const char *document, struct err *err)
{
	int r;

	if (!second[0] && !document[0])
		return 0;
	r = check_name("second", second, err);
	if (r < 0)
		return r;
	if (strlen(second) >= REGISTRY_NAME_BYTES)
		return err_set(
			err, -EINVAL, "second is longer than %d bytes", REGISTRY_NAME_BYTES - 1);
	if (is_same_person(second, by))
		return err_set(err, -EPERM,
			"second = %s: must be another person than who entered it", second);
	return check_document(document, err);
}

static int check_ahead(const struct change *change, int64_t to_s, struct err *err)
{
	char to[CIVIL_TIME_BYTES];

	if (to_s <= change->at_s + EXCLUSION_AHEAD_DAYS * DAY_S)
		return 0;
	civil_format(to_s, to);
	return err_set(err, -ERANGE,
		"exclusion to = %s: lies more than %d days ahead; nothing is planned for longer",
		to, EXCLUSION_AHEAD_DAYS);
}

static int check_exclusion(const struct change *change, const void *row, struct err *err)
{
	const struct registry_exclusion *exclusion = row;
	int r = check_scope(change->registry, exclusion, err);

	if (r == 0 && exclusion->reason >= EXCLUSION_REASON_COUNT)
		r = err_set(err, -EINVAL, "reason = %d: is none", (int)exclusion->reason);
	if (r == 0)
		r = check_dates("exclusion", exclusion->from_s, exclusion->to_s, err);
	if (r == 0 && exclusion->to_s == SPAN_FOREVER)
		r = err_set(err, -ERANGE, "exclusion to: an exclusion must end");
	if (r == 0)
		r = check_ahead(change, exclusion->to_s, err);
	if (r == 0)
		r = check_name("by", exclusion->by, err);
	if (r == 0)
		r = check_name("note", exclusion->note, err);
	return r < 0 ? r : check_second(exclusion->by, exclusion->second, exclusion->document, err);
}

static int insert_exclusion(struct change *change, const void *row, struct err *err)
{
	const struct registry_exclusion *exclusion = row;
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO exclusion(scope, value, reason, from_s, to_s, entered_s, by, note,"
		" second, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, scope_names[exclusion->scope]);
	query_text(&q, exclusion->value);
	query_text(&q, exclusion_reason_name(exclusion->reason));
	query_number(&q, exclusion->from_s);
	query_number(&q, exclusion->to_s);
	query_number(&q, change->at_s);
	query_text(&q, exclusion->by);
	query_text(&q, exclusion->note);
	query_optional(&q, exclusion->second);
	query_optional(&q, exclusion->document);
	return query_run(&q, err);
}

static const struct row_kind an_exclusion = {
	.table = TABLE_EXCLUSION,
	.what = "exclusion",
	.bytes = sizeof(struct registry_exclusion),
	.check = check_exclusion,
	.insert = insert_exclusion,
};

int registry_exclusion_add(struct registry *registry, const struct registry_exclusion *exclusion,
	int64_t *ret_id, struct err *err)
{
	return add_row(registry, &an_exclusion, exclusion, ret_id, err);
}

int registry_exclusions_import(struct registry *registry,
	const struct registry_exclusion *exclusions, size_t count, struct err *err)
{
	return add_rows(registry, &an_exclusion, exclusions, count, err);
}

int registry_exclusion_revoke(
	struct registry *registry, int64_t id, const struct registry_word *word, struct err *err)
{
	return revoke_row(registry, TABLE_EXCLUSION, id, word, err);
}

static int check_confirm(struct registry *registry, int64_t id,
	const struct registry_second *second, struct err *err)
{
	char by[REGISTRY_NAME_BYTES], has[REGISTRY_NAME_BYTES] = "";
	enum exclusion_reason reason = EXCLUSION_REASON_COUNT;
	bool revoked = false;
	struct query q;
	int r = find_revoked(registry, TABLE_EXCLUSION, id, &revoked, err);

	if (r < 0)
		return r;
	db_query(&q, registry->db, "SELECT by, second, reason FROM exclusion WHERE id = ?");
	query_number(&q, id);
	if (query_next(&q) > 0) {
		query_copy_text(&q, 0, by, sizeof(by));
		query_copy_text(&q, 1, has, sizeof(has));
		reason = (enum exclusion_reason)exclusion_reason_parse(query_get_text(&q, 2));
	}
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (revoked)
		return err_set(err, -EALREADY, "exclusion %" PRId64 " was revoked", id);
	if (has[0])
		return err_set(err, -EALREADY, "exclusion %" PRId64 " was confirmed before, by %s",
			id, has);
	if (reason != EXCLUSION_FORCE_MAJEURE && reason != EXCLUSION_CUSTOMER)
		return err_set(err, -EINVAL,
			"exclusion %" PRId64 " is for %s: that needs no second officer", id,
			exclusion_reason_name(reason));
	if (!second->name[0])
		return err_set(err, -EINVAL, "second is empty");
	return check_second(by, second->name, second->document, err);
}

int registry_exclusion_confirm(struct registry *registry, int64_t id,
	const struct registry_second *second, struct err *err)
{
	struct change change;
	struct query q;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = check_confirm(registry, id, second, err);
	if (r == 0)
		r = change_before(&change, TABLE_EXCLUSION, id, err);
	if (r == 0) {
		db_query(&q, registry->db,
			"UPDATE exclusion SET second = ?, document = ? WHERE id = ?");
		query_text(&q, second->name);
		query_text(&q, second->document);
		query_number(&q, id);
		r = query_run(&q, err);
	}
	if (r == 0)
		r = change_after(&change, TABLE_EXCLUSION, id, err);
	return change_end(&change, r, err);
}

static void read_exclusion(struct query *q, struct registry_exclusion *ret_exclusion)
{
	struct registry_exclusion exclusion = {
		.id = query_get_number(q, 0),
		.scope = (enum exclusion_scope)parse_scope(query_get_text(q, 1)),
		.reason = (enum exclusion_reason)exclusion_reason_parse(query_get_text(q, 3)),
		.from_s = query_get_number(q, 4),
		.to_s = query_get_number(q, 5),
		.entered_s = query_get_number(q, 6),
		.revoked_s = query_get_number(q, 11),
	};

	query_copy_text(q, 2, exclusion.value, sizeof(exclusion.value));
	query_copy_text(q, 7, exclusion.by, sizeof(exclusion.by));
	query_copy_text(q, 8, exclusion.note, sizeof(exclusion.note));
	query_copy_text(q, 9, exclusion.second, sizeof(exclusion.second));
	query_copy_text(q, 10, exclusion.document, sizeof(exclusion.document));
	query_copy_text(q, 12, exclusion.revoked_by, sizeof(exclusion.revoked_by));
	query_copy_text(q, 13, exclusion.revoke_note, sizeof(exclusion.revoke_note));
	*ret_exclusion = exclusion;
}

#define COLUMNS                                                                          \
	"id, scope, value, reason, from_s, to_s, entered_s, by, note, second, document," \
	" coalesce(revoked_s, 0), revoked_by, revoke_note"

/* By the index of scope and value: a province's decisions are many, a link's are few. */
static void select_reaching(
	struct query *q, struct registry *registry, const struct registry_link *link)
{
	db_query(q, registry->db,
		"SELECT " COLUMNS
		" FROM exclusion WHERE (scope = 'link' AND value = CAST(? AS TEXT))"
		" OR (scope = 'provider' AND value = ?) OR (scope = 'desa' AND value = ?)"
		" OR (scope = 'kecamatan' AND value = substr(?, 1, 8))"
		" OR (scope = 'kabupaten' AND value = substr(?, 1, 5)) ORDER BY id");
	query_number(q, link->id);
	query_text(q, link->provider);
	query_text(q, link->desa);
	query_text(q, link->desa);
	query_text(q, link->desa);
}

int registry_exclusions(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_exclusion *exclusion), void *arg,
	struct err *err)
{
	struct registry_exclusion exclusion;
	struct registry_link reached;
	struct query q;
	int stop = 0, r;

	r = link ? registry_link_get(registry, link, &reached, err) : 0;
	if (r < 0)
		return r;
	if (link)
		select_reaching(&q, registry, &reached);
	else
		db_query(&q, registry->db, "SELECT " COLUMNS " FROM exclusion ORDER BY id");
	while (!stop && query_next(&q) > 0) {
		read_exclusion(&q, &exclusion);
		stop = each(arg, &exclusion);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
