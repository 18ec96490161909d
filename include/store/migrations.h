#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

/* The tables of a cache, step by step (db/migrate.h). */
enum { STORE_APPLICATION = 0x46516331 };	/* "FQc1" */
extern const char *const store_migrations[];
extern const int store_migration_count;

#endif
