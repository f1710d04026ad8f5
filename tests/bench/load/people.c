/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/load/people.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "collector/signer/signer.h"
#include "common/file.h"

#define ROSTER_LIST "\"agents\":["
#define ROSTER_HEAD "{\"version\":1,\"sequence\":1," ROSTER_LIST
#define ROSTER_ENTRY_BYTES 128
#define ROSTER_MAX (64 * 1024 * 1024)
#define KEY_PATH "/tmp/pantau-load-%d.key"
/* as the agent offers them */
#define CIPHERS "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"

struct people {
	uint32_t count, first;
	SSL_CTX *ssl;
	X509 **certificates;
	EVP_PKEY *key;
};

/* The common key: its public half as PEM, the key itself in people->key. */
static int make_key(struct people *people, struct buf *ret_public, struct err *err)
{
	char path[64];
	FILE *file;
	int r;

	snprintf(path, sizeof(path), KEY_PATH, getpid());
	r = signer_make_key(path, ret_public, err);
	if (r < 0)
		return r;
	file = fopen(path, "r");
	people->key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
	if (file)
		fclose(file);
	unlink(path);
	return people->key ? 0 : err_set(err, -EIO, "%s: cannot be read back", path);
}

static void put_roster_entry(
	struct buf *roster, uint32_t id, const uint8_t print[TLS_FINGERPRINT_BYTES])
{
	const uint8_t *so_far = buf_peek(roster);
	char text[ROSTER_ENTRY_BYTES + 2 * TLS_FINGERPRINT_BYTES];
	int length = snprintf(text, sizeof(text), "%s{\"id\":%u,\"fingerprint\":\"",
		so_far[buf_length(roster) - 1] == '[' ? "" : ",", id);

	for (size_t i = 0; i < TLS_FINGERPRINT_BYTES; i++)
		length += sprintf(text + length, "%02x", print[i]);
	length += sprintf(text + length, "\",\"revoked\":false}");
	buf_append(roster, text, (size_t)length);
}

static int make_person(struct people *people, const struct signer *signer,
	struct signer_agent *wish, struct buf *roster, struct err *err)
{
	uint8_t print[TLS_FINGERPRINT_BYTES];
	struct buf pem;
	BIO *text;
	int r;

	buf_init(&pem, SIGNER_PEM_MAX);
	r = signer_issue_agent(signer, wish, &pem, print, err);
	if (r == 0) {
		text = BIO_new_mem_buf(buf_peek(&pem), (int)buf_length(&pem));
		people->certificates[wish->id - people->first] = PEM_read_bio_X509(
			text, NULL, NULL, NULL);
		BIO_free(text);
		put_roster_entry(roster, wish->id, print);
	}
	buf_done(&pem);
	return r;
}

static int make_all(struct people *people, const char *state, struct buf *roster, struct err *err)
{
	struct signer_agent wish = {.id = people->first};
	struct signer *signer = NULL;
	char path[PATH_MAX];
	struct buf public;
	int r;

	buf_init(&public, SIGNER_PEM_MAX);
	snprintf(path, sizeof(path), "%s/ca", state);
	r = signer_open(path, &signer, err);
	if (r == 0)
		r = make_key(people, &public, err);
	wish.pem = buf_peek(&public);
	wish.pem_length = buf_length(&public);
	for (; r == 0 && wish.id < people->first + people->count; wish.id++)
		r = make_person(people, signer, &wish, roster, err);
	signer_free(signer);
	buf_done(&public);
	return r;
}

static int make_context(struct people *people, const char *state, struct err *err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/ca/ca.crt", state);
	people->ssl = SSL_CTX_new(TLS_client_method());
	if (!people->ssl || SSL_CTX_load_verify_file(people->ssl, path) != 1)
		return err_set(err, -EIO, "%s: cannot be used", path);
	SSL_CTX_set_min_proto_version(people->ssl, TLS1_3_VERSION);
	SSL_CTX_set_ciphersuites(people->ssl, CIPHERS);
	SSL_CTX_set1_groups_list(people->ssl, "X25519:P-256");
	SSL_CTX_set_mode(people->ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_set_verify(people->ssl, SSL_VERIFY_PEER, NULL);
	return 0;
}

/* What comes before the new ones, and what after them: of a roster that is there, when those who
 * are in it stay. */
static int open_roster(
	const char *path, bool beside, struct buf *head, struct buf *tail, struct err *err)
{
	const char *first;
	uint8_t *bytes;
	size_t length;
	int r;

	if (!beside) {
		buf_append(tail, "]}", 2);
		return buf_append(head, ROSTER_HEAD, strlen(ROSTER_HEAD));
	}
	r = file_read(path, ROSTER_MAX, &bytes, &length, err);
	if (r < 0)
		return r;
	first = memmem(bytes, length, ROSTER_LIST, strlen(ROSTER_LIST));
	if (first) {
		first += strlen(ROSTER_LIST);
		buf_append(head, bytes, (size_t)((const uint8_t *)first - bytes));
		buf_append(tail, ",", *first == ']' ? 0 : 1);
		buf_append(tail, first, length - (size_t)((const uint8_t *)first - bytes));
	} else {
		r = err_set(err, -EBADMSG, "%s: no list of agents", path);
	}
	free(bytes);
	return r;
}

int people_new(const char *state, const struct people_wish *wish, struct people **ret_people,
	struct err *err)
{
	struct people *people = calloc(1, sizeof(*people));
	struct buf roster, tail;
	char path[PATH_MAX];
	int r;

	if (!people || !(people->certificates = calloc(wish->count, sizeof(X509 *))))
		return err_set(err, -ENOMEM, "out of memory");
	people->count = wish->count;
	people->first = wish->beside ? PEOPLE_BESIDE_FIRST : 1;
	buf_init(&roster, ROSTER_MAX);
	buf_init(&tail, ROSTER_MAX);
	snprintf(path, sizeof(path), "%s/roster.json", state);
	r = open_roster(path, wish->beside, &roster, &tail, err);
	if (r == 0)
		r = make_context(people, state, err);
	if (r == 0)
		r = make_all(people, state, &roster, err);
	buf_append(&roster, buf_peek(&tail), buf_length(&tail));
	if (r == 0)
		r = file_replace(path, buf_peek(&roster), buf_length(&roster), 0640, err);
	buf_done(&tail);
	buf_done(&roster);
	if (r < 0)
		people_free(people);
	else
		*ret_people = people;
	return r;
}

void people_free(struct people *people)
{
	if (!people)
		return;
	for (uint32_t i = 0; i < people->count; i++)
		X509_free(people->certificates[i]);
	EVP_PKEY_free(people->key);
	SSL_CTX_free(people->ssl);
	free(people->certificates);
	free(people);
}

SSL *people_ssl(const struct people *people, uint32_t id, const char *alpn)
{
	SSL *ssl = SSL_new(people->ssl);

	if (!ssl)
		return NULL;
	if (SSL_use_certificate(ssl, people->certificates[id - 1]) != 1 ||
		SSL_use_PrivateKey(ssl, people->key) != 1 ||
		(alpn &&
			SSL_set_alpn_protos(
				ssl, (const unsigned char *)alpn, (unsigned)strlen(alpn)) != 0)) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_connect_state(ssl);
	return ssl;
}
