// SPDX-License-Identifier: Apache-2.0
#include "compile/container_options.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "compile/named_paths.h"

namespace ejf::compile {

namespace {

constexpr std::size_t k_most_ignored = 20;
constexpr std::size_t k_longest_quote = 64;

enum class Argument {
  none,
  milliseconds,
  count,
  positive,  ///< a count that has no "none"
  size,      ///< bytes, with k, m or g behind the number
  octal,
  text,        ///< <length><bytes>, or <separator>text<separator>
  maybe_text,  ///< only the first of these two forms, or nothing
};

struct Value {
  std::uint64_t number = 0;
  std::string_view text;
};

using Effect = void (*)(ContainerOptions&, const Value&);

/// One option. Without effect and without a reason it is something that is always so in our jail.
struct Row {
  std::string_view name;
  Argument argument;
  Effect effect;
  const char* why_not;  ///< it has no effect here
};

void show(ContainerOptions& options, const char* path) {
  auto& paths = options.shown_paths;
  if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.emplace_back(path);
}

std::chrono::milliseconds milliseconds(const Value& value) {
  return std::chrono::milliseconds{static_cast<std::int64_t>(value.number)};
}

std::uint32_t count(const Value& value) {
  return static_cast<std::uint32_t>(value.number);
}

/// ejudge's compile profiles: .NET writes sparse files of many gigabytes. What ghc needs below /var is always seen.
void use_profile(ContainerOptions& options, const Value& value) {
  if (value.text == "dotnet-cs" || value.text == "dotnet-vb") options.file_size = 0;
}

constexpr const char* k_server_chooses = "the server itself chooses files, directories and users";
constexpr const char* k_always_walled = "a job always has namespaces and control groups of its own";

constexpr Row k_rows[] = {
    {"f", Argument::count, nullptr, k_server_chooses},
    {"w", Argument::text, nullptr, k_server_chooses},
    {"cf", Argument::count, nullptr, k_server_chooses},
    {"cu", Argument::count, nullptr, k_server_chooses},
    {"cw", Argument::text, nullptr, k_server_chooses},
    {"ma", Argument::none, [](ContainerOptions& o, const Value&) { o.cpu_time = std::chrono::milliseconds{0}; },
     nullptr},
    {"mb", Argument::none, [](ContainerOptions& o, const Value&) { o.real_time = std::chrono::milliseconds{0}; },
     nullptr},
    {"mc", Argument::none, nullptr, "orphans are ended, not counted"},
    {"mC", Argument::none, nullptr, nullptr},
    {"md", Argument::none, nullptr, "a job sees the harmless devices only"},
    {"mD", Argument::none, nullptr, k_server_chooses},
    {"me", Argument::none, [](ContainerOptions& o, const Value&) { show(o, "/etc"); }, nullptr},
    {"mE", Argument::none, nullptr, nullptr},
    {"mf", Argument::none, nullptr, "signals are at their defaults"},
    {"mg", Argument::none, nullptr, k_always_walled},
    {"mG", Argument::none, nullptr, k_always_walled},
    {"mh", Argument::none, [](ContainerOptions& o, const Value&) { show(o, "/home"); }, nullptr},
    {"mi", Argument::none, nullptr, k_always_walled},
    {"mI", Argument::none, nullptr, "there are no objects of System V to be counted"},
    {"ml", Argument::none, [](ContainerOptions& o, const Value&) { o.loopback = true; }, nullptr},
    {"mm", Argument::none, nullptr, k_always_walled},
    {"mM", Argument::none, nullptr, nullptr},
    {"mn", Argument::none, [](ContainerOptions& o, const Value&) { o.network = true; }, nullptr},
    {"mo", Argument::none, nullptr, "the files of a job are always its own"},
    {"mp", Argument::none, nullptr, k_always_walled},
    {"mP", Argument::none, nullptr, nullptr},
    // Connecting to a socket needs no right to write to the mount that it lies on.
    {"mr", Argument::none, nullptr, "in /run are the sockets of the host's services"},
    {"ms", Argument::none, nullptr, "a job always works in /sandbox"},
    {"mS", Argument::none, nullptr, "a job does not see /sys"},
    {"mv", Argument::none, [](ContainerOptions& o, const Value&) { show(o, "/var"); }, nullptr},
    {"mV", Argument::none, [](ContainerOptions& o, const Value&) { o.address_space = 0; }, nullptr},
    {"rn", Argument::maybe_text, nullptr, k_server_chooses},
    {"rm", Argument::maybe_text, nullptr, k_server_chooses},
    {"ra", Argument::maybe_text, nullptr, k_server_chooses},
    {"rb", Argument::maybe_text, nullptr, k_server_chooses},
    {"ri", Argument::text, nullptr, k_server_chooses},
    {"ro", Argument::text, nullptr, k_server_chooses},
    {"rO", Argument::text, nullptr, k_server_chooses},
    {"re", Argument::text, nullptr, k_server_chooses},
    {"rE", Argument::text, nullptr, k_server_chooses},
    {"rp", Argument::text, nullptr, k_server_chooses},
    {"lt", Argument::milliseconds, [](ContainerOptions& o, const Value& v) { o.cpu_time = milliseconds(v); }, nullptr},
    {"lr", Argument::milliseconds, [](ContainerOptions& o, const Value& v) { o.real_time = milliseconds(v); }, nullptr},
    {"lm", Argument::octal, nullptr, "the umask is 022"},
    {"lo", Argument::count, [](ContainerOptions& o, const Value& v) { o.open_files = count(v); }, nullptr},
    {"lu", Argument::positive, [](ContainerOptions& o, const Value& v) { o.processes = count(v); }, nullptr},
    {"ls", Argument::size, [](ContainerOptions& o, const Value& v) { o.stack = v.number; }, nullptr},
    {"lv", Argument::size, [](ContainerOptions& o, const Value& v) { o.address_space = v.number; }, nullptr},
    {"lR", Argument::size, [](ContainerOptions& o, const Value& v) { o.memory = v.number; }, nullptr},
    {"lf", Argument::size, [](ContainerOptions& o, const Value& v) { o.file_size = v.number; }, nullptr},
    {"ol", Argument::text, use_profile, nullptr},
    {"s0", Argument::none, nullptr, nullptr},
    {"se", Argument::none, nullptr, nullptr},
    {"sf", Argument::none, nullptr, nullptr},
    {"sm", Argument::none, nullptr, nullptr},
    {"ss", Argument::none, nullptr, nullptr},
    {"su", Argument::none, nullptr, "unshare is always refused"},
    {"sr", Argument::none, nullptr, "io_uring is always refused"},
};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// The most that a number may be; 0 for arguments that are no numbers.
std::uint64_t most_of(Argument argument) noexcept {
  constexpr std::uint64_t k_year_ms = 366ULL * 24 * 3600 * 1000;
  switch (argument) {
    case Argument::milliseconds:
      return k_year_ms;
    case Argument::count:
    case Argument::positive:
    case Argument::octal:
      return std::uint64_t{1} << 20;
    case Argument::size:
      return std::uint64_t{1} << 60;
    case Argument::none:
    case Argument::text:
    case Argument::maybe_text:
      return 0;
  }
  return 0;
}

class Parser {
 public:
  explicit Parser(std::string_view text) noexcept : rest_(text) {}

