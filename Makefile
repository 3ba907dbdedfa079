# Two commands for a start: make demo, make test. Each installs what it lacks where it may, and names it otherwise.
.PHONY: help demo test soak bench coverage build publish setup descriptions clean

help:
	@echo 'make demo           two nodes and a few pods on this machine, with real packets: see it work;'
	@echo '                   with MODES=prefix,custom-net those modes, without dual stack;'
	@echo '                   with DATAPATH=classic the rules, tables and chains of aws-node'
	@echo 'make test           all tests'
	@echo 'make soak           the tests that take long; with TIME=PT1H histories for an hour'
	@echo 'make bench          how fast it is'
	@echo 'make coverage       which branches of brain and ledger their own tests reach'
	@echo 'make build          build/home, the installation that bin/patchbay runs'
	@echo 'make publish        the artifacts of api/ into the local repository of Maven, for modes that are built elsewhere'
	@echo 'make setup          install what demo and test need'
	@echo 'make descriptions   it/walls/descriptions anew: what each module shows and requires'
	@echo 'make clean          remove all that was built'

demo:
	@it/home/need demo
	@bin/patchbay lab demo $(if $(MODES),--modes $(MODES)) $(if $(DATAPATH),--datapath $(DATAPATH))

test:
	@it/home/need test
	@it/home/verify -DexcludedGroups=soak,bench -Dpatchbay.tries=1

soak bench:
	@if grep -rqs --include='*.java' '@Tag("$@")' api runtime mode-* it; then \
	  it/home/need test && it/home/verify -Dgroups=$@ $(if $(TIME),-Dpatchbay.soak=$(TIME)); \
	else \
	  echo 'make $@: there is none yet.'; \
	fi

coverage:
	@it/home/need build
	@bash -c 'root=$$PWD; . it/home/functions; maven --quiet -pl it/mutants -am -Dgroups=soak -Dtest=CoverageTest \
	  -Dsurefire.failIfNoSpecifiedTests=false verify'

build:
	@it/home/need build
	@bash -c 'root=$$PWD; . it/home/functions; build "building build/home"'

publish: build
	@it/home/publish $(REPOSITORY)

setup:
	@it/home/need test

descriptions:
	@it/home/need build
	@bash -c 'root=$$PWD; . it/home/functions; maven --quiet -pl it/walls -am -Dtest=DescriptionsTest \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dpatchbay.descriptions.renew=true verify'
	@git status --short it/walls/descriptions 2>/dev/null || true

clean:
	@rm -rf build $$(find . -name target -type d -prune)
