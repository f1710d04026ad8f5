/* SPDX-License-Identifier: Apache-2.0 */
/* pantau backup: the whole instance as one sealed file, while it runs. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/sealing.h"
#include "collector/backup/backup.h"
#include "collector/backup/pace.h"
#include "collector/settings.h"

#define FILES_MAX 8 /* the configuration, five secrets, a logo, and the end */
#define MIB_PER_S 40 /* half of what a slow disk writes */

static const struct opt options[] = {
	{"to-key", OPT_TEXT, 0, "FILE", "seal it to this public X25519 key (PEM); or"},
	{"passphrase-file", OPT_TEXT, 0, "FILE",
		"with the first line of this file; without both it asks on the terminal"},
	{"keep", OPT_NUMBER, 0, "N", "in a folder: delete all but the newest N; default all stay",
		NULL, 1, 10000},
	{"mib-per-second", OPT_NUMBER, 0, "N", "read no faster; 0: no limit; default 40", NULL, 0,
		100000},
	{NULL},
};

/* The configuration and the files that it names, by absolute paths that the caller frees. */
struct others {
	char *paths[FILES_MAX];
	size_t count;
};

static int add_other(struct others *others, const char *path, struct err *err)
{
	if (!*path)
		return 0;
	others->paths[others->count] = realpath(path, NULL);
	if (!others->paths[others->count])
		return err_errno(err, -errno, "%s", path);
	others->count++;
	return 0;
}

static int find_others(struct cmd *cmd, struct others *ret_others)
{
	const char *config = cmd->config ? cmd->config : SETTINGS_FILE;
	struct settings settings;
	int r = settings_load(cmd->config, &settings, &cmd->err);

	if (r < 0)
		return r;
	const char *const named[] = {settings.export_password_file, settings.export_token_file,
		settings.alert_telegram_token_file, settings.alert_smtp_password_file,
		settings.alert_webhook_secret_file, settings.report_logo};
	if (access(config, F_OK) == 0)
		r = add_other(ret_others, config, &cmd->err);
	for (size_t i = 0; r == 0 && i < sizeof(named) / sizeof(*named); i++)
		r = add_other(ret_others, named[i], &cmd->err);
	settings_done(&settings);
	return r;
}

static void say(const struct backup_made *made)
{
	printf("%s: %zu parts, %" PRIu64 " bytes, %" PRIu64 " as sealed; read back and compared\n",
		made->path, made->content.parts, made->content.bytes, made->bytes);
	if (made->deleted)
		printf("%u older deleted\n", made->deleted);
}

static int make(struct cmd *cmd, const struct others *others, const struct sealing *sealing)
{
	struct backup_order order = {
		.state = cmd->state,
		.target = cmd->opts->operands[0],
		.files = (const char *const *)others->paths,
		.lock = &sealing->lock,
		.bytes_per_s = (uint64_t)opts_number(cmd->opts, "mib-per-second", MIB_PER_S) << 20,
		.keep = (unsigned)opts_number(cmd->opts, "keep", 0),
	};
	struct backup_made made;
	int r;

	pace_yield();
	r = backup_make(&order, &made, &cmd->err);
	if (r == 0)
		say(&made);
	return r;
}

static enum cmd_exit run(struct cmd *cmd)
{
	struct others others = {.count = 0};
	struct sealing sealing;
	int r;

	if (!cmd->opts->operand_count)
		return cmd_usage(cmd, "FILE or DIR is missing: where the backup goes");
	if (opts_has(cmd->opts, "to-key") && opts_has(cmd->opts, "passphrase-file"))
		return cmd_usage(cmd, "give --to-key or --passphrase-file, not both");
	r = sealing_choose(cmd->opts, &sealing, &cmd->err);
	if (r == 0)
		r = find_others(cmd, &others);
	if (r == 0)
		r = make(cmd, &others, &sealing);
	for (size_t i = 0; i < others.count; i++)
		free(others.paths[i]);
	sealing_done(&sealing);
	return cmd_result(r);
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "The whole instance as one sealed file, while it runs",
		.help = "Registry, ledger, journal, keys (the CA's, too), configuration and the "
			"secrets that it names, as they\nwere at one moment: whatever was "
			"acknowledged to an agent before is in it. The file is compressed, "
			"sealed\n(AES-256-GCM), read back and compared before it gets its name. "
			"With --to-key the machine needs no secret\nto make one: openssl genpkey "
			"-algorithm X25519 makes the key, which is kept elsewhere. FILE must not "
			"be\nthere yet; in a folder it is named pantau-TIME.backup. It needs as "
			"much free space there as ledger.db has\nbytes, for a while. \"pantau "
			"restore FILE\" makes the instance anew.",
		.options = options,
		.operands = "FILE|DIR",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_backup = {
	"backup", "The whole instance as one sealed file, while it runs", verbs};
