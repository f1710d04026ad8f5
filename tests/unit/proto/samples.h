/* SPDX-License-Identifier: Apache-2.0 */
/* Records to test with: sound ones, every field set. */
#ifndef PANTAU_TESTS_PROTO_SAMPLES_H
#define PANTAU_TESTS_PROTO_SAMPLES_H

#include "common/buf.h"
#include "proto/model.h"

extern const uint8_t sample_boot[BOOT_BYTES];

/* An ordinary slot: four targets, seven probes, an event, two questions to a resolver. */
void sample_slot(struct record *ret_record);
/* The fullest slot that is allowed. */
void sample_full_slot(struct record *ret_record);
void sample_anchor(struct record *ret_record);
void sample_dropped(struct record *ret_record, uint32_t first, uint32_t last);
void sample_start(struct record *ret_record);
void sample_stop(struct record *ret_record);
/* Done in both directions, every field set. */
void sample_speed(struct record *ret_record);
void sample_http(struct record *ret_record);
void sample_observation(struct record *ret_record);
void sample_full_observation(struct record *ret_record);
/* Appends the record's bytes. */
void sample_encode(const struct record *record, struct buf *out);

#endif
