/* SPDX-License-Identifier: Apache-2.0 */
/* pantau claims: of which outages a provider must still be told, and until when. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "cli/listing.h"
#include "cli/outage_at.h"
#include "cli/papers.h"
#include "collector/explain/claims.h"

#define OVERDUE_DAYS_MAX 3660 /* ten years: what a budget can be audited for */

static const struct opt list_options[] = {
	{"kabupaten", OPT_TEXT, 0, "KODE", "only this kabupaten or kota"},
	{"kecamatan", OPT_TEXT, 0, "KODE", "only this kecamatan"},
	{"desa", OPT_TEXT, 0, "KODE", "only this desa"},
	{"provider", OPT_TEXT, 0, "NAME", "only this provider"},
	{"link", OPT_NUMBER, 0, "ID", "only this link", NULL, 1, INT64_MAX},
	{"overdue-days", OPT_NUMBER, 0, "DAYS",
		"how long a window that closed is listed (default 31)", NULL, 0, OVERDUE_DAYS_MAX},
	{"format", OPT_CHOICE, 0, NULL, "how it is printed (default table)", listing_formats},
	{NULL},
};

static const struct opt told_options[] = {
	OUTAGE_AT_OPTIONS,
	{"when", OPT_TEXT, 0, "TIME", "when the provider was told (default: now)"},
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "who told them"},
	{"note", OPT_TEXT, OPT_REQUIRED, "TEXT", "how: a letter's number, a mail"},
	{NULL},
};

static const struct opt revoke_options[] = {
	{"told", OPT_NUMBER, 0, "ID", "its number; or as a word alone", NULL, 1, INT64_MAX},
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "who revokes it"},
	{"note", OPT_TEXT, OPT_REQUIRED, "TEXT", "why"},
	{NULL},
};

/* ---- the list */

static enum cmd_exit print(struct cmd *cmd, const struct claims *claims,
	const struct claims_query *query, enum cmd_format format)
{
	struct table *table = format == CMD_TEXT ? claims_text_new() : claims_table_new();
	char footer[200];

	if (!table) {
		err_set(&cmd->err, -ENOMEM, "out of memory");
		return CMD_FAILED;
	}
	for (size_t i = 0; i < claims->count; i++) {
		if (format == CMD_TEXT)
			claims_text_add(table, &claims->items[i], query->now_s);
		else
			claims_table_add(table, &claims->items[i], query->now_s);
	}
	snprintf(footer, sizeof(footer),
		"\n%zu gangguan. Mulai dan Selesai waktu setempat link. Yang lewat lebih dari "
		"%" PRIu32 " hari tidak ditampilkan.\n",
		claims->count, query->overdue_days);
	return cmd_print(cmd, table, format, footer);
}

static enum cmd_exit list(struct cmd *cmd, const struct sla_source *source, enum cmd_format format)
{
	const struct claims_query query = {
		.now_s = time(NULL),
		.overdue_days = (uint32_t)opts_number(
			cmd->opts, "overdue-days", CLAIMS_OVERDUE_DAYS),
		.filter =
			{
				.desa = opts_text(cmd->opts, "desa", NULL),
				.kecamatan = opts_text(cmd->opts, "kecamatan", NULL),
				.kabupaten = opts_text(cmd->opts, "kabupaten", NULL),
				.provider = opts_text(cmd->opts, "provider", NULL),
				.link = opts_number(cmd->opts, "link", 0),
			},
	};
	struct claims claims;
	enum cmd_exit status;

	if (claims_gather(source, &query, &claims, &cmd->err))
		return CMD_FAILED;
	status = print(cmd, &claims, &query, format);
	claims_done(&claims);
	return status;
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	struct sla_source source = {NULL, NULL};
	enum cmd_format format;
	enum cmd_exit status = listing_format(cmd, &format);

	if (status != CMD_OK)
		return status;
	if (cmd_registry(cmd, REGISTRY_READ, &source.registry))
		return CMD_FAILED;
	if (listing_ledger(cmd, &source.ledger)) {
		status = CMD_FAILED;
	} else {
		status = list(cmd, &source, format);
		ledger_db_close(source.ledger);
	}
	registry_close(source.registry);
	return status;
}

/* ---- told */

static enum cmd_exit tell(struct cmd *cmd, struct registry *registry)
{
	struct registry_told told = {.told_s = time(NULL)};
	struct outage_at outage;
	enum cmd_exit status = outage_at_read(cmd, registry, &outage);
	int64_t id;

	if (status != CMD_OK)
		return status;
	told.link = outage.link.id;
	told.at_s = outage.at_s;
	if (cmd_time(cmd, "when", outage.link.offset_s, &told.told_s) ||
		papers_text(cmd, "by", told.by, sizeof(told.by)) ||
		papers_text(cmd, "note", told.note, sizeof(told.note)))
		return CMD_USAGE;
	if (registry_told_add(registry, &told, &id, &cmd->err))
		return CMD_FAILED;
	printf("%" PRId64 "\n", id);
	return CMD_OK;
}

static enum cmd_exit run_told(struct cmd *cmd)
{
	struct registry *registry;
	enum cmd_exit status;

	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	status = tell(cmd, registry);
	registry_close(registry);
	return status;
}

static enum cmd_exit run_revoke(struct cmd *cmd)
{
	const struct registry_word word = papers_word(cmd);
	struct registry *registry;
	int64_t id;
	int rc;

	if (cmd_id(cmd, "told", &id))
		return CMD_USAGE;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = registry_told_revoke(registry, id, &word, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "told",
		.run = run_told,
		.summary = "Mark that the provider was told of an outage; print the mark's number",
		.help = "The outage is then listed as told, with when, by whom and how.",
		.options = told_options,
	},
	{
		.name = "revoke",
		.run = run_revoke,
		.summary = "Revoke such a mark",
		.help = "The outage waits again; the mark stays in the log of changes.",
		.options = revoke_options,
		.operands = "[ID]",
		.operands_max = 1,
	},
	{
		.run = run_list,
		.summary = "Outages that a provider must be told of, and until when",
		.help = "The window is the contract's claim-days from the outage's end, as "
			"counted; its ends are in UTC.\nAn outage that lasts has no window yet. "
			"\"pantau claims told\" marks those of which the provider\nwas told, "
			"\"pantau claims revoke\" takes a mark back.",
		.options = list_options,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_claims = {"claims", "Outages to be claimed, with days left", verbs};
