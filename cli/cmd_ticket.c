/* SPDX-License-Identifier: Apache-2.0 */
/* pantau ticket: the NOC's trouble tickets, from which the time to repair is also counted. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "cli/listing.h"
#include "cli/outage_at.h"
#include "cli/papers.h"
#include "collector/desk/ticket.h"

static const struct opt add_options[] = {
	OUTAGE_AT_OPTIONS,
	{"number", OPT_TEXT, OPT_REQUIRED, "TEXT", "the ticket's, once a link"},
	{"opened", OPT_TEXT, OPT_REQUIRED, "TIME", "when, in the link's zone unless it says"},
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "who opened it"},
	{NULL},
};

static const struct opt list_options[] = {
	{"link", OPT_NUMBER, 0, "ID", "only this link's", NULL, 1, INT64_MAX},
	{NULL},
};

static const struct opt revoke_options[] = {
	{"ticket", OPT_NUMBER, 0, "ID", "its number here; or as a word alone", NULL, 1, INT64_MAX},
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "who revokes it"},
	{"note", OPT_TEXT, OPT_REQUIRED, "TEXT", "why"},
	{NULL},
};

static int check(struct cmd *cmd, struct registry *registry, const struct registry_ticket *ticket)
{
	struct sla_source source = {.registry = registry};
	int rc = listing_ledger(cmd, &source.ledger);

	if (!rc)
		rc = ticket_check(&source, ticket, &cmd->err);
	ledger_db_close(source.ledger);
	return rc;
}

static enum cmd_exit add(struct cmd *cmd, struct registry *registry)
{
	struct registry_ticket ticket = {0};
	struct outage_at outage;
	enum cmd_exit status = outage_at_read(cmd, registry, &outage);
	int64_t id;

	if (status != CMD_OK)
		return status;
	ticket.link = outage.link.id;
	ticket.at_s = outage.at_s;
	if (cmd_time(cmd, "opened", outage.link.offset_s, &ticket.opened_s) ||
		papers_text(cmd, "number", ticket.number, sizeof(ticket.number)) ||
		papers_text(cmd, "by", ticket.by, sizeof(ticket.by)))
		return CMD_USAGE;
	if (check(cmd, registry, &ticket) || registry_ticket_add(registry, &ticket, &id, &cmd->err))
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

static const struct table_column columns[] = {
	{"ticket", "Nomor", TABLE_NUMBER},
	{"link", "Link", TABLE_NUMBER},
	{"at", "Gangguan"},
	{"number", "Tiket"},
	{"opened", "Dibuka"},
	{"by", "Oleh"},
	{"entered", "Dicatat"},
	{"revoked", "Dicabut"},
	{"revoked_by", "oleh"},
	{"revoke_note", "karena"},
	{NULL},
};

static int put_ticket(void *arg, const struct registry_ticket *ticket)
{
	struct table *table = arg;

	table_number(table, ticket->id);
	table_number(table, ticket->link);
	cmd_put_time(table, ticket->at_s);
	table_text(table, ticket->number);
	cmd_put_time(table, ticket->opened_s);
	table_text(table, ticket->by);
	cmd_put_time(table, ticket->entered_s);
	cmd_put_time(table, ticket->revoked_s);
	table_text(table, ticket->revoked_by);
	table_text(table, ticket->revoke_note);
	return 0;
}

static int fill_list(struct cmd_list *list)
{
	struct cmd *cmd = list->cmd;

	return registry_tickets(list->registry, opts_number(cmd->opts, "link", 0), put_ticket,
		list->table, &cmd->err);
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	return cmd_print_list(cmd, columns, fill_list);
}

static enum cmd_exit run_revoke(struct cmd *cmd)
{
	const struct registry_word word = papers_word(cmd);
	struct registry *registry;
	int64_t id;
	int rc;

	if (cmd_id(cmd, "ticket", &id))
		return CMD_USAGE;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = registry_ticket_revoke(registry, id, &word, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "add",
		.run = run_add,
		.summary = "Enter the NOC's ticket of an outage and print its number here",
		.help = "\"pantau outages\" then counts the time to repair from its opening too.",
		.options = add_options,
	},
	{
		.name = "list",
		.run = run_list,
		.summary = "List the tickets, revoked ones too",
		.help = "Times are UTC.",
		.options = list_options,
		.prints_table = true,
	},
	{
		.name = "revoke",
		.run = run_revoke,
		.summary = "Revoke a ticket that was entered wrongly",
		.help = "It no longer counts, and stays in the list.",
		.options = revoke_options,
		.operands = "[ID]",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_ticket = {"ticket", "Trouble tickets of outages", verbs};
