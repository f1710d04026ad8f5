/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes wrong in a month, and in what kind of place: drawn from the seed before it begins.
 *
 *   INNOCENT   what is nobody's outage, each alone and all pairs: D must be 0
 *   OUTAGES    each cause of D, alone and together with each innocent
 *   WILD       everything at any time: flapping, full spools, boots that never learn the time
 *   CAUSE      a few hours with one thing in it: what will it be called?
 */
#ifndef PANTAU_TESTS_SIM_MONTH_STORY_H
#define PANTAU_TESTS_SIM_MONTH_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/sim/draw.h"

#define STORY_SPELLS_MAX 2048
#define STORY_S 1000000ULL
#define STORY_MINUTE (60 * STORY_S)
#define STORY_HOUR (60 * STORY_MINUTE)
#define STORY_DAY (24 * STORY_HOUR)
#define STORY_MONTH (30 * STORY_DAY)

enum trouble {
	/* on the way to the internet: these are outages */
	TROUBLE_CARRIER,
	TROUBLE_ADDRESS, /* no address: DHCP has ended */
	TROUBLE_ROUTE, /* no default route */
	TROUBLE_GATEWAY,
	TROUBLE_ACCESS,
	TROUBLE_PROVIDER,
	TROUBLE_UPSTREAM,
	/* these are none */
	TROUBLE_TARGET, /* detail: which one of the internet targets is dead */
	TROUBLE_PINGS, /* the internet drops ICMP; TCP passes */
	TROUBLE_DNS, /* the provider's resolver is dead */
	TROUBLE_LOSS, /* detail: percent of all packets beyond the gateway */
	TROUBLE_COLLECTOR,
	TROUBLE_NAT, /* a moment: the address changes, what is under way dies */
	TROUBLE_STEP, /* the clock is set wrongly; NTP needs until the end to mend it */
	/* of the router */
	TROUBLE_POWER,
	TROUBLE_REBOOT, /* in order; until the kernel starts */
	TROUBLE_HANG, /* until the watchdog ends it */
	TROUBLE_UPGRADE, /* the agent stops in order; until it starts again */
	TROUBLE_KILL, /* the agent dies; until it starts again */
	TROUBLE_STALL, /* the machine is too busy to run the agent */
	TROUBLE_COUNT
};

struct spell { /* by its beginning */
	uint64_t from_us, to_us;
	enum trouble trouble;
	unsigned detail;
};

struct place { /* what stays as it is all month */
	uint32_t round_s, slot_s, near_s; /* the agent's rhythm: of a profile, or odd */
	bool is_odd;
	bool has_ntp, has_edge, has_provider; /* targets of these classes are known */
	bool has_neighbours; /* the gateway is found by ARP or ND; false: PPP */
	bool has_reflector; /* STAMP is asked, beside the collector */
	bool is_gateway_mute; /* it answers no ping */
	bool is_edge_mute, is_provider_mute;
	bool tells_resets; /* the hardware says that the watchdog ended a boot */
	unsigned loss_permille; /* of packets beyond the gateway */
	uint32_t rtt_us;
	int drift_ppm; /* of the router's quartz */
	size_t spool_records;
	uint64_t report_us; /* records wait so long for one another */
	uint64_t trusted_from_us; /* the collector gives the time from then on */
};

enum story_kind { STORY_INNOCENT, STORY_OUTAGES, STORY_WILD, STORY_CAUSE };

struct story {
	uint64_t seed;
	enum story_kind kind;
	uint64_t length_us;
	struct place place;
	size_t count;
	struct spell spells[STORY_SPELLS_MAX];
};

const char *trouble_words(enum trouble trouble);
const char *story_kind_words(enum story_kind kind);
void story_draw(struct story *story, uint64_t seed);

/* What one thing is called: the rows of the table of causes. */
enum matter {
	MATTER_LOCAL,
	MATTER_CPE,
	MATTER_ACCESS,
	MATTER_PROVIDER,
	MATTER_UPSTREAM,
	MATTER_POWER,
	MATTER_RESTART,
	MATTER_AGENT,
	MATTER_DROPPED,
	MATTER_CLOCK,
	MATTER_CAUSES, /* the ten causes are those before it; the rest is nobody's outage */
	MATTER_COLLECTOR = MATTER_CAUSES,
	MATTER_TARGET,
	MATTER_DNS,
	MATTER_NAT,
	MATTER_STEP,
	MATTER_UPGRADE,
	MATTER_REBOOT,
	MATTER_LOSS,
	MATTER_STALL,
	MATTER_SILENT, /* the power never comes back */
	MATTER_COUNT
};

const char *matter_words(enum matter matter);
/* A story of that matter; every second one of a cause has something else beside it. `is_bare`: in a
 * place without the targets and the words that tell causes apart. */
void story_draw_matter(struct story *story, enum matter matter, uint64_t seed, bool is_bare);

/* ---- between the story's files */

void story_begin(struct story *story, uint64_t seed, struct draw *draw);
void story_add(struct story *story, enum trouble trouble, uint64_t from_us, uint64_t length_us);
void story_add_detail(struct story *story, const struct spell *spell);
void story_sort(struct story *story);
/* How long such a trouble may last. */
uint64_t story_length(enum trouble trouble, struct draw *draw);
/* One stall after the other. */
void story_add_stalls(struct story *story, uint64_t at_us, uint64_t end_us, struct draw *draw);
void story_draw_scenes(struct story *story, struct draw *draw);
void story_draw_wild(struct story *story, struct draw *draw);

#endif
