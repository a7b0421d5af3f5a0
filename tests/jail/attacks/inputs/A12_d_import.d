// SPDX-License-Identifier: Apache-2.0
import std.stdio;
enum s = import("@PUBLIC_NAME@");
void main() { write(s); }
