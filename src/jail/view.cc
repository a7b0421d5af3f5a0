// SPDX-License-Identifier: Apache-2.0
#include "jail/view.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <iterator>

#include "base/error.h"
#include "base/files.h"
#include "jail/client.h"
#include "jail/gap.h"

namespace ejf::jail {

namespace {

/// The one list of host paths that every job sees. A link is made again as a link; everything else is a read-only bind.
/// The last component may be a pattern. What is not there is left out.
constexpr const char* k_system_paths[] = {
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/libo32",
    "/opt",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/os-release",
    "/etc/debian_version",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/java*",
    "/etc/mono",
    "/etc/fp*.cfg",
    "/etc/ghc*",
    "/etc/php*",
    "/etc/perl",
    "/etc/python*",
    "/etc/gnucobol",
    "/etc/maven",
    "/etc/dmd.conf",
    "/etc/ldc2*",
    "/etc/nim",
    "/etc/sbclrc",
    "/etc/R",
    "/etc/erlang*",
    "/etc/lazarus",
    "/etc/swi-prolog",
    "/etc/emacs/site-start.d",
    "/etc/racket",
    "/etc/default/gcl*",
    "/var/lib/ghc",
};
constexpr const char* k_network_paths[] = {"/etc/resolv.conf", "/etc/host.conf", "/etc/services", "/etc/protocols"};

struct Device {
  const char* name;
  unsigned minor;
};
constexpr Device k_devices[] = {{"null", 3}, {"zero", 5}, {"full", 7}, {"random", 8}, {"urandom", 9}};
constexpr unsigned k_memory_major = 1;

constexpr std::array<std::pair<const char*, const char*>, 7> k_links = {{
    {"/dev/fd", "/proc/self/fd"},
    {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"},
    {"/dev/stderr", "/proc/self/fd/2"},
    {"/dev/shm", "/sandbox/.tmp"},
    {"/tmp", "/sandbox/.tmp"},
    {"/var/tmp", "/sandbox/.tmp"},
}};

std::string relative(const std::string& path) {
  std::size_t start = path.find_first_not_of('/');
  return start == std::string::npos ? std::string{"."} : path.substr(start);
}

void set_attributes(int mount, std::uint64_t attributes, const std::string& path) {
  struct mount_attr attr {};
  attr.attr_set = attributes;
  if (has_gap("read-only")) attr.attr_set &= ~std::uint64_t{MOUNT_ATTR_RDONLY};
  if (has_gap("nosuid")) attr.attr_set &= ~std::uint64_t{MOUNT_ATTR_NOSUID};
  attr.propagation = MS_PRIVATE;  // later mounts on the host must not appear here, writable
  if (::mount_setattr(mount, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof attr) != 0) {
    throw SysError("make read-only", path);
  }
}

void make_parents(int root, const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    std::string parent = relative(path.substr(0, slash));
    if (::mkdirat(root, parent.c_str(), 0755) != 0 && errno != EEXIST) throw SysError("mkdir", parent);
  }
}

/// What is mounted at `path` of a view goes to `name` in `parent`; what is missing is made. The view may hold links
/// that somebody else made, it has one to /proc/self/fd, and our own root may still be the host's: so links are
/// followed inside the view only, and none of /proc.
struct Place {
  UniqueFd parent;
  std::string name;
};

UniqueFd try_open_inside(int root, const std::string& path) {
  open_how how{};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  for (;;) {
    UniqueFd fd{static_cast<int>(::syscall(SYS_openat2, root, relative(path).c_str(), &how, sizeof how))};
    if (fd || (errno != EAGAIN && errno != EINTR)) return fd;
  }
}

/// Opens a directory, and makes what is missing above it and itself. None where a link leads nowhere. Not by recursion:
/// a path may have thousands of components, and a target's stack is small.
UniqueFd make_inside(int root, const std::string& directory) {
  UniqueFd at = try_open_inside(root, "/");
  for (std::size_t slash = 0; at && slash != std::string::npos;) {
    const std::size_t start = slash + 1;
    slash = directory.find('/', start);
    const std::string so_far = directory.substr(0, slash);
    const std::string name = directory.substr(start, slash == std::string::npos ? slash : slash - start);
    UniqueFd next = try_open_inside(root, so_far);
    if (!next && errno == ENOENT && !name.empty()) {
      if (::mkdirat(at.get(), name.c_str(), 0755) != 0 && errno != EEXIST) throw SysError("mkdir", so_far);
      next = try_open_inside(root, so_far);
    }
    if (!next && errno != ENOENT) throw SysError("open", so_far);
    at = std::move(next);
  }
  return at;
}

Place make_place(int root, const std::string& path) {
  const std::size_t end = path.find_last_not_of('/');
  const std::string clean = path.substr(0, end == std::string::npos ? 0 : end + 1);
  const std::size_t slash = clean.rfind('/');
  if (slash == std::string::npos) return {try_open_inside(root, "/"), "."};
  const std::string above = clean.substr(0, slash);
  UniqueFd parent = try_open_inside(root, above);
  if (!parent && errno != ENOENT) throw SysError("open", above);
  if (!parent) parent = make_inside(root, above);
  return {std::move(parent), clean.substr(slash + 1)};
}

/// Nothing that is there is opened: it may be a FIFO.
void make_empty(const Place& place, bool directory) {
  const int parent = place.parent.get();
  const char* name = place.name.c_str();
  if (directory) {
    if (::mkdirat(parent, name, 0755) != 0 && errno != EEXIST) throw SysError("mkdir", place.name);
    return;
  }
  UniqueFd file{::openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)};
  if (!file && errno != EEXIST && errno != EROFS) throw SysError("make", place.name);
}

/// Builds the tree in `root`, from the host's files that are still visible.
class ViewBuilder {
 public:
  ViewBuilder(const ViewSpec& spec, int root) : spec_(spec), root_(root) {}

