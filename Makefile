# Fengqiao.  "make demo" shows it, "make test" proves it; both install what is
# missing.  "make" builds, "make check" is the fast inner loop.
#
#   make [CC=clang] [DEBUG=1] [SAN=1]   the programs, in build/<variant>/
#   make check                          unit and screen tests
#   make sim [SEEDS=10000] [FROM=1]     counties simulated from seeds
#   make fuzz [TIME=60] [FUZZ=json]     bytes of strangers, seconds for each door
#   make test [TIME=60]                 every suite, with the fuzzers beside them;
#                                       last line "N passed, N failed"
#   make lint | asan | bench | demo     what their names say
#   make install [DESTDIR=] [PREFIX=/usr/local]
#   make deb                            two Debian packages, in build/

CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))
PREFIX  := /usr/local
DESTDIR :=
DEBUG   :=
SAN     :=
COVER   :=
VARIANT := $(notdir $(CC))$(if $(DEBUG),-debug)$(if $(SAN),-san)$(if $(COVER),-fuzz)
B       := build/$(VARIANT)
G       := build/gen

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wvla -Wformat=2 -Werror
HARD := -fstack-protector-strong -fPIE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
OPT  := $(if $(DEBUG),-O0 -g,-O2 -g)
SANF := -fsanitize=address,undefined -fno-sanitize-recover=undefined -O1 -g -fno-omit-frame-pointer \
        $(if $(COVER),-fsanitize=fuzzer-no-link)
CFLAGS_ALL := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700 \
        -Iinclude $(WARN) $(if $(SAN),$(SANF),$(OPT) $(HARD)) $(CFLAGS)
LDFLAGS_ALL := $(if $(SAN),$(SANF),-pie -Wl,-z,relro,-z,now) $(LDFLAGS)

# layers, from the top down: each may use those to its right
CLIENT_LAYERS := client ui sync store db core base
SERVER_LAYERS := server db core base
LAYERS        := client server ui sync store db core base
# libcurl is loaded by src/sync/http_client.c when it is needed
CLIENT_LIBS   := -lncursesw -ltinfo -lsqlite3 -lsodium -lnettle -lcjson -lz -lzstd -ldl -lpthread -lm
# many threads give back what others took: a third of the allocator's time, and
# a server that runs for months is not cut to pieces; sanitizers have their own
SERVER_LIBS   := $(if $(SAN),,-ljemalloc) -lmicrohttpd -lgnutls -lsqlite3 -lsodium -lnettle -lcjson -lz -lzstd -lpthread -lm
TEST_LIBS     := $(CLIENT_LIBS) -lcurl -lmicrohttpd -lgnutls -lcmocka -lvterm -lutil

