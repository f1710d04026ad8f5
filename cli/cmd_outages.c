/* SPDX-License-Identifier: Apache-2.0 */
/* pantau outages: when links were down in a month, and on what evidence. */
#include <errno.h>
#include <stdio.h>

#include "cli/listing.h"
#include "collector/report/outage_report.h"

static const struct opt options[] = {
	LISTING_OPTIONS,
	{"excluded", OPT_FLAG, 0, NULL, "those too that are excluded as a whole"},
	{NULL},
};

struct rows {
	const struct listing *listing;
	struct table *table;
	struct err *err;
};

static int put_text(struct rows *rows, const struct sla_outage *outage)
{
	struct registry *registry = rows->listing->registry;
	struct registry_link link;
	struct region desa = {0};
	int rc = registry_link_get(registry, outage->link, &link, rows->err);

	if (rc)
		return rc;
	rc = registry_region_get(registry, outage->desa, &desa, rows->err);
	if (rc && rc != -ENOENT)
		return rc;
	outage_report_text_add(rows->table, outage, &link, desa.name);
	return 0;
}

static int put_outage(void *arg, const struct sla_outage *outage)
{
	struct rows *rows = arg;

	if (rows->listing->format == CMD_TEXT)
		return put_text(rows, outage);
	outage_report_add(rows->table, outage);
	return 0;
}

static enum cmd_exit list(struct cmd *cmd, struct listing *listing)
{
	struct rows rows = {.listing = listing, .err = &cmd->err};
	struct sla_source source = {listing->registry, listing->ledger};
	char footer[120];
	int rc;

	rows.table = listing->format == CMD_TEXT ? outage_report_text_new() : outage_report_new();
	rc = rows.table ? sla_outages(&source, &listing->sla, put_outage, &rows, &cmd->err)
			: err_set(&cmd->err, -ENOMEM, "out of memory");
	if (rc) {
		table_free(rows.table);
		return CMD_FAILED;
	}
	snprintf(footer, sizeof(footer), "\nBulan %s: %zu gangguan. Waktu setempat link.\n",
		listing->sla.month, table_rows(rows.table));
	return cmd_print(cmd, rows.table, listing->format, footer);
}

static enum cmd_exit run(struct cmd *cmd)
{
	struct listing listing;
	enum cmd_exit status = listing_open(cmd, &listing);

	if (status != CMD_OK)
		return status;
	listing.sla.excluded_too = opts_has(cmd->opts, "excluded");
	status = list(cmd, &listing);
	listing_close(&listing);
	return status;
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "A month's outages, with their cause and evidence",
		.help = "start and end are as counted; first_lost and first_answered are the "
			"rounds that show them, rounded\ndown to the second. end is empty while "
			"the outage lasts. The true length lies between d and d + n\nseconds.",
		.options = options,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_outages = {
	"outages", "A month's outages, with their cause and evidence", verbs};
