/* SPDX-License-Identifier: Apache-2.0 */
/* An explanation as JSON: web/API.md describes the keys, which stay as they are. */
#ifndef PANTAU_EXPLAIN_JSON_H
#define PANTAU_EXPLAIN_JSON_H

#include "collector/explain/explain.h"
#include "common/json.h"

/* Writes the members of an object that the caller begins and ends. */
void explanation_json(const struct explanation *explanation, struct json *json);

#endif
