/* SPDX-License-Identifier: Apache-2.0 */
/* Private to conf: the value of one key, from text and to text. */
#ifndef PANTAU_COMMON_CONF_VALUE_H
#define PANTAU_COMMON_CONF_VALUE_H

#include <stdio.h>

#include "common/conf.h"

/* Sets the key's member of the target. -EINVAL with what is allowed in ret_why, -ENOMEM. */
int conf_value_set(
	const struct conf_key *key, void *target, const char *text, char ret_why[CONF_WHY_BYTES]);
/* What is allowed, as a person says it: "1 to 60". */
void conf_value_allowed(const struct conf_key *key, char ret_text[CONF_WHY_BYTES]);
void conf_value_print(const struct conf_key *key, const void *target, FILE *out);
/* Zeroes the member and frees its text. */
void conf_value_clear(const struct conf_key *key, void *target);

#endif
