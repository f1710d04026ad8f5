/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least that a client with a certificate can be: one TLS 1.3 connection by OpenSSL alone, held
 * until a signal. `bare-client ADDRESS PORT CA CERTIFICATE KEY`. What it takes, every agent takes.
 */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int connect_to(const char *address, const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
		connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("bare-client");
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	static const unsigned char alpn[] = "\x08pantau/1";
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *ssl;

	if (argc != 6) {
		fprintf(stderr, "usage: bare-client ADDRESS PORT CA CERTIFICATE KEY\n");
		return 2;
	}
	SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	if (SSL_CTX_load_verify_locations(context, argv[3], NULL) != 1 ||
		SSL_CTX_use_certificate_file(context, argv[4], SSL_FILETYPE_PEM) != 1 ||
		SSL_CTX_use_PrivateKey_file(context, argv[5], SSL_FILETYPE_PEM) != 1 ||
		SSL_CTX_set_alpn_protos(context, alpn, sizeof(alpn) - 1) != 0)
		goto failed;
	ssl = SSL_new(context);
	SSL_set_fd(ssl, connect_to(argv[1], argv[2]));
	SSL_set_tlsext_host_name(ssl, "pantau-collector");
	if (SSL_connect(ssl) != 1)
		goto failed;
	printf("ready\n");
	fflush(stdout);
	for (;;)
		pause();
failed:
	ERR_print_errors_fp(stderr);
	return 1;
}
