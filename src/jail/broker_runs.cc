// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <utility>

#include "base/error.h"
#include "jail/broker_impl.h"
#include "jail/gap.h"
#include "jail/process_tree.h"
#include "jail/view.h"

namespace ejf::jail {

void Broker::run(std::uint64_t id, std::uint32_t box_id, RunSpec spec) {
  if (has_gap("memory")) spec.limits.memory = 0;
  if (has_gap("processes")) spec.limits.processes = 0;
  if (has_gap("log")) spec.limits.log_drained = 0;
  auto state = std::make_unique<RunState>(id, box_id, spec);
  state->started = Monotonic::now();
  StoredBox* box = boxes_.find(box_id);
  auto free = std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.run == nullptr; });
  std::string error;
  if (box == nullptr) error = "the box is not there";
  if (box != nullptr) error = box->error;
  if (box != nullptr && box->busy) error = "a run is in the box already";
  if (free == slots_.end()) error = "more runs than slots";
  if (spec.argv.empty()) error = "no program given";
  if (spec.outputs.size() > k_most_outputs) error = "more files are wanted than one message can bring";
  if (!error.empty()) {
    fail(*state, error);
    report(judge(*state), id);
    return;
  }
  auto number = static_cast<unsigned>(free - slots_.begin());
  box->busy = true;
  free->run = std::move(state);
  try {
    start(*free->run, number, *box, std::move(spec));
  } catch (const Error& failure) {
    fail(*free->run, failure.what());
  }
  finish_if_over(number);
}

void Broker::start(RunState& run, unsigned number, const StoredBox& box, RunSpec spec) {
  run.watches_memory = run.limits.memory != 0 && !setup_.groups->limits_memory();
  run.next_look = run.started + (run.watches_memory ? k_short_look_period : k_look_period);
  setup_.groups->begin(number, run.limits);
  JobOrder order = make_order(run, box, number, std::move(spec));
  Encoder message(Kind::run);
  message(order);
  for (int attempt = 0;; ++attempt) {  // a zygote may have died since its last job
    ZygoteProcess& zygote = zygote_for(number, run.network);
    try {
      send_message(zygote.channel.get(), message.data(), message.fds(), 0);
      break;
    } catch (const SysError&) {
      if (attempt != 0) throw;
      zygote.channel.reset();
    }
  }
}

JobOrder Broker::make_order(RunState& run, const StoredBox& box, unsigned number, RunSpec spec) {
  JobOrder order;
  order.run = run.id;
  order.uid = box.uid;
  bool full = setup_.config.mode == Mode::full;
  if (full) show_paths(spec, box);
  if (full) order.box = boxes_.mount_of(box, spec.read_only_box);
  order.directory = full ? k_box_path : boxes_.path_of(box);
  if (!spec.directory.empty()) order.directory.append("/").append(spec.directory);
  if (int group = setup_.groups->clone_into(number); group >= 0) {
    order.clone_into.reset(::fcntl(group, F_DUPFD_CLOEXEC, 0));
  }
  if (!spec.discard_output) {
    Pipe pipe = make_pipe();
    if (::fcntl(pipe.read_end.get(), F_SETFL, O_NONBLOCK) != 0) throw SysError("fcntl", "log");
    run.log_pipe = std::move(pipe.read_end);
    watch(run.log_pipe.get(), Source::log, number);
    order.output = std::move(pipe.write_end);
  }
  // What does not fit into the box is a sparse file, which would be a surprise for whoever reads it.
  std::uint64_t& file_size = spec.limits.file_size;
  if (box.bytes != 0 && (file_size == 0 || file_size > box.bytes)) file_size = box.bytes;
  order.spec = std::move(spec);
  return order;
}

