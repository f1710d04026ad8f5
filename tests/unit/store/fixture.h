/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state folder with villages, links, contracts and agents, and records as an agent would send
 * them: for the tests of the store. Whatever fails in here fails the test.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "collector/store/ledger_writer.h"
#include "collector/store/sla.h"

#define DESA "64.08.05.2001"
#define DESA_OTHER "64.08.05.2002"
#define DESA_FAR "64.09.01.2001"
#define T0 INT64_C(1767196800) /* 2026-01-01 00:00 WITA */
#define US_PER_S INT64_C(1000000)

struct fixture {
	char state[64];
	struct registry *registry;
	struct ledger_writer *writer; /* opened by the first fixture_begin() */
	int64_t now_s; /* the registry's clock */
};

/* cmocka's setup and teardown. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Another folder beside the first one. */
struct fixture *fixture_new(void);
void fixture_free(struct fixture *fixture);

int64_t fixture_link(struct fixture *fixture, const char *desa, const char *provider);
/* Terms: target 99.5 %, W 300 s, B 120 s, notice 24 h, fee 1,200,000, excess. */
int64_t fixture_contract(struct fixture *fixture, int64_t link, int64_t from_s, int64_t to_s);
uint32_t fixture_agent(struct fixture *fixture, int64_t link, int64_t from_s);

/* ---- records, encoded */

struct sent { /* one record on its way */
	uint32_t agent, run, sequence;
	uint8_t bytes[RECORD_MAX];
	size_t length;
	int64_t received_us;
	uint8_t reject_code;
};

struct sent_key {
	uint32_t agent, run, sequence;
};
#define KEY(agent, run, sequence) ((struct sent_key){agent, run, sequence})

/* A slot of a round every 10 s, the first `lost` of them lost; those answered took rtt_us. In a
 * lost round gateway and edge answer, the provider's target does not: cause provider. */
struct slot_plan {
	uint8_t boot; /* its id's first byte */
	uint64_t start_us;
	uint32_t length_ms;
	unsigned lost;
	uint32_t rtt_us;
	const char *wan; /* NULL: "wan" */
	uint8_t dns; /* how a question for a name that exists went; 0: none was asked */
};
struct sent sent_slot(struct sent_key key, struct slot_plan plan);
struct sent sent_anchor(struct sent_key key, uint8_t boot, uint64_t mono_us, int64_t utc_us);
struct sent sent_stop(struct sent_key key, uint8_t boot, uint64_t mono_us);
struct sent sent_start(struct sent_key key, uint8_t boot, uint64_t mono_us, enum reset reset);
struct sent sent_record(struct sent_key key, const struct record *record);
/* A speed test over "wan"; 0 kbps down: it was skipped because others used the link. */
struct sent sent_speed(struct sent_key key, uint8_t boot, uint64_t start_us, uint32_t down_kbps);
/* A page over "wan"; any other status than 200 was not expected. */
struct sent sent_http(struct sent_key key, uint8_t boot, uint64_t start_us, uint16_t status);
struct sent sent_observation(
	struct sent_key key, uint8_t boot, uint64_t mono_us, const char *source);
/* Covers the sequences up to `last`. */
struct sent sent_dropped(
	struct sent_key key, uint8_t boot, uint32_t last, uint64_t from_us, uint64_t to_us);

/* One batch: bindings as in the registry, these records, settled and committed. */
void fixture_take(struct fixture *fixture, const struct sent *records, size_t count);
struct ledger_counts fixture_counts(struct fixture *fixture);
/* Everything derived that can be asked, as text, for comparison; caller frees. */
char *fixture_dump(struct fixture *fixture, int64_t link);

#endif
