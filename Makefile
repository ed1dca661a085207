# dasim. `make help` lists the goals. One Makefile for everything; nothing is listed by hand:
# a new sim/FOLDER/*.c, algorithms/SERVICE/*.c or tests/unit/FOLDER/*.c is found by itself.

VERSION   := 0.1.0
BUILD_DIR ?= build
PREFIX    ?= /usr/local
DESTDIR   ?=
ifeq ($(origin CC),default)
CC        := gcc
endif
CFLAGS    ?= $(if $(DEBUG),-O0 -g3,-O2 -g)
# What `make demo` runs, one after the other.
DEMO_SCENARIOS ?= $(sort $(wildcard scenarios/compare/cloud_*.lua))

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
# All cores, unless the command line says otherwise (it wins over this).
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
MAKEFLAGS += --no-print-directory
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' $(1) '$(patsubst $(BUILD_DIR)/%,%,$(2))')

# ------------------------------------------------------------------- what must be installed
# Before anything else is looked at, because the rest asks pkg-config. Quick where all is there.
goals   := $(or $(MAKECMDGOALS),all)
needs   := $(if $(filter-out clean help uninstall lint format,$(goals)),build) \
           $(if $(filter test coverage,$(goals)),test) \
           $(if $(filter demo figures,$(goals)),figures) \
           $(if $(filter test-browser,$(goals)),browser) \
           $(if $(filter lint format,$(goals)),lint) $(if $(filter coverage,$(goals)),coverage) \
           $(if $(filter mpi,$(goals)),mpi)
installs := $(filter all demo figures test test-browser bench mpi soak coverage lint,$(goals))
ifneq ($(strip $(needs)),)
ifneq ($(shell CC='$(CC)' .ci/packages.sh $(if $(installs),install,check) $(needs) >&2 \
           && echo complete),complete)
$(error packages are missing, see above)
endif
endif

# ------------------------------------------------------------------------------------- flags
ifneq ($(filter build,$(needs)),)
GLIB_CFLAGS := $(shell pkg-config --cflags glib-2.0 gmodule-no-export-2.0 gio-2.0)
GLIB_LIBS   := $(shell pkg-config --libs glib-2.0 gmodule-no-export-2.0 gio-2.0)
SQLITE_CFLAGS := $(shell pkg-config --cflags sqlite3)
SQLITE_LIBS := $(shell pkg-config --libs sqlite3)
HASH_CFLAGS := $(shell pkg-config --cflags libxxhash)
HASH_LIBS   := $(shell pkg-config --libs libxxhash)
ZSTD_CFLAGS := $(shell pkg-config --cflags libzstd)
ZSTD_LIBS   := $(shell pkg-config --libs libzstd)
LUA_NAME    := $(shell for n in lua5.4 lua-5.4 lua54 lua; do \
                   pkg-config --exists "$$n >= 5.4" "$$n < 5.5" && echo $$n && break; done)
LUA_CFLAGS  := $(shell pkg-config --cflags $(LUA_NAME))
LUA_DIR     := $(shell pkg-config --variable=libdir $(LUA_NAME))
# Always the static library: only there can Lua's hidden seeds be replaced (see sim/script).
LUA_ARCHIVE ?= $(firstword $(wildcard $(addprefix $(LUA_DIR)/,liblua5.4.a liblua.a \
                   lua5.4/liblua.a) $(shell pkg-config --variable=prefix $(LUA_NAME))/lib/liblua5.4.a))
endif

