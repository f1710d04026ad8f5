/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_add.h"
#include "common/civil.h"

static const char *const kind_names[LINK_KIND_COUNT] = {
	[LINK_FIBRE] = "fibre",
	[LINK_4G] = "4g",
	[LINK_VSAT] = "vsat",
	[LINK_STARLINK] = "starlink",
	[LINK_WIRELESS] = "wireless",
};

const char *link_kind_name(enum link_kind kind)
{
	return kind < LINK_KIND_COUNT ? kind_names[kind] : "?";
}

int link_kind_parse(const char *name)
{
	for (int i = 0; i < LINK_KIND_COUNT; i++) {
		if (!strcmp(name, kind_names[i]))
			return i;
	}
	return -1;
}

static const char *zone_of(const struct registry_link *link)
{
	return link->zone[0] ? link->zone : "WITA"; /* Kalimantan Timur */
}

static int check_link(const struct change *change, const void *row, struct err *err)
{
	const struct registry_link *link = row;
	int32_t offset_s;
	int r = region_check(change->registry, link->desa, REGION_DESA, err);

	if (r == 0)
		r = check_name("provider", link->provider, err);
	if (r < 0)
		return r;
	if (link->kind >= LINK_KIND_COUNT)
		return err_set(err, -EINVAL,
			"kind = %d: must be fibre, 4g, vsat, starlink or wireless",
			(int)link->kind);
	if (civil_zone(zone_of(link), &offset_s) < 0)
		return err_set(err, -EINVAL, "zone = %s: must be WIB, WITA or WIT", link->zone);
	if (!link->has_position)
		return 0;
	if (!(link->lat >= -90 && link->lat <= 90))
		return err_set(err, -EINVAL, "lat = %g: must be -90 to 90", link->lat);
	if (!(link->lon >= -180 && link->lon <= 180))
		return err_set(err, -EINVAL, "lon = %g: must be -180 to 180", link->lon);
	return 0;
}

static int insert_link(struct change *change, const void *row, struct err *err)
{
	const struct registry_link *link = row;
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO link(desa, provider, kind, lat, lon, zone, created_s)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, link->desa);
	query_text(&q, link->provider);
	query_text(&q, kind_names[link->kind]);
	if (link->has_position) {
		query_real(&q, link->lat);
		query_real(&q, link->lon);
	} else {
		query_null(&q);
		query_null(&q);
	}
	query_text(&q, zone_of(link));
	query_number(&q, change->at_s);
	return query_run(&q, err);
}

static const struct row_kind a_link = {
	.table = TABLE_LINK,
	.what = "link",
	.bytes = sizeof(struct registry_link),
	.check = check_link,
	.insert = insert_link,
};

int registry_link_add(struct registry *registry, const struct registry_link *link, int64_t *ret_id,
	struct err *err)
{
	return add_row(registry, &a_link, link, ret_id, err);
}

int registry_links_import(
	struct registry *registry, const struct registry_link *links, size_t count, struct err *err)
{
	return add_rows(registry, &a_link, links, count, err);
}

static void read_link(struct query *q, struct registry_link *ret_link)
{
	struct registry_link link = {.id = query_get_number(q, 0)};
	int kind = link_kind_parse(query_get_text(q, 3));

	query_copy_text(q, 1, link.desa, sizeof(link.desa));
	query_copy_text(q, 2, link.provider, sizeof(link.provider));
	link.kind = kind < 0 ? LINK_WIRELESS : (enum link_kind)kind;
	link.has_position = !query_is_null(q, 4);
	link.lat = query_get_real(q, 4);
	link.lon = query_get_real(q, 5);
	query_copy_text(q, 6, link.zone, sizeof(link.zone));
	civil_zone(link.zone, &link.offset_s);
	link.created_s = query_get_number(q, 7);
	*ret_link = link;
}

