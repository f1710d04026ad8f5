/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const kinds[KIND_COUNT] = {
	[KIND_FIBRE] = "fibre",
	[KIND_4G] = "4g",
	[KIND_VSAT] = "vsat",
	[KIND_STARLINK] = "starlink",
	[KIND_WIRELESS] = "wireless",
};

const char *kind_name(enum kind kind)
{
	return kind < KIND_COUNT ? kinds[kind] : "?";
}

int kind_parse(const char *word)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (strcmp(word, kinds[i]) == 0)
			return i;
	return -1;
}

/* ---- groups */

static bool is_code(const char *text, unsigned dots)
{
	for (const char *at = text; *at; at++)
		if (*at == '.' && dots-- == 0)
			return false;
	return dots == 0 && text[strspn(text, "0123456789.")] == '\0';
}

static const char *set_region(const char *value, unsigned dots, struct whom *whom)
{
	if (strlen(value) >= sizeof(whom->region) || !is_code(value, dots))
		return "is no such code; they look like 64.08, 64.08.05 and 64.08.05.2001";
	strcpy(whom->region, value);
	return NULL;
}

static const char *set_kind(const char *value, struct whom *whom)
{
	whom->kind = kind_parse(value);
	return whom->kind < 0 ? "must be kind=fibre, 4g, vsat, starlink or wireless" : NULL;
}

static const char *set_link(const char *value, struct whom *whom)
{
	char *end;

	whom->link = strtoll(value, &end, 10);
	return whom->link < 1 || *end ? "must be link=NUMBER" : NULL;
}

static const char *set_mains(const char *value, struct whom *whom)
{
	whom->mains = strcmp(value, "yes") == 0 ? 1 : strcmp(value, "no") == 0 ? 0 : -1;
	return whom->mains < 0 ? "must be mains=yes or mains=no" : NULL;
}

static const char *set_provider(const char *value, struct whom *whom)
{
	if (!*value || strlen(value) >= sizeof(whom->provider))
		return "must be provider=NAME, of 1 to 95 bytes";
	strcpy(whom->provider, value);
	return NULL;
}

static const char *set_key(const char *key, const char *value, struct whom *whom)
{
	if (strcmp(key, "provider") == 0)
		return set_provider(value, whom);
	if (strcmp(key, "kind") == 0)
		return set_kind(value, whom);
	if (strcmp(key, "link") == 0)
		return set_link(value, whom);
	if (strcmp(key, "mains") == 0)
		return set_mains(value, whom);
	if (strcmp(key, "kabupaten") == 0)
		return set_region(value, 1, whom);
	if (strcmp(key, "kecamatan") == 0)
		return set_region(value, 2, whom);
	if (strcmp(key, "desa") == 0)
		return set_region(value, 3, whom);
	return "must be all, N, N-M, or some of provider, kabupaten, kecamatan, desa, link, kind, "
	       "mains, each with = and a value, a comma between";
}

static const char *parse_group(char *word, struct whom *whom)
{
	const char *wrong = NULL;
	char *rest = word, *part;

	while (!wrong && (part = strtok_r(rest, ",", &rest))) {
		char *value = strchr(part, '=');

		if (value)
			*value++ = '\0';
		wrong = set_key(part, value ? value : "", whom);
	}
	return wrong;
}

static const char *parse_numbers(const char *word, struct whom *whom)
{
	char rest;
	int count = sscanf(word, "%u-%u%c", &whom->first, &whom->last, &rest);

	if (count == 1 && word[strspn(word, "0123456789")] == '\0')
		whom->last = whom->first;
	else if (count != 2)
		return "must be all, N or N-M";
	return whom->first >= 1 && whom->first <= whom->last ? NULL : "must be all, N or N-M";
}

const char *whom_parse(char *word, struct whom *ret_whom)
{
	*ret_whom = (struct whom){.first = 1, .last = UINT32_MAX, .kind = -1, .mains = -1};
	if (strcmp(word, "all") == 0)
		return NULL;
	if (*word >= '0' && *word <= '9')
		return parse_numbers(word, ret_whom);
	return parse_group(word, ret_whom);
}

static bool lies_in(const char *desa, const char *region)
{
	size_t length = strlen(region);

	return strncmp(desa, region, length) == 0 && (desa[length] == '.' || !desa[length]);
}

bool whom_has(const struct whom *whom, const struct subject *subject)
{
	return subject->number >= whom->first && subject->number <= whom->last &&
		(!whom->link || whom->link == subject->link) &&
		(!*whom->region || lies_in(subject->desa, whom->region)) &&
		(!*whom->provider || strcasecmp(whom->provider, subject->provider) == 0) &&
		(whom->kind < 0 || whom->kind == (int)subject->kind) &&
		(whom->mains < 0 || whom->mains == subject->mains);
}
