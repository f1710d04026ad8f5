/* SPDX-License-Identifier: Apache-2.0 */
/* pantau exclusion: time that a person removes from the month, and why. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/exclusion_import.h"
#include "cli/papers.h"
#include "cli/scope.h"

static const char *const reasons[] = {"maintenance", "force-majeure", "power", "customer", NULL};

static const struct opt add_options[] = {
	{"link", OPT_NUMBER, 0, "ID", "one link, or", NULL, 1, INT64_MAX},
	{"desa", OPT_TEXT, 0, "KODE", "all links of a desa, or"},
	{"kecamatan", OPT_TEXT, 0, "KODE", "of a kecamatan, or"},
	{"kabupaten", OPT_TEXT, 0, "KODE", "of a kabupaten or kota, or"},
	{"provider", OPT_TEXT, 0, "NAME", "of a provider"},
	{"reason", OPT_CHOICE, OPT_REQUIRED, NULL, "what the time is excluded for", reasons},
	{"from", OPT_TEXT, OPT_REQUIRED, "TIME", "begin; a date is 00:00 of the links' zone"},
	{"to", OPT_TEXT, OPT_REQUIRED, "TIME", "end, exclusive"},
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "the officer who decides"},
	{"note", OPT_TEXT, OPT_REQUIRED, "TEXT", "why, in a sentence"},
	{"second", OPT_TEXT, 0, "NAME", "a second officer, together with --document"},
	{"document", OPT_TEXT, 0, "FILE",
		"the document of the second officer; its SHA-256 is kept"},
	{NULL},
};

static const struct opt list_options[] = {
	{"link", OPT_NUMBER, 0, "ID", "only those that reach this link", NULL, 1, INT64_MAX},
	{NULL},
};

static const struct opt confirm_options[] = {
	{"exclusion", OPT_NUMBER, 0, "ID", "its number; or as a word alone", NULL, 1, INT64_MAX},
	{"second", OPT_TEXT, OPT_REQUIRED, "NAME",
		"the second officer: another than who entered it"},
	{"document", OPT_TEXT, OPT_REQUIRED, "FILE", "what it stands on; its SHA-256 is kept"},
	{NULL},
};

static const struct opt revoke_options[] = {
	{"exclusion", OPT_NUMBER, 0, "ID", "its number; or as a word alone", NULL, 1, INT64_MAX},
	{"by", OPT_TEXT, 0, "NAME", "who decides it (default: the account)"},
	{"note", OPT_TEXT, 0, "TEXT", "why (default: none is kept)"},
	{NULL},
};

static int read_names(struct cmd *cmd, struct registry_exclusion *exclusion)
{
	int rc = papers_text(cmd, "by", exclusion->by, sizeof(exclusion->by));

	if (!rc)
		rc = papers_text(cmd, "note", exclusion->note, sizeof(exclusion->note));
	if (!rc)
		rc = papers_text(cmd, "second", exclusion->second, sizeof(exclusion->second));
	return rc;
}

static enum cmd_exit add(
	struct cmd *cmd, struct registry *registry, struct registry_exclusion *exclusion)
{
	int64_t id;

	if (scope_time(cmd, registry, exclusion, "from", &exclusion->from_s) ||
		scope_time(cmd, registry, exclusion, "to", &exclusion->to_s))
		return CMD_USAGE;
	if (papers_document(cmd, exclusion->document))
		return CMD_FAILED;
	if (registry_exclusion_add(registry, exclusion, &id, &cmd->err))
		return CMD_FAILED;
	printf("%" PRId64 "\n", id);
	return CMD_OK;
}

static enum cmd_exit run_add(struct cmd *cmd)
{
	struct registry_exclusion exclusion = {0};
	struct registry *registry;
	enum cmd_exit status;

	if (opts_has(cmd->opts, "second") != opts_has(cmd->opts, "document"))
		return cmd_usage(cmd, "--second and --document belong together");
	if (scope_read(cmd, &exclusion) || read_names(cmd, &exclusion))
		return CMD_USAGE;
	exclusion.reason = (enum exclusion_reason)exclusion_reason_parse(
		opts_text(cmd->opts, "reason", ""));
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	status = add(cmd, registry, &exclusion);
	registry_close(registry);
	return status;
}

static const struct table_column columns[] = {
	{"exclusion", "Nomor", TABLE_NUMBER},
	{"scope", "Untuk"},
	{"value", ""},
	{"reason", "Alasan"},
	{"from", "Mulai"},
	{"to", "Sampai"},
	{"entered", "Dicatat"},
	{"by", "Oleh"},
	{"second", "Pejabat kedua"},
	{"document", "Dokumen"},
	{"note", "Catatan"},
	{"revoked", "Dicabut"},
	{"revoked_by", "oleh"},
	{"revoke_note", "karena"},
	{NULL},
};

static int put_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	struct cmd_list *list = arg;
	struct table *table = list->table;
	int32_t offset_s;
	int rc = scope_zone(list->cmd, list->registry, exclusion, &offset_s);

	if (rc)
		return rc;
	table_number(table, exclusion->id);
	table_text(table, exclusion_scope_name(exclusion->scope));
	table_text(table, exclusion->value);
	table_text(table, exclusion_reason_name(exclusion->reason));
	cmd_put_time_in(list->cmd, table, exclusion->from_s, offset_s);
	cmd_put_time_in(list->cmd, table, exclusion->to_s, offset_s);
	cmd_put_time_in(list->cmd, table, exclusion->entered_s, offset_s);
	table_text(table, exclusion->by);
	table_text(table, exclusion->second);
	table_text(table, exclusion->document);
	table_text(table, exclusion->note);
	cmd_put_time_in(list->cmd, table, exclusion->revoked_s, offset_s);
	table_text(table, exclusion->revoked_by);
	table_text(table, exclusion->revoke_note);
	return 0;
}

static int fill_list(struct cmd_list *list)
{
	struct cmd *cmd = list->cmd;

	return registry_exclusions(
		list->registry, opts_number(cmd->opts, "link", 0), put_exclusion, list, &cmd->err);
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	return cmd_print_list(cmd, columns, fill_list);
}

static enum cmd_exit run_confirm(struct cmd *cmd)
{
	char document[REGISTRY_HEX_BYTES] = "";
	const struct registry_second second = {opts_text(cmd->opts, "second", ""), document};
	struct registry *registry;
	int64_t id;
	int rc;

	if (cmd_id(cmd, "exclusion", &id))
		return CMD_USAGE;
	if (papers_document(cmd, document) || cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = registry_exclusion_confirm(registry, id, &second, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

static enum cmd_exit run_revoke(struct cmd *cmd)
{
	const struct registry_word word = papers_word(cmd);
	struct registry *registry;
	int64_t id;
	int rc;

	if (cmd_id(cmd, "exclusion", &id))
		return CMD_USAGE;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = registry_exclusion_revoke(registry, id, &word, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "add",
		.run = run_add,
		.summary = "Enter an exclusion and print its number",
		.help = "Which seconds it removes depends on the reason: maintenance counts from "
			"its entry plus the\ncontract's notice; power removes only time without "
			"power; force-majeure and customer remove\ndowntime only with --second "
			"and --document. Prints the number alone, for scripts.",
		.options = add_options,
	},
	{
		.name = "list",
		.run = run_list,
		.summary = "List the exclusions, revoked ones too",
		.help = "Times are UTC.",
		.options = list_options,
		.prints_table = true,
	},
	{
		.name = "import",
		.run = exclusion_import_run,
		.summary = "Enter a list of cuts from a CSV file, all or none; print how many",
		.help = "The first line names the columns: kecamatan,from,to and, if there is one, "
			"note. Every line that\nis refused is told, and then nothing is entered. "
			"--dry-run shows how many links each line reaches\nand how many seconds "
			"of their months it would remove that are not removed already.",
		.options = exclusion_import_options,
		.operands = "FILE",
		.operands_max = 1,
		.prints_table = true,
	},
	{
		.name = "confirm",
		.run = run_confirm,
		.summary = "Confirm an exclusion: a second officer and a document",
		.help = "For force-majeure and customer, which remove downtime only when two "
			"officers stand for them.\nIt counts from then on for its whole time.",
		.options = confirm_options,
		.operands = "[ID]",
		.operands_max = 1,
	},
	{
		.name = "revoke",
		.run = run_revoke,
		.summary = "Revoke an exclusion",
		.help = "It no longer counts, and stays in the list.",
		.options = revoke_options,
		.operands = "[ID]",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_exclusion = {
	"exclusion", "Exclusions: maintenance, force majeure, power, customer", verbs};
