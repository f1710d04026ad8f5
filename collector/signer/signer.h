/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The private certificate authority: the only place where a certificate is made. Used by
 * `pantau init`, `pantau agent issue` and, for enrolments, by the process `pantau-collector
 * signer`, the only one that runs and holds the CA's key (signer/question.h).
 *
 *   FOLDER/ca.key  P-256, mode 0600        FOLDER/ca.crt  20 years, may sign end certificates only
 *
 * Everything that it issues is valid from TLS_CLOCK_FLOOR_S on: a router without a battery must be
 * able to connect before it knows the time.
 */
#ifndef PANTAU_COLLECTOR_SIGNER_H
#define PANTAU_COLLECTOR_SIGNER_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/tls.h"

#define SIGNER_PEM_MAX (16 * 1024) /* a request or a key is under 1 KiB; longer is no P-256 */

#define SIGNER_POINT_BYTES 65 /* of P-256: 4, X, Y */

struct signer;

/* Makes the CA in the folder, which is created (0750) when it is missing. -EEXIST when either file
 * is there: a CA is never replaced by accident. */
int signer_create_ca(const char *folder, struct err *err);

/* Reads ca.key and ca.crt. Errors name the file. A service manager that hands the key over does so
 * in a folder of its own (key_folder); NULL: it is in the same one. */
int signer_open(const char *folder, struct signer **ret_signer, struct err *err);
int signer_open_apart(
	const char *folder, const char *key_folder, struct signer **ret_signer, struct err *err);
void signer_free(struct signer *signer);

/* A fresh P-256 key in a new file (0600; -EEXIST). Appends its public half, PEM, to ret_public. */
int signer_make_key(const char *key_file, struct buf *ret_public, struct err *err);

/* The same without a file: both halves are appended, PEM. The caller wipes the private one. */
int signer_draw_key(struct buf *ret_private, struct buf *ret_public, struct err *err);

/* A collector that is reached by these DNS names and addresses; the files are replaced. Borrows. */
struct signer_server {
	const char *const *names;
	size_t name_count;
	const char *key_file, *certificate_file;
};

/* A fresh key and a certificate for it. */
int signer_issue_server(
	const struct signer *signer, const struct signer_server *wish, struct err *err);

/* The next certificate for the key and the names of the present one, which is replaced: for the
 * agents it is the same collector. Errors name the file. */
int signer_renew_server(const struct signer *signer, const char *key_file,
	const char *certificate_file, struct err *err);

/* An agent and its key: a certificate request (its proof of possession is checked, its wishes are
 * ignored) or a public key. Borrows. */
struct signer_agent {
	uint32_t id; /* the subject becomes CN=agent-<id> */
	const void *pem;
	size_t pem_length;
	const uint8_t
		*point; /* SIGNER_POINT_BYTES, uncompressed: the key instead of a PEM; or NULL */
};

/* Appends the certificate, PEM, to ret_certificate; the fingerprint is what the registry stores.
 * -EINVAL with words for anything that is not a P-256 key. */
int signer_issue_agent(const struct signer *signer, const struct signer_agent *wish,
	struct buf *ret_certificate, uint8_t ret_print[TLS_FINGERPRINT_BYTES], struct err *err);

/* The point of the key that a certificate request in PEM is for. -EINVAL with words, as above. */
int signer_read_request(
	const void *pem, size_t length, uint8_t ret_point[SIGNER_POINT_BYTES], struct err *err);

/* SHA-256 of the public key (SubjectPublicKeyInfo) of the CA in the folder. */
int signer_pin(const char *folder, uint8_t ret_pin[TLS_FINGERPRINT_BYTES], struct err *err);

#endif
