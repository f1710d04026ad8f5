/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/command.h"

#define WORDS_MAX 3

struct unit {
	const char *name;
	double factor;
};

/* A number with its unit: "20ms" with {"us", 1}, {"ms", 1000} is 20000 */
static int parse_quantity(const char *text, const struct unit *units, double *ret_value)
{
	char *end = NULL;
	double value = strtod(text, &end);

	if (end == text || value < 0)
		return -EINVAL;
	for (; units->name != NULL; units++) {
		if (strcmp(end, units->name) == 0) {
			*ret_value = value * units->factor;
			return 0;
		}
	}
	return -EINVAL;
}

static int set_delay(struct shape *shape, const char *value)
{
	static const struct unit units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}, {NULL, 0}};
	double delay_us;

	if (value == NULL || parse_quantity(value, units, &delay_us) < 0)
		return -EINVAL;
	shape->delay_us = (uint32_t)delay_us;
	return 0;
}

static int set_loss(struct shape *shape, const char *value)
{
	static const struct unit units[] = {{"%", 10000}, {"ppm", 1}, {NULL, 0}};
	double ppm;

	if (value == NULL || parse_quantity(value, units, &ppm) < 0 || ppm > 1000000)
		return -EINVAL;
	shape->loss_ppm = (uint32_t)ppm;
	return 0;
}

static int set_rate(struct shape *shape, const char *value)
{
	static const struct unit units[] = {{"bit", 1}, {"kbit", 1e3}, {"mbit", 1e6}, {NULL, 0}};
	double bits_s = 0;

	if (value == NULL ||
		(strcmp(value, "off") != 0 && parse_quantity(value, units, &bits_s) < 0))
		return -EINVAL;
	shape->rate_bits_s = (uint64_t)bits_s;
	shape->free_at_us = 0;
	return 0;
}

static int set_largest(struct shape *shape, const char *value)
{
	static const struct unit units[] = {{"", 1}, {NULL, 0}};
	double bytes = 0;

	if (value == NULL ||
		(strcmp(value, "off") != 0 && parse_quantity(value, units, &bytes) < 0))
		return -EINVAL;
	shape->largest = (size_t)bytes;
	return 0;
}

static int set_cut(struct shape *shape, const char *value)
{
	shape->cut = true;
	return 0;
}

static int set_restore(struct shape *shape, const char *value)
{
	shape->cut = false;
	return 0;
}

static int set_icmp(struct shape *shape, const char *value)
{
	if (value == NULL || (strcmp(value, "on") != 0 && strcmp(value, "off") != 0))
		return -EINVAL;
	shape->no_icmp = strcmp(value, "off") == 0;
	return 0;
}

static int parse_address(const char *text, struct blocked *ret_address)
{
	if (text != NULL && inet_pton(AF_INET, text, ret_address->bytes) == 1) {
		ret_address->length = 4;
		return 0;
	}
	if (text != NULL && inet_pton(AF_INET6, text, ret_address->bytes) == 1) {
		ret_address->length = 16;
		return 0;
	}
	return -EINVAL;
}

static int set_block(struct shape *shape, const char *value)
{
	struct blocked address;
	int rc = parse_address(value, &address);

	return rc < 0 ? rc : shape_block(shape, &address);
}

static int set_unblock(struct shape *shape, const char *value)
{
	struct blocked address;
	int rc = parse_address(value, &address);

	if (rc == 0)
		shape_unblock(shape, &address);
	return rc;
}

static const struct verb {
	const char *name;
	bool has_value;
	int (*set)(struct shape *shape, const char *value);
} verbs[] = {
	{"delay", true, set_delay},
	{"loss", true, set_loss},
	{"rate", true, set_rate},
	{"largest", true, set_largest},
	{"cut", false, set_cut},
	{"restore", false, set_restore},
	{"icmp", true, set_icmp},
	{"block", true, set_block},
	{"unblock", true, set_unblock},
};

static int apply(const struct verb *verb, char *words[WORDS_MAX], struct shape shapes[DIRECTIONS])
{
	const char *side = words[verb->has_value ? 2 : 1];
	int rc = 0;

	if (side != NULL && strcmp(side, "up") != 0 && strcmp(side, "down") != 0)
		return -EINVAL;
	if (side == NULL || strcmp(side, "up") == 0)
		rc = verb->set(&shapes[UP], words[1]);
	if (rc == 0 && (side == NULL || strcmp(side, "down") == 0))
		rc = verb->set(&shapes[DOWN], words[1]);
	return rc;
}

int command_run(char *line, struct shape shapes[DIRECTIONS], struct command *ret_command)
{
	char *words[WORDS_MAX] = {NULL};
	char *rest = line;
	unsigned count = 0;

	for (char *word; count < WORDS_MAX && (word = strtok_r(rest, " \n", &rest)) != NULL;)
		words[count++] = word;
	if (count == 0)
		return -EINVAL;
	if (strcmp(words[0], "stats") == 0) {
		*ret_command = (struct command){.kind = COMMAND_STATS};
		return 0;
	}
	if (strcmp(words[0], "carrier") == 0 && words[1] != NULL) {
		*ret_command = (struct command){
			.kind = COMMAND_CARRIER, .on = strcmp(words[1], "on") == 0};
		return 0;
	}
	*ret_command = (struct command){.kind = COMMAND_SHAPE};
	for (unsigned i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(words[0], verbs[i].name) == 0)
			return apply(&verbs[i], words, shapes);
	return -EINVAL;
}
