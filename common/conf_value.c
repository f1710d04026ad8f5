/* SPDX-License-Identifier: Apache-2.0 */
#include "common/conf_value.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void *member(const struct conf_key *key, void *target)
{
	return (char *)target + key->offset;
}

static const void *member_const(const struct conf_key *key, const void *target)
{
	return (const char *)target + key->offset;
}

static long long text_max(const struct conf_key *key)
{
	return key->max > 0 && key->max < CONF_VALUE_MAX ? key->max : CONF_VALUE_MAX;
}

static void list_choices(const struct conf_key *key, char ret_text[CONF_WHY_BYTES])
{
	size_t length = 0;
	int i;

	ret_text[0] = '\0';
	for (i = 0; key->choices[i] && length < CONF_WHY_BYTES; i++)
		length += (size_t)snprintf(ret_text + length, CONF_WHY_BYTES - length, "%s%s",
			i ? ", " : "", key->choices[i]);
}

void conf_value_allowed(const struct conf_key *key, char ret_text[CONF_WHY_BYTES])
{
	switch (key->type) {
	case CONF_TEXT:
		snprintf(ret_text, CONF_WHY_BYTES, "at most %lld bytes", text_max(key));
		break;
	case CONF_NUMBER:
		snprintf(ret_text, CONF_WHY_BYTES, "%lld to %lld", key->min, key->max);
		break;
	case CONF_SWITCH: snprintf(ret_text, CONF_WHY_BYTES, "yes or no"); break;
	case CONF_CHOICE: list_choices(key, ret_text); break;
	}
}

static int set_text(const struct conf_key *key, char **target, const char *text)
{
	char *copy;

	if (strlen(text) > (size_t)text_max(key))
		return -EINVAL;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	free(*target);
	*target = copy;
	return 0;
}

static int set_number(const struct conf_key *key, long long *target, const char *text)
{
	const char *digits = text[0] == '-' ? text + 1 : text;
	long long value;

	if (*digits == '\0' || strspn(digits, "0123456789") != strlen(digits))
		return -EINVAL;
	errno = 0;
	value = strtoll(text, NULL, 10);
	if (errno || value < key->min || value > key->max)
		return -EINVAL;
	*target = value;
	return 0;
}

static int set_switch(bool *target, const char *text)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(text, words[i]) == 0) {
			*target = i % 2 == 1;
			return 0;
		}
	}
	return -EINVAL;
}

static int set_choice(const struct conf_key *key, int *target, const char *text)
{
	int i;

	for (i = 0; key->choices[i]; i++) {
		if (strcmp(text, key->choices[i]) == 0) {
			*target = i;
			return 0;
		}
	}
	return -EINVAL;
}

static int set_by_type(const struct conf_key *key, void *target, const char *text)
{
	switch (key->type) {
	case CONF_TEXT: return set_text(key, member(key, target), text);
	case CONF_NUMBER: return set_number(key, member(key, target), text);
	case CONF_SWITCH: return set_switch(member(key, target), text);
	case CONF_CHOICE: return set_choice(key, member(key, target), text);
	}
	return -EINVAL;
}

int conf_value_set(
	const struct conf_key *key, void *target, const char *text, char ret_why[CONF_WHY_BYTES])
{
	char allowed[CONF_WHY_BYTES];
	int r = set_by_type(key, target, text);

	if (r == -EINVAL) {
		conf_value_allowed(key, allowed);
		snprintf(ret_why, CONF_WHY_BYTES, "must be %.140s", allowed);
	} else if (r < 0) {
		snprintf(ret_why, CONF_WHY_BYTES, "%s", strerror(-r));
	}
	return r;
}

void conf_value_print(const struct conf_key *key, const void *target, FILE *out)
{
	const void *value = member_const(key, target);

	switch (key->type) {
	case CONF_TEXT: fputs(*(char *const *)value ? *(char *const *)value : "", out); break;
	case CONF_NUMBER: fprintf(out, "%lld", *(const long long *)value); break;
	case CONF_SWITCH: fputs(*(const bool *)value ? "yes" : "no", out); break;
	case CONF_CHOICE: fputs(key->choices[*(const int *)value], out); break;
	}
}

void conf_value_clear(const struct conf_key *key, void *target)
{
	void *value = member(key, target);

	switch (key->type) {
	case CONF_TEXT:
		free(*(char **)value);
		*(char **)value = NULL;
		break;
	case CONF_NUMBER: *(long long *)value = 0; break;
	case CONF_SWITCH: *(bool *)value = false; break;
	case CONF_CHOICE: *(int *)value = 0; break;
	}
}
