// SPDX-License-Identifier: Apache-2.0
// Anything that a compiler may print: the report is UTF-8 without control characters, what is so already stays as it
// is, and the size has a limit.
#include <algorithm>

#include "base/error.h"
#include "compile/request_log.h"
#include "fuzz.h"
#include "packet/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ejf::compile::RequestLog whole(size);
  ejf::compile::RequestLog cut(64);
  whole.add(bytes);
  for (std::size_t at = 0; at < size; at += 7) cut.add_line(bytes.substr(at, 7));
  const std::string text = whole.text();
  const auto is_fine = [](char c) { return static_cast<unsigned char>(c) >= ' ' || (c >= '\t' && c <= '\r'); };
  const bool is_plain = std::all_of(bytes.begin(), bytes.end(), [&](char c) { return is_fine(c) && c != '\x7f'; });
  EJF_CHECK(text.size() == size && (text == bytes) == (is_plain && ejf::packet::is_utf8(bytes)));
  EJF_CHECK(cut.text().size() <= 64 + 100);
  for (const std::string& report : {text, cut.text()}) {
    EJF_CHECK(ejf::packet::is_utf8(report) && std::all_of(report.begin(), report.end(), is_fine));
  }
  return 0;
}
