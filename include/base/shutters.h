#ifndef BASE_SHUTTERS_H
#define BASE_SHUTTERS_H

/*
 * What a program that holds keys and persons' data does before anything else: no
 * core file, also none that a collector of the system would be handed, no other
 * process of this user looking into our memory, no library that writes the keys
 * of its connections into a file because the environment says so.
 */
void shutters_close(void);

#endif
