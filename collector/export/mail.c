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
#define HEADER_BYTES_MAX (64 * 1024)
#define WORD_BYTES \
	15 /* of UTF-8 in one encoded word: "=?UTF-8?Q?" and thrice as many is under 75 */

struct mailer {
	CURL *curl;
	char *url, *user, *password, *from;
	char words[CURL_ERROR_SIZE];
	bool (*stop)(void *arg);
	void *stop_arg;
};

struct envelope { /* of one mail, as libcurl wants it */
	struct curl_slist *to, *headers;
	curl_mime *mime;
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

static int add_line(struct curl_slist **lines, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*lines, line);

	if (!longer)
		return -ENOMEM;
	*lines = longer;
	return 0;
}

static int add_header(struct envelope *envelope, const char *name, const char *value, bool encode)
{
	struct buf line;
	int r;

	buf_init(&line, HEADER_BYTES_MAX);
	r = put(&line, name);
	if (r == 0)
		r = encode ? put_encoded(&line, value) : put(&line, value);
	if (r == 0)
		r = buf_append(&line, "", 1);
	if (r == 0)
		r = add_line(&envelope->headers, (const char *)buf_peek(&line));
	buf_done(&line);
	return r;
}

static int add_id(struct envelope *envelope, const char *name, const char *id)
{
	char value[256];

	if (snprintf(value, sizeof(value), "<%s>", id) >= (int)sizeof(value))
		return -EINVAL;
	return add_header(envelope, name, value, false);
}

static int add_date(struct envelope *envelope)
{
	time_t now = time(NULL);
	char text[64];
	struct tm tm;

	/* the C locale's names: this program never sets another */
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&now, &tm));
	return add_header(envelope, "Date: ", text, false);
}

/* The envelope's addresses, and the header's: with a comma between them (RFC 5322). */
static int add_recipients(struct envelope *envelope, const char *to)
{
	char *list = strdup(to), *rest = list, *address;
	struct buf line;
	int r = list ? 0 : -ENOMEM;

	buf_init(&line, HEADER_BYTES_MAX);
	while (r == 0 && (address = strsep(&rest, SEPARATORS))) {
		if (!*address)
			continue;
		r = add_line(&envelope->to, address);
		if (r == 0)
			r = put(&line, buf_length(&line) ? ", " : "To: ");
		if (r == 0)
			r = put(&line, address);
	}
	if (r == 0)
		r = buf_append(&line, "", 1);
	if (r == 0)
		r = add_line(&envelope->headers, (const char *)buf_peek(&line));
	buf_done(&line);
	free(list);
	return r;
}

static int add_text(struct envelope *envelope, CURL *curl, const char *text)
{
	curl_mimepart *part;

	envelope->mime = curl_mime_init(curl);
	part = envelope->mime ? curl_mime_addpart(envelope->mime) : NULL;
	if (!part || curl_mime_data(part, text, CURL_ZERO_TERMINATED) != CURLE_OK ||
		curl_mime_type(part, "text/plain; charset=utf-8") != CURLE_OK ||
		curl_mime_encoder(part, "base64") != CURLE_OK)
		return -ENOMEM;
	return 0;
}

static int fill(struct envelope *envelope, struct mailer *mailer, const struct mail *mail)
{
	int r = add_recipients(envelope, mail->to);

	if (r == 0)
		r = add_date(envelope);
	if (r == 0)
		r = add_header(envelope, "From: ", mailer->from, false);
	if (r == 0)
		r = add_header(envelope, "Subject: ", mail->subject, true);
	if (r == 0)
		r = add_id(envelope, "Message-ID: ", mail->id);
	if (r == 0 && mail->reply_to_id)
		r = add_id(envelope, "In-Reply-To: ", mail->reply_to_id);
	if (r == 0 && mail->reply_to_id)
		r = add_id(envelope, "References: ", mail->reply_to_id);
	if (r == 0) /* RFC 3834: no answer from somebody's absence */
		r = add_header(envelope, "Auto-Submitted: ", "auto-generated", false);
	return r < 0 ? r : add_text(envelope, mailer->curl, mail->text);
}

/* ---- sending */

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
	struct envelope envelope = {0};
	CURL *curl = mailer->curl;
	int r = fill(&envelope, mailer, mail);

	mailer->words[0] = '\0';
	if (r < 0) {
		err_errno(err, r, "%s", mailer->url);
	} else {
		curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mailer->from);
		curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, envelope.to);
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, envelope.headers);
		curl_easy_setopt(curl, CURLOPT_MIMEPOST, envelope.mime);
		r = judge(mailer, curl_easy_perform(curl), err);
		curl_easy_setopt(curl, CURLOPT_MIMEPOST, NULL);
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
		curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, NULL);
	}
	curl_mime_free(envelope.mime);
	curl_slist_free_all(envelope.headers);
	curl_slist_free_all(envelope.to);
	return r;
}
