/* SPDX-License-Identifier: Apache-2.0 */
/* pantau samples: what the witnesses of a link said beside the rounds. */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "cli/listing.h"
#include "collector/report/sample_report.h"
#include "common/civil.h"

static const struct opt options[] = {
	{"link", OPT_NUMBER, OPT_REQUIRED, "ID", "the link", NULL, 1, INT64_MAX},
	{"kind", OPT_CHOICE, OPT_REQUIRED, NULL, "what is listed", sample_kinds},
	{"from", OPT_TEXT, 0, "TIME", "in the link's zone unless it says (default: 7 days)"},
	{"to", OPT_TEXT, 0, "TIME", "the first moment that is not listed (default: now)"},
	{"format", OPT_CHOICE, 0, NULL, "how it is printed (default table)", listing_formats},
	{NULL},
};

static int read_list(struct cmd *cmd, struct registry *registry, struct sample_list *list)
{
	struct registry_link link;
	int rc = registry_link_get(registry, opts_number(cmd->opts, "link", 0), &link, &cmd->err);

	if (rc)
		return rc;
	list->kind = (enum sample_kind)opts_number(cmd->opts, "kind", 0);
	list->span = (struct ledger_span){.link = link.id, .to_s = time(NULL) + 1};
	list->offset_s = link.offset_s;
	rc = cmd_time(cmd, "to", link.offset_s, &list->span.to_s);
	if (rc)
		return rc;
	list->span.from_s = list->span.to_s - SAMPLES_SPAN_S;
	rc = cmd_time(cmd, "from", link.offset_s, &list->span.from_s);
	if (rc)
		return rc;
	return list->span.from_s < list->span.to_s
		? 0
		: err_set(&cmd->err, -EINVAL, "--from does not lie before --to");
}

static enum cmd_exit print(struct cmd *cmd, const struct sample_list *list, enum cmd_format format)
{
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES], below[160];

	civil_format_zone(list->span.from_s, list->offset_s, from);
	civil_format_zone(list->span.to_s, list->offset_s, to);
	snprintf(below, sizeof(below), "\n%zu baris, dari %s sampai %s.\n", list->total, from, to);
	return cmd_print(cmd, list->table, format, below);
}

static enum cmd_exit answer(struct cmd *cmd, struct registry *registry)
{
	struct sample_list list = {.limit = SIZE_MAX};
	struct ledger_db *ledger;
	enum cmd_format format;
	enum cmd_exit status = listing_format(cmd, &format);
	int rc;

	if (status != CMD_OK)
		return status;
	rc = read_list(cmd, registry, &list);
	if (rc)
		return rc == -EINVAL ? CMD_USAGE : CMD_FAILED;
	if (listing_ledger(cmd, &ledger))
		return CMD_FAILED;
	list.for_people = format == CMD_TEXT;
	rc = sample_list_fill(ledger, &list, &cmd->err);
	ledger_db_close(ledger);
	return rc ? CMD_FAILED : print(cmd, &list, format);
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
		.summary = "What the witnesses of a link said beside the rounds",
		.help = "Pages (http), speed tests, observations (a row an item), questions to "
			"resolvers (dns), and starts of\nthe agent, each with why: first, power, "
			"reboot, watchdog, panic, crash, upgrade, restart. Times are\nthe link's; "
			"CSV and JSON have them in UTC. None of it makes a second of downtime.",
		.options = options,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_samples = {
	"samples", "Pages, speed tests, observations, DNS and starts of a link", verbs};
