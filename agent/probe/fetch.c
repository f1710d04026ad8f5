/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/fetch.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "agent/net/address.h"

#define AGENT "pantau-probe/" PANTAU_VERSION
#define BUFFER_BYTES (64L * 1024) /* what libcurl reads and sends at a time */
#define HEADERS_MAX (16 * 1024) /* libcurl itself would take 300 KiB of them */

struct fetch {
	struct fetch_request request;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers, *address;
	int fd; /* libcurl's once `opened` */
	size_t header_bytes;
	bool opened, over, stopped;
	CURLcode code;
	char words[CURL_ERROR_SIZE];
};

/* ---- URLs */

static int take_part(CURLU *handle, CURLUPart part, unsigned flags, char *ret_text, size_t size)
{
	char *text = NULL;
	size_t length;

	if (curl_url_get(handle, part, &text, flags) != CURLUE_OK)
		return -EINVAL;
	length = strlen(text);
	if (length < size)
		memcpy(ret_text, text, length + 1);
	curl_free(text);
	return length < size ? 0 : -EINVAL;
}

static bool has_part(CURLU *handle, CURLUPart part)
{
	char *text = NULL;
	bool has = curl_url_get(handle, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return has;
}

static void strip_brackets(char *host)
{
	size_t length = strlen(host);

	if (length > 2 && host[0] == '[') {
		memmove(host, host + 1, length - 2);
		host[length - 2] = '\0';
	}
}

/* Names who asks, or a way that the WAN under test is not: neither is for a probe. */
static bool has_what_is_barred(CURLU *handle)
{
	return has_part(handle, CURLUPART_USER) || has_part(handle, CURLUPART_PASSWORD) ||
		has_part(handle, CURLUPART_ZONEID);
}

static int split(CURLU *handle, const char *text, struct fetch_url *ret_url)
{
	char scheme[8], port[8], query[512] = "", path[512];
	struct fetch_url url;

	if (curl_url_set(handle, CURLUPART_URL, text, 0) != CURLUE_OK ||
		take_part(handle, CURLUPART_SCHEME, 0, scheme, sizeof(scheme)) < 0 ||
		take_part(handle, CURLUPART_HOST, 0, url.host, sizeof(url.host)) < 0 ||
		take_part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof(port)) < 0 ||
		take_part(handle, CURLUPART_PATH, 0, path, sizeof(path)) < 0 ||
		has_what_is_barred(handle) || !*url.host)
		return -EINVAL;
	if (has_part(handle, CURLUPART_QUERY) &&
		take_part(handle, CURLUPART_QUERY, 0, query, sizeof(query)) < 0)
		return -EINVAL;
	url.tls = strcmp(scheme, "https") == 0;
	if (!url.tls && strcmp(scheme, "http") != 0)
		return -EINVAL;
	strip_brackets(url.host);
	snprintf(url.path, sizeof(url.path), "%s%s%s", path, *query ? "?" : "", query);
	url.port = (uint16_t)atoi(port);
	*ret_url = url;
	return 0;
}

int fetch_split(const char *text, struct fetch_url *ret_url, struct err *err)
{
	CURLU *handle = curl_url();
	int status = handle ? split(handle, text, ret_url) : -ENOMEM;

	curl_url_cleanup(handle);
	return status < 0
		? err_set(err, status, "%.128s: must be http://HOST[:PORT]/PATH or https", text)
		: 0;
}

/* ---- what libcurl asks */

static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct fetch *fetch = arg;

	if (fetch->opened)
		return CURL_SOCKET_BAD; /* a second one would not be measured */
	fetch->opened = true;
	return fetch->fd;
}

