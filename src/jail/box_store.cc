// SPDX-License-Identifier: Apache-2.0
// Theory of operation
//
// Nothing here trusts what a job made: every name is resolved by openat2 below the box, without links, without leaving
// its file system, and results are opened only when every process of the job is dead.
//
// To make a box takes three new directories on the disk, or a new file system. That is done ahead, while a job runs or
// nobody asks for anything: the server numbers its boxes one by one, so the spare is made under the next number, of the
// same size as the last one. A tmpfs, which no job sees before it is attached for it, already belongs to the user that
// will probably be its job's. A directory belongs to the broker's user, mode 0700, until it is asked for, so no job
// that runs meanwhile can leave something in it. (An ordinary user without a jail has no spare: there every job could
// enter it.) A spare that does not fit is removed like a box that was dropped.
#include "jail/box_store.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "jail/gap.h"
#include "jail/view.h"

namespace ejf::jail {

namespace {

constexpr mode_t k_private_mode = 0700;

UniqueFd open_beneath(int root, const std::string& name, int flags, mode_t mode = 0) {
  open_how how{};
  how.flags = static_cast<__u64>(flags | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
  for (;;) {
    UniqueFd fd{static_cast<int>(::syscall(SYS_openat2, root, name.c_str(), &how, sizeof how))};
    if (fd || (errno != EAGAIN && errno != EINTR)) return fd;
  }
}

/// A new file, in place of what has that name.
UniqueFd create(int dir, const std::string& name) {
  constexpr int k_new = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
  UniqueFd file = open_beneath(dir, name, k_new, k_private_mode);
  if (file || errno != EEXIST || ::unlinkat(dir, name.c_str(), 0) != 0) return file;
  return open_beneath(dir, name, k_new, k_private_mode);
}

/// From the start of `from`, whoever else reads it at whatever offset.
void copy_content(int from, int to, const std::string& name) {
  constexpr std::size_t k_chunk = std::size_t{1} << 30;
  off_t offset = 0;
  ssize_t n = 0;
  while ((n = ::sendfile(to, from, &offset, k_chunk)) != 0) {
    if (n < 0 && errno != EINTR) throw SysError("write", name);
  }
}

void keep_time(int from, int to, const std::string& name) {
  const timespec written = stat_fd(from, name).st_mtim;
  const std::array<timespec, 2> times{written, written};  // read and written
  if (::futimens(to, times.data()) != 0) throw SysError("set the time of", name);
}

UniqueFd clone_mount(int directory, const char* name) {
  UniqueFd mount{::open_tree(directory, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH)};
  if (!mount) throw SysError("open_tree", name);
  return mount;
}

FileState state_of_failure(int error) {
  return error == ENOENT || error == ENOTDIR ? FileState::missing : FileState::not_regular;
}

}  // namespace

BoxStore::BoxStore(BoxStoreConfig config) : config_(std::move(config)) {
  if (config_.mode == Mode::full) {
    UniqueFd holder = make_tmpfs({{"mode", "0700"}, {"size", "64k"}}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    attach_mount(holder.get(), AT_FDCWD, config_.staging);
    return;
  }
  UniqueFd directory = open_directory(config_.work_dir);
  for (const std::string& name : list_directory(directory.get())) {
    if (name.starts_with(config_.prefix)) remove_tree_at(directory.get(), name);
  }
}

BoxStore::~BoxStore() {
  for (const auto& [id, box] : boxes_) remove(box);
  if (spare_) remove(spare_->box);
}

/// The user of the fewest boxes: as long as there are no more boxes than slots, each has its own.
uid_t BoxStore::next_uid() const {
  std::vector<unsigned> used(config_.uids);
  for (const auto& [id, box] : boxes_) {
    if (box.uid >= config_.first_uid && box.uid - config_.first_uid < config_.uids) ++used[box.uid - config_.first_uid];
  }
  unsigned best = 0;
  for (unsigned i = 1; i < config_.uids; ++i) {
    if (used[i] < used[best]) best = i;
  }
  return config_.first_uid + best;
}

std::string BoxStore::path_of(const StoredBox& box) const {
  const std::string& directory = config_.mode == Mode::full ? config_.staging : config_.work_dir;
  return std::string{directory}.append("/").append(box.name);
}

void BoxStore::own(const StoredBox& box, int fd, const std::string& name) const {
  if (config_.change_owner && ::fchown(fd, box.uid, box.uid) != 0) throw SysError("chown", name);
}

void BoxStore::own_at(const StoredBox& box, int dir, const std::string& name) const {
  if (config_.change_owner && ::fchownat(dir, name.c_str(), box.uid, box.uid, AT_SYMLINK_NOFOLLOW) != 0) {
    throw SysError("chown", name);
  }
}

void BoxStore::open(StoredBox& box, const BoxSpec& spec) const {
  make_directory(path_of(box), k_private_mode);
  if (config_.mode == Mode::full) {
    constexpr std::uint64_t k_many = 3;
    const std::uint64_t bytes = spec.bytes * (has_gap("box-bytes") ? k_many : 1);
    const std::uint64_t inodes = spec.inodes * (has_gap("box-inodes") ? k_many : 1);
    UniqueFd mount =
        make_tmpfs({{"mode", "0700"}, {"size", std::to_string(bytes)}, {"nr_inodes", std::to_string(inodes)}},
                   MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    attach_mount(mount.get(), AT_FDCWD, path_of(box));
    box.bytes = spec.bytes;
  }
  box.root = open_directory(path_of(box));
  for (const char* name : {k_box_home, k_box_tmp}) make_directory_at(box.root.get(), name, k_private_mode);
}

void BoxStore::give_to_user(StoredBox& box, uid_t uid) const {
  box.uid = uid;
  own(box, box.root.get(), path_of(box));
  for (const char* name : {k_box_home, k_box_tmp}) own_at(box, box.root.get(), name);
}

void BoxStore::make(std::uint32_t id, const BoxSpec& spec) {
  const uid_t uid = next_uid();
  StoredBox& box = boxes_[id] = take_spare(id, spec);
  last_id_ = id;
  last_spec_ = spec;
  wants_spare_ = config_.mode == Mode::full || config_.change_owner;
  try {
    if (!box.root) open(box, spec);
    if (box.uid != uid) give_to_user(box, uid);
  } catch (const Error& error) {
    box.error = error.what();
  }
}

void BoxStore::make_failed(std::uint32_t id, const std::string& why) {
  boxes_[id] = named_box(id);
  boxes_[id].error = why;
}

StoredBox BoxStore::named_box(std::uint32_t id) {
  StoredBox box;
  box.name = config_.prefix + std::to_string(config_.mode == Mode::full ? ++last_mount_ : id);
  return box;
}

/// The spare if it fits, else a box that has only its name.
StoredBox BoxStore::take_spare(std::uint32_t id, const BoxSpec& spec) {
  auto spare = std::exchange(spare_, {});
  if (!spare) return named_box(id);
  const bool fits = config_.mode == Mode::full ? spare->spec == spec : spare->id == id;
  if (fits) return std::move(spare->box);
  remove(spare->box);
  return named_box(id);
}

void BoxStore::make_spare() noexcept {
  wants_spare_ = false;
  const std::uint32_t id = last_id_ + 1;
  if (spare_ || boxes_.contains(id)) return;
  Spare spare{id, last_spec_, named_box(id)};
  try {
    open(spare.box, spare.spec);
    if (config_.mode == Mode::full) {
      give_to_user(spare.box, next_uid());
      spare.box.mount = clone_mount(spare.box.root.get(), "box");
    }
    spare_ = std::move(spare);
  } catch (const Error&) {
    remove(spare.box);  // the next make() tries again, and has somebody to tell
  }
}

void BoxStore::remove(const StoredBox& box) noexcept {
  // Its memory is charged to the group of the next job too, which must not have a higher limit for that.
  constexpr std::uint64_t k_much = std::uint64_t{16} << 20;
  if (used_bytes(box) > k_much) ::umount2(path_of(box).c_str(), MNT_DETACH);
  sweeper_.sweep(config_.mode == Mode::full ? Sweeper::Order::unmount : Sweeper::Order::remove_tree, path_of(box));
}

void BoxStore::drop(std::uint32_t id) noexcept {
  auto found = boxes_.find(id);
  if (found == boxes_.end()) return;
  found->second.dropped = true;
  if (found->second.busy) return;
  remove(found->second);
  boxes_.erase(found);
}

StoredBox* BoxStore::find(std::uint32_t id) {
  auto found = boxes_.find(id);
  return found == boxes_.end() ? nullptr : &found->second;
}

const StoredBox* BoxStore::find(std::uint32_t id) const {
  auto found = boxes_.find(id);
  return found == boxes_.end() ? nullptr : &found->second;
}

UniqueFd BoxStore::make_directories(const StoredBox& box, const std::string& name, mode_t mode) const {
  UniqueFd at = box.root.duplicate();
  for (std::size_t start = 0, end = 0; start <= name.size(); start = end + 1) {
    end = std::min(name.find('/', start), name.size());
    const std::string last = name.substr(start, end - start);
    if (last.empty() || last == "." || last == "..") throw Error("put " + name + ": not a name for a file in the box");
    if (::mkdirat(at.get(), last.c_str(), k_directory_mode) == 0) {
      own_at(box, at.get(), last);
      // The server's umask is none of the job's business, so mkdir's mode is not enough.
      if (end == name.size() && ::fchmodat(at.get(), last.c_str(), mode & 0777, 0) != 0) throw SysError("chmod", name);
    } else if (errno != EEXIST) {
      throw SysError("mkdir", name);
    }
    at = open_beneath(at.get(), last, O_PATH | O_DIRECTORY);
    if (!at) throw SysError("open", name);
  }
  return at;
}

UniqueFd BoxStore::open_parent(const StoredBox& box, const std::string& name, std::string& last) const {
  std::size_t cut = name.rfind('/');
  last = cut == std::string::npos ? name : name.substr(cut + 1);
  if (last.empty() || last == "." || last == "..") throw Error("put " + name + ": not a name for a file in the box");
  if (cut == std::string::npos) return box.root.duplicate();
  const std::string above = name.substr(0, cut);
  UniqueFd parent = open_beneath(box.root.get(), above, O_PATH | O_DIRECTORY);
  if (!parent && errno == ENOENT) return make_directories(box, above);
  if (!parent) throw SysError("open", name);
  return parent;
}

template <typename Action>
void BoxStore::in_box(const FileOrder& order, Action action) {
  StoredBox* box = find(order.box);
  if (box == nullptr || !box->error.empty()) return;
  try {
    if (box->busy) throw Error("put " + order.name + ": a run is in the box");
    action(*box);
  } catch (const Error& error) {
    box->error = error.what();
  }
}

void BoxStore::put_file(const FileOrder& order) {
  in_box(order, [&](const StoredBox& box) {
    std::string last;
    UniqueFd parent = open_parent(box, order.name, last);
    UniqueFd file = create(parent.get(), last);
    if (!file) throw SysError("create", order.name);
    copy_content(order.content.get(), file.get(), order.name);
    own(box, file.get(), order.name);
    if (::fchmod(file.get(), order.mode & 0777) != 0) throw SysError("chmod", order.name);
    if (order.time == FileTime::of_content) keep_time(order.content.get(), file.get(), order.name);
  });
}

void BoxStore::put_directory(const FileOrder& order) {
  in_box(order, [&](const StoredBox& box) { make_directories(box, order.name, order.mode); });
}

void BoxStore::put_symlink(const FileOrder& order) {
  in_box(order, [&](const StoredBox& box) {
    std::string last;
    UniqueFd parent = open_parent(box, order.name, last);
    if (::unlinkat(parent.get(), last.c_str(), 0) != 0 && errno != ENOENT) throw SysError("replace", order.name);
    if (::symlinkat(order.target.c_str(), parent.get(), last.c_str()) != 0) throw SysError("make link", order.name);
    own_at(box, parent.get(), last);
  });
}

void BoxStore::make_mount_point(const StoredBox& box, const std::string& name, int shown) const {
  if (S_ISDIR(stat_fd(shown, name).st_mode)) return static_cast<void>(make_directories(box, name));
  std::string last;
  UniqueFd parent = open_parent(box, name, last);
  UniqueFd file = open_beneath(parent.get(), last, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, k_private_mode);
  if (!file) throw SysError("make", name);
}

UniqueFd BoxStore::take_mount(StoredBox& box, bool read_only) const {
  if (box.mount && !read_only) return std::move(box.mount);
  UniqueFd mount = clone_mount(box.root.get(), "box");
  struct mount_attr attr {};
  attr.attr_set = MOUNT_ATTR_RDONLY;
  if (read_only && ::mount_setattr(mount.get(), "", AT_EMPTY_PATH, &attr, sizeof attr) != 0) {
    throw SysError("make read-only", "box");
  }
  return mount;
}

std::vector<VisiblePath> BoxStore::writable_parts(const StoredBox& box) const {
  std::vector<VisiblePath> parts;
  for (const char* name : {k_box_home, k_box_tmp}) {
    UniqueFd directory = open_beneath(box.root.get(), name, O_PATH | O_DIRECTORY);
    if (!directory) continue;  // an earlier run removed it, or made something else of it
    parts.push_back({std::string{k_box_path}.append("/").append(name), clone_mount(directory.get(), name)});
  }
  return parts;
}

bool BoxStore::is_full(const StoredBox& box) const {
  struct statfs st {};
  return config_.mode == Mode::full && ::fstatfs(box.root.get(), &st) == 0 && (st.f_bfree == 0 || st.f_ffree == 0);
}

std::uint64_t BoxStore::used_bytes(const StoredBox& box) const {
  struct statfs st {};
  if (config_.mode != Mode::full || ::fstatfs(box.root.get(), &st) != 0) return 0;
  return (st.f_blocks - st.f_bfree) * static_cast<std::uint64_t>(st.f_bsize);
}

OutputFile BoxStore::collect(const StoredBox& box, const WantedFile& wanted) const {
  OutputFile out;
  out.name = wanted.name;
  UniqueFd fd = open_beneath(box.root.get(), wanted.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (has_gap("output-links")) fd = open_at(box.root.get(), wanted.name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!fd) {
    throw_if_machine_fault("open", wanted.name);
    out.state = state_of_failure(errno);
    return out;
  }
  struct stat st = stat_fd(fd.get(), wanted.name);
  out.size = static_cast<std::uint64_t>(st.st_size);
  out.executable = (st.st_mode & S_IXUSR) != 0;
  const bool is_regular = S_ISREG(st.st_mode) || has_gap("output-kind");
  const bool has_one_link = st.st_nlink == 1 || has_gap("output-hard-links") || has_gap("output-kind");
  if (!is_regular || !has_one_link) {
    out.state = FileState::not_regular;
  } else if (wanted.size_limit != 0 && out.size > wanted.size_limit) {
    out.state = FileState::too_large;
  } else {
    out.state = FileState::ok;
    out.fd = std::move(fd);
  }
  return out;
}

}  // namespace ejf::jail
