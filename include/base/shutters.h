#ifndef BASE_SHUTTERS_H
#define BASE_SHUTTERS_H

/*
 * What a program that holds keys and persons' data does before anything else: no
 * core file, also none that a collector of the system would be handed, no other
 * process of this user looking into our memory, no library that writes the keys
 * of its connections into a file because the environment says so.
 */
void shutters_close(void);

/* What is typed after the program's name may be a person's name, and everybody
 * on the box can read it in the list of processes: a copy to work on, owned
 * as are its texts; the original is blank from here on. */
char **shutters_arguments(int argc, char **argv);

#endif
