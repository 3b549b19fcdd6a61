import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

@Suite struct RepairSwapTests {
    @Test func `a store that somebody has open is not repaired`() async throws {
        try await withStore { store in
            let directory = store.file.directory
            let error = await #expect(throws: StoreError.self) { try await StoreRepair.run(directory: directory) }
            #expect(error?.code == .locked)
            #expect(!FileManager.default.fileExists(atPath: directory + "/repairing"))
        }
    }

    @Test(arguments: [0, 1, 2])
    func `a repair that is interrupted while it changes the files is finished by the next`(
        _ step: Int
    ) async throws {
        try await withTemporaryDirectory { directory in
            let data = directory + "/data"
            try await SampleStore.make(in: data)
            let swap = RepairSwap(StoreFile(directory: data))
            try swap.begin(room: 0)
            try await SampleStore.make(in: data + "/repairing")
            try swap.ready(movingAsideTo: "damaged-1")
            // As far as it had come: nothing moved, the old file moved, both moved.
            try FileManager.default.createDirectory(atPath: data + "/damaged-1", withIntermediateDirectories: true)
            if step > 0 {
                try FileManager.default.moveItem(
                    atPath: data + "/martlet.sqlite",
                    toPath: data + "/damaged-1/martlet.sqlite"
                )
            }
            if step > 1 {
                try FileManager.default.moveItem(
                    atPath: data + "/repairing/martlet.sqlite",
                    toPath: data + "/martlet.sqlite"
                )
            }
            let error = await #expect(throws: StoreError.self) { try await SQLiteEventStore.open(at: data) }
            #expect(error?.reason.contains("martlet store repair") == true)

            let report = try await StoreRepair.run(directory: data)
            #expect(report.check.isClean)
            #expect(FileManager.default.fileExists(atPath: data + "/damaged-1/martlet.sqlite"))
            #expect(!FileManager.default.fileExists(atPath: data + "/repairing"))
            try await withStore(at: data) { store in
                let head = try await store.head()
                #expect(head == Position(rawValue: 400))
            }
        }
    }

    @Test func `where there is no room nothing is begun`() async throws {
        try await withTemporaryDirectory { directory in
            let swap = RepairSwap(StoreFile(directory: directory))
            let error = #expect(throws: StoreError.self) { try swap.begin(room: .max) }
            #expect(error?.code == .full)
            let made = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(made.isEmpty)
        }
    }
}
