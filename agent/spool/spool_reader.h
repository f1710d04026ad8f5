/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the spool for the sender: the records on flash, then those in RAM, and in their places a
 * Dropped record for each gap, in order of (run, sequence).
 */
#ifndef PANTAU_AGENT_SPOOL_READER_H
#define PANTAU_AGENT_SPOOL_READER_H

#include "agent/core/held.h"
#include "proto/sender.h"

struct spool_log;
struct spool_reader;

/* Borrows all. */
int spool_reader_new(const struct spool_log *far, const struct spool_log *near, struct held *held,
	struct spool_reader **ret_reader);
void spool_reader_free(struct spool_reader *reader);
void spool_reader_rewind(struct spool_reader *reader);
/* Records went from RAM to flash. */
void spool_reader_moved(struct spool_reader *reader);
/* 1: a record, bytes borrowed until the next call or the next change of the spool. 0: none for
 * now. */
int spool_reader_next(struct spool_reader *reader, struct entry *ret_entry);

#endif
