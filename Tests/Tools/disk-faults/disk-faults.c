// A disk that fails as it is told: preloaded into a real program (LD_PRELOAD), between it and the kernel.
//
// DISK_FAULTS_MATCH    which files: a part of their path, "/martlet.sqlite" for instance
// DISK_FAULTS_CONTROL  a file that says what fails, one line each; it may change at any time, an empty or missing one is a
//                      disk in order:
//
//   write EIO          every write of these files fails so (EIO, ENOSPC, EROFS)
//   grow ENOSPC        every write that makes a file longer fails so
//   fsync EIO          every fsync fails so, and what was written since the last one never comes to the disk, whatever fsync
//                      says later, unless it is written again: as Linux has it, which reports such a failure once
//   fsync-once EIO     the next one only
//   read EIO OFFSET    reading the page at this offset fails so
//   delay-fsync 200    each fsync takes as many milliseconds
//   bandwidth 1000     what was written comes to the disk with fsync, at so many kilobytes a second; several files take turns
//   torn               the next write stops half way, and the process dies as by kill -9
//   power-off          the process dies, and nothing that was not brought to the disk is there afterwards
//   power-off SEED     the same, but some of it is there, by chance
//
// What was written and not brought to the disk is known by its undoing: the bytes that were there before.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { descriptors = 4096 };

