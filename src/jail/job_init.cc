// SPDX-License-Identifier: Apache-2.0
// What init and target do before the steps in inmate.cc. They are a fork of a process with one thread, and nothing of
// the job runs yet, so this is ordinary code.
//
// A target that waits for its order is a parked jail. It holds three descriptors, and none of them leads to another
// job: its channel, /dev/null, and the view's writable mount, for mount points. All that belongs to a job (box, output,
// visible paths) comes with the order.
//
// While it waits nobody waits for it, so it rehearses: a fresh fork takes a page fault for each page that it touches,
// on a machine that has slept 0.01 ms each.
#include "jail/job_init.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "jail/gap.h"
#include "jail/inmate.h"
#include "jail/view.h"

namespace ejf::jail {

namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (std::string& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

/// Of the user that RLIMIT_NPROC counts: without a user of its own a job shares it with broker, zygotes, inits and
/// targets.
std::uint64_t own_processes(const ZygoteSpec& spec) noexcept {
  constexpr std::uint64_t k_per_slot = k_networks.size() + 2;
  return spec.change_user ? 1 : 1 + k_per_slot * spec.slots;
}

std::vector<Limit> limits_of(const ZygoteSpec& spec, const Limits& limits) {
  std::vector<Limit> out;
  auto add = [&](int resource, std::uint64_t value) {
    rlimit now{RLIM_INFINITY, RLIM_INFINITY};  // root may raise its own
    if (!spec.raise_limits) ::prlimit(0, static_cast<__rlimit_resource>(resource), nullptr, &now);
    rlim_t bounded = std::min<rlim_t>(value, now.rlim_max);
    out.push_back({resource, {bounded, bounded}});
  };
  constexpr std::uint64_t k_ms = 1000;
  if (!has_gap("core-limit")) add(RLIMIT_CORE, 1);  // 0 would still start the core_pattern's helper, as the host's root
  add(RLIMIT_MEMLOCK, 0);
  add(RLIMIT_MSGQUEUE, 0);
  add(RLIMIT_NICE, 0);
  add(RLIMIT_RTPRIO, 0);
  if (limits.stack != 0) add(RLIMIT_STACK, limits.stack);
  if (limits.file_size != 0) add(RLIMIT_FSIZE, limits.file_size);
  if (limits.address_space != 0) add(RLIMIT_AS, limits.address_space);
  // A backstop of each process. At the limit itself allocations would fail, and the broker, which watches the sum,
  // would see an ordinary exit instead of a job that used too much.
  if (limits.memory != 0 && !spec.groups->limits_memory()) add(RLIMIT_DATA, 2 * limits.memory);
  if (limits.cpu_time.count() != 0) {  // of each process; the broker watches the sum
    add(RLIMIT_CPU, static_cast<std::uint64_t>(limits.cpu_time.count()) / k_ms + 2);
  }
  if (limits.processes != 0 && !spec.groups->limits_processes()) {
    add(RLIMIT_NPROC, limits.processes + own_processes(spec));
  }
  if (limits.open_files != 0) {
    add(RLIMIT_NOFILE, limits.open_files);
  } else {
    out.push_back({RLIMIT_NOFILE, spec.open_files});
  }
  return out;
}

std::vector<MountAt> mounts_of(const RunSpec& spec) {
  std::vector<MountAt> mounts;
  for (const VisiblePath& each : spec.visible) {
    if (!leads_into_box(each.path)) {
      make_mount_point(k_view, each.path, S_ISDIR(stat_fd(each.fd.get(), each.path).st_mode));
    }
    mounts.push_back({each.fd.get(), each.path.c_str()});
  }
  return mounts;
}

/// The zygote's own channel goes: it is the broker's sign of the zygote's end.
void take_channel(int channel) {
  if (::dup3(channel, k_channel, O_CLOEXEC) < 0 || ::close_range(k_first_free, ~0U, 0) != 0) {
    throw SysError("move", "descriptors");
  }
}

/// All that the steps of an order look at.
class Plan {
 public:
  Plan(const ZygoteSpec& spec, const Room& room, JobOrder order)
      : order_(std::move(order)),
        argv_(pointers(order_.spec.argv)),
        env_(pointers(order_.spec.env)),
        limits_(limits_of(spec, order_.spec.limits)) {
    if (room.namespaces) visible_ = mounts_of(order_.spec);
    inmate_.room = room;
    inmate_.change_user = spec.change_user && !has_gap("user");
    inmate_.own_user_namespace = room.namespaces && !spec.change_user && !spec.groups->limits_processes();
    inmate_.uid = order_.uid;
    inmate_.argv = argv_.data();
    inmate_.env = env_.data();
    inmate_.directory = order_.directory.c_str();
    inmate_.input = order_.spec.standard_input ? order_.spec.standard_input.get() : k_null;
    inmate_.output = order_.output ? order_.output.get() : k_null;
    inmate_.box = order_.box.get();
    inmate_.visible = visible_;
    inmate_.limits = limits_;
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  const Inmate& inmate() const noexcept { return inmate_; }

 private:
  JobOrder order_;
  std::vector<char*> argv_;
  std::vector<char*> env_;
  std::vector<Limit> limits_;
  std::vector<MountAt> visible_;
  Inmate inmate_;
};

/// What init and its target both have.
struct Shared {
  const ZygoteSpec& spec;
  pid_t init;
  Room room;
  TargetNotes notes;
};

std::optional<Plan> receive_plan(const Shared& shared, int channel) {
  Message message;
  if (receive_message(channel, message, 0) != Received::message) return {};
  Decoder decoder(std::move(message));
  decoder.take<Kind>();
  return std::optional<Plan>(std::in_place, shared.spec, shared.room, decoder.take<JobOrder>());
}

/// An order of the usual kind, from ourselves. Nothing depends on it.
void rehearse(const Shared& shared) noexcept {
  try {
    auto [from, to] = make_socket_pair(SOCK_SEQPACKET);
    JobOrder order;
    order.directory = k_box_path;
    order.spec.argv = {"/usr/bin/program", "source", "executable"};
    order.spec.env = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/sandbox/.home", "TMPDIR=/sandbox/.tmp"};
    Encoder message(Kind::run);
    message(order);
    send_message(from.get(), message.data(), message.fds(), 0);
    receive_plan(shared, to.get());
  } catch (const std::exception&) {
    // What really is in the way will be in the way of an order too.
  }
}

int live_as_target(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  unblock_signals();
  if (!die_with_init(shared.room, shared.init)) return 1;
  try {
    pollfd order{k_channel, POLLIN, 0};
    if (::poll(&order, 1, 0) == 0) rehearse(shared);
    const std::optional<Plan> plan = receive_plan(shared, k_channel);
    if (!plan) return 0;
    run_target(plan->inmate(), shared.notes);
  } catch (const std::exception& error) {
    tell_failure(k_channel, error.what());
    shared.notes.has_reported = true;
    return 1;
  }
}

}  // namespace

[[noreturn]] void live_as_init(const ZygoteSpec& spec, int channel) noexcept {
  try {
    take_channel(channel);
    Shared shared{spec, ::getpid(), {}, {}};
    shared.room.namespaces = spec.mode == Mode::full;
    shared.room.channel = k_channel;
    shared.room.own_cgroup_namespace =
        shared.room.namespaces && jobs_are_put_into_groups(spec) && !has_gap("cgroup-namespace");
    shared.room.cookie = spec.cookie;
    const Failure failure = make_room(shared.room);
    if (failure) give_up(k_channel, failure);
    run_init(shared.room, live_as_target, &shared, shared.notes);
  } catch (const std::exception& error) {
    tell_failure(k_channel, error.what());
    ::_exit(1);
  }
}

}  // namespace ejf::jail
