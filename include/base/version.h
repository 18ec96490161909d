#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/*
 * The version of both programs as people name it: in --version and in the
 * names of the packages.  What the programs tell each other is WIRE_APP
 * (core/wire.h), which grows only when the wire asks for it.
 */

#define FENGQIAO_VERSION "0.4"

#endif
