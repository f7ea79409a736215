/*
 * Makes QEMU a fork server. QEMU loads this before its other libraries (ld.so(8), LD_PRELOAD).
 *
 * Under TCG a guest that was just restored has none of its code translated, and translating it costs some seconds of
 * CPU. So one guest is restored, warmed and stopped, and then its whole QEMU process is forked for each guest: a child
 * has the translated code, the guest's memory and its devices as they are, copy-on-write. (Fork servers are the fuzzers'
 * technique; TriforceAFL forks QEMU's CPU thread alone. Here all threads live on in the child.)
 *
 * The process that is forked ran our own programs only, and keeps its rights; each child puts on a guest's layers
 * before anything of QEMU runs in it: namespaces, user, no capability, QEMU's own system call filter.
 *
 * A request is a datagram on CONTROL_FD, with descriptors for the child if it asks for one; the answer is a line on
 * standard output: "<id> <pid>", or "<id> -<errno>". The first line, "0 <pid>", says that this is loaded. A child that fails
 * says why on its standard error, and ends.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { QMP_LISTENER = 3, AGENT_LISTENER = 4, CONTROL_FD = 8 };
enum { MOST_THREADS = 32, MOST_PASSED = 8, MOST_EPOLL = 32 };
/* QEMU's threads block all signals but those of faults. Nothing in QEMU divides by zero on purpose. */
enum { PARK_SIGNAL = SIGFPE };
enum { PARK_MS = 5000, ACCEPT_MS = 20000 };

enum action { FORK = 1, SETTLE = 2 };

struct request {
  int32_t id;
  int32_t action;
  /* -1: keeps the user. */
  int32_t uid;
  /* Flags of clone(2) for namespaces of its own. */
  int32_t namespaces;
  int32_t count;
  /* The number that each passed descriptor gets in the child. */
  int32_t targets[MOST_PASSED];
};

static int is_server;

/* ---- What QEMU would do to itself and its children shall do instead ---- */

static struct sock_filter *filter;
static unsigned short filter_length;

/* QEMU's filter is kept for the children. */
int seccomp_load(const void *context) {
  static int (*load)(const void *), (*export_bpf)(const void *, int);
  if (!load) load = (int (*)(const void *))dlsym(RTLD_NEXT, "seccomp_load");
  if (!is_server) return load(context);
  export_bpf = (int (*)(const void *, int))dlsym(RTLD_NEXT, "seccomp_export_bpf");
  /* A pipe takes 64 KiB at once; a filter has at most 4096 instructions of 8 bytes. */
  int ends[2];
  if (!export_bpf || pipe2(ends, O_CLOEXEC)) return -ENOSYS;
  static struct sock_filter room[BPF_MAXINSNS];
  int result = export_bpf(context, ends[1]);
  close(ends[1]);
  ssize_t size = result == 0 ? read(ends[0], room, sizeof room) : 0;
  close(ends[0]);
  if (size <= 0) return -EIO;
  filter = room;
  filter_length = size / sizeof *filter;
  return result;
}

/* QEMU keeps its guest's memory out of forked children. */
int madvise(void *address, size_t length, int advice) {
  if (is_server && advice == MADV_DONTFORK) return 0;
  return syscall(SYS_madvise, address, length, advice);
}

/* ---- Threads ---- */

struct parked {
  atomic_int tid;
  atomic_int is_parked;
  void *context[5];
  void *tls;
  void *clear_tid;
  char stack[4096] __attribute__((aligned(16)));
};
static struct parked parked[MOST_THREADS];
static atomic_int released;

static void futex_wait(atomic_int *word, int value, int ms) {
  struct timespec timeout = {ms / 1000, ms % 1000 * 1000000L};
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &timeout, NULL, 0);
}

static void futex_wake(atomic_int *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, MOST_THREADS, NULL, NULL, 0); }