static int on_options(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static int on_close(void *arg, curl_socket_t fd)
{
	struct fetch *fetch = arg;

	fetch->fd = -1;
	return close(fd);
}

static size_t on_content(char *bytes, size_t one, size_t length, void *arg)
{
	struct fetch *fetch = arg;

	if (fetch->request.content && !fetch->request.content(fetch->request.arg, bytes, length)) {
		fetch->stopped = true;
		return CURL_WRITEFUNC_ERROR;
	}
	return length;
}

static size_t on_header(char *bytes, size_t one, size_t length, void *arg)
{
	struct fetch *fetch = arg;
	size_t line = length;

	fetch->header_bytes += length;
	if (fetch->header_bytes > HEADERS_MAX)
		return CURL_WRITEFUNC_ERROR;

	while (line && (bytes[line - 1] == '\r' || bytes[line - 1] == '\n'))
		line--;
	if (fetch->request.header && line)
		fetch->request.header(fetch->request.arg, bytes, line);
	return length;
}

static size_t on_send(char *room, size_t one, size_t size, void *arg)
{
	struct fetch *fetch = arg;

	return fetch->request.send(fetch->request.arg, room, size);
}

/* ---- making it */

static void set_socket(struct fetch *fetch)
{
	CURL *easy = fetch->easy;

	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_options);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, fetch);
}

/* So that no name is resolved a second time. */
static void set_address(struct fetch *fetch)
{
	const struct reach *reach = fetch->request.reach;
	char address[ADDRESS_TEXT_BYTES], entry[ADDRESS_TEXT_BYTES + 16];

	address_format(&reach->address, address);
	snprintf(entry, sizeof(entry), "*:%u:%s", reach->port, address);
	fetch->address = curl_slist_append(NULL, entry);
	curl_easy_setopt(fetch->easy, CURLOPT_RESOLVE, fetch->address);
}

static void set_manners(struct fetch *fetch)
{
	CURL *easy = fetch->easy;

	curl_easy_setopt(easy, CURLOPT_URL, fetch->request.url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, AGENT);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetch->words);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE,
		fetch->request.buffer_bytes ? fetch->request.buffer_bytes : BUFFER_BYTES);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(fetch->request.limit_us / 1000 + 1));
	if (fetch->request.ca)
		curl_easy_setopt(easy, CURLOPT_CAINFO, fetch->request.ca);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_content);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
	fetch->headers = curl_slist_append(NULL, "Cache-Control: no-cache");
	if (!fetch->request.send)
		return;
	fetch->headers = curl_slist_append(fetch->headers, "Expect:");
	fetch->headers = curl_slist_append(
		fetch->headers, "Content-Type: application/octet-stream");
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)fetch->request.send_bytes);
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, BUFFER_BYTES);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_send);
	curl_easy_setopt(easy, CURLOPT_READDATA, fetch);
}

struct fetch *fetch_new(const struct fetch_request *request)
{
	struct fetch *fetch = calloc(1, sizeof(*fetch));

	if (!fetch) {
		close(request->reach->fd);
		return NULL;
	}
	fetch->request = *request;
	fetch->fd = request->reach->fd;
	request->reach->fd = -1;
	fetch->easy = curl_easy_init();
	fetch->multi = curl_multi_init();
	if (!fetch->easy || !fetch->multi) {
		fetch_free(fetch);
		return NULL;
	}
	set_socket(fetch);
	set_address(fetch);
	set_manners(fetch);
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
	curl_multi_add_handle(fetch->multi, fetch->easy);
	return fetch;
}

/* ---- going on */

bool fetch_step(struct fetch *fetch, unsigned wait_ms)
{
	CURLMsg *message;
	int running = 0, left;

	if (fetch->over)
		return false;
	if (wait_ms)
		curl_multi_poll(fetch->multi, NULL, 0, (int)wait_ms, NULL);
	if (curl_multi_perform(fetch->multi, &running) != CURLM_OK) {
		fetch->over = true;
		fetch->code = CURLE_FAILED_INIT;
	}
	while ((message = curl_multi_info_read(fetch->multi, &left)))
		if (message->msg == CURLMSG_DONE) {
			fetch->over = true;
			fetch->code = message->data.result;
		}
	return !fetch->over;
}

