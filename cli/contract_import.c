/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/contract_import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/contract_entry.h"
#include "cli/csv.h"

#define OPTION_BYTES 40 /* "--" and the longest name of an option */
#define SEPARATORS ";"

static const struct opt *const tables[] = {contract_entry_options, NULL};

struct words { /* a row of the file as the command line that it stands for */
	char *words[2 * OPTS_GIVEN_MAX];
	int count;
	char names[CSV_COLUMNS_MAX][OPTION_BYTES];
	char values[CSV_COLUMNS_MAX][512];
	struct opts opts;
};

struct import {
	struct cmd *cmd;
	struct csv *csv;
	struct registry *registry;
	struct words words;
	struct registry_contract *items;
	size_t count, room;
};

static const struct opt *find_option(const char *name)
{
	for (const struct opt *opt = contract_entry_options; opt->name; opt++)
		if (strcmp(opt->name, name) == 0)
			return opt;
	return NULL;
}

static int check_columns(struct csv *csv, const char *path, struct err *err)
{
	const char *name;

	for (size_t i = 0; (name = csv_column_name(csv, i)); i++)
		if (!find_option(name))
			return err_set(err, -EINVAL,
				"%s:1: unknown column \"%.60s\"; known are the options of "
				"\"pantau contract add\", without their dashes",
				path, name);
	return 0;
}

static int add_words(struct words *words, char *name, char *value)
{
	if (words->count + 2 > 2 * OPTS_GIVEN_MAX)
		return -E2BIG;
	words->words[words->count++] = name;
	words->words[words->count++] = value;
	return 0;
}

/* One field: an option and its value, or its values. */
static int add_field(struct import *import, int column, struct err *err)
{
	const char *name = csv_column_name(import->csv, (size_t)column);
	const char *value = csv_field(import->csv, column);
	struct words *words = &import->words;
	char *rest = words->values[column], *word;
	int rc = 0;

	if (!*value)
		return 0;
	if (strlen(value) >= sizeof(words->values[column]))
		return csv_refuse(import->csv, column, err, "is too long");
	strcpy(words->values[column], value);
	snprintf(words->names[column], OPTION_BYTES, "--%s", name);
	if (!(find_option(name)->flags & OPT_REPEAT))
		rc = add_words(words, words->names[column], rest);
	else
		while (!rc && (word = strtok_r(rest, SEPARATORS, &rest)))
			rc = add_words(words, words->names[column], word);
	return rc ? csv_refuse(import->csv, column, err, "has too many values") : 0;
}

static int make_room(struct import *import)
{
	size_t room = import->room ? import->room * 2 : 256;
	struct registry_contract *items = reallocarray(import->items, room, sizeof(*items));

	if (!items)
		return -ENOMEM;
	import->items = items;
	import->room = room;
	return 0;
}

static int read_row(struct import *import)
{
	struct cmd row = *import->cmd;
	struct words *words = &import->words;
	int rc = 0;

	words->count = 0;
	for (int i = 0; !rc && csv_column_name(import->csv, (size_t)i); i++) {
		rc = add_field(import, i, &import->cmd->err);
		if (rc)
			return rc; /* names its place already */
	}
	row.opts = &words->opts;
	rc = opts_parse(tables, words->count, words->words, &words->opts, &row.err);
	if (!rc)
		rc = opts_check(tables, &words->opts, &row.err);
	if (!rc && import->count == import->room && make_room(import))
		rc = err_set(&row.err, -ENOMEM, "out of memory");
	if (!rc && contract_entry_read(&row, import->registry, &import->items[import->count]))
		rc = -EINVAL;
	import->count += !rc;
	if (rc)
		err_set(&import->cmd->err, rc, "%s:%u: %s", import->cmd->opts->operands[0],
			csv_line(import->csv), row.err.text);
	return rc;
}

static int read_rows(struct import *import)
{
	int rc;

	while ((rc = csv_next(import->csv, &import->cmd->err)) == 1) {
		rc = read_row(import);
		if (rc)
			break;
	}
	return rc;
}

int contract_import(struct cmd *cmd, const char *path, struct registry *registry, size_t *ret_count)
{
	struct import *import = calloc(1, sizeof(*import));
	int rc;

	if (!import)
		return err_set(&cmd->err, -ENOMEM, "out of memory");
	import->cmd = cmd;
	import->registry = registry;
	rc = csv_open(path, &import->csv, &cmd->err);
	if (!rc)
		rc = check_columns(import->csv, path, &cmd->err);
	if (!rc)
		rc = read_rows(import);
	if (!rc) {
		rc = registry_contracts_import(registry, import->items, import->count, &cmd->err);
		if (rc)
			err_prefix(&cmd->err, "%s", path);
	}
	if (!rc)
		*ret_count = import->count;
	csv_free(import->csv);
	free(import->items);
	free(import);
	return rc;
}
