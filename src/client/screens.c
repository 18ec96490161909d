#include "client/screens.h"

#include "base/err.h"
#include "base/tr.h"

int
screens_run(struct cli *cli)
{
	struct err err = ERR_INIT;

	(void)cli;
	err_set(&err, E_INVALID, tr("The screens need a terminal."));
	return cli_fail(&err);
}
