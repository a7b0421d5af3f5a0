# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts of this directory share: messages, steps, and the processes that a script started. Sourced.

# The source tree.
src=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Compilers are looked for where a server finds them, not in the private directories of the person who runs a script.
# shellcheck disable=SC2034  # read by the scripts that source this file
system_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# The word "[2/6]" of a step, and how wide its name and dots are.
step_number=0
step_total=0
step_width=33
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
warn() {
  step_break
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die CODE MESSAGE...: 2 is wrong usage, 3 a fault of the machine.
die() {
  local code=$1
  shift
  warn "$@"
  exit "$code"
}

# The start of a step; step_done or step_failed ends its line.
step_line=
step() {
  step_number=$((step_number + 1))
  step_started=$SECONDS
  local head dots
  head="[$step_number/$step_total] $1 "
  printf -v dots '%*s' $((step_width - ${#head} > 3 ? step_width - ${#head} : 3)) ''
  step_line="$head${dots// /.} "
  printf '%s' "$step_line"
}
# What a step has reached so far; only a terminal sees it.
step_note() {
  if is_terminal && [[ -n $step_line ]]; then printf '\r\033[K%s%s' "$step_line" "$1"; fi
}
step_done() {
  step_note ''
  printf '%s\n' "$1"
  step_line=
}
step_failed() { step_done "$(paint red "$1")"; }
# Ends the line of an open step, so that a message starts on a line of its own.
step_break() {
  [[ -z $step_line ]] || printf '\n'
  step_line=
}
step_seconds() { printf 'done in %d s' $((SECONDS - step_started)); }

# show_tail FILE LINES: the end of a log, indented, on standard error.
show_tail() {
  [[ -s $1 ]] || return 0
  printf '  --- end of %s\n' "$1" >&2
  tail -n "$2" "$1" | sed 's/^/  | /' >&2
}

# The process that run_waiting waits for, and the clock beside it; a trap of the caller ends both with stop_waiting.
waiting_pid=
clock_pid=

# run_waiting LOG COMMAND...: runs the command with no standard input and its output in LOG. Unlike a plain command it
# lets a signal's trap run at once, and it shows a terminal that time goes by.
run_waiting() {
  local log=$1 code=0
  shift
  "$@" </dev/null >"$log" 2>&1 &
  waiting_pid=$!
  start_clock
  wait "$waiting_pid" || code=$?
  waiting_pid=
  stop_clock
  return "$code"
}

start_clock() {
  is_terminal && [[ -n $step_line ]] || return 0
  (
    trap - EXIT INT TERM HUP
    while sleep 1; do step_note "$((SECONDS - step_started)) s"; done
  ) &
  clock_pid=$!
}

stop_clock() {
  [[ -n $clock_pid ]] || return 0
  kill -TERM "$clock_pid" 2>/dev/null || :
  wait "$clock_pid" 2>/dev/null || :
  clock_pid=
}

stop_waiting() {
  stop_clock
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

# ccache, where somebody has it, makes a second build quick; CC and CXX decide otherwise.
use_ccache() {
  if type -P ccache >/dev/null; then export CC=${CC:-ccache gcc} CXX=${CXX:-ccache g++}; fi
}

# Autotools' own rules repeat this when a file changes later; a fresh checkout has no configure at all.
needs_autoreconf() {
  [[ -x $src/configure && -f $src/Makefile.in ]] || return 0
  local newer
  newer=$(find "$src/configure.ac" "$src/Makefile.am" "$src/m4" "$src"/*/module.mk "$src/src" "$src/tests" \
    \( -name '*.mk' -o -name '*.m4' -o -name '*.a[cm]' \) -newer "$src/configure" -print -quit)
  [[ -n $newer ]]
}

# configure_in DIRECTORY LOG ARGUMENT...: makes configure if it is missing or old, and runs it if its arguments are new.
configure_in() {
  local dir=$1 log=$2
  shift 2
  mkdir -p "$dir"
  if needs_autoreconf; then
    run_waiting "$log" env -C "$src" autoreconf -fi || return 1
  fi
  if [[ ! -f $dir/Makefile || $(cat "$dir/configured" 2>/dev/null) != "$*" ]]; then
    run_waiting "$log" env -C "$dir" "$src/configure" "$@" || return 1
    printf '%s\n' "$*" >"$dir/configured"
  fi
}

# processes_with MARK: the processes that have the mark, NAME=VALUE, in their environment: what a script started, and
# whatever that started in turn.
processes_with() {
  grep -lzsxF "$1" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 || :
}
no_process_with() { [[ -z $(processes_with "$1") ]]; }
