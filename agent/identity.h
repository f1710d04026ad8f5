/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which certificate and key this router is. The configuration names the first ones, which are never
 * touched. A renewed one lies in the state folder, where the agent may write without rights:
 *
 *   renewal.key   the key of the next one, on the disk before anybody hears of it
 *   identity.pem  the renewed certificate and its key in one file, replaced as a whole
 *
 * Whichever ends later is used: so a router that was enrolled or issued anew is the new one.
 */
#ifndef PANTAU_AGENT_IDENTITY_H
#define PANTAU_AGENT_IDENTITY_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"

#define IDENTITY_FILE "identity.pem"

struct identity_paths { /* borrowed */
	const char *ca, *certificate, *key; /* as configured */
	const char *state_folder;
};

struct identity {
	struct identity_paths paths;
	bool renewed; /* identity.pem is in force */
	int64_t expires_s; /* 0: not known, the certificate cannot be read */
	uint32_t draw; /* of this certificate, for the moment of its renewal */
	char file[PATH_MAX], next_key[PATH_MAX]; /* identity.pem, renewal.key */
};

/* Looks at the files. Borrows the texts of `paths`. -ENAMETOOLONG. */
int identity_open(
	const struct identity_paths *paths, struct identity *ret_identity, struct err *err);
const char *identity_certificate(const struct identity *identity);
const char *identity_key(const struct identity *identity);

/* Appends a certificate request for the next key, which is made when there is none, and a 0. */
int identity_request(struct identity *identity, struct buf *ret_request, struct err *err);
/* The answer, if it is for the next key and from our CA: written, and in force. -EINVAL. The text
 * ends with a 0. */
int identity_keep(struct identity *identity, const char *certificate, struct err *err);

#endif
