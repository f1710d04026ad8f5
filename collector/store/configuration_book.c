/* SPDX-License-Identifier: Apache-2.0 */
/* What the settings mean for each agent: read once, then composed agent by agent. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_configuration.h"
#include "collector/store/registry_private.h"

struct tie { /* a binding of an agent */
	uint32_t agent, sequence; /* of its last change in the log */
	int64_t link;
	bool newest; /* of its WAN */
	char wan[WAN_NAME_MAX + 1];
	char *provider;
};

struct word { /* a setting */
	const struct conf_key *key; /* NULL: of another version of the program */
	enum configuration_scope scope;
	bool ended;
	uint32_t sequence;
	int64_t number; /* link or agent */
	char *subject, *value;
};

struct configuration_book {
	size_t tie_count, word_count;
	struct tie *ties; /* by agent, WAN and beginning */
	struct word *words;
};

void configuration_book_free(struct configuration_book *book)
{
	if (!book)
		return;
	for (size_t i = 0; i < book->tie_count; i++)
		free(book->ties[i].provider);
	for (size_t i = 0; i < book->word_count; i++) {
		free(book->words[i].subject);
		free(book->words[i].value);
	}
	free(book->ties);
	free(book->words);
	free(book);
}

/* ---- reading */

/* Room for one more in an array that doubles. NULL: no memory. */
static void *grow(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array; /* not a power of two: there is room */
	return realloc(array, (count ? 2 * count : 1) * size);
}

static int add_tie(struct configuration_book *book, struct query *q)
{
	struct tie *ties = grow(book->ties, book->tie_count, sizeof(*ties));
	struct tie *tie;

	if (!ties)
		return -ENOMEM;
	book->ties = ties;
	tie = &ties[book->tie_count];
	*tie = (struct tie){
		.agent = (uint32_t)query_get_number(q, 0),
		.link = query_get_number(q, 2),
		.sequence = (uint32_t)query_get_number(q, 4),
		.newest = true,
		.provider = strdup(query_get_text(q, 3)),
	};
	if (!tie->provider)
		return -ENOMEM;
	query_copy_text(q, 1, tie->wan, sizeof(tie->wan));
	if (book->tie_count > 0 && tie[-1].agent == tie->agent && !strcmp(tie[-1].wan, tie->wan))
		tie[-1].newest = false;
	book->tie_count++;
	return 0;
}

static int read_ties(struct registry *registry, struct configuration_book *book, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, registry->db,
		"WITH said AS (SELECT CAST(row AS INTEGER) AS id, max(sequence) AS sequence"
		"  FROM change WHERE table_name = 'binding' GROUP BY row)"
		" SELECT b.agent, b.wan, b.link, l.provider, s.sequence FROM binding AS b"
		" JOIN link AS l ON l.id = b.link LEFT JOIN said AS s ON s.id = b.id"
		" ORDER BY b.agent, b.wan, b.from_s, b.id");
	while (!failed && query_next(&q) > 0)
		failed = add_tie(book, &q);
	r = query_end(&q, err);
	return failed ? err_errno(err, failed, "the bindings") : r;
}

static int add_word(struct configuration_book *book, struct query *q)
{
	struct word *words = grow(book->words, book->word_count, sizeof(*words));
	struct word *word;

	if (!words)
		return -ENOMEM;
	book->words = words;
	word = &words[book->word_count++];
	*word = (struct word){
		.key = afar_find_name(query_get_text(q, 2)),
		.ended = query_get_number(q, 4) != 0,
		.sequence = (uint32_t)query_get_number(q, 5),
		.number = strtoll(query_get_text(q, 1), NULL, 10),
		.subject = strdup(query_get_text(q, 1)),
		.value = strdup(query_get_text(q, 3)),
	};
	while (word->scope < CONFIGURE_COUNT - 1 &&
		strcmp(configuration_scope_name(word->scope), query_get_text(q, 0)) != 0)
		word->scope++;
	return word->subject && word->value ? 0 : -ENOMEM;
}

static int read_words(struct registry *registry, struct configuration_book *book, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, registry->db,
		"WITH said AS (SELECT CAST(row AS INTEGER) AS id, max(sequence) AS sequence"
		"  FROM change WHERE table_name = 'configuration' GROUP BY row)"
		" SELECT c.scope, c.subject, c.key, c.value, c.ended_s IS NOT NULL, s.sequence"
		" FROM configuration AS c LEFT JOIN said AS s ON s.id = c.id ORDER BY c.id");
	while (!failed && query_next(&q) > 0)
		failed = add_word(book, &q);
	r = query_end(&q, err);
	return failed ? err_errno(err, failed, "the configuration") : r;
}

