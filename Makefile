# Targets that a person calls have a ## line; `make` alone prints them.

export CGO_ENABLED ?= 0

ENGINE := deploy/engine/node_modules/.package-lock.json
BUNDLE := services/portal/built/files/charts.js.gz
SOURCES := $(shell git ls-files '*.go' 'schemas/*' 'services/*' go.mod go.sum 2>/dev/null)

.PHONY: help
help: ## print this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: build
build: bin/huizong engine fonts ## build bin/huizong

bin/huizong: $(SOURCES) $(BUNDLE)
	go build -ldflags "-X main.commit=$$(git rev-parse --short=12 HEAD 2>/dev/null)" -o $@ ./services/huizong

.PHONY: engine
engine: $(ENGINE) ## fetch the embedded ClickHouse (npm)

# The lock file has a hash for what it has; where it has nothing for a platform, that platform brings an engine of its own.
# A failed optional package is no error to npm: the ls is what finds it missing.
$(ENGINE): deploy/engine/package.json deploy/engine/package-lock.json
ifeq ($(shell uname -sm),Linux x86_64)
	npm ci --prefix deploy/engine --ignore-scripts --no-audit --no-fund --loglevel=error
	@ls deploy/engine/node_modules/@chdb/lib-*/libchdb.* >/dev/null
	@touch $@
else
	@echo "no engine for this platform ($(shell uname -sm)): name a library or a clickhouse binary by --engine, or a server by --clickhouse" >&2
endif

FONTS := deploy/fonts/node_modules/.package-lock.json

.PHONY: fonts
fonts: $(FONTS) ## fetch the fonts of the .pdf reports (npm)

$(FONTS): deploy/fonts/package.json deploy/fonts/package-lock.json
	npm ci --prefix deploy/fonts --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

PACKAGES := services/portal/bundle/node_modules/.package-lock.json

.PHONY: bundle
bundle: $(BUNDLE) ## build the portal's charts and API viewer (npm)

