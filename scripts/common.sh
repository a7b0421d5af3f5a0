# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts of this directory share: messages, steps, and the processes that a script started. Sourced.

# Compilers are looked for where a server finds them, not in the private directories of the person who runs a script.
# shellcheck disable=SC2034  # read by the scripts that source this file
system_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# The word "[2/6]" of a step, and how wide its name and dots are.
step_number=0
step_total=0
step_width=32
step_started=0

is_terminal() { [[ -t 1 && ${TERM:-dumb} != dumb ]]; }

# paint COLOUR TEXT: the text, coloured on a terminal whose owner wants colours.
paint() {
  local code
  case $1 in red) code=31 ;; green) code=32 ;; yellow) code=33 ;; *) code=1 ;; esac
  if is_terminal && [[ -z ${NO_COLOR:-} ]]; then
    printf '\033[%sm%s\033[0m' "$code" "$2"
  else
    printf '%s' "$2"
  fi
}

say() { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# die CODE MESSAGE...: 2 is wrong usage, 3 a fault of the machine.
die() {
  local code=$1
  shift
  step_break
  warn "$@"
  exit "$code"
}

# The start of a step; step_done or step_failed ends its line.
step_open=
step() {
  step_number=$((step_number + 1))
  step_started=$SECONDS
  local head dots
  head="[$step_number/$step_total] $1 "
  printf -v dots '%*s' $((step_width - ${#head} > 3 ? step_width - ${#head} : 3)) ''
  printf '%s%s ' "$head" "${dots// /.}"
  step_open=yes
}
step_done() {
  printf '%s\n' "$1"
  step_open=
}
step_failed() {
  paint red "$1"
  printf '\n'
  step_open=
}
# Ends the line of an open step, so that a message starts on a line of its own.
step_break() {
  [[ -z $step_open ]] || printf '\n'
  step_open=
}
step_seconds() { printf 'done in %d s' $((SECONDS - step_started)); }

# show_tail FILE LINES: the end of a log, indented, on standard error.
show_tail() {
  [[ -s $1 ]] || return 0
  printf '  --- end of %s\n' "$1" >&2
  tail -n "$2" "$1" | sed 's/^/  | /' >&2
}

# The process that run_waiting waits for; a trap of the caller ends it with stop_waiting.
waiting_pid=

# run_waiting LOG COMMAND...: runs the command with no standard input and its output in LOG. Unlike a plain command it
# lets a signal's trap run at once.
run_waiting() {
  local log=$1 code=0
  shift
  "$@" </dev/null >"$log" 2>&1 &
  waiting_pid=$!
  wait "$waiting_pid" || code=$?
  waiting_pid=
  return "$code"
}

stop_waiting() {
  [[ -n $waiting_pid ]] || return 0
  kill -TERM "$waiting_pid" 2>/dev/null || :
  wait "$waiting_pid" 2>/dev/null || :
  waiting_pid=
}

# wait_for SECONDS COMMAND...: until the command succeeds; false when the time is up.
wait_for() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < until)) || return 1
    sleep 0.1
  done
}

# count_cpus: how many processors this process may use.
count_cpus() { nproc 2>/dev/null || echo 1; }
