// SPDX-License-Identifier: Apache-2.0
#include "config/charset.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace ejf::config {

namespace {

/// Slashes would switch iconv's transliteration and skipping on; those lose text.
bool is_charset_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == ':';
  });
}

class Converter {
 public:
  Converter(const std::string& from, const std::string& to) : handle_(::iconv_open(to.c_str(), from.c_str())) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (is_open()) ::iconv_close(handle_);
  }

  // iconv_open's error value is a pointer made from -1.
  bool is_open() const noexcept { return reinterpret_cast<std::intptr_t>(handle_) != -1; }

  /// False at a byte sequence that cannot be converted.
  bool convert(std::string_view text, std::string& out) {
    std::string input{text};  // iconv takes a pointer to non-const
    char* from = input.data();
    std::size_t left = input.size();
    std::array<char, 4096> buffer;
    for (bool flushing = false;;) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t rc =
          flushing ? ::iconv(handle_, nullptr, nullptr, &to, &room) : ::iconv(handle_, &from, &left, &to, &room);
      const bool ok = rc != static_cast<std::size_t>(-1);
      if (!ok && errno != E2BIG) return false;
      out.append(buffer.data(), buffer.size() - room);
      if (!ok) continue;
      if (flushing) return true;
      flushing = true;
    }
  }

 private:
  iconv_t handle_;
};

}  // namespace

bool is_utf8_charset(std::string_view name) {
  std::string lower{name};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower == "utf-8" || lower == "utf8" || lower == "us-ascii" || lower == "ascii";
}

Result<std::string, CharsetError> convert_charset(std::string_view text, std::string_view from, std::string_view to) {
  const std::string from_name{from};
  const std::string to_name{to};
  for (const std::string& name : {from_name, to_name}) {
    if (!is_charset_name(name)) return fail(CharsetError{fmt::format("unknown character set '{}'", name)});
  }
  Converter converter(from_name, to_name);
  if (!converter.is_open()) {
    const std::string& foreign = is_utf8_charset(from) ? to_name : from_name;
    return fail(CharsetError{fmt::format("unknown character set '{}'", foreign)});
  }
  std::string out;
  if (!converter.convert(text, out)) {
    return fail(CharsetError{fmt::format("text that cannot be converted from {} to {}", from_name, to_name)});
  }
  return out;
}

}  // namespace ejf::config
