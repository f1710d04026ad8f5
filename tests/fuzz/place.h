/* SPDX-License-Identifier: Apache-2.0 */
/* A folder in memory with one file in it, for what reads files and not bytes. */
#ifndef PANTAU_TESTS_FUZZ_PLACE_H
#define PANTAU_TESTS_FUZZ_PLACE_H

#include <stddef.h>
#include <stdint.h>

struct place {
	char folder[64], path[128]; /* of the file put last */
};

void place_make(struct place *place);
/* "NAME", or "FOLDER/NAME": folders are made. */
void place_put(struct place *place, const char *name, const void *bytes, size_t size);
/* With all that is in it by now. */
void place_drop(struct place *place);

#endif
