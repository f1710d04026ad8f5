/* SPDX-License-Identifier: Apache-2.0 */
/* A link's live state in JSON: the same words in the list and in the events. */
#ifndef PANTAU_WEB_LIVE_JSON_H
#define PANTAU_WEB_LIVE_JSON_H

#include "collector/store/ledger_db.h"
#include "common/json.h"

/* "state", "since", "cause" and live_json_figures() into the open object. */
void live_json(struct json *json, const struct ledger_live *live);
/* "last_report", "rtt_us", "loss_ppm"; null where there is nothing to say. */
void live_json_figures(struct json *json, const struct ledger_live *live);

#endif
