/*
 * OpenSSH on loopback, for tests.
 */
#include "kit/sshline.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <shadow.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SSHD "/usr/sbin/sshd"
/* where sshd wants to lock itself in, when it is root's */
#define RUN_SSHD "/run/sshd"

enum { PATH_BYTES = 160, COMMAND_BYTES = 1024, GONE_LOOKS = 2000,
	GONE_LOOK_MS = 10 };

static void
path_in(const struct sshline *l, char out[PATH_BYTES], const char *name)
{
	(void)snprintf(out, PATH_BYTES, "%s/%s", l->folder, name);
}

static bool
run(const char *const *argv)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int nothing = open("/dev/null", O_RDWR);

		(void)dup2(nothing, STDIN_FILENO);
		(void)dup2(nothing, STDOUT_FILENO);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool
make_key(const struct sshline *l, const char *name)
{
	char path[PATH_BYTES];

	path_in(l, path, name);
	return run((const char *const[]){ "ssh-keygen", "-q", "-t", "ed25519",
		"-N", "", "-f", path, NULL });
}

/* An account without a password is locked for sshd, unless PAM decides. */
static bool
is_locked(void)
{
	const struct passwd *p = getpwuid(getuid());
	const struct spwd *s = p ? getspnam(p->pw_name) : NULL;

	return s && s->sp_pwdp && s->sp_pwdp[0] == '!';
}

static bool
write_config(const struct sshline *l)
{
	char path[PATH_BYTES];
	FILE *f;

	path_in(l, path, "config");
	f = fopen(path, "w");
	if (!f)
		return false;
	fprintf(f, "HostKey %s/host\nAuthorizedKeysFile %s/user.pub\n"
		"PidFile none\nStrictModes no\nUsePAM %s\n"
		"PermitRootLogin yes\nPasswordAuthentication no\n"
		"KbdInteractiveAuthentication no\nUseDNS no\n"
		"PrintMotd no\nPrintLastLog no\nLogLevel ERROR\n",
		l->folder, l->folder, is_locked() ? "yes" : "no");
	return fclose(f) == 0;
}

/* ---- the door ---- */

static void
serve(const struct sshline *l, int socket)
{
	char config[PATH_BYTES], log[PATH_BYTES];
	int err;

	path_in(l, config, "config");
	path_in(l, log, "sshd.log");
	(void)signal(SIGCHLD, SIG_DFL);
	err = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	(void)dup2(socket, STDIN_FILENO);
	(void)dup2(socket, STDOUT_FILENO);
	(void)dup2(err, STDERR_FILENO);
	for (int fd = 3; fd < 64; fd++)
		(void)close(fd);
	execl(SSHD, SSHD, "-i", "-e", "-f", config, (char *)NULL);
	_exit(127);
}

static void
listen_on(const struct sshline *l, int listener, int alive)
{
	struct pollfd in[2] = { { listener, POLLIN, 0 }, { alive, POLLIN, 0 } };

	(void)signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int socket;

		if (poll(in, 2, -1) < 0 && errno != EINTR)
			_exit(1);
		if (in[1].revents)
			_exit(0);
		if (!in[0].revents)
			continue;
		socket = accept(listener, NULL, NULL);
		if (socket < 0)
			continue;
		if (fork() == 0)
			serve(l, socket);
		(void)close(socket);
	}
}

static bool
open_door(struct sshline *l)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof at;
	int listener = socket(AF_INET, SOCK_STREAM, 0), alive[2];

	if (listener < 0 || pipe(alive) != 0 ||
	    bind(listener, (struct sockaddr *)&at, len) != 0 ||
	    listen(listener, 64) != 0 ||
	    getsockname(listener, (struct sockaddr *)&at, &len) != 0)
		return false;
	l->port = ntohs(at.sin_port);
	fflush(NULL);
	l->door = fork();
	if (l->door == 0) {
		(void)close(alive[1]);
		listen_on(l, listener, alive[0]);
	}
	(void)close(listener);
	(void)close(alive[0]);
	(void)fcntl(alive[1], F_SETFD, FD_CLOEXEC);
	l->alive = alive[1];
	return l->door > 0;
}

bool
sshline_open(struct sshline *l)
{
	*l = (struct sshline){ .alive = -1 };
	(void)snprintf(l->folder, sizeof l->folder, "/tmp/fengqiao-ssh-XXXXXX");
	if (access(SSHD, X_OK) != 0) {
		fprintf(stderr, "# no %s: apt-get install openssh-server\n",
			SSHD);
		return false;
	}
	if (getuid() == 0 && mkdir(RUN_SSHD, 0755) == 0)
		l->made_run = true;
	if (mkdtemp(l->folder) && make_key(l, "host") && make_key(l, "user") &&
	    write_config(l) && open_door(l))
		return true;
	fprintf(stderr, "# no SSH server: %s\n", strerror(errno));
	return false;
}

