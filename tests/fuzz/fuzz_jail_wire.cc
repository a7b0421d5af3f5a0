// SPDX-License-Identifier: Apache-2.0
// Any bytes as a message of the jail: decoding ends, and what decodes is admitted or refused, never a crash.
#include "base/error.h"
#include "fuzz.h"
#include "jail/admission.h"
#include "jail/wire.h"

namespace {

template <typename T>
std::string again(ejf::jail::Kind kind, const T& value) {
  ejf::jail::Encoder encoder(kind);
  encoder(value);
  return encoder.data();
}

void look_at(ejf::jail::Decoder& in) {
  using namespace ejf::jail;
  const Kind kind = in.take<Kind>();
  if (kind == Kind::configure) {
    auto config = in.take<JailConfig>();
    EJF_CHECK(!again(kind, config).empty());
    admit(std::move(config), {}, AdminRules::of_root());
  }
  if (kind == Kind::make_box) EJF_CHECK(wrong_with(in.take<BoxSpec>(), {}).size() < 200);
  if (kind == Kind::put_file) EJF_CHECK(wrong_with(in.take<FileOrder>()).size() < 200);
  if (kind == Kind::report) EJF_CHECK(!again(kind, in.take<RunReport>()).empty());
  if (kind != Kind::run) return;
  auto spec = in.take<RunSpec>();
  if (wrong_with(spec).empty()) lower(spec.limits, {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ejf::jail::Message message;
  message.data.assign(reinterpret_cast<const char*>(data), size);
  try {
    ejf::jail::Decoder in(std::move(message));
    look_at(in);
  } catch (const ejf::Error&) {
    return 0;
  }
  return 0;
}