/*
 * A thread comes here by a signal, from wherever it waits, and stays until the fork is done. In the child it comes to
 * be again at the same place, on the copy of its stack, and returns from the signal to where it waited.
 */
static __attribute__((noinline)) void park(int signal) {
  (void)signal;
  int error = errno, tid = syscall(SYS_gettid);
  struct parked *self = NULL;
  for (int i = 0; i < MOST_THREADS && !self; i++)
    if (atomic_load(&parked[i].tid) == tid) self = &parked[i];
  if (!self) return;
  self->tls = __builtin_thread_pointer();
  self->clear_tid = NULL;
  prctl(PR_GET_TID_ADDRESS, &self->clear_tid, 0, 0, 0);
  if (__builtin_setjmp(self->context) == 0) {
    atomic_store(&self->is_parked, 1);
    futex_wake(&self->is_parked);
    while (!atomic_load(&released)) futex_wait(&released, 0, 1000);
  }
  struct parked *volatile me = self;
  atomic_store(&me->tid, 0);
  futex_wake(&me->tid);
  errno = error;
}

static __attribute__((noinline, noreturn, used)) void resume(struct parked *self) {
  __builtin_longjmp(self->context, 1);
}

/* Makes a parked thread of the parent one of this process. */
static long revive(struct parked *self) {
  static int ignored;
  register long clear_tid __asm__("r10") = (long)(self->clear_tid ? self->clear_tid : &ignored);
  register long tls __asm__("r8") = (long)self->tls;
  register long argument __asm__("r9") = (long)self;
  long result;
  __asm__ volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %%r9, %%rdi\n\t"
      "call %P7\n\t"
      "hlt\n"
      "1:"
      : "=a"(result)
      : "a"((long)SYS_clone),
        "D"((long)(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
                   CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)),
        "S"(self->stack + sizeof self->stack), "d"(&ignored), "r"(clear_tid), "r"(tls), "i"(resume), "r"(argument)
      : "rcx", "r11", "memory");
  return result;
}

struct directory_entry {
  uint64_t inode, offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

/* Calls `each` with every number that is the name of a file in a folder. No memory is allocated: a parked thread may be
 * in the allocator. */
static int each_number(const char *folder, int (*each)(int number)) {
  char buffer[4096];
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), result = 0;
  if (fd < 0) return errno;
  for (long got; result == 0 && (got = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) != 0;) {
    if (got < 0) {
      result = errno;
      break;
    }
    for (long at = 0; at < got && result == 0;) {
      struct directory_entry *entry = (struct directory_entry *)(buffer + at);
      at += entry->length;
      if (entry->name[0] >= '0' && entry->name[0] <= '9' && atoi(entry->name) != fd) result = each(atoi(entry->name));
    }
  }
  close(fd);
  return result;
}

static int threads;

static int park_thread(int tid) {
  if (tid == getpid()) return 0;
  if (threads == MOST_THREADS) return E2BIG;
  struct parked *thread = &parked[threads++];
  atomic_store(&thread->is_parked, 0);
  atomic_store(&thread->tid, tid);
  if (syscall(SYS_tgkill, getpid(), tid, PARK_SIGNAL) == 0) return 0;
  /* It has just ended. */
  threads--;
  return errno == ESRCH ? 0 : errno;
}

static int park_all(void) {
  threads = 0;
  atomic_store(&released, 0);
  int error = each_number("/proc/self/task", park_thread);
  for (int i = 0; i < threads; i++) {
    for (int ms = 0; !atomic_load(&parked[i].is_parked) && ms < PARK_MS; ms += 100) futex_wait(&parked[i].is_parked, 0, 100);
    if (!atomic_load(&parked[i].is_parked)) error = ETIMEDOUT;
  }
  return error;
}

/* Waits for the threads to leave, but for those that never came. */
static void release_all(void) {
  atomic_store(&released, 1);
  futex_wake(&released);
  for (int i = 0; i < threads; i++)
    for (int tid; atomic_load(&parked[i].is_parked) && (tid = atomic_load(&parked[i].tid)) != 0;)
      futex_wait(&parked[i].tid, tid, 100);
}

