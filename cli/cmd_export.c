/* SPDX-License-Identifier: Apache-2.0 */
/* pantau export: the raw evidence of a set of links, as one file. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "collector/archive/archive_export.h"
#include "common/civil.h"
#include "common/file.h"

#define FILE_MODE 0640 /* it tells where villages have no power */

static const struct opt options[] = {
	{"month", OPT_TEXT, OPT_REQUIRED, "YYYY-MM", "the month that it is made for"},
	{"kabupaten", OPT_TEXT, 0, "KODE", "only this kabupaten or kota"},
	{"kecamatan", OPT_TEXT, 0, "KODE", "only this kecamatan"},
	{"desa", OPT_TEXT, 0, "KODE", "only this desa"},
	{"provider", OPT_TEXT, 0, "NAME", "only this provider"},
	{"link", OPT_NUMBER, 0, "ID", "only this link", NULL, 1, INT64_MAX},
	{"o", OPT_TEXT, OPT_REQUIRED, "FILE", "the file to be written; - is standard output"},
	{NULL},
};

static int open_both(struct cmd *cmd, struct archive_wish *wish)
{
	int rc = cmd_registry(cmd, REGISTRY_READ, &wish->registry);

	if (rc)
		return rc;
	rc = ledger_db_open(cmd->state, &wish->ledger, &cmd->err);
	return rc == -ENOENT ? 0 : rc;
}

static void say(FILE *out, const char *path, const struct archive_written *written)
{
	fprintf(out,
		"%s: %zu links, %zu agents, %" PRId64 " rows, %" PRId64 " records, %" PRIu64
		" bytes\n",
		path, written->links, written->agents, written->rows, written->records,
		written->bytes);
}

/* Written beside it, then moved to its name: whoever finds the file finds all of it. */
static int write_file(struct cmd *cmd, const struct archive_wish *wish, const char *path)
{
	struct archive_written written;
	char temp[PATH_MAX];
	struct stat there;
	int fd, rc;

	if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return err_set(&cmd->err, -EINVAL, "%s: is there and is no file", path);
	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >= (int)sizeof(temp))
		return err_errno(&cmd->err, -ENAMETOOLONG, "%s", path);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return err_errno(&cmd->err, -errno, "%s", path);
	rc = archive_export(wish, fd, path, &written, &cmd->err);
	if (!rc && (fchmod(fd, FILE_MODE) < 0 || fsync(fd) < 0))
		rc = err_errno(&cmd->err, -errno, "%s", path);
	if (close(fd) < 0 && !rc)
		rc = err_errno(&cmd->err, -errno, "%s", path);
	if (!rc && rename(temp, path) < 0)
		rc = err_errno(&cmd->err, -errno, "%s", path);
	if (rc)
		unlink(temp);
	else
		say(stdout, path, &written);
	return rc;
}

static int write_out(struct cmd *cmd, const struct archive_wish *wish)
{
	struct archive_written written;
	int rc = archive_export(wish, STDOUT_FILENO, "standard output", &written, &cmd->err);

	if (!rc)
		say(stderr, "standard output", &written);
	return rc;
}

static enum cmd_exit run(struct cmd *cmd)
{
	const char *path = opts_text(cmd->opts, "o", NULL);
	struct archive_wish wish = {
		.month = opts_text(cmd->opts, "month", NULL),
		.filter.desa = opts_text(cmd->opts, "desa", NULL),
		.filter.kecamatan = opts_text(cmd->opts, "kecamatan", NULL),
		.filter.kabupaten = opts_text(cmd->opts, "kabupaten", NULL),
		.filter.provider = opts_text(cmd->opts, "provider", NULL),
		.filter.link = opts_number(cmd->opts, "link", 0),
		.now_s = time(NULL),
	};
	int64_t from_s, to_s;
	int rc;

	if (civil_month(wish.month, 0, &from_s, &to_s, &cmd->err)) {
		err_prefix(&cmd->err, "--month");
		return CMD_USAGE;
	}
	rc = open_both(cmd, &wish);
	if (!rc)
		rc = strcmp(path, "-") ? write_file(cmd, &wish, path) : write_out(cmd, &wish);
	ledger_db_close(wish.ledger);
	registry_close(wish.registry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "The raw evidence of a set of links, as one file",
		.help = "Everything that the figures of the links hang on: regions, links, "
			"contracts, exclusions and other\ndecisions, agents (no keys), bindings, "
			"and "
			"every record that the agents sent, over the links' whole\nhistory, "
			"because "
			"a second's state hangs on what came before it and on what follows. "
			"\"pantau import\"\nreads it into another instance; docs/EVIDENCE.md has "
			"the format.",
		.options = options,
	},
	{NULL},
};

const struct cmd_command cmd_export = {
	"export", "The raw evidence of a set of links, as one file", verbs};
