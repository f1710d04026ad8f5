/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members of a JSON object that somebody sent, as plain values. What may stand in them is for
 * body.h to say.
 */
#ifndef PANTAU_WEB_MEMBERS_H
#define PANTAU_WEB_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMBERS_WORDS_BYTES 160

enum member_kind {
	MEMBER_NONE, /* absent, or null */
	MEMBER_TEXT,
	MEMBER_NUMBER, /* a whole one */
	MEMBER_FLAG,
	MEMBER_LIST,
	MEMBER_OTHER
};

struct members;

/* -EINVAL with words; -ENOMEM. */
int members_parse(const void *json, size_t length, struct members **ret_members,
	char ret_words[MEMBERS_WORDS_BYTES]);
void members_free(struct members *members);

/* The first name that is none of these (which end with NULL); NULL: all are. */
const char *members_unknown(const struct members *members, const char *const *known);
enum member_kind members_kind(const struct members *members, const char *name);
/* Of a member of that kind; texts are borrowed. */
const char *members_text(const struct members *members, const char *name);
int64_t members_number(const struct members *members, const char *name);
bool members_flag(const struct members *members, const char *name);
size_t members_list_size(const struct members *members, const char *name);
/* NULL: this item is no text. */
const char *members_list_text(const struct members *members, const char *name, size_t index);

#endif