/* ---- The child ---- */

static __attribute__((noreturn)) void fail(const char *what) {
  dprintf(2, "fork: %s: %s\n", what, strerror(errno));
  _exit(1);
}

static void check(const char *what, long result) {
  if (result < 0) fail(what);
}

/* A field of a file in /proc/self/fdinfo. */
static uint64_t info(int fd, const char *name, int base) {
  char path[64], text[2048];
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  check("fdinfo", file);
  ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  check("fdinfo", size);
  text[size] = 0;
  char *found = strstr(text, name);
  if (!found) return 0;
  return strtoull(found + strlen(name), NULL, base);
}

static void replace(int fd, int by) {
  check("a descriptor", by);
  check("a descriptor", dup3(by, fd, O_CLOEXEC));
  close(by);
}

static int is_socket_of(int fd, const struct sockaddr_un *name, socklen_t length) {
  struct sockaddr_un own;
  socklen_t size = sizeof own;
  return getsockname(fd, (struct sockaddr *)&own, &size) == 0 && size == length && memcmp(&own, name, size) == 0;
}

static struct sockaddr_un listener_names[2];
static socklen_t listener_lengths[2];
static int connected[2];

/* Gives the child descriptors of its own for those that it may not share with its parent. */
static int make_own(int fd) {
  char path[64], target[128];
  if (fd == CONTROL_FD) return 0;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(path, target, sizeof target - 1);
  check("readlink", length);
  target[length] = 0;
  if (!strcmp(target, "anon_inode:[eventfd]")) {
    int flags = info(fd, "flags:", 8) & O_NONBLOCK ? EFD_NONBLOCK : 0;
    replace(fd, eventfd(info(fd, "eventfd-count:", 16), flags | EFD_CLOEXEC));
  } else if (!strcmp(target, "anon_inode:[eventpoll]")) {
    if (info(fd, "tfd:", 10) != 0) {
      errno = ENOTSUP;
      fail("an epoll that is in use");
    }
    replace(fd, epoll_create1(EPOLL_CLOEXEC));
  } else if (!strncmp(target, "socket:", 7)) {
    for (int i = 0; i < 2; i++)
      if (fd != QMP_LISTENER + i && is_socket_of(fd, &listener_names[i], listener_lengths[i])) connected[i] = fd;
  } else if (!strncmp(target, "anon_inode:", 11) && strcmp(target, "anon_inode:[signalfd]")) {
    errno = ENOTSUP;
    fail(target);
  }
  return 0;
}

/* QEMU takes the new connection for the one that it had. */
static void accept_instead(int listener, int fd) {
  if (fd < 0) return;
  struct pollfd wait = {listener, POLLIN, 0};
  if (syscall(SYS_poll, &wait, 1, ACCEPT_MS) != 1) fail("nobody connects");
  int connection = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  replace(fd, connection);
}

