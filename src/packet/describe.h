// SPDX-License-Identifier: Apache-2.0
// Packets for people and for programs that read JSON.
#pragma once

#include <string>

#include "packet/compile_reply.h"
#include "packet/compile_request.h"
#include "packet/heartbeat.h"

namespace ejf::packet {

/// A line that says what it is, then lines of the fields that are not default, for a terminal: every byte that a
/// terminal might obey is escaped. Ends with a newline.
std::string describe_request(const CompileRequest& request);
std::string describe_reply(const CompileReply& reply, ReplyLayout layout);
std::string describe_heartbeat(const Heartbeat& heartbeat);

/// An object with all fields of the newest version under ejudge's names. UUIDs are texts, run_block is hex; a text that
/// is not UTF-8 is {"hex": "..."}. A reply also has "status_name".
std::string request_to_json(const CompileRequest& request);
std::string reply_to_json(const CompileReply& reply);
std::string heartbeat_to_json(const Heartbeat& heartbeat);

}  // namespace ejf::packet
