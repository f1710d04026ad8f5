/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a scenario can name: an agent by its number, its link's place, provider and kind. */
#ifndef PANTAU_SWARM_SUBJECT_H
#define PANTAU_SWARM_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUBJECT_NAME_BYTES 96 /* a provider's name */
#define SUBJECT_CODE_BYTES 16 /* "64.08.05.2001" and its 0 */

enum kind { KIND_FIBRE, KIND_4G, KIND_VSAT, KIND_STARLINK, KIND_WIRELESS, KIND_COUNT };

struct subject {
	uint32_t number; /* in the order of the agents' folders, from 1 */
	uint32_t agent; /* as the collector calls it; 0: not known */
	int64_t link; /* 0: not known */
	char desa[SUBJECT_CODE_BYTES], provider[SUBJECT_NAME_BYTES];
	enum kind kind;
	bool mains; /* false: the desa has no mains power */
	uint32_t kbps_down, kbps_up; /* as the contract says */
};

struct whom { /* all that is said must hold */
	uint32_t first, last; /* numbers */
	int64_t link; /* 0: any */
	char region[SUBJECT_CODE_BYTES]; /* "": any; a desa, or what it lies in */
	char provider[SUBJECT_NAME_BYTES]; /* "": any */
	int kind; /* -1: any */
	int mains; /* -1: any */
};

const char *kind_name(enum kind kind);
int kind_parse(const char *word); /* -1: none */
/* "all", "7", "1-20" or "provider=X,kabupaten=64.02"; changes the word. NULL, or what is wrong
 * with it. */
const char *whom_parse(char *word, struct whom *ret_whom);
bool whom_has(const struct whom *whom, const struct subject *subject);

#endif
