/* SPDX-License-Identifier: Apache-2.0 */
/* pantau init: the state folder, the registry, the private CA and the server's certificate. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/account.h"
#include "cli/cmd.h"
#include "cli/rights.h"
#include "collector/reflector/master.h"
#include "collector/signer/signer.h"
#include "common/file.h"

#define NAMES_MAX 32 /* names and addresses in the server's certificate */

static const struct opt options[] = {
	{"name", OPT_TEXT, OPT_REPEAT, "NAME",
		"a DNS name or address by which agents reach this collector"},
	{"admin", OPT_TEXT, 0, "NAME", "the first administrator of the web (default admin)"},
	{"no-admin", OPT_FLAG, 0, NULL, "make no administrator: pantau user add does later"},
	{"rights", OPT_FLAG, 0, NULL,
		"make nothing: only give what is there to its owners, as root"},
	{NULL},
};

struct paths {
	char ca[PATH_MAX], ca_key[PATH_MAX], tls[PATH_MAX], journal[PATH_MAX];
	char server_key[PATH_MAX], server_certificate[PATH_MAX];
};

static int join_paths(struct cmd *cmd, struct paths *ret)
{
	int rc = file_join(ret->ca, PATH_MAX, cmd->state, "ca");

	if (!rc)
		rc = file_join(ret->ca_key, PATH_MAX, cmd->state, "ca/ca.key");
	if (!rc)
		rc = file_join(ret->tls, PATH_MAX, cmd->state, "tls");
	if (!rc)
		rc = file_join(ret->journal, PATH_MAX, cmd->state, "journal");
	if (!rc)
		rc = file_join(ret->server_key, PATH_MAX, cmd->state, "tls/server.key");
	if (!rc)
		rc = file_join(ret->server_certificate, PATH_MAX, cmd->state, "tls/server.crt");
	return rc ? err_errno(&cmd->err, rc, "%s", cmd->state) : 0;
}

/* What agents may call the collector: pantau-collector, which they do by default, this machine, and
 * what the person adds. */
static int collect_names(
	struct cmd *cmd, char *host, size_t size, const char **names, size_t *ret_count)
{
	static const char *const always[] = {"pantau-collector", "localhost", "127.0.0.1", "::1"};
	size_t count = 0;
	const char *name;

	for (; count < sizeof(always) / sizeof(always[0]); count++)
		names[count] = always[count];
	if (!gethostname(host, size - 1) && *host && strcmp(host, "localhost"))
		names[count++] = host;
	for (size_t i = 0; (name = opts_nth(cmd->opts, "name", i)); i++) {
		if (count == NAMES_MAX)
			return err_set(&cmd->err, -EINVAL, "--name: too many");
		names[count++] = name;
	}
	*ret_count = count;
	return 0;
}

static int issue_server(struct cmd *cmd, const struct paths *paths)
{
	const char *names[NAMES_MAX];
	char host[256] = "";
	struct signer *signer;
	size_t count = 0;
	int rc = collect_names(cmd, host, sizeof(host), names, &count);

	if (!rc)
		rc = file_make_folder(paths->tls, 0750, &cmd->err);
	if (!rc)
		rc = signer_open(paths->ca, &signer, &cmd->err);
	if (rc)
		return rc;
	rc = signer_issue_server(signer,
		&(struct signer_server){
			.names = names,
			.name_count = count,
			.key_file = paths->server_key,
			.certificate_file = paths->server_certificate,
		},
		&cmd->err);
	signer_free(signer);
	return rc;
}

/* ---- the first administrator */

static int see_any(void *arg, const struct registry_user *user)
{
	return 1;
}

