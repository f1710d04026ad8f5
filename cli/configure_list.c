/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of whom, as it was entered; then, agent by agent, what follows from it and what the
 * agent says to it. */
#include <errno.h>
#include <string.h>

#include "cli/configure.h"
#include "collector/followers.h"
#include "collector/store/registry_configuration.h"

#define TEXT_BYTES (2 * CONFIGURATION_MAX) /* a section's name before each key */

static const struct table_column setting_columns[] = {
	{"scope", "Untuk"},
	{"subject", "Siapa"},
	{"key", "Kunci"},
	{"value", "Nilai"},
	{"from", "Sejak"},
	{"by", "Oleh"},
	{NULL},
};

static const struct table_column agent_columns[] = {
	{"agent", "Agen", TABLE_NUMBER},
	{"name", "Nama"},
	{"asked", "Diminta", TABLE_NUMBER},
	{"follows", "Diikuti", TABLE_NUMBER},
	{"state", "Keadaan"},
	{"refused", "Ditolak", TABLE_NUMBER},
	{"why", "Sebab"},
	{"said", "Dikatakan"},
	{"configuration", "Konfigurasi"},
	{NULL},
};

struct list {
	struct registry *registry;
	struct configuration_book *book;
	struct followers *followers;
	struct table *settings, *agents;
	uint32_t only; /* agent; 0: all */
};

static int put_setting(void *arg, const struct registry_setting *setting)
{
	struct list *list = arg;

	table_text(list->settings, configuration_scope_name(setting->scope));
	table_text(list->settings, setting->subject);
	table_text(list->settings, setting->key);
	table_text(list->settings, setting->value);
	cmd_put_time(list->settings, setting->entered_s);
	table_text(list->settings, setting->by);
	return 0;
}

/* "[agent]\nround_s = 20\n" as "agent.round_s=20". */
static void flatten(const char *text, size_t length, char ret_text[TEXT_BYTES])
{
	const char *end = text + length, *section = "", *line_end;
	size_t section_length = 0, at = 0;

	ret_text[0] = '\0';
	for (; text < end; text = line_end + 1) {
		const char *equals;

		line_end = memchr(text, '\n', (size_t)(end - text));
		equals = memmem(text, (size_t)(line_end - text), " = ", 3);
		if (*text == '[') {
			section = text + 1;
			section_length = (size_t)(line_end - text) - 2;
		} else if (equals && at < TEXT_BYTES) {
			at += (size_t)snprintf(ret_text + at, TEXT_BYTES - at, "%s%.*s.%.*s=%.*s",
				at ? " " : "", (int)section_length, section, (int)(equals - text),
				text, (int)(line_end - equals - 3), equals + 3);
		}
	}
}

static const char *state_of(uint32_t asked, const struct follower *said)
{
	if (said && said->said.refused && said->said.refused >= asked)
		return "refused";
	if ((said ? said->said.version : 0) == asked)
		return asked ? "follows" : "";
	return "waits";
}

static void put_number(struct table *table, uint32_t number)
{
	if (number)
		table_number(table, number);
	else
		table_empty(table);
}

static int put_agent(void *arg, const struct registry_agent *agent)
{
	struct list *list = arg;
	const struct follower *said = followers_find(list->followers, agent->id);
	char text[TEXT_BYTES];
	uint32_t asked;
	struct buf out;
	int r;

	if (agent->revoked_s || (list->only && agent->id != list->only))
		return 0;
	buf_init(&out, CONFIGURATION_MAX);
	r = configuration_book_text(list->book, agent->id, &asked, &out);
	flatten((const char *)buf_peek(&out), buf_length(&out), text);
	buf_done(&out);
	if (r < 0)
		return r;
	table_number(list->agents, agent->id);
	table_text(list->agents, agent->name);
	put_number(list->agents, asked);
	put_number(list->agents, said ? said->said.version : 0);
	table_text(list->agents, state_of(asked, said));
	put_number(list->agents, said ? said->said.refused : 0);
	table_text(list->agents, said ? said->said.trouble : "");
	cmd_put_time(list->agents, said ? said->at_s : 0);
	table_text(list->agents, text);
	return 0;
}

static int gather(struct list *list, struct cmd *cmd)
{
	int r = followers_read(cmd->state, &list->followers, &cmd->err);

	if (r == 0)
		r = configuration_book_load(list->registry, &list->book, &cmd->err);
	list->settings = table_new(setting_columns);
	list->agents = table_new(agent_columns);
	if (r == 0 && (!list->settings || !list->agents))
		r = err_set(&cmd->err, -ENOMEM, "out of memory");
	if (r == 0)
		r = registry_settings(list->registry, false, put_setting, list, &cmd->err);
	if (r == 0)
		r = registry_agents(list->registry, put_agent, list, &cmd->err);
	return r;
}

static int render_json(const struct list *list, struct buf *out)
{
	struct json json;
	int r;

	json_init(&json, out);
	json_object(&json, NULL);
	r = table_render_json(list->settings, &json, "settings");
	if (r == 0)
		r = table_render_json(list->agents, &json, "agents");
	json_object_end(&json);
	if (r == 0)
		r = json_end(&json);
	return r < 0 ? r : buf_append(out, "\n", 1);
}

static int render_text(const struct list *list, struct buf *out)
{
	int r = table_render_text(list->settings, out);

	if (r == 0)
		r = buf_append(out, "\n", 1);
	return r < 0 ? r : table_render_text(list->agents, out);
}

static int print(const struct list *list, struct cmd *cmd)
{
	struct buf out;
	int r;

	buf_init(&out, TABLE_BYTES_MAX);
	r = cmd->json ? render_json(list, &out) : render_text(list, &out);
	if (r < 0)
		err_errno(&cmd->err, r, "cannot print the table");
	else
		r = cmd_write(cmd, &out);
	buf_done(&out);
	return r;
}

enum cmd_exit configure_list(struct cmd *cmd)
{
	struct list list = {.only = (uint32_t)opts_number(cmd->opts, "agent", 0)};
	int r;

	if (opts_has(cmd->opts, "set") || opts_has(cmd->opts, "unset"))
		return cmd_usage(cmd, "--list changes nothing: leave --set and --unset out");
	if (cmd_registry(cmd, REGISTRY_READ, &list.registry))
		return CMD_FAILED;
	r = gather(&list, cmd);
	if (r == 0)
		r = print(&list, cmd);
	table_free(list.settings);
	table_free(list.agents);
	configuration_book_free(list.book);
	followers_free(list.followers);
	registry_close(list.registry);
	return cmd_result(r);
}
