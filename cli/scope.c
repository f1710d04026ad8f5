/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/scope.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/zone.h"
#include "common/civil.h"

int scope_read(struct cmd *cmd, struct registry_exclusion *exclusion)
{
	const char *text = NULL;

	for (int scope = 0; scope < SCOPE_COUNT; scope++) {
		const char *name = exclusion_scope_name((enum exclusion_scope)scope);

		if (!opts_has(cmd->opts, name))
			continue;
		if (text)
			return err_set(&cmd->err, -EINVAL, "--%s and --%s: give only one",
				exclusion_scope_name(exclusion->scope), name);
		exclusion->scope = (enum exclusion_scope)scope;
		text = opts_text(cmd->opts, name, "");
	}
	if (!text)
		return err_set(&cmd->err, -EINVAL,
			"for what? give one of --link, --desa, --kecamatan, --kabupaten, "
			"--provider");
	if (strlen(text) >= sizeof(exclusion->value))
		return err_set(&cmd->err, -EINVAL, "--%s is longer than %zu bytes",
			exclusion_scope_name(exclusion->scope), sizeof(exclusion->value) - 1);
	strcpy(exclusion->value, text);
	return 0;
}

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

static int find_zones(struct cmd *cmd, struct registry *registry,
	const struct registry_exclusion *exclusion, struct zones *ret_zones)
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
	rc = registry_links(registry, &filter, add_zone, &zones, &cmd->err);
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

int scope_time(struct cmd *cmd, struct registry *registry,
	const struct registry_exclusion *exclusion, const char *name, int64_t *ret_utc_s)
{
	struct zones zones;
	int64_t here, there;
	int rc = find_zones(cmd, registry, exclusion, &zones);

	if (!rc)
		rc = cmd_time(cmd, name, zones.offset_s, &here);
	if (rc)
		return rc;
	/* A time that names its zone is the same wherever it is read. */
	if (cmd_time(cmd, name, zones.offset_s + 1, &there))
		return -EINVAL;
	if (zones.several && here != there)
		return err_set(&cmd->err, -EINVAL,
			"--%s = '%.60s': the links lie in several zones; end it with Z or +08:00",
			name, opts_text(cmd->opts, name, ""));
	*ret_utc_s = here;
	return 0;
}

int scope_zone(struct cmd *cmd, struct registry *registry,
	const struct registry_exclusion *exclusion, int32_t *ret_offset_s)
{
	const char *zone = NULL;
	struct registry_link link;
	int rc = 0;

	*ret_offset_s = 0;
	if (exclusion->scope == SCOPE_LINK) {
		rc = registry_link_get(
			registry, strtoll(exclusion->value, NULL, 10), &link, &cmd->err);
		if (!rc)
			*ret_offset_s = link.offset_s;
	} else if (exclusion->scope != SCOPE_PROVIDER) {
		zone = zone_of_region(exclusion->value);
	}
	if (zone)
		civil_zone(zone, ret_offset_s);
	return rc;
}
