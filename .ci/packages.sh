#!/bin/sh
# Is everything there that a goal needs? Where not: install it (Debian, Ubuntu), or say what to
# install and stop with status 2.
#
#   packages.sh install|check GROUP...      groups: build test figures lint coverage browser mpi; readers:
#                      programs that tests of exports use, and leave out where they are missing
#
# Uses nothing but a POSIX shell: on a fresh system there is no compiler and no pkg-config yet.
set -u
CC=${CC:-cc}
mode=$1
shift

missing=""
want() # what is wrong, Debian's package
{
    missing="$missing $2"
    problems="${problems:-}
  $1"
}

need_command() # command, package
{
    command -v "$1" >/dev/null 2>&1 || want "no command $1" "$2"
}

need_library() # pkg-config name, package
{
    pkg-config --exists "$1" 2>/dev/null || want "no library $1" "$2"
}

# The compiler that was asked for may carry arguments or a version: only the common ones are known.
need_compiler()
{
    set -- $CC
    command -v "$1" >/dev/null 2>&1 || case $1 in
    cc | gcc) want "no command $1" "gcc" ;;
    *) want "no command $1" "$1" ;;
    esac
    [ -e /usr/include/stdio.h ] || [ "$(uname)" != Linux ] || want "no C library headers" libc6-dev
}

need_lua()
{
    for name in lua5.4 lua-5.4 lua54 lua; do
        pkg-config --exists "$name >= 5.4" "$name < 5.5" 2>/dev/null || continue
        folder=$(pkg-config --variable=libdir $name)
        for file in "$folder/liblua5.4.a" "$folder/liblua.a" "$folder/lua5.4/liblua.a"; do
            [ -e "$file" ] && return
        done
        folder=$(pkg-config --variable=prefix $name)/lib
        [ -e "$folder/liblua5.4.a" ] && return
    done
    want "no static Lua 5.4 (liblua5.4.a)" liblua5.4-dev
}

look()
{
    missing="" problems=""
    for group; do
        case $group in
        build)
            need_compiler
            need_command ar binutils
            need_command pkg-config pkg-config
            need_library glib-2.0 libglib2.0-dev
            need_library gmodule-no-export-2.0 libglib2.0-dev
            need_library gio-2.0 libglib2.0-dev
            need_library libxxhash libxxhash-dev
            need_library sqlite3 libsqlite3-dev
            need_library libzstd libzstd-dev
            need_lua
            ;;
        test)
            need_library criterion libcriterion-dev
            need_command gcc gcc
            need_command clang clang
            ;;
        browser)
            need_command node nodejs
            need_command npm npm
            [ -n "${CHROMIUM:-}" ] || need_command chromium chromium
            ;;
        figures) need_command gnuplot gnuplot-nox ;;
        readers)
            need_command gnuplot gnuplot-nox
            need_command jq jq
            need_command python3 python3
            need_command sqlite3 sqlite3
            need_command tshark tshark
            need_command xmllint libxml2-utils
            need_command zstd zstd
            ;;
        lint) need_command clang-format clang-format ;;
        mpi)
            need_command mpicc libopenmpi-dev
            need_command mpirun openmpi-bin
            ;;
        coverage)
            need_command gcc gcc
            need_command gcovr gcovr
            ;;
        esac
    done
}

look "$@"
[ -z "$missing" ] && exit 0

if [ "$mode" = install ] && command -v apt-get >/dev/null 2>&1; then
    root=""
    [ "$(id -u)" -eq 0 ] || root=sudo
    if [ -z "$root" ] || command -v sudo >/dev/null 2>&1; then
        packages=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
        echo "Installing with apt-get:" $packages
        $root apt-get -q update &&
            $root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
                install $packages >/dev/null
        look "$@"
        [ -z "$missing" ] && exit 0
    fi
fi

cat >&2 <<EOT
dasim cannot be built here yet:$problems

What to install (gcc and make as well), by system:
  Debian, Ubuntu  apt-get install pkg-config libglib2.0-dev liblua5.4-dev libsqlite3-dev
                  libxxhash-dev libzstd-dev gcc
                  and for the tests: libcriterion-dev clang clang-format gcovr nodejs npm chromium
                  gnuplot-nox jq sqlite3
  Fedora          dnf install pkgconf-pkg-config glib2-devel lua-devel lua-static sqlite-devel
                  xxhash-devel libzstd-devel gcc
                  and for the tests: criterion-devel clang clang-tools-extra gcovr nodejs npm chromium
                  gnuplot jq sqlite
  Arch            pacman -S pkgconf glib2 lua54 sqlite xxhash zstd gcc
                  and for the tests: criterion clang gcovr nodejs npm chromium gnuplot jq
  Homebrew        brew install pkg-config glib lua@5.4 sqlite xxhash zstd gcc
                  and for the tests: criterion llvm clang-format gcovr node chromium gnuplot jq
EOT
exit 2
