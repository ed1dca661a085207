#!/usr/bin/env bash
# What reviews would otherwise repeat, checked mechanically: who includes whom, lengths, layout,
# formatting. One line per finding, "file:line: found, expected"; status 1 if there is any.
set -u
cd "$(dirname "$0")/.." || exit 1
findings=$(mktemp)
trap 'rm -f "$findings"' EXIT

# Files of the project: those that git knows or would add.
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    files() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r f; do
        [ -e "$f" ] && echo "$f"; done | sort -u; }
else
    files() { find . -type f -not -path './build*' | sed 's|^\./||' | sort | while read -r f; do
        for pattern; do case $f in $pattern) echo "$f" ;; esac; done; done; }
fi
c_files=$(files '*.c' '*.h')

# ------------------------------------------------------------------------------------- layers
# folder: folders of sim/ that it may include (itself always), libraries that it may include.
cat >"$findings.layers" <<'EOT'
base    |                                            | xxhash
kernel  | base                                       |
plugin  |                                            | glib
observe | kernel base plugin                         | glib
check   | kernel base observe                        | glib
drive   | kernel base                                | glib
script  | drive kernel plugin base observe check     | glib lua
run     | script drive check observe kernel plugin base | glib
sweep   | run script drive check observe kernel plugin base | glib sqlite
explore | run script drive check observe kernel plugin base | glib
export  | observe kernel plugin base                 | glib
cli     | *                                          | glib
mpi     | *                                          | glib mpi
EOT

