/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/readmit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "collector/store/ledger_db.h"
#include "collector/store/registry_identity.h"

const struct opt readmit_options[] = {
	{"agent", OPT_NUMBER, 0, "ID", "its number; or as a word alone", NULL, 1, UINT32_MAX},
	{"reason", OPT_TEXT, OPT_REQUIRED, "TEXT", "how it is known that this is the router"},
	{"request", OPT_NUMBER, 0, "N", "which, where the agent asks with several keys", NULL, 1,
		INT64_MAX},
	{NULL},
};

const char readmit_help[] =
	"Its certificate expired while it was switched off. The request that is shown, and no "
	"other,\ngets a certificate when the router asks again, within 10 minutes. First find out "
	"that the\nrouter stands where it belongs: call the village. One that was stolen is "
	"revoked instead.\nTwo requests of one agent are two devices: one of them is a copy.";

const char readmit_waiting_help[] =
	"One row a request, with the address that it comes from, and when its link was last heard "
	"of.\n\"admitted\" ones get their certificate when they ask again.";

static const struct table_column columns[] = {
	{"request", "Permintaan", TABLE_NUMBER},
	{"agent", "Agen", TABLE_NUMBER},
	{"name", "Nama"},
	{"link", "Link", TABLE_NUMBER},
	{"desa", "Desa"},
	{"provider", "Provider"},
	{"address", "Alamat"},
	{"expired", "Kedaluwarsa"},
	{"heard", "Terakhir terdengar"},
	{"asked", "Sejak"},
	{"last", "Terakhir"},
	{"admitted", "Diizinkan"},
	{NULL},
};

struct list {
	struct cmd *cmd;
	struct registry *registry;
	struct ledger_db *ledger; /* NULL: there is none yet */
	struct table *table;
	uint32_t agent; /* being put */
	struct registry_binding binding; /* its last one; link 0: none */
	int64_t wanted; /* a request; 0: all */
	size_t count;
	int64_t request; /* the last one that was put */
};

/* ---- what is known of one */

static int find_name(void *arg, const struct registry_agent *agent)
{
	struct list *list = arg;

	if (agent->id != list->agent)
		return 0;
	table_text(list->table, agent->name);
	return 1;
}

static int keep_binding(void *arg, const struct registry_binding *binding)
{
	struct list *list = arg;

	if (binding->from_s >= list->binding.from_s)
		list->binding = *binding;
	return 0;
}

static void put_link(struct list *list)
{
	struct registry_link link;
	struct err unused;

	list->binding = (struct registry_binding){0};
	registry_bindings(list->registry, list->agent, keep_binding, list, &unused);
	if (!list->binding.link ||
		registry_link_get(list->registry, list->binding.link, &link, &unused) < 0) {
		for (int i = 0; i < 3; i++)
			table_empty(list->table);
		return;
	}
	table_number(list->table, link.id);
	table_text(list->table, link.desa);
	table_text(list->table, link.provider);
}

static void put_heard(struct list *list)
{
	struct ledger_live live = {0};
	struct err unused;

	if (list->ledger && list->binding.link)
		ledger_live_get(list->ledger, list->binding.link, &live, &unused);
	cmd_put_time(list->table, live.heard_us / 1000000);
}

static int put(void *arg, const struct registry_parked *parked)
{
	struct list *list = arg;

	if (list->wanted && parked->id != list->wanted)
		return 0;
	list->count++;
	list->request = parked->id;
	list->agent = parked->agent;
	table_number(list->table, parked->id);
	table_number(list->table, parked->agent);
	if (registry_agents(list->registry, find_name, list, &list->cmd->err) <= 0)
		table_empty(list->table);
	put_link(list);
	table_text(list->table, parked->address);
	cmd_put_time(list->table, parked->expired_s);
	put_heard(list);
	cmd_put_time(list->table, parked->asked_s);
	cmd_put_time(list->table, parked->last_s);
	cmd_put_time(list->table, parked->admitted_s);
	return 0;
}

/* ---- the verbs */

static int fill(struct list *list, uint32_t agent)
{
	struct cmd *cmd = list->cmd;
	struct err none;
	int rc;

	list->table = table_new(columns);
	if (!list->table)
		return err_set(&cmd->err, -ENOMEM, "out of memory");
	if (ledger_db_open(cmd->state, &list->ledger, &none) < 0)
		list->ledger = NULL;
	rc = registry_parked(list->registry, agent, put, list, &cmd->err);
	ledger_db_close(list->ledger);
	return rc;
}

enum cmd_exit readmit_list(struct cmd *cmd)
{
	struct list list = {.cmd = cmd};
	int rc;

	if (cmd_registry(cmd, REGISTRY_READ, &list.registry))
		return CMD_FAILED;
	rc = fill(&list, 0);
	registry_close(list.registry);
	if (!rc)
		return cmd_print_table(cmd, list.table);
	table_free(list.table);
	return CMD_FAILED;
}

static int readmit(struct list *list, uint32_t agent)
{
	struct cmd *cmd = list->cmd;
	int rc = fill(list, agent);

	if (rc)
		return rc;
	if (list->count == 0)
		return err_set(&cmd->err, -ENOENT,
			"agent %" PRIu32 " does not ask to be let in again%s", agent,
			list->wanted ? " with this request" : "");
	if (list->count > 1)
		return err_set(&cmd->err, -EEXIST,
			"agent %" PRIu32
			" asks with %zu keys: one of them is a copy. Look with \"pantau agent "
			"waiting\", choose with --request",
			agent, list->count);
	return registry_readmit(
		list->registry, list->request, opts_text(cmd->opts, "reason", ""), &cmd->err);
}

enum cmd_exit readmit_run(struct cmd *cmd)
{
	struct list list = {.cmd = cmd, .wanted = opts_number(cmd->opts, "request", 0)};
	int64_t agent;
	int rc;

	if (cmd_id(cmd, "agent", &agent))
		return CMD_USAGE;
	if (agent > UINT32_MAX)
		return cmd_usage(cmd, "agent = '%" PRId64 "': there is no such number", agent);
	if (cmd_registry(cmd, REGISTRY_WRITE, &list.registry))
		return CMD_FAILED;
	rc = readmit(&list, (uint32_t)agent);
	registry_close(list.registry);
	if (!rc)
		return cmd_print_table(cmd, list.table);
	table_free(list.table);
	return CMD_FAILED;
}
