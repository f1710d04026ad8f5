/* SPDX-License-Identifier: Apache-2.0 */
/* pantau token: leave for a router to become the agent of a link, once. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/token_sheet.h"
#include "cli/tokens.h"
#include "cli/unmeasured.h"
#include "collector/settings.h"
#include "common/endpoint.h"
#include "common/file.h"

#define VALID_DEFAULT "14d"
#define SHEET_MAX (256 << 20) /* bytes: ten thousand labels are a third of it */

static const struct opt create_options[] = {
	{"link", OPT_NUMBER, 0, "ID", "the link that the agent will measure, or", NULL, 1,
		INT64_MAX},
	{"every-link", OPT_FLAG, 0, NULL, "one for each link that nobody measures yet"},
	{"wan", OPT_TEXT, 0, "NAME", "the WAN that measures it (default wan)"},
	{"valid", OPT_TEXT, 0, "TIME", "how long it can be used: 90m, 12h, 30d (default 14d)"},
	{"collector", OPT_TEXT, 0, "HOST:PORT",
		"by what routers reach the collector (default: where it listens, or this "
		"machine's name)"},
	{"count", OPT_NUMBER, 0, "N", "so many tokens for the link", NULL, 1, TOKENS_MAX},
	{"csv", OPT_TEXT, 0, "FILE", "a new file for them: token,link,wan,expires,text,desa,name"},
	{"labels", OPT_TEXT, 0, "FILE",
		"a new PDF for them: labels with QR codes, 14 on a sheet of A4"},
	{NULL},
};

static const struct opt list_options[] = {
	{"link", OPT_NUMBER, 0, "ID", "only this link's", NULL, 1, INT64_MAX},
	{NULL},
};

static const struct opt revoke_options[] = {
	{"token", OPT_NUMBER, 0, "ID", "its number; or as a word alone", NULL, 1, INT64_MAX},
	{NULL},
};

/* ---- create */

/* The first address that is listened on, with this machine's name where that is all of them. */
static void default_address(const char *listen, char *ret_address, size_t size)
{
	char first[300], host[256] = "", port[ENDPOINT_PORT_BYTES] = "7443";
	char name[256] = "";

	listen += strspn(listen, " ,\t");
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(listen, " ,\t"), listen);
	endpoint_split(first, host, sizeof(host), port);
	if (!*host || !strcmp(host, "0.0.0.0") || !strcmp(host, "::")) {
		gethostname(name, sizeof(name) - 1);
		snprintf(ret_address, size, "%s:%s", name, port);
	} else {
		snprintf(ret_address, size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
	}
}

typedef int (*write_sheet)(struct registry *registry, const struct tokens_order *order,
	const struct tokens *tokens, struct buf *out, struct err *err);

struct creation {
	struct cmd *cmd;
	struct registry *registry;
	const struct tokens_order *order;
	const struct tokens *tokens;
};

/* The file that an option names, if it does. */
static int write_file(const struct creation *creation, const char *option, write_sheet write)
{
	const char *path = opts_text(creation->cmd->opts, option, NULL);
	struct err *err = &creation->cmd->err;
	struct buf sheet;
	int rc;

	if (!path)
		return 0;
	buf_init(&sheet, SHEET_MAX);
	rc = write(creation->registry, creation->order, creation->tokens, &sheet, err);
	if (!rc)
		rc = file_replace(path, buf_peek(&sheet), buf_length(&sheet), 0600, err);
	if (sheet.bytes)
		explicit_bzero(sheet.bytes, sheet.cap);
	buf_done(&sheet);
	return rc;
}

/* All that was asked for, or none of it: then nobody has their texts. */
static int hand_out(const struct creation *creation)
{
	const struct opts *opts = creation->cmd->opts;
	int rc = write_file(creation, "csv", token_sheet_csv);

	if (!rc && (rc = write_file(creation, "labels", token_sheet_labels)) &&
		opts_has(opts, "csv"))
		unlink(opts_text(opts, "csv", ""));
	if (rc)
		tokens_revoke(creation->registry, creation->tokens);
	else if (!opts_has(opts, "csv") && !opts_has(opts, "labels"))
		puts(creation->tokens->texts[0]);
	return rc;
}

