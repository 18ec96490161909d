/*
 * Certificates made with GnuTLS.  Their start lies a day back, so that a
 * client whose clock is a little slow can use them at once.
 */
#include "server/tls.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"

#define TLS_DAY_S 86400
#define TLS_VALID_DAYS 3650

struct pair {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t cert;
};

static void
pair_release(struct pair *p)
{
	if (p->cert)
		gnutls_x509_crt_deinit(p->cert);
	if (p->key)
		gnutls_x509_privkey_deinit(p->key);
	*p = (struct pair){0};
}

static enum status
refused(struct err *err)
{
	return err_set(err, E_IO, tr("The certificate could not be made."));
}

/* A key, and a certificate that has everything but its purpose. */
static enum status
pair_make(struct pair *p, const char *name, struct err *err)
{
	uint8_t serial[16];
	time_t now = (time_t)(clock_now_at() / 1000);
	unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);

	crypto_random(serial, sizeof serial);
	serial[0] &= 0x7f;	/* a positive number (RFC 5280, 4.1.2.2) */
	if (gnutls_x509_privkey_init(&p->key) < 0 ||
	    gnutls_x509_privkey_generate(p->key, GNUTLS_PK_ECDSA, bits, 0) < 0 ||
	    gnutls_x509_crt_init(&p->cert) < 0 ||
	    gnutls_x509_crt_set_version(p->cert, 3) < 0 ||
	    gnutls_x509_crt_set_serial(p->cert, serial, sizeof serial) < 0 ||
	    gnutls_x509_crt_set_key(p->cert, p->key) < 0 ||
	    gnutls_x509_crt_set_activation_time(p->cert, now - TLS_DAY_S) < 0 ||
	    gnutls_x509_crt_set_expiration_time(p->cert,
	    now + (time_t)TLS_VALID_DAYS * TLS_DAY_S) < 0 ||
	    gnutls_x509_crt_set_dn_by_oid(p->cert,
	    GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name)) < 0)
		return refused(err);
	return E_OK;
}

/* Certificates name their own key and their signer's, so that a client with
 * two authorities finds the right one. */
static bool
add_key_ids(struct pair *p, const struct pair *signer)
{
	uint8_t id[64];
	size_t len = sizeof id;

	if (gnutls_x509_crt_get_key_id(p->cert, 0, id, &len) < 0 ||
	    gnutls_x509_crt_set_subject_key_id(p->cert, id, len) < 0)
		return false;
	len = sizeof id;
	return gnutls_x509_crt_get_key_id(signer->cert, 0, id, &len) >= 0 &&
	    gnutls_x509_crt_set_authority_key_id(p->cert, id, len) >= 0;
}

static enum status
pair_sign(struct pair *p, const struct pair *signer, struct err *err)
{
	if (!add_key_ids(p, signer) ||
	    gnutls_x509_crt_sign2(p->cert, signer->cert, signer->key,
	    GNUTLS_DIG_SHA256, 0) < 0)
		return refused(err);
	return E_OK;
}

static enum status
pair_print(const struct pair *p, struct buf *key, struct buf *cert,
    struct err *err)
{
	gnutls_datum_t k = {0}, c = {0};
	enum status s = E_OK;

	if (gnutls_x509_privkey_export2_pkcs8(p->key, GNUTLS_X509_FMT_PEM,
	    NULL, GNUTLS_PKCS_PLAIN, &k) < 0 ||
	    gnutls_x509_crt_export2(p->cert, GNUTLS_X509_FMT_PEM, &c) < 0) {
		s = refused(err);
		goto out;
	}
	buf_add(key, k.data, k.size);
	buf_add(cert, c.data, c.size);
out:
	if (k.data)
		crypto_wipe(k.data, k.size);
	gnutls_free(k.data);
	gnutls_free(c.data);
	return s;
}

enum status
tls_make_authority(struct buf *key, struct buf *cert, const char *name,
    struct err *err)
{
	struct pair p = {0};
	enum status s = pair_make(&p, name, err);