  void build() {
    for (const char* directory : {"/dev", "/etc", "/proc", "/var", "/var/lib", "/sandbox"}) {
      make_mount_point(root_, directory, true);
    }
    for (const char* path : k_system_paths) show_pattern(path);
    if (spec_.network) {
      for (const char* path : k_network_paths) show_followed(path);
    }
    for (auto [name, target] : k_links) link(name, target);
    for (const Device& device : k_devices) make_device(device);
    if (spec_.host_proc) bind("/proc", 0);
    write_accounts();
    std::vector<std::string> visible = spec_.visible;
    std::sort(visible.begin(), visible.end());  // what holds another comes first
    for (const std::string& path : visible) {
      if (!leads_into_box(path)) show_for_client(path);
    }
    if (has_gap("view")) show_followed("/var");
    if (has_gap("devices")) bind("/dev", 0);
  }

 private:
  void show_pattern(const std::string& path) {
    if (path.find('*') == std::string::npos) return show(path);
    std::size_t slash = path.rfind('/');
    std::string directory = path.substr(0, slash);
    auto fd = try_open_at(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY);
    if (!fd) return;
    for (const std::string& name : list_directory(fd->get())) {
      if (::fnmatch(path.c_str() + slash + 1, name.c_str(), FNM_PERIOD) == 0) {
        show(std::string{directory}.append("/").append(name));
      }
    }
  }

  void show(const std::string& path) {
    struct stat st {};
    if (::lstat(path.c_str(), &st) != 0) return;
    if (!S_ISLNK(st.st_mode)) return show_followed(path);
    std::array<char, PATH_MAX> target{};
    ssize_t n = ::readlink(path.c_str(), target.data(), target.size() - 1);
    if (n > 0) link(path, std::string(target.data(), static_cast<std::size_t>(n)));
  }

  void show_followed(const std::string& path) {
    UniqueFd mount = open_visible(path, nullptr);
    if (mount) attach(std::move(mount), path);
  }

  void show_for_client(const std::string& path) {
    UniqueFd mount;
    {
      const AsClient rights(spec_.client);
      mount = open_visible(path, nullptr);
    }
    if (mount) attach(std::move(mount), path);
  }

  void bind(const std::string& path, std::uint64_t attributes) {
    UniqueFd mount{::open_tree(AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)};
    if (!mount) throw SysError("open_tree", path);
    set_attributes(mount.get(), attributes, path);
    attach(std::move(mount), path);
  }

  void attach(UniqueFd mount, const std::string& path) const {
    bool directory = S_ISDIR(stat_fd(mount.get(), path).st_mode);
    const Place place = make_place(root_, path);
    if (!place.parent) return;
    make_empty(place, directory);
    attach_mount(mount.get(), place.parent.get(), place.name);
  }

  void link(const std::string& path, const std::string& target) const {
    make_parents(root_, path);
    if (::symlinkat(target.c_str(), root_, relative(path).c_str()) != 0 && errno != EEXIST) {
      throw SysError("make link", path);
    }
  }

  void make_device(const Device& device) {
    std::string path = std::string{"/dev/"} + device.name;
    if (::mknodat(root_, relative(path).c_str(), S_IFCHR | 0666, makedev(k_memory_major, device.minor)) == 0) {
      if (::fchmodat(root_, relative(path).c_str(), 0666, 0) != 0) throw SysError("chmod", path);
      return;
    }
    if (errno != EPERM) throw SysError("mknod", path);
    bind(path, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);  // in a user namespace
  }

