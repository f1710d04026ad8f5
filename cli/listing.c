/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/listing.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "common/civil.h"

const char *const listing_formats[] = {"table", "csv", "json", NULL};

#define WITA_S (8 * 3600) /* --as-of without a zone, when no single link says which */

enum cmd_exit listing_format(struct cmd *cmd, enum cmd_format *ret_format)
{
	bool given = opts_has(cmd->opts, "format");
	enum cmd_format format = (enum cmd_format)opts_number(cmd->opts, "format", CMD_TEXT);

	if (cmd->json && given && format != CMD_JSON)
		return cmd_usage(cmd, "--json and --format %s contradict each other",
			listing_formats[format]);
	*ret_format = cmd->json ? CMD_JSON : format;
	return CMD_OK;
}

static enum cmd_exit read_as_of(struct cmd *cmd, struct listing *listing)
{
	int32_t offset_s = WITA_S;
	struct registry_link link;

	if (listing->sla.filter.link) {
		if (registry_link_get(
			    listing->registry, listing->sla.filter.link, &link, &cmd->err))
			return CMD_FAILED;
		offset_s = link.offset_s;
	}
	listing->sla.as_of_s = time(NULL);
	return cmd_time(cmd, "as-of", offset_s, &listing->sla.as_of_s) ? CMD_USAGE : CMD_OK;
}

int listing_ledger(struct cmd *cmd, struct ledger_db **ret_ledger)
{
	struct ledger_db *ledger = NULL;
	int rc = ledger_db_open(cmd->state, &ledger, &cmd->err);

	if (rc && rc != -ENOENT)
		return rc;
	cmd->err = (struct err){0}; /* that there is none is no error */
	*ret_ledger = ledger;
	return 0;
}

enum cmd_exit listing_open(struct cmd *cmd, struct listing *ret_listing)
{
	struct listing listing = {
		.sla.month = opts_text(cmd->opts, "month", NULL),
		.sla.filter.desa = opts_text(cmd->opts, "desa", NULL),
		.sla.filter.kecamatan = opts_text(cmd->opts, "kecamatan", NULL),
		.sla.filter.kabupaten = opts_text(cmd->opts, "kabupaten", NULL),
		.sla.filter.provider = opts_text(cmd->opts, "provider", NULL),
		.sla.filter.link = opts_number(cmd->opts, "link", 0),
	};
	enum cmd_exit status = listing_format(cmd, &listing.format);
	int64_t from_s, to_s;

	if (status == CMD_OK && civil_month(listing.sla.month, 0, &from_s, &to_s, &cmd->err)) {
		err_prefix(&cmd->err, "--month");
		status = CMD_USAGE;
	}
	if (status != CMD_OK)
		return status;
	if (cmd_registry(cmd, REGISTRY_READ, &listing.registry))
		return CMD_FAILED;
	status = read_as_of(cmd, &listing);
	if (status == CMD_OK && listing_ledger(cmd, &listing.ledger))
		status = CMD_FAILED;
	if (status == CMD_OK)
		*ret_listing = listing;
	else
		listing_close(&listing);
	return status;
}

void listing_close(struct listing *listing)
{
	ledger_db_close(listing->ledger);
	registry_close(listing->registry);
}
