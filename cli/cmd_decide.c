/* SPDX-License-Identifier: Apache-2.0 */
/* pantau decide: what waits for people before a month closes, and their word on it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/listing.h"
#include "cli/papers.h"
#include "collector/desk/dispute.h"
#include "collector/desk/item.h"
#include "collector/explain/inbox_report.h"
#include "collector/report/decision_report.h"
#include "common/civil.h"

#define INBOX_BYTES_MAX (256 * 1024 * 1024) /* a bad month of the whole country */

static const struct opt list_options[] = {
	LISTING_OPTIONS,
	{NULL},
};

/* clang-format off */
#define SIGNED_OPTIONS \
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "who decides it"}, \
	{"note", OPT_TEXT, OPT_REQUIRED, "TEXT", "why"}
/* clang-format on */

static const struct opt dismiss_options[] = {
	SIGNED_OPTIONS,
	{NULL},
};

static const struct opt dispute_options[] = {
	{"agent", OPT_NUMBER, OPT_REQUIRED, "ID", "whose slots are disputed", NULL, 1, UINT32_MAX},
	{"from", OPT_TEXT, OPT_REQUIRED, "TIME", "begin, in WITA unless it says"},
	{"to", OPT_TEXT, OPT_REQUIRED, "TIME", "end, exclusive"},
	{"accept", OPT_TEXT, OPT_REQUIRED, "BOOT",
		"the boot whose contents count, by 8 or more digits of its id; none: the slots "
		"stay unknown"},
	SIGNED_OPTIONS,
	{NULL},
};

static const struct opt revoke_options[] = {
	{"dismissal", OPT_NUMBER, 0, "ID", "the number of a dismissal, or", NULL, 1, INT64_MAX},
	{"dispute", OPT_NUMBER, 0, "ID", "of a settled dispute", NULL, 1, INT64_MAX},
	SIGNED_OPTIONS,
	{NULL},
};

/* ---- list */

static enum cmd_exit print_json(
	struct cmd *cmd, const struct listing *listing, const struct inbox *inbox)
{
	struct json json;
	struct buf out;
	int rc;

	buf_init(&out, INBOX_BYTES_MAX);
	json_init(&json, &out);
	inbox_json(inbox, 0, inbox->count, &json, NULL);
	rc = json_end(&json);
	if (!rc)
		rc = buf_append(&out, "\n", 1);
	if (rc)
		err_errno(&cmd->err, rc, "decisions of %s", listing->sla.month);
	else
		rc = cmd_write(cmd, &out);
	buf_done(&out);
	return cmd_result(rc);
}

static enum cmd_exit print(
	struct cmd *cmd, const struct listing *listing, const struct inbox *inbox)
{
	char footer[200];
	struct table *table;

	if (listing->format == CMD_JSON)
		return print_json(cmd, listing, inbox);
	table = listing->format == CMD_TEXT ? inbox_text_table(inbox) : inbox_table(inbox);
	if (!table) {
		err_set(&cmd->err, -ENOMEM, "out of memory");
		return CMD_FAILED;
	}
	snprintf(footer, sizeof(footer),
		"\nBulan %s: %zu perkara. Waktu setempat link; rupiah adalah restitusi yang "
		"bergantung padanya.\nTidak perlu apa-apa: pantau decide dismiss PERKARA --by "
		"NAME --note TEXT\n",
		listing->sla.month, inbox->count);
	return cmd_print(cmd, table, listing->format, footer);
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	struct listing listing;
	struct inbox inbox;
	struct sla_source source;
	enum cmd_exit status = listing_open(cmd, &listing);

	if (status != CMD_OK)
		return status;
	source = (struct sla_source){listing.registry, listing.ledger};
	if (inbox_gather(&source, &listing.sla, &inbox, &cmd->err)) {
		status = CMD_FAILED;
	} else {
		status = print(cmd, &listing, &inbox);
		inbox_done(&inbox);
	}
	listing_close(&listing);
	return status;
}

/* ---- dismiss */

static int dismiss(struct cmd *cmd, struct registry *registry, const char *item, int64_t *ret_id)
{
	const struct registry_word word = papers_word(cmd);
	struct sla_source source = {.registry = registry};
	int rc = listing_ledger(cmd, &source.ledger);

	if (!rc)
		rc = item_find(&source, item, &cmd->err);
	ledger_db_close(source.ledger);
	return rc ? rc : registry_dismissal_add(registry, item, &word, ret_id, &cmd->err);
}

static enum cmd_exit run_dismiss(struct cmd *cmd)
{
	struct registry *registry;
	int64_t id;
	int rc;

	if (!cmd->opts->operand_count)
		return cmd_usage(cmd, "which item? \"pantau decide list\" names them");
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = dismiss(cmd, registry, cmd->opts->operands[0], &id);
	registry_close(registry);
	if (!rc)
		printf("%" PRId64 "\n", id);
	return cmd_result(rc);
}

/* ---- disputes */

