/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/roll.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "swarm/words.h"

#define TABLE "agents.csv"
#define FIELDS_MAX 16

enum column { AGENT, LINK, FOLDER, DESA, PROVIDER, KIND, MAINS, DOWN, UP, COLUMN_COUNT };
static const char *const column_names[COLUMN_COUNT] = {
	"agent", "link", "folder", "desa", "provider", "kind", "mains", "mbps_down", "mbps_up"};

/* ---- folders */

static int is_folder(const struct dirent *item)
{
	return item->d_name[0] != '.' &&
		(item->d_type == DT_DIR || item->d_type == DT_LNK || item->d_type == DT_UNKNOWN);
}

static int add_folder(struct roll *roll, const char *folder, const char *name)
{
	struct roll_entry *entry = &roll->entries[roll->count];

	*entry = (struct roll_entry){
		.subject = {.number = (uint32_t)roll->count + 1, .mains = true}};
	if (asprintf(&entry->folder, "%s/%s", folder, name) < 0)
		return -ENOMEM;
	roll->count++;
	return 0;
}

static int read_folders(const char *folder, size_t max, struct roll *roll, struct err *err)
{
	struct dirent **items;
	int r = 0, count = scandir(folder, &items, is_folder, versionsort);

	if (count < 0)
		return err_errno(err, -errno, "%s", folder);
	roll->entries = calloc((size_t)count + 1, sizeof(*roll->entries));
	if (!roll->entries)
		r = -ENOMEM;
	for (int i = 0; i < count; i++) {
		if (r == 0 && roll->count < max)
			r = add_folder(roll, folder, items[i]->d_name);
		free(items[i]);
	}
	free(items);
	if (r < 0)
		return err_errno(err, r, "%s", folder);
	return roll->count ? 0 : err_set(err, -ENOENT, "%s: no agent's folder in it", folder);
}

/* ---- the table */

struct table {
	const char *path;
	unsigned line;
	int columns[COLUMN_COUNT]; /* -1: not there */
	char *fields[FIELDS_MAX];
	size_t field_count;
};

/* Splits in place (RFC 4180, but for line breaks in a field). */
static void split(char *line, struct table *table)
{
	char *read = line, *write = line;
	bool quoted = false;

	table->field_count = 0;
	table->fields[table->field_count++] = line;
	for (; *read && (quoted || !strchr("\r\n", *read)); read++) {
		if (quoted && read[0] == '"' && read[1] == '"') {
			*write++ = *read++;
		} else if (*read == '"') {
			quoted = !quoted;
		} else if (*read == ',' && !quoted) {
			*write++ = '\0';
			if (table->field_count < FIELDS_MAX)
				table->fields[table->field_count++] = write;
		} else {
			*write++ = *read;
		}
	}
	*write = '\0';
}

static int read_head(char *line, struct table *table, struct err *err)
{
	split(line, table);
	for (int i = 0; i < COLUMN_COUNT; i++) {
		table->columns[i] = -1;
		for (size_t j = 0; j < table->field_count; j++)
			if (strcmp(table->fields[j], column_names[i]) == 0)
				table->columns[i] = (int)j;
		if (table->columns[i] < 0 && i <= KIND)
			return err_set(err, -EINVAL, "%s:1: no column \"%s\"", table->path,
				column_names[i]);
	}
	return 0;
}

static const char *field(const struct table *table, enum column column)
{
	int at = table->columns[column];

	return at >= 0 && (size_t)at < table->field_count ? table->fields[at] : "";
}

static int refuse(const struct table *table, enum column column, const char *words, struct err *err)
{
	return err_set(err, -EINVAL, "%s:%u: %s = '%.60s': %s", table->path, table->line,
		column_names[column], field(table, column), words);
}

static int read_text(
	const struct table *table, enum column column, char *ret, size_t size, struct err *err)
{
	const char *text = field(table, column);

	if (strlen(text) >= size)
		return refuse(table, column, "is too long", err);
	strcpy(ret, text);
	return 0;
}

