/* SPDX-License-Identifier: Apache-2.0 */
/* pantau objection: a provider's word against an outage, and the officer's answer. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "cli/outage_at.h"
#include "cli/papers.h"
#include "collector/report/objection_report.h"

static const struct opt add_options[] = {
	OUTAGE_AT_OPTIONS,
	{"provider", OPT_TEXT, OPT_REQUIRED, "NAME", "who objects: the link must be theirs"},
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "the person who says so"},
	{"note", OPT_TEXT, OPT_REQUIRED, "TEXT", "why it should not count"},
	{"document", OPT_TEXT, 0, "FILE", "what it stands on; its SHA-256 is kept"},
	{NULL},
};

static const struct opt list_options[] = {
	{"provider", OPT_TEXT, 0, "NAME", "only this provider's"},
	{"kabupaten", OPT_TEXT, 0, "KODE", "only this kabupaten or kota"},
	{"kecamatan", OPT_TEXT, 0, "KODE", "only this kecamatan"},
	{"desa", OPT_TEXT, 0, "KODE", "only this desa"},
	{"link", OPT_NUMBER, 0, "ID", "only this link", NULL, 1, INT64_MAX},
	{"open", OPT_FLAG, 0, NULL, "only those that wait for an answer"},
	{NULL},
};

static const struct opt answer_options[] = {
	{"objection", OPT_NUMBER, 0, "ID", "its number; or as a word alone", NULL, 1, INT64_MAX},
	{"accept", OPT_FLAG, 0, NULL, "the provider is right; or"},
	{"reject", OPT_FLAG, 0, NULL, "it is not"},
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "the officer who answers"},
	{"note", OPT_TEXT, OPT_REQUIRED, "TEXT", "why"},
	{NULL},
};

static int read_papers(struct cmd *cmd, struct registry_objection *objection)
{
	int rc = papers_text(cmd, "provider", objection->provider, sizeof(objection->provider));

	if (!rc)
		rc = papers_text(cmd, "by", objection->by, sizeof(objection->by));
	if (!rc)
		rc = papers_text(cmd, "note", objection->note, sizeof(objection->note));
	return rc ? rc : papers_document(cmd, objection->document);
}

static enum cmd_exit add(struct cmd *cmd, struct registry *registry)
{
	struct registry_objection objection = {0};
	struct outage_at outage;
	enum cmd_exit status;
	int64_t id;

	if (read_papers(cmd, &objection))
		return CMD_FAILED;
	status = outage_at_read(cmd, registry, &outage);
	if (status != CMD_OK)
		return status;
	objection.link = outage.link.id;
	objection.at_s = outage.at_s;
	if (registry_objection_add(registry, &objection, &id, &cmd->err))
		return CMD_FAILED;
	printf("%" PRId64 "\n", id);
	return CMD_OK;
}

static enum cmd_exit run_add(struct cmd *cmd)
{
	struct registry *registry;
	enum cmd_exit status;

	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	status = add(cmd, registry);
	registry_close(registry);
	return status;
}

/* ---- list */

struct rows {
	struct table *table;
	bool only_open;
};

static int put_objection(void *arg, const struct registry_objection *objection)
{
	const struct rows *rows = arg;

	if (!rows->only_open || !objection->answered_s)
		objection_report_add(rows->table, objection);
	return 0;
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	const struct registry_filter filter = {
		.desa = opts_text(cmd->opts, "desa", NULL),
		.kecamatan = opts_text(cmd->opts, "kecamatan", NULL),
		.kabupaten = opts_text(cmd->opts, "kabupaten", NULL),
		.provider = opts_text(cmd->opts, "provider", NULL),
		.link = opts_number(cmd->opts, "link", 0),
	};
	struct rows rows = {.only_open = opts_has(cmd->opts, "open")};
	struct registry *registry;
	int rc;

	if (cmd_registry(cmd, REGISTRY_READ, &registry))
		return CMD_FAILED;
	rows.table = objection_report_new();
	rc = rows.table ? registry_objections(registry, &filter, put_objection, &rows, &cmd->err)
			: err_set(&cmd->err, -ENOMEM, "out of memory");
	registry_close(registry);
	if (!rc)
		return cmd_print_table(cmd, rows.table);
	table_free(rows.table);
	return CMD_FAILED;
}

static enum cmd_exit run_answer(struct cmd *cmd)
{
	struct registry_answer answer = {papers_word(cmd), opts_has(cmd->opts, "accept")};
	struct registry *registry;
	int64_t id;
	int rc;

	if (answer.accept == opts_has(cmd->opts, "reject"))
		return cmd_usage(cmd, "give one of --accept and --reject");
	if (cmd_id(cmd, "objection", &id))
		return CMD_USAGE;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = registry_objection_answer(registry, id, &answer, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "add",
		.run = run_add,
		.summary = "Enter a provider's objection to an outage and print its number",
		.help = "It is shown beside the outage until it is answered, and changes no figure "
			"by itself.",
		.options = add_options,
	},
	{
		.name = "list",
		.run = run_list,
		.summary = "List the objections, answered ones too",
		.help = "Times are UTC. A provider sees its own with --provider.",
		.options = list_options,
		.prints_table = true,
	},
	{
		.name = "answer",
		.run = run_answer,
		.summary = "Answer an objection",
		.help = "Who accepts one enters what follows from it: an exclusion, mostly.",
		.options = answer_options,
		.operands = "[ID]",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_objection = {
	"objection", "A provider's objections to outages, and the answers", verbs};
