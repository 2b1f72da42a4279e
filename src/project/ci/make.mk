# perfledger's targets for make. In your Makefile, anywhere: include perfledger.mk
#
#   make benchmark            build, measure what perfledger.yaml configures, record it
#   make benchmark-save       keep the latest run as the next baseline (NAME=release-1.4 names it)
#   make benchmark-compare    build, measure, and hold it against the baseline: fails when a gate says no
#   make benchmark-reset      take the latest run as the baseline even if it is slower: a change that was agreed on
#   make benchmark-race       race this work tree against BASE, both built and measured in turns
#
# Variables: PERFLEDGER (the program), BASE (a revision), SUITES (names or globs; all when empty), TIER, NAME.
PERFLEDGER_GOAL_BEFORE := $(.DEFAULT_GOAL)

PERFLEDGER ?= perfledger
PERFLEDGER_BRANCH ?= @branch_make@
BASE ?= $(shell git merge-base HEAD 'origin/$(PERFLEDGER_BRANCH)' 2>/dev/null || git merge-base HEAD '$(PERFLEDGER_BRANCH)' 2>/dev/null || echo HEAD)
SUITES ?=
TIER ?= smoke
NAME ?=
BENCHMARK_NEEDS ?=# targets of yours to be made before measuring

%if build
# `build` of perfledger.yaml; BENCHMARK_BUILD= leaves it out where BENCHMARK_NEEDS does it.
define BENCHMARK_BUILD ?=
@build@
endef
export PERFLEDGER_BUILD := $(value BENCHMARK_BUILD)
%end
%ifnot build
# perfledger.yaml has no `build`; BENCHMARK_BUILD = COMMAND, or BENCHMARK_NEEDS = TARGET, makes what is measured.
BENCHMARK_BUILD ?=
export PERFLEDGER_BUILD := $(value BENCHMARK_BUILD)
%end

.PHONY: benchmark benchmark-build benchmark-save benchmark-compare benchmark-reset benchmark-race

benchmark-build: $(BENCHMARK_NEEDS)
	+@[ -z "$$PERFLEDGER_BUILD" ] || sh -c "$$PERFLEDGER_BUILD"

benchmark: benchmark-build
	'$(PERFLEDGER)' run $(foreach suite,$(SUITES),'$(suite)') --tier '$(TIER)'

benchmark-save:
	'$(PERFLEDGER)' baseline save $(if $(NAME),'$(NAME)')

benchmark-compare: benchmark
	'$(PERFLEDGER)' check

benchmark-reset:
	'$(PERFLEDGER)' baseline reset $(if $(NAME),'$(NAME)')

benchmark-race:
	'$(PERFLEDGER)' race '$(BASE)' . --tier '$(TIER)' $(foreach suite,$(SUITES),--suite '$(suite)')

.DEFAULT_GOAL := $(PERFLEDGER_GOAL_BEFORE)
