/* SPDX-License-Identifier: Apache-2.0 */
/* pantau server: the collector's own certificate. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "collector/signer/signer.h"
#include "common/file.h"

/* The service reads it as another account: whoever had the file has the new one. */
static int keep_owner(const char *path, const struct stat *before, struct err *err)
{
	if (chown(path, before->st_uid, before->st_gid) < 0 ||
		chmod(path, before->st_mode & 0777) < 0)
		return err_errno(err, -errno, "%s", path);
	return 0;
}

static int renew(const char *ca, const char *key, const char *certificate, struct err *err)
{
	struct signer *signer;
	struct stat before;
	int rc;

	if (stat(certificate, &before) < 0)
		return err_errno(err, -errno, "%s", certificate);
	rc = signer_open(ca, &signer, err);
	if (rc)
		return rc;
	rc = signer_renew_server(signer, key, certificate, err);
	signer_free(signer);
	return rc ? rc : keep_owner(certificate, &before, err);
}

static enum cmd_exit run_renew(struct cmd *cmd)
{
	char ca[PATH_MAX], key[PATH_MAX], certificate[PATH_MAX];

	if (file_join(ca, sizeof(ca), cmd->state, "ca") ||
		file_join(key, sizeof(key), cmd->state, "tls/server.key") ||
		file_join(certificate, sizeof(certificate), cmd->state, "tls/server.crt"))
		return cmd_result(err_set(&cmd->err, -ENAMETOOLONG, "%s", cmd->state));
	if (renew(ca, key, certificate, &cmd->err))
		return CMD_FAILED;
	printf("%s is renewed; restart pantau-ingest to use it\n", certificate);
	return CMD_OK;
}

static const struct cmd_verb verbs[] = {
	{
		.name = "renew",
		.run = run_renew,
		.summary = "Renew the collector's own certificate",
		.help = "The same key and names, ten years from now: to the agents it is the same "
			"collector.\n\"pantau status\" tells when it is time.",
	},
	{NULL},
};

const struct cmd_command cmd_server = {"server", "The collector's own certificate", verbs};
