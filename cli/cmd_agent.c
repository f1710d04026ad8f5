/* SPDX-License-Identifier: Apache-2.0 */
/* pantau agent: identities, and which WAN of which agent measures which link. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/cmd.h"
#include "cli/configure.h"
#include "cli/issue.h"
#include "cli/issue_many.h"
#include "cli/readmit.h"
#include "collector/settings.h"
#include "collector/store/registry_identity.h"

#define EVERY_LINK_OFFSET_S (8 * 3600) /* WITA: what a date means where links have several zones */

static const struct opt issue_options[] = {
	{"link", OPT_NUMBER, 0, "ID", "the link that it measures, or", NULL, 1, INT64_MAX},
	{"every-link", OPT_FLAG, 0, NULL,
		"one for each link that nobody measures yet, in DIR/link-ID; prints a CSV of them"},
	{"out", OPT_TEXT, OPT_REQUIRED, "DIR", "where the files go; made when it is missing"},
	{"wan", OPT_TEXT, 0, "NAME", "the WAN that measures the link (default wan)"},
	{"from", OPT_TEXT, 0, "TIME", "its slots count from here (default now)"},
	{"name", OPT_TEXT, 0, "NAME", "what people call it (default agent-ID)"},
	{"collector", OPT_TEXT, 0, "HOST:PORT", "for agent.conf (default 127.0.0.1:7443)"},
	{NULL},
};

static const struct opt bind_options[] = {
	{"agent", OPT_NUMBER, OPT_REQUIRED, "ID", "the agent", NULL, 1, UINT32_MAX},
	{"wan", OPT_TEXT, 0, "NAME", "its WAN (default wan)"},
	{"link", OPT_NUMBER, OPT_REQUIRED, "ID", "the link that it measures", NULL, 1, INT64_MAX},
	{"from", OPT_TEXT, OPT_REQUIRED, "TIME", "begin; a date is 00:00 of the link's zone"},
	{"to", OPT_TEXT, 0, "TIME", "end, exclusive (default: until further notice)"},
	{NULL},
};

static const struct opt revoke_options[] = {
	{"agent", OPT_NUMBER, 0, "ID", "its number; or as a word alone", NULL, 1, UINT32_MAX},
	{NULL},
};

/* Both become lines of agent.conf. */
static enum cmd_exit check_words(struct cmd *cmd)
{
	const char *collector = opts_text(cmd->opts, "collector", "");
	const char *wan = opts_text(cmd->opts, "wan", "wan");

	if (strlen(wan) > WAN_NAME_MAX)
		return cmd_usage(cmd, "--wan = '%.60s': longer than %d bytes", wan, WAN_NAME_MAX);
	if (strpbrk(wan, " \t\r\n#;=") || strpbrk(collector, " \t\r\n#;="))
		return cmd_usage(cmd, "--wan and --collector hold no spaces, #, ; or =");
	return CMD_OK;
}

/* What pantau-swarm reads of its agents, and whoever carries the folders to the routers. */
static enum cmd_exit print_many(struct cmd *cmd, const struct issue_many *many)
{
	static const struct table_column issued[] = {
		{"agent"}, {"link"}, {"folder"}, {"desa"}, {"provider"}, {"kind"}, {NULL}};
	struct table *table = table_new(issued);

	if (!table)
		return cmd_result(err_set(&cmd->err, -ENOMEM, "out of memory"));
	for (size_t i = 0; i < many->of.count; i++) {
		table_number(table, many->agents[i]);
		table_number(table, many->of.links[i].id);
		table_text(table, strrchr(many->orders[i].folder, '/') + 1);
		table_text(table, many->of.links[i].desa);
		table_text(table, many->of.links[i].provider);
		table_text(table, link_kind_name(many->of.links[i].kind));
	}
	return cmd_print(cmd, table, CMD_CSV, NULL);
}

/* One moment is meant for all of them, whatever their zones. */
static enum cmd_exit issue_many(
	struct cmd *cmd, struct registry *registry, struct issue_order *order)
{
	struct issue_many many;
	enum cmd_exit status;

