/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_private.h"

/* Digits between the dots of a Kemendagri code: 64 . 08 . 05 . 2001 */
static const int part_digits[] = {2, 2, 2, 4};

int region_level(const char *code, enum region_level *ret_level, struct err *err)
{
	const char *at = code;
	int part = 0;

	for (;;) {
		for (int i = 0; i < part_digits[part]; i++) {
			if (!isdigit((unsigned char)*at++))
				goto fail;
		}
		part++;
		if (!*at)
			break;
		if (part == REGION_DESA || *at++ != '.')
			goto fail;
	}
	*ret_level = (enum region_level)part;
	return 0;

fail:
	if (strlen(code) > 2 && strspn(code, "0123456789") == strlen(code))
		return err_set(err, -EINVAL,
			"region code = %.40s: has no dots; BPS codes are not Kemendagri codes "
			"(64.08.05.2001)",
			code);
	return err_set(err, -EINVAL,
		"region code = %.40s: must be a Kemendagri code such as 64.08.05.2001", code);
}

void region_parent(const char *code, enum region_level level, char ret_code[REGION_CODE_BYTES])
{
	static const size_t lengths[] = {[REGION_PROVINSI] = 2,
		[REGION_KABUPATEN] = 5,
		[REGION_KECAMATAN] = 8,
		[REGION_DESA] = 13};
	size_t length = lengths[level];

	ret_code[0] = '\0';
	if (strlen(code) >= length)
		snprintf(ret_code, REGION_CODE_BYTES, "%.*s", (int)length, code);
}

static int put_region(struct registry *registry, const struct region *region, struct err *err)
{
	char parent[REGION_CODE_BYTES] = "";
	enum region_level level;
	struct query q;
	int r = region_level(region->code, &level, err);

	if (r == 0)
		r = check_name("region name", region->name, err);
	if (r < 0)
		return r;
	if (level > REGION_PROVINSI)
		region_parent(region->code, level - 1, parent);
	db_query(&q, registry->db,
		"INSERT INTO region(code, parent, level, name) VALUES (?, ?, ?, ?)"
		" ON CONFLICT(code) DO UPDATE SET name = excluded.name");
	query_text(&q, region->code);
	query_text(&q, parent);
	query_number(&q, level);
	query_text(&q, region->name);
	return query_run(&q, err);
}

int registry_regions_import(
	struct registry *registry, const struct region *regions, size_t count, struct err *err)
{
	struct change change;
	char words[64];
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = put_region(registry, &regions[i], err);
	if (r == 0) {
		snprintf(words, sizeof(words), "{\"regions\":%zu}", count);
		r = change_note(&change, "region", "import", words, err);
	}
	return change_end(&change, r, err);
}

static void read_region(struct query *q, struct region *ret_region)
{
	struct region region = {.level = (enum region_level)query_get_number(q, 1)};

	query_copy_text(q, 0, region.code, sizeof(region.code));
	query_copy_text(q, 2, region.name, sizeof(region.name));
	*ret_region = region;
}

int registry_regions(struct registry *registry, const char *provinsi,
	int (*each)(void *arg, const struct region *region), void *arg, struct err *err)
{
	struct region region;
	struct query q;
	int stopped = 0, r;

	db_query(&q, registry->db,
		"SELECT code, level, name FROM region"
		" WHERE code = ? OR code >= ? || '.' AND code < ? || '/' ORDER BY code");
	for (int i = 0; i < 3; i++)
		query_text(&q, provinsi);
	while (stopped == 0 && query_next(&q) > 0) {
		read_region(&q, &region);
		stopped = each(arg, &region);
	}
	r = query_end(&q, err);
	return stopped ? stopped : r;
}

int registry_region_get(
	struct registry *registry, const char *code, struct region *ret_region, struct err *err)
{
	struct region region = {0};
	struct query q;
	int found, r;

	db_query(&q, registry->db, "SELECT code, level, name FROM region WHERE code = ?");
	query_text(&q, code);
	found = query_next(&q);
	if (found > 0)
		read_region(&q, &region);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "region %.40s is not in the table of regions", code);
	*ret_region = region;
	return 0;
}

int registry_region_count(struct registry *registry, int64_t *ret_count, struct err *err)
{
	struct query q;
	int64_t count = 0;
	int r;

	db_query(&q, registry->db, "SELECT count(*) FROM region");
	if (query_next(&q) > 0)
		count = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0)
		*ret_count = count;
	return r;
}

/* A region that may be unknown: then it has its code and no name. */
static int find_above(struct registry *registry, const char *desa, enum region_level level,
	struct region *ret_region, struct err *err)
{
	struct region region = {.level = level};
	int r;

	region_parent(desa, level, region.code);
	r = registry_region_get(registry, region.code, &region, err);
	if (r < 0 && r != -ENOENT)
		return r;
	*ret_region = region;
	return 0;
}

int registry_place(struct registry *registry, const char *desa, struct region_place *ret_place,
	struct err *err)
{
	struct region_place place;
	int r = registry_region_get(registry, desa, &place.desa, err);

	if (r == 0)
		r = find_above(registry, desa, REGION_KECAMATAN, &place.kecamatan, err);
	if (r == 0)
		r = find_above(registry, desa, REGION_KABUPATEN, &place.kabupaten, err);
	if (r == 0)
		r = find_above(registry, desa, REGION_PROVINSI, &place.provinsi, err);
	if (r == 0)
		*ret_place = place;
	return r;
}

int region_check(
	struct registry *registry, const char *code, enum region_level level, struct err *err)
{
	enum region_level found;
	struct query q;
	int there, r = region_level(code, &found, err);

	if (r < 0)
		return r;
	if (found != level)
		return err_set(err, -EINVAL, "region code = %s: must name a %s", code,
			level == REGION_DESA                ? "desa"
				: level == REGION_KECAMATAN ? "kecamatan"
							    : "kabupaten");
	db_query(&q, registry->db,
		"SELECT 1 FROM region WHERE code = ?1 OR (code > ?1 || '.' AND code < ?1 || '/')"
		" LIMIT 1");
	query_text(&q, code);
	there = query_next(&q);
	r = query_end(&q, err);
	if (r == 0 && !there)
		r = err_set(err, -ENOENT, "region %s is not in the table of regions", code);
	return r;
}
