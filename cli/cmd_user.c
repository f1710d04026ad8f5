/* SPDX-License-Identifier: Apache-2.0 */
/* pantau user: who may log in at the web, and what they may do there. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/account.h"
#include "cli/cmd.h"
#include "cli/papers.h"
#include "collector/store/registry_user.h"

static const char *const roles[] = {"admin", "noc", "officer", "provider", NULL};

static const struct opt add_options[] = {
	{"role", OPT_CHOICE, OPT_REQUIRED, NULL, "what they may do", roles},
	{"kabupaten", OPT_TEXT, 0, "KODE", "an officer's kabupaten or kota, such as 64.08"},
	{"provider", OPT_TEXT, 0, "NAME", "a provider's name, as its links have it"},
	{"generate", OPT_FLAG, 0, NULL, "make up a password and print it, once; or"},
	{"token", OPT_FLAG, 0, NULL, "no password but a token, for a script; printed once"},
	{NULL},
};

static const struct opt passwd_options[] = {
	{"generate", OPT_FLAG, 0, NULL, "make up a password and print it, once"},
	{NULL},
};

static const struct opt token_options[] = {
	{"revoke", OPT_FLAG, 0, NULL, "only end the token that it has"},
	{NULL},
};

static int read_name(struct cmd *cmd, const char **ret_name)
{
	if (!cmd->opts->operand_count)
		return err_set(&cmd->err, -EINVAL, "which account? give its name");
	*ret_name = cmd->opts->operands[0];
	return 0;
}

static int read_user(struct cmd *cmd, struct registry_user *user)
{
	const char *name;
	int rc = read_name(cmd, &name);

	if (rc)
		return rc;
	if (strlen(name) >= sizeof(user->name))
		return err_set(&cmd->err, -EINVAL, "name = %.40s: is longer than %zu characters",
			name, sizeof(user->name) - 1);
	strcpy(user->name, name);
	user->role = (enum user_role)user_role_parse(opts_text(cmd->opts, "role", ""));
	rc = papers_text(cmd, "kabupaten", user->kabupaten, sizeof(user->kabupaten));
	return rc ? rc : papers_text(cmd, "provider", user->provider, sizeof(user->provider));
}

/* ---- add */

static int make_keys(struct cmd *cmd, const char *name, struct account_keys *keys)
{
	if (opts_has(cmd->opts, "token"))
		return account_make_token(keys, &cmd->err);
	if (opts_has(cmd->opts, "generate"))
		return account_make_password(keys, &cmd->err);
	return account_ask_password(name, keys, &cmd->err);
}

static int add(struct cmd *cmd, const struct registry_user *user, const struct account_keys *keys)
{
	const struct user_keys kept = account_kept(keys);
	struct registry *registry;
	int64_t id;
	int rc = cmd_registry(cmd, REGISTRY_WRITE, &registry);

	if (rc)
		return rc;
	rc = registry_user_add(registry, user, &kept, &id, &cmd->err);
	registry_close(registry);
	return rc;
}

static enum cmd_exit run_add(struct cmd *cmd)
{
	struct registry_user user = {0};
	struct account_keys keys;
	int rc;

	if (read_user(cmd, &user))
		return CMD_USAGE;
	if (opts_has(cmd->opts, "generate") && opts_has(cmd->opts, "token"))
		return cmd_usage(cmd, "give one of --generate and --token");
	rc = make_keys(cmd, user.name, &keys);
	if (rc)
		return CMD_FAILED;
	rc = add(cmd, &user, &keys);
	if (!rc)
		account_print(&keys);
	account_forget(&keys);
	return cmd_result(rc);
}

/* ---- passwd, token, remove */

static enum cmd_exit run_passwd(struct cmd *cmd)
{
	bool generate = opts_has(cmd->opts, "generate");
	struct registry *registry;
	struct account_keys keys;
	const char *name;
	int rc;

