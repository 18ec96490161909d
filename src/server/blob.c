/*
 * Pieces are synced as they come, so that what the device is told it has is
 * there after a crash too.  A lock on the part keeps two requests of one device
 * from writing at the same time.
 */
#include "server/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"

static char *
whole_path(const struct blob_place *p)
{
	return mem_printf("%s/blobs/%.2s/%s", p->dir, p->hash, p->hash);
}

static char *
part_path(const struct blob_place *p)
{
	char id[UUID_TEXT_MAX];

	uuid_print(id, &p->device);
	return mem_printf("%s/blobs/part/%s.%s", p->dir, p->hash, id);
}

static enum status
cannot(struct err *err)
{
	int why = errno;

	return err_set(err, E_IO, tr("The bytes of an attachment cannot be "
	    "kept: %s."), io_reason(why));
}

/* ---- reading ---- */

static enum status
size_of(int64_t *out, const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) == 0) {
		*out = (int64_t)st.st_size;
		return E_OK;
	}
	if (errno == ENOENT || errno == ENOTDIR)
		return err_set(err, E_NOTFOUND,
		    tr("The bytes of this attachment are not here."));
	return cannot(err);
}

enum status
blob_size(int64_t *out, const struct blob_place *p, struct err *err)
{
	char *path = whole_path(p);
	enum status s = size_of(out, path, err);

	free(path);
	return s;
}

enum status
blob_part(int64_t *out, const struct blob_place *p, struct err *err)
{
	char *path = part_path(p);
	struct err none = ERR_INIT;
	int64_t size = 0;
	enum status s = size_of(&size, path, &none);

	free(path);
	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	*out = size;
	return E_OK;
}

/* Up to len bytes at a place of an open file, fewer at its end. */
static bool
read_at(struct buf *out, int fd, int64_t first, size_t len)
{
	while (len > 0) {
		char *room = buf_room(out, len);
		ssize_t n = room ? pread(fd, room, len, (off_t)first) : -1;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		buf_added(out, (size_t)n);
		first += n;
		len -= (size_t)n;
	}
	return true;
}

enum status
blob_read(struct buf *out, const struct blob_place *p, int64_t first,
    size_t len, struct err *err)
{
	char *path = whole_path(p);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum status s = E_OK;

	if (fd < 0)
		s = errno == ENOENT ? err_set(err, E_NOTFOUND,
		    tr("The bytes of this attachment are not here.")) :
		    cannot(err);
	else if (!read_at(out, fd, first, len))
		s = cannot(err);
	if (fd >= 0)
		close(fd);
	free(path);
	return s;
}

/* ---- writing ---- */

static bool
sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

static enum status
make_folder(const struct blob_place *p, const char *name, struct err *err)
{
	char *path = mem_printf("%s/blobs/%s", p->dir, name);
	enum status s = E_OK;

	if (!io_exists(path))
		s = io_private_dir(path, err);
	free(path);
	return s;
}

static enum status
open_part(int *out, const struct blob_place *p, const char *path,
    struct err *err)
{
	enum status s = make_folder(p, "part", err);
	int fd;

	if (s)
		return s;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return cannot(err);
	if (flock(fd, LOCK_EX)) {
		s = cannot(err);
		close(fd);
		return s;
	}
	*out = fd;
	return E_OK;
}

static bool
write_at(int fd, int64_t at, const char *bytes, size_t len)
{
	return lseek(fd, (off_t)at, SEEK_SET) >= 0 &&
	    io_write_all(fd, bytes, len) && fdatasync(fd) == 0;
}

static enum status
is_right(bool *out, int fd, const char *hash, int64_t total, struct err *err)
{
	uint8_t digest[CRYPTO_SHA256];
	char text[2 * CRYPTO_SHA256 + 1];
	struct buf whole;
	enum status s = E_OK;

	buf_init(&whole, (size_t)total);
	if (!read_at(&whole, fd, 0, (size_t)total)) {
		s = cannot(err);
	} else {
		crypto_sha256(digest, whole.data, whole.len);
		crypto_hex(text, digest, sizeof digest);
		*out = strcmp(text, hash) == 0;
	}
	buf_release(&whole);
	return s;
}

/* All bytes are there: give them their name, or drop them. */
static enum status
finish(int64_t *at, bool *whole, int fd, const struct blob_place *p,
    const char *part, struct err *err)
{
	char prefix[3] = { p->hash[0], p->hash[1], '\0' };
	char *path = whole_path(p), *folder = NULL;
	bool right = false;
	enum status s = is_right(&right, fd, p->hash, *at, err);

	if (!s && !right) {
		(void)unlink(part);
		*at = 0;
		s = err_set(err, E_INVALID, tr("The bytes that arrived are not "
		    "those of the attachment; they are sent again."));
	}
	if (!s)
		s = make_folder(p, prefix, err);
	if (!s) {
		folder = mem_printf("%s/blobs/%s", p->dir, prefix);
		if (fsync(fd) || rename(part, path) || !sync_folder(folder))
			s = cannot(err);
		free(folder);
	}
	*whole = !s;
	free(path);
	return s;
}