static enum cmd_exit create(
	struct cmd *cmd, struct registry *registry, const struct tokens_order *order)
{
	struct tokens tokens;
	const struct creation creation = {cmd, registry, order, &tokens};
	int rc = tokens_make(registry, order, &tokens, &cmd->err);

	if (rc)
		return CMD_FAILED;
	rc = hand_out(&creation);
	tokens_done(&tokens);
	return cmd_result(rc);
}

/* ---- for which links */

static enum cmd_exit create_for_link(
	struct cmd *cmd, struct registry *registry, struct tokens_order *order)
{
	size_t count = (size_t)opts_number(cmd->opts, "count", 1);
	int64_t *links = calloc(count, sizeof(*links));
	enum cmd_exit status;

	if (!links)
		return cmd_result(err_set(&cmd->err, -ENOMEM, "out of memory"));
	for (size_t i = 0; i < count; i++)
		links[i] = opts_number(cmd->opts, "link", 0);
	order->links = links;
	order->count = count;
	status = create(cmd, registry, order);
	free(links);
	return status;
}

static enum cmd_exit create_for(struct cmd *cmd, struct registry *registry,
	struct tokens_order *order, const struct unmeasured *unmeasured)
{
	int64_t *links;
	enum cmd_exit status;

	if (!unmeasured->count)
		return cmd_result(err_set(&cmd->err, -ENOENT, "an agent measures every link"));
	if (unmeasured->count > TOKENS_MAX)
		return cmd_result(err_set(&cmd->err, -E2BIG,
			"%zu links without an agent: %d at most", unmeasured->count, TOKENS_MAX));
	links = calloc(unmeasured->count, sizeof(*links));
	if (!links)
		return cmd_result(err_set(&cmd->err, -ENOMEM, "out of memory"));
	for (size_t i = 0; i < unmeasured->count; i++)
		links[i] = unmeasured->links[i].id;
	order->links = links;
	order->count = unmeasured->count;
	status = create(cmd, registry, order);
	free(links);
	return status;
}

static enum cmd_exit create_for_every_link(
	struct cmd *cmd, struct registry *registry, struct tokens_order *order)
{
	struct unmeasured unmeasured;
	enum cmd_exit status;

	if (unmeasured_find(registry, &unmeasured, &cmd->err))
		return CMD_FAILED;
	status = create_for(cmd, registry, order, &unmeasured);
	unmeasured_done(&unmeasured);
	return status;
}

/* ---- the order */

static enum cmd_exit check_file(struct cmd *cmd, const char *option)
{
	const char *path = opts_text(cmd->opts, option, NULL);

	if (path && !access(path, F_OK))
		return cmd_usage(
			cmd, "--%s: %s is there already: nothing is replaced", option, path);
	return CMD_OK;
}

static enum cmd_exit check_words(struct cmd *cmd)
{
	const struct opts *opts = cmd->opts;
	bool every = opts_has(opts, "every-link");
	enum cmd_exit status;

	if (every == opts_has(opts, "link"))
		return cmd_usage(cmd, "either --link ID or --every-link");
	if (every && opts_has(opts, "count"))
		return cmd_usage(cmd, "--count is for one link, not for --every-link");
	if ((every || opts_has(opts, "count")) && !opts_has(opts, "csv") &&
		!opts_has(opts, "labels"))
		return cmd_usage(cmd, "--%s needs --csv FILE or --labels FILE: where they go",
			every ? "every-link" : "count");
	status = check_file(cmd, "csv");
	return status == CMD_OK ? check_file(cmd, "labels") : status;
}

