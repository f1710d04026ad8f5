/* SPDX-License-Identifier: Apache-2.0 */
/* A spool in a folder of its own, filled with slots of a minute each, and read back. */
#ifndef PANTAU_TESTS_UNIT_AGENT_SPOOL_FIXTURE_H
#define PANTAU_TESTS_UNIT_AGENT_SPOOL_FIXTURE_H

#include "tests/unit/agent/fixture.h"

#include "agent/spool/spool.h"

#define SPOOL_LIMIT SPOOL_BYTES_MIN

/* Runs the tests in a new folder, which is emptied before each. */
int spool_fixture_run(const struct CMUnitTest *tests, size_t count);
const char *spool_fixture_folder(void); /* of what is on flash */
const char *spool_fixture_near(void); /* of what is in RAM */
/* Whatever was in RAM is gone. While no spool is open. */
void lose_power(void);

struct spool *open_spool(void);
/* A slot of the minute that its number says; what spool_add() returned. */
int add_slot(struct spool *spool, uint32_t minute);
void add_slots(struct spool *spool, uint32_t from, uint32_t to);
/* Checks that the source gives exactly every number of the run from `first` to `last`, in order,
 * records and Dropped together, and that records are what was written. Returns how many numbers
 * were dropped. */
uint32_t read_all(struct spool *spool, uint32_t run, uint32_t first, uint32_t last);

#endif