$(PACKAGES): services/portal/bundle/package.json services/portal/bundle/package-lock.json
	npm ci --prefix services/portal/bundle --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BUNDLE): $(PACKAGES) services/portal/bundle/build.mjs $(wildcard services/portal/bundle/src/*)
	node services/portal/bundle/build.mjs
	@touch $@

.PHONY: browser
browser: ## find a Chromium and a Chinese font for the tests, or install Debian's
	@services/portal/browsertest/install.sh

.PHONY: demo
demo: build ## make sample sheets, send them to a fresh server, show figures and report; the portal goes on in the background
	@rm -rf bin/city
	go run ./pkg/sample/city -dir bin/city
	bin/huizong demo --sheets bin/city --dir demo

.PHONY: stop
stop: build ## end the demo's server
	bin/huizong stop --data demo/data

.PHONY: pictures
pictures: build browser ## make the pictures of README.md anew, out of the pages of a fresh demo
	@rm -rf bin/city
	go run ./pkg/sample/city -dir bin/city
	bin/huizong demo --sheets bin/city --dir bin/pictures > bin/pictures.txt
	go run ./deploy/pictures < bin/pictures.txt; status=$$?; bin/huizong stop --data bin/pictures/data && exit $$status

# The longest packages first, so that the others run beside them.
.PHONY: test
test: engine fonts bundle browser ## run all tests; pictures of the pages go to bin/screenshots
	HUIZONG_SCREENSHOTS=$${HUIZONG_SCREENSHOTS:-$(CURDIR)/bin/screenshots} go test -vet=off -timeout 20m -p 3 ./services/huizong/... ./...

.PHONY: fault
RUNS ?= 10
fault: engine ## kill the server and its engine at random moments, RUNS=N seeds
	HUIZONG_FAULT_RUNS=$(RUNS) go test -count=1 -timeout 4h -run TestKilledAtAnyMoment -v ./services/huizong

.PHONY: soak
soak: engine fonts bundle ## run the seeded tests at their named sizes: docs/reliability.md has the last run
	HUIZONG_HOSTILE=1 go test -count=1 -timeout 1h -v -run 'TestHostileFiles' ./pkg/judge
	HUIZONG_HOSTILE=1 HUIZONG_SOAK_SHEETS=2000 go test -count=1 -timeout 4h -v -run 'TestHostileSheets|TestEveryTenthHostile' ./services/huizong
	go test ./pkg/clickhouse -run TestWildNumbers -timeout 60m -wild 400
	go test ./services/worker -run 'TestFlood|TestReplaysAndARebuild' -timeout 60m -flood 500 -replays 100
	HUIZONG_CLOSED_RUNS=500 go test -count=1 -timeout 4h -run TestClosedFiguresNeverMove -v ./services/worker
	HUIZONG_FLOOD=1000000 go test -run TestFlood -count=1 -timeout 1h ./pkg/audit
	HUIZONG_SEEN=20000 go test -count=1 -timeout 2h -run TestWhatIsSeen ./pkg/workbook
	HUIZONG_LAYOUTS=20000 go test -count=1 -timeout 4h -run 'TestLayouts|TestLedgerLayouts' ./pkg/workbook
	go test -count=1 -timeout 2h ./pkg/normalize -run 'TestRandomLayouts|TestEachLayout' -layouts 200

.PHONY: bench
bench: engine fonts bundle ## measure: docs/benchmarks.md has the last results; BASE=COMMIT measures that one beside, in turns
ifdef BASE
	@before=$$(mktemp -d); trap 'git worktree remove --force $$before/source; rm -rf $$before' EXIT; set -ex; \
	git worktree add --detach $$before/source $(BASE); \
	cp -n services/portal/built/files/*.gz $$before/source/services/portal/built/files/ || true; \
	(cd $$before/source && go build -o $$before/huizong ./services/huizong); \
	HUIZONG_BEFORE=$$before/huizong go test -run '^$$' -bench BenchmarkBeside -benchtime 1x -timeout 1h ./services/huizong
else
	go test -run '^$$' -bench 'BenchmarkReceiptToQueryable|BenchmarkManifest|BenchmarkReport|BenchmarkDeadlineRush' -benchtime 1x -timeout 1h ./services/huizong
	npm ci --prefix pkg/workbook/benchmark --ignore-scripts --no-audit --no-fund --loglevel=error
	go run ./pkg/workbook/benchmark
endif

# Tools of a module of their own, which pins them: what they need is none of what the product needs.
TOOL := go tool -modfile=deploy/tools/go.mod
NPM := engine=deploy/engine fonts=deploy/fonts bundle=services/portal/bundle benchmark=pkg/workbook/benchmark

.PHONY: sbom
sbom: bin/huizong ## list all components with their licences, as CycloneDX, in bin/sbom
	@rm -rf bin/sbom && mkdir -p bin/sbom
	$(TOOL) cyclonedx-gomod bin -json -licenses -std -version "$$(git describe --always --dirty 2>/dev/null || echo unknown)" -output bin/sbom/huizong.json bin/huizong 2>bin/sbom/log || { cat bin/sbom/log; exit 1; }
	@for n in $(NPM); do npm sbom --prefix $${n#*=} --package-lock-only --sbom-format cyclonedx > bin/sbom/$${n%%=*}.json || exit 1; done
	@rm bin/sbom/log && ls bin/sbom

.PHONY: licences
licences: sbom ## compare the licences of all components with deploy/licences/allowed.txt
	go run ./deploy/licences go.mod bin/sbom/*.json

.PHONY: lint
lint: $(BUNDLE) ## format, go vet, staticcheck, and deadcode: what only tests call is no product's code (but in packages of tests)
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not formatted: $$unformatted"; exit 1; }
	go vet ./...
	$(TOOL) staticcheck ./...
	@mkdir -p bin; $(TOOL) deadcode ./... > bin/deadcode.txt
	@! grep -vE '^[^:]*test/[^/:]*\.go:' bin/deadcode.txt

.PHONY: tidy
tidy: ## go.mod and go.sum are as go mod tidy makes them
	go mod tidy -diff
	cd deploy/tools && go mod tidy -diff

.PHONY: vulnerabilities
vulnerabilities: ## known faults of what we depend on, where the database can be reached
	@mkdir -p bin; $(TOOL) govulncheck ./... > bin/vulnerabilities.txt 2>&1; status=$$?; cat bin/vulnerabilities.txt; \
	if grep -q '^govulncheck: fetching vulnerabilities' bin/vulnerabilities.txt; then \
		echo "the database of vulnerabilities cannot be reached from here: NOTHING WAS CHECKED"; exit 0; fi; exit $$status

.PHONY: conformance
conformance: ## run the reader over a corpus of files: CORPUS=DIR
	go run ./pkg/workbook/conformance -corpus $(CORPUS)

.PHONY: mutations
mutations: ## damage workbooks in 100,000 seeded ways: the same cells, or an error
	go test -run TestMutations -count=1 -v -timeout 2h ./pkg/workbook -args -mutations=100000

.PHONY: clean
clean: ## remove what was built and fetched
	rm -rf bin deploy/engine/node_modules deploy/fonts/node_modules pkg/workbook/benchmark/node_modules services/portal/bundle/node_modules services/portal/built/files/*.gz
