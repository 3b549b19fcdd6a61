# Martlet. `make` alone lists what there is.

SWIFT ?= swift
VERSION := $(shell sed -n 's/.*version = "\(.*\)"/\1/p' Sources/Martlet/Release.swift)
export MARTLET_TEST_TOOLS := $(CURDIR)/.build/test-tools

# What computes without a pause, for many seconds at a time; what waits for sockets and brokers; what has brokers of its own or
# measures, of which one at a time is enough. SystemTests, the rest of them, wait for processes.
COMPUTING_TESTS := FuzzTests|MartletStoreTests.ModelTests|MartletStoreTests.FlippedBitTests|MartletStoreTests.DestroyedPageTests
WAITING_TESTS := MartletTransferTests|MartletKeystoneTests|MartletEnrichersTests|MartletConnectorsTests|MartletAMQPTests|MartletKafkaTests
BROKER_TESTS := NodeTests|AMQPBlockedBrokerTests|RabbitMQFaultTests|RabbitMQClusterTests|HostileConnectionsTests|HostileBodiesTests|StartAfterCrashTests|SlowDiskTests|DeadForwardersTests

.PHONY: help run demo test soak sanitize lint format bench fuzz dist sbom clean packages test-tools

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

packages: ## Install the system packages that building needs
	@Scripts/install-packages build

run: packages ## Build a release binary and start a server: store in ./martlet-data, HTTP on 127.0.0.1:8585
	$(SWIFT) build -c release --product martlet
	@exec "$$($(SWIFT) build -c release --show-bin-path)/martlet" serve

demo: packages ## Start a server and play a day of a small CloudStack zone into it (RATE=20 events a second)
	$(SWIFT) build -c release --product martlet
	@exec "$$($(SWIFT) build -c release --show-bin-path)/martlet" demo --serve --rate $(or $(RATE),20)

test: packages test-tools lint ## Install what is missing and run every test
	$(SWIFT) build --build-tests
	@# One after the other, because what computes would starve what waits.
	$(SWIFT) test --skip-build --filter '$(COMPUTING_TESTS)'
	$(SWIFT) test --skip-build --skip 'SystemTests|$(COMPUTING_TESTS)|$(WAITING_TESTS)'
	$(SWIFT) test --skip-build --filter '$(WAITING_TESTS)' --skip '$(BROKER_TESTS)'
	$(SWIFT) test --skip-build --filter SystemTests --skip '$(BROKER_TESTS)'
	$(SWIFT) test --skip-build --no-parallel --filter '$(BROKER_TESTS)'
	Scripts/check-deploy "$$($(SWIFT) build --show-bin-path)/martlet"
	Scripts/check-deploy --slips
	Scripts/check-deploy --rabbitmq

test-tools:
	@Scripts/install-packages test
	@Scripts/prepare-test-tools

soak: packages test-tools ## Run the long tests for a while: MINUTES=30 for all, PART=model for one of them
	$(SWIFT) build --build-tests
	Scripts/soak $(or $(MINUTES),30) $(PART)

sanitize: packages test-tools ## Run the module tests with a sanitizer compiled in (SANITIZER=address or thread, FILTER=StoreTests)
	Scripts/sanitize $(or $(SANITIZER),address) '$(FILTER)'

lint: ## Check the formatting
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources/benchmarks Fuzzing/Package.swift Fuzzing/Sources/fuzz/Fuzz.swift

format: ## Format all Swift files
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources/benchmarks Fuzzing/Package.swift Fuzzing/Sources/fuzz/Fuzz.swift

bench: packages test-tools ## Measure decoding, routing, intake, the whole path, brokers, OpenStack (PART=brokers for one)
	@$(if $(filter openstack,$(or $(PART),openstack)),Scripts/prepare-test-tools bench)
	$(SWIFT) build -c release --product martlet
	cd Benchmarks && $(SWIFT) run -c release benchmarks "$$(cd .. && $(SWIFT) build -c release --show-bin-path)/martlet" $(PART)

fuzz: packages ## Search for inputs that break a parser, guided by coverage (TARGET=json MINUTES=1)
	cd Fuzzing && $(SWIFT) build -c release --product fuzz
	Scripts/fuzz "$$(cd Fuzzing && $(SWIFT) build -c release --show-bin-path)/fuzz" "$(TARGET)" $(or $(MINUTES),1)

sbom: packages ## List everything that a build contains in dist/martlet.cdx.json, as CycloneDX
	$(SWIFT) package resolve
	@mkdir -p dist
	Scripts/make-sbom.py $(VERSION) >dist/martlet.cdx.json
	@ls -l dist/martlet.cdx.json

dist: packages ## Make a self-contained tarball and a Debian package in dist/
	@Scripts/install-packages dist
	$(SWIFT) build -c release --product martlet --static-swift-stdlib
	Scripts/make-dist "$$($(SWIFT) build -c release --static-swift-stdlib --show-bin-path)/martlet" $(VERSION)

clean: ## Remove everything that was built
	rm -rf .build Benchmarks/.build Fuzzing/.build dist
