// SPDX-License-Identifier: Apache-2.0
// The entry point that each fuzzer of this directory defines. libFuzzer calls it (clang++ -fsanitize=fuzzer,address),
// or replay.cc does.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
