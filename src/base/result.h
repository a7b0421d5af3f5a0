// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>
#include <utility>

namespace ejf {

/// A value, or why there is none: the channel for untrusted input and ordinary failure.
template <typename T, typename E>
using Result = tl::expected<T, E>;

template <typename E>
auto fail(E&& error) {
  return tl::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace ejf
