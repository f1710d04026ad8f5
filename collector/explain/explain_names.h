/* SPDX-License-Identifier: Apache-2.0 */
/* The words for what a slot is made of. Borrowed for ever; "?" for a value that is none. */
#ifndef PANTAU_EXPLAIN_NAMES_H
#define PANTAU_EXPLAIN_NAMES_H

#include "collector/explain/explain.h"
#include "proto/names.h"

const char *explain_state_name(enum state state); /* "U", "D", "N" */
const char *explain_run_cause(const struct state_run *run); /* "" of U */
const char *explain_kind_name(enum base_kind kind); /* "good", "bad", "unknown" */
const char *explain_piece_cause(const struct explain_piece *piece); /* "" of a good slot */
const char *explain_target_name(enum target_class class); /* "gateway", ... */
const char *explain_probe_name(uint8_t kind); /* "icmp", "tcp", "stamp" */
const char *explain_outcome_name(uint8_t outcome); /* "answered", "lost", "refused" */
const char *explain_refusal_name(uint8_t refusal); /* "carrier", ...; "" none */
const char *explain_carrier_name(uint8_t carrier); /* "up", "down", "unknown" */
const char *explain_neighbour_name(uint8_t neighbour); /* "resolved", "failed", "unknown" */
const char *explain_source_name(enum anchor_source source); /* "ntp", "collector", "manual" */

#endif