  void write_accounts() {
    std::string passwd = "root:x:0:0:root:/sandbox/.home:/usr/sbin/nologin\n";
    std::string group = "root:x:0:\n";
    for (unsigned i = 0; i < spec_.uid_count; ++i) {
      std::string id = std::to_string(spec_.first_uid + i);
      passwd.append(spec_.user_name).append(":x:").append(id).append(":").append(id);
      passwd.append("::/sandbox/.home:/bin/sh\n");
      group.append(spec_.user_name).append(":x:").append(id).append(":\n");
    }
    write_file_at(root_, "etc/passwd", passwd, 0644);
    write_file_at(root_, "etc/group", group, 0644);
    write_file_at(root_, "etc/hosts", "127.0.0.1 localhost sandbox\n::1 localhost\n", 0644);
    write_file_at(root_, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n", 0644);
  }

  const ViewSpec& spec_;
  int root_;
};

}  // namespace

bool is_system_path(const std::string& path) {
  // FNM_LEADING_DIR: what lies below is shown with it.
  return std::any_of(std::begin(k_system_paths), std::end(k_system_paths), [&](const char* pattern) {
    return ::fnmatch(pattern, path.c_str(), FNM_PERIOD | FNM_PATHNAME | FNM_LEADING_DIR) == 0;
  });
}

UniqueFd make_tmpfs(const std::vector<std::pair<std::string, std::string>>& options, unsigned mount_attributes) {
  UniqueFd context{::fsopen("tmpfs", FSOPEN_CLOEXEC)};
  if (!context) throw SysError("fsopen", "tmpfs");
  for (const auto& [key, value] : options) {
    if (::fsconfig(context.get(), FSCONFIG_SET_STRING, key.c_str(), value.c_str(), 0) != 0) {
      throw SysError("tmpfs option", std::string{key}.append("=").append(value));
    }
  }
  if (::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) throw SysError("create", "tmpfs");
  UniqueFd mount{::fsmount(context.get(), FSMOUNT_CLOEXEC, mount_attributes)};
  if (!mount) throw SysError("fsmount", "tmpfs");
  return mount;
}

void attach_mount(int mount, int directory, const std::string& name) {
  if (::move_mount(mount, "", directory, name.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) throw SysError("mount", name);
}

UniqueFd enter_view(const ViewSpec& spec, const std::string& staging) {
  UniqueFd root = make_tmpfs({{"mode", "0755"}, {"size", "4m"}, {"nr_inodes", "8192"}}, MOUNT_ATTR_NOSUID);
  attach_mount(root.get(), AT_FDCWD, staging);
  UniqueFd writable{::open_tree(root.get(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH)};
  if (!writable) throw SysError("open_tree", "view");
  ViewBuilder(spec, root.get()).build();
  struct mount_attr attr {};
  attr.attr_set = MOUNT_ATTR_RDONLY;
  if (::mount_setattr(root.get(), "", AT_EMPTY_PATH, &attr, sizeof attr) != 0) throw SysError("make read-only", "/");
  if (::fchdir(root.get()) != 0) throw SysError("chdir", "view");
  // pivot_root refuses on an initramfs; there the tree is moved over the root instead.
  if (::syscall(SYS_pivot_root, ".", ".") == 0) {
    if (::umount2(".", MNT_DETACH) != 0) throw SysError("umount", "old root");
  } else if (errno != EINVAL || ::mount(".", "/", nullptr, MS_MOVE, nullptr) != 0 || ::chroot(".") != 0) {
    throw SysError("pivot_root", "view");
  }
  if (::chdir("/") != 0) throw SysError("chdir", "/");
  return writable;
}

UniqueFd open_visible(const std::string& path, const UniqueFd* proof) {
  UniqueFd mount{::open_tree(AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)};
  if (!mount) {
    if (proof == nullptr && (errno == ENOENT || errno == EACCES || errno == ENOTDIR)) return {};
    throw SysError("show", path);
  }
  if (proof != nullptr) {
    struct stat seen = stat_fd(mount.get(), path);
    struct stat given = stat_fd(proof->get(), path);
    if (seen.st_dev != given.st_dev || seen.st_ino != given.st_ino) {
      throw Error("show " + path + ": is not what the server opened");
    }
  }
  set_attributes(mount.get(), MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, path);
  return mount;
}

void make_mount_point(int root, const std::string& path, bool directory) {
  const Place place = make_place(root, path);
  if (place.parent) make_empty(place, directory);
}

UniqueFd make_cover(const std::string& path, const std::vector<VisiblePath>& shown) {
  UniqueFd cover = make_tmpfs({{"mode", "0555"}, {"size", "64k"}, {"nr_inodes", "1024"}}, MOUNT_ATTR_NOSUID);
  for (const VisiblePath& each : shown) {
    if (!each.path.starts_with(path + "/")) continue;
    const bool is_directory = !each.fd || S_ISDIR(stat_fd(each.fd.get(), each.path).st_mode);
    make_mount_point(cover.get(), each.path.substr(path.size()), is_directory);
  }
  set_attributes(cover.get(), MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, path);
  return cover;
}

bool leads_into_box(const std::string& path) {
  static const std::array<std::string, 4> k_prefixes = {"/tmp", "/var/tmp", "/dev/shm", k_box_path};
  return std::any_of(k_prefixes.begin(), k_prefixes.end(), [&](const std::string& directory) {
    return path == directory || path.starts_with(directory + "/");
  });
}

std::string path_in_box(const std::string& path) {
  std::string box = k_box_path;
  if (path.starts_with(box)) return relative(path.substr(box.size()));
  for (const char* prefix : {"/tmp", "/var/tmp", "/dev/shm"}) {
    std::string directory = prefix;
    if (path.starts_with(directory + "/")) return std::string{k_box_tmp} + path.substr(directory.size());
  }
  return k_box_tmp;
}

}  // namespace ejf::jail
