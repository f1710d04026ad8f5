/* SPDX-License-Identifier: Apache-2.0 */
/* pantau targets: whether a provider's way to the test server is better than its way elsewhere. */
#include <errno.h>

#include "cli/listing.h"
#include "collector/report/target_report.h"
#include "common/civil.h"

#define WITA_S (8 * 3600)

static const struct opt options[] = {
	{"month", OPT_TEXT, OPT_REQUIRED, "YYYY-MM", "the month (WITA)"},
	{"kabupaten", OPT_TEXT, 0, "KODE", "only links of this kabupaten or kota"},
	{"kecamatan", OPT_TEXT, 0, "KODE", "only links of this kecamatan"},
	{"format", OPT_CHOICE, 0, NULL, "how it is printed (default table)", listing_formats},
	{NULL},
};

static enum cmd_exit print(struct cmd *cmd, const struct targets *targets, enum cmd_format format)
{
	struct table *table = format == CMD_TEXT ? targets_text_table(targets)
						 : targets_table(targets);

	if (!table) {
		err_set(&cmd->err, -ENOMEM, "out of memory");
		return CMD_FAILED;
	}
	return cmd_print(cmd, table, format,
		"\nSatu ronde, dua tujuan: server uji (STAMP) dan satu tujuan lain. Uji peringkat "
		"Mann-Whitney antar link;\npeluang ada penyedia yang disebut karena kebetulan "
		"paling banyak 1 %. Jalur pendek bukan bukti kecurangan.\n");
}

static enum cmd_exit answer(struct cmd *cmd, const struct sla_source *source)
{
	struct targets_query query = {
		.filter = {.kabupaten = opts_text(cmd->opts, "kabupaten", NULL),
			.kecamatan = opts_text(cmd->opts, "kecamatan", NULL)},
	};
	struct targets targets;
	enum cmd_format format;
	enum cmd_exit status = listing_format(cmd, &format);

	if (status != CMD_OK)
		return status;
	if (civil_month(opts_text(cmd->opts, "month", NULL), WITA_S, &query.from_s, &query.to_s,
		    &cmd->err))
		return CMD_USAGE;
	if (targets_gather(source->registry, source->ledger, &query, &targets, &cmd->err))
		return CMD_FAILED;
	status = print(cmd, &targets, format);
	targets_done(&targets);
	return status;
}

static enum cmd_exit run(struct cmd *cmd)
{
	struct sla_source source = {NULL, NULL};
	enum cmd_exit status = CMD_FAILED;

	if (cmd_registry(cmd, REGISTRY_READ, &source.registry))
		return CMD_FAILED;
	if (listing_ledger(cmd, &source.ledger) == 0) {
		status = answer(cmd, &source);
		ledger_db_close(source.ledger);
	}
	registry_close(source.registry);
	return status;
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "The test server beside other targets, provider by provider",
		.help = "Of rounds in which both were asked: how often only one answered, and how "
			"long each took.\nA provider is named when its links gain more at the test "
			"server than other providers' do, by\nmore than chance. Days that are over "
			"are in it. docs/WITNESS.md tells the rest.",
		.options = options,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_targets = {
	"targets", "Whether the test server is treated better than the rest", verbs};
