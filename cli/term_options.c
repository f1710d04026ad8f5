/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/term_options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/number.h"
#include "cli/term_sets.h"

#define WORD_BYTES 64

static int read_percent(const char *text, uint32_t *ret_ppm)
{
	int64_t ppm;

	if (number_parse(text, TERM_PERCENT_DECIMALS, &ppm) || ppm < 0 || ppm > TERMS_PPM)
		return -EINVAL;
	*ret_ppm = (uint32_t)ppm;
	return 0;
}

/* "99.5:20" */
static int read_band(const char *text, struct band *ret_band)
{
	const char *colon = strchr(text, ':');
	char below[WORD_BYTES];

	if (!colon || colon - text >= WORD_BYTES)
		return -EINVAL;
	memcpy(below, text, (size_t)(colon - text));
	below[colon - text] = '\0';
	if (read_percent(below, &ret_band->below_ppm))
		return -EINVAL;
	return read_percent(colon + 1, &ret_band->pay_ppm);
}

static int read_bands(struct terms *terms, const struct opts *opts, struct err *err)
{
	const char *text;

	for (size_t i = 0; (text = opts_nth(opts, "band", i)); i++) {
		if (terms->band_count == TERMS_BANDS_MAX)
			return err_set(err, -EINVAL, "--band: more than %d", TERMS_BANDS_MAX);
		if (read_band(text, &terms->bands[terms->band_count]))
			return err_set(err, -EINVAL,
				"--band = '%.60s': must be BELOW:PERCENT, both from 0 to 100, like "
				"99.5:20",
				text);
		terms->band_count++;
	}
	if (terms->formula == FORMULA_BANDS && !terms->band_count)
		return err_set(err, -EINVAL, "--formula bands needs --band BELOW:PERCENT");
	if (terms->formula != FORMULA_BANDS && terms->band_count)
		return err_set(err, -EINVAL, "--band belongs to --formula bands, not to %s",
			formula_name(terms->formula));
	return 0;
}

static int read_uncharged(struct terms *terms, const struct opts *opts, struct err *err)
{
	const char *list = opts_text(opts, "uncharged", NULL), *at = list;
	uint32_t uncharged = 0;

	if (!list)
		return 0;
	while (strcmp(list, "none")) {
		size_t length = strcspn(at, ",");
		char word[WORD_BYTES];
		int cause;

		snprintf(word, sizeof(word), "%.*s", (int)(length < WORD_BYTES ? length : 0), at);
		cause = down_cause_parse(word);
		if (cause < 0)
			return err_set(err, -EINVAL,
				"--uncharged = '%.60s': '%.30s' is no cause; known are local, cpe, "
				"access, provider, upstream, and none alone",
				list, word);
		uncharged |= 1u << cause;
		if (!at[length])
			break;
		at += length + 1;
	}
	terms->uncharged = uncharged;
	return 0;
}

int term_options_read(struct terms *terms, const struct opts *opts, struct err *err)
{
	int rc = read_bands(terms, opts, err);

	if (!rc)
		rc = read_uncharged(terms, opts, err);
	return rc ? rc : term_sets_read(terms, opts, err);
}

void term_options_bands(const struct terms *terms, char ret_text[TERM_TEXT_BYTES])
{
	int length = 0;

	ret_text[0] = '\0';
	for (uint32_t i = 0; i < terms->band_count; i++) {
		char below[NUMBER_TEXT_BYTES], pay[NUMBER_TEXT_BYTES];

		number_format(terms->bands[i].below_ppm, TERM_PERCENT_DECIMALS, below);
		number_format(terms->bands[i].pay_ppm, TERM_PERCENT_DECIMALS, pay);
		length += snprintf(ret_text + length, (size_t)(TERM_TEXT_BYTES - length), "%s%s:%s",
			i ? "," : "", below, pay);
	}
}

void term_options_uncharged(const struct terms *terms, char ret_text[TERM_TEXT_BYTES])
{
	int length = 0;

	for (int cause = 0; cause < DOWN_CAUSE_COUNT; cause++) {
		if (terms->uncharged & 1u << cause)
			length += snprintf(ret_text + length, (size_t)(TERM_TEXT_BYTES - length),
				"%s%s", length ? "," : "", down_cause_name((enum down_cause)cause));
	}
	if (!length)
		strcpy(ret_text, "none");
}
