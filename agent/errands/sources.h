/* SPDX-License-Identifier: Apache-2.0 */
/* A folder whose files say something: programs are run for it, other files are read. */
#ifndef PANTAU_AGENT_ERRANDS_SOURCES_H
#define PANTAU_AGENT_ERRANDS_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#define SOURCES_MAX 16 /* a modem, a dish, a battery, and a few that nobody thought of */
#define SOURCE_NAME_BYTES 64 /* of a file: longer than what a source may be called */
#define SOURCE_TEXT_MAX 4096 /* bytes that a source may say: 32 lines with room for comments */

struct sources {
	size_t count;
	char names[SOURCES_MAX][SOURCE_NAME_BYTES]; /* in order of the alphabet */
	bool too_many;
};

/* Whatever is in the folder but hidden files, backups and folders. 0, -ENOENT without a folder. */
int sources_list(const char *folder, struct sources *ret_sources);
/* Whether this file is a program for us. */
bool source_is_program(const char *path);
/* Reads a regular file and puts a 0 behind it. The length, or a negative errno: -EFBIG when it is
 * longer than SOURCE_TEXT_MAX. */
int source_read(const char *path, char ret_text[SOURCE_TEXT_MAX + 1]);

#endif
