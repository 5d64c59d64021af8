# Finds out what the operating system lacks for building or testing, and installs it where that is allowed.

readonly oldest_python="3.11"
readonly oldest_cmake="3.25"

# has_header HEADER: whether the C++ compiler finds it.
has_header() {
  command -v g++ >/dev/null && printf '#include <%s>\n' "$1" | g++ -E -x c++ - >/dev/null 2>&1
}

# has_library FILE: whether the loader finds it.
has_library() {
  python_can "import ctypes; ctypes.CDLL('$1')"
}

# at_least OLDEST FOUND: whether version FOUND is not older than OLDEST.
at_least() {
  [[ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" == "$1" ]]
}

has_cmake() {
  command -v cmake >/dev/null && at_least "$oldest_cmake" "$(cmake --version | sed -n '1s/[^0-9]*//p')"
}

has_postgres_server() {
  command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null
}

# python_can CODE: whether the Python that will make the private environment runs CODE.
python_can() {
  command -v python3 >/dev/null && python3 -c "$1" >/dev/null 2>&1
}

# Prints one apt package a line for everything that is missing; $1 is product, checks, tests or full, each with all
# before it.
missing_packages() {
  command -v g++ >/dev/null || echo g++
  has_cmake || echo cmake
  command -v ninja >/dev/null || echo ninja-build
  has_header uv.h || echo libuv1-dev
  has_header openssl/ssl.h || echo libssl-dev
  has_header sqlite3.h || echo libsqlite3-dev
  python_can 'pass' || echo python3
  python_can 'import ensurepip, venv' || echo python3-venv
  python_can 'import pathlib, sysconfig
assert pathlib.Path(sysconfig.get_path("include"), "Python.h").exists()' || echo python3-dev
  [[ "$1" == product ]] && return
  command -v git >/dev/null || echo git
  [[ "$1" == checks ]] && return
  has_header gtest/gtest.h || echo libgtest-dev
  has_library libsodium.so.23 || echo libsodium23  # only where a MariaDB asks for ed25519 logins
  has_postgres_server || echo postgresql
  command -v valgrind >/dev/null || echo valgrind
  [[ "$1" == tests ]] && return
  command -v clang++ >/dev/null || echo clang
}

# install_packages PACKAGE...: through apt as root or by sudo; otherwise says what is missing and fails.
install_packages() {
  local privilege=()
  if [[ "$(id -u)" != 0 ]]; then
    privilege=(sudo)
  fi
  if ! command -v apt-get >/dev/null || { [[ ${#privilege[@]} -gt 0 ]] && ! command -v sudo >/dev/null; }; then
    printf 'This machine lacks the following, and there is no apt with root rights to install it (Debian names):\n' >&2
    printf '  %s\n' "$@" >&2
    fail "install the packages above, then run this command again"
  fi
  say "installing system packages: $*"
  # Debian's package indexes on a fresh machine are empty.
  "${privilege[@]}" apt-get update -q >/dev/null
  "${privilege[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null
}

# Makes sure of everything that `missing_packages $1` asks for.
ensure_system_packages() {
  local packages still_missing
  mapfile -t packages < <(missing_packages "$1")
  if [[ ${#packages[@]} -gt 0 ]]; then
    install_packages "${packages[@]}"
    still_missing="$(missing_packages "$1" | tr '\n' ' ')"
    [[ -z "$still_missing" ]] || fail "still missing after installing: $still_missing"
  fi
  python_can "import sys; assert sys.version_info >= tuple(map(int, '$oldest_python'.split('.')))" ||
    fail "python3 is older than $oldest_python"
}
