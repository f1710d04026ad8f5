/* SPDX-License-Identifier: Apache-2.0 */
/* pantau points: the time series of a period, made anew from the ledger. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "collector/export/points.h"
#include "collector/export/store_settings.h"
#include "collector/settings.h"

static const struct opt options[] = {
	{"from", OPT_TEXT, OPT_REQUIRED, "TIME", "slots that begin from then on"},
	{"to", OPT_TEXT, OPT_REQUIRED, "TIME", "and before that"},
	{"kabupaten", OPT_TEXT, 0, "KODE", "only this kabupaten or kota"},
	{"kecamatan", OPT_TEXT, 0, "KODE", "only this kecamatan"},
	{"desa", OPT_TEXT, 0, "KODE", "only this desa"},
	{"provider", OPT_TEXT, 0, "NAME", "only this provider"},
	{"link", OPT_NUMBER, 0, "ID", "only this link", NULL, 1, INT64_MAX},
	{"o", OPT_TEXT, 0, "FILE", "write them there as line protocol; - is standard output"},
	{"send", OPT_FLAG, 0, NULL, "send them to the store of [export]"},
	{NULL},
};

/* Times without a zone are the link's where one is named, else WITA's, as EVERY_LINK_OFFSET_S. */
static int read_times(struct cmd *cmd, struct points_wish *wish)
{
	struct registry_link link = {.offset_s = 8 * 3600};
	int rc = 0;

	if (wish->filter.link)
		rc = registry_link_get(wish->registry, wish->filter.link, &link, &cmd->err);
	if (!rc)
		rc = cmd_time(cmd, "from", link.offset_s, &wish->from_s);
	if (!rc)
		rc = cmd_time(cmd, "to", link.offset_s, &wish->to_s);
	if (!rc && wish->from_s >= wish->to_s)
		rc = err_set(&cmd->err, -EINVAL, "--from does not lie before --to");
	return rc;
}

static void say(FILE *out, const struct points_told *told)
{
	fprintf(out, "%" PRIu64 " points of %" PRIu64 " links", told->points, told->links);
	if (told->refused)
		fprintf(out, "; %" PRIu64 " were refused", told->refused);
	fprintf(out, "\n");
}

static int write_file(struct cmd *cmd, const struct points_wish *wish, const char *path)
{
	bool is_out = !strcmp(path, "-");
	FILE *out = is_out ? stdout : fopen(path, "we");
	struct points_told told;
	int rc;

	if (!out)
		return err_errno(&cmd->err, -errno, "%s", path);
	rc = points_write(wish, out, &told, &cmd->err);
	if (!is_out && fclose(out) && !rc)
		rc = err_errno(&cmd->err, -errno, "%s", path);
	if (!rc)
		say(is_out ? stderr : stdout, &told);
	return rc;
}

static int send(struct cmd *cmd, const struct points_wish *wish)
{
	struct store_settings store;
	struct points_told told;
	struct settings settings;
	int rc = settings_load(cmd->config, &settings, &cmd->err);

	if (rc)
		return rc;
	if (!settings.export_url[0])
		rc = err_set(&cmd->err, -EINVAL, "[export] url: no store is configured");
	else
		rc = store_settings_read(&settings, &store, &cmd->err);
	if (!rc) {
		rc = points_send(
			wish, &store.influx, (unsigned)settings.export_batch, &told, &cmd->err);
		store_settings_done(&store);
	}
	settings_done(&settings);
	if (!rc)
		say(stdout, &told);
	return rc;
}

static enum cmd_exit run(struct cmd *cmd)
{
	const char *path = opts_text(cmd->opts, "o", NULL);
	struct points_wish wish = {
		.state = cmd->state,
		.filter.desa = opts_text(cmd->opts, "desa", NULL),
		.filter.kecamatan = opts_text(cmd->opts, "kecamatan", NULL),
		.filter.kabupaten = opts_text(cmd->opts, "kabupaten", NULL),
		.filter.provider = opts_text(cmd->opts, "provider", NULL),
		.filter.link = opts_number(cmd->opts, "link", 0),
	};
	int rc;

	if (!path == !opts_has(cmd->opts, "send"))
		return cmd_usage(cmd, "either -o FILE or --send");
	rc = cmd_registry(cmd, REGISTRY_READ, &wish.registry);
	if (!rc)
		rc = read_times(cmd, &wish);
	if (!rc)
		rc = ledger_db_open(cmd->state, &wish.ledger, &cmd->err);
	if (!rc)
		rc = path ? write_file(cmd, &wish, path) : send(cmd, &wish);
	ledger_db_close(wish.ledger);
	registry_close(wish.registry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "The time series of a period, made anew from the ledger",
		.help = "The points that the exporter sends, of the slots that begin in the "
			"period: "
			"for what fell off\nthe outbox while the store was away, or for a new "
			"store. An InfluxDB 1.x or 2.x forgets the\nperiod of these links first, "
			"so "
			"that it holds just what the ledger says; to others a point\nthat is there "
			"already comes a second time. docs/EXPORT.md.",
		.options = options,
	},
	{NULL},
};

const struct cmd_command cmd_points = {
	"points", "The time series of a period, made anew from the ledger", verbs};
