# The steps of tools/test: each runs to its end, is remembered by its result, and the summary tells them all.

# Enough to notice a fresh regression; tools/fuzz searches as long as it is told.
readonly seconds_per_fuzzer=20
step_results=()
failed_steps=0
started_servers=()
missing_servers=()
# Servers beside the one that every run needs; the exam is taken on each that runs.
readonly other_generations=(postgres13 postgres17 postgres18)
readonly mysql_family=(mysql)
readonly mariadb_generations=(mariadb mariadb1011) # with --full
readonly poolers=(pgbouncer pgbouncer_newest)
readonly flavours=(neon yugabytedb cockroachdb planetscale) # they stand before the poolers and before mysql
# Where several threads meet.
readonly threaded_tests=(bridge_telemetry_test bridge_net_test bridge_sqlite_test bridge_pool_test bridge_resilience_test
  bridge_execution_test)
# Not those that measure memory, which sanitizers hold on to.
readonly tests_under_sanitizers=(tests/boundary tests/conformance tests/integration tests/streaming --deselect
  tests/streaming/test_memory.py)

# run_step NAME COMMAND...: runs a step, its last lines visible, and remembers how it ended.
run_step() {
  local name="$1" began="$SECONDS" result="passed"
  shift
  say "=== $name"
  "$@" || { result="FAILED"; failed_steps=$((failed_steps + 1)); }
  step_results+=("$(printf '%-62s %s in %s s' "$name" "$result" "$((SECONDS - began))")")
}

# run_engine_tests PRESET [CTEST ARGUMENT...]: the C++ tests of a finished build.
run_engine_tests() {
  local preset="$1"
  shift
  ctest --preset "$preset" -j "$(processor_count)" "$@"
}

