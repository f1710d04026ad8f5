/* SPDX-License-Identifier: Apache-2.0 */
#include "common/conf.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/conf_value.h"

#define LINE_BYTES (CONF_VALUE_MAX + 256) /* the longest value, its key and a short comment */
#define SHOWN_BYTES 60 /* of a value in a message */
#define SPACES " \t\v\f\r\n"
#define COMMENTS "#;"
#define BOM "\xef\xbb\xbf"

/*
 * libinih cuts lines at its own limit (200 bytes), then takes the rest for a new line and counts
 * wrong from there; takes indented lines for more of the value above; and tells its handler no
 * line number. So it gets its lines from read_line(), one physical line a call, which keeps the
 * whole of it here: libinih names the section and the key, the value is taken from the whole line.
 */
struct parse {
	const struct conf_key *table;
	void *target;
	const char *path;
	FILE *file;
	bool *seen; /* one a key of the table */
	/* What comes from afar; NULL: everything may come. */
	int (*allows)(const struct conf_key *key, const char *value, char ret_why[CONF_WHY_BYTES]);
	bool checks; /* what values name is looked at, too */
	struct err *err;
	int failed; /* 0 or the first error, which err describes */
	unsigned line_number;
	char line[LINE_BYTES]; /* without spaces at both ends */
	bool cut; /* the line was longer */
};

static int fail(struct parse *parse, const char *what)
{
	parse->failed = err_set(
		parse->err, -EINVAL, "%s:%u: %s", parse->path, parse->line_number, what);
	return parse->failed;
}

static int fail_key(struct parse *parse, const char *section, const char *name, const char *value,
	const char *why)
{
	parse->failed = err_set(parse->err, -EINVAL, "%s:%u: [%s] %s = %.*s%s: %s", parse->path,
		parse->line_number, section, name, SHOWN_BYTES, value,
		strlen(value) > SHOWN_BYTES ? "..." : "", why);
	return parse->failed;
}

/* ---- lines ---- */

static void strip(char *text)
{
	size_t length = strlen(text), skip = strspn(text, SPACES);

	memmove(text, text + skip, length - skip + 1);
	length -= skip;
	while (length > 0 && strchr(SPACES, text[length - 1]))
		length--;
	text[length] = '\0';
}

/* One physical line into parse->line. 1, 0 at the end of the file, or a failure. */
static int next_line(struct parse *parse)
{
	size_t length = 0;
	int c = getc(parse->file);

	if (c == EOF)
		return 0;
	parse->line_number++;
	parse->cut = false;
	for (; c != EOF && c != '\n'; c = getc(parse->file)) {
		if (c == '\0')
			return fail(parse, "a NUL byte: this is not a text file");
		if (length < LINE_BYTES - 1)
			parse->line[length++] = (char)c;
		else
			parse->cut = true;
	}
	parse->line[length] = '\0';
	if (parse->line_number == 1 && strncmp(parse->line, BOM, strlen(BOM)) == 0)
		memset(parse->line, ' ', strlen(BOM));
	strip(parse->line);
	return 1;
}

static bool section_exists(const struct conf_key *table, const char *name, size_t length)
{
	for (; table->section; table++) {
		if (strlen(table->section) == length && strncmp(table->section, name, length) == 0)
			return true;
	}
	return false;
}

/* libinih says nothing of a section without keys, so its name is checked here. */
static int check_section(struct parse *parse)
{
	const char *name = parse->line + 1, *end = strchr(name, ']');
	char what[128];

	if (!end)
		return fail(parse, "a section without its closing ]");
	if (section_exists(parse->table, name, (size_t)(end - name)))
		return 0;
	snprintf(what, sizeof what, "[%.*s]: unknown section", (int)(end - name), name);
	return fail(parse, what);
}

/* fgets() as libinih knows it. */
static char *read_line(char *text, int size, void *arg)
{
	struct parse *parse = arg;

	if (parse->failed || next_line(parse) <= 0)
		return NULL;
	if (parse->line[0] == '[' && check_section(parse) < 0)
		return NULL;
	/* Comments may be of any length. */
	if (parse->line[0] && strchr(COMMENTS, parse->line[0]))
		parse->line[0] = '\0';
	snprintf(text, (size_t)size, "%s", parse->line);
	return text;
}

/* ---- keys ---- */

/* The value in the whole line: behind the first = or :, up to a ; at its start or after a space. */
static void take_value(const struct parse *parse, char ret_value[LINE_BYTES])
{
	const char *value = parse->line + strcspn(parse->line, "=:");
	size_t length;

	if (*value)
		value++;
	for (length = 0; value[length]; length++) {
		if (value[length] == ';' && (length == 0 || strchr(SPACES, value[length - 1])))
			break;
	}
	memcpy(ret_value, value, length);
	ret_value[length] = '\0';
	strip(ret_value);
}

static const struct conf_key *find_key(
	const struct conf_key *table, const char *section, const char *name)
{
	for (; table->section; table++) {
		if (strcmp(table->section, section) == 0 && strcmp(table->key, name) == 0)
			return table;
	}
	return NULL;
}

static const char *fault_of(
	const struct parse *parse, const struct conf_key *key, const char *value)
{
	const char *fault = key->fault ? key->fault(value) : NULL;

	return !fault && parse->checks && key->there ? key->there(value) : fault;
}