static int read_settlement(struct cmd *cmd, struct registry_settlement *settlement)
{
	int32_t wita_s = 0;
	int rc;

	civil_zone("WITA", &wita_s);
	settlement->agent = (uint32_t)opts_number(cmd->opts, "agent", 0);
	rc = papers_text(cmd, "accept", settlement->accept, sizeof(settlement->accept));
	if (!rc)
		rc = dispute_check_accept(settlement->accept, &cmd->err);
	if (!rc)
		rc = cmd_time(cmd, "from", wita_s, &settlement->from_s);
	if (!rc)
		rc = cmd_time(cmd, "to", wita_s, &settlement->to_s);
	if (!rc)
		rc = papers_text(cmd, "by", settlement->by, sizeof(settlement->by));
	return rc ? rc : papers_text(cmd, "note", settlement->note, sizeof(settlement->note));
}

static int settle(struct cmd *cmd, struct registry *registry,
	struct registry_settlement *settlement, int64_t *ret_id)
{
	struct sla_source source = {.registry = registry};
	int rc = listing_ledger(cmd, &source.ledger);

	if (!rc)
		rc = dispute_find(&source, settlement, &cmd->err);
	ledger_db_close(source.ledger);
	return rc ? rc : registry_settlement_add(registry, settlement, ret_id, &cmd->err);
}

static enum cmd_exit run_dispute(struct cmd *cmd)
{
	struct registry_settlement settlement = {0};
	struct registry *registry;
	int64_t id;
	int rc;

	if (read_settlement(cmd, &settlement))
		return CMD_USAGE;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = settle(cmd, registry, &settlement, &id);
	registry_close(registry);
	if (!rc)
		printf("%" PRId64 "\n", id);
	return cmd_result(rc);
}

/* ---- log and revoke */

static int put_dismissal(void *arg, const struct registry_dismissal *row)
{
	decision_report_dismissal(arg, row);
	return 0;
}

static int put_settlement(void *arg, const struct registry_settlement *row)
{
	decision_report_settlement(arg, row);
	return 0;
}

static enum cmd_exit run_log(struct cmd *cmd)
{
	struct table *table = decision_report_new();
	struct registry *registry;
	int rc;

	if (!table || cmd_registry(cmd, REGISTRY_READ, &registry)) {
		table_free(table);
		return CMD_FAILED;
	}
	rc = registry_dismissals(registry, put_dismissal, table, &cmd->err);
	if (!rc)
		rc = registry_settlements(registry, 0, put_settlement, table, &cmd->err);
	registry_close(registry);
	if (!rc)
		return cmd_print_table(cmd, table);
	table_free(table);
	return CMD_FAILED;
}

static enum cmd_exit run_revoke(struct cmd *cmd)
{
	const struct registry_word word = papers_word(cmd);
	int64_t dismissal = opts_number(cmd->opts, "dismissal", 0);
	int64_t dispute = opts_number(cmd->opts, "dispute", 0);
	struct registry *registry;
	int rc;

	if (!dismissal == !dispute)
		return cmd_usage(cmd, "give one of --dismissal and --dispute");
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = dismissal ? registry_dismissal_revoke(registry, dismissal, &word, &cmd->err)
		       : registry_settlement_revoke(registry, dispute, &word, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "list",
		.run = run_list,
		.summary = "What waits for people in a month, the dearest first",
		.help = "Undetermined time on which a verdict or a restitution hangs, power gaps "
			"beside bad slots, outages\nthat need a word, disputed slots, exclusions "
			"and objections that wait, gaps between contracts. Each\nwith what hangs "
			"on it and the command that decides it. What was dismissed stands at the "
			"end.",
		.options = list_options,
		.prints_table = true,
	},
	{
		.name = "dismiss",
		.run = run_dismiss,
		.summary = "Say that an item needs nothing, and print the number of that",
		.help = "It stays in the list, marked, with who said so and why.",
		.options = dismiss_options,
		.operands = "ITEM",
		.operands_max = 1,
	},
	{
		.name = "dispute",
		.run = run_dispute,
		.summary = "Settle what of an agent's disputed slots counts",
		.help = "Two devices use one identity, and tell the same slots in two ways. A "
			"device is known by its boot id,\nwhich \"pantau decide list\" names. Of "
			"the disputed slots that lie wholly within --from and --to, what\nthat "
			"boot told counts; those of which it has no single content stay unknown. "
			"With none all of\nthem do. Either way they leave the list. Prints the "
			"number alone.",
		.options = dispute_options,
	},
	{
		.name = "log",
		.run = run_log,
		.summary = "List what was dismissed and settled, revoked ones too",
		.help = "Times are UTC.",
		.prints_table = true,
	},
	{
		.name = "revoke",
		.run = run_revoke,
		.summary = "Take back a dismissal, or a settled dispute",
		.help = "It no longer counts, and stays in the log.",
		.options = revoke_options,
	},
	{NULL},
};

const struct cmd_command cmd_decide = {
	"decide", "What people have to decide before a month closes", verbs};
