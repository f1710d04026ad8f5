/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ledger_word.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/ask.h"

struct ledger_word ledger_ask(const char *state, struct err *err)
{
	struct ledger_word word = {.runs = false};
	const char *fault;
	uint8_t *answer;
	size_t length;
	json_t *object;

	if (ask_status(state, "ledger.sock", &answer, &length, err))
		return word;
	word.runs = true;
	object = json_loadb((const char *)answer, length, 0, NULL);
	fault = json_string_value(json_object_get(object, "fault"));
	snprintf(word.fault, sizeof(word.fault), "%s", fault ? fault : "");
	json_decref(object);
	free(answer);
	return word;
}