# build_preset PRESET [TARGET...]: configures another kind of build and compiles all of it, or what is named.
build_preset() {
  local preset="$1" targets=()
  shift
  [[ $# == 0 ]] || targets=(--target "$@")
  share_compiled_objects
  cmake --preset "$preset" >"$project/build/configure_$preset.log" || return
  cmake --build --preset "$preset" -j "$(processor_count)" "${targets[@]}"
}

# build_and_run_engine_tests PRESET [TEST...]: builds and runs the C++ tests of another kind of build, or those named.
build_and_run_engine_tests() {
  build_preset "$@" || return
  local preset="$1" chosen=()
  shift
  [[ $# == 0 ]] || chosen=(-R "^($(IFS='|' && echo "$*"))\$")
  run_engine_tests "$preset" "${chosen[@]}"
}

# Runs the Python tests that reach the native module over a module built with sanitizers. Python's own allocator is
# left out, so that every object's memory is watched; what the interpreter never frees counts for nothing.
run_python_tests_under_sanitizers() {
  local package="$project/build/asan/package" file runtimes
  share_compiled_objects
  cmake --preset asan -DBRIDGE_BUILD_PYTHON=ON -DPython_EXECUTABLE="$venv/bin/python" \
    -DBRIDGE_PYTHON_OUTPUT_DIR="$package/bridgeorm" >"$project/build/configure_asan_python.log" || return
  cmake --build --preset asan -j "$(processor_count)" --target _engine || return
  for file in "$project"/python/bridgeorm/*; do
    [[ "$file" == *.so ]] || ln -sfn "$file" "$package/bridgeorm/"
  done
  runtimes="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libubsan.so)"
  (
    export LD_PRELOAD="$runtimes" ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1
    export PYTHONPATH="$package" PYTHONMALLOC=malloc
    "$venv/bin/python" -c 'import sys; from bridgeorm import _engine; sys.exit("build/asan" not in _engine.__file__)' &&
      "$venv/bin/python" -m pytest -q -p no:cacheprovider "${tests_under_sanitizers[@]}"
  )
}

# Builds examples/cpp_quickstart against nothing but the installed package, and runs it.
run_cpp_quickstart() {
  local prefix="$project/build/installed"
  rm -rf "$prefix"
  cmake --install "$release" --prefix "$prefix" >"$project/build/install.log" || return
  cmake -G Ninja -S examples/cpp_quickstart -B build/cpp_quickstart -DCMAKE_PREFIX_PATH="$prefix" \
    >"$project/build/configure_cpp_quickstart.log" || return
  cmake --build build/cpp_quickstart || return
  build/cpp_quickstart/cpp_quickstart
}

# runs_already NAME: whether a private server runs.
runs_already() {
  local servers
  servers="$(tools/servers status)"  # read to its end: a pipe closed early would count as a failure
  grep -q "^$1: running" <<<"$servers"
}

# start_server NAME [OPTION...]: starts a private server unless it runs, and exports its addresses for the tests.
start_server() {
  local addresses
  runs_already "$1" || started_servers+=("$1")
  addresses="$(tools/servers start "$@")" || return
  eval "$addresses"
}

# Starts what every run needs: PostgreSQL and a replica that follows it; and the MySQL family, where it can be had.
start_servers() {
  local name
  start_server postgres --tls || return
  [[ -n "${BRIDGE_POSTGRES_URL:-}" ]] || { echo "tools/servers named no BRIDGE_POSTGRES_URL" >&2; return 1; }
  start_server standby || return
  for name in "${mysql_family[@]}"; do start_optional_server "$name" --tls; done
}

# Starts other generations and poolers; the summary says why one could not be had.
start_other_servers() {
  local name
  for name in "${other_generations[@]}"; do start_optional_server "$name" --tls; done
  for name in "${mariadb_generations[@]}"; do start_optional_server "$name" --tls; done
  for name in "${poolers[@]}"; do start_optional_server "$name" --tls; done
  for name in "${flavours[@]}"; do start_optional_server "$name"; done
}

# start_optional_server NAME [OPTION...]: as start_server; what cannot be had is noted with its reason.
start_optional_server() {
  local complaint="$project/build/server_$1.log"
  start_server "$@" 2>"$complaint" || missing_servers+=("$1: could not be had: $(tail -n 1 "$complaint")")
}

# Lets the tests find a Python with template strings; the summary says why there is none.
find_newest_python() {
  local complaint="$project/build/newest_python.log"
  if BRIDGE_PYTHON314="$(cd tools && python3 -m servers_kit.newest_python 2>"$complaint")"; then
    export BRIDGE_PYTHON314
  else
    missing_servers+=("Python 3.14: could not be had: $(tail -n 1 "$complaint")")
  fi
}

# Stops what this run has started, the last first; servers that ran before go on.
stop_servers() {
  local index
  for ((index = ${#started_servers[@]} - 1; index >= 0; index--)); do
    tools/servers stop "${started_servers[index]}" >/dev/null
  done
}

# Runs what is about one PostgreSQL alone on each other generation that could be had.
run_tests_on_other_generations() {
  local name addresses status=0
  for name in "${other_generations[@]}"; do
    runs_already "$name" || continue
    echo "--- $name"
    addresses="$(tools/servers env --only "$name")" || return
    (
      eval "$addresses"
      ctest --preset release -R '^bridge_postgres_test$' && "$venv/bin/python" -m pytest -q tests/faults
    ) || status=1
  done
  return "$status"
}

# run_python_tests ARGUMENT...: pytest, its output kept for the summary.
run_python_tests() {
  "$venv/bin/python" -m pytest "$@" 2>&1 | tee "$project/build/pytest.log"
}

# run_fuzzers SECONDS: runs every fuzzer from the kept corpus; new finds stay in build/fuzz_corpus.
run_fuzzers() {
  build_preset fuzz bridge_fuzzers || return
  local fuzzer name status=0 count=0
  while read -r fuzzer; do
    name="$(basename "$fuzzer")"
    mkdir -p "build/fuzz_corpus/$name"
    count=$((count + 1))
    if "$fuzzer" -max_total_time="$1" -timeout=10 -verbosity=0 -print_funcs=0 -print_final_stats=1 \
      -artifact_prefix="build/fuzz_corpus/$name." "build/fuzz_corpus/$name" "tests/fuzz_corpus/${name#bridge_}" \
      >"build/fuzz_corpus/$name.log" 2>&1; then
      sed -n "s/^stat::number_of_executed_units: */$name: inputs run: /p" "build/fuzz_corpus/$name.log"
    else
      cat "build/fuzz_corpus/$name.log"
      status=1
    fi
  done < <(find build/fuzz -type f -name '*_fuzz' -perm -u+x)
  [[ "$count" -gt 0 ]] || { echo "no fuzzer was built" >&2; status=1; }
  return "$status"
}

# Prints how each step ended and which databases answered for real; fails if a step failed.
summarise() {
  say "=== summary"
  printf '  %s\n' "${step_results[@]}"
  echo "  databases:"
  sed -n '/tests on the real database$/s/^/    /p; /: did not run$/s/^/    /p' "$project/build/pytest.log"
  [[ ${#missing_servers[@]} == 0 ]] || printf '    %s\n' "${missing_servers[@]}"
  [[ "$failed_steps" == 0 ]] || fail "$failed_steps of ${#step_results[@]} steps failed"
}