	if (opts_has(cmd->opts, "name"))
		return cmd_usage(cmd, "--name is for one agent, not for --every-link");
	if (cmd_time(cmd, "from", EVERY_LINK_OFFSET_S, &order->from_s))
		return CMD_USAGE;
	if (issue_every_link(registry, order, &many, &cmd->err))
		return CMD_FAILED;
	status = print_many(cmd, &many);
	issue_many_done(&many);
	return status;
}

static enum cmd_exit issue(struct cmd *cmd, struct registry *registry, const char *reflector)
{
	struct issue_order order = {
		.state = cmd->state,
		.folder = opts_text(cmd->opts, "out", NULL),
		.collector = opts_text(cmd->opts, "collector", "127.0.0.1:7443"),
		.reflector = reflector,
		.name = opts_text(cmd->opts, "name", NULL),
		.wan = opts_text(cmd->opts, "wan", "wan"),
		.link = opts_number(cmd->opts, "link", 0),
		.from_s = time(NULL),
	};
	struct registry_link link;
	uint32_t agent;

	if (opts_has(cmd->opts, "every-link") == opts_has(cmd->opts, "link"))
		return cmd_usage(cmd, "either --link ID or --every-link");
	if (opts_has(cmd->opts, "every-link"))
		return issue_many(cmd, registry, &order);
	if (registry_link_get(registry, order.link, &link, &cmd->err))
		return CMD_FAILED;
	if (cmd_time(cmd, "from", link.offset_s, &order.from_s))
		return CMD_USAGE;
	if (issue_agent(registry, &order, &agent, &cmd->err))
		return CMD_FAILED;
	printf("%" PRIu32 "\n", agent);
	return CMD_OK;
}

static enum cmd_exit run_issue(struct cmd *cmd)
{
	struct registry *registry;
	struct settings settings;
	enum cmd_exit status = check_words(cmd);

	if (status != CMD_OK)
		return status;
	if (settings_load(cmd->config, &settings, &cmd->err))
		return CMD_FAILED;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry)) {
		settings_done(&settings);
		return CMD_FAILED;
	}
	status = issue(cmd, registry, settings.reflector_listen);
	registry_close(registry);
	settings_done(&settings);
	return status;
}

static enum cmd_exit bind_wan(struct cmd *cmd, struct registry *registry)
{
	struct registry_binding binding = {
		.agent = (uint32_t)opts_number(cmd->opts, "agent", 0),
		.link = opts_number(cmd->opts, "link", 0),
		.to_s = SPAN_FOREVER,
	};
	struct registry_link link;
	int64_t id;

	strcpy(binding.wan, opts_text(cmd->opts, "wan", "wan"));
	if (registry_link_get(registry, binding.link, &link, &cmd->err))
		return CMD_FAILED;
	if (cmd_time(cmd, "from", link.offset_s, &binding.from_s) ||
		cmd_time(cmd, "to", link.offset_s, &binding.to_s))
		return CMD_USAGE;
	return cmd_result(registry_agent_bind(registry, &binding, &id, &cmd->err));
}

static enum cmd_exit run_bind(struct cmd *cmd)
{
	struct registry *registry;
	enum cmd_exit status = check_words(cmd);

	if (status != CMD_OK)
		return status;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	status = bind_wan(cmd, registry);
	registry_close(registry);
	return status;
}

static enum cmd_exit run_revoke(struct cmd *cmd)
{
	struct registry *registry;
	int64_t id;
	int rc;

