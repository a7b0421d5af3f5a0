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
  const std::string wrong = wrong_with(spec);
  if (wrong.empty()) lower(spec.limits, setup_.rules);
  auto state = std::make_unique<RunState>(id, box_id, spec);
  state->started = Monotonic::now();
  StoredBox* box = boxes_.find(box_id);
  const unsigned number = choose_slot(state->network);
  std::string error;
  if (box == nullptr) error = "the box is not there";
  if (box != nullptr) error = box->error;
  if (box != nullptr && box->busy) error = "a run is in the box already";
  if (slots_[number].run) error = "more runs than slots";
  if (!wrong.empty()) error = wrong;
  if (spec.argv.empty()) error = "no program given";
  if (spec.outputs.size() > k_most_outputs) error = "more files are wanted than one message can bring";
  if (!error.empty()) {
    fail(*state, error);
    report(judge(*state), id);
    return;
  }
  box->busy = true;
  Slot& slot = slots_[number];
  slot.run = std::move(state);
  slot.last_network = slot.run->network;
  try {
    slot.order = make_order(*slot.run, *box, number, std::move(spec));
  } catch (const Error& failure) {
    fail(*slot.run, failure.what());
    return finish(number);
  }
  begin(number);
}

/// Rather one that has the right init than one that has to make it, and that rather than one whose last init has not
/// gone.
unsigned Broker::choose_slot(Network network) const {
  auto wait = [network](const Slot& slot) {
    if (slot.run) return 3;
    if (slot.init.state == Init::State::leaving) return 2;
    return slot.init.exists() && slot.init.network == network ? 0 : 1;
  };
  auto best =
      std::min_element(slots_.begin(), slots_.end(), [&](const Slot& a, const Slot& b) { return wait(a) < wait(b); });
  return static_cast<unsigned>(best - slots_.begin());
}

/// Gives the slot's run to an init, now or when the slot has one.
void Broker::begin(unsigned number) {
  Slot& slot = slots_[number];
  RunState& run = *slot.run;
  if (run.is_condemned() || run.failure) return finish(number);
  run.watches_memory = run.limits.memory != 0 && !setup_.groups->limits_memory();
  run.next_look = run.started + (run.watches_memory ? k_short_look_period : k_look_period);
  try {
    hand_over(number);
  } catch (const Error& failure) {
    fail(run, failure.what());
    finish(number);
  }
}

/// Its read end is watched.
Pipe Broker::make_log(unsigned number) const {
  Pipe pipe = make_pipe();
  if (::fcntl(pipe.read_end.get(), F_SETFL, O_NONBLOCK) != 0) throw SysError("fcntl", "log");
  watch(pipe.read_end.get(), Source::log, number);
  return pipe;
}

JobOrder Broker::make_order(RunState& run, StoredBox& box, unsigned number, RunSpec spec) {
  JobOrder order;
  order.uid = box.uid;
  bool full = setup_.config.mode == Mode::full;
  if (full) show_paths(spec, box);
  if (full) order.box = boxes_.take_mount(box, spec.read_only_box);
  order.directory = full ? k_box_path : boxes_.path_of(box);
  if (!spec.directory.empty()) order.directory.append("/").append(spec.directory);
  if (!spec.discard_output) {
    Pipe pipe = std::exchange(slots_[number].log, {});
    if (!pipe.read_end) pipe = make_log(number);
    run.log_pipe = std::move(pipe.read_end);
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
  {
    const AsClient rights(setup_.client.rights);
    for (const VisiblePath& each : spec.visible) {
      shown.push_back({each.path, each.fd ? open_visible(each.path, &each.fd) : UniqueFd{}});
    }
    for (const std::string& path : setup_.config.visible) {
      if (!leads_into_box(path)) continue;
      UniqueFd mount = open_visible(path, nullptr);
      if (mount) shown.push_back({path, std::move(mount)});
    }
  }
  std::sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  for (VisiblePath& each : shown) {
    if (!each.fd) each.fd = make_cover(each.path, shown);
    if (leads_into_box(each.path)) boxes_.make_mount_point(box, path_in_box(each.path), each.fd.get());
  }
  spec.visible = spec.read_only_box ? boxes_.writable_parts(box) : std::vector<VisiblePath>{};
  std::move(shown.begin(), shown.end(), std::back_inserter(spec.visible));
}

/// Takes what is there, up to a bound so that other jobs have their turn. False at the end of the log, or of what may
/// be in it: until the job is dead it gets rid of no more.
bool Broker::drain(Slot& slot) {
  RunState& run = *slot.run;
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
    if (run.limits.log_drained != 0 && run.log.total() > run.limits.log_drained) {
      run.log_exceeded = true;
      kill(slot);
      return false;
    }
  }
  return true;
}

