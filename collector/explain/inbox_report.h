/* SPDX-License-Identifier: Apache-2.0 */
/* The inbox as text for people (Bahasa Indonesia), as a table with every column, and as JSON. */
#ifndef PANTAU_EXPLAIN_INBOX_REPORT_H
#define PANTAU_EXPLAIN_INBOX_REPORT_H

#include "collector/explain/inbox.h"
#include "collector/report/table.h"

/* Every column, a row an item; its spans of undetermined time in one cell, "FROM/TO CAUSE" with
 * "; " between. NULL when out of memory. */
struct table *inbox_table(const struct inbox *inbox);
/* For people: the dearest spans of an item stand beneath it, in the link's local time. */
struct table *inbox_text_table(const struct inbox *inbox);
/* An array of objects under `key`, of the items [first, after). */
void inbox_json(
	const struct inbox *inbox, size_t first, size_t after, struct json *json, const char *key);

#define INBOX_WORDS_BYTES 900 /* a note of an officer and what stands around it */
#define INBOX_DEVICES_TOLD 4 /* in words: JSON has them all */
#define INBOX_BOOT_DIGITS 8 /* by which a person names a boot */
/* What is known, in a sentence. */
void inbox_evidence(const struct inbox_item *item, char ret_words[INBOX_WORDS_BYTES]);
/* What can be done: the command, with NAME, TEXT and FILE where a person must say more. */
void inbox_command(const struct inbox_item *item, char ret_words[INBOX_WORDS_BYTES]);

#endif
