/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd.h"

#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/number.h"
#include "common/civil.h"

enum cmd_exit cmd_usage(struct cmd *cmd, const char *format, ...)
{
	va_list args;

	cmd->err.code = -EINVAL;
	va_start(args, format);
	vsnprintf(cmd->err.text, sizeof(cmd->err.text), format, args);
	va_end(args);
	return CMD_USAGE;
}

enum cmd_exit cmd_result(int rc)
{
	return rc ? CMD_FAILED : CMD_OK;
}

const char *cmd_person(void)
{
	const char *name = getenv("SUDO_USER");
	const struct passwd *account;

	if (name && *name && geteuid() == 0)
		return name;
	account = getpwuid(geteuid());
	return account ? account->pw_name : "unknown";
}

int cmd_registry(struct cmd *cmd, enum registry_mode mode, struct registry **ret_registry)
{
	int rc = registry_open(cmd->state, mode, cmd_person(), ret_registry, &cmd->err);

	if (rc == -ENOENT)
		err_set(&cmd->err, rc,
			"no registry in %s: run \"pantau init\" first, or give --state",
			cmd->state);
	return rc;
}

int cmd_id(struct cmd *cmd, const char *name, int64_t *ret_id)
{
	const struct opts *opts = cmd->opts;
	bool given = opts_has(opts, name);

	if (given && opts->operand_count)
		return err_set(&cmd->err, -EINVAL, "give --%s or the number alone, not both", name);
	if (given) {
		*ret_id = opts_number(opts, name, 0);
		return 0;
	}
	if (!opts->operand_count)
		return err_set(&cmd->err, -EINVAL, "--%s ID is missing", name);
	if (number_parse(opts->operands[0], 0, ret_id) || *ret_id < 1)
		return err_set(&cmd->err, -EINVAL, "%s = '%.60s': must be a whole number from 1",
			name, opts->operands[0]);
	return 0;
}

int cmd_time(struct cmd *cmd, const char *name, int32_t offset_s, int64_t *ret_utc_s)
{
	const char *text = opts_text(cmd->opts, name, NULL);
	int rc = text ? civil_parse(text, offset_s, ret_utc_s, &cmd->err) : 0;

	if (rc)
		err_prefix(&cmd->err, "--%s", name);
	return rc;
}

int cmd_write(struct cmd *cmd, const struct buf *bytes)
{
	size_t length = buf_length(bytes);

	if (fwrite(buf_peek(bytes), 1, length, stdout) != length || fflush(stdout))
		return err_errno(&cmd->err, -errno, "standard output");
	return 0;
}

static int render_json(const struct table *table, struct buf *out)
{
	struct json json;
	int rc;

	json_init(&json, out);
	rc = table_render_json(table, &json, NULL);
	if (!rc)
		rc = json_end(&json);
	return rc ? rc : buf_append(out, "\n", 1);
}

static int render(
	const struct table *table, enum cmd_format format, const char *below, struct buf *out)
{
	int rc = -EINVAL;

	switch (format) {
	case CMD_TEXT:
		rc = table_render_text(table, out);
		return rc ? rc : buf_append(out, below, strlen(below));
	case CMD_CSV: return table_render_csv(table, out);
	case CMD_JSON: return render_json(table, out);
	}
	return rc;
}

enum cmd_exit cmd_print(
	struct cmd *cmd, struct table *table, enum cmd_format format, const char *below)
{
	struct buf out;
	int rc;

	buf_init(&out, TABLE_BYTES_MAX);
	rc = render(table, format, below, &out);
	if (rc)
		err_errno(&cmd->err, rc, "cannot print the table");
	else
		rc = cmd_write(cmd, &out);
	buf_done(&out);
	table_free(table);
	return cmd_result(rc);
}

enum cmd_exit cmd_print_table(struct cmd *cmd, struct table *table)
{
	return cmd_print(cmd, table, cmd->json ? CMD_JSON : CMD_TEXT, "");
}

enum cmd_exit cmd_print_list(
	struct cmd *cmd, const struct table_column *columns, int (*fill)(struct cmd_list *list))
{
	struct cmd_list list = {.cmd = cmd};
	int rc;

	if (cmd_registry(cmd, REGISTRY_READ, &list.registry))
		return CMD_FAILED;
	list.table = table_new(columns);
	rc = list.table ? fill(&list) : err_set(&cmd->err, -ENOMEM, "out of memory");
	registry_close(list.registry);
	if (!rc)
		return cmd_print_table(cmd, list.table);
	table_free(list.table);
	return CMD_FAILED;
}

void cmd_put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_s && utc_s != SPAN_FOREVER)
		civil_format(utc_s, text);
	table_text(table, text);
}

void cmd_put_time_in(struct cmd *cmd, struct table *table, int64_t utc_s, int32_t offset_s)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_s && utc_s != SPAN_FOREVER)
		civil_format_zone(utc_s, cmd->json ? 0 : offset_s, text);
	table_text(table, text);
}

void cmd_put_decimal(struct table *table, int64_t value, unsigned decimals)
{
	char text[NUMBER_TEXT_BYTES];

	number_format(value, decimals, text);
	table_text(table, text);
}
