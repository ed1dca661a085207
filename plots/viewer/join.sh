#!/bin/sh
# join.sh >page.html: the page with style and script in their places. The files are joined in the
# order of their names: none does anything but declare, until the last line starts it all.
set -eu
cd "$(dirname "$0")"
while IFS= read -r line; do
    case $line in
    *@css@*) printf '<style>\n' && cat style.css && printf '</style>\n' ;;
    *@js@*)
        printf "<script>\n(() => {\n'use strict';\n"
        cat ./*.js
        printf 'window.viewer = { app, view, stateAt, pastOf, futureOf, eventY, draw };\n'
        printf 'start();\n})();\n</script>\n'
        ;;
    *) printf '%s\n' "$line" ;;
    esac
done <page.html
