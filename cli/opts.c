/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/opts.h"

#include <errno.h>
#include <string.h>

#include "cli/number.h"

#define HELP_COLUMN 26 /* where the words of an option begin */
#define LINE_COLUMNS 100
#define OPTION_BYTES 120 /* an option and what it takes */

static const struct opt *find(const struct opt *const *tables, const char *name, size_t length)
{
	for (; *tables; tables++) {
		for (const struct opt *opt = *tables; opt->name; opt++) {
			if (strlen(opt->name) == length && !memcmp(opt->name, name, length))
				return opt;
		}
	}
	return NULL;
}

static const struct opts_given *find_given(const struct opts *opts, const char *name, size_t n)
{
	for (size_t i = 0; i < opts->count; i++) {
		if (!strcmp(opts->given[i].opt->name, name) && n-- == 0)
			return &opts->given[i];
	}
	return NULL;
}

/* "-" before a name of one letter, "--" before every other. */
static const char *dashes(const struct opt *opt)
{
	return opt->name[1] ? "--" : "-";
}

/* Appends "separator + word" while it fits; the rest is cut, never torn. */
static void append_word(char *text, size_t size, const char *separator, const char *word)
{
	size_t length = strlen(text);

	if (length + strlen(separator) + strlen(word) < size)
		snprintf(text + length, size - length, "%s%s", length ? separator : "", word);
}

static int refuse_unknown(const struct opt *const *tables, const char *given, struct err *err)
{
	char allowed[240] = "", word[OPTION_BYTES];

	for (; *tables; tables++) {
		for (const struct opt *opt = *tables; opt->name; opt++) {
			snprintf(word, sizeof(word), "%s%s", dashes(opt), opt->name);
			append_word(allowed, sizeof(allowed), ", ", word);
		}
	}
	return err_set(err, -EINVAL, "unknown option %.40s; allowed: %s", given, allowed);
}

static int refuse_choice(const struct opt *opt, const char *text, struct err *err)
{
	char allowed[200] = "";

	for (const char *const *choice = opt->choices; *choice; choice++)
		append_word(allowed, sizeof(allowed), ", ", *choice);
	return err_set(err, -EINVAL, "--%s = '%.60s': must be one of %s", opt->name, text, allowed);
}

static int read_choice(struct opts_given *given, struct err *err)
{
	for (int i = 0; given->opt->choices[i]; i++) {
		if (!strcmp(given->opt->choices[i], given->text)) {
			given->number = i;
			return 0;
		}
	}
	return refuse_choice(given->opt, given->text, err);
}

static int read_number(struct opts_given *given, struct err *err)
{
	const struct opt *opt = given->opt;
	char min[NUMBER_TEXT_BYTES], max[NUMBER_TEXT_BYTES], places[48] = "";
	int rc = number_parse(given->text, opt->decimals, &given->number);

	if (!rc && given->number >= opt->min && given->number <= opt->max)
		return 0;
	number_format(opt->min, opt->decimals, min);
	number_format(opt->max, opt->decimals, max);
	if (opt->decimals)
		snprintf(places, sizeof(places), " with at most %u decimals", opt->decimals);
	return err_set(err, -EINVAL, "--%s = '%.60s': must be a %s from %s to %s%s", opt->name,
		given->text, opt->decimals ? "number" : "whole number", min, max, places);
}

static int read_value(struct opts_given *given, struct err *err)
{
	switch (given->opt->kind) {
	case OPT_FLAG: return 0;
	case OPT_TEXT:
		if (!*given->text)
			return err_set(err, -EINVAL, "%s%s is empty: needs %s", dashes(given->opt),
				given->opt->name, given->opt->value);
		return 0;
	case OPT_NUMBER: return read_number(given, err);
	case OPT_CHOICE: return read_choice(given, err);
	}
	return -EINVAL;
}

static void format_choices(const struct opt *opt, char *text, size_t size)
{
	text[0] = '\0';
	for (const char *const *choice = opt->choices; *choice; choice++)
		append_word(text, size, "|", *choice);
}

/* "--desa KODE" */
static void format_option(const struct opt *opt, char *text, size_t size)
{
	char choices[80];

	if (opt->kind == OPT_CHOICE)
		format_choices(opt, choices, sizeof(choices));
	snprintf(text, size, "%s%s%s%s", dashes(opt), opt->name, opt->kind == OPT_FLAG ? "" : " ",
		opt->kind == OPT_FLAG             ? ""
			: opt->kind == OPT_CHOICE ? choices
						  : opt->value);
}

struct line { /* the words of a command, while they are read */
	const struct opt *const *tables;
	char **words;
	int count, at;
};

/* The value behind "=", or the next word unless it is an option. */
static const char *take_value(struct line *line, const char *equals)
{
	if (equals)
		return equals + 1;
	if (line->at + 1 == line->count || !strncmp(line->words[line->at + 1], "--", 2))
		return NULL;
	return line->words[++line->at];
}

