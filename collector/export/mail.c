/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/mail.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/export/secret.h"
#include "common/buf.h"

#define MAIL_MS 60000L /* a greylisting server may take its time */
#define CONNECT_MS 10000L
#define SEPARATORS " ,;\t"
#define LETTER_BYTES_MAX (256 * 1024)
#define LINE_MAX_COLUMNS 75 /* and the "=" of a soft break */
#define WORD_BYTES \
	15 /* of UTF-8 in one encoded word: "=?UTF-8?Q?" and thrice as many is under 75 */

struct mailer {
	CURL *curl;
	char *url, *user, *password, *from;
	char words[CURL_ERROR_SIZE];
	bool (*stop)(void *arg);
	void *stop_arg;
};

struct letter { /* one mail as it goes over the wire (RFC 5322) */
	struct curl_slist *to;
	struct buf bytes;
};

static int on_progress(
	void *arg, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	struct mailer *mailer = arg;

	return mailer->stop && mailer->stop(mailer->stop_arg);
}

/* ---- life */

static void configure(struct mailer *mailer)
{
	CURL *curl = mailer->curl;

	curl_easy_setopt(curl, CURLOPT_URL, mailer->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); /* threads */
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, MAIL_MS);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, mailer->words);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, mailer);
	if (!url_is_here(mailer->url))
		curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	if (mailer->user[0]) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, mailer->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, mailer->password);
	}
}

int mailer_open(const struct mail_settings *settings, struct mailer **ret_mailer, struct err *err)
{
	struct mailer *mailer = calloc(1, sizeof(*mailer));

	if (mailer) {
		mailer->stop = settings->stop;
		mailer->stop_arg = settings->stop_arg;
		mailer->curl = curl_easy_init();
		mailer->url = strdup(settings->url);
		mailer->user = strdup(settings->user);
		mailer->password = strdup(settings->password);
		mailer->from = strdup(settings->from);
	}
	if (!mailer || !mailer->curl || !mailer->url || !mailer->user || !mailer->password ||
		!mailer->from) {
		mailer_close(mailer);
		return err_errno(err, -ENOMEM, "%s", settings->url);
	}
	configure(mailer);
	*ret_mailer = mailer;
	return 0;
}

void mailer_close(struct mailer *mailer)
{
	if (!mailer)
		return;
	curl_easy_cleanup(mailer->curl);
	free(mailer->url);
	free(mailer->user);
	if (mailer->password)
		explicit_bzero(mailer->password, strlen(mailer->password));
	free(mailer->password);
	free(mailer->from);
	free(mailer);
}

/* ---- headers */

static int put(struct buf *out, const char *text)
{
	return buf_append(out, text, strlen(text));
}

/* Whole characters of UTF-8, so that each word can be read alone. */
static size_t word_length(const char *text)
{
	size_t length = strnlen(text, WORD_BYTES);

	while (length > 1 && text[length] && ((unsigned char)text[length] & 0xC0) == 0x80)
		length--;
	return length;
}

/* Encoded words (RFC 2047), whatever the text is: no line break of a name can become a header. */
static int put_encoded(struct buf *out, const char *text)
{
	int r = 0;

	while (r == 0 && *text) {
		size_t length = word_length(text);
		char code[4];

		r = put(out, "=?UTF-8?Q?");
		for (size_t i = 0; r == 0 && i < length; i++) {
			snprintf(code, sizeof(code), "=%02X", (unsigned char)text[i]);
			r = put(out, code);
		}
		text += length;
		if (r == 0)
			r = put(out, *text ? "?=\r\n " : "?=");
	}
	return r;
}

static int put_header(struct letter *letter, const char *name, const char *value)
{
	int r = put(&letter->bytes, name);

	if (r == 0)
		r = put(&letter->bytes, value);
	return r < 0 ? r : put(&letter->bytes, "\r\n");
}

static int put_id(struct letter *letter, const char *name, const char *id)
{
	char value[256];

	if (snprintf(value, sizeof(value), "<%s>", id) >= (int)sizeof(value))
		return -EINVAL;
	return put_header(letter, name, value);
}

static int put_date(struct letter *letter)
{
	time_t now = time(NULL);
	char text[64];
	struct tm tm;

	/* the C locale's names: this program never sets another */
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&now, &tm));
	return put_header(letter, "Date: ", text);
}

