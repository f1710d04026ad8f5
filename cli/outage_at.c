/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outage_at.h"

#include "cli/listing.h"
#include "collector/desk/outage.h"

static enum cmd_exit check(struct cmd *cmd, struct registry *registry, struct outage_at *outage)
{
	struct sla_source source = {.registry = registry};
	int rc = listing_ledger(cmd, &source.ledger);

	if (!rc)
		rc = outage_begins(&source, &outage->link, outage->at_s, &cmd->err);
	ledger_db_close(source.ledger);
	return cmd_result(rc);
}

enum cmd_exit outage_at_read(
	struct cmd *cmd, struct registry *registry, struct outage_at *ret_outage)
{
	struct outage_at outage;
	bool by_start = opts_has(cmd->opts, "outage");
	enum cmd_exit status = CMD_OK;

	if (by_start == opts_has(cmd->opts, "at"))
		return cmd_usage(cmd, "give one of --at and --outage");
	if (registry_link_get(registry, opts_number(cmd->opts, "link", 0), &outage.link, &cmd->err))
		return CMD_FAILED;
	if (cmd_time(cmd, by_start ? "outage" : "at", outage.link.offset_s, &outage.at_s))
		return CMD_USAGE;
	if (by_start)
		status = check(cmd, registry, &outage);
	if (status == CMD_OK)
		*ret_outage = outage;
	return status;
}
