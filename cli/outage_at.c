/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outage_at.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "cli/listing.h"
#include "collector/store/sla.h"
#include "common/civil.h"

static int is_it(void *arg, const struct sla_outage *outage)
{
	const int64_t *start_s = arg;

	return outage->start_s == *start_s;
}

static enum cmd_exit check(struct cmd *cmd, struct registry *registry, struct outage_at *outage)
{
	struct sla_source source = {.registry = registry};
	char month[8], start[CIVIL_TIME_BYTES];
	struct sla_query query = {.month = month, .as_of_s = time(NULL)};
	int rc;

	if (listing_ledger(cmd, &source.ledger))
		return CMD_FAILED;
	query.filter.link = outage->link.id;
	civil_month_name(outage->at_s, outage->link.offset_s, month);
	rc = sla_outages(&source, &query, is_it, &outage->at_s, &cmd->err);
	ledger_db_close(source.ledger);
	if (rc < 0)
		return CMD_FAILED;
	if (rc > 0)
		return CMD_OK;
	civil_format(outage->at_s, start);
	err_set(&cmd->err, -ENOENT, "--outage = %s: no outage of link %" PRId64 " begins then",
		start, outage->link.id);
	return CMD_FAILED;
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