static int add_admin(struct cmd *cmd, struct registry *registry, const char *name)
{
	struct registry_user user = {.role = USER_ADMIN};
	struct account_keys keys;
	struct user_keys kept;
	int64_t id;
	int rc;

	if (strlen(name) >= sizeof(user.name))
		return err_set(&cmd->err, -EINVAL, "--admin is longer than %zu characters",
			sizeof(user.name) - 1);
	strcpy(user.name, name);
	rc = account_make_password(&keys, &cmd->err);
	if (rc)
		return rc;
	kept = account_kept(&keys);
	rc = registry_user_add(registry, &user, &kept, &id, &cmd->err);
	if (!rc)
		printf("administrator: %s\npassword: %s\n(told this once; \"pantau user passwd "
		       "%s\" sets another)\n",
			user.name, keys.password, user.name);
	account_forget(&keys);
	return rc;
}

/* 1: made; 0: there is or was an account already, or none is wanted. */
static int make_admin(struct cmd *cmd)
{
	struct registry *registry;
	int rc;

	if (opts_has(cmd->opts, "no-admin"))
		return 0;
	rc = cmd_registry(cmd, REGISTRY_WRITE, &registry);
	if (rc)
		return rc;
	rc = registry_users(registry, see_any, NULL, &cmd->err);
	if (!rc)
		rc = add_admin(cmd, registry, opts_text(cmd->opts, "admin", "admin"));
	else if (rc > 0)
		rc = -EALREADY;
	registry_close(registry);
	if (rc == -EALREADY)
		return 0;
	return rc < 0 ? rc : 1;
}

static int create_registry(struct cmd *cmd)
{
	struct registry *registry;
	int rc = cmd_registry(cmd, REGISTRY_CREATE, &registry);

	if (!rc)
		registry_close(registry);
	return rc;
}

/* A state folder from before there was STAMP gets its key; one from before there were accounts, its
 * administrator. */
static enum cmd_exit complete(struct cmd *cmd)
{
	int key = master_make(cmd->state, &cmd->err), admin = 0;

	if (key >= 0)
		admin = make_admin(cmd);
	if (key < 0 || admin < 0)
		return CMD_FAILED;
	if (key || admin)
		printf("%s was initialised already; what is new was made:%s%s\n", cmd->state,
			key ? " stamp.key" : "", admin ? " administrator" : "");
	else
		printf("%s is already initialised; nothing was changed\n", cmd->state);
	return CMD_OK;
}

/* The certificate comes last: once it is there, everything is. A call that was cut short is
 * finished by the next one. */
static enum cmd_exit make(struct cmd *cmd)
{
	struct paths paths;
	int rc = join_paths(cmd, &paths);

	if (rc)
		return CMD_FAILED;
	if (!access(paths.server_certificate, F_OK))
		return complete(cmd);
	rc = create_registry(cmd);
	if (!rc)
		rc = file_make_folder(paths.journal, 0750, &cmd->err);
	if (!rc && access(paths.ca_key, F_OK))
		rc = signer_create_ca(paths.ca, &cmd->err);
	if (!rc && master_make(cmd->state, &cmd->err) < 0)
		rc = cmd->err.code;
	if (!rc)
		rc = issue_server(cmd, &paths);
	if (!rc)
		printf("%s is initialised: registry, certificate authority, server certificate\n",
			cmd->state);
	if (!rc && make_admin(cmd) < 0)
		rc = cmd->err.code;
	return cmd_result(rc);
}

static enum cmd_exit run(struct cmd *cmd)
{
	bool only = opts_has(cmd->opts, "rights");
	enum cmd_exit result = only ? CMD_OK : make(cmd);

	if (only && !rights_apply())
		return cmd_result(err_set(&cmd->err, -EPERM,
			"--rights: needs root, and the accounts of systemd/pantau.sysusers"));
	if (result == CMD_OK && rights_apply())
		result = cmd_result(rights_give(cmd->state, &cmd->err));
	return result;
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary =
			"Make the state folder, the registry, the private CA and an administrator",
		.help = "Done once, before anything else. Prints the administrator's name and "
			"password, once. Called\nagain it says so, changes nothing and exits with "
			"0. As root on a machine with the service's accounts, everything "
			"is\ngiven to its owners, also what an older version left.",
		.options = options,
	},
	{NULL},
};

const struct cmd_command cmd_init = {
	"init", "The state folder, the registry, the private CA", verbs};