MAINS   := src/client/main.c src/server/main.c
obj      = $(patsubst src/%.c,$(B)/%.o,$(filter-out $(MAINS),$(sort $(wildcard src/$(1)/*.c))))
libs     = $(foreach l,$(1),$(B)/lib$(l).a)
SCREENS := $(sort $(wildcard screens/*.json screens/registers/*.json screens/codes/*.json \
           screens/rules/*.json))

PROGRAMS := $(if $(wildcard src/client/screens.c),$(B)/fengqiao) $(if $(wildcard src/server/main.c),$(B)/fengqiaod)

.PHONY: all deps testbins fuzzbins fuzz check sim mutants test lint asan bench demo install deb clean
.DELETE_ON_ERROR:
.SECONDARY:
all: $(PROGRAMS) $(call libs,$(LAYERS))

$(B)/fengqiao: $(B)/client/main.o $(call libs,$(CLIENT_LAYERS))
	$(CC) $(LDFLAGS_ALL) -o $@ $< $(call libs,$(CLIENT_LAYERS)) $(CLIENT_LIBS)
$(B)/fengqiaod: $(B)/server/main.o $(call libs,$(SERVER_LAYERS))
	$(CC) $(LDFLAGS_ALL) -o $@ $< $(call libs,$(SERVER_LAYERS)) $(SERVER_LIBS)

define layer_rule
$(B)/lib$(1).a: $(call obj,$(1)) $(if $(filter core,$(1)),$(B)/gen/builtin.o) $(if $(filter base,$(1)),$(B)/gen/catalogue.o) \
    $(if $(filter server,$(1)),$(B)/gen/openapi.o)
	@mkdir -p $$(@D); rm -f $$@; $(AR) rcs $$@ $$(filter %.o,$$^)
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rule,$(l))))

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
$(B)/gen/%.o: $(G)/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -c -o $@ $<

# screens/ built into the programs: definitions as bytes, translations as the
# compiled catalogue that msgfmt makes and checks
$(G)/builtin.c: src/core/builtin.sh $(SCREENS)
	@mkdir -p $(@D)
	sh src/core/builtin.sh $(SCREENS) >$@
$(G)/zh_CN.mo: screens/po/zh_CN.po
	@mkdir -p $(@D)
	msgfmt --check-format -o $@ $<
$(G)/catalogue.c: $(G)/zh_CN.mo src/base/bytes.sh
	sh src/base/bytes.sh tr_catalogue $< >$@
# the description of the server's calls, which it hands out itself
$(G)/openapi.c: src/server/openapi.json src/base/bytes.sh
	@mkdir -p $(@D)
	sh src/base/bytes.sh openapi_json $< >$@

# tests: each tests/{unit,screen,pty}/test_*.c is one program that prints TAP
TESTS  := $(sort $(wildcard tests/unit/test_*.c tests/screen/test_*.c))
PTYS   := $(sort $(wildcard tests/pty/test_*.c))
# programs that the scripts of tests/sync and tests/fault use
TOOLS  := $(sort $(wildcard tests/sync/*.c tests/fault/*.c tests/lookup/*.c))
# machines that fail and clocks that are wrong, for LD_PRELOAD; without fortify
# and sanitizers, which take the same calls
PRELOADS := $(patsubst tests/%.c,$(B)/tests/%.so,$(sort $(wildcard tests/preload/*.c)))
$(B)/tests/preload/%.so: tests/preload/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARN) -O2 -fPIC -shared -o $@ $< -ldl
testbin = $(patsubst tests/%.c,$(B)/tests/%,$(1))
TESTKIT := $(B)/tests/libkit.a
$(TESTKIT): $(patsubst tests/%.c,$(B)/tests/%.o,$(sort $(wildcard tests/kit/*.c)))
	@rm -f $@; $(AR) rcs $@ $^
$(B)/tests/kit/%.o: tests/kit/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -Itests -MMD -MP -c -o $@ $<
$(B)/tests/%: tests/%.c $(TESTKIT) $(call libs,$(LAYERS))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -Itests $(LDFLAGS_ALL) -MMD -MP -o $@ $< $(TESTKIT) \
	    -Wl,--start-group $(call libs,$(LAYERS)) -Wl,--end-group $(TEST_LIBS)

check: all $(call testbin,$(TESTS)) $(B)/tests/sim/sim
	@sh tests/run.sh $(call testbin,$(TESTS)) "$(SIM) 60" "$(SIM) --twice 10"

# the whole way of an entry under a seed's accidents; tests/kit/story.h
SIM := $(B)/tests/sim/sim
SEEDS ?= 10000
FROM  ?= 1
sim: $(SIM)
	@$(SIM) $(SEEDS) $(FROM)
# broken on purpose: does the simulation notice?
mutants: $(SIM)
	@BUILD=$(B) sh tests/sim/mutants.sh

testbins: $(call testbin,$(TESTS)) $(B)/tests/sim/sim

# bytes of strangers at each door (tests/fuzz), by clang's libFuzzer
FUZZERS := $(sort $(wildcard tests/fuzz/*.c))
TIME ?= 60
FUZZ ?= $(notdir $(FUZZERS:.c=))
$(B)/tests/fuzz/%: tests/fuzz/%.c $(TESTKIT) $(call libs,$(LAYERS))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -Itests $(LDFLAGS_ALL) -fsanitize=fuzzer -MMD -MP -o $@ $< $(TESTKIT) \
	    -Wl,--start-group $(call libs,$(LAYERS)) -Wl,--end-group $(TEST_LIBS)
fuzzbins: $(call testbin,$(FUZZERS))
fuzz: deps
	@$(SUBMAKE) fuzzbins CC=clang SAN=1 COVER=1
	@sh tests/fuzz/fuzz.sh build/clang-san-fuzz $(TIME) $(FUZZ)

lint: all
	@sh tests/lint/lint.sh $(B)

asan:
	$(MAKE) SAN=1 check

# what a bare Debian lacks; nothing is done when all of it is there
PACKAGES := gcc clang libclang-rt-dev libc6-dev pkg-config gettext ca-certificates procps \
        libncurses-dev libcurl4-openssl-dev libcjson-dev libsqlite3-dev \
        libsodium-dev nettle-dev zlib1g-dev libzstd-dev patch \
        libmicrohttpd-dev libgnutls28-dev libjemalloc-dev \
        libcmocka-dev libvterm-dev python3 unicode-data openssl curl dpkg-dev binutils \
        openssh-server openssh-client locales ncurses-term
deps:
	@sh tests/deps.sh $(PACKAGES)

# every suite: both compilers; units and screens under the sanitizers; the rules;
# then the programs as people use them
# what waits most of its time goes beside the others too
WAITING_PTYS := tests/pty/test_ssh.c
WAITING := tests/sync/s24_bad_hour.sh
JOBS := -j$(shell nproc 2>/dev/null || echo 1)
SUBMAKE = $(MAKE) --no-print-directory -s $(JOBS)
test: deps
	@$(SUBMAKE) all fuzzbins CC=clang SAN=1 COVER=1
	@$(SUBMAKE) all $(call testbin,$(PTYS) $(TOOLS)) $(PRELOADS) $(B)/tests/sim/sim
	@$(SUBMAKE) SAN=1 testbins
	@BUILD=$(B) sh tests/bare.sh sh tests/run.sh \
	    --beside "nice -n 19 env FUZZ_JOBS=2 sh tests/fuzz/fuzz.sh build/clang-san-fuzz $(TIME) $(FUZZ)" \
	    $(foreach t,$(call testbin,$(WAITING_PTYS)),--beside "$(t)") \
	    $(foreach t,$(WAITING),--beside "sh $(t)") \
	    "sh tests/lint/lint.sh $(B)" "sh tests/lint/packages.sh" \
	    $(patsubst tests/%.c,build/$(VARIANT)-san/tests/%,$(TESTS)) \
	    "build/$(VARIANT)-san/tests/sim/sim 60" "$(SIM) 300" "$(SIM) --twice 30" \
	    "sh tests/sim/mutants.sh 1/3" "sh tests/sim/mutants.sh 2/3" \
	    "sh tests/sim/mutants.sh 3/3" \
	    "sh tests/fuzz/fuzz.sh build/clang-san-fuzz runs $(FUZZ)" \
	    $(call testbin,$(filter-out $(WAITING_PTYS),$(PTYS))) \
	    $(patsubst %,"sh %",$(filter-out $(WAITING),$(sort \
	        $(wildcard tests/sync/*.sh tests/fault/*.sh tests/lookup/*.sh))))

demo: deps
	@$(SUBMAKE) all $(B)/tests/demo/fill
	@BUILD=$(B) sh tests/demo/demo.sh

bench: all
	@$(MAKE) --no-print-directory -s -C . $(call testbin,$(wildcard tests/bench/*.c) \
	    tests/sync/slowline.c)
	@BUILD=$(B) sh tests/bench/run.sh $(PARTS)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 src/client/fengqiao.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 src/server/fengqiaod.8 $(DESTDIR)$(PREFIX)/share/man/man8
	install -d $(DESTDIR)$(PREFIX)/share/fengqiao/screens
	install -m 644 screens/*.json $(DESTDIR)$(PREFIX)/share/fengqiao/screens
	for d in registers codes rules; do \
	    install -d $(DESTDIR)$(PREFIX)/share/fengqiao/screens/$$d && \
	    install -m 644 screens/$$d/*.json \
	        $(DESTDIR)$(PREFIX)/share/fengqiao/screens/$$d || exit 1; done

deb: all
	@sh tests/deps.sh dpkg-dev binutils
	@rm -rf $(B)/deb
	@$(MAKE) --no-print-directory -s install DESTDIR=$(B)/deb PREFIX=/usr
	@sh src/deb.sh $(B) $(B)/deb build
	@rm -rf $(B)/deb
	@ls build/*.deb

clean:
	rm -rf build

-include $(shell find build -name '*.d' 2>/dev/null)
