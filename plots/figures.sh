#!/bin/sh
# figures.sh FOLDER: draws every figure that a README shows or names, each from its seed. What takes
# part is written here and nowhere else. DASIM: the program.
set -eu
cd "$(dirname "$0")/.."
DASIM=${DASIM:-build/dasim}
out=$1
mkdir -p "$out"
locks=coordinator,lamport,ricart_agrawala,carvalho_roucairol,maekawa,suzuki_kasami,raymond
locks=$locks,naimi_trehel,token_ring

# NAME SCENARIO SEEDS [OPTION]...: a sweep, and all of its figures in FOLDER/NAME.
sweep()
{
    name=$1 scenario=$2 seeds=$3
    shift 3
    "$DASIM" sweep "scenarios/$scenario" --seeds "$seeds" --out "$out/$name.db" --quiet "$@"
    "$DASIM" plot "$out/$name.db" -o "$out/$name"
}

# SCENARIO [OPTION]...: its run with seed 1, in FOLDER/the scenario's name.
run()
{
    scenario=$1
    name=$(basename "$scenario" .lua)
    shift
    "$DASIM" run "scenarios/$scenario" --quiet --trace "$out/$name.dtrace" || [ $? -eq 1 ]
    "$DASIM" plot "$out/$name.dtrace" -o "$out/$name" "$@"
}

# How much does each lock ask of ten regions, from no time to think to much of it?
sweep locks_over_load compare/locks_ten_regions.lua 1..20 --set entries=50 \
    --grid think=10ms,30ms,100ms,300ms,1s,3s,10s,30s,100s --vary algorithm=$locks
# How does it grow with those who want it?
sweep locks_over_nodes compare/locks_by_nodes.lua 1..10 --grid nodes=2..256*2 \
    --vary algorithm=$locks,two_tokens
# What do time to think and time in the section make of waiting?
sweep coordinator_map compare/locks_ten_regions.lua 1..10 --set entries=20 \
    --grid think=100ms,300ms,1s,3s,10s --grid hold=1ms,10ms,100ms,1s
# Which memory for ten regions?
sweep memories compare/memory_ten_regions.lua 1..20 \
    --vary algorithm=broadcast_manager,improved_manager,probable_owner,write_invalidate,write_update
# Which lock costs what, beside what is published?
"$DASIM" complexity coordinator ricart_agrawala raymond -o "$out/complexity.svg" >/dev/null
# Runs as textbooks draw them.
run lecture/20_two_clients_one_lock.lua
run faults/coordinator_crash.lua
run faults/bully_loss_two_leaders.lua
run compare/cloud_ricart_agrawala.lua --until 4s
