/* SPDX-License-Identifier: Apache-2.0 */
/* One key of a configuration file's text set to another value; all else stays as it was. */
#ifndef PANTAU_AGENT_SETTINGS_EDIT_H
#define PANTAU_AGENT_SETTINGS_EDIT_H

#include "common/buf.h"

struct settings_edit { /* borrowed */
	const char *section, *key, *value;
};

/* Appends the text with the change made: in its line, else at the head of its section, else in a
 * section at the end. `text` ends with a 0. -ENOMEM. */
int settings_edit(const char *text, const struct settings_edit *edit, struct buf *out);

#endif
