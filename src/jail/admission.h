// SPDX-License-Identifier: Apache-2.0
// What a broker does not do, whoever asks. It may be root while its client is not, and the client may be a server that
// a hostile packet has taken over: so all that comes over the socket is looked at here, by lists of rules, before
// anything is done with it. What the lists do not say: names in boxes are resolved below the box (box_store.cc), paths
// are looked up with the client's rights (client.h), and a message that does not decode ends the broker (wire.h).
#pragma once

#include <cstddef>
#include <string>

#include "jail/admin_rules.h"
#include "jail/client.h"
#include "jail/jail.h"
#include "jail/wire.h"

namespace ejf::jail {

/// A configuration that may be served, and what the messages that follow it may ask for.
struct Admission {
  JailConfig config;
  Client client;
  AdminRules rules;
};

/// Throws Error with what is wrong. For a client that is not trusted the user ids are those of `rules`, and the control
/// group has a name that no other user's server has.
Admission admit(JailConfig config, Client client, AdminRules rules);

/// Who goes on with a broker when its server executes itself anew, which may have become another user: nothing that
/// root's own server did not have.
Admission successor(const Admission& before);

/// Each gives what is wrong with it, or nothing.
std::string wrong_with(const BoxSpec& spec, const AdminRules& rules);
std::string wrong_with(const FileOrder& order);
std::string wrong_with(const RunSpec& spec);

/// Limits that are above what root allows become those.
void lower(Limits& limits, const AdminRules& rules);

/// How many boxes a client may have: a request has one, and more requests than slots are under way.
std::size_t most_boxes(const JailConfig& config) noexcept;

}  // namespace ejf::jail
