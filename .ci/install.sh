#!/bin/sh
# install.sh install|uninstall: called by make. What was installed is listed in one file, files and
# the folders that were made for them, so that uninstall removes exactly that, whatever has changed
# in between.
set -eu
root=$DESTDIR$PREFIX
list=$root/lib/dasim/installed-files

folder() # place below the prefix: makes it, and notes what was not there before
{
    [ "$1" != . ] && [ ! -d "$root/$1" ] || return 0
    folder "$(dirname "$1")"
    mkdir "$root/$1"
    echo "$1/" >>"$made"
}

put() # mode, file, place below the prefix
{
    folder "$(dirname "$3")"
    cp "$2" "$root/$3.new"
    chmod "$1" "$root/$3.new"
    mv -f "$root/$3.new" "$root/$3"
    echo "$3" >>"$list.new"
}

install()
{
    made=$BUILD_DIR/installed-folders
    mkdir -p "$root"
    : >"$made"
    folder lib/dasim
    : >"$list.new"
    put 755 "$BUILD_DIR/dasim" bin/dasim
    put 644 include/dasim.h include/dasim.h
    put 644 "$BUILD_DIR/libdasim-module.a" lib/dasim/libdasim-module.a
    sed -e "s|@VERSION@|$VERSION|" -e "s|@MODULE_CFLAGS@|$MODULE_CFLAGS|" \
        -e "s|@MODULE_LDFLAGS@|$MODULE_LDFLAGS|" -e "s|@MODULE_LIBS@|$MODULE_LIBS|" \
        include/dasim.pc.in >"$BUILD_DIR/dasim.pc"
    put 644 "$BUILD_DIR/dasim.pc" lib/pkgconfig/dasim.pc
    (cd "$BUILD_DIR" && find modules -name '*.so') | sort | while read -r file; do
        put 755 "$BUILD_DIR/$file" "lib/dasim/$file"
    done
    put 644 plots/dasim.lua share/dasim/dasim.lua
    find scenarios -type f | sort | while read -r file; do
        put 644 "$file" "share/dasim/$file"
    done
    if [ -e "$list" ]; then # an older one: what is no longer part of it goes
        grep '/$' "$list" >>"$made" || true
        grep -v '/$' "$list" | sort >"$list.old"
        sort "$list.new" | comm -13 - "$list.old" | while read -r file; do rm -f "$root/$file"; done
        rm "$list.old"
    fi
    sort -u "$made" >>"$list.new"
    mv "$list.new" "$list"
    echo "dasim is in $root"
}

uninstall()
{
    if [ ! -e "$list" ]; then
        echo "nothing of dasim is installed in $root" >&2
        exit 2
    fi
    all=$(cat "$list")
    rm -f "$list"
    printf '%s\n' "$all" | sort -r | while read -r one; do # what is in a folder comes before it
        case $one in
        */) rmdir "$root/$one" 2>/dev/null || true ;; # where it is empty
        *) rm -f "$root/$one" ;;
        esac
    done
}

"$1"
