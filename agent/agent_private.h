/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of the composition share: agent.c, its life; agent_flow.c, what flows where
 * while it lives. */
#ifndef PANTAU_AGENT_AGENT_PRIVATE_H
#define PANTAU_AGENT_AGENT_PRIVATE_H

#include "agent/agent.h"
#include "agent/technician/board.h"
#include "agent/clock_watch.h"
#include "agent/identity.h"
#include "agent/uplink/lending.h"
#include "agent/net/monitor.h"
#include "agent/recorder.h"
#include "agent/settings/remote.h"
#include "agent/reset.h"
#include "agent/trusted_time.h"
#include "agent/uplink/renewal.h"
#include "agent/uplink/uplink.h"
#include "agent/witness.h"

#define AGENT_SOFTWARE "pantau-agent " PANTAU_VERSION
#define MS_PER_S 1000

struct agent { /* in the order in which it is made */
	const struct settings *settings; /* of its own file */
	uv_loop_t loop;
	struct remote *remote; /* what the collector asks for, over that */
	struct probers *probers;
	int netlink; /* for asking; -1: not open */
	enum reset reset; /* how the machine came to start */
	struct trusted_time *trusted_time;
	struct identity identity; /* which certificate, and when it ends */
	struct tls_context *tls;
	struct recorder *recorder;
	struct monitor *monitor;
	struct clock_watch *clock_watch;
	struct lending *lending;
	struct witness *witness;
	struct uplink *uplink;
	struct renewal *renewal;
	uv_timer_t spool_timer; /* when records have to be on flash */
	uv_signal_t terminate, interrupt;
	bool stopping;
	struct board *board;
	bool was_told_time; /* by a collector, or by NTP */
};

/* Each needs what stands before it in the struct. */
int agent_open_remote(struct agent *agent, const char *path, struct err *err);
int agent_open_board(struct agent *agent, struct err *err);
int agent_open_facts(struct agent *agent, struct err *err);
int agent_open_witness(struct agent *agent, struct err *err);
int agent_open_uplink(struct agent *agent, struct err *err);
int agent_open_renewal(struct agent *agent, struct err *err);
/* Trusted, in seconds since 1970. */
int64_t agent_now_s(void *arg);
void agent_close_witness(struct agent *agent);
/* After uplink_finish. */
void agent_finished(void *arg);
/* Writes the records that are due, and comes again when something is. */
void agent_look_at_spool(struct agent *agent);

#endif