static void drop_rights(int uid) {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
    check("capabilities", prctl(PR_CAPBSET_DROP, capability, 0, 0, 0));
  if (uid >= 0) {
    /* The library's functions would have other threads follow, of which there are none. */
    check("setgroups", syscall(SYS_setgroups, 0, NULL));
    check("setresgid", syscall(SYS_setresgid, uid, uid, uid));
    check("setresuid", syscall(SYS_setresuid, uid, uid, uid));
  }
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0}};
  check("capset", syscall(SYS_capset, &header, none));
  check("no_new_privs", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  if (!filter) return;
  struct sock_fprog program = {filter_length, filter};
  check("seccomp", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

static void become_guest(const struct request *request, const int *passed) {
  for (int i = 0; i < request->count; i++)
    if (request->targets[i] == 2) dup2(passed[i], 2);
  if (request->namespaces & CLONE_NEWPID) check("mount /proc", mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
  for (int i = 0; i < 2; i++) {
    listener_lengths[i] = sizeof listener_names[i];
    check("getsockname", getsockname(QMP_LISTENER + i, (struct sockaddr *)&listener_names[i], &listener_lengths[i]));
    connected[i] = -1;
  }
  errno = each_number("/proc/self/fd", make_own);
  if (errno) fail("descriptors");
  for (int i = 0; i < request->count; i++) {
    check("a passed descriptor", dup3(passed[i], request->targets[i], O_CLOEXEC));
    close(passed[i]);
  }
  close(CONTROL_FD);
  dup2(0, 1);
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  /* The monitor sees its client leave, and waits for the next one. */
  int ends[2];
  check("socketpair", socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends));
  if (connected[0] >= 0) replace(connected[0], ends[0]);
  close(ends[1]);
  accept_instead(AGENT_LISTENER, connected[1]);
  signal(PARK_SIGNAL, SIG_DFL);
  drop_rights(request->uid);
  is_server = 0;
  for (int i = 0; i < threads; i++) check("a thread", revive(&parked[i]));
}

/* ---- Memory ---- */

/*
 * A page of 2 MiB is one entry to copy in a fork and to take apart at its end, where 512 of 4 KiB are as many, and the
 * processor finds what lies in it sooner. A fork that writes to one gets a page of 4 KiB of its own.
 */
static const unsigned long HUGE_PAGE = 2ul << 20;
enum { SMALL_PAGES = 512, WELL_FILLED = SMALL_PAGES / 4 };
#ifndef MADV_COLLAPSE
enum { MADV_COLLAPSE = 25 };
#endif
/* No other file is mapped for writing, and as large. */
static const unsigned long LEAST_RAM = 64ul << 20;

static int resident(unsigned long address) {
  unsigned char pages[SMALL_PAGES];
  int count = 0;
  if (mincore((void *)address, HUGE_PAGE, pages)) return 0;
  for (int i = 0; i < SMALL_PAGES; i++) count += pages[i] & 1;
  return count;
}

static int is_zero(const unsigned long *words) {
  for (unsigned long i = 0; i < HUGE_PAGE / sizeof *words; i++)
    if (words[i]) return 0;
  return 1;
}

/* As the kernel can: one before 6.1, or without so much memory in one piece, leaves it as it is. */
static void collapse(unsigned long from, unsigned long to) {
  for (unsigned long at = (from + HUGE_PAGE - 1) & -HUGE_PAGE; at + HUGE_PAGE <= to; at += HUGE_PAGE)
    if (resident(at) >= WELL_FILLED) syscall(SYS_madvise, at, HUGE_PAGE, MADV_COLLAPSE);
}

/*
 * The guest's RAM is a private view of the template's file, where no page is of 2 MiB. Memory that has the same content
 * takes its place; what the view had of its own goes at once, as both together may be more than the guest is allowed.
 */
static void copy_ram(unsigned long from, unsigned long to) {
  unsigned long size = to - from;
  if (from & (HUGE_PAGE - 1) || size & (HUGE_PAGE - 1)) return;
  char *room = mmap(NULL, size + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return;
  char *copy = (char *)(((unsigned long)room + HUGE_PAGE - 1) & -HUGE_PAGE);
  syscall(SYS_madvise, copy, size, MADV_HUGEPAGE);
  syscall(SYS_madvise, copy, size, MADV_DONTDUMP);
  for (unsigned long at = 0; at < size; at += HUGE_PAGE) {
    /* A page that is nowhere is zero, and reading it would make one of it. */
    if (resident(from + at) == 0) continue;
    if (!is_zero((unsigned long *)(from + at))) memcpy(copy + at, (void *)(from + at), HUGE_PAGE);
    syscall(SYS_madvise, from + at, HUGE_PAGE, MADV_DONTNEED);
  }
  if (mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, from) == MAP_FAILED) {
    dprintf(2, "fork: the RAM is lost: %s\n", strerror(errno));
    _exit(1);
  }
  if (copy > room) munmap(room, copy - room);
  if (copy < room + HUGE_PAGE) munmap(copy + size, room + HUGE_PAGE - copy);
}

/* Puts what forks share into large pages. No memory is allocated, as in each_number. */
static int settle(void) {
  static char text[1 << 18];
  int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  size_t size = 0;
  for (ssize_t got; size < sizeof text - 1 && (got = read(fd, text + size, sizeof text - 1 - size)) > 0;) size += got;
  close(fd);
  text[size] = 0;
  /* from-to access offset device inode name */
  for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
    char *rest;
    unsigned long from = strtoul(line, &rest, 16), to = strtoul(rest + 1, &rest, 16);
    if (to - from < HUGE_PAGE || rest[2] != 'w' || rest[4] != 'p') continue;
    char *device = strchr(rest + 6, ' ') + 1;
    if (strtoul(strchr(device, ' '), NULL, 10) == 0) collapse(from, to);
    else if (to - from >= LEAST_RAM) copy_ram(from, to);
  }
  return 0;
}

/* ---- Requests ---- */

static void serve(void) {
  struct request request = {0};
  char ancillary[CMSG_SPACE(MOST_PASSED * sizeof(int))];
  struct iovec part = {&request, sizeof request};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = ancillary, .msg_controllen = sizeof ancillary};
  ssize_t size = recvmsg(CONTROL_FD, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  /* The server is gone, and with it who could ask for a guest. */
  if (size <= 0) _exit(0);
  int passed[MOST_PASSED], count = 0;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_RIGHTS) {
    count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    memcpy(passed, CMSG_DATA(header), count * sizeof(int));
  }
  long pid = -EINVAL;
  if (size == sizeof request && request.count == count) {
    int error = park_all();
    if (!error && request.action == SETTLE) error = settle();
    if (error) {
      pid = -error;
    } else if (request.action == SETTLE) {
      pid = getpid();
    } else {
      pid = syscall(SYS_clone, (long)(request.namespaces | SIGCHLD), 0, 0, 0, 0);
      if (pid == 0) {
        become_guest(&request, passed);
        return;
      }
      if (pid < 0) pid = -errno;
    }
    release_all();
  }
  for (int i = 0; i < count; i++) close(passed[i]);
  dprintf(1, "%d %ld\n", request.id, pid);
}