static int set_key(struct parse *parse, const char *section, const char *name, const char *value)
{
	const struct conf_key *key = find_key(parse->table, section, name);
	char why[CONF_WHY_BYTES];
	const char *fault;

	if (section[0] == '\0')
		return fail_key(parse, section, name, value, "stands before the first [section]");
	if (!key)
		return fail_key(parse, section, name, value, "unknown key");
	if (parse->seen[key - parse->table])
		return fail_key(parse, section, name, value, "given twice");
	if (parse->cut) {
		snprintf(why, sizeof why, "the line is longer than %d bytes", LINE_BYTES - 1);
		return fail_key(parse, section, name, value, why);
	}
	if (parse->allows && !key->from_afar)
		return fail_key(parse, section, name, value, "may not come from afar");
	parse->seen[key - parse->table] = true;
	if (parse->allows && parse->allows(key, value, why) < 0)
		return fail_key(parse, section, name, value, why);
	if (conf_value_set(key, parse->target, value, why) < 0)
		return fail_key(parse, section, name, value, why);
	fault = value[0] ? fault_of(parse, key, value) : NULL;
	return fault ? fail_key(parse, section, name, value, fault) : 0;
}

/* libinih's handler: 1 goes on, 0 is an error. Its own idea of the value is not used. */
static int handle(void *user, const char *section, const char *name, const char *value)
{
	struct parse *parse = user;
	char whole[LINE_BYTES];

	(void)value;
	if (parse->failed)
		return 0;
	take_value(parse, whole);
	return set_key(parse, section, name, whole) == 0;
}

/* ---- the whole file ---- */

static size_t count_keys(const struct conf_key *table)
{
	size_t count = 0;

	while (table[count].section)
		count++;
	return count;
}

static int parse_file(struct parse *parse)
{
	int bad_line = ini_parse_stream(read_line, parse, handle, parse);

	if (ferror(parse->file))
		return err_errno(parse->err, -EIO, "%s: cannot read", parse->path);
	/* libinih goes on after a line it cannot read; the first fault is the one to tell. */
	if (bad_line > 0 && (!parse->failed || (unsigned)bad_line < parse->line_number)) {
		parse->line_number = (unsigned)bad_line;
		return fail(parse, "neither a [section], nor key = value, nor a # comment");
	}
	return parse->failed;
}

int conf_defaults(const struct conf_key *table, void *target, struct err *err)
{
	const struct conf_key *key;
	char why[CONF_WHY_BYTES];
	int r;

	for (key = table; key->section; key++) {
		r = conf_value_set(key, target, key->fallback, why);
		if (r < 0) {
			conf_done(table, target);
			return err_set(err, r, "the default of [%s] %s = %s: %s", key->section,
				key->key, key->fallback, why);
		}
	}
	return 0;
}

/* Over what the target holds. Closes the file; NULL: errno says why. */
static int read_over(struct parse *parse, FILE *file)
{
	int r;

	parse->file = file;
	if (!file) {
		r = err_errno(parse->err, -errno, "%s", parse->path);
		goto clear_target;
	}
	parse->seen = calloc(count_keys(parse->table) + 1, sizeof *parse->seen);
	r = parse->seen ? parse_file(parse) : err_errno(parse->err, -ENOMEM, "%s", parse->path);
	free(parse->seen);
	fclose(file);
	if (r == 0)
		return 0;

clear_target:
	conf_done(parse->table, parse->target);
	return r;
}

int conf_load(const struct conf_key *table, void *target, const char *path, struct err *err)
{
	struct parse parse = {.table = table, .target = target, .path = path, .err = err};
	int r = conf_defaults(table, target, err);

	return r < 0 ? r : read_over(&parse, fopen(path, "re"));
}

int conf_check(const struct conf_key *table, void *target, const char *path, struct err *err)
{
	struct parse parse = {
		.table = table, .target = target, .path = path, .checks = true, .err = err};
	int r = conf_defaults(table, target, err);

	return r < 0 ? r : read_over(&parse, fopen(path, "re"));
}

static int read_text(struct parse *parse, const struct conf_text *text)
{
	parse->path = text->name;
	if (text->length == 0)
		return 0;
	return read_over(parse, fmemopen((void *)(uintptr_t)text->text, text->length, "r"));
}

int conf_read(
	const struct conf_key *table, void *target, const struct conf_text *text, struct err *err)
{
	struct parse parse = {.table = table, .target = target, .err = err};
	int r = conf_defaults(table, target, err);

	return r < 0 ? r : read_text(&parse, text);
}

int conf_overlay(const struct conf_key *table, void *target, const struct conf_text *text,
	int (*allows)(const struct conf_key *key, const char *value, char ret_why[CONF_WHY_BYTES]),
	struct err *err)
{
	struct parse parse = {.table = table, .target = target, .allows = allows, .err = err};

	return read_text(&parse, text);
}

void conf_print(const struct conf_key *table, const void *target, FILE *out)
{
	const struct conf_key *key;
	char allowed[CONF_WHY_BYTES];

	for (key = table; key->section; key++) {
		if (key == table || strcmp(key->section, key[-1].section) != 0)
			fprintf(out, "%s[%s]\n", key == table ? "" : "\n", key->section);
		conf_value_allowed(key, allowed);
		fprintf(out, "# %s (%s)\n%s = ", key->help, allowed, key->key);
		conf_value_print(key, target, out);
		fputc('\n', out);
	}
}

void conf_done(const struct conf_key *table, void *target)
{
	const struct conf_key *key;

	for (key = table; key->section; key++)
		conf_value_clear(key, target);
}