enum status
blob_add(int64_t *at, bool *whole, const struct blob_place *p, int64_t offset,
    int64_t total, const void *bytes, size_t len, struct err *err)
{
	char *path = part_path(p);
	struct stat st;
	int fd = -1;
	enum status s = open_part(&fd, p, path, err);

	if (s)
		goto out;
	if (fstat(fd, &st)) {
		s = cannot(err);
		goto out;
	}
	*at = (int64_t)st.st_size;
	if (*at > total) {
		(void)unlink(path);
		*at = 0;
	}
	if (offset != *at || offset + (int64_t)len > total) {
		s = err_set(err, E_CONFLICT, tr("The server has another part "
		    "of this attachment."));
		goto out;
	}
	if (!write_at(fd, offset, bytes, len)) {
		s = cannot(err);
		(void)!ftruncate(fd, (off_t)offset);
		goto out;
	}
	*at += (int64_t)len;
	if (*at == total)
		s = finish(at, whole, fd, p, path, err);
out:
	if (fd >= 0)
		close(fd);
	free(path);
	return s;
}

/* ---- all of them ---- */

static void
add_file(struct blob_file **out, size_t *count, const char *folder,
    const char *name)
{
	char *path = mem_printf("%s/%s", folder, name);
	struct stat st;

	if (strlen(name) == 2 * CRYPTO_SHA256 && stat(path, &st) == 0) {
		*out = mem_grow(*out, *count, sizeof **out);
		(*out)[(*count)++] = (struct blob_file){
		    .hash = mem_strdup(name), .size = (int64_t)st.st_size,
		    .written_at = (int64_t)st.st_mtime * 1000 };
	}
	free(path);
}

static void
drop_part(const char *folder, const char *name, int64_t before_at)
{
	char *path = mem_printf("%s/%s", folder, name);
	struct stat st;

	if (stat(path, &st) == 0 && (int64_t)st.st_mtime * 1000 < before_at)
		(void)unlink(path);
	free(path);
}

/* One folder's names; that it is not there is no failure. */
static enum status
names_of(char ***out, size_t *count, const char *folder, struct err *err)
{
	struct err none = ERR_INIT;
	enum status s = io_list(out, count, folder, "", &none);

	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	return E_OK;
}

enum status
blob_list(struct blob_file **out, size_t *count, const char *dir,
    int64_t parts_before_at, struct err *err)
{
	struct blob_file *files = NULL;
	size_t n = 0;
	enum status s = E_OK;

	for (int i = -1; i < 256 && !s; i++) {
		char *folder = i < 0 ? mem_printf("%s/blobs/part", dir) :
		    mem_printf("%s/blobs/%02x", dir, (unsigned)i);
		char **names = NULL;
		size_t names_count = 0;

		s = names_of(&names, &names_count, folder, err);
		for (size_t k = 0; k < names_count; k++) {
			if (i < 0)
				drop_part(folder, names[k], parts_before_at);
			else
				add_file(&files, &n, folder, names[k]);
			free(names[k]);
		}
		free(names);
		free(folder);
	}
	if (s) {
		blob_list_free(files, n);
		return s;
	}
	*out = files;
	*count = n;
	return E_OK;
}

void
blob_list_free(struct blob_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(files[i].hash);
	free(files);
}

/* What devices have sent of it so far. */
static void
drop_parts(const struct blob_place *p)
{
	char *folder = mem_printf("%s/blobs/part", p->dir);
	size_t len = strlen(p->hash), count = 0;
	struct err none = ERR_INIT;
	char **names = NULL;

	if (io_list(&names, &count, folder, "", &none))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		if (strncmp(names[i], p->hash, len) == 0)
			drop_part(folder, names[i], INT64_MAX);
		free(names[i]);
	}
	free(names);
	free(folder);
}

enum status
blob_erase(const struct blob_place *p, struct err *err)
{
	drop_parts(p);
	return blob_drop(p, err);
}

enum status
blob_drop(const struct blob_place *p, struct err *err)
{
	char *path = whole_path(p);
	bool gone = unlink(path) == 0 || errno == ENOENT;
	enum status s = gone ? E_OK : cannot(err);

	free(path);
	return s;
}