/// Descriptors of the server become mounts; what leads into the box gets its mount point there. Configured paths that
/// lie under /tmp are among the latter: the view has only a link to the box there.
void Broker::show_paths(RunSpec& spec, const StoredBox& box) {
  std::vector<VisiblePath> shown;
  for (const VisiblePath& each : spec.visible) {
    shown.push_back({each.path, each.fd ? open_visible(each.path, &each.fd) : UniqueFd{}});
  }
  for (const std::string& path : setup_.config.visible) {
    if (!leads_into_box(path)) continue;
    UniqueFd mount = open_visible(path, nullptr);
    if (mount) shown.push_back({path, std::move(mount)});
  }
  std::sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  for (VisiblePath& each : shown) {
    if (!each.fd) each.fd = make_cover(each.path, shown);
    if (leads_into_box(each.path)) boxes_.make_mount_point(box, path_in_box(each.path), each.fd.get());
  }
  spec.visible = spec.read_only_box ? boxes_.writable_parts(box) : std::vector<VisiblePath>{};
  std::move(shown.begin(), shown.end(), std::back_inserter(spec.visible));
}

ZygoteProcess& Broker::zygote_for(unsigned number, Network network) {
  ZygoteProcess& zygote = slots_[number].zygote(network);
  if (!zygote.channel) spawn_zygote(zygote, number, network);
  return zygote;
}

void Broker::spawn_zygote(ZygoteProcess& zygote, unsigned number, Network network) {
  auto [ours, theirs] = make_socket_pair(SOCK_SEQPACKET);
  ZygoteSpec spec;
  spec.mode = setup_.config.mode;
  spec.slot = number;
  spec.slots = setup_.config.slots;
  spec.network = network;
  spec.change_user = setup_.root;
  spec.broker = ::getpid();
  spec.channel = theirs.get();
  spec.null = setup_.null.get();
  spec.open_files = setup_.open_files;
  spec.groups = setup_.groups.get();
  spec.filter = &setup_.filters[network == Network::none ? 0 : 1];
  spec.staging = setup_.staging;
  spec.view.visible = setup_.config.visible;
  spec.view.user_name = setup_.config.user_name;
  spec.view.first_uid = setup_.first_uid;
  spec.view.uid_count = setup_.uids;
  spec.view.network = network == Network::host;
  spec.view.host_proc = !setup_.root;
  zygote.pid = ::fork();
  if (zygote.pid == 0) run_zygote(spec);
  if (zygote.pid < 0) throw SysError("fork", "zygote");
  zygote.channel = std::move(ours);
  watch(zygote.channel.get(), source_of(network), number);
}

/// What cannot be set up is said at start, not by the first job: a job whose program does not exist gets through every
/// step but the last.
void Broker::prove_a_job() {
  constexpr std::uint32_t k_box = 0;
  boxes_.make(k_box, {std::uint64_t{1} << 20, 100});
  StoredBox& box = *boxes_.find(k_box);
  if (!box.error.empty()) throw Error("no jail can be had here: " + box.error);
  RunSpec spec;
  spec.argv = {"./a program that is not there"};
  spec.discard_output = true;
  RunState run(0, k_box, spec);
  start(run, 0, box, std::move(spec));
  ZygoteReport report;
  while (report.what != ZygoteReport::What::failed) {
    ssize_t n = ::recv(slots_[0].zygote(Network::none).channel.get(), &report, sizeof report, 0);
    if (n != static_cast<ssize_t>(sizeof report)) throw Error("no jail can be had here: the first zygote died");
    if (report.what == ZygoteReport::What::started) run.init = report.pid;
  }
  if (run.init > 0) ::waitpid(run.init, nullptr, 0);
  boxes_.drop(k_box);
  if (report.step == Step::execute) return;
  run.failure = {report.step, report.error};
  run.failure_text = report.text;
  std::string hint = report.step == Step::mount_proc ? " (in a container: run it with an unmasked /proc)" : "";
  throw Error("no jail can be had here: " + judge(run).reason + hint);
}

/// Takes what is there, up to a bound so that other jobs have their turn. False at the end of the log.
bool Broker::drain(RunState& run) {
  constexpr std::size_t k_chunk = std::size_t{64} << 10;
  constexpr int k_chunks = 16;
  constexpr int k_wide_pipe = 1 << 20;
  static std::array<char, k_chunk> buffer;
  for (int i = 0; i < k_chunks; ++i) {
    ssize_t n = ::read(run.log_pipe.get(), buffer.data(), buffer.size());
    if (n == 0) return false;
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    run.log.add({buffer.data(), static_cast<std::size_t>(n)});
    if (n == k_chunk && !std::exchange(run.has_wide_pipe, true)) {
      // Somebody prints a lot: fewer turns of writer and reader. Refused when the user has too many such pipes.
      static_cast<void>(::fcntl(run.log_pipe.get(), F_SETPIPE_SZ, k_wide_pipe));
    }
    if (run.limits.log_drained != 0 && run.log.total() > run.limits.log_drained && !run.log_exceeded) {
      run.log_exceeded = true;
      kill(run);
    }
  }
  return true;
}

