/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/exclusion_import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/cuts.h"
#include "cli/listing.h"
#include "cli/papers.h"
#include "cli/scope.h"
#include "collector/explain/effect.h"
#include "common/civil.h"

static const char *const reasons[] = {"maintenance", "force-majeure", "power", "customer", NULL};
static const char *const zones[] = {"UTC", "WIB", "WITA", "WIT", NULL};

const struct opt exclusion_import_options[] = {
	{"reason", OPT_CHOICE, OPT_REQUIRED, NULL, "what the time is excluded for", reasons},
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "the officer who decides"},
	{"note", OPT_TEXT, OPT_REQUIRED, "TEXT", "why; the line's own note follows it"},
	{"zone", OPT_CHOICE, 0, NULL,
		"of times that name none (default: that of the kecamatan's province)", zones},
	{"dry-run", OPT_FLAG, 0, NULL, "enter nothing; show what each line would remove"},
	{NULL},
};

static void print_refusal(void *arg, const struct err *err)
{
	fprintf(stderr, "%s\n", err->text);
}

static int read_how(struct cmd *cmd, struct registry *registry, struct cuts_how *ret_how)
{
	struct cuts_how how = {
		.registry = registry,
		.refuse = print_refusal,
		.has_zone = opts_has(cmd->opts, "zone"),
	};
	const char *zone = opts_text(cmd->opts, "zone", "WITA");
	int rc = papers_text(cmd, "by", how.common.by, sizeof(how.common.by));

	if (!rc)
		rc = papers_text(cmd, "note", how.common.note, sizeof(how.common.note));
	if (rc)
		return rc;
	how.common.reason = (enum exclusion_reason)exclusion_reason_parse(
		opts_text(cmd->opts, "reason", ""));
	if (strcmp(zone, "UTC") != 0)
		civil_zone(zone, &how.offset_s);
	*ret_how = how;
	return 0;
}

/* ---- the dry run */

static const struct table_column columns[] = {
	{"line", "Baris", TABLE_NUMBER},
	{"kecamatan", "Kecamatan"},
	{"from", "Mulai"},
	{"to", "Sampai"},
	{"links", "Link", TABLE_NUMBER},
	{"seconds", "Detik dikecualikan", TABLE_NUMBER},
	{"note", "Catatan"},
	{NULL},
};

static int put_effect(struct cmd *cmd, const struct sla_source *source, const struct cuts *cuts,
	size_t i, struct table *table)
{
	const struct registry_exclusion *cut = &cuts->items[i];
	struct effect effect;
	int32_t offset_s;
	int rc = effect_of(source, cut, time(NULL), &effect, &cmd->err);

	if (!rc)
		rc = scope_zone(cmd, source->registry, cut, &offset_s);
	if (rc)
		return rc;
	table_number(table, cuts->lines[i]);
	table_text(table, cut->value);
	cmd_put_time_in(cmd, table, cut->from_s, offset_s);
	cmd_put_time_in(cmd, table, cut->to_s, offset_s);
	table_number(table, effect.links);
	table_number(table, effect.seconds);
	table_text(table, cut->note);
	return 0;
}

static enum cmd_exit show(struct cmd *cmd, struct registry *registry, const struct cuts *cuts)
{
	struct sla_source source = {.registry = registry};
	struct table *table;
	int rc = listing_ledger(cmd, &source.ledger);

	if (rc)
		return CMD_FAILED;
	table = table_new(columns);
	if (!table)
		rc = err_set(&cmd->err, -ENOMEM, "out of memory");
	for (size_t i = 0; !rc && i < cuts->count; i++)
		rc = put_effect(cmd, &source, cuts, i, table);
	ledger_db_close(source.ledger);
	if (!rc)
		return cmd_print_table(cmd, table);
	table_free(table);
	return CMD_FAILED;
}

/* ---- the import */

static enum cmd_exit enter(struct cmd *cmd, struct registry *registry, const struct cuts *cuts)
{
	if (opts_has(cmd->opts, "dry-run"))
		return show(cmd, registry, cuts);
	if (registry_exclusions_import(registry, cuts->items, cuts->count, &cmd->err)) {
		err_prefix(&cmd->err, "%s", cmd->opts->operands[0]);
		return CMD_FAILED;
	}
	printf("%zu\n", cuts->count);
	return CMD_OK;
}

enum cmd_exit exclusion_import_run(struct cmd *cmd)
{
	bool dry = opts_has(cmd->opts, "dry-run");
	struct registry *registry;
	struct cuts_how how;
	struct cuts cuts;
	enum cmd_exit status;

	if (!cmd->opts->operand_count)
		return cmd_usage(cmd, "which file? a CSV file with kecamatan,from,to[,note]");
	if (cmd_registry(cmd, dry ? REGISTRY_READ : REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	if (read_how(cmd, registry, &how)) {
		status = CMD_USAGE;
	} else if (cuts_read(cmd->opts->operands[0], &how, &cuts, &cmd->err)) {
		status = CMD_FAILED;
	} else {
		status = enter(cmd, registry, &cuts);
		cuts_done(&cuts);
	}
	registry_close(registry);
	return status;
}