# Every function __wrap_X(...) in sim/script takes the place of X.
comma := ,
open  := (
WRAPS := $(sort $(shell cat /dev/null $(wildcard sim/script/*.c) | \
             grep -o '__wrap_[a-zA-Z0-9_]*$(open)' | tr -d '$(open)' | sed 's/__wrap_//'))

WARNINGS := -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes $(if $(WERROR),-Werror)
INSTRUMENTS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
                   -fno-omit-frame-pointer) $(if $(COVERAGE),--coverage -fprofile-update=atomic)
# No contraction of a*b+c: results must not depend on the processor.
COMMON := -std=gnu17 $(WARNINGS) $(CFLAGS) -ffp-contract=off $(INSTRUMENTS) -MMD -MP -Iinclude
HOST_CFLAGS = $(COMMON) -Isim -DDASIM_VERSION='"$(VERSION)"' \
    $(if $(strip $(INSTRUMENTS)),-DDASIM_INSTRUMENTED) $(HASH_CFLAGS) \
    $(if $(filter sim/base/% sim/kernel/%,$<),,$(GLIB_CFLAGS)) \
    $(if $(filter sim/script/% tests/unit/script/%,$<),$(LUA_CFLAGS)) \
    $(if $(filter sim/export/% tests/unit/export/%,$<),$(ZSTD_CFLAGS)) \
    $(if $(filter sim/sweep/% tests/unit/sweep/%,$<),$(SQLITE_CFLAGS))
HOST_LIBS := $(LUA_ARCHIVE) $(GLIB_LIBS) $(SQLITE_LIBS) $(HASH_LIBS) $(ZSTD_LIBS) -lm
HOST_LDFLAGS := $(CFLAGS) $(INSTRUMENTS) $(addprefix -Wl$(comma)--wrap=,$(WRAPS)) $(LDFLAGS)

# A module links against nothing: what it calls by mistake fails here. Also what dasim.pc says.
MODULE_CFLAGS := -fPIC -fvisibility=hidden -fno-stack-protector -U_FORTIFY_SOURCE
MODULE_LDFLAGS := -shared -nostdlib -Wl,-z,defs -Wl,-z,relro -Wl,-z,now
MODULE_LIBS := -ldasim-module -lgcc
# An instrumented one needs its runtime.
MODULE_LINK := $(if $(strip $(INSTRUMENTS)),-shared $(INSTRUMENTS),$(MODULE_LDFLAGS) \
                   -L$(BUILD_DIR) $(MODULE_LIBS))

# ------------------------------------------------------------------------------------- files
MODULE_MEMORY := sim/plugin/module_memory.c
MAIN     := sim/cli/main.c
MPI_MAIN := sim/mpi/main.c
SOURCES  := $(filter-out $(MAIN) $(MPI_MAIN) $(MODULE_MEMORY),$(sort $(wildcard sim/*/*.c)))
object    = $(patsubst %.c,$(BUILD_DIR)/obj/%.o,$(1))
OBJECTS  := $(call object,$(SOURCES)) $(BUILD_DIR)/obj/html_page.o \
            $(BUILD_DIR)/obj/scripts.o
VIEWER   := $(sort $(wildcard plots/viewer/*))
ARCHIVE  := $(BUILD_DIR)/libdasim.a
MODULE_ARCHIVE := $(BUILD_DIR)/libdasim-module.a
PROGRAM  := $(if $(wildcard $(MAIN)),$(BUILD_DIR)/dasim)
ALGORITHMS := $(sort $(wildcard algorithms/*/*.c))
# Where one file is too small, more of them stand in a folder of its name.
ALGORITHM_PARTS := $(sort $(wildcard algorithms/*/*/*.c))
parts_of = $(call object,$(filter algorithms/$(1)/%,$(ALGORITHM_PARTS)))
MODULES  := $(patsubst algorithms/%.c,$(BUILD_DIR)/modules/%.so,$(ALGORITHMS))

UNIT_SOURCES := $(sort $(wildcard tests/unit/*/*.c))
UNIT_FOLDERS := $(sort $(patsubst tests/unit/%/,%,$(dir $(UNIT_SOURCES))))
UNIT_TESTS   := $(addprefix $(BUILD_DIR)/unit/,$(UNIT_FOLDERS))
BENCH_SOURCES := $(sort $(wildcard tests/bench/*.c))
BENCH        := $(if $(BENCH_SOURCES),$(BUILD_DIR)/bench)
BENCH_MODULES := $(patsubst tests/bench/modules/%.c,$(BUILD_DIR)/bench-modules/%.so,\
                   $(sort $(wildcard tests/bench/modules/*.c)))

STATES := $(if $(wildcard tests/browser/states.c),$(BUILD_DIR)/browser-states)
SOAK := $(if $(wildcard tests/soak/soak.c),$(BUILD_DIR)/soak)

STAMP := $(BUILD_DIR)/flags
# $(call accepts,FLAG): the flag, where the compiler knows it.
accepts = $(shell echo | $(CC) -Werror $(1) -x c -c -o /dev/null - 2>/dev/null && echo '$(1)')

# ------------------------------------------------------------------------------------- goals
.PHONY: all demo figures test test-browser lint format bench mpi soak coverage install uninstall clean help FORCE
all: $(PROGRAM) $(MODULES) $(MODULE_ARCHIVE) $(ARCHIVE) ## build the simulator and its algorithms

demo: all ## build, show two locks over ten cloud regions, draw a page and a figure
	$(Q)set -e; mkdir -p $(BUILD_DIR)/demo; for scenario in $(DEMO_SCENARIOS); do echo; \
	    $(BUILD_DIR)/dasim run $$scenario \
	        --trace $(BUILD_DIR)/demo/$$(basename $$scenario .lua).html; done; echo
	$(Q)$(BUILD_DIR)/dasim sweep scenarios/compare/locks_ten_regions.lua --quiet --seeds 1..10 \
	    --set entries=20 --grid think=10ms,100ms,1s,10s,100s --out $(BUILD_DIR)/demo/locks.db \
	    --vary algorithm=coordinator,maekawa,raymond,ricart_agrawala,suzuki_kasami,token_ring
	$(Q)$(BUILD_DIR)/dasim plot $(BUILD_DIR)/demo/locks.db --figure messages_per_entry \
	    -o $(BUILD_DIR)/demo >/dev/null
	@echo '  Pages for a browser    $(abspath $(BUILD_DIR))/demo/cloud_*.html'
	@echo '  Six locks in a figure  $(abspath $(BUILD_DIR))/demo/messages_per_entry.svg'

# Where Open MPI is there, it is tested.
MPI_TESTED := $(if $(strip $(INSTRUMENTS)),,$(if $(filter test,$(goals)),$(if \
    $(shell command -v mpicc && command -v mpirun),$(BUILD_DIR)/dasim-mpi)))

test: all $(MPI_TESTED) $(UNIT_TESTS) $(BENCH_MODULES) $(SOAK) ## build and run all tests; the last line counts them
	$(Q)env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL BUILD_DIR='$(abspath $(BUILD_DIR))' \
	    DASIM='$(abspath $(BUILD_DIR))/dasim' SRC='$(CURDIR)' CC='$(CC)' CFLAGS='$(CFLAGS)' \
	    SANITIZE='$(SANITIZE)' COVERAGE='$(COVERAGE)' tests/run $(UNIT_TESTS)

# The driver of the browser goes into the build folder, not the browser itself.
BROWSER_DRIVER := $(BUILD_DIR)/browser/node_modules/playwright-core/package.json
test-browser: all $(STATES) $(BROWSER_DRIVER) ## test the page in chromium; the last line counts
	$(Q)BUILD_DIR='$(abspath $(BUILD_DIR))' DASIM='$(abspath $(BUILD_DIR))/dasim' SRC='$(CURDIR)' \
	    node tests/browser/main.js

figures: all ## draw every figure that a README names, into build/figures
	$(Q)DASIM='$(abspath $(BUILD_DIR))/dasim' plots/figures.sh '$(abspath $(BUILD_DIR))/figures'

lint: ## check layers, lengths, layout and formatting
	$(Q)tests/lint.sh

format: ## apply .clang-format to every C file
	$(Q)clang-format -i $(shell find sim algorithms include tests -name '*.[ch]')

bench: all $(BENCH) $(BENCH_MODULES) ## measure the kernel against its floor
	$(Q)$(BENCH) $(BUILD_DIR)/bench-modules $(BUILD_DIR)/bench.json

mpi: all $(BUILD_DIR)/dasim-mpi ## build dasim-mpi: sweeps on many machines (needs Open MPI)

soak: all $(SOAK) ## 100,000 random runs of each scenario of tests/soak (SEEDS=1..N: others), channels
	$(Q)BUILD_DIR='$(abspath $(BUILD_DIR))' SRC='$(CURDIR)' SEEDS='$(or $(SEEDS),1..100000)' \
	    tests/soak/run
	$(Q)BUILD_DIR='$(abspath $(BUILD_DIR))' DASIM='$(abspath $(BUILD_DIR))/dasim' \
	    SRC='$(CURDIR)' CC='$(CC)' KILLS=100 tests/sweep/run
	$(Q)BUILD_DIR='$(abspath $(BUILD_DIR))' DASIM='$(abspath $(BUILD_DIR))/dasim' \
	    SRC='$(CURDIR)' CC='$(CC)' NODES=2,3,4,5,7,8,9,13,16,21,25,31,36,49,64 tests/complexity/run
	$(Q)BUILD_DIR='$(abspath $(BUILD_DIR))' SRC='$(CURDIR)' CC='$(CC)' \
	    OPERATIONS='$(or $(OPERATIONS),2000000)' tests/channel/run
	$(Q)BUILD_DIR='$(abspath $(BUILD_DIR))' SRC='$(CURDIR)' CC='$(CC)' \
	    OPERATIONS='$(or $(OPERATIONS),500000)' tests/sockets/run
	$(Q)BUILD_DIR='$(abspath $(BUILD_DIR))' DASIM='$(abspath $(BUILD_DIR))/dasim' \
	    SRC='$(CURDIR)' CC='$(CC)' SEEDS=1..10000 tests/chaos/run

coverage: ## run the tests instrumented; fails below 90 % of the lines
	$(Q)find $(BUILD_DIR)/coverage -name '*.gcda' -delete 2>/dev/null || true
	+$(Q)SKIP_SUITES='determinism install' $(MAKE) test BUILD_DIR='$(BUILD_DIR)/coverage' \
	    CC=gcc CFLAGS='-O0 -g' COVERAGE=1 SANITIZE=
	$(Q)gcovr --root . --object-directory '$(BUILD_DIR)/coverage' --filter 'sim/' \
	    --filter 'algorithms/' --exclude '$(MODULE_MEMORY)' --exclude-unreachable-branches \
	    --sort-percentage --fail-under-line 90 '$(BUILD_DIR)/coverage/obj'

install: all ## copy to DESTDIR/PREFIX (default /usr/local)
	$(Q)BUILD_DIR='$(BUILD_DIR)' VERSION='$(VERSION)' PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' \
	    MODULE_CFLAGS='$(MODULE_CFLAGS)' MODULE_LDFLAGS='$(MODULE_LDFLAGS)' \
	    MODULE_LIBS='$(MODULE_LIBS)' .ci/install.sh install

uninstall: ## remove exactly what install put there
	$(Q)PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' .ci/install.sh uninstall

clean: ## remove the build folder
	$(Q)if [ -e '$(STAMP)' ]; then rm -rf '$(BUILD_DIR)'; fi

help: ## this list
	@echo 'make [GOAL] [VARIABLE=value]...'
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | \
	    while IFS='|' read -r goal text; do printf '  %-10s %s\n' "$$goal" "$$text"; done
	@echo
	@printf '  %-10s %s\n' \
	    BUILD_DIR 'where everything is built (build)' CC 'the compiler (gcc; clang works)' \
	    CFLAGS 'optimisation and the like (-O2 -g)' DEBUG '1: -O0 -g3' \
	    SANITIZE 'address,undefined: build with sanitizers' WERROR '1: warnings are errors' \
	    PREFIX 'where to install (/usr/local)' DESTDIR 'put before PREFIX, for packagers' \
	    V '1: show the commands'

# ------------------------------------------------------------------------------------- rules
$(BUILD_DIR)/dasim: $(call object,$(MAIN)) $(ARCHIVE) $(LUA_ARCHIVE)
	$(call say,LINK,$@)
	$(Q)$(CC) $(HOST_LDFLAGS) -o $@ $< $(ARCHIVE) $(HOST_LIBS)

$(BUILD_DIR)/dasim-mpi: $(MPI_MAIN) $(ARCHIVE) $(LUA_ARCHIVE) $(STAMP)
	$(call say,MPI,$@)
	$(Q)OMPI_CC='$(CC)' mpicc $(HOST_CFLAGS) -MF $(BUILD_DIR)/dasim-mpi.d $(HOST_LDFLAGS) -o $@ \
	    $< $(ARCHIVE) $(HOST_LIBS)

$(ARCHIVE): $(OBJECTS) $(BUILD_DIR)/sources
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcsD $@ $(OBJECTS)

# The page that shows a run, built in.
$(BUILD_DIR)/html_page.c: $(VIEWER)
	$(call say,PAGE,$@)
	@mkdir -p $(@D)
	$(Q){ echo '#include <stddef.h>'; echo 'extern const unsigned char html_page[];'; \
	    echo 'extern const size_t html_page_size;'; echo 'const unsigned char html_page[] = {'; \
	    plots/viewer/join.sh | od -An -v -tu1 | sed 's/  *\([0-9]*\)/\1,/g'; echo '};'; \
	    echo 'const size_t html_page_size = sizeof html_page;'; } >$@

# ... and the scripts of plots/, which `dasim plot` hands to gnuplot.
PLOT_SCRIPTS := $(sort $(wildcard plots/*.gp))
$(BUILD_DIR)/scripts.c: $(PLOT_SCRIPTS)
	$(call say,PAGE,$@)
	@mkdir -p $(@D)
	$(Q){ echo '#include "cli/scripts.h"'; for f in $^; do \
	    printf 'static const char %s[] = {\n' "$$(basename $$f .gp)"; \
	    od -An -v -tu1 $$f | sed 's/  *\([0-9]*\)/\1,/g'; echo '0};'; done; \
	    echo 'const script_text script_texts[] = {'; for f in $^; do \
	    n=$$(basename $$f .gp); printf '    {"%s.gp", %s},\n' $$n $$n; done; echo '    {0, 0}};'; } >$@

$(BUILD_DIR)/obj/scripts.o: $(BUILD_DIR)/scripts.c $(STAMP)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(COMMON) -Isim -c -o $@ $<

$(BUILD_DIR)/obj/html_page.o: $(BUILD_DIR)/html_page.c $(STAMP)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(COMMON) -c -o $@ $<

$(MODULE_ARCHIVE): $(call object,$(MODULE_MEMORY))
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcsD $@ $<

# The compiler must not turn the loop of memcpy into a call of memcpy. Never instrumented: it goes
# into modules that are built elsewhere.
$(call object,$(MODULE_MEMORY)): $(MODULE_MEMORY) $(STAMP)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu17 $(WARNINGS) -O2 -fno-builtin -ffreestanding -MMD -MP \
	    $(call accepts,-fno-tree-loop-distribute-patterns) $(MODULE_CFLAGS) -c -o $@ $<

$(BUILD_DIR)/obj/algorithms/%.o: algorithms/%.c $(STAMP)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(COMMON) $(MODULE_CFLAGS) -c -o $@ $<

$(BUILD_DIR)/obj/tests/bench/modules/%.o: tests/bench/modules/%.c $(STAMP)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(COMMON) $(MODULE_CFLAGS) -c -o $@ $<

$(BUILD_DIR)/obj/%.o: %.c $(STAMP)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(HOST_CFLAGS) -c -o $@ $<

.SECONDEXPANSION:
$(BUILD_DIR)/modules/%.so: $(BUILD_DIR)/obj/algorithms/%.o $(MODULE_ARCHIVE) \
        $(BUILD_DIR)/module-sources $$(call parts_of,$$*)
	$(call say,MODULE,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(MODULE_LINK)

$(BUILD_DIR)/bench-modules/%.so: $(BUILD_DIR)/obj/tests/bench/modules/%.o $(MODULE_ARCHIVE)
	$(call say,MODULE,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(MODULE_LINK)

# One Criterion program for each folder of tests/unit.
define unit_rule
$(BUILD_DIR)/unit/$(1): $(call object,$(filter tests/unit/$(1)/%,$(UNIT_SOURCES))) $(ARCHIVE) \
        $(LUA_ARCHIVE) $(BUILD_DIR)/sources
	$$(call say,LINK,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(HOST_LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(ARCHIVE) -lcriterion $$(HOST_LIBS)
endef
$(foreach folder,$(UNIT_FOLDERS),$(eval $(call unit_rule,$(folder))))

$(BUILD_DIR)/bench: $(call object,$(BENCH_SOURCES)) $(ARCHIVE) $(LUA_ARCHIVE) $(BUILD_DIR)/sources
	$(call say,LINK,$@)
	$(Q)$(CC) $(HOST_LDFLAGS) -o $@ $(call object,$(BENCH_SOURCES)) $(ARCHIVE) $(HOST_LIBS)

$(SOAK): $(call object,tests/soak/soak.c) $(ARCHIVE) $(LUA_ARCHIVE)
	$(call say,LINK,$@)
	$(Q)$(CC) $(HOST_LDFLAGS) -o $@ $< $(ARCHIVE) $(HOST_LIBS)

$(STATES): $(call object,tests/browser/states.c) $(ARCHIVE) $(LUA_ARCHIVE)
	$(call say,LINK,$@)
	$(Q)$(CC) $(HOST_LDFLAGS) -o $@ $< $(ARCHIVE) $(HOST_LIBS)

$(BROWSER_DRIVER): tests/browser/package.json tests/browser/package-lock.json
	$(call say,NPM,$@)
	@mkdir -p $(BUILD_DIR)/browser
	$(Q)cp tests/browser/package.json tests/browser/package-lock.json $(BUILD_DIR)/browser/ && \
	    cd $(BUILD_DIR)/browser && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# These change only where their content does: flags, compiler; the list of files (one that was
# removed must leave the archive, and the folder of modules).
$(STAMP): FORCE
	@mkdir -p $(@D); printf '%s\n' "$$($(CC) --version | head -n 1)" '$(CC) $(COMMON)' \
	    '$(HOST_LDFLAGS) $(HOST_LIBS)' '$(MODULE_CFLAGS) $(MODULE_LINK)' '$(VERSION)' >$@.new; \
	    if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD_DIR)/sources: FORCE
	@mkdir -p $(@D); printf '%s\n' $(SOURCES) $(UNIT_SOURCES) $(BENCH_SOURCES) >$@.new; \
	    if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD_DIR)/module-sources: FORCE
	@mkdir -p $(@D); printf '%s\n' $(ALGORITHMS) $(ALGORITHM_PARTS) >$@.new; \
	    if cmp -s $@.new $@; then rm $@.new; \
	    else rm -rf '$(BUILD_DIR)/modules' && mv $@.new $@; fi

FORCE:

-include $(patsubst %.o,%.d,$(OBJECTS) $(call object,$(MAIN) $(MODULE_MEMORY) $(ALGORITHMS) \
    $(ALGORITHM_PARTS) $(UNIT_SOURCES) $(BENCH_SOURCES) tests/soak/soak.c tests/browser/states.c) \
    $(patsubst $(BUILD_DIR)/bench-modules/%.so,\
    $(BUILD_DIR)/obj/tests/bench/modules/%.d,$(BENCH_MODULES)))
