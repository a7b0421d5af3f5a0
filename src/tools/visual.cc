// SPDX-License-Identifier: Apache-2.0
#include "tools/visual.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>

#include "base/error.h"
#include "lang/menu.h"
#include "lang/path_completion.h"
#include "lang/termination.h"
#include "tools/configure_report.h"
#include "tools/screen.h"

namespace ejf::tools {

namespace {

using Kind = lang::MenuOrder::Kind;

constexpr std::size_t k_progress_width = 200;
/// A change of the window's size may come just before one waits for a key.
constexpr int k_longest_wait_ms = 1000;

/// Menu, terminal and configurator together.
class VisualSession {
 public:
  explicit VisualSession(lang::ConfiguratorSettings settings)
      : configurator_(std::move(settings), {[this](std::string_view text) { log(text); },
                                            [this](const lang::Progress& progress) { show(progress); }}) {}

  bool run() {
    screen_.measure(menu_);
    menu_.show_log();
    draw();
    configurator_.prepare_directories();
    configurator_.look();
    take_rows();
    menu_.show_list();
    for (;;) {
      draw();
      auto input = wait_for_key();
      if (!input) continue;
      lang::MenuOrder order = menu_.handle(*input);
      if (order.kind == Kind::probe) probe(order);
      if (order.kind == Kind::complete) menu_.set_field(lang::complete_path(order.argument));
      if (order.kind == Kind::save || order.kind == Kind::save_and_quit) save();
      if (order.kind == Kind::quit) return was_saved_;
      // With something wrong one stays to see what it is.
      if (order.kind == Kind::save_and_quit && !has_failed_) return was_saved_;
    }
  }

 private:
  void log(std::string_view text) {
    menu_.add_log(text);
    draw();
  }

  void show(const lang::Progress& progress) {
    menu_.say(describe_progress(progress, since_, std::chrono::steady_clock::now(), k_progress_width));
    draw();
  }

  void draw() { screen_.draw(menu_.picture()); }

  void take_rows() { menu_.set_rows(lang::make_menu_rows(configurator_.probes(), configurator_.language_ids())); }

  std::optional<lang::MenuInput> wait_for_key() {
    bool is_resized = false;
    auto input = screen_.read_key(is_resized);
    if (is_resized) screen_.measure(menu_);
    if (input || is_resized) return input;
    std::array<pollfd, 2> events{{{STDIN_FILENO, POLLIN, 0}, {signals_.fd(), POLLIN, 0}}};
    if (::poll(events.data(), events.size(), k_longest_wait_ms) < 0 && errno != EINTR)
      throw SysError("poll", "terminal");
    signals_.throw_if_received();
    // The terminal is gone: nobody will ever press a key.
    if ((events[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) throw lang::Interrupted("the terminal is gone");
    return {};
  }

  void probe(const lang::MenuOrder& order) {
    menu_.say(fmt::format("trying {}...", order.language));
    draw();
    configurator_.look_again(order.language, order.argument);
    take_rows();
    const auto& probes = configurator_.probes();
    auto now = std::find_if(probes.begin(), probes.end(), [&](const auto& p) { return p.language == order.language; });
    if (now == probes.end()) return;
    bool is_still_on = now->is_enabled && order.argument == lang::k_off_argument;
    menu_.say(is_still_on
                  ? fmt::format("{} stays on: its version script cannot be told to switch it off", order.language)
              : now->is_enabled ? fmt::format("{} is on: {} {}", order.language, now->path, now->value("version"))
                                : fmt::format("{} is off: {}", order.language, lang::explain_off(*now)));
  }

  void save() {
    auto before = static_cast<std::ptrdiff_t>(configurator_.changes().size());
    configurator_.save();
    const auto& changes = configurator_.changes();
    auto count = [&](lang::FileChange::State state) {
      return std::count_if(changes.begin() + before, changes.end(), [&](const auto& c) { return c.state == state; });
    };
    auto saved = count(lang::FileChange::State::saved);
    auto failed = count(lang::FileChange::State::failed);
    has_failed_ = failed > 0;
    was_saved_ = !has_failed_;
    menu_.set_saved(!has_failed_);
    menu_.say(has_failed_ ? fmt::format("{} files could not be saved; L shows why", failed)
                          : fmt::format("saved: {} files were written", saved));
  }

  lang::TerminationSignals signals_;
  Screen screen_;
  lang::Menu menu_;
  std::map<std::string, std::chrono::steady_clock::time_point> since_;
  lang::Configurator configurator_;
  bool has_failed_ = false;
  bool was_saved_ = false;
};

}  // namespace

bool run_menu(lang::ConfiguratorSettings settings) {
  return VisualSession(std::move(settings)).run();
}

}  // namespace ejf::tools
