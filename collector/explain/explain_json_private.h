/* SPDX-License-Identifier: Apache-2.0 */
/* What explain_json.c takes from explain_json_evidence.c: members of the explanation's object. */
#ifndef PANTAU_EXPLAIN_JSON_PRIVATE_H
#define PANTAU_EXPLAIN_JSON_PRIVATE_H

#include "collector/explain/explain_json.h"

void explain_json_slot(const struct explanation *out, struct json *json);
void explain_json_clock(const struct explanation *out, struct json *json);
void explain_json_overruled(const struct explanation *out, struct json *json);
void explain_json_boot(const char *key, const struct explain_boot *boot, struct json *json);

#endif
