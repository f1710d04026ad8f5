/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/desk/when.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/desk/zone.h"
#include "common/civil.h"

struct zones {
	bool any, several;
	int32_t offset_s; /* of the first link */
};

static int add_zone(void *arg, const struct registry_link *link)
{
	struct zones *zones = arg;

	if (zones->any && link->offset_s != zones->offset_s)
		zones->several = true;
	if (!zones->any)
		zones->offset_s = link->offset_s;
	zones->any = true;
	return 0;
}

static int find_zones(struct registry *registry, const struct registry_exclusion *exclusion,
	struct zones *ret_zones, struct err *err)
{
	struct registry_filter filter = {0};
	struct zones zones = {0};
	const char *zone;
	int rc;

	switch (exclusion->scope) {
	case SCOPE_LINK: filter.link = strtoll(exclusion->value, NULL, 10); break;
	case SCOPE_DESA: filter.desa = exclusion->value; break;
	case SCOPE_KECAMATAN: filter.kecamatan = exclusion->value; break;
	case SCOPE_KABUPATEN: filter.kabupaten = exclusion->value; break;
	case SCOPE_PROVIDER: filter.provider = exclusion->value; break;
	case SCOPE_COUNT: return -EINVAL;
	}
	rc = registry_links(registry, &filter, add_zone, &zones, err);
	if (rc)
		return rc;
	if (!zones.any) {
		zone = zone_of_region(exclusion->value);
		if (zone)
			civil_zone(zone, &zones.offset_s);
	}
	*ret_zones = zones;
	return 0;
}

int when_read(struct registry *registry, const struct registry_exclusion *exclusion,
	const char *text, int64_t *ret_utc_s, struct err *err)
{
	struct zones zones;
	int64_t here, there;
	int rc = find_zones(registry, exclusion, &zones, err);

	if (!rc)
		rc = civil_parse(text, zones.offset_s, &here, err);
	/* A time that names its zone is the same wherever it is read. */
	if (!rc)
		rc = civil_parse(text, zones.offset_s + 1, &there, err);
	if (rc)
		return rc;
	if (zones.several && here != there)
		return err_set(err, -EINVAL,
			"'%.60s': the links lie in several zones; end it with Z or +08:00", text);
	*ret_utc_s = here;
	return 0;
}

int when_zone(struct registry *registry, const struct registry_exclusion *exclusion,
	int32_t *ret_offset_s, struct err *err)
{
	const char *zone = NULL;
	struct registry_link link;
	int rc = 0;

	*ret_offset_s = 0;
	if (exclusion->scope == SCOPE_LINK) {
		rc = registry_link_get(registry, strtoll(exclusion->value, NULL, 10), &link, err);
		if (!rc)
			*ret_offset_s = link.offset_s;
	} else if (exclusion->scope != SCOPE_PROVIDER) {
		zone = zone_of_region(exclusion->value);
	}
	if (zone)
		civil_zone(zone, ret_offset_s);
	return rc;
}
