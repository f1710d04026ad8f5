/* SPDX-License-Identifier: Apache-2.0 */
/* pantau sla: a month's figures, by which links are paid. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/listing.h"
#include "collector/closing/rows.h"
#include "collector/report/sla_report.h"
#include "common/civil.h"

static const char *const groupings[] = {"link", "desa", "kecamatan", "kabupaten", "provider", NULL};

static const struct opt options[] = {
	LISTING_OPTIONS,
	{"by", OPT_CHOICE, 0, NULL, "a row a link and contract (default), or sums", groupings},
	{"revision", OPT_NUMBER, 0, "N", "of a closed month: as first issued (0), ...", NULL, 0,
		INT32_MAX},
	{"live", OPT_FLAG, 0, NULL, "of a closed month: what would be counted now"},
	{NULL},
};

struct rows {
	const struct listing *listing;
	struct table *table;
	bool open; /* the month of some row is not over */
	bool provisional; /* some row may still change */
	int64_t as_of_s; /* the latest of the rows */
	struct err *err;
};

/* Name of what the row is about; "" for a provider, whose key is its name, and where unknown. */
static int find_name(
	const struct rows *rows, const struct sla_row *row, char ret_name[REGISTRY_NAME_BYTES])
{
	const char *code = "";
	struct region region;
	int rc;

	switch (rows->listing->sla.by) {
	case SLA_BY_LINK:
	case SLA_BY_DESA: code = row->desa; break;
	case SLA_BY_KECAMATAN: code = row->kecamatan; break;
	case SLA_BY_KABUPATEN: code = row->kabupaten; break;
	case SLA_BY_PROVIDER: break;
	}
	ret_name[0] = '\0';
	if (!*code)
		return 0;
	rc = registry_region_get(rows->listing->registry, code, &region, rows->err);
	if (!rc)
		strcpy(ret_name, region.name);
	return rc == -ENOENT ? 0 : rc;
}

static int put_row(void *arg, const struct sla_row *row)
{
	struct rows *rows = arg;
	char name[REGISTRY_NAME_BYTES];
	int rc;

	rows->open |= row->open;
	rows->provisional |= !strcmp(row->revision, "sementara");
	if (row->as_of_s > rows->as_of_s)
		rows->as_of_s = row->as_of_s;
	if (rows->listing->format != CMD_TEXT) {
		sla_report_add(rows->table, rows->listing->sla.by, row);
		return 0;
	}
	rc = find_name(rows, row, name);
	if (!rc)
		sla_report_text_add(rows->table, rows->listing->sla.by, row, name);
	return rc;
}

/* How final the figures are, in a sentence. */
static const char *finality(const struct rows *rows)
{
	if (rows->open)
		return " Bulan belum berakhir: putusan dan restitusi SEMENTARA.";
	if (rows->provisional)
		return " Belum ditutup, atau dihitung ulang: putusan dan restitusi SEMENTARA.";
	return "";
}

static void write_footer(const struct rows *rows, char *ret_text, size_t size)
{
	char as_of[CIVIL_TIME_BYTES];

	civil_format(rows->as_of_s, as_of);
	if (!table_rows(rows->table))
		snprintf(ret_text, size, "\nTidak ada kontrak pada bulan %s.\n",
			rows->listing->sla.month);
	else
		snprintf(ret_text, size,
			"\nBulan %s, dihitung sampai %s.%s\n"
			"Mati, Tak tentu dan Kecuali (dikecualikan) dalam jam:menit:detik; "
			"restitusi dalam rupiah.\n",
			rows->listing->sla.month, as_of, finality(rows));
}

static enum cmd_exit list(struct cmd *cmd, struct listing *listing)
{
	struct rows rows = {.listing = listing, .err = &cmd->err};
	struct sla_source source = {listing->registry, listing->ledger};
	const struct closing_question question = {
		.sla = listing->sla,
		/* another moment is a question of its own: nothing was issued for it */
		.live = opts_has(cmd->opts, "live") || opts_has(cmd->opts, "as-of"),
		.revision = opts_number(cmd->opts, "revision", CLOSED_LATEST),
	};
	char footer[320];
	int rc;

	rows.table = listing->format == CMD_TEXT ? sla_report_text_new(listing->sla.by)
						 : sla_report_new(listing->sla.by);
	rc = rows.table ? closing_rows(&source, &question, put_row, &rows, &cmd->err)
			: err_set(&cmd->err, -ENOMEM, "out of memory");
	if (rc) {
		table_free(rows.table);
		return CMD_FAILED;
	}
	write_footer(&rows, footer, sizeof(footer));
	return cmd_print(cmd, rows.table, listing->format, footer);
}

static enum cmd_exit run(struct cmd *cmd)
{
	struct listing listing;
	enum cmd_exit status = listing_open(cmd, &listing);

	if (status != CMD_OK)
		return status;
	if (opts_has(cmd->opts, "revision") &&
		(opts_has(cmd->opts, "live") || opts_has(cmd->opts, "as-of"))) {
		listing_close(&listing);
		return cmd_usage(cmd, "--revision goes with neither --live nor --as-of");
	}
	listing.sla.by = (enum sla_by)sla_by_parse(opts_text(cmd->opts, "by", "link"));
	status = list(cmd, &listing);
	listing_close(&listing);
	return status;
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "A month's availability, verdict and restitution",
		.help = "One row a link and contract, or sums of seconds with --by. The table for "
			"people is in Bahasa\nIndonesia; csv and json hold every column, times in "
			"UTC. --as-of gives the month as seen from\nTIME: P ends there; what was "
			"learned later still counts. In a month that is not over the row is\n"
			"provisional (\"sementara\"). Of a closed month it prints "
			"what was issued (\"final\",\n\"Revisi ke-1\"), unless --live or --as-of "
			"asks for another count.",
		.options = options,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_sla = {
	"sla", "A month's availability, verdict and restitution", verbs};
