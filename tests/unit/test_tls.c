/*
 * The server's authority: what it makes is read back by another library
 * (openssl), and a real handshake is held with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "server/http.h"
#include "server/tls.h"

struct made {
	char dir[64];
	struct buf ca_key, ca, key, cert;
};

static const char *const hosts[] = { "localhost", "127.0.0.1", "::1" };

static void
write_file(const char *dir, const char *name, const struct buf *b)
{
	struct err err = ERR_INIT;
	char *path = io_join(dir, name);

	assert_int_equal(io_write(path, b->data, b->len, &err), E_OK);
	free(path);
}

static int
setup(void **state)
{
	struct made *m = mem_alloc(1, sizeof *m);
	struct err err = ERR_INIT;

	crypto_init();
	snprintf(m->dir, sizeof m->dir, "/tmp/fengqiao-tls-XXXXXX");
	if (!mkdtemp(m->dir))
		return -1;
	buf_init(&m->ca_key, TLS_PEM_MAX);
	buf_init(&m->ca, TLS_PEM_MAX);
	buf_init(&m->key, TLS_PEM_MAX);
	buf_init(&m->cert, TLS_PEM_MAX);
	if (tls_make_authority(&m->ca_key, &m->ca, "Test CA", &err) ||
	    tls_make_server(&m->key, &m->cert, m->ca_key.data, m->ca.data,
	    hosts, 3, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return -1;
	}
	write_file(m->dir, "ca.pem", &m->ca);
	write_file(m->dir, "server.pem", &m->cert);
	*state = m;
	return 0;
}

static int
teardown(void **state)
{
	struct made *m = *state;
	char *command = mem_printf("rm -r '%s'", m->dir);
	int rc = system(command);

	free(command);
	buf_release(&m->ca_key);
	buf_release(&m->ca);
	buf_release(&m->key);
	buf_release(&m->cert);
	free(m);
	return rc;
}

/* Run a shell line in the folder; its exit status, its output in out. */
static int
run(char out[8192], const struct made *m, const char *line)
{
	char *command = mem_printf("cd '%s' && %s 2>&1", m->dir, line);
	FILE *f = popen(command, "r");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, 8191, f);
	out[n] = '\0';
	free(command);
	return pclose(f);
}

static void
test_openssl_agrees(void **state)
{
	char out[8192];

	assert_int_equal(run(out, *state, "openssl verify -x509_strict "
	    "-purpose sslserver -CAfile ca.pem server.pem"), 0);
	assert_int_equal(run(out, *state,
	    "openssl x509 -in server.pem -noout -text"), 0);
	assert_non_null(strstr(out, "DNS:localhost"));
	assert_non_null(strstr(out, "IP Address:127.0.0.1"));
	assert_non_null(strstr(out, "prime256v1"));
	assert_non_null(strstr(out, "CA:FALSE"));
	assert_non_null(strstr(out, "TLS Web Server Authentication"));
}

static void
test_refuses_a_bad_host(void **state)
{
	struct made *m = *state;
	static const char *const bad[] = { "", "a b", "-x", "http://x",
		"\xe5\x8e\xbf" };

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct buf key, cert;
		struct err err = ERR_INIT;

		buf_init(&key, TLS_PEM_MAX);
		buf_init(&cert, TLS_PEM_MAX);
		assert_int_equal(tls_make_server(&key, &cert, m->ca_key.data,
		    m->ca.data, &bad[i], 1, &err), E_INVALID);
		assert_int_equal(cert.len, 0);
		buf_release(&key);
		buf_release(&cert);
	}
}

static bool
answer(void *self, const struct http_request *request,
    struct http_reply *reply)
{
	(void)self;
	(void)request;
	buf_text(&reply->body, "here");
	return true;
}

static void
test_handshakes(void **state)
{
	struct made *m = *state;
	struct http_options o = HTTP_OPTIONS_DEFAULT;
	static const struct {
		const char *how;
		int good;
	} cases[] = {
		{ "--cacert ca.pem https://localhost:%d/", 1 },
		{ "--cacert ca.pem --tls-max 1.2 https://127.0.0.1:%d/", 1 },
		{ "--cacert ca.pem --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 "
		    "https://127.0.0.1:%d/", 0 },
		{ "https://localhost:%d/", 0 },	/* the system's authorities */
		{ "--cacert ca.pem --resolve other:%1$d:127.0.0.1 "
		    "https://other:%1$d/", 0 },
	};
	struct http *h = NULL;
	struct err err = ERR_INIT;
	char out[8192];

	o.host = "127.0.0.1";
	o.port = 0;
	o.cert_pem = m->cert.data;
	o.key_pem = m->key.data;
	o.answer = answer;
	assert_int_equal(http_start(&h, &o, &err), E_OK);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char line[256], port[8];
		const char *from = cases[i].how;
		size_t n = (size_t)snprintf(line, sizeof line,
		    "curl -s --noproxy '*' -m 5 ");

		snprintf(port, sizeof port, "%d", http_port(h));
		while (*from && n < sizeof line - 8) {
			if (*from != '%') {
				line[n++] = *from++;
				continue;
			}
			n += (size_t)snprintf(line + n, 8, "%s", port);
			from = strchr(from, 'd') + 1;
		}
		line[n] = '\0';
		if ((run(out, m, line) == 0) != cases[i].good)
			fail_msg("%s: %s", cases[i].how, out);
		if (cases[i].good)
			assert_string_equal(out, "here");
	}
	http_stop(h);
}

static void
test_wrong_key_is_refused(void **state)
{
	struct made *m = *state;
	struct http_options o = HTTP_OPTIONS_DEFAULT;
	struct http *h = NULL;
	struct err err = ERR_INIT;

	o.host = "127.0.0.1";
	o.port = 0;
	o.cert_pem = m->cert.data;
	o.key_pem = m->ca_key.data;
	o.answer = answer;
	assert_int_equal(http_start(&h, &o, &err), E_INVALID);
	assert_null(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openssl_agrees),
		cmocka_unit_test(test_refuses_a_bad_host),
		cmocka_unit_test(test_handshakes),
		cmocka_unit_test(test_wrong_key_is_refused),
	};

	return cmocka_run_group_tests_name("tls", tests, setup, teardown);
}
