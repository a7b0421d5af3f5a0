// SPDX-License-Identifier: Apache-2.0
#include "config/ini_reader.h"

#include <fmt/format.h>
#include <ini.h>

#include <cstring>

#include "base/text.h"

namespace ejf::config {

namespace {

class Reader {
 public:
  Reader(std::string_view text, const std::string& file, const IniHandler& handler, Diagnostics& diagnostics)
      : rest_(text), file_(file), handler_(handler), diagnostics_(diagnostics) {
    constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";
    if (rest_.starts_with(k_byte_order_mark)) rest_.remove_prefix(k_byte_order_mark.size());
  }

  void read() {
    const int bad_line = ::ini_parse_stream(give_line, this, take_key, this);
    if (bad_line != 0) diagnostics_.error(file_, bad_line > 0 ? bad_line : 0, "not understood");
  }

 private:
  /// Works like fgets, a line a call. inih calls back between two calls, so that line_ is the line it speaks of.
  static char* give_line(char* buffer, int size, void* stream) {
    auto& self = *static_cast<Reader*>(stream);
    if (self.rest_.empty()) return nullptr;
    const auto end = self.rest_.find('\n');
    std::string_view line = trim(self.rest_.substr(0, end));
    self.rest_.remove_prefix(end == std::string_view::npos ? self.rest_.size() : end + 1);
    ++self.line_;
    if (!self.accept(line) || line.size() >= static_cast<std::size_t>(size)) line = "";
    std::memcpy(buffer, line.data(), line.size());
    buffer[line.size()] = '\0';
    return buffer;
  }

  static int take_key(void* user, const char* section, const char* name, const char* value) {
    auto& self = *static_cast<Reader*>(user);
    self.handler_.on_key(section, name, value == nullptr ? "" : value, self.line_);
    return 1;
  }

  /// False for a line that inih must not see.
  bool accept(std::string_view line) {
    if (line.empty() || line.front() == ';' || line.front() == '#') return false;
    if (line.size() > k_max_ini_line) return complain(fmt::format("the line is over {} bytes", k_max_ini_line));
    if (line.find('\0') != std::string_view::npos) return complain("a zero byte");
    if (line.front() != '[') {
      const auto equals = line.find_first_of("=:");
      if (equals == std::string_view::npos) return complain(fmt::format("'{}': '=' is expected", line));
      if (equals == 0) return complain("a key is expected before '='");
      return true;
    }
    const auto end = line.find(']');
    if (end == std::string_view::npos || line.substr(0, end).find(';') != std::string_view::npos) {
      return complain("']' is expected");
    }
    handler_.on_section(std::string{line.substr(1, end - 1)}, line_);
    return true;
  }

  bool complain(std::string message) {
    diagnostics_.error(file_, line_, std::move(message));
    return false;
  }

  std::string_view rest_;
  const std::string& file_;
  const IniHandler& handler_;
  Diagnostics& diagnostics_;
  int line_ = 0;
};

}  // namespace

void read_ini(std::string_view text, const std::string& file, const IniHandler& handler, Diagnostics& diagnostics) {
  Reader(text, file, handler, diagnostics).read();
}

}  // namespace ejf::config
