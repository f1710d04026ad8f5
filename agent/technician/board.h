/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what the agent knows of itself for status.json, and writes it when something changes. */
#ifndef PANTAU_AGENT_BOARD_H
#define PANTAU_AGENT_BOARD_H

#include "agent/settings/settings.h"
#include "agent/spool/spool.h"
#include "agent/uplink/renewal.h"
#include "agent/uplink/uplink.h"

struct board;

struct board_facts { /* asked for each time that the file is written */
	struct spool_figures spool;
	struct uplink_figures uplink;
	bool clock_known;
	int64_t certificate_expires_s; /* 0: not known */
	enum renewal_state renewal;
};

struct board_settings {
	const struct settings *settings; /* borrowed */
	const char *software; /* borrowed */
	uint32_t run;
	void *arg;
	void (*facts)(void *arg, struct board_facts *ret_facts);
};

/* Copies. Holds the runtime folder until the end. */
int board_new(const struct board_settings *settings, struct board **ret_board);
/* Another configuration is followed: borrowed from now on. */
void board_configure(struct board *board, const struct settings *settings);
/* A slot is finished. */
void board_slot(struct board *board, const struct slot *slot, const char *interface);
/* A record of another kind is made: the last speed test and certificate are shown. */
void board_record(struct board *board, const struct record *record);
/* The way to the collector, or what waits, changed. */
void board_write(struct board *board);
/* Whether somebody at the router waits for the word that this arrived. */
bool board_is_waited_for(const struct record *record);
void board_free(struct board *board);

#endif
