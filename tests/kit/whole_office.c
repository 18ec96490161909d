/*
 * Whole records and what is expected of their registers: the people and what the office keeps of itself
 * (kit/whole.h).
 */
#include "kit/whole.h"

#define MAKERS "mediator clerk chief"

static const struct whole_variant variants[] = {
	{ "person", "kind=01|id_type=111|id_no=990101188801010013|sex=1|"
	    "birth=1888-01-01|id_unverified=1|hukou_same=0|confidential=1|"
	    "home_region=990101001001|hukou_region=990101" },
	{ "person", "kind=02|home_region=990101" },
};

static const struct whole_register registers[] = {
	{ "person", "kind name id_type",
	    "clerk chief mediator county_correction county_base "
	    "county_legal_aid county_leader city auditor",
	    "clerk chief mediator county_correction county_base" },
};

static const struct whole_move moves[] = {
	{ "person", "draft", "verified", MAKERS " county_correction", 0, "",
	    "name sex birth id_no", "id_no=" },
	{ "person", "verified", "draft", "clerk chief county_correction", 0,
	    "", "", "" },
};

const struct whole_duty whole_office =
	WHOLE_DUTY(variants, registers, moves);
