/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/term_sets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/number.h"
#include "cli/term_options.h"

#define MS_DECIMALS 3 /* of a millisecond: microseconds */
#define SPEED_PARTS 4

static const char *const roundings[] = {
	[ROUND_DOWN] = "down", [ROUND_NEAREST] = "nearest", [ROUND_UP] = "up", NULL};

struct bounds { /* of a number, scaled by 10^decimals */
	unsigned decimals;
	int64_t low, high;
};

static int read_number(const char *value, const struct bounds *bounds, uint32_t *ret_number)
{
	int64_t number;

	if (number_parse(value, bounds->decimals, &number) || number < bounds->low ||
		number > bounds->high)
		return -EINVAL;
	*ret_number = (uint32_t)number;
	return 0;
}

static int read_rounding(struct terms *terms, const char *value)
{
	for (int i = 0; roundings[i]; i++) {
		if (!strcmp(roundings[i], value)) {
			terms->rounding = (enum rounding)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int read_service(struct terms *terms, const char *value)
{
	return service_parse(value, &terms->service);
}

/* "80:90:30" or "80:90:30:10" */
static int read_speed(struct terms *terms, const char *value)
{
	static const struct bounds bounds[SPEED_PARTS] = {
		{TERM_PERCENT_DECIMALS, 1, TERMS_PPM},
		{TERM_PERCENT_DECIMALS, 1, TERMS_PPM},
		{0, 1, TERMS_TESTS_MAX},
		{0, 1, 31},
	};
	uint32_t parts[SPEED_PARTS] = {0, 0, 0, 1};
	char copy[TERM_SET_BYTES], *rest = copy, *part;
	int count = 0;

	terms->speed = (struct speed_terms){.days = 1};
	if (!strcmp(value, "none"))
		return 0;
	if (snprintf(copy, sizeof(copy), "%s", value) >= (int)sizeof(copy))
		return -EINVAL;
	while ((part = strsep(&rest, ":"))) {
		if (count == SPEED_PARTS || read_number(part, &bounds[count], &parts[count]))
			return -EINVAL;
		count++;
	}
	if (count < SPEED_PARTS - 1)
		return -EINVAL;
	terms->speed = (struct speed_terms){parts[0], parts[1], parts[2], parts[3]};
	return 0;
}

static int read_rtt(struct terms *terms, const char *value)
{
	return read_number(
		value, &(struct bounds){MS_DECIMALS, 1, TERMS_LIMIT_MAX_US}, &terms->limits.rtt_us);
}

static int read_loss(struct terms *terms, const char *value)
{
	return read_number(value, &(struct bounds){TERM_PERCENT_DECIMALS, 0, TERMS_PPM},
		&terms->limits.loss_ppm);
}

static int read_pdv(struct terms *terms, const char *value)
{
	return read_number(
		value, &(struct bounds){MS_DECIMALS, 1, TERMS_LIMIT_MAX_US}, &terms->limits.pdv_us);
}

static int read_claim(struct terms *terms, const char *value)
{
	return read_number(value, &(struct bounds){0, 1, TERMS_CLAIM_DAYS_MAX}, &terms->claim_days);
}

static int read_final(struct terms *terms, const char *value)
{
	terms->final_days = TERMS_NEVER;
	if (!strcmp(value, "none"))
		return 0;
	return read_number(value, &(struct bounds){0, 0, TERMS_FINAL_DAYS_MAX}, &terms->final_days);
}

static const struct key {
	const char *name;
	int (*read)(struct terms *terms, const char *value); /* 0 or -EINVAL */
	const char *allowed;
} keys[] = {
	{"rounding", read_rounding, "down, nearest or up"},
	{"service-hours", read_service,
		"always or [DAY[-DAY]@]HH:MM-HH:MM, several with a comma between; a DAY is mon, "
		"tue, wed, thu, fri, sat or sun"},
	{"speed", read_speed,
		"none or RATE:SHARE:TESTS[:DAYS], percentages up to 100, at most 10000 tests, 1 to "
		"31 days"},
	{"limit-rtt", read_rtt, "0.001 to 3000 ms"},
	{"limit-loss", read_loss, "0 to 100 percent"},
	{"limit-pdv", read_pdv, "0.001 to 3000 ms"},
	{"claim-days", read_claim, "1 to 366 days"},
	{"final-days", read_final, "none or 0 to 3660 days"},
};
#define KEYS (sizeof(keys) / sizeof(*keys))

/* The key at the beginning of "KEY=VALUE"; KEYS for none. */
static size_t find_key(const char *text, const char **ret_value)
{
	const char *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : 0;

	for (size_t i = 0; length && i < KEYS; i++) {
		if (strlen(keys[i].name) == length && !strncmp(keys[i].name, text, length)) {
			*ret_value = equals + 1;
			return i;
		}
	}
	return KEYS;
}

static int refuse_key(const char *text, struct err *err)
{
	return err_set(err, -EINVAL,
		"--set = '%.60s': must be KEY=VALUE, and known keys are rounding, service-hours, "
		"speed, limit-rtt, limit-loss, limit-pdv, claim-days, final-days",
		text);
}

int term_sets_read(struct terms *terms, const struct opts *opts, struct err *err)
{
	bool given[KEYS] = {false};
	const char *text, *value = NULL;

	for (size_t i = 0; (text = opts_nth(opts, "set", i)); i++) {
		size_t key = find_key(text, &value);
		if (key == KEYS)
			return refuse_key(text, err);
		if (given[key])
			return err_set(err, -EINVAL, "--set %s is given twice", keys[key].name);
		given[key] = true;
		if (keys[key].read(terms, value))
			return err_set(err, -EINVAL, "--set %s = '%.60s': must be %s",
				keys[key].name, value, keys[key].allowed);
	}
	return 0;
}

const char *term_sets_rounding(enum rounding rounding)
{
	return roundings[rounding];
}

void term_sets_speed(const struct speed_terms *speed, char ret_text[TERM_SET_BYTES])
{
	char rate[NUMBER_TEXT_BYTES], share[NUMBER_TEXT_BYTES];

	if (!speed->rate_ppm) {
		strcpy(ret_text, "none");
		return;
	}
	number_format(speed->rate_ppm, TERM_PERCENT_DECIMALS, rate);
	number_format(speed->share_ppm, TERM_PERCENT_DECIMALS, share);
	snprintf(ret_text, TERM_SET_BYTES, "%s:%s:%u:%u", rate, share, speed->tests, speed->days);
}
