/* SPDX-License-Identifier: Apache-2.0 */
/* What seals a backup or opens it, from files or the terminal: a secret is never an argument. */
#ifndef PANTAU_CLI_SEALING_H
#define PANTAU_CLI_SEALING_H

#include <stdbool.h>

#include "cli/opts.h"
#include "collector/backup/sealed.h"

#define PASSPHRASE_MAX 1024

struct sealing {
	struct sealed_lock lock;
	char passphrase[PASSPHRASE_MAX + 2];
	uint8_t *key; /* PEM */
};

/* To write: --to-key, or else a passphrase (--passphrase-file, or twice from the terminal). */
int sealing_choose(const struct opts *opts, struct sealing *ret_sealing, struct err *err);
/* To read one that is sealed so: --key for a key, else a passphrase. */
int sealing_find(const struct opts *opts, enum sealed_kind kind, struct sealing *ret_sealing,
	struct err *err);
/* Nothing of it stays in memory. */
void sealing_done(struct sealing *sealing);

#endif