int configuration_book_load(
	struct registry *registry, struct configuration_book **ret_book, struct err *err)
{
	struct configuration_book *book = calloc(1, sizeof(*book));
	int r;

	if (!book)
		return err_errno(err, -ENOMEM, "the configuration");
	r = read_words(registry, book, err);
	if (r == 0)
		r = read_ties(registry, book, err);
	if (r < 0) {
		configuration_book_free(book);
		return r;
	}
	*ret_book = book;
	return 0;
}

/* ---- one agent */

struct ties { /* of one agent */
	uint32_t agent;
	size_t count;
	const struct tie *first;
};

static struct ties find_ties(const struct configuration_book *book, uint32_t agent)
{
	struct ties ties = {.agent = agent};
	size_t low = 0, high = book->tie_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (book->ties[middle].agent < agent)
			low = middle + 1;
		else
			high = middle;
	}
	ties.first = book->ties + low;
	while (low + ties.count < book->tie_count && ties.first[ties.count].agent == agent)
		ties.count++;
	return ties;
}

/* Through the newest binding of a WAN, or through any that there ever was. */
static bool reaches(const struct word *word, const struct ties *ties, bool ever)
{
	if (word->scope == CONFIGURE_ALL)
		return true;
	if (word->scope == CONFIGURE_AGENT)
		return word->number == ties->agent;
	for (size_t i = 0; i < ties->count; i++) {
		const struct tie *tie = &ties->first[i];

		if (!tie->newest && !ever)
			continue;
		if (word->scope == CONFIGURE_LINK ? tie->link == word->number
						  : !strcmp(tie->provider, word->subject))
			return true;
	}
	return false;
}

/* Narrower wins; of two as narrow (two WANs over two links) the later word. */
static const struct word *choose(
	const struct configuration_book *book, const struct ties *ties, const struct conf_key *key)
{
	const struct word *best = NULL;

	for (size_t i = 0; i < book->word_count; i++) {
		const struct word *word = &book->words[i];

		if (word->ended || word->key != key || !reaches(word, ties, false))
			continue;
		if (!best || word->scope >= best->scope)
			best = word;
	}
	return best;
}

static uint32_t find_version(const struct configuration_book *book, const struct ties *ties)
{
	uint32_t version = 0;

	for (size_t i = 0; i < book->word_count; i++)
		if (book->words[i].sequence > version && reaches(&book->words[i], ties, true))
			version = book->words[i].sequence;
	/* A binding moves it under other words. */
	for (size_t i = 0; version && i < ties->count; i++)
		if (ties->first[i].sequence > version)
			version = ties->first[i].sequence;
	return version;
}

static int put_line(const struct word *word, const char **section, struct buf *out)
{
	char line[CONF_VALUE_MAX];
	bool again = *section && !strcmp(*section, word->key->section);
	int length = snprintf(line, sizeof(line), "%s%s%s%s = %s\n", again ? "" : "[",
		again ? "" : word->key->section, again ? "" : "]\n", word->key->key, word->value);

	*section = word->key->section;
	return buf_append(out, line, (size_t)length);
}

int configuration_book_text(const struct configuration_book *book, uint32_t agent,
	uint32_t *ret_version, struct buf *out)
{
	struct ties ties = find_ties(book, agent);
	uint32_t version = find_version(book, &ties);
	const char *section = NULL;
	int r = 0;

	for (const struct conf_key *key = afar_keys; version && r == 0 && key->section; key++) {
		const struct word *word = choose(book, &ties, key);

		if (word)
			r = put_line(word, &section, out);
	}
	if (r == 0)
		*ret_version = version;
	return r;
}

bool configuration_book_wan(const struct configuration_book *book, uint32_t agent, size_t index,
	const char **ret_wan, const char **ret_provider)
{
	struct ties ties = find_ties(book, agent);

	for (size_t i = 0; i < ties.count; i++) {
		if (!ties.first[i].newest || index-- > 0)
			continue;
		*ret_wan = ties.first[i].wan;
		*ret_provider = ties.first[i].provider;
		return true;
	}
	return false;
}
