/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/configure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_configuration.h"

const struct opt configure_options[] = {
	{"all", OPT_FLAG, 0, NULL, "every agent"},
	{"provider", OPT_TEXT, 0, "NAME", "the agents at this provider's links"},
	{"link", OPT_NUMBER, 0, "ID", "those at this link", NULL, 1, INT64_MAX},
	{"agent", OPT_NUMBER, 0, "ID", "this one; with --list: of it alone", NULL, 1, UINT32_MAX},
	{"set", OPT_TEXT, OPT_REPEAT, "SECTION.KEY=VALUE", "asks for it"},
	{"unset", OPT_TEXT, OPT_REPEAT, "SECTION.KEY", "asks for it no more"},
	{"list", OPT_FLAG, 0, NULL, "what is asked of whom, and what they follow"},
	{NULL},
};

const char configure_help[] =
	"Sets keys of agent.conf from here: those that docs/CONFIGURATION.md marks, within the "
	"ceilings that are\ncompiled into each agent. The narrower word wins, key by key: an "
	"agent's "
	"over its link's, that over the\nprovider's, that over --all. Agents that are connected "
	"hear "
	"of it within half a minute. One that loses\nthe collector by it goes back to what it had, "
	"after ten minutes.";

/* Exactly one of the four. */
static enum cmd_exit read_scope(struct cmd *cmd, struct registry_setting *of)
{
	const char *text = NULL;

	for (int scope = 0; scope < CONFIGURE_COUNT; scope++) {
		const char *name = configuration_scope_name((enum configuration_scope)scope);

		if (!opts_has(cmd->opts, name))
			continue;
		if (text)
			return cmd_usage(cmd, "--%s and --%s: give only one",
				configuration_scope_name(of->scope), name);
		of->scope = (enum configuration_scope)scope;
		text = opts_text(cmd->opts, name, NULL);
		text = text ? text : "";
	}
	if (!text)
		return cmd_usage(
			cmd, "for whom? give one of --all, --provider, --link, --agent; or --list");
	if (strlen(text) >= sizeof(of->subject))
		return cmd_usage(cmd, "--%s is longer than %zu bytes",
			configuration_scope_name(of->scope), sizeof(of->subject) - 1);
	strcpy(of->subject, text);
	return CMD_OK;
}

struct wishes {
	size_t count;
	struct registry_wish list[OPTS_GIVEN_MAX];
	char keys[OPTS_GIVEN_MAX][AFAR_NAME_BYTES];
};

static enum cmd_exit add_wish(struct cmd *cmd, struct wishes *wishes, const char *text, bool set)
{
	char *key = wishes->keys[wishes->count];
	size_t length = strcspn(text, set ? "=" : "");

	if (set && !text[length])
		return cmd_usage(cmd, "--set '%.80s': must be SECTION.KEY=VALUE", text);
	if (length >= AFAR_NAME_BYTES)
		return cmd_usage(cmd, "'%.80s': there is no such key", text);
	memcpy(key, text, length);
	key[length] = '\0';
	for (size_t i = 0; i < wishes->count; i++)
		if (!strcmp(wishes->keys[i], key))
			return cmd_usage(cmd, "%s is given twice", key);
	wishes->list[wishes->count++] = (struct registry_wish){key, set ? text + length + 1 : NULL};
	return CMD_OK;
}

static enum cmd_exit read_wishes(struct cmd *cmd, struct wishes *ret_wishes)
{
	static const char *const names[] = {"unset", "set"};
	enum cmd_exit status = CMD_OK;
	const char *text;

	for (int set = 0; set < 2; set++)
		for (size_t i = 0; !status && (text = opts_nth(cmd->opts, names[set], i)); i++)
			status = add_wish(cmd, ret_wishes, text, set);
	if (!status && !ret_wishes->count)
		status = cmd_usage(
			cmd, "what? give --set SECTION.KEY=VALUE or --unset SECTION.KEY");
	return status;
}

static enum cmd_exit change(struct cmd *cmd)
{
	struct registry_setting of = {.scope = CONFIGURE_ALL};
	struct wishes wishes = {.count = 0};
	struct registry *registry;
	enum cmd_exit status = read_scope(cmd, &of);
	int rc;

	if (status == CMD_OK)
		status = read_wishes(cmd, &wishes);
	if (status != CMD_OK)
		return status;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = registry_configure(registry, &of, wishes.list, wishes.count, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

enum cmd_exit configure_run(struct cmd *cmd)
{
	return opts_has(cmd->opts, "list") ? configure_list(cmd) : change(cmd);
}
