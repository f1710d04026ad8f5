/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/signer/certificate.h"
#include "collector/signer/pem.h"
#include "collector/signer/signer.h"
#include "common/file.h"
#include "tests/unit/tls/authority.h"

static struct authority ours;

static unsigned mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 0777;
}

static X509 *read_certificate(const char *path)
{
	X509 *certificate = NULL;
	struct err err;

	assert_int_equal(pem_read_certificate(path, &certificate, &err), 0);
	return certificate;
}

static void keys_are_for_their_owner_alone(void **state)
{
	char key[AUTHORITY_PATH];

	file_join(key, sizeof(key), ours.folder, "ca.key");
	assert_int_equal(mode_of(key), 0600);
	assert_int_equal(mode_of(ours.server_key), 0600);
	assert_int_equal(mode_of(ours.agent_key), 0600);
	assert_int_equal(mode_of(ours.ca), 0644);
}

static void ca_is_never_replaced_by_accident(void **state)
{
	char key[AUTHORITY_PATH];
	uint8_t *before, *after;
	size_t length;
	struct err err;

	file_join(key, sizeof(key), ours.folder, "ca.key");
	assert_int_equal(file_read(key, SIGNER_PEM_MAX, &before, &length, &err), 0);
	assert_int_equal(signer_create_ca(ours.folder, &err), -EEXIST);
	assert_non_null(strstr(err.text, "ca.key is there already"));
	assert_int_equal(file_read(key, SIGNER_PEM_MAX, &after, &length, &err), 0);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void certificates_last_as_long_as_they_should(void **state)
{
	X509 *ca = read_certificate(ours.ca), *agent = read_certificate(ours.agent_certificate);
	int days, seconds;

	assert_int_equal(ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(ca)), 1);
	assert_in_range(days, 20 * 365 - 1, 20 * 365 + 6);
	assert_int_equal(ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(agent)), 1);
	assert_in_range(days, 729, 730);
	assert_true(ASN1_TIME_cmp_time_t(X509_get0_notBefore(agent), TLS_CLOCK_FLOOR_S) == 0);
	X509_free(agent);
	X509_free(ca);
}

static void serials_are_128_random_bits(void **state)
{
	X509 *one = read_certificate(ours.server_certificate);
	X509 *two = read_certificate(ours.agent_certificate);

	assert_int_not_equal(
		ASN1_INTEGER_cmp(X509_get0_serialNumber(one), X509_get0_serialNumber(two)), 0);
	assert_in_range(ASN1_STRING_length(X509_get0_serialNumber(one)), 12, 16);
	X509_free(two);
	X509_free(one);
}

static void fingerprint_is_the_one_that_a_session_shows(void **state)
{
	X509 *certificate = read_certificate(ours.agent_certificate);
	unsigned char print[EVP_MAX_MD_SIZE];
	unsigned length;

	assert_int_equal(X509_digest(certificate, EVP_sha256(), print, &length), 1);
	assert_memory_equal(print, ours.agent_print, TLS_FINGERPRINT_BYTES);
	X509_free(certificate);
}

/* Issues for the PEM text; the words of a refusal must contain `words`. */
static void refused(const char *pem, const char *words)
{
	struct signer_agent wish = {.id = 9, .pem = pem, .pem_length = strlen(pem)};
	uint8_t print[TLS_FINGERPRINT_BYTES];
	struct signer *signer;
	struct buf out;
	struct err err;

	buf_init(&out, SIGNER_PEM_MAX);
	assert_int_equal(signer_open(ours.folder, &signer, &err), 0);
	assert_int_equal(signer_issue_agent(signer, &wish, &out, print, &err), -EINVAL);
	assert_non_null(strstr(err.text, words));
	assert_int_equal(buf_length(&out), 0);
	signer_free(signer);
	buf_done(&out);
}

static void what_is_no_p256_key_is_refused(void **state)
{
	struct buf pem;
	struct err err;
	EVP_PKEY *key;

	refused("hello", "neither a certificate request nor a public key");
	refused("", "must be 1 to");
	refused("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
		"not a certificate request");
	buf_init(&pem, SIGNER_PEM_MAX);
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	assert_int_equal(pem_put_public(key, &pem, &err), 0);
	EVP_PKEY_free(key);
	assert_int_equal(buf_append(&pem, "", 1), 0);
	refused((const char *)buf_peek(&pem), "not on the curve P-256");
	buf_done(&pem);
}