void
sshline_close(struct sshline *l)
{
	if (l->alive >= 0)
		(void)close(l->alive);
	if (l->door > 0)
		(void)waitpid(l->door, NULL, 0);
	(void)run((const char *const[]){ "rm", "-rf", l->folder, NULL });
	if (l->made_run)
		(void)rmdir(RUN_SSHD);
	*l = (struct sshline){ .alive = -1 };
}

/* ---- the relay ---- */

static bool
pass(int from, int to)
{
	char part[16384];
	ssize_t n = read(from, part, sizeof part);

	for (ssize_t done = 0; done < n; ) {
		ssize_t more = write(to, part + done, (size_t)(n - done));

		if (more <= 0)
			return false;
		done += more;
	}
	return n > 0;
}

int
sshline_relay(const char *port, const char *file)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	/* Killed, it resets the connection, as a broken line does. */
	const struct linger reset = { 1, 0 };
	int line = socket(AF_INET, SOCK_STREAM, 0);
	FILE *f = fopen(file, "w");

	at.sin_port = htons((uint16_t)strtol(port, NULL, 10));
	if (!f || fprintf(f, "%ld\n", (long)getpid()) < 0 || fclose(f) != 0 ||
	    connect(line, (struct sockaddr *)&at, sizeof at) != 0)
		return 1;
	(void)setsockopt(line, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	for (;;) {
		struct pollfd in[2] = { { STDIN_FILENO, POLLIN, 0 },
			{ line, POLLIN, 0 } };

		if (poll(in, 2, -1) < 0)
			continue;
		if ((in[0].revents && !pass(STDIN_FILENO, line)) ||
		    (in[1].revents && !pass(line, STDOUT_FILENO)))
			return 0;
	}
}

/* ---- a call ---- */

bool
sshline_call(struct sshline_call *c, const struct sshline *l, const char *name,
	const struct vtest_options *options, const char *command)
{
	char self[PATH_BYTES] = "", proxy[COMMAND_BYTES], key[PATH_BYTES];
	char hosts[PATH_BYTES + 32], remote[COMMAND_BYTES];
	const struct passwd *me = getpwuid(getuid());
	const char *const argv[] = { "ssh", "-F", "/dev/null", "-tt",
		"-e", "none", "-i", key, "-o", "IdentitiesOnly=yes",
		"-o", "IdentityAgent=none", "-o", hosts,
		"-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
		"-o", "BatchMode=yes", "-o", proxy,
		"-l", me ? me->pw_name : "root", "loopback", remote, NULL };

	(void)snprintf(c->note, sizeof c->note, "%s/%s", l->folder, name);
	if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
		return false;
	path_in(l, key, "user");
	(void)snprintf(hosts, sizeof hosts, "UserKnownHostsFile=%s/known",
		l->folder);
	(void)snprintf(proxy, sizeof proxy,
		"ProxyCommand=%s relay %d %s.relay", self, l->port,
		c->note);
	(void)snprintf(remote, sizeof remote, "echo $$ $PPID >%s.pids && exec %s",
		c->note, command);
	return vtest_start(&c->t, options, argv);
}

/* The n-th number of a file of the call; 0 none. */
static pid_t
number_of(const struct sshline_call *c, const char *kind, int n)
{
	char path[PATH_BYTES];
	long found[2] = { 0, 0 };
	FILE *f;

	(void)snprintf(path, sizeof path, "%s.%s", c->note, kind);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (fscanf(f, "%ld %ld", &found[0], &found[1]) < n + 1)
		found[n] = 0;
	(void)fclose(f);
	return (pid_t)found[n];
}

pid_t
sshline_program(const struct sshline_call *c)
{
	return number_of(c, "pids", 0);
}

pid_t
sshline_server(const struct sshline_call *c)
{
	return number_of(c, "pids", 1);
}

pid_t
sshline_between(const struct sshline_call *c)
{
	return number_of(c, "relay", 0);
}

/* Whoever ended and was not waited for ('Z') counts as gone: where nobody is
 * init, orphans stay so. */
static bool
runs(pid_t pid)
{
	char path[PATH_BYTES], line[256] = "";
	const char *state;
	FILE *f;

	(void)snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (!fgets(line, sizeof line, f))
		line[0] = '\0';
	(void)fclose(f);
	state = strrchr(line, ')');
	return state && state[1] == ' ' && state[2] != 'Z' && state[2] != 'X';
}

bool
sshline_gone(pid_t pid)
{
	for (int i = 0; i < GONE_LOOKS; i++) {
		if (!runs(pid))
			return true;
		(void)poll(NULL, 0, GONE_LOOK_MS);
	}
	return false;
}
