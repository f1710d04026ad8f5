/* SPDX-License-Identifier: Apache-2.0 */
/* pantau region: the codes and names that everything else refers to. */
#include <errno.h>
#include <stdio.h>

#include "cli/cmd.h"
#include "cli/regions.h"

static void print_counts(const struct regions *regions)
{
	static const char *const names[] = {
		[REGION_PROVINSI] = "provinces",
		[REGION_KABUPATEN] = "regencies",
		[REGION_KECAMATAN] = "districts",
		[REGION_DESA] = "villages",
	};

	for (int level = REGION_PROVINSI; level <= REGION_DESA; level++)
		printf("%zu %s%s", regions_count(regions, (enum region_level)level), names[level],
			level == REGION_DESA ? "\n" : ", ");
}

static int read_files(struct cmd *cmd, struct regions *regions)
{
	for (size_t i = 0; i < cmd->opts->operand_count; i++) {
		const char *path = cmd->opts->operands[i];
		int rc = regions_read(regions, path, &cmd->err);

		if (rc < 0)
			return rc;
		if (rc == REGIONS_ISLANDS)
			fprintf(stderr, "%s: islands are not needed, passed over\n", path);
	}
	return 0;
}

static int write_regions(struct cmd *cmd, struct registry *registry, struct regions *regions)
{
	struct err first = {0};
	size_t orphans = 0;
	int rc = regions_orphans(regions, registry, &orphans, &first, &cmd->err);

	if (!rc)
		rc = registry_regions_import(
			registry, regions_items(regions), regions_total(regions), &cmd->err);
	if (!rc && orphans)
		fprintf(stderr,
			"%s: what it lies in has no name yet (%zu such codes): import the upper "
			"levels too\n",
			first.text, orphans);
	return rc;
}

static int import(struct cmd *cmd, struct regions *regions)
{
	struct registry *registry;
	int rc = read_files(cmd, regions);

	if (!rc)
		rc = regions_check(regions, &cmd->err);
	if (!rc)
		rc = cmd_registry(cmd, REGISTRY_WRITE, &registry);
	if (rc)
		return rc;
	rc = write_regions(cmd, registry, regions);
	registry_close(registry);
	return rc;
}

static enum cmd_exit run_import(struct cmd *cmd)
{
	struct regions *regions;
	int rc;

	if (!cmd->opts->operand_count)
		return cmd_usage(cmd, "FILE is missing");
	regions = regions_new();
	if (!regions) {
		err_set(&cmd->err, -ENOMEM, "out of memory");
		return CMD_FAILED;
	}
	rc = import(cmd, regions);
	if (!rc)
		print_counts(regions);
	regions_free(regions);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "import",
		.run = run_import,
		.summary = "Add or rename regions from CSV files",
		.help = "Reads provinces.csv, regencies.csv, districts.csv and villages.csv in the "
			"layout of the npm\npackage idn-area-data, in any order; which one a file "
			"is follows from its first row. All files or\nnone: an error names file, "
			"line, field and value and changes nothing. Codes are Kemendagri codes\n"
			"with dots (64.08.05.2001); codes without dots are refused. Prints how "
			"many of each level were read.",
		.operands = "FILE...",
		.operands_max = SIZE_MAX,
	},
	{NULL},
};

const struct cmd_command cmd_region = {"region", "Provinces, kabupaten, kecamatan and desa", verbs};
