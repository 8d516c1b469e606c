/* Makes the n-th operation of one kind below one folder fail, once or from then on; or ends the process there.
 *
 * Preloaded (LD_PRELOAD) into the process under test, so that SQLite, tantivy and faiss meet the fault as they would
 * meet it from the system. Nothing fails before `arm` is called; `count` tells how many operations were seen since.
 * After `watch`, every file and folder that is synced is copied as it then stands: what a power cut cannot take.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { NONE = 0, WRITE = 1, SYNC = 2, RENAME = 3, OPEN = 4, END = 5 };

static char folder[PATH_MAX];
static int armed_kind, armed_number, armed_error, armed_lasting;
static atomic_int seen;

void arm(const char *path, int kind, int number, int error, int lasting) {
    strncpy(folder, path, sizeof folder - 1);
    armed_number = number;
    armed_error = error;
    armed_lasting = lasting;
    atomic_store(&seen, 0);
    armed_kind = kind;
}

static char copies[PATH_MAX];
static int copies_folders;
static pthread_mutex_t copying = PTHREAD_MUTEX_INITIALIZER;

void watch(const char *path, int with_folders) {
    strncpy(copies, path, sizeof copies - 1);
    copies_folders = with_folders;
}

/* Names a file for as long as it lives: numbers of files that are gone are used again, so the birth counts too. */
int identity(int at, const char *path, char *name) {
    struct statx facts;
    if (statx(at, path, AT_SYMLINK_NOFOLLOW | (*path ? 0 : AT_EMPTY_PATH), STATX_INO | STATX_BTIME, &facts)) return -1;
    return sprintf(name, "%llu-%lld-%u", (unsigned long long)facts.stx_ino, (long long)facts.stx_btime.tv_sec,
                   facts.stx_btime.tv_nsec);
}

int count(void) { return atomic_load(&seen); }

static int is_below(const char *path) { return path && strncmp(path, folder, strlen(folder)) == 0; }

static int is_file_below(int descriptor) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

static int must_fail(enum kind kind) {
    int now = atomic_fetch_add(&seen, 1) + 1;
    if (now != armed_number && !(armed_lasting && now > armed_number)) return 0;
    (void)kind;
    errno = armed_error;
    return 1;
}

static int is_end(void) { return armed_kind == END && atomic_fetch_add(&seen, 1) + 1 == armed_number; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAILS_FD(kind, fd) (armed_kind == kind && is_file_below(fd) && must_fail(kind))
#define FAILS_PATH(kind, path) (armed_kind == kind && is_below(path) && must_fail(kind))

ssize_t write(int fd, const void *data, size_t size) {
    return FAILS_FD(WRITE, fd) ? -1 : REAL(write)(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return FAILS_FD(WRITE, fd) ? -1 : REAL(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return FAILS_FD(WRITE, fd) ? -1 : REAL(pwrite64)(fd, data, size, at);
}
ssize_t writev(int fd, const struct iovec *parts, int n) {
    return FAILS_FD(WRITE, fd) ? -1 : REAL(writev)(fd, parts, n);
}
size_t fwrite(const void *data, size_t size, size_t n, FILE *file) {
    return FAILS_FD(WRITE, fileno(file)) ? 0 : REAL(fwrite)(data, size, n, file);
}
static void list_folder(int fd, FILE *copy) {
    DIR *folder = fdopendir(REAL(openat)(fd, ".", O_RDONLY | O_DIRECTORY));
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char name[80];
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && identity(fd, entry->d_name, name) > 0)
            fprintf(copy, "%s %s\n", name, entry->d_name);
    }
    if (folder) closedir(folder);
}
static void copy_file(int fd, FILE *copy) {
    char link[64], block[65536];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int source = REAL(open)(link, O_RDONLY);
    for (ssize_t size; (size = read(source, block, sizeof block)) > 0;) REAL(fwrite)(block, 1, size, copy);
    close(source);
}
static int synced(int fd, int result) {
    struct stat facts;
    char name[80], path[PATH_MAX + 100];
    if (result || !*copies || !is_file_below(fd) || fstat(fd, &facts)) return result;
    if (S_ISDIR(facts.st_mode) && !copies_folders) return result;
    pthread_mutex_lock(&copying);
    identity(fd, "", name);
    snprintf(path, sizeof path, "%s/%s%s", copies, name, S_ISDIR(facts.st_mode) ? ".folder" : "");
    FILE *copy = REAL(fopen)(path, "w");
    if (copy) {
        S_ISDIR(facts.st_mode) ? list_folder(fd, copy) : copy_file(fd, copy);
        fclose(copy);
    }
    pthread_mutex_unlock(&copying);
    return result;
}
/* Waits for a copy that another thread is making: what has been synced may not look as if it had not. */
static void end(void) {
    pthread_mutex_lock(&copying);
    _exit(137);
}
#define ENDS_FD(fd) (armed_kind == END && is_file_below(fd) && is_end() ? end() : (void)0)
#define ENDS_PATH(path) (armed_kind == END && is_below(path) && is_end() ? end() : (void)0)

int fsync(int fd) {
    ENDS_FD(fd);
    return FAILS_FD(SYNC, fd) ? -1 : synced(fd, REAL(fsync)(fd));
}
int fdatasync(int fd) {
    ENDS_FD(fd);
    return FAILS_FD(SYNC, fd) ? -1 : synced(fd, REAL(fdatasync)(fd));
}
int rename(const char *from, const char *to) {
    ENDS_PATH(to);
    return FAILS_PATH(RENAME, to) ? -1 : REAL(rename)(from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
    ENDS_PATH(to);
    return FAILS_PATH(RENAME, to) ? -1 : REAL(renameat)(a, from, b, to);
}
FILE *fopen(const char *path, const char *mode) { return FAILS_PATH(OPEN, path) ? NULL : REAL(fopen)(path, mode); }
FILE *fopen64(const char *path, const char *mode) { return FAILS_PATH(OPEN, path) ? NULL : REAL(fopen64)(path, mode); }

#define MODE(flags, mode)                       \
    mode_t mode = 0;                            \
    if (flags & (O_CREAT | O_TMPFILE)) {        \
        va_list rest;                           \
        va_start(rest, flags);                  \
        mode = va_arg(rest, mode_t);            \
        va_end(rest);                           \
    }
int open(const char *path, int flags, ...) {
    MODE(flags, mode)
    return FAILS_PATH(OPEN, path) ? -1 : REAL(open)(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    MODE(flags, mode)
    return FAILS_PATH(OPEN, path) ? -1 : REAL(open64)(path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
    MODE(flags, mode)
    return FAILS_PATH(OPEN, path) ? -1 : REAL(openat)(at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
    MODE(flags, mode)
    return FAILS_PATH(OPEN, path) ? -1 : REAL(openat64)(at, path, flags, mode);
}