static int find_option(const struct line *line, const struct opts *opts, const char *equals,
	const struct opt **ret_opt, struct err *err)
{
	const char *word = line->words[line->at], *name = word + 1 + (word[1] == '-');
	const struct opt *opt;

	opt = find(line->tables, name, equals ? (size_t)(equals - name) : strlen(name));
	if (!opt || (size_t)(name - word) != strlen(dashes(opt)))
		return refuse_unknown(line->tables, word, err);
	if (!(opt->flags & OPT_REPEAT) && opts_has(opts, opt->name))
		return err_set(err, -EINVAL, "%s%s is given twice", dashes(opt), opt->name);
	if (opts->count == OPTS_GIVEN_MAX)
		return err_set(err, -EINVAL, "more than %d options", OPTS_GIVEN_MAX);
	if (opt->kind == OPT_FLAG && equals)
		return err_set(err, -EINVAL, "--%s takes no value", opt->name);
	*ret_opt = opt;
	return 0;
}

static int refuse_lack(const struct opt *opt, struct err *err)
{
	char text[OPTION_BYTES];

	format_option(opt, text, sizeof(text));
	return err_set(err, -EINVAL, "%s%s lacks its value: %s", dashes(opt), opt->name, text);
}

/* Leaves line->at on the last word that belongs to the option. */
static int read_option(struct line *line, struct opts *opts, struct err *err)
{
	const char *equals = strchr(line->words[line->at], '=');
	struct opts_given given = {0};
	int rc = find_option(line, opts, equals, &given.opt, err);

	if (rc)
		return rc;
	if (given.opt->kind != OPT_FLAG) {
		given.text = take_value(line, equals);
		if (!given.text)
			return refuse_lack(given.opt, err);
	}
	rc = read_value(&given, err);
	if (!rc)
		opts->given[opts->count++] = given;
	return rc;
}

int opts_parse(const struct opt *const *tables, int argc, char **argv, struct opts *ret_opts,
	struct err *err)
{
	struct line line = {.tables = tables, .words = argv, .count = argc};
	struct opts opts = {.operands = argv};
	bool only_operands = false;

	for (; line.at < argc; line.at++) {
		char *word = argv[line.at];
		int rc = 0;

		if (only_operands || word[0] != '-' || !word[1])
			opts.operands[opts.operand_count++] = word;
		else if (!strcmp(word, "--"))
			only_operands = true;
		else
			rc = read_option(&line, &opts, err);
		if (rc)
			return rc;
	}
	*ret_opts = opts;
	return 0;
}

int opts_check(const struct opt *const *tables, const struct opts *opts, struct err *err)
{
	for (; *tables; tables++) {
		for (const struct opt *opt = *tables; opt->name; opt++) {
			char text[OPTION_BYTES];

			if (!(opt->flags & OPT_REQUIRED) || opts_has(opts, opt->name))
				continue;
			format_option(opt, text, sizeof(text));
			return err_set(err, -EINVAL, "%s is missing", text);
		}
	}
	return 0;
}

bool opts_has(const struct opts *opts, const char *name)
{
	return find_given(opts, name, 0) != NULL;
}

const char *opts_text(const struct opts *opts, const char *name, const char *fallback)
{
	const struct opts_given *given = find_given(opts, name, 0);

	return given ? given->text : fallback;
}

int64_t opts_number(const struct opts *opts, const char *name, int64_t fallback)
{
	const struct opts_given *given = find_given(opts, name, 0);

	return given ? given->number : fallback;
}

const char *opts_nth(const struct opts *opts, const char *name, size_t n)
{
	const struct opts_given *given = find_given(opts, name, n);

	return given ? given->text : NULL;
}

void opts_print_usage(const struct opt *const *tables, FILE *out)
{
	size_t column = LINE_COLUMNS;

	for (; *tables; tables++) {
		for (const struct opt *opt = *tables; opt->name; opt++) {
			bool required = opt->flags & OPT_REQUIRED;
			char option[OPTION_BYTES], word[OPTION_BYTES + 8];

			format_option(opt, option, sizeof(option));
			snprintf(word, sizeof(word), "%s%s%s%s", required ? "" : "[", option,
				required ? "" : "]", opt->flags & OPT_REPEAT ? "..." : "");
			if (column + strlen(word) + 1 > LINE_COLUMNS) {
				fprintf(out, "\n       ");
				column = 7;
			}
			column += (size_t)fprintf(out, " %s", word);
		}
	}
	fputc('\n', out);
}

void opts_print_help(const struct opt *const *tables, FILE *out)
{
	for (; *tables; tables++) {
		for (const struct opt *opt = *tables; opt->name; opt++) {
			char option[OPTION_BYTES];

			format_option(opt, option, sizeof(option));
			if (strlen(option) + 4 > HELP_COLUMN)
				fprintf(out, "  %s\n%*s", option, HELP_COLUMN, "");
			else
				fprintf(out, "  %-*s", HELP_COLUMN - 2, option);
			fprintf(out, "%s\n", opt->help);
		}
	}
}
