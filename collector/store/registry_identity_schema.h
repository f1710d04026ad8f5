/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates and parked requests, of this instance alone: another one has another CA. They came
 * with enrolment, so they are a part of its step. Before that every certificate lived for ten years
 * from its issue.
 */
#ifndef PANTAU_STORE_REGISTRY_IDENTITY_SCHEMA_H
#define PANTAU_STORE_REGISTRY_IDENTITY_SCHEMA_H

#define IDENTITY_TEN_YEARS_S "315360000"
#define REGISTRY_IDENTITY_SCHEMA                                                                \
	"CREATE TABLE certificate(agent INTEGER NOT NULL REFERENCES agent(id),"                 \
	"  fingerprint TEXT PRIMARY KEY, state INTEGER NOT NULL, key TEXT, pem TEXT,"           \
	"  issued_s INTEGER NOT NULL, expires_s INTEGER NOT NULL,"                              \
	"  until_s INTEGER NOT NULL) STRICT;"                                                   \
	"CREATE INDEX certificate_agent ON certificate(agent);"                                 \
	"INSERT INTO certificate SELECT id, fingerprint, 0, NULL, NULL, issued_s,"              \
	"  issued_s + " IDENTITY_TEN_YEARS_S ", issued_s + " IDENTITY_TEN_YEARS_S " FROM agent" \
	"  WHERE fingerprint IS NOT NULL;"                                                      \
	"CREATE TABLE parked(id INTEGER PRIMARY KEY AUTOINCREMENT,"                             \
	"  agent INTEGER NOT NULL REFERENCES agent(id), key TEXT NOT NULL,"                     \
	"  address TEXT NOT NULL, expired_s INTEGER NOT NULL, asked_s INTEGER NOT NULL,"        \
	"  last_s INTEGER NOT NULL, admitted_s INTEGER, by TEXT, note TEXT,"                    \
	"  UNIQUE(agent, key)) STRICT;"

#endif
