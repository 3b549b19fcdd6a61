import Martlet
import MartletClouds
import Testing

@Suite struct EventCatalogueTests {
    let catalogue = EventCatalogue.cloudStack

    @Test func `all 577 event types are there, 415 with an entity`() {
        #expect(catalogue.names.count == 577)
        #expect(Set(catalogue.names).count == 577)
        #expect(catalogue.names.count { catalogue.entity(of: $0) != nil } == 415)
        #expect(catalogue.names.allSatisfy { catalogue.contains($0) })
    }

    @Test func `every type is found by the word of a routing key`() {
        for name in catalogue.names {
            #expect(catalogue.canonicalName(of: name.replacing(".", with: "-")) == name)
        }
    }

    @Test(
        arguments: [
            ("VM.START", "VirtualMachine"), ("VM-START", "VirtualMachine"), ("ROUTER.HA", "VirtualMachine"),
            ("LB.DELETE", "FirewallRule"), ("ZONE.CREATE", "DataCenter"), ("VM.RECOVER", nil), ("VM.LEVITATE", nil),
            ("", nil),
        ] as [(String, String?)]
    )
    func `the entity is the one that CloudStack maps the type to`(name: String, entity: String?) {
        #expect(catalogue.entity(of: name) == entity)
    }

    @Test func `an unmapped type is known and an undeclared one is not`() {
        #expect(catalogue.contains("VM.RECOVER"))
        #expect(!catalogue.contains("VM.LEVITATE"))
        #expect(!catalogue.contains("vm.start"))
        #expect(!catalogue.contains("VM.STARTX"))
    }
}

@Suite struct StateMachineTests {
    @Test(arguments: [("VirtualMachine", 11, 55), ("Volume", 20, 63), ("Snapshot", 9, 18), ("Network", 6, 8)])
    func `the machines have all states and transitions`(type: String, states: Int, transitions: Int) throws {
        let machine = try #require(StateMachine.cloudStack(for: type))
        #expect(machine.states.count == states)
        #expect(machine.transitions.count == transitions)
        #expect(Set(machine.transitions).count == transitions)
        for transition in machine.transitions {
            #expect(machine.isPossible(from: transition.from, to: transition.to))
            #expect(machine.isPossible(from: transition.from, event: transition.event, to: transition.to))
            #expect(machine.events(from: transition.from, to: transition.to).contains(transition.event))
        }
    }

    @Test func `other resources have no machine`() {
        #expect(StateMachine.cloudStack(for: "Account") == nil)
        #expect(StateMachine.cloudStack(for: "volume") == nil)
    }

    @Test func `a step that no transition makes is impossible`() throws {
        let machine = try #require(StateMachine.cloudStack(for: "Volume"))
        #expect(!machine.isPossible(from: "Allocated", to: "Ready"))
        #expect(!machine.isPossible(from: "Ready", to: "Expunged"))
        #expect(!machine.isPossible(from: "Creating", event: "ResizeRequested", to: "Ready"))
        #expect(machine.events(from: "Allocated", to: "Ready").isEmpty)
    }

    @Test func `repeated states and what the machine does not list are possible`() throws {
        let machine = try #require(StateMachine.cloudStack(for: "Volume"))
        #expect(machine.isPossible(from: "Resizing", to: "Resizing"))
        #expect(machine.isPossible(from: "Resizing", event: "CopyRequested", to: "Resizing"))
        #expect(machine.isPossible(from: "Ready", to: "Levitating"))
        #expect(machine.isPossible(from: "Levitating", event: "CopyRequested", to: "Ready"))
        #expect(machine.isPossible(from: "Ready", event: "LevitateRequested", to: "Resizing"))
    }
}
