#ifndef SERVER_COMMAND_H
#define SERVER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "server/tls.h"

/*
 * fengqiaod's command line (design.md 8): one table of commands, each with the
 * options it takes.  "fengqiaod office add --data DIR CODE NAME".
 */
struct command_args {
	const char *data, *county, *name, *office, *role, *listen, *cert, *key,
		*screens, *min_app, *head, *before, *from, *to, *by, *why,
		*password_days, *basis, *lang;
				/* NULL: not given */
	const char *command;	/* "user set" */
	const char *hosts[TLS_HOSTS_MAX];
	size_t host_count;
	const char *plain[2];		/* words that are no options */
	size_t plain_count;
	bool json;
	bool at_once;
	bool before_term;
	bool all;
	bool lasting;
	bool password_stdin;
};

/* Run one command; the exit status. */
int command_run(int argc, char **argv);

/* "HOST:PORT", "[::1]:PORT", ":PORT"; host gets room for the text.  Errors:
 * E_INVALID. */
enum { COMMAND_HOST_MAX = 256 };
MUST_CHECK enum status command_listen(char *host, size_t size, int *port,
	const char *text, struct err *err);

/* The commands, by what they work on.  Each prints to standard output only
 * when it succeeds. */
MUST_CHECK enum status command_init(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_office_add(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_office_rename(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_office_list(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_county_set(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_user_add(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_user_passwd(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_user_disable(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_user_enable(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_user_set(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_user_list(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_user_agree(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_user_refuse(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_user_approvals(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_enroll_code(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_serve(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_device_list(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_device_revoke(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_device_allow(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_device_give(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_device_erase(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_device_remove(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_quarantine_list(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_snapshot_write(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_quarantine_show(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_quarantine_take(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_quarantine_dismiss(
	const struct command_args *a, struct err *err);
MUST_CHECK enum status command_retention_list(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_erase_look(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_erase_ask(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_erase_list(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_erase_agree(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_erase_refuse(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_backup(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_snapshot(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_restore(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_blobs_gc(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_check(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_numbers(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_numbers_machine(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_status(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_audit_head(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_audit_verify(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_audit_purge(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_audit_who(const struct command_args *a,
	struct err *err);
MUST_CHECK enum status command_audit_user(const struct command_args *a,
	struct err *err);

#endif