static int read_number(
	const struct table *table, enum column column, double most, double *ret, struct err *err)
{
	const char *text = field(table, column);

	*ret = 0;
	if (!*text)
		return 0;
	if (!words_number(text, ret) || *ret < 0 || *ret > most)
		return refuse(table, column, "is no such number", err);
	return 0;
}

static int read_mains(const struct table *table, struct subject *subject, struct err *err)
{
	const char *text = field(table, MAINS);

	subject->mains = strcmp(text, "no") != 0;
	if (*text && subject->mains && strcmp(text, "yes") != 0)
		return refuse(table, MAINS, "must be yes or no", err);
	return 0;
}

static int read_subject(const struct table *table, struct subject *subject, struct err *err)
{
	double agent, link, down, up;
	int kind = kind_parse(field(table, KIND)), r;

	if (kind < 0)
		return refuse(table, KIND, "must be fibre, 4g, vsat, starlink or wireless", err);
	if ((r = read_number(table, AGENT, UINT32_MAX, &agent, err)) ||
		(r = read_number(table, LINK, 1e15, &link, err)) ||
		(r = read_number(table, DOWN, 1e6, &down, err)) ||
		(r = read_number(table, UP, 1e6, &up, err)) ||
		(r = read_text(table, DESA, subject->desa, sizeof(subject->desa), err)) ||
		(r = read_text(table, PROVIDER, subject->provider, sizeof(subject->provider), err)))
		return r;
	subject->agent = (uint32_t)agent;
	subject->link = (int64_t)link;
	subject->kind = (enum kind)kind;
	subject->kbps_down = (uint32_t)(down * 1000);
	subject->kbps_up = (uint32_t)(up * 1000);
	return read_mains(table, subject, err);
}

/* Rows mostly stand in the folders' order: it looks behind the last one first. */
static struct subject *find(struct roll *roll, const char *name, size_t *last)
{
	for (size_t i = 0; i < roll->count; i++) {
		size_t at = (*last + 1 + i) % roll->count;

		if (strcmp(strrchr(roll->entries[at].folder, '/') + 1, name) == 0) {
			*last = at;
			return &roll->entries[at].subject;
		}
	}
	return NULL;
}

/* A row whose folder is not there is of an agent that takes no part. */
static int read_rows(FILE *file, struct table *table, struct roll *roll, struct err *err)
{
	struct subject *subject;
	size_t size = 0, last = roll->count - 1;
	char *line = NULL;
	int r = 0;

	while (r == 0 && getline(&line, &size, file) >= 0) {
		if (++table->line == 1) {
			r = read_head(line, table, err);
			continue;
		}
		split(line, table);
		subject = find(roll, field(table, FOLDER), &last);
		if (subject)
			r = read_subject(table, subject, err);
	}
	free(line);
	return r;
}

static int read_table(const char *folder, struct roll *roll, struct err *err)
{
	struct table table = {0};
	char *path;
	FILE *file;
	int r = 0;

	if (asprintf(&path, "%s/" TABLE, folder) < 0)
		return err_errno(err, -ENOMEM, "%s", folder);
	table.path = path;
	file = fopen(path, "re");
	if (file) {
		r = read_rows(file, &table, roll, err);
		fclose(file);
	} else if (errno != ENOENT) {
		r = err_errno(err, -errno, "%s", path);
	}
	free(path);
	return r;
}

int roll_read(const char *folder, size_t max, struct roll *ret_roll, struct err *err)
{
	struct roll roll = {0};
	int r = read_folders(folder, max, &roll, err);

	if (r == 0)
		r = read_table(folder, &roll, err);
	if (r < 0)
		roll_done(&roll);
	else
		*ret_roll = roll;
	return r;
}

void roll_done(struct roll *roll)
{
	for (size_t i = 0; i < roll->count; i++)
		free(roll->entries[i].folder);
	free(roll->entries);
	*roll = (struct roll){0};
}