struct undoing {
    struct undoing *before;
    char path[512];
    off_t offset, size;  // the size that the file had
    size_t count;        // bytes to be put back
    size_t written;      // bytes that were written over them
    int doomed;          // an fsync of it has failed: a later one does not bring it to the disk
    char bytes[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *paths[descriptors];
static struct undoing *undoings;
static int has_doomed;
static long long busy_until;  // nanoseconds, of the disk with a bandwidth

static struct {
    char write[16], grow[16], sync[16], once[16], read[16], power[32];
    long delay, bandwidth;
    off_t read_offset;
    int torn, dies;
} faults;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);

static void find(void) {
    if (real_open) return;
    real_close = dlsym(RTLD_NEXT, "close");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_pread = dlsym(RTLD_NEXT, "pread64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_open = dlsym(RTLD_NEXT, "open64");
}

static int code(const char *name) {
    if (!strcmp(name, "ENOSPC")) return ENOSPC;
    if (!strcmp(name, "EROFS")) return EROFS;
    return EIO;
}

// Reads the control file anew.
static void listen_to_control(void) {
    const char *path = getenv("DISK_FAULTS_CONTROL");
    memset(&faults, 0, sizeof faults);
    if (!path) return;
    int file = real_open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    char text[1024];
    ssize_t count = real_pread(file, text, sizeof text - 1, 0);
    real_close(file);
    if (count <= 0) return;
    text[count] = 0;
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char what[32] = "", how[32] = "";
        long where = 0;
        int words = sscanf(line, "%31s %31s %ld", what, how, &where);
        if (words < 1) continue;
        if (!strcmp(what, "write")) strncpy(faults.write, how, 15);
        if (!strcmp(what, "grow")) strncpy(faults.grow, how, 15);
        if (!strcmp(what, "fsync")) strncpy(faults.sync, how, 15);
        if (!strcmp(what, "fsync-once")) strncpy(faults.once, how, 15);
        if (!strcmp(what, "read")) strncpy(faults.read, how, 15), faults.read_offset = where;
        if (!strcmp(what, "delay-fsync")) faults.delay = atol(how);
        if (!strcmp(what, "bandwidth")) faults.bandwidth = atol(how);
        if (!strcmp(what, "torn")) faults.torn = 1;
        if (!strcmp(what, "power-off")) faults.dies = 1, strncpy(faults.power, how, 31);
    }
}

static void forget_control(void) {
    const char *path = getenv("DISK_FAULTS_CONTROL");
    if (path) unlink(path);
}

static unsigned long chance(unsigned long *state) {
    *state = *state * 6364136223846793005UL + 1442695040888963407UL;
    return *state >> 33;
}

// Takes back what was never brought to the disk, the last first, and dies.
static void power_off(void) {
    unsigned long state = strtoul(faults.power, NULL, 10);
    int takes_all = !faults.power[0];
    for (struct undoing *undoing = undoings; undoing; undoing = undoing->before) {
        if (!takes_all && chance(&state) & 1) continue;
        int file = real_open(undoing->path, O_RDWR | O_CLOEXEC);
        if (file < 0) continue;
        if (undoing->count) real_pwrite(file, undoing->bytes, undoing->count, undoing->offset);
        struct stat status;
        if (!fstat(file, &status) && (takes_all || undoing->before == NULL) && status.st_size > undoing->size)
            real_ftruncate(file, undoing->size);
        real_close(file);
    }
    forget_control();
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// Looks for an order to die while nothing is written.
static void *watch(void *nothing) {
    for (;;) {
        usleep(10000);
        pthread_mutex_lock(&lock);
        listen_to_control();
        if (faults.dies) power_off();
        pthread_mutex_unlock(&lock);
    }
    return nothing;
}

__attribute__((constructor)) static void start(void) {
    find();
    pthread_t thread;
    if (!pthread_create(&thread, NULL, watch, NULL)) pthread_detach(thread);
}

static const char *path_of(int file) { return file >= 0 && file < descriptors ? paths[file] : NULL; }

static void note(int file, const char *path) {
    const char *match = getenv("DISK_FAULTS_MATCH");
    if (file < 0 || file >= descriptors || !match || !strstr(path, match)) return;
    // The index of the log in shared memory is no part of what a disk keeps.
    size_t length = strlen(path);
    if (length > 4 && !strcmp(path + length - 4, "-shm")) return;
    pthread_mutex_lock(&lock);
    free(paths[file]);
    paths[file] = strdup(path);
    pthread_mutex_unlock(&lock);
}

static int open_with(const char *path, int flags, va_list arguments) {
    find();
    int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, int) : 0;
    int file = real_open(path, flags, mode);
    note(file, path);
    return file;
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    int file = open_with(path, flags, arguments);
    va_end(arguments);
    return file;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    int file = open_with(path, flags, arguments);
    va_end(arguments);
    return file;
}

int close(int file) {
    find();
    if (path_of(file)) {
        pthread_mutex_lock(&lock);
        free(paths[file]);
        paths[file] = NULL;
        pthread_mutex_unlock(&lock);
    }
    return real_close(file);
}

// Remembers what a write replaces.
static void remember(int file, off_t offset, size_t count) {
    struct undoing *undoing = malloc(sizeof *undoing + count);
    struct stat status;
    if (!undoing || fstat(file, &status)) return;
    strncpy(undoing->path, paths[file], sizeof undoing->path - 1);
    undoing->path[sizeof undoing->path - 1] = 0;
    undoing->offset = offset;
    undoing->size = status.st_size;
    ssize_t there = count ? real_pread(file, undoing->bytes, count, offset) : 0;
    undoing->count = there > 0 ? there : 0;
    undoing->written = count;
    undoing->doomed = 0;
    undoing->before = undoings;
    undoings = undoing;
}

static int covers(const struct undoing *newer, const struct undoing *older) {
    return newer->offset <= older->offset && newer->offset + newer->written >= older->offset + older->written;
}

// What has been written to a file is on the disk: all but what an fsync has failed for and nobody has written again.
static void settle(const char *path) {
    for (struct undoing *newer = has_doomed ? undoings : NULL; newer; newer = newer->before) {
        if (newer->doomed || strcmp(newer->path, path)) continue;
        for (struct undoing *older = newer->before; older; older = older->before)
            if (older->doomed && !strcmp(older->path, path) && covers(newer, older)) older->doomed = 0;
    }
    for (struct undoing **link = &undoings; *link;) {
        struct undoing *undoing = *link;
        if (undoing->doomed || strcmp(undoing->path, path)) {
            link = &undoing->before;
        } else {
            *link = undoing->before;
            free(undoing);
        }
    }
}

static void doom(const char *path) {
    has_doomed = 1;
    for (struct undoing *undoing = undoings; undoing; undoing = undoing->before)
        if (!strcmp(undoing->path, path)) undoing->doomed = 1;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) {
    find();
    if (!path_of(file)) return real_pwrite(file, bytes, count, offset);
    pthread_mutex_lock(&lock);
    listen_to_control();
    if (faults.dies) power_off();
    struct stat status;
    int grows = !fstat(file, &status) && offset + (off_t)count > status.st_size;
    const char *fault = faults.write[0] ? faults.write : grows && faults.grow[0] ? faults.grow : NULL;
    ssize_t written = -1;
    if (faults.torn) {
        real_pwrite(file, bytes, count / 2, offset);
        forget_control();
        kill(getpid(), SIGKILL);
        for (;;) pause();
    } else if (fault) {
        errno = code(fault);
    } else {
        remember(file, offset, count);
        written = real_pwrite(file, bytes, count, offset);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return written;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return pwrite64(file, bytes, count, offset); }

ssize_t pread64(int file, void *bytes, size_t count, off_t offset) {
    find();
    if (path_of(file)) {
        pthread_mutex_lock(&lock);
        listen_to_control();
        int fails = faults.read[0] && faults.read_offset >= offset && faults.read_offset < offset + (off_t)count;
        int error = code(faults.read);
        pthread_mutex_unlock(&lock);
        if (fails) {
            errno = error;
            return -1;
        }
    }
    return real_pread(file, bytes, count, offset);
}

ssize_t pread(int file, void *bytes, size_t count, off_t offset) { return pread64(file, bytes, count, offset); }

int ftruncate64(int file, off_t size) {
    find();
    if (path_of(file)) {
        pthread_mutex_lock(&lock);
        struct stat status;
        if (!fstat(file, &status) && status.st_size > size) remember(file, size, status.st_size - size);
        pthread_mutex_unlock(&lock);
    }
    return real_ftruncate(file, size);
}

int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

static size_t unsettled(const char *path) {
    size_t bytes = 0;
    for (struct undoing *undoing = undoings; undoing; undoing = undoing->before)
        if (!strcmp(undoing->path, path)) bytes += undoing->written;
    return bytes;
}

// Returns when a disk of this bandwidth has taken so much. It goes by pieces, so that one file does not wait for all of another's,
// and ends at once when the disk is quick again.
static void carry(size_t bytes) {
    const size_t piece = 64 << 10;
    while (bytes) {
        size_t part = bytes < piece ? bytes : piece;
        struct timespec now;
        pthread_mutex_lock(&lock);
        listen_to_control();
        long bandwidth = faults.bandwidth;
        clock_gettime(CLOCK_MONOTONIC, &now);
        long long until = now.tv_sec * 1000000000LL + now.tv_nsec;
        if (busy_until > until) until = busy_until;
        busy_until = bandwidth > 0 ? (until += part * 1000000LL / bandwidth) : 0;
        pthread_mutex_unlock(&lock);
        if (bandwidth <= 0) return;
        struct timespec when = {until / 1000000000, until % 1000000000};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) == EINTR) continue;
        bytes -= part;
    }
}

static int sync_with(int file, int (*real)(int)) {
    if (!path_of(file)) return real(file);
    pthread_mutex_lock(&lock);
    listen_to_control();
    if (faults.dies) power_off();
    long delay = faults.delay;
    const char *fault = faults.sync[0] ? faults.sync : faults.once[0] ? faults.once : NULL;
    int error = fault ? code(fault) : 0;
    if (fault && !faults.sync[0]) forget_control();
    char path[512];
    strncpy(path, paths[file], sizeof path - 1);
    path[sizeof path - 1] = 0;
    if (error) doom(path);
    size_t bytes = faults.bandwidth > 0 ? unsettled(path) : 0;
    pthread_mutex_unlock(&lock);
    if (delay) usleep(delay * 1000);
    carry(bytes);
    if (error) {
        errno = error;
        return -1;
    }
    // A real fsync is not needed: the kernel keeps what a dead process has written.
    pthread_mutex_lock(&lock);
    settle(path);
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int file) {
    find();
    return sync_with(file, real_fsync);
}

int fdatasync(int file) {
    find();
    return sync_with(file, real_fdatasync);
}