/* The envelope's addresses, and the header's: with a comma between them. */
static int put_recipients(struct letter *letter, const char *to)
{
	char *list = strdup(to), *rest = list, *address;
	int r = list ? 0 : -ENOMEM;

	while (r == 0 && (address = strsep(&rest, SEPARATORS))) {
		struct curl_slist *longer;

		if (!*address)
			continue;
		r = put(&letter->bytes, letter->to ? ", " : "To: ");
		if (r == 0)
			r = put(&letter->bytes, address);
		longer = curl_slist_append(letter->to, address);
		if (!longer)
			r = -ENOMEM;
		else
			letter->to = longer;
	}
	free(list);
	return r < 0 ? r : put(&letter->bytes, "\r\n");
}

static int put_subject(struct letter *letter, const char *subject)
{
	int r = put(&letter->bytes, "Subject: ");

	if (r == 0)
		r = put_encoded(&letter->bytes, subject);
	return r < 0 ? r : put(&letter->bytes, "\r\n");
}

static int put_headers(struct letter *letter, const char *from, const struct mail *mail)
{
	int r = put_date(letter);

	if (r == 0)
		r = put_header(letter, "From: ", from);
	if (r == 0)
		r = put_recipients(letter, mail->to);
	if (r == 0)
		r = put_subject(letter, mail->subject);
	if (r == 0)
		r = put_id(letter, "Message-ID: ", mail->id);
	if (r == 0 && mail->reply_to_id)
		r = put_id(letter, "In-Reply-To: ", mail->reply_to_id);
	if (r == 0 && mail->reply_to_id)
		r = put_id(letter, "References: ", mail->reply_to_id);
	if (r == 0) /* RFC 3834: no answer from somebody's absence */
		r = put_header(letter, "Auto-Submitted: ", "auto-generated");
	if (r == 0)
		r = put(&letter->bytes,
			"MIME-Version: 1.0\r\n"
			"Content-Type: text/plain; charset=utf-8\r\n"
			"Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	return r;
}

/* ---- the text */

/* Quoted-printable (RFC 2045, 6.7): a line of a few hundred characters is broken softly. */
static int put_text(struct letter *letter, const char *text)
{
	unsigned column = 0;
	int r = 0;

	for (; r == 0 && *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool plain = (c >= 33 && c <= 126 && c != '=') || (c == ' ' && text[1] != '\n');
		char code[4];

		if (c == '\n') {
			column = 0;
			r = put(&letter->bytes, "\r\n");
			continue;
		}
		snprintf(code, sizeof(code), plain ? "%c" : "=%02X", c);
		if (column + strlen(code) > LINE_MAX_COLUMNS) {
			column = 0;
			r = put(&letter->bytes, "=\r\n");
		}
		column += (unsigned)strlen(code);
		if (r == 0)
			r = put(&letter->bytes, code);
	}
	return r;
}

/* ---- sending */

static size_t on_read(char *room, size_t size, size_t count, void *arg)
{
	struct letter *letter = arg;
	size_t left = buf_length(&letter->bytes), length = size * count;

	if (length > left)
		length = left;
	memcpy(room, buf_peek(&letter->bytes), length);
	buf_consume(&letter->bytes, length);
	return length;
}

static int judge(const struct mailer *mailer, CURLcode code, struct err *err)
{
	long status = 0;

	if (code == CURLE_OK)
		return 0;
	curl_easy_getinfo(mailer->curl, CURLINFO_RESPONSE_CODE, &status);
	return err_set(err, status >= 500 && status < 600 ? -EBADMSG : -EAGAIN,
		"%s: answer %ld: %s", mailer->url, status,
		mailer->words[0] ? mailer->words : curl_easy_strerror(code));
}

int mailer_send(struct mailer *mailer, const struct mail *mail, struct err *err)
{
	struct letter letter = {0};
	CURL *curl = mailer->curl;
	int r;

	buf_init(&letter.bytes, LETTER_BYTES_MAX);
	mailer->words[0] = '\0';
	r = put_headers(&letter, mailer->from, mail);
	if (r == 0)
		r = put_text(&letter, mail->text);
	if (r < 0) {
		err_errno(err, r, "%s", mailer->url);
	} else {
		curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mailer->from);
		curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, letter.to);
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
		curl_easy_setopt(curl, CURLOPT_READDATA, &letter);
		r = judge(mailer, curl_easy_perform(curl), err);
		curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, NULL);
	}
	curl_slist_free_all(letter.to);
	buf_done(&letter.bytes);
	return r;
}
