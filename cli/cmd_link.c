/* SPDX-License-Identifier: Apache-2.0 */
/* pantau link: what is invoiced and measured. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/links.h"
#include "collector/desk/zone.h"

#define DEGREE LINKS_DEGREE

static const char *const kinds[] = {"fibre", "4g", "vsat", "starlink", "wireless", NULL};
static const char *const zones[] = {"WIB", "WITA", "WIT", NULL};

static const struct opt add_options[] = {
	{"desa", OPT_TEXT, OPT_REQUIRED, "KODE", "Kemendagri code of the desa: 64.08.05.2001"},
	{"provider", OPT_TEXT, OPT_REQUIRED, "NAME", "who is paid for the link"},
	{"kind", OPT_CHOICE, OPT_REQUIRED, NULL, "how the link is made", kinds},
	{"lat", OPT_NUMBER, 0, "DEGREES", "latitude, south is negative", NULL, -90 * DEGREE,
		90 * DEGREE, LINKS_DEGREE_DECIMALS},
	{"lon", OPT_NUMBER, 0, "DEGREES", "longitude, east is positive", NULL, -180 * DEGREE,
		180 * DEGREE, LINKS_DEGREE_DECIMALS},
	{"zone", OPT_CHOICE, 0, NULL, "time zone of its days (default: the province's)", zones},
	{NULL},
};

static const struct opt list_options[] = {
	{"kabupaten", OPT_TEXT, 0, "KODE", "only links in this kabupaten or kota"},
	{"kecamatan", OPT_TEXT, 0, "KODE", "only links in this kecamatan"},
	{"desa", OPT_TEXT, 0, "KODE", "only links of this desa"},
	{"provider", OPT_TEXT, 0, "NAME", "only links of this provider"},
	{"link", OPT_NUMBER, 0, "ID", "only this link", NULL, 1, INT64_MAX},
	{NULL},
};

static enum cmd_exit read_link(struct cmd *cmd, struct registry_link *ret_link)
{
	struct registry_link link = {0};
	const char *desa = opts_text(cmd->opts, "desa", ""), *zone = zone_of_region(desa);
	const char *provider = opts_text(cmd->opts, "provider", "");

	link.has_position = opts_has(cmd->opts, "lat");
	if (link.has_position != opts_has(cmd->opts, "lon"))
		return cmd_usage(cmd, "--lat and --lon belong together");
	if (strlen(desa) >= sizeof(link.desa))
		return cmd_usage(cmd, "--desa = '%.60s': a code looks like 64.08.05.2001", desa);
	if (strlen(provider) >= sizeof(link.provider))
		return cmd_usage(
			cmd, "--provider is longer than %zu bytes", sizeof(link.provider) - 1);
	strcpy(link.desa, desa);
	strcpy(link.provider, provider);
	link.kind = (enum link_kind)opts_number(cmd->opts, "kind", 0);
	link.lat = (double)opts_number(cmd->opts, "lat", 0) / DEGREE;
	link.lon = (double)opts_number(cmd->opts, "lon", 0) / DEGREE;
	snprintf(
		link.zone, sizeof(link.zone), "%s", opts_text(cmd->opts, "zone", zone ? zone : ""));
	*ret_link = link;
	return CMD_OK;
}

static enum cmd_exit run_add(struct cmd *cmd)
{
	struct registry *registry;
	struct registry_link link;
	enum cmd_exit status = read_link(cmd, &link);
	int64_t id;
	int rc;

	if (status != CMD_OK)
		return status;
	rc = cmd_registry(cmd, REGISTRY_WRITE, &registry);
	if (rc)
		return CMD_FAILED;
	rc = registry_link_add(registry, &link, &id, &cmd->err);
	if (!rc)
		printf("%" PRId64 "\n", id);
	registry_close(registry);
	return cmd_result(rc);
}

static const struct table_column columns[] = {
	{"link", "Link", TABLE_NUMBER},
	{"desa", "Desa"},
	{"name", "Nama"},
	{"kecamatan", "Kecamatan"},
	{"kabupaten", "Kabupaten"},
	{"provider", "Penyedia"},
	{"kind", "Jenis"},
	{"zone", "Zona"},
	{"lat", "Lintang", TABLE_NUMBER},
	{"lon", "Bujur", TABLE_NUMBER},
	{NULL},
};

static void put_degrees(struct table *table, bool known, double degrees)
{
	char text[32] = "";

	if (known)
		snprintf(text, sizeof(text), "%.6f", degrees);
	table_text(table, text);
}

static int put_link(void *arg, const struct registry_link *link)
{
	struct cmd_list *list = arg;
	struct region_place place;
	int rc = registry_place(list->registry, link->desa, &place, &list->cmd->err);

	if (rc)
		return rc;
	table_number(list->table, link->id);
	table_text(list->table, link->desa);
	table_text(list->table, place.desa.name);
	table_text(list->table, place.kecamatan.name);
	table_text(list->table, place.kabupaten.name);
	table_text(list->table, link->provider);
	table_text(list->table, link_kind_name(link->kind));
	table_text(list->table, link->zone);
	put_degrees(list->table, link->has_position, link->lat);
	put_degrees(list->table, link->has_position, link->lon);
	return 0;
}

static int fill_list(struct cmd_list *list)
{
	struct cmd *cmd = list->cmd;
	const struct registry_filter filter = {
		.desa = opts_text(cmd->opts, "desa", NULL),
		.kecamatan = opts_text(cmd->opts, "kecamatan", NULL),
		.kabupaten = opts_text(cmd->opts, "kabupaten", NULL),
		.provider = opts_text(cmd->opts, "provider", NULL),
		.link = opts_number(cmd->opts, "link", 0),
	};

	return registry_links(list->registry, &filter, put_link, list, &cmd->err);
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	return cmd_print_list(cmd, columns, fill_list);
}

static enum cmd_exit run_import(struct cmd *cmd)
{
	struct registry *registry;
	struct links *links;
	int rc;

	if (!cmd->opts->operand_count)
		return cmd_usage(cmd, "FILE is missing");
	rc = links_read(cmd->opts->operands[0], &links, &cmd->err);
	if (rc)
		return CMD_FAILED;
	rc = cmd_registry(cmd, REGISTRY_WRITE, &registry);
	if (!rc) {
		rc = links_import(links, registry, &cmd->err);
		registry_close(registry);
	}
	if (!rc)
		printf("%zu links\n", links_count(links));
	links_free(links);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "add",
		.run = run_add,
		.summary = "Add a link and print its number",
		.help = "A link is one subscription of a desa from one provider. Prints the number "
			"alone, for scripts.",
		.options = add_options,
	},
	{
		.name = "list",
		.run = run_list,
		.summary = "List the links",
		.help = "All links, or those that match every option given.",
		.options = list_options,
		.prints_table = true,
	},
	{
		.name = "import",
		.run = run_import,
		.summary = "Add the links of a CSV file",
		.help = "The first row is desa,provider,kind,lat,lon,zone, in any order; lat, lon "
			"and zone may be left out or\nempty. All rows or none: an error names "
			"file, line, field and value and changes nothing.",
		.operands = "FILE",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_link = {"link", "Links: a desa's subscription from a provider", verbs};