int registry_link_get(
	struct registry *registry, int64_t id, struct registry_link *ret_link, struct err *err)
{
	struct registry_link link;
	struct query q;
	int found, r;

	db_query(&q, registry->db,
		"SELECT id, desa, provider, kind, lat, lon, zone, created_s FROM link"
		" WHERE id = ?");
	query_number(&q, id);
	found = query_next(&q);
	if (found > 0)
		read_link(&q, &link);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "link %" PRId64 " does not exist", id);
	*ret_link = link;
	return 0;
}

int link_check(struct registry *registry, int64_t id, struct err *err)
{
	struct registry_link link;

	return registry_link_get(registry, id, &link, err);
}

static int check_code(const char *field, const char *code, enum region_level level, struct err *err)
{
	enum region_level found;
	int r;

	if (!code)
		return 0;
	r = region_level(code, &found, err);
	if (r < 0)
		return err_prefix(err, "%s", field);
	if (found != level)
		return err_set(err, -EINVAL, "%s = %s: is the code of another level", field, code);
	return 0;
}

int registry_links(struct registry *registry, const struct registry_filter *filter,
	int (*each)(void *arg, const struct registry_link *link), void *arg, struct err *err)
{
	static const struct registry_filter all = {0};
	struct registry_link link;
	struct query q;
	int stop = 0, r;

	filter = filter ? filter : &all;
	r = check_code("desa", filter->desa, REGION_DESA, err);
	if (r == 0)
		r = check_code("kecamatan", filter->kecamatan, REGION_KECAMATAN, err);
	if (r == 0)
		r = check_code("kabupaten", filter->kabupaten, REGION_KABUPATEN, err);
	if (r < 0)
		return r;
	db_query(&q, registry->db,
		"SELECT id, desa, provider, kind, lat, lon, zone, created_s FROM link"
		" WHERE (?1 = 0 OR id = ?1) AND (?2 IS NULL OR desa = ?2)"
		" AND (?3 IS NULL OR substr(desa, 1, 8) = ?3)"
		" AND (?4 IS NULL OR substr(desa, 1, 5) = ?4)"
		" AND (?5 IS NULL OR provider = ?5) ORDER BY id");
	query_number(&q, filter->link);
	query_text(&q, filter->desa);
	query_text(&q, filter->kecamatan);
	query_text(&q, filter->kabupaten);
	query_text(&q, filter->provider);
	while (!stop && query_next(&q) > 0) {
		read_link(&q, &link);
		stop = each(arg, &link);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

static int find_home(struct query *q, char *ret_text, size_t size, struct err *err)
{
	if (query_next(q) > 0)
		query_copy_text(q, 0, ret_text, size);
	return query_end(q, err);
}

int registry_home(struct registry *registry, struct registry_home *ret_home, struct err *err)
{
	struct registry_home home = {.zone = "WITA"}; /* Kalimantan Timur */
	struct query q;
	int r;

	db_query(&q, registry->db,
		"SELECT zone FROM link GROUP BY zone ORDER BY count(*) DESC LIMIT 1");
	r = find_home(&q, home.zone, sizeof(home.zone), err);
	if (r < 0)
		return r;
	db_query(&q, registry->db,
		"SELECT name FROM region LEFT JOIN (SELECT substr(desa, 1, 2) AS province,"
		" count(*) AS links FROM link GROUP BY 1) ON province = code"
		" WHERE level = 1 ORDER BY links DESC, code LIMIT 1");
	r = find_home(&q, home.province, sizeof(home.province), err);
	if (r == 0)
		*ret_home = home;
	return r;
}

int provider_check(struct registry *registry, const char *provider, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, registry->db, "SELECT 1 FROM link WHERE provider = ? LIMIT 1");
	query_text(&q, provider);
	found = query_next(&q);
	r = query_end(&q, err);
	if (r == 0 && !found)
		r = err_set(err, -ENOENT, "provider = %s: no link has this provider", provider);
	return r;
}
