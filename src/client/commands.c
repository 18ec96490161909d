/* The table of commands, in the order of the help. */
#include "client/commands.h"

#include "base/tr.h"

const struct command cli_commands[] = {
	{ "enroll", "enroll URL --code CODE [--cacert FILE]",
	  TR_MARK("Tie this cache to a county's server, once."), cmd_enroll },
	{ "login", "login USER [--password-stdin]",
	  TR_MARK("Sign in; commands work without a password for a while."),
	  cmd_login },
	{ "logout", "logout", TR_MARK("Lock the cache."), cmd_logout },
	{ "passwd", "passwd [--user USER] [--password-stdin]",
	  TR_MARK("Change your password, at the county and here (old, then "
	  "new)."),
	  cmd_passwd },
	{ "whoami", "whoami", TR_MARK("Who is signed in."), cmd_whoami },
	{ "sync", "sync [--watch] [--attachments pause|resume|KB] [--progress]",
	  TR_MARK("Send what waits, fetch what is new."), cmd_sync },
	{ "snapshot", "snapshot --from DIR --code CODE",
	  TR_MARK("The first load from a stick that the county has written."),
	  cmd_snapshot },
	{ "find", "find [--register R] [--limit N] QUERY... | -",
	  TR_MARK("Look a person up: name, initials, id tail, phone, number."),
	  cmd_find },
	{ "list", "list REGISTER [--where FIELD=VALUE]... [--state S] "
	  "[--sort F] [--limit N]",
	  TR_MARK("The rows of a register."), cmd_list },
	{ "show", "show ID|NUMBER",
	  TR_MARK("One record with its events, pending entries, conflicts."),
	  cmd_show },
	{ "history", "history [--kept] ID|NUMBER",
	  TR_MARK("Who entered what in a record, and when."), cmd_history },
	{ "due", "due [--days N]",
	  TR_MARK("What is late, due today and due soon, each with its "
	  "article."), cmd_due },
	{ "add", "add REGISTER [FIELD=VALUE]... | add REGISTER --from FILE|-",
	  TR_MARK("A new record; prints its id. A county says for whom: "
	  "@office=CODE."), cmd_add },
	{ "set", "set ID FIELD=VALUE... | set ID -",
	  TR_MARK("Change fields of a record."), cmd_set },
	{ "move", "move ID STATE [FIELD=VALUE]...",
	  TR_MARK("Move a record to another state."), cmd_move },
	{ "remove", "remove ID --why TEXT",
	  TR_MARK("Withdraw a record; it stays, with the reason."),
	  cmd_remove },
	{ "transfer", "transfer ID OFFICE --why TEXT",
	  TR_MARK("Offer a record to another office, to whose list it goes "
	  "when it is accepted; prints the id of the offer."),
	  cmd_transfer },
	{ "accept", "accept ID",
	  TR_MARK("Take over a record that another office offers."),
	  cmd_accept },
	{ "reject", "reject ID --why TEXT",
	  TR_MARK("Do not take over a record that another office offers."),
	  cmd_reject },
	{ "receipts", "receipts [--seen]",
	  TR_MARK("What was entered here too late and went to the office that "
	  "has the record now."), cmd_receipts },
	{ "attach", "attach ID [FILE [--name NAME] | --remove N --why TEXT]",
	  TR_MARK("Attach a scan (PDF, JPEG, PNG, TIFF) to a record; without "
	  "a file, list what is attached."), cmd_attach },
	{ "fetch", "fetch ID N -o FILE",
	  TR_MARK("Write the N-th attachment of a record to a file, from the "
	  "county if it is not here."), cmd_fetch },
	{ "removed", "removed [--restore ID]",
	  TR_MARK("What the server took from here without a reason, for 30 "
	  "days; put it back as a new entry."), cmd_removed },
	{ "conflicts", "conflicts",
	  TR_MARK("What two people entered differently and waits for a "
	  "person."), cmd_conflicts },
	{ "resolve", "resolve ID FIELD mine|theirs|VALUE",
	  TR_MARK("Answer a conflict."), cmd_resolve },
	{ "numbers", "numbers [--return]",
	  TR_MARK("Paper numbers left for the time without a line; or give "
	  "them all back."), cmd_numbers },
	{ "import", "import REGISTER FILE.csv [--dry-run] [--refused FILE]",
	  TR_MARK("Take in a spreadsheet as offices keep them."), cmd_import },
	{ "export", "export REGISTER [--format csv|json] [-o FILE]",
	  TR_MARK("Write a register out."), cmd_export },
	{ "status", "status", TR_MARK("What waits, since when."), cmd_status },
	{ "audit", "audit [--limit N] | audit --who ID|NUMBER",
	  TR_MARK("The trace of this cache, and whether it holds; or who saw a "
	  "record, as the county knows."), cmd_audit },
	{ "call", "call PATH [-]",
	  TR_MARK("Ask the county's server what only it knows or does, as "
	  "/v1/people; what it needs comes from standard input."), cmd_call },
	{ "check", "check", TR_MARK("Is everything in this cache whole?"),
	  cmd_check },
	{ "backup", "backup FILE",
	  TR_MARK("A copy of the cache (still sealed) while others work."),
	  cmd_backup },
	{ "check-screens", "check-screens [DIR]",
	  TR_MARK("Check the definitions of a folder."), cmd_check_screens },
	{ NULL, NULL, NULL, NULL },
};