layers()
{
    awk '
    function trim(s) { gsub(/^ +| +$/, "", s); return s }
    FNR == NR {
        split($0, part, "|")
        folder = trim(part[1]); may[folder] = " " trim(part[2]) " "; lib[folder] = " " trim(part[3]) " "
        next
    }
    function found(what, wanted) { printf "%s:%d: %s, expected %s\n", FILENAME, FNR, what, wanted }
    FNR == 1 {
        split(FILENAME, path, "/")
        here = path[1] == "sim" ? path[2] : path[1]
        comment = 0
        if (path[1] == "sim" && !(here in may)) found("folder sim/" here, "one of DESIGN, see the table in tests/lint.sh")
    }
    /^[ \t]*#[ \t]*include/ {
        name = $0; sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
        quoted = name ~ /^"/
        gsub(/[<>"].*$/, "", name); if (name == "") { name = $0; sub(/^[^<"]*[<"]/, "", name); sub(/[>"].*$/, "", name) }
        if (here == "algorithms") {
            # Where one file is too small, more stand in a folder of its name, with a header there.
            own = path[3]; sub(/\.c$/, "", own)
            if (name != "dasim.h" && !(quoted && name == own "/" own ".h") && !(quoted && name == own ".h"))
                found("#include of " name, "nothing but <dasim.h> in an algorithm")
            next
        }
        if (here == "include") {
            if (name !~ /^std(bool|def|int)\.h$/) found("#include of " name, "only <stdbool.h>, <stddef.h>, <stdint.h> in the contract")
            next
        }
        if (path[1] != "sim") next
        if (quoted) {
            if (name !~ /\//) { found("#include \"" name "\"", "\"FOLDER/" name "\""); next }
            from = name; sub(/\/.*/, "", from)
            if (from != here && may[here] !~ " " from " " && may[here] !~ /\*/)
                found("sim/" here " includes " name, "only" may[here] "below it")
            if (name ~ /internal\.h$/ && from != here) found("#include of " name, "the public header of " from)
        } else {
            if (name ~ /^(glib|gmodule|gio)/ && lib[here] !~ / glib /) found("#include <" name ">", "no GLib in sim/" here)
            if (name ~ /^(lua|lauxlib|lualib)/ && lib[here] !~ / lua /) found("#include <" name ">", "Lua only in sim/script")
            if (name ~ /^(math|fenv|complex|tgmath)\.h/ && (here == "base" || here == "kernel")) found("#include <" name ">", "no floating point here")
            if (name ~ /^(unistd|fcntl|time|sys\/.*)\.h/ && here == "kernel") found("#include <" name ">", "no files and no wall clock in the kernel")
            if (name == "dasim.h" && here == "base") found("#include <dasim.h>", "no words of simulation in sim/base")
            if (name == "mpi.h" && lib[here] !~ / mpi /) found("#include <mpi.h>", "MPI only in sim/mpi")
            if (name == "sqlite3.h" && lib[here] !~ / sqlite /) found("#include <sqlite3.h>", "SQLite only in sim/sweep")
            if (name == "xxhash.h" && lib[here] !~ / xxhash /) found("#include <xxhash.h>", "base/digest.h")
        }
    }
    (here == "base" || here == "kernel") && path[1] == "sim" {
        line = $0
        gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
        if (comment) { if (line !~ /\*\//) line = ""; else { sub(/^.*\*\//, "", line); comment = 0 } }
        gsub(/\/\*([^*]|\*[^\/])*\*\//, " ", line)
        if (line ~ /\/\*/) { sub(/\/\*.*/, "", line); comment = 1 }
        sub(/\/\/.*/, "", line)
        if (line ~ /(^|[^A-Za-z0-9_])(float|double)([^A-Za-z0-9_]|$)/) found("floating point", "integers only in sim/" here)
        if (line ~ /(^|[^A-Za-z0-9_])(rand|srand|time|clock|getenv|fopen|printf|puts)[ \t]*\(/) found("chance, clock, environment or output", "none of these in sim/" here)
    }
    ' "$findings.layers" $(files 'sim/*.c' 'sim/*.h' 'algorithms/*.c' 'algorithms/*.h' 'include/*.h')
}

# ------------------------------------------------------------------------------------ lengths
lengths()
{
    awk '
    FNR == 1 { open = 0 }
    /^\{/ { open = FNR }
    /^\}/ { if (open && FNR - open - 1 > 50)
                printf "%s:%d: function of %d lines, expected 50 at most\n", FILENAME, open, FNR - open - 1
            open = 0 }
    ' $c_files
    for f in $c_files $(files '*.sh' '*.lua' Makefile); do
        n=$(wc -l <"$f")
        most=600
        case $f in include/dasim.h) most=300 ;; esac
        [ "$n" -le $most ] || echo "$f:$n: $n lines, expected $most at most"
        case $f in
        sim/*.c) [ "$n" -le 400 ] || [ "$n" -gt 600 ] ||
            echo "note: $f has $n lines; 400 should do" >&2 ;;
        esac
    done
}

# ------------------------------------------------------------------------------------- layout
layout()
{
    files '*' | sed 's|/.*||' | sort -u | while read -r top; do
        case $top in
        sim | algorithms | scenarios | include | tests | plots | .ci) ;;
        Makefile | README.md | .clang-format | .editorconfig | .gitignore | LICENSE*) ;;
        *) echo "$top:1: new at the top level, expected inside sim, algorithms, scenarios," \
            "include, tests, plots or .ci" ;;
        esac
    done
    # Every folder that holds source has its map. Unit tests mirror sim/: tests/README.md is theirs.
    files 'sim/*' 'algorithms/*' 'scenarios/*' 'include/*' 'tests/*' 'plots/*' |
        sed 's|/[^/]*$||' | sort -u | while read -r folder; do
        case $folder in tests/unit/* | */data | tests/*/*) continue ;; esac
        [ -e "$folder/README.md" ] || echo "$folder/README.md:1: missing, expected a map of the folder"
    done
    [ -e README.md ] || echo "README.md:1: missing, expected"
    files '*.o' '*.so' '*.a' '*.gcda' '*.gcno' '*.db' 'build/*' | sed 's/$/:1: generated file, expected not in git/'
    # Unit tests and source stand side by side: a test of a folder that is not there is stale.
    files 'tests/unit/*/*' | cut -d/ -f3 | sort -u | while read -r folder; do
        [ -d "sim/$folder" ] || [ -d "algorithms/$folder" ] ||
            echo "tests/unit/$folder:1: no folder sim/$folder or algorithms/$folder, expected a mirror"
    done
}

text()
{
    grep -nE '[[:space:]]+$' $(files '*.lua' '*.md' '*.sh' '*.c' '*.h' Makefile .ci/run tests/run 'tests/*/run') /dev/null |
        sed 's/^\([^:]*:[0-9]*\):.*/\1: space at the end of the line, expected none/'
    grep -nP '\t' $(files '*.lua' '*.md' '*.c' '*.h' '*.sh') /dev/null |
        sed 's/^\([^:]*:[0-9]*\):.*/\1: tab, expected spaces/'
    awk 'length > 100 { printf "%s:%d: %d columns, expected 100 at most\n", FILENAME, FNR, length }' \
        $c_files $(files '*.lua') /dev/null
    for f in $(files 'scenarios/*.lua'); do
        head -n 1 "$f" | grep -q '^-- .*' ||
            echo "$f:1: no opening comment, expected the question that it answers"
    done
}

formatting()
{
    [ -z "$c_files" ] || printf '%s\n' $c_files | xargs -P "$(nproc)" -n 8 clang-format --dry-run 2>&1 |
        sed -n 's/^\([^:]*:[0-9]*\):[0-9]*: warning: code should be clang-formatted.*/\1: not formatted, expected as "make format" does it/p'
}

{ layers; lengths; layout; text; formatting; } >"$findings"
rm -f "$findings.layers"
sort -u -t: -k1,1 -k2,2n "$findings"
n=$(wc -l <"$findings")
if [ "$n" -gt 0 ]; then
    echo "lint: $n findings" >&2
    exit 1
fi
echo "lint: nothing to say"