	if (read_name(cmd, &name))
		return CMD_USAGE;
	rc = generate ? account_make_password(&keys, &cmd->err)
		      : account_ask_password(name, &keys, &cmd->err);
	if (rc)
		return CMD_FAILED;
	rc = cmd_registry(cmd, REGISTRY_WRITE, &registry);
	if (!rc) {
		rc = registry_user_set_password(registry, name, keys.kept, NULL, &cmd->err);
		registry_close(registry);
	}
	if (!rc)
		account_print(&keys);
	account_forget(&keys);
	return cmd_result(rc);
}

static enum cmd_exit run_token(struct cmd *cmd)
{
	bool revoke = opts_has(cmd->opts, "revoke");
	struct account_keys keys = {0};
	struct registry *registry;
	const char *name;
	int rc = 0;

	if (read_name(cmd, &name))
		return CMD_USAGE;
	if (!revoke)
		rc = account_make_token(&keys, &cmd->err);
	if (!rc)
		rc = cmd_registry(cmd, REGISTRY_WRITE, &registry);
	if (!rc) {
		rc = registry_user_set_token(
			registry, name, revoke ? NULL : keys.token_hash, &cmd->err);
		registry_close(registry);
	}
	if (!rc && !revoke)
		account_print(&keys);
	account_forget(&keys);
	return cmd_result(rc);
}

static enum cmd_exit run_remove(struct cmd *cmd)
{
	struct registry *registry;
	const char *name;
	int rc;

	if (read_name(cmd, &name))
		return CMD_USAGE;
	rc = cmd_registry(cmd, REGISTRY_WRITE, &registry);
	if (!rc) {
		rc = registry_user_remove(registry, name, &cmd->err);
		registry_close(registry);
	}
	return cmd_result(rc);
}

/* ---- list */

static const struct table_column columns[] = {
	{"name", "Akun"},
	{"role", "Peran"},
	{"kabupaten", "Kabupaten"},
	{"provider", "Penyedia"},
	{"created", "Dibuat"},
	{"password", "Sandi sejak"},
	{"token", "Token sejak"},
	{"removed", "Dihapus"},
	{NULL},
};

static int put_user(void *arg, const struct registry_user *user)
{
	struct table *table = arg;

	table_text(table, user->name);
	table_text(table, user_role_name(user->role));
	table_text(table, user->kabupaten);
	table_text(table, user->provider);
	cmd_put_time(table, user->created_s);
	cmd_put_time(table, user->password_s);
	cmd_put_time(table, user->token_s);
	cmd_put_time(table, user->removed_s);
	return 0;
}

static int fill_list(struct cmd_list *list)
{
	return registry_users(list->registry, put_user, list->table, &list->cmd->err);
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	return cmd_print_list(cmd, columns, fill_list);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "add",
		.run = run_add,
		.summary = "Add an account",
		.help = "admin: everything; noc: sees all, tickets and proposals; officer: decides "
			"in "
			"one kabupaten;\nprovider: sees its own links, and objects. The password "
			"is "
			"asked for twice, or read as one line\nfrom standard input; it is never a "
			"word of the command. At least 12 characters.",
		.options = add_options,
		.operands = "NAME",
		.operands_max = 1,
	},
	{
		.name = "passwd",
		.run = run_passwd,
		.summary = "Give an account another password; its logins end",
		.help = "Asked for twice, or read as one line from standard input. A token stays.",
		.options = passwd_options,
		.operands = "NAME",
		.operands_max = 1,
	},
	{
		.name = "token",
		.run = run_token,
		.summary = "Give an account a token for scripts, and print it, once",
		.help = "Sent as \"Authorization: Bearer TOKEN\". The token that it had ends.",
		.options = token_options,
		.operands = "NAME",
		.operands_max = 1,
	},
	{
		.name = "list",
		.run = run_list,
		.summary = "List the accounts, removed ones too",
		.help = "Times are UTC.",
		.prints_table = true,
	},
	{
		.name = "remove",
		.run = run_remove,
		.summary = "Remove an account; its logins and its token end at once",
		.help = "What it did stays in the log under its name. The last administrator "
			"stays.",
		.operands = "NAME",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_user = {"user", "Accounts of the web: who may do what", verbs};
