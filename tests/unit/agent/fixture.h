/* SPDX-License-Identifier: Apache-2.0 */
/* What the agent's unit tests share: cmocka in its order, a boot, targets, time in seconds. */
#ifndef PANTAU_TESTS_UNIT_AGENT_FIXTURE_H
#define PANTAU_TESTS_UNIT_AGENT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "proto/model.h"

#define S(seconds) ((uint64_t)((seconds)*1000000.0 + 0.5))

static const uint8_t boot_id[BOOT_BYTES] = {0xb0, 0x07, 1};

static inline struct target target_v4(enum target_class class, uint8_t last, uint16_t port)
{
	return (struct target){
		.class = class, .port = port, .address = {.length = 4, .bytes = {192, 0, 2, last}}};
}

#endif