/* The request as PEM text in `out`; damaged: its signature does not hold. */
static void make_request(EVP_PKEY *key, int damaged, struct buf *out)
{
	X509_REQ *request = X509_REQ_new();
	EVP_PKEY *signing = damaged ? EVP_EC_gen("P-256") : key;
	char *text;
	BIO *bio = BIO_new(BIO_s_mem());
	long length;

	X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request), "CN", MBSTRING_UTF8,
		(const unsigned char *)"agent-1", -1, -1, 0);
	assert_int_equal(X509_REQ_set_pubkey(request, key), 1);
	assert_true(X509_REQ_sign(request, signing, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_bio_X509_REQ(bio, request), 1);
	length = BIO_get_mem_data(bio, &text);
	assert_int_equal(buf_append(out, text, (size_t)length), 0);
	BIO_free(bio);
	X509_REQ_free(request);
	if (damaged)
		EVP_PKEY_free(signing);
}

static void request_gives_its_key_and_nothing_else(void **state)
{
	struct signer_agent wish = {.id = 4000000000u};
	uint8_t print[TLS_FINGERPRINT_BYTES];
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct buf pem, out;
	struct signer *signer;
	X509 *certificate;
	char path[AUTHORITY_PATH], name[64];
	struct err err;

	buf_init(&pem, SIGNER_PEM_MAX);
	buf_init(&out, SIGNER_PEM_MAX);
	make_request(key, 0, &pem);
	wish.pem = buf_peek(&pem);
	wish.pem_length = buf_length(&pem);
	assert_int_equal(signer_open(ours.folder, &signer, &err), 0);
	assert_int_equal(signer_issue_agent(signer, &wish, &out, print, &err), 0);
	file_join(path, sizeof(path), ours.folder, "request.crt");
	assert_int_equal(file_replace(path, buf_peek(&out), buf_length(&out), 0644, &err), 0);
	certificate = read_certificate(path);
	unlink(path);
	X509_NAME_oneline(X509_get_subject_name(certificate), name, sizeof(name));
	assert_string_equal(name, "/CN=agent-4000000000");
	assert_int_equal(EVP_PKEY_eq(X509_get0_pubkey(certificate), key), 1);
	X509_free(certificate);
	signer_free(signer);
	EVP_PKEY_free(key);
	buf_done(&out);
	buf_done(&pem);
}

static void request_without_proof_of_possession_is_refused(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct buf pem;

	buf_init(&pem, SIGNER_PEM_MAX);
	make_request(key, 1, &pem);
	assert_int_equal(buf_append(&pem, "", 1), 0);
	refused((const char *)buf_peek(&pem), "not signed by the key that it names");
	EVP_PKEY_free(key);
	buf_done(&pem);
}

static void server_names_are_checked(void **state)
{
	static const char *const bad[] = {"good.example", "bad,DNS:evil.example"};
	struct signer_server wish = {.names = bad, .name_count = 2};
	char key[AUTHORITY_PATH], certificate[AUTHORITY_PATH];
	struct signer *signer;
	struct err err;

	file_join(key, sizeof(key), ours.folder, "x.key");
	file_join(certificate, sizeof(certificate), ours.folder, "x.crt");
	wish.key_file = key;
	wish.certificate_file = certificate;
	assert_int_equal(signer_open(ours.folder, &signer, &err), 0);
	assert_int_equal(signer_issue_server(signer, &wish, &err), -EINVAL);
	assert_non_null(strstr(err.text, "bad,DNS:evil.example"));
	wish.name_count = 0;
	assert_int_equal(signer_issue_server(signer, &wish, &err), -EINVAL);
	assert_int_not_equal(access(key, F_OK), 0);
	signer_free(signer);
}

static void a_key_file_is_never_overwritten(void **state)
{
	struct buf public;
	struct err err;

	buf_init(&public, SIGNER_PEM_MAX);
	assert_int_equal(signer_make_key(ours.agent_key, &public, &err), -EEXIST);
	assert_int_equal(buf_length(&public), 0);
	buf_done(&public);
}

static void open_says_what_is_wrong(void **state)
{
	struct signer *signer = NULL;
	struct err err;

	assert_int_equal(signer_open("/nonexistent", &signer, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent/ca.key"));
	assert_null(signer);
}

static int make_authority(void **state)
{
	authority_init(&ours);
	return 0;
}

static int remove_authority(void **state)
{
	authority_done(&ours);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_for_their_owner_alone),
		cmocka_unit_test(ca_is_never_replaced_by_accident),
		cmocka_unit_test(certificates_last_as_long_as_they_should),
		cmocka_unit_test(serials_are_128_random_bits),
		cmocka_unit_test(fingerprint_is_the_one_that_a_session_shows),
		cmocka_unit_test(what_is_no_p256_key_is_refused),
		cmocka_unit_test(request_gives_its_key_and_nothing_else),
		cmocka_unit_test(request_without_proof_of_possession_is_refused),
		cmocka_unit_test(server_names_are_checked),
		cmocka_unit_test(a_key_file_is_never_overwritten),
		cmocka_unit_test(open_says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, make_authority, remove_authority);
}