void Broker::look_at(RunState& run) const {
  if (run.init < 0) return;
  TreeUsage usage = usage_of_tree(run.init);
  const Limits& limits = run.limits;
  if (limits.cpu_time.count() != 0 && usage.cpu > limits.cpu_time) run.cpu_exceeded = true;
  if (run.watches_memory) {
    const std::uint64_t box = box_bytes(run);
    if (usage.memory + box > limits.memory) usage.memory = std::min(usage.memory, exact_memory_of_tree(run.init));
    usage.memory += box;
  }
  run.usage.peak_memory = std::max(run.usage.peak_memory, usage.memory);
  if (run.watches_memory && usage.memory > limits.memory) run.memory_exceeded = true;
  if (run.cpu_exceeded || run.memory_exceeded) kill(run);
}

std::uint64_t Broker::box_bytes(const RunState& run) const {
  const StoredBox* box = boxes_.find(run.box);
  return box == nullptr ? 0 : boxes_.used_bytes(*box);
}

void Broker::cancel(std::uint64_t id) {
  for (Slot& slot : slots_) {
    if (!slot.run || slot.run->id != id) continue;
    slot.run->cancelled = true;
    kill(*slot.run);
  }
}

/// init is our child and was not reaped, so the pid is its own. Without namespaces it must kill the others first.
void Broker::kill(RunState& run) const noexcept {
  if (run.init < 0 || run.init_status) return;
  // A killed init has not waited for its children, so rusage will not count them.
  run.cpu = std::max(run.cpu, usage_of_tree(run.init).cpu);
  ::kill(run.init, setup_.config.mode == Mode::full ? SIGKILL : SIGTERM);
}

void Broker::fail(RunState& run, const std::string& text) const {
  run.failure = {Step::zygote, 0};
  run.failure_text = text;
}

/// Over: init has been reaped, or there never was one and never will be.
void Broker::finish_if_over(unsigned number) {
  RunState* run = slots_[number].run.get();
  if (run == nullptr) return;
  if (run->init_status || (run->failure && run->init < 0)) finish(number);
}

void Broker::finish(unsigned number) {
  // What init said last may still be in the channel: its end reached us first.
  on_zygote(number, slots_[number].run->network);
  RunState& run = *slots_[number].run;
  if (run.log_pipe) drain(run);  // a pipe holds no more than one call takes
  try {
    ControlGroups::Usage usage = setup_.groups->end(number);
    run.usage.out_of_memory = usage.out_of_memory;
    run.usage.peak_memory = std::max(run.usage.peak_memory, usage.peak_memory);
    if (run.watches_memory && std::max(run.largest_process, box_bytes(run)) > run.limits.memory) {
      run.memory_exceeded = true;
    }
  } catch (const Error& error) {
    fail(run, error.what());
  }
  RunReport result = judge(run);
  result.log = run.log.take();
  if (StoredBox* box = boxes_.find(run.box)) {
    box->busy = false;
    result.box_was_full = boxes_.is_full(*box);
    for (const WantedFile& wanted : run.outputs) result.outputs.push_back(boxes_.collect(*box, wanted));
    if (box->dropped) boxes_.drop(run.box);  // `box` is gone now
  }
  std::uint64_t id = run.id;
  slots_[number].run.reset();
  report(std::move(result), id);
  flush();
  setup_.groups->refresh(number);
}

void Broker::report(RunReport report, std::uint64_t id) {
  Encoder message(Kind::report);
  message(id, report);
  std::vector<UniqueFd> fds;
  for (OutputFile& output : report.outputs) {
    if (output.fd) fds.push_back(std::move(output.fd));
  }
  post(message, std::move(fds));
}

}  // namespace ejf::jail