int fetch_socket(const struct fetch *fetch)
{
	return fetch->fd;
}

uint64_t fetch_received(const struct fetch *fetch)
{
	struct tcp_info tcp = {0};
	socklen_t size = sizeof(tcp);

	if (fetch->fd < 0 || getsockopt(fetch->fd, IPPROTO_TCP, TCP_INFO, &tcp, &size) < 0)
		return 0;
	return tcp.tcpi_bytes_received;
}

#define CHAIN_FAULTS_FROM 2 /* X509_V_ERR_...; 1 stands there while the chain found no fault */

/* A certificate that is good but for its name is somebody else's. */
static enum fetch_end end_of_verification(const struct fetch *fetch)
{
	long fault = 0;

	curl_easy_getinfo(fetch->easy, CURLINFO_SSL_VERIFYRESULT, &fault);
	return fault >= CHAIN_FAULTS_FROM ? FETCH_TLS : FETCH_STRANGER;
}

static enum fetch_end end_of(const struct fetch *fetch)
{
	if (fetch->header_bytes > HEADERS_MAX)
		return FETCH_STRANGER;
	if (!fetch->over || fetch->stopped)
		return FETCH_STOPPED;
	switch (fetch->code) {
	case CURLE_OK: return FETCH_DONE;
	case CURLE_OPERATION_TIMEDOUT: return FETCH_TIMEOUT;
	case CURLE_PEER_FAILED_VERIFICATION: return end_of_verification(fetch);
	case CURLE_SSL_CONNECT_ERROR: return FETCH_TLS;
#if LIBCURL_VERSION_NUM >= 0x080600
	case CURLE_TOO_LARGE:
#endif
	case CURLE_OUT_OF_MEMORY: /* says libcurl of a header line that is too long */
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL: return FETCH_STRANGER;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE: return FETCH_BROKEN;
	default: return FETCH_FAILED;
	}
}

static uint32_t between_us(CURL *easy, CURLINFO from, CURLINFO to)
{
	curl_off_t begin_us = 0, end_us = 0;

	curl_easy_getinfo(easy, from, &begin_us);
	curl_easy_getinfo(easy, to, &end_us);
	return end_us > begin_us ? (uint32_t)(end_us - begin_us) : 0;
}

void fetch_result(const struct fetch *fetch, struct fetch_result *ret_result)
{
	CURL *easy = fetch->easy;
	char *redirect = NULL;
	long status = 0;

	*ret_result = (struct fetch_result){.end = end_of(fetch)};
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &redirect);
	ret_result->status = status >= 100 && status <= 599 ? (unsigned)status : 0;
	ret_result->tls_us = between_us(easy, CURLINFO_CONNECT_TIME_T, CURLINFO_APPCONNECT_TIME_T);
	ret_result->first_byte_us = between_us(
		easy, CURLINFO_PRETRANSFER_TIME_T, CURLINFO_STARTTRANSFER_TIME_T);
	if (redirect)
		snprintf(ret_result->redirect, sizeof(ret_result->redirect), "%s", redirect);
	snprintf(ret_result->words, sizeof(ret_result->words), "%.159s",
		*fetch->words ? fetch->words : curl_easy_strerror(fetch->code));
}

void fetch_free(struct fetch *fetch)
{
	const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

	if (!fetch)
		return;
	if (fetch->fd >= 0 && !fetch->over)
		setsockopt(fetch->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	if (fetch->multi && fetch->easy)
		curl_multi_remove_handle(fetch->multi, fetch->easy);
	curl_easy_cleanup(fetch->easy);
	curl_multi_cleanup(fetch->multi);
	if (fetch->fd >= 0)
		close(fetch->fd); /* libcurl never opened it */
	curl_slist_free_all(fetch->headers);
	curl_slist_free_all(fetch->address);
	free(fetch);
}