static int read_order(struct cmd *cmd, struct tokens_order *ret_order)
{
	const char *wan = opts_text(cmd->opts, "wan", "wan");
	int64_t valid_s;
	int rc = tokens_duration(opts_text(cmd->opts, "valid", VALID_DEFAULT), &valid_s, &cmd->err);

	if (rc)
		return err_prefix(&cmd->err, "--valid");
	if (strlen(wan) > WAN_NAME_MAX)
		return err_set(&cmd->err, -EINVAL, "--wan = '%.60s': longer than %d bytes", wan,
			WAN_NAME_MAX);
	ret_order->state = cmd->state;
	ret_order->wan = wan;
	ret_order->expires_s = time(NULL) + valid_s;
	return 0;
}

static enum cmd_exit run_create(struct cmd *cmd)
{
	struct tokens_order order = {0};
	struct registry *registry;
	struct settings settings;
	enum cmd_exit status = check_words(cmd);
	char address[300];

	if (status != CMD_OK)
		return status;
	if (read_order(cmd, &order))
		return CMD_USAGE;
	if (settings_load(cmd->config, &settings, &cmd->err))
		return CMD_FAILED;
	default_address(settings.listen, address, sizeof(address));
	settings_done(&settings);
	order.address = opts_text(cmd->opts, "collector", address);
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	status = opts_has(cmd->opts, "link") ? create_for_link(cmd, registry, &order)
					     : create_for_every_link(cmd, registry, &order);
	registry_close(registry);
	return status;
}

/* ---- list */

static const struct table_column columns[] = {
	{"token", "Token", TABLE_NUMBER},
	{"link", "Link", TABLE_NUMBER},
	{"wan", "WAN"},
	{"state", "Keadaan"},
	{"agent", "Agen", TABLE_NUMBER},
	{"created", "Dibuat"},
	{"by", "Oleh"},
	{"expires", "Berlaku s.d."},
	{"spent", "Dipakai"},
	{"revoked", "Dicabut"},
	{NULL},
};

static const char *state_of(const struct registry_enrolment *enrolment)
{
	if (enrolment->revoked_s)
		return "revoked";
	if (enrolment->spent_s)
		return "spent";
	return enrolment->expires_s <= time(NULL) ? "expired" : "open";
}

static int put_token(void *arg, const struct registry_enrolment *enrolment)
{
	struct table *table = arg;

	table_number(table, enrolment->id);
	table_number(table, enrolment->link);
	table_text(table, enrolment->wan);
	table_text(table, state_of(enrolment));
	if (enrolment->agent)
		table_number(table, enrolment->agent);
	else
		table_empty(table);
	cmd_put_time(table, enrolment->created_s);
	table_text(table, enrolment->by);
	cmd_put_time(table, enrolment->expires_s);
	cmd_put_time(table, enrolment->spent_s);
	cmd_put_time(table, enrolment->revoked_s);
	return 0;
}

static int fill_list(struct cmd_list *list)
{
	struct cmd *cmd = list->cmd;

	return registry_enrolments(list->registry, opts_number(cmd->opts, "link", 0), put_token,
		list->table, &cmd->err);
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	return cmd_print_list(cmd, columns, fill_list);
}

/* ---- revoke */

static enum cmd_exit run_revoke(struct cmd *cmd)
{
	struct registry *registry;
	int64_t id;
	int rc;

	if (cmd_id(cmd, "token", &id))
		return CMD_USAGE;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = registry_enrolment_revoke(registry, id, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "create",
		.run = run_create,
		.summary = "Make a token and print it",
		.help = "On the router: pantau-agent enrol TOKEN. It is spent by that: one router, "
			"one identity.\nThe text is told this once; only a hash of it is kept. It "
			"names the collector's address and\npins its key, so the router's clock "
			"may be wrong.",
		.options = create_options,
	},
	{
		.name = "list",
		.run = run_list,
		.summary = "List the tokens: open, spent, expired, revoked",
		.help = "One row a token; times are UTC. The texts themselves are not kept.",
		.options = list_options,
		.prints_table = true,
	},
	{
		.name = "revoke",
		.run = run_revoke,
		.summary = "Take back a token that was not used",
		.help = "One that is spent made an agent: that is revoked with pantau agent "
			"revoke.",
		.options = revoke_options,
		.operands = "[ID]",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_token = {"token", "Tokens: routers that become agents", verbs};
