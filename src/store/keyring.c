/*
 * The kernel's keyring by its three system calls; libkeyutils would be one
 * more library for four lines.
 *
 * A key is linked to the user's keyring (@u) but read permission comes from
 * possession, which a session without pam_keyinit does not have through @u:
 * so the key's owner gets read permission outright.
 */
#include "store/keyring.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/tr.h"

enum { SECRET_MAX = 1024 };

/* Permission bits of a key, see keyctl_setperm(3): all for the possessor;
 * view, read, write, search, link and setattr for the owner. */
#define KEY_PERM 0x3f3f0000L

static const char key_type[] = "user";

static enum status
say_none(struct err *err)
{
	if (errno == ENOSYS || errno == EPERM || errno == EOPNOTSUPP)
		return err_set(err, E_AUTH, tr("This system cannot keep you "
			"signed in between commands."));
	return err_set(err, E_AUTH, tr("You are not signed in, or the time "
		"has run out. Sign in first."));
}

/* The key's serial number, or -1 with errno. */
static long
find_key(const char *name)
{
	return syscall(SYS_keyctl, (long)KEYCTL_SEARCH,
		(long)KEY_SPEC_USER_KEYRING, key_type, name, 0L);
}

enum status
keyring_put(const char *name, const void *secret, size_t len, int timeout_s,
	struct err *err)
{
	long key = syscall(SYS_add_key, key_type, name, secret, len,
		(long)KEY_SPEC_USER_KEYRING);

	if (key < 0 ||
	    syscall(SYS_keyctl, (long)KEYCTL_SETPERM, key, KEY_PERM) < 0 ||
	    syscall(SYS_keyctl, (long)KEYCTL_SET_TIMEOUT, key,
	    (long)timeout_s) < 0) {
		int why = errno;

		keyring_drop(name);	/* never one without an end */
		errno = why;
		return say_none(err);
	}
	return E_OK;
}

enum status
keyring_get(struct buf *out, const char *name, struct err *err)
{
	uint8_t secret[SECRET_MAX];
	long key = find_key(name), len;

	if (key < 0)
		return say_none(err);
	len = syscall(SYS_keyctl, (long)KEYCTL_READ, key, secret,
		sizeof secret);
	if (len < 0 || (size_t)len > sizeof secret) {
		if (len >= 0)
			errno = ENOKEY;
		return say_none(err);
	}
	buf_add(out, secret, (size_t)len);
	crypto_wipe(secret, sizeof secret);
	return E_OK;
}

void
keyring_drop(const char *name)
{
	long key = find_key(name);

	if (key < 0)
		return;
	/* Revoked first: whoever has it linked elsewhere loses it too. */
	(void)syscall(SYS_keyctl, (long)KEYCTL_REVOKE, key);
	(void)syscall(SYS_keyctl, (long)KEYCTL_UNLINK, key,
		(long)KEY_SPEC_USER_KEYRING);
}
