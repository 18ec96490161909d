#ifndef CLIENT_CMD_WATCH_H
#define CLIENT_CMD_WATCH_H

#include <signal.h>
#include <stdbool.h>

#include "base/json.h"
#include "client/cli.h"
#include "sync/sync.h"
#include "sync/transport.h"

/*
 * fengqiao sync --watch.  progress: for the screens, a JSON line for whatever
 * happens: {"state":"begun|page|good|failed|standing_by|definitions", the counts, of a
 * failure "error", "message", "pause_ms"}; else a line when something moved.
 * Answers the exit status.
 */
int cmd_watch(struct cli *cli, const struct transport *net, bool progress);

/* From now on SIGTERM and SIGINT set the flag that is answered, and SIGUSR1
 * asks for a sync now. */
const volatile sig_atomic_t *cmd_watch_signals(void);

/* After a sync that went well: take the county's definitions, and say so; once
 * a day its list of offices. */
void cmd_watch_news(struct cli *cli, const struct transport *net,
	bool progress);

/* What a sync has done so far, for programs. */
struct json *cmd_watch_counts(const struct sync_counts *c);

#endif
