/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/closed_month.h"
#include "collector/store/kept_figures.h"
#include "collector/store/forget_link.h"
#include "collector/store/ledger_private.h"
#include "collector/store/ledger_speed.h"
#include "collector/store/ledger_settlement.h"

#define SCHEMA_VERSION 2

/*
 * Facts, as they came: slot_hot, anchor, mark, dropped (one key is in one of them), conflict,
 * rejected. Derived, and made anew when anchors or bindings change: piece, boot, link_ever,
 * link_state. Times are UTC; mono columns are microseconds of the boot.
 *
 * A piece is the part of a slot that lies in one binding: usually all of it. It bears what judging
 * and the month's figures need, so that neither opens the records.
 */
static const char schema[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE boot(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, boot BLOB NOT NULL,"
	"  first_run INTEGER NOT NULL, last_run INTEGER NOT NULL, last_sequence INTEGER NOT NULL,"
	"  stop_run INTEGER NOT NULL, stop_sequence INTEGER NOT NULL,"
	"  UNIQUE(agent, boot)) STRICT;"
	"CREATE TABLE slot_hot(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL,"
	"  run INTEGER NOT NULL, sequence INTEGER NOT NULL, boot INTEGER NOT NULL,"
	"  wan TEXT NOT NULL, start_us INTEGER NOT NULL, length_ms INTEGER NOT NULL,"
	"  hash BLOB NOT NULL, received_us INTEGER NOT NULL, via_wan TEXT NOT NULL,"
	"  disputed INTEGER NOT NULL, standing INTEGER NOT NULL, record BLOB NOT NULL,"
	"  UNIQUE(agent, run, sequence)) STRICT;"
	"CREATE INDEX slot_boot ON slot_hot(boot, start_us);"
	"CREATE INDEX slot_received ON slot_hot(agent, received_us);"
	"CREATE INDEX slot_open ON slot_hot(agent, wan, standing, boot) WHERE standing < 2;"
	"CREATE TABLE anchor(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, boot INTEGER NOT NULL, mono_us INTEGER NOT NULL,"
	"  utc_us INTEGER NOT NULL, error_us INTEGER NOT NULL, source INTEGER NOT NULL,"
	"  hash BLOB NOT NULL, received_us INTEGER NOT NULL, disputed INTEGER NOT NULL,"
	"  record BLOB NOT NULL, PRIMARY KEY(agent, run, sequence)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX anchor_boot ON anchor(boot, mono_us, error_us, utc_us);"
	"CREATE TABLE mark(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, kind TEXT NOT NULL, boot INTEGER NOT NULL,"
	"  mono_us INTEGER NOT NULL, hash BLOB NOT NULL, received_us INTEGER NOT NULL,"
	"  disputed INTEGER NOT NULL, record BLOB NOT NULL,"
	"  PRIMARY KEY(agent, run, sequence)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE dropped(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, last INTEGER NOT NULL, records INTEGER NOT NULL,"
	"  boot INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL,"
	"  hash BLOB NOT NULL, received_us INTEGER NOT NULL, disputed INTEGER NOT NULL,"
	"  record BLOB NOT NULL, PRIMARY KEY(agent, run, sequence)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE conflict(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, hash BLOB NOT NULL, received_us INTEGER NOT NULL,"
	"  via_wan TEXT NOT NULL, record BLOB NOT NULL,"
	"  PRIMARY KEY(agent, run, sequence, hash)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE rejected(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, hash BLOB NOT NULL, code INTEGER NOT NULL,"
	"  received_us INTEGER NOT NULL, record BLOB NOT NULL,"
	"  PRIMARY KEY(agent, run, sequence, hash)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE heard(agent INTEGER PRIMARY KEY, run INTEGER NOT NULL,"
	"  records INTEGER NOT NULL, slots INTEGER NOT NULL, conflicts INTEGER NOT NULL,"
	"  rejected INTEGER NOT NULL, received_us INTEGER NOT NULL) STRICT;"
	"CREATE TABLE binding(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, wan TEXT NOT NULL,"
	"  link INTEGER NOT NULL, from_s INTEGER NOT NULL, to_s INTEGER) STRICT;"
	"CREATE INDEX binding_link ON binding(link);"
	"CREATE TABLE piece(link INTEGER NOT NULL, from_s INTEGER NOT NULL, slot INTEGER NOT NULL,"
	"  to_s INTEGER NOT NULL, agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, boot INTEGER NOT NULL, start_utc_us INTEGER NOT NULL,"
	"  length_ms INTEGER NOT NULL, received_us INTEGER NOT NULL, due INTEGER NOT NULL,"
	"  made INTEGER NOT NULL, lost INTEGER NOT NULL, asked INTEGER NOT NULL,"
	"  answered INTEGER NOT NULL, ever INTEGER NOT NULL, flags INTEGER NOT NULL,"
	"  disputed INTEGER NOT NULL, said INTEGER NOT NULL, samples BLOB NOT NULL,"
	"  PRIMARY KEY(link, from_s, slot)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX piece_slot ON piece(slot);"
	"CREATE TABLE link_ever(link INTEGER PRIMARY KEY, ever INTEGER NOT NULL) STRICT;"
	"CREATE TABLE link_state(link INTEGER PRIMARY KEY, state TEXT NOT NULL,"
	"  since_s INTEGER NOT NULL, cause TEXT NOT NULL, heard_us INTEGER NOT NULL,"
	"  slot_to_s INTEGER NOT NULL, rtt_us INTEGER, loss_ppm INTEGER, run_up INTEGER,"
	"  run_since_s INTEGER) STRICT;"
	"CREATE TABLE position(name TEXT PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL)"
	"  STRICT, WITHOUT ROWID;"
	"CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL)"
	"  STRICT, WITHOUT ROWID;"
	"CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,"
	"  link INTEGER NOT NULL, at_s INTEGER NOT NULL, payload BLOB NOT NULL) STRICT;";

int ledger_schema(struct db *db, bool may_create, struct err *err)
{
	const char *const create[] = {schema, ledger_speed_schema, ledger_settlement_schema,
		derived_schema, forget_schema, kept_figures_schema, closed_month_schema, NULL};

	return db_schema(db, &(struct db_tables){create, SCHEMA_VERSION}, may_create, err);
}
