/* SPDX-License-Identifier: Apache-2.0 */
/* pantau report: a kabupaten's month as a document that people print, sign and calculate with. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/listing.h"
#include "collector/report/monthly/monthly.h"
#include "collector/settings.h"
#include "common/file.h"

static const struct opt options[] = {
	{"month", OPT_TEXT, OPT_REQUIRED, "YYYY-MM", "the month, in each link's own zone"},
	{"kabupaten", OPT_TEXT, OPT_REQUIRED, "KODE", "the kabupaten or kota, such as 64.08"},
	{"format", OPT_CHOICE, OPT_REQUIRED, NULL, "what kind of file", monthly_formats},
	{"o", OPT_TEXT, OPT_REQUIRED, "FILE", "where it is written; - is standard output"},
	{"lang", OPT_CHOICE, 0, NULL, "of its words (default id)", report_languages},
	{"table", OPT_CHOICE, 0, NULL, "which table, of csv (default links)", grid_tables},
	{"excel", OPT_FLAG, 0, NULL,
		"csv for Excel in Indonesian: semicolons, decimal commas, local times"},
	{"as-of", OPT_TEXT, 0, "TIME", "the month as seen from TIME (default: now)"},
	{"live", OPT_FLAG, 0, NULL, "counted now, although the month is closed"},
	{"revision", OPT_NUMBER, 0, "N", "which one: 0 is the first (default: the latest)", NULL, 0,
		INT32_MAX},
	{NULL},
};

#define WITA_S (8 * 3600) /* --as-of without a zone */

struct printing {
	struct cmd *cmd;
	struct settings settings;
	struct monthly_style style;
	struct report_ask ask;
};

static void read_style(struct printing *printing)
{
	const struct opts *opts = printing->cmd->opts;
	const struct settings *settings = &printing->settings;

	printing->style = (struct monthly_style){
		.format = (enum monthly_format)opts_number(opts, "format", MONTHLY_PDF),
		.language = (enum report_language)opts_number(opts, "lang", REPORT_ID),
		.excel = opts_has(opts, "excel"),
		.table = (enum grid_table)opts_number(opts, "table", TABLE_OF_LINKS),
		.letterhead = {settings->report_province, settings->report_office,
			settings->report_address, settings->report_logo, settings->report_city,
			settings->report_number, settings->web_public_url},
	};
}

static enum cmd_exit read_ask(struct printing *printing)
{
	struct cmd *cmd = printing->cmd;
	const struct opts *opts = cmd->opts;
	bool counted = opts_has(opts, "as-of") || opts_has(opts, "live");

	if (counted && opts_has(opts, "revision"))
		return cmd_usage(cmd, "--revision goes with neither --live nor --as-of");
	printing->ask = (struct report_ask){
		.month = opts_text(opts, "month", ""),
		.kabupaten = opts_text(opts, "kabupaten", ""),
		.as_of_s = time(NULL),
		.live = counted,
		.revision = opts_number(opts, "revision", CLOSED_LATEST),
	};
	if (cmd_time(cmd, "as-of", WITA_S, &printing->ask.as_of_s))
		return CMD_USAGE;
	return CMD_OK;
}

static enum cmd_exit check_options(struct cmd *cmd)
{
	bool csv = opts_number(cmd->opts, "format", 0) == MONTHLY_CSV;

	if (!csv && (opts_has(cmd->opts, "excel") || opts_has(cmd->opts, "table")))
		return cmd_usage(cmd, "--excel and --table go with --format csv");
	return CMD_OK;
}

/* A logo that cannot be read is no reason to have no report, but one to say so. */
static void check_logo(const struct printing *printing)
{
	const char *logo = printing->settings.report_logo;

	if (printing->style.format == MONTHLY_PDF && *logo && access(logo, R_OK) < 0)
		fprintf(stderr, "pantau: [report] logo %s: %s; the letterhead is without it\n",
			logo, strerror(errno));
}

static int write_out(struct cmd *cmd, const struct buf *bytes)
{
	const char *path = opts_text(cmd->opts, "o", "-");

	if (!strcmp(path, "-"))
		return cmd_write(cmd, bytes);
	return file_replace(path, buf_peek(bytes), buf_length(bytes), 0644, &cmd->err);
}

static int print(struct printing *printing, const struct sla_source *source)
{
	struct cmd *cmd = printing->cmd;
	struct report *report;
	struct buf bytes;
	int r;

	printing->ask.no_quality = !monthly_has_quality(&printing->style);
	r = report_gather(source, &printing->ask, &report, &cmd->err);
	if (r < 0)
		return r;
	buf_init(&bytes, MONTHLY_BYTES_MAX);
	r = monthly_render(report, &printing->style, &bytes, &cmd->err);
	if (r == 0)
		r = write_out(cmd, &bytes);
	buf_done(&bytes);
	report_free(report);
	return r;
}

static enum cmd_exit with_stores(struct printing *printing)
{
	struct cmd *cmd = printing->cmd;
	struct sla_source source = {0};
	int r = cmd_registry(cmd, REGISTRY_READ, &source.registry);

	if (r)
		return CMD_FAILED;
	r = listing_ledger(cmd, &source.ledger);
	if (!r)
		r = print(printing, &source);
	ledger_db_close(source.ledger);
	registry_close(source.registry);
	return r == -EINVAL ? CMD_USAGE : cmd_result(r);
}

static enum cmd_exit run(struct cmd *cmd)
{
	struct printing printing = {.cmd = cmd};
	enum cmd_exit status = check_options(cmd);

	if (status == CMD_OK)
		status = read_ask(&printing);
	if (status != CMD_OK)
		return status;
	if (settings_load(cmd->config, &printing.settings, &cmd->err))
		return CMD_FAILED;
	read_style(&printing);
	check_logo(&printing);
	status = with_stores(&printing);
	settings_done(&printing.settings);
	return status;
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "A kabupaten's month as PDF, XLSX or CSV",
		.help = "A closed month is printed as it was issued, and the same bytes again at "
			"any "
			"time; an open one is\nmarked SEMENTARA on every page. The letterhead is "
			"in "
			"[report] of the configuration. A file that is\nthere is replaced at once, "
			"or not at all. docs/REPORT.md says what is in it.",
		.options = options,
	},
	{NULL},
};

const struct cmd_command cmd_report = {"report", "A kabupaten's month as PDF, XLSX or CSV", verbs};
