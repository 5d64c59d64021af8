# What the commands in tools/ share: where the project is, progress lines, steps that are skipped when done.

# Sourced after `set -euo pipefail`; `project` is the root of the tree.
project="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
venv="$project/.venv"
stamps="$project/build/stamps"
release="$project/build/release"

# Prints a progress line with the seconds since the command began.
say() {
  printf '[%4ss] %s\n' "$SECONDS" "$*"
}

# Prints a failure to standard error and ends the command.
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# is_done NAME CONTENT: whether step NAME has been finished with exactly this content before.
is_done() {
  [[ -f "$stamps/$1" && "$(cat "$stamps/$1")" == "$2" ]]
}

# mark_done NAME CONTENT: remembers a finished step.
mark_done() {
  mkdir -p "$stamps"
  printf '%s' "$2" >"$stamps/$1"
}

# The number of jobs that fit the processors of this machine.
processor_count() {
  getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}

# Lets ccache share objects between the builds and checkouts of this tree.
share_compiled_objects() {
  # Precompiled headers carry time stamps that ccache must be told to look past.
  export CCACHE_SLOPPINESS="pch_defines,time_macros"
  # Paths below the project count as relative, so that another checkout of the same tree finds its objects there.
  export CCACHE_BASEDIR="$project" CCACHE_NOHASHDIR=true
}