	if (s)
		goto out;
	if (gnutls_x509_crt_set_basic_constraints(p.cert, 1, 0) < 0 ||
	    gnutls_x509_crt_set_key_usage(p.cert,
	    GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN) < 0) {
		s = refused(err);
		goto out;
	}
	s = pair_sign(&p, &p, err);
	if (!s)
		s = pair_print(&p, key, cert, err);
out:
	pair_release(&p);
	return s;
}

static enum status
pair_read(struct pair *p, const char *key_pem, const char *cert_pem,
    struct err *err)
{
	gnutls_datum_t k = { (unsigned char *)(uintptr_t)key_pem,
		(unsigned)strlen(key_pem) };
	gnutls_datum_t c = { (unsigned char *)(uintptr_t)cert_pem,
		(unsigned)strlen(cert_pem) };

	if (gnutls_x509_privkey_init(&p->key) < 0 ||
	    gnutls_x509_privkey_import2(p->key, &k, GNUTLS_X509_FMT_PEM, NULL,
	    0) < 0 ||
	    gnutls_x509_crt_init(&p->cert) < 0 ||
	    gnutls_x509_crt_import(p->cert, &c, GNUTLS_X509_FMT_PEM) < 0)
		return err_set(err, E_INVALID,
		    tr("ca.key or ca.pem cannot be read."));
	return E_OK;
}

static bool
is_host_name(const char *host)
{
	size_t len = strlen(host);

	if (len == 0 || len > 253 || host[0] == '.' || host[0] == '-')
		return false;
	return strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789.-*") == len;
}

static enum status
add_host(gnutls_x509_crt_t cert, const char *host, struct err *err)
{
	struct in_addr v4;
	struct in6_addr v6;
	int rc;

	if (inet_pton(AF_INET, host, &v4) == 1)
		rc = gnutls_x509_crt_set_subject_alt_name(cert,
		    GNUTLS_SAN_IPADDRESS, &v4, sizeof v4, GNUTLS_FSAN_APPEND);
	else if (inet_pton(AF_INET6, host, &v6) == 1)
		rc = gnutls_x509_crt_set_subject_alt_name(cert,
		    GNUTLS_SAN_IPADDRESS, &v6, sizeof v6, GNUTLS_FSAN_APPEND);
	else if (is_host_name(host))
		rc = gnutls_x509_crt_set_subject_alt_name(cert,
		    GNUTLS_SAN_DNSNAME, host, (unsigned)strlen(host),
		    GNUTLS_FSAN_APPEND);
	else
		return err_set(err, E_INVALID,
		    tr("\"%s\" is neither a host name nor an address."), host);
	return rc < 0 ? refused(err) : E_OK;
}

enum status
tls_make_server(struct buf *key, struct buf *cert, const char *ca_key_pem,
    const char *ca_cert_pem, const char *const *hosts, size_t host_count,
    struct err *err)
{
	struct pair ca = {0}, p = {0};
	enum status s = pair_read(&ca, ca_key_pem, ca_cert_pem, err);

	if (s)
		goto out;
	s = pair_make(&p, "fengqiaod", err);
	for (size_t i = 0; !s && i < host_count; i++)
		s = add_host(p.cert, hosts[i], err);
	if (s)
		goto out;
	if (gnutls_x509_crt_set_basic_constraints(p.cert, 0, -1) < 0 ||
	    gnutls_x509_crt_set_key_usage(p.cert,
	    GNUTLS_KEY_DIGITAL_SIGNATURE) < 0 ||
	    gnutls_x509_crt_set_key_purpose_oid(p.cert,
	    GNUTLS_KP_TLS_WWW_SERVER, 0) < 0) {
		s = refused(err);
		goto out;
	}
	s = pair_sign(&p, &ca, err);
	if (!s)
		s = pair_print(&p, key, cert, err);
out:
	pair_release(&p);
	pair_release(&ca);
	return s;
}
