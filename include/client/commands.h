#ifndef CLIENT_COMMANDS_H
#define CLIENT_COMMANDS_H

#include "client/cli.h"

/* The commands of the program, one function each; what they print and answer
 * is in design.md 8 and in their --help.  All return the exit status. */

/* cmd_account.c */
int cmd_enroll(struct cli *cli, int argc, char **argv);
int cmd_login(struct cli *cli, int argc, char **argv);
int cmd_logout(struct cli *cli, int argc, char **argv);
int cmd_passwd(struct cli *cli, int argc, char **argv);
int cmd_whoami(struct cli *cli, int argc, char **argv);

/* cmd_sync.c */
int cmd_sync(struct cli *cli, int argc, char **argv);
int cmd_conflicts(struct cli *cli, int argc, char **argv);
int cmd_resolve(struct cli *cli, int argc, char **argv);

/* cmd_read.c */
int cmd_find(struct cli *cli, int argc, char **argv);
int cmd_list(struct cli *cli, int argc, char **argv);

/* cmd_show.c */
int cmd_show(struct cli *cli, int argc, char **argv);

/* cmd_registers.c */
int cmd_registers(struct cli *cli, int argc, char **argv);

/* cmd_audit.c */
int cmd_audit(struct cli *cli, int argc, char **argv);

/* cmd_snapshot.c */
int cmd_snapshot(struct cli *cli, int argc, char **argv);
/* cmd_history.c */
int cmd_history(struct cli *cli, int argc, char **argv);

/* cmd_call.c */
int cmd_call(struct cli *cli, int argc, char **argv);

/* cmd_due.c */
int cmd_due(struct cli *cli, int argc, char **argv);

/* cmd_write.c */
int cmd_add(struct cli *cli, int argc, char **argv);
int cmd_set(struct cli *cli, int argc, char **argv);
int cmd_move(struct cli *cli, int argc, char **argv);
int cmd_remove(struct cli *cli, int argc, char **argv);

/* cmd_transfer.c */
int cmd_transfer(struct cli *cli, int argc, char **argv);
int cmd_accept(struct cli *cli, int argc, char **argv);
int cmd_reject(struct cli *cli, int argc, char **argv);
int cmd_removed(struct cli *cli, int argc, char **argv);
int cmd_receipts(struct cli *cli, int argc, char **argv);

/* cmd_scan.c */
int cmd_attach(struct cli *cli, int argc, char **argv);
int cmd_fetch(struct cli *cli, int argc, char **argv);

/* cmd_numbers.c */
int cmd_numbers(struct cli *cli, int argc, char **argv);

/* cmd_import.c */
int cmd_import(struct cli *cli, int argc, char **argv);

/* cmd_export.c */
int cmd_export(struct cli *cli, int argc, char **argv);

/* cmd_keep.c */
int cmd_status(struct cli *cli, int argc, char **argv);
int cmd_check(struct cli *cli, int argc, char **argv);
int cmd_backup(struct cli *cli, int argc, char **argv);
int cmd_check_screens(struct cli *cli, int argc, char **argv);

#endif
