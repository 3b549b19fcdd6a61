// Written by Scripts/generate-catalogues.py; change that, not this.

/// A machine, a state (`*`: all of them follow) and the transitions out of it, `event>new state`.
let cloudStackTransitions: StaticString = """
    VirtualMachine * Starting Running Stopping Stopped Destroyed Expunging Migrating Error Unknown Shutdown Restoring
    VirtualMachine Stopped StartRequested>Starting DestroyRequested>Destroyed StopRequested>Stopped
    VirtualMachine Stopped AgentReportStopped>Stopped OperationFailedToError>Error OperationFailed>Stopped
    VirtualMachine Stopped ExpungeOperation>Expunging AgentReportShutdowned>Stopped StorageMigrationRequested>Migrating
    VirtualMachine Stopped RestoringRequested>Restoring FollowAgentPowerOnReport>Running
    VirtualMachine Stopped FollowAgentPowerOffReport>Stopped
    VirtualMachine Starting OperationRetry>Starting OperationSucceeded>Running OperationFailed>Stopped
    VirtualMachine Starting AgentReportRunning>Running AgentReportStopped>Stopped AgentReportShutdowned>Stopped
    VirtualMachine Starting FollowAgentPowerOnReport>Running FollowAgentPowerOffReport>Stopped
    VirtualMachine Destroyed RecoveryRequested>Stopped ExpungeOperation>Expunging RestoringRequested>Restoring
    VirtualMachine Running MigrationRequested>Migrating AgentReportRunning>Running AgentReportStopped>Stopped
    VirtualMachine Running StopRequested>Stopping AgentReportShutdowned>Stopped AgentReportMigrated>Running
    VirtualMachine Running OperationSucceeded>Running FollowAgentPowerOnReport>Running FollowAgentPowerOffReport>Stopped
    VirtualMachine Migrating MigrationRequested>Migrating OperationSucceeded>Running OperationFailed>Running
    VirtualMachine Migrating AgentReportRunning>Running AgentReportStopped>Stopped AgentReportShutdowned>Stopped
    VirtualMachine Migrating FollowAgentPowerOnReport>Running FollowAgentPowerOffReport>Stopped
    VirtualMachine Stopping OperationSucceeded>Stopped OperationFailed>Running AgentReportRunning>Running
    VirtualMachine Stopping AgentReportStopped>Stopped StopRequested>Stopping AgentReportShutdowned>Stopped
    VirtualMachine Stopping FollowAgentPowerOnReport>Running FollowAgentPowerOffReport>Stopped
    VirtualMachine Expunging OperationFailed>Expunging ExpungeOperation>Expunging RestoringRequested>Restoring
    VirtualMachine Error DestroyRequested>Expunging ExpungeOperation>Expunging
    VirtualMachine Restoring RestoringSuccess>Stopped RestoringFailed>Stopped
    Volume * Allocated Creating Ready Migrating Snapshotting RevertSnapshotting Resizing Expunging Expunged Destroy
    Volume * Destroying UploadOp Copying Uploaded NotUploaded UploadInProgress UploadError UploadAbandoned Attaching
    Volume * Restoring
    Volume Allocated CreateRequested>Creating DestroyRequested>Destroy OperationFailed>Allocated
    Volume Allocated OperationSucceeded>Allocated UploadRequested>UploadOp MigrationCopyRequested>Creating
    Volume Creating OperationRetry>Creating OperationFailed>Allocated OperationSucceeded>Ready DestroyRequested>Destroy
    Volume Creating CreateRequested>Creating MigrationCopyFailed>Allocated MigrationCopySucceeded>Ready
    Volume Ready CreateRequested>Creating ResizeRequested>Resizing OperationSucceeded>Ready OperationFailed>Ready
    Volume Ready DestroyRequested>Destroy SnapshotRequested>Snapshotting RevertSnapshotRequested>RevertSnapshotting
    Volume Ready MigrationRequested>Migrating AttachRequested>Attaching RestoreRequested>Restoring
    Volume Resizing OperationSucceeded>Ready OperationFailed>Ready
    Volume Uploaded CopyRequested>Copying DestroyRequested>Destroy
    Volume Copying OperationSucceeded>Ready OperationFailed>Uploaded
    Volume UploadOp DestroyRequested>Destroy OperationSucceeded>Uploaded OperationFailed>Allocated
    Volume Destroy ExpungingRequested>Expunging OperationSucceeded>Destroy OperationFailed>Destroy
    Volume Destroy RecoverRequested>Ready RestoreRequested>Restoring
    Volume Expunging ExpungingRequested>Expunging OperationSucceeded>Expunged OperationFailed>Destroy
    Volume Snapshotting OperationSucceeded>Ready OperationFailed>Ready
    Volume RevertSnapshotting OperationSucceeded>Ready OperationFailed>Ready
    Volume Migrating OperationSucceeded>Ready OperationFailed>Ready
    Volume Expunged ExpungingRequested>Expunged OperationSucceeded>Expunged OperationFailed>Expunged
    Volume Expunged RestoreRequested>Restoring
    Volume NotUploaded OperationTimeout>UploadAbandoned UploadRequested>UploadInProgress OperationSucceeded>Uploaded
    Volume NotUploaded OperationFailed>UploadError
    Volume UploadInProgress OperationSucceeded>Uploaded OperationFailed>UploadError OperationTimeout>UploadError
    Volume UploadError DestroyRequested>Destroy
    Volume UploadAbandoned DestroyRequested>Destroy
    Volume Attaching OperationSucceeded>Ready OperationFailed>Ready
    Volume Restoring RestoreSucceeded>Ready RestoreFailed>Ready
    Snapshot * Allocated Creating CreatedOnPrimary BackingUp BackedUp Copying Destroying Destroyed Error
    Snapshot Allocated CreateRequested>Creating
    Snapshot Creating OperationSucceeded>CreatedOnPrimary OperationNotPerformed>BackedUp OperationFailed>Error
    Snapshot CreatedOnPrimary BackupToSecondary>BackingUp OperationNotPerformed>BackedUp
    Snapshot BackingUp OperationSucceeded>BackedUp OperationFailed>Error OperationNotPerformed>BackedUp
    Snapshot BackingUp BackupToSecondary>BackingUp
    Snapshot BackedUp DestroyRequested>Destroying CopyingRequested>Copying BackupToSecondary>BackingUp
    Snapshot Copying OperationSucceeded>BackedUp OperationFailed>BackedUp
    Snapshot Destroying OperationSucceeded>Destroyed OperationFailed>BackedUp DestroyRequested>Destroying
    Network * Allocated Setup Implementing Implemented Shutdown Destroy
    Network Allocated ImplementNetwork>Implementing DestroyNetwork>Destroy
    Network Implementing OperationSucceeded>Implemented OperationFailed>Shutdown
    Network Implemented DestroyNetwork>Shutdown
    Network Shutdown OperationSucceeded>Allocated OperationFailed>Shutdown
    Network Setup DestroyNetwork>Destroy
    """