	if (cmd_id(cmd, "agent", &id))
		return CMD_USAGE;
	if (id > UINT32_MAX)
		return cmd_usage(cmd, "agent = '%" PRId64 "': there is no such number", id);
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = registry_agent_revoke(registry, (uint32_t)id, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

static const struct table_column columns[] = {
	{"agent", "Agen", TABLE_NUMBER},
	{"name", "Nama"},
	{"issued", "Diterbitkan"},
	{"revoked", "Dicabut"},
	{"wan", "WAN"},
	{"link", "Link", TABLE_NUMBER},
	{"from", "Mulai"},
	{"to", "Sampai"},
	{"fingerprint", "Sidik jari"},
	{"expires", "Sertifikat sampai"},
	{NULL},
};

struct list {
	struct cmd_list *of;
	const struct registry_agent *agent; /* whose bindings are being listed */
	struct registry_identity identity; /* its present certificate */
	size_t bindings;
};

static void put_row(struct list *list, const struct registry_binding *binding)
{
	const struct registry_agent *agent = list->agent;
	struct table *table = list->of->table;

	table_number(table, agent->id);
	table_text(table, agent->name);
	cmd_put_time(table, agent->issued_s);
	cmd_put_time(table, agent->revoked_s);
	if (binding) {
		table_text(table, binding->wan);
		table_number(table, binding->link);
		cmd_put_time(table, binding->from_s);
		cmd_put_time(table, binding->to_s);
	} else {
		for (int i = 0; i < 4; i++)
			table_empty(table);
	}
	table_text(table, list->identity.fingerprint);
	cmd_put_time(table, list->identity.expires_s);
}

static int keep_current(void *arg, const struct registry_identity *identity)
{
	struct list *list = arg;

	if (identity->state == IDENTITY_CURRENT)
		list->identity = *identity;
	return 0;
}

static int put_binding(void *arg, const struct registry_binding *binding)
{
	struct list *list = arg;

	put_row(list, binding);
	list->bindings++;
	return 0;
}

static int put_agent(void *arg, const struct registry_agent *agent)
{
	struct list *list = arg;
	int rc;

	list->agent = agent;
	list->bindings = 0;
	list->identity = (struct registry_identity){0};
	rc = registry_identities(
		list->of->registry, agent->id, keep_current, list, &list->of->cmd->err);
	if (rc)
		return rc;
	rc = registry_bindings(
		list->of->registry, agent->id, put_binding, list, &list->of->cmd->err);
	if (!rc && !list->bindings)
		put_row(list, NULL);
	return rc;
}

static int fill_list(struct cmd_list *of)
{
	struct list list = {.of = of};

	return registry_agents(of->registry, put_agent, &list, &of->cmd->err);
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	return cmd_print_list(cmd, columns, fill_list);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "issue",
		.run = run_issue,
		.summary = "Make a new agent's identity and print its number",
		.help = "Writes agent.key, agent.crt, ca.crt and a ready agent.conf into DIR, and "
			"binds its WAN to the link.\nWhoever holds agent.key is the agent: carry "
			"the folder to the router and delete it here.\n"
			"Prints the number alone, for scripts.",
		.options = issue_options,
	},
	{
		.name = "list",
		.run = run_list,
		.summary = "List the agents and what they measure",
		.help = "One row an agent and binding; times are UTC.",
		.prints_table = true,
	},
	{
		.name = "bind",
		.run = run_bind,
		.summary = "Say which link a WAN of an agent measures, from when",
		.help = "An open binding of the same WAN ends where the new one begins.",
		.options = bind_options,
	},
	{
		.name = "configure",
		.run = configure_run,
		.summary = "Ask agents for other targets, intervals and budgets",
		.help = configure_help,
		.options = configure_options,
		.prints_table = true,
	},
	{
		.name = "revoke",
		.run = run_revoke,
		.summary = "Take an agent's right to report",
		.help = "It is refused from now on; what it sent before stays.",
		.options = revoke_options,
		.operands = "[ID]",
		.operands_max = 1,
	},
	{
		.name = "waiting",
		.run = readmit_list,
		.summary = "List agents that ask to be let in again",
		.help = readmit_waiting_help,
		.prints_table = true,
	},
	{
		.name = "readmit",
		.run = readmit_run,
		.summary = "Let an agent in again whose certificate expired",
		.help = readmit_help,
		.options = readmit_options,
		.operands = "[ID]",
		.operands_max = 1,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_agent = {"agent", "Agents: identities, and what they measure", verbs};