void Broker::look_at(unsigned number) {
  Slot& slot = slots_[number];
  if (!slot.is_running()) return;
  RunState& run = *slot.run;
  const pid_t init = slot.init.pid;
  TreeUsage usage = usage_of_tree(init);
  const Limits& limits = run.limits;
  try {
    if (limits.cpu_time.count() != 0) usage.cpu = std::max(usage.cpu, setup_.groups->cpu_time(number));
  } catch (const Error&) {
    // Somebody took the group away; finish() says so.
  }
  run.look_at_cpu(usage.cpu, Monotonic::now());
  if (run.watches_memory) {
    const std::uint64_t box = box_bytes(run);
    if (usage.memory + box > limits.memory) usage.memory = std::min(usage.memory, exact_memory_of_tree(init));
    usage.memory += box;
  }
  run.usage.peak_memory = std::max(run.usage.peak_memory, usage.memory);
  if (run.watches_memory && usage.memory > limits.memory) run.memory_exceeded = true;
  if (run.cpu_exceeded || run.memory_exceeded || run.idle_exceeded) kill(slot);
}

std::uint64_t Broker::box_bytes(const RunState& run) const {
  const StoredBox* box = boxes_.find(run.box);
  return box == nullptr ? 0 : boxes_.used_bytes(*box);
}

void Broker::cancel(std::uint64_t id) {
  for (Slot& slot : slots_) {
    if (!slot.run || slot.run->id != id) continue;
    slot.run->cancelled = true;
    kill(slot);
  }
}

/// init is our child and was not reaped, so the pid is its own. Without namespaces it must kill the others first.
/// One that has not said a word is killed when it does.
void Broker::kill(Slot& slot) const noexcept {
  if (!slot.is_running()) return;
  // A killed init has not waited for its children, so rusage will not count them.
  slot.run->cpu = std::max(slot.run->cpu, usage_of_tree(slot.init.pid).cpu);
  ::kill(slot.init.pid, setup_.config.mode == Mode::full ? SIGKILL : SIGTERM);
}

void Broker::fail(RunState& run, const std::string& text) const {
  run.failure = {Step::zygote, 0};
  run.failure_text = text;
}

void Broker::finish(unsigned number) {
  Slot& slot = slots_[number];
  RunState& run = *slot.run;
  if (run.log_pipe) drain(slot);  // a pipe holds no more than one call takes
  try {
    if (run.inits != 0 && run.limits.cpu_time.count() != 0) {
      run.cpu = std::max(run.cpu, setup_.groups->cpu_time(number));
    }
    ControlGroups::Usage usage = setup_.groups->end(number);
    run.usage.out_of_memory = usage.out_of_memory;
    run.usage.peak_memory = std::max(run.usage.peak_memory, usage.peak_memory);
    if (run.watches_memory && std::max(run.largest_process, box_bytes(run)) > run.limits.memory) {
      run.memory_exceeded = true;
    }
  } catch (const Error& error) {
    fail(run, error.what());
  }
  std::vector<OutputFile> outputs;
  bool box_was_full = false;
  if (StoredBox* box = boxes_.find(run.box)) {
    box->busy = false;
    box_was_full = boxes_.is_full(*box);
    outputs = collect_outputs(run, *box);
    if (box->dropped) boxes_.drop(run.box);  // `box` is gone now
  }
  RunReport result = judge(run);
  result.log = run.log.take();
  result.box_was_full = box_was_full;
  result.outputs = std::move(outputs);
  if (slot.init.state == Init::State::at_work) slot.init.state = Init::State::leaving;
  report(std::move(result), run.id);
  flush();
  slot.run.reset();
  slot.order.reset();
  if (!slot.init.exists()) vacated(number);
}

/// A fault of the machine says nothing of the program: then there are none, and the run has failed.
std::vector<OutputFile> Broker::collect_outputs(RunState& run, const StoredBox& box) const {
  std::vector<OutputFile> outputs;
  try {
    for (const WantedFile& wanted : run.outputs) outputs.push_back(boxes_.collect(box, wanted));
  } catch (const SysError& error) {
    outputs.clear();
    if (!run.failure) fail(run, error.what());
  }
  return outputs;
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