/* QEMU's main loop waits here, without its locks. */
int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
  struct timespec left;
  if (timeout) left = *timeout;
  if (!is_server || getpid() != syscall(SYS_gettid) || count > 256)
    return syscall(SYS_ppoll, fds, count, timeout ? &left : NULL, mask, _NSIG / 8);
  struct pollfd all[count + 1];
  memcpy(all, fds, count * sizeof *fds);
  all[count] = (struct pollfd){CONTROL_FD, POLLIN, 0};
  int ready = syscall(SYS_ppoll, all, count + 1, timeout ? &left : NULL, mask, _NSIG / 8);
  for (nfds_t i = 0; i < count; i++) fds[i].revents = ready > 0 ? all[i].revents : 0;
  if (ready <= 0 || !all[count].revents) return ready;
  /* A turn without other events: then QEMU is at rest. */
  if (ready > 1) return ready - 1;
  serve();
  return 0;
}

__attribute__((constructor)) static void begin(void) {
  int type;
  socklen_t length = sizeof type;
  is_server = getsockopt(CONTROL_FD, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_SEQPACKET;
  if (!is_server) return;
  struct sigaction action = {.sa_handler = park, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  sigaction(PARK_SIGNAL, &action, NULL);
  /* Its translated code, in pages of 2 MiB, is quicker to fork and to take apart; forks get none of their own. */
  prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
  /* Children that ended leave nothing. */
  signal(SIGCHLD, SIG_IGN);
  dprintf(1, "0 %d\n", getpid());
}