  ContainerOptions parse() {
    while (!rest_.empty()) {
      if (rest_.front() == ',' || is_blank(rest_.front())) {
        rest_.remove_prefix(1);
      } else {
        option();
      }
    }
    return std::move(options_);
  }

 private:
  void option() {
    start_ = rest_;
    const Row* row = find_row();
    if (row == nullptr) return skip("no option of a container");
    rest_.remove_prefix(row->name.size());
    Value value;
    if (const char* error = read_argument(row->argument, value)) return skip(error);
    if (most_of(row->argument) != 0 && row->effect != nullptr) {
      if (value.number > most_of(row->argument)) return ignore("too large");
      const bool has_none = row->argument == Argument::milliseconds || row->argument == Argument::count;
      if (value.number == 0 && !has_none) return ignore("must not be 0");
    }
    if (row->effect != nullptr) return row->effect(options_, value);
    if (row->why_not != nullptr) ignore(row->why_not);
  }

  const Row* find_row() const {
    const auto* row = std::find_if(std::begin(k_rows), std::end(k_rows),
                                   [&](const Row& each) { return rest_.starts_with(each.name); });
    return row == std::end(k_rows) ? nullptr : row;
  }

  /// Null when it was there.
  const char* read_argument(Argument argument, Value& value) {
    switch (argument) {
      case Argument::none:
        return nullptr;
      case Argument::milliseconds:
      case Argument::count:
      case Argument::positive:
        return read_number(10, value.number) ? nullptr : "a number is expected";
      case Argument::octal:
        return read_number(8, value.number) ? nullptr : "an octal number is expected";
      case Argument::size:
        return read_size(value.number) ? nullptr : "a size is expected";
      case Argument::maybe_text:
        if (rest_.empty() || !is_digit(rest_.front())) return nullptr;
        [[fallthrough]];
      case Argument::text:
        return read_text(value.text) ? nullptr : "a text is expected";
    }
    return nullptr;
  }

