/* SPDX-License-Identifier: Apache-2.0 */
/* pantau explain: why a second counts as it does. */
#include <errno.h>
#include <time.h>

#include "cli/cmd.h"
#include "cli/listing.h"
#include "collector/explain/explain_json.h"
#include "collector/explain/explain_text.h"

#define PAGE_BYTES_MAX (4 * 1024 * 1024) /* a slot of 480 probes takes 100 KiB */

static const struct opt options[] = {
	{"link", OPT_NUMBER, OPT_REQUIRED, "ID", "the link", NULL, 1, INT64_MAX},
	{"at", OPT_TEXT, OPT_REQUIRED, "TIME", "the second, in the link's zone unless it says"},
	{"as-of", OPT_TEXT, 0, "TIME", "as seen from TIME (default: now)"},
	{"lang", OPT_CHOICE, 0, NULL, "the language of the text (default id)", language_names},
	{NULL},
};

static int read_query(struct cmd *cmd, struct registry *registry, struct explain_query *ret_query)
{
	struct explain_query query = {
		.link = opts_number(cmd->opts, "link", 0),
		.as_of_s = time(NULL),
	};
	struct registry_link link;
	int rc = registry_link_get(registry, query.link, &link, &cmd->err);

	if (!rc)
		rc = cmd_time(cmd, "at", link.offset_s, &query.at_s);
	if (!rc)
		rc = cmd_time(cmd, "as-of", link.offset_s, &query.as_of_s);
	if (!rc)
		*ret_query = query;
	return rc;
}

static int render_json(const struct explanation *explanation, struct buf *out)
{
	struct json json;
	int rc;

	json_init(&json, out);
	json_object(&json, NULL);
	explanation_json(explanation, &json);
	json_object_end(&json);
	rc = json_end(&json);
	return rc ? rc : buf_append(out, "\n", 1);
}

static enum cmd_exit print(struct cmd *cmd, const struct explanation *explanation)
{
	enum language language = (enum language)opts_number(cmd->opts, "lang", LANGUAGE_ID);
	struct buf out;
	int rc;

	buf_init(&out, PAGE_BYTES_MAX);
	rc = cmd->json ? render_json(explanation, &out)
		       : explanation_text(explanation, language, &out);
	if (rc)
		err_errno(&cmd->err, rc, "cannot print the explanation");
	else
		rc = cmd_write(cmd, &out);
	buf_done(&out);
	return cmd_result(rc);
}

static enum cmd_exit answer(struct cmd *cmd, struct registry *registry)
{
	struct sla_source source = {.registry = registry};
	struct explanation explanation;
	struct explain_query query;
	enum cmd_exit status;
	int rc = read_query(cmd, registry, &query);

	if (rc)
		return rc == -EINVAL ? CMD_USAGE : CMD_FAILED;
	if (listing_ledger(cmd, &source.ledger))
		return CMD_FAILED;
	rc = explain_second(&source, &query, &explanation, &cmd->err);
	ledger_db_close(source.ledger);
	if (rc)
		return rc == -EINVAL ? CMD_USAGE : CMD_FAILED;
	status = print(cmd, &explanation);
	explanation_done(&explanation);
	return status;
}

static enum cmd_exit run(struct cmd *cmd)
{
	struct registry *registry;
	enum cmd_exit status;

	if (cmd_registry(cmd, REGISTRY_READ, &registry))
		return CMD_FAILED;
	status = answer(cmd, registry);
	registry_close(registry);
	return status;
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "Why a second counts as it does",
		.help = "The state of the second under the contract in force, both ways of taking "
			"what is unknown, the\nslots around it, the probes of its slot, the clock "
			"that placed it, exclusions, disputes and\nobjections. Times in the text "
			"are the link's; --json has them in UTC.",
		.options = options,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_explain = {"explain", "Why a second counts as it does", verbs};
