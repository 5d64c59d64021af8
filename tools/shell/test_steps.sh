# The steps of tools/test: each runs to its end, is remembered by its result, and the summary tells them all.

# Enough to notice a fresh regression; tools/fuzz searches as long as it is told.
readonly seconds_per_fuzzer=20
step_results=()
failed_steps=0
servers_started=false

# run_step NAME COMMAND...: runs a step, its last lines visible, and remembers how it ended.
run_step() {
  local name="$1" began="$SECONDS" result="passed"
  shift
  say "=== $name"
  "$@" || { result="FAILED"; failed_steps=$((failed_steps + 1)); }
  step_results+=("$(printf '%-62s %s in %s s' "$name" "$result" "$((SECONDS - began))")")
}

# run_engine_tests PRESET: the C++ tests of a finished build.
run_engine_tests() {
  ctest --preset "$1" -j "$(processor_count)"
}

# build_and_run_engine_tests PRESET: configures, builds and runs the C++ tests of another kind of build.
build_and_run_engine_tests() {
  cmake --preset "$1" >"$project/build/configure_$1.log" || return
  cmake --build --preset "$1" -j "$(processor_count)" || return
  run_engine_tests "$1"
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

# Starts the private servers, unless they run already, and exports their addresses for the tests.
start_servers() {
  local addresses
  tools/servers status | grep -q '^postgres: running' || servers_started=true
  addresses="$(tools/servers start postgres --tls)" || return
  eval "$addresses"
  [[ -n "${BRIDGE_POSTGRES_URL:-}" ]] || { echo "tools/servers named no BRIDGE_POSTGRES_URL" >&2; return 1; }
}

# Stops what this run has started; servers that ran before go on.
stop_servers() {
  if $servers_started; then tools/servers stop postgres >/dev/null; fi
}

# run_python_tests ARGUMENT...: pytest, its output kept for the summary.
run_python_tests() {
  "$venv/bin/python" -m pytest "$@" 2>&1 | tee "$project/build/pytest.log"
}

# run_fuzzers SECONDS: runs every fuzzer from the kept corpus; new finds stay in build/fuzz_corpus.
run_fuzzers() {
  cmake --preset fuzz >"$project/build/configure_fuzz.log" || return
  cmake --build --preset fuzz -j "$(processor_count)" || return
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
  [[ "$failed_steps" == 0 ]] || fail "$failed_steps of ${#step_results[@]} steps failed"
}