  /// Takes all digits; what does not fit becomes the largest number.
  bool read_number(std::uint64_t base, std::uint64_t& number) {
    constexpr auto k_max = std::numeric_limits<std::uint64_t>::max();
    std::size_t digits = 0;
    for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits) {
      const auto digit = static_cast<std::uint64_t>(rest_[digits] - '0');
      if (digit >= base) return false;
      number = number > (k_max - digit) / base ? k_max : number * base + digit;
    }
    rest_.remove_prefix(digits);
    return digits != 0;
  }

  bool read_size(std::uint64_t& number) {
    if (!read_number(10, number)) return false;
    constexpr std::string_view k_units = "kmgKMG";
    const auto unit = rest_.empty() ? std::string_view::npos : k_units.find(rest_.front());
    if (unit == std::string_view::npos) return true;
    rest_.remove_prefix(1);
    const unsigned shift = 10 * (static_cast<unsigned>(unit % 3) + 1);
    constexpr auto k_max = std::numeric_limits<std::uint64_t>::max();
    number = number > (k_max >> shift) ? k_max : number << shift;
    return true;
  }

  bool read_text(std::string_view& text) {
    if (rest_.empty()) return false;
    std::size_t begin = 0;
    std::size_t length = 0;
    if (is_digit(rest_.front())) {
      std::uint64_t given = 0;
      read_number(10, given);
      if (given > rest_.size()) return false;
      length = static_cast<std::size_t>(given);
    } else {
      begin = 1;
      const std::size_t end = rest_.find(rest_.front(), begin);
      if (end == std::string_view::npos) return false;
      length = end - begin;
    }
    text = rest_.substr(begin, length);
    rest_.remove_prefix(begin + length + begin);  // with both separators, or with none
    return true;
  }

  /// Where an option ends that cannot be read nobody knows; the next comma is a beginning for sure.
  void skip(const char* why) {
    const std::size_t read = start_.size() - rest_.size();
    const std::size_t comma = start_.find(',', read);
    rest_ = comma == std::string_view::npos ? std::string_view{} : start_.substr(comma);
    ignore(why);
  }

  void ignore(const char* why) {
    if (options_.ignored.size() > k_most_ignored) return;
    if (options_.ignored.size() == k_most_ignored) {
      options_.ignored.emplace_back("and more");
      return;
    }
    std::string_view quoted = start_.substr(0, start_.size() - rest_.size());
    const bool is_long = quoted.size() > k_longest_quote;
    std::string item = escape_c(quoted.substr(0, k_longest_quote));
    item.append(is_long ? "...: " : ": ").append(why);
    options_.ignored.push_back(std::move(item));
  }

  std::string_view rest_;
  std::string_view start_;  ///< of the option that is read
  ContainerOptions options_;
};

template <typename To, typename From>
void override(To& limit, const std::optional<From>& given) {
  if (given) limit = *given;
}

}  // namespace

ContainerOptions parse_container_options(std::string_view text) {
  return Parser(text).parse();
}

void apply(const ContainerOptions& options, const HiddenPaths& hidden, jail::RunSpec& run) {
  jail::Limits& limits = run.limits;
  override(limits.cpu_time, options.cpu_time);
  override(limits.real_time, options.real_time);
  override(limits.address_space, options.address_space);
  override(limits.stack, options.stack);
  override(limits.memory, options.memory);
  override(limits.file_size, options.file_size);
  override(limits.open_files, options.open_files);
  override(limits.processes, options.processes);
  if (options.network) run.network = true;
  if (options.loopback) run.loopback = true;
  for (const std::string& path : options.shown_paths) show(path, hidden, run.visible);
}

}  // namespace ejf::compile
