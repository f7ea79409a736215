// Generated from the schema of QEMU 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3). Do not edit.
// Regenerate: bun scripts/generate.ts

import type { JsonValue } from '../json.ts';

/** Of a command that takes nothing, or gives nothing back. */
type Nothing = Record<string, never>;

export interface QmpCommands {
  readonly 'add-fd': { readonly arguments: AddFdArguments; readonly returns: AddFdReturn; };
  readonly add_client: { readonly arguments: AddClientArguments; readonly returns: Nothing; };
  readonly 'announce-self': { readonly arguments: AnnounceSelfArguments; readonly returns: Nothing; };
  readonly balloon: { readonly arguments: BalloonArguments; readonly returns: Nothing; };
  readonly 'block-commit': { readonly arguments: BlockCommitArguments; readonly returns: Nothing; };
  readonly 'block-dirty-bitmap-add': { readonly arguments: BlockDirtyBitmapAddArguments; readonly returns: Nothing; };
  readonly 'block-dirty-bitmap-clear': { readonly arguments: BlockDirtyBitmapClearArguments; readonly returns: Nothing; };
  readonly 'block-dirty-bitmap-disable': { readonly arguments: BlockDirtyBitmapClearArguments; readonly returns: Nothing; };
  readonly 'block-dirty-bitmap-enable': { readonly arguments: BlockDirtyBitmapClearArguments; readonly returns: Nothing; };
  readonly 'block-dirty-bitmap-merge': { readonly arguments: BlockDirtyBitmapMergeArguments; readonly returns: Nothing; };
  readonly 'block-dirty-bitmap-remove': { readonly arguments: BlockDirtyBitmapClearArguments; readonly returns: Nothing; };
  readonly 'block-export-add': { readonly arguments: BlockExportAddArguments; readonly returns: Nothing; };
  readonly 'block-export-del': { readonly arguments: BlockExportDelArguments; readonly returns: Nothing; };
  readonly 'block-job-cancel': { readonly arguments: BlockJobCancelArguments; readonly returns: Nothing; };
  readonly 'block-job-complete': { readonly arguments: BlockJobCompleteArguments; readonly returns: Nothing; };
  readonly 'block-job-dismiss': { readonly arguments: BlockJobDismissArguments; readonly returns: Nothing; };
  readonly 'block-job-finalize': { readonly arguments: BlockJobFinalizeArguments; readonly returns: Nothing; };
  readonly 'block-job-pause': { readonly arguments: BlockJobPauseArguments; readonly returns: Nothing; };
  readonly 'block-job-resume': { readonly arguments: BlockJobResumeArguments; readonly returns: Nothing; };
  readonly 'block-job-set-speed': { readonly arguments: BlockJobSetSpeedArguments; readonly returns: Nothing; };
  readonly 'block-latency-histogram-set': { readonly arguments: BlockLatencyHistogramSetArguments; readonly returns: Nothing; };
  readonly 'block-set-write-threshold': { readonly arguments: BlockSetWriteThresholdArguments; readonly returns: Nothing; };
  readonly 'block-stream': { readonly arguments: BlockStreamArguments; readonly returns: Nothing; };
  readonly block_resize: { readonly arguments: BlockResizeArguments; readonly returns: Nothing; };
  readonly block_set_io_throttle: { readonly arguments: BlockSetIoThrottleArguments; readonly returns: Nothing; };
  readonly 'blockdev-add': { readonly arguments: BlockdevAddArguments; readonly returns: Nothing; };
  readonly 'blockdev-backup': { readonly arguments: BlockdevBackupArguments; readonly returns: Nothing; };
  readonly 'blockdev-change-medium': { readonly arguments: BlockdevChangeMediumArguments; readonly returns: Nothing; };
  readonly 'blockdev-close-tray': { readonly arguments: BlockdevCloseTrayArguments; readonly returns: Nothing; };
  readonly 'blockdev-create': { readonly arguments: BlockdevCreateArguments; readonly returns: Nothing; };
  readonly 'blockdev-del': { readonly arguments: BlockdevDelArguments; readonly returns: Nothing; };
  readonly 'blockdev-insert-medium': { readonly arguments: BlockdevInsertMediumArguments; readonly returns: Nothing; };
  readonly 'blockdev-mirror': { readonly arguments: BlockdevMirrorArguments; readonly returns: Nothing; };
  readonly 'blockdev-open-tray': { readonly arguments: BlockdevOpenTrayArguments; readonly returns: Nothing; };
  readonly 'blockdev-remove-medium': { readonly arguments: BlockdevRemoveMediumArguments; readonly returns: Nothing; };
  readonly 'blockdev-reopen': { readonly arguments: BlockdevReopenArguments; readonly returns: Nothing; };
  readonly 'blockdev-snapshot': { readonly arguments: BlockdevSnapshotArguments; readonly returns: Nothing; };
  readonly 'blockdev-snapshot-delete-internal-sync': { readonly arguments: BlockdevSnapshotDeleteInternalSyncArguments; readonly returns: BlockdevSnapshotDeleteInternalSyncReturn; };
  readonly 'blockdev-snapshot-internal-sync': { readonly arguments: BlockdevSnapshotInternalSyncArguments; readonly returns: Nothing; };
  readonly 'blockdev-snapshot-sync': { readonly arguments: BlockdevSnapshotSyncArguments; readonly returns: Nothing; };
  readonly 'calc-dirty-rate': { readonly arguments: CalcDirtyRateArguments; readonly returns: Nothing; };
  readonly 'cancel-vcpu-dirty-limit': { readonly arguments: CancelVcpuDirtyLimitArguments; readonly returns: Nothing; };
  readonly 'change-backing-file': { readonly arguments: ChangeBackingFileArguments; readonly returns: Nothing; };
  readonly 'change-vnc-password': { readonly arguments: ChangeVncPasswordArguments; readonly returns: Nothing; };
  readonly 'chardev-add': { readonly arguments: ChardevAddArguments; readonly returns: ChardevAddReturn; };
  readonly 'chardev-change': { readonly arguments: ChardevChangeArguments; readonly returns: ChardevAddReturn; };
  readonly 'chardev-remove': { readonly arguments: ChardevRemoveArguments; readonly returns: Nothing; };
  readonly 'chardev-send-break': { readonly arguments: ChardevSendBreakArguments; readonly returns: Nothing; };
  readonly client_migrate_info: { readonly arguments: ClientMigrateInfoArguments; readonly returns: Nothing; };
  readonly closefd: { readonly arguments: ClosefdArguments; readonly returns: Nothing; };
  readonly cont: { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly 'device-list-properties': { readonly arguments: DeviceListPropertiesArguments; readonly returns: readonly DeviceListPropertiesReturnItem[]; };
  readonly device_add: { readonly arguments: DeviceAddArguments; readonly returns: Nothing; };
  readonly device_del: { readonly arguments: DeviceDelArguments; readonly returns: Nothing; };
  readonly 'display-reload': { readonly arguments: DisplayReloadArguments; readonly returns: Nothing; };
  readonly 'display-update': { readonly arguments: DisplayUpdateArguments; readonly returns: Nothing; };
  /** @deprecated by QEMU. */
  readonly 'drive-backup': { readonly arguments: DriveBackupArguments; readonly returns: Nothing; };
  readonly 'drive-mirror': { readonly arguments: DriveMirrorArguments; readonly returns: Nothing; };
  readonly 'dump-guest-memory': { readonly arguments: DumpGuestMemoryArguments; readonly returns: Nothing; };
  readonly dumpdtb: { readonly arguments: DumpdtbArguments; readonly returns: Nothing; };
  readonly eject: { readonly arguments: EjectArguments; readonly returns: Nothing; };
  readonly expire_password: { readonly arguments: ExpirePasswordArguments; readonly returns: Nothing; };
  readonly getfd: { readonly arguments: GetfdArguments; readonly returns: Nothing; };
  readonly 'human-monitor-command': { readonly arguments: HumanMonitorCommandArguments; readonly returns: string; };
  readonly 'inject-nmi': { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly 'input-send-event': { readonly arguments: InputSendEventArguments; readonly returns: Nothing; };
  readonly 'job-cancel': { readonly arguments: JobCancelArguments; readonly returns: Nothing; };
  readonly 'job-complete': { readonly arguments: JobCompleteArguments; readonly returns: Nothing; };
  readonly 'job-dismiss': { readonly arguments: JobDismissArguments; readonly returns: Nothing; };
  readonly 'job-finalize': { readonly arguments: JobFinalizeArguments; readonly returns: Nothing; };
  readonly 'job-pause': { readonly arguments: JobPauseArguments; readonly returns: Nothing; };
  readonly 'job-resume': { readonly arguments: JobResumeArguments; readonly returns: Nothing; };
  readonly memsave: { readonly arguments: MemsaveArguments; readonly returns: Nothing; };
  readonly migrate: { readonly arguments: MigrateArguments; readonly returns: Nothing; };
  readonly 'migrate-continue': { readonly arguments: MigrateContinueArguments; readonly returns: Nothing; };
  readonly 'migrate-incoming': { readonly arguments: MigrateIncomingArguments; readonly returns: Nothing; };
  readonly 'migrate-pause': { readonly arguments: Nothing; readonly returns: Nothing; readonly outOfBand: true; };
  readonly 'migrate-recover': { readonly arguments: MigrateRecoverArguments; readonly returns: Nothing; readonly outOfBand: true; };
  readonly 'migrate-set-capabilities': { readonly arguments: MigrateSetCapabilitiesArguments; readonly returns: Nothing; };
  readonly 'migrate-set-parameters': { readonly arguments: MigrateSetParametersArguments; readonly returns: Nothing; };
  readonly 'migrate-start-postcopy': { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly migrate_cancel: { readonly arguments: Nothing; readonly returns: Nothing; };
  /** @deprecated by QEMU. */
  readonly 'nbd-server-add': { readonly arguments: NbdServerAddArguments; readonly returns: Nothing; };
  /** @deprecated by QEMU. */
  readonly 'nbd-server-remove': { readonly arguments: NbdServerRemoveArguments; readonly returns: Nothing; };
  readonly 'nbd-server-start': { readonly arguments: NbdServerStartArguments; readonly returns: Nothing; };
  readonly 'nbd-server-stop': { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly netdev_add: { readonly arguments: NetdevAddArguments; readonly returns: Nothing; };
  readonly netdev_del: { readonly arguments: NetdevDelArguments; readonly returns: Nothing; };
  readonly 'object-add': { readonly arguments: ObjectAddArguments; readonly returns: Nothing; };
  readonly 'object-del': { readonly arguments: ObjectDelArguments; readonly returns: Nothing; };
  readonly pmemsave: { readonly arguments: PmemsaveArguments; readonly returns: Nothing; };
  readonly qmp_capabilities: { readonly arguments: QmpCapabilitiesArguments; readonly returns: Nothing; };
  readonly 'qom-get': { readonly arguments: QomGetArguments; readonly returns: JsonValue; };
  readonly 'qom-list': { readonly arguments: QomListArguments; readonly returns: readonly DeviceListPropertiesReturnItem[]; };
  readonly 'qom-list-properties': { readonly arguments: QomListPropertiesArguments; readonly returns: readonly DeviceListPropertiesReturnItem[]; };
  readonly 'qom-list-types': { readonly arguments: QomListTypesArguments; readonly returns: readonly QomListTypesReturnItem[]; };
  readonly 'qom-set': { readonly arguments: QomSetArguments; readonly returns: Nothing; };
  readonly 'query-acpi-ospm-status': { readonly arguments: Nothing; readonly returns: readonly QueryAcpiOspmStatusReturnItem[]; };
  readonly 'query-balloon': { readonly arguments: Nothing; readonly returns: QueryBalloonReturn; };
  readonly 'query-block': { readonly arguments: Nothing; readonly returns: readonly QueryBlockReturnItem[]; };
  readonly 'query-block-exports': { readonly arguments: Nothing; readonly returns: readonly QueryBlockExportsReturnItem[]; };
  readonly 'query-block-jobs': { readonly arguments: Nothing; readonly returns: readonly QueryBlockJobsReturnItem[]; };
  readonly 'query-blockstats': { readonly arguments: QueryBlockstatsArguments; readonly returns: readonly QueryBlockstatsReturnItem[]; };
  readonly 'query-chardev': { readonly arguments: Nothing; readonly returns: readonly QueryChardevReturnItem[]; };
  readonly 'query-chardev-backends': { readonly arguments: Nothing; readonly returns: readonly QueryChardevBackendsReturnItem[]; };
  readonly 'query-colo-status': { readonly arguments: Nothing; readonly returns: QueryColoStatusReturn; };
  readonly 'query-command-line-options': { readonly arguments: QueryCommandLineOptionsArguments; readonly returns: readonly QueryCommandLineOptionsReturnItem[]; };
  readonly 'query-commands': { readonly arguments: Nothing; readonly returns: readonly QueryCommandsReturnItem[]; };
  readonly 'query-cpu-definitions': { readonly arguments: Nothing; readonly returns: readonly QueryCpuDefinitionsReturnItem[]; };
  readonly 'query-cpu-model-expansion': { readonly arguments: QueryCpuModelExpansionArguments; readonly returns: QueryCpuModelExpansionReturn; };
  readonly 'query-cpus-fast': { readonly arguments: Nothing; readonly returns: readonly QueryCpusFastReturnItem[]; };
  readonly 'query-current-machine': { readonly arguments: Nothing; readonly returns: QueryCurrentMachineReturn; };
  readonly 'query-dirty-rate': { readonly arguments: Nothing; readonly returns: QueryDirtyRateReturn; };
  readonly 'query-display-options': { readonly arguments: Nothing; readonly returns: QueryDisplayOptionsReturn; };
  readonly 'query-dump': { readonly arguments: Nothing; readonly returns: QueryDumpReturn; };
  readonly 'query-dump-guest-memory-capability': { readonly arguments: Nothing; readonly returns: QueryDumpGuestMemoryCapabilityReturn; };
  readonly 'query-fdsets': { readonly arguments: Nothing; readonly returns: readonly QueryFdsetsReturnItem[]; };
  readonly 'query-hotpluggable-cpus': { readonly arguments: Nothing; readonly returns: readonly QueryHotpluggableCpusReturnItem[]; };
  readonly 'query-iothreads': { readonly arguments: Nothing; readonly returns: readonly QueryIothreadsReturnItem[]; };
  readonly 'query-jobs': { readonly arguments: Nothing; readonly returns: readonly QueryJobsReturnItem[]; };
  readonly 'query-kvm': { readonly arguments: Nothing; readonly returns: QueryKvmReturn; };
  readonly 'query-machines': { readonly arguments: Nothing; readonly returns: readonly QueryMachinesReturnItem[]; };
  readonly 'query-memdev': { readonly arguments: Nothing; readonly returns: readonly QueryMemdevReturnItem[]; };
  readonly 'query-memory-devices': { readonly arguments: Nothing; readonly returns: readonly QueryMemoryDevicesReturnItem[]; };
  readonly 'query-memory-size-summary': { readonly arguments: Nothing; readonly returns: QueryMemorySizeSummaryReturn; };
  readonly 'query-mice': { readonly arguments: Nothing; readonly returns: readonly QueryMiceReturnItem[]; };
  readonly 'query-migrate': { readonly arguments: Nothing; readonly returns: QueryMigrateReturn; };
  readonly 'query-migrate-capabilities': { readonly arguments: Nothing; readonly returns: readonly QueryMigrateCapabilitiesReturnItem[]; };
  readonly 'query-migrate-parameters': { readonly arguments: Nothing; readonly returns: QueryMigrateParametersReturn; };
  readonly 'query-name': { readonly arguments: Nothing; readonly returns: QueryNameReturn; };
  readonly 'query-named-block-nodes': { readonly arguments: QueryNamedBlockNodesArguments; readonly returns: readonly QueryNamedBlockNodesReturnItem[]; };
  readonly 'query-pci': { readonly arguments: Nothing; readonly returns: readonly QueryPciReturnItem[]; };
  readonly 'query-pr-managers': { readonly arguments: Nothing; readonly returns: readonly QueryPrManagersReturnItem[]; };
  readonly 'query-qmp-schema': { readonly arguments: Nothing; readonly returns: readonly QueryQmpSchemaReturnItem[]; };
  readonly 'query-replay': { readonly arguments: Nothing; readonly returns: QueryReplayReturn; };
  readonly 'query-rocker': { readonly arguments: QueryRockerArguments; readonly returns: QueryRockerReturn; };
  readonly 'query-rocker-of-dpa-flows': { readonly arguments: QueryRockerOfDpaFlowsArguments; readonly returns: readonly QueryRockerOfDpaFlowsReturnItem[]; };
  readonly 'query-rocker-of-dpa-groups': { readonly arguments: QueryRockerOfDpaGroupsArguments; readonly returns: readonly QueryRockerOfDpaGroupsReturnItem[]; };
  readonly 'query-rocker-ports': { readonly arguments: QueryRockerPortsArguments; readonly returns: readonly QueryRockerPortsReturnItem[]; };
  readonly 'query-rx-filter': { readonly arguments: QueryRxFilterArguments; readonly returns: readonly QueryRxFilterReturnItem[]; };
  readonly 'query-sev': { readonly arguments: Nothing; readonly returns: QuerySevReturn; };
  readonly 'query-sev-attestation-report': { readonly arguments: QuerySevAttestationReportArguments; readonly returns: QuerySevAttestationReportReturn; };
  readonly 'query-sev-capabilities': { readonly arguments: Nothing; readonly returns: QuerySevCapabilitiesReturn; };
  readonly 'query-sev-launch-measure': { readonly arguments: Nothing; readonly returns: QuerySevLaunchMeasureReturn; };
  readonly 'query-sgx': { readonly arguments: Nothing; readonly returns: QuerySgxReturn; };
  readonly 'query-sgx-capabilities': { readonly arguments: Nothing; readonly returns: QuerySgxReturn; };
  readonly 'query-spice': { readonly arguments: Nothing; readonly returns: QuerySpiceReturn; };
  readonly 'query-stats': { readonly arguments: QueryStatsArguments; readonly returns: readonly QueryStatsReturnItem[]; };
  readonly 'query-stats-schemas': { readonly arguments: QueryStatsSchemasArguments; readonly returns: readonly QueryStatsSchemasReturnItem[]; };
  readonly 'query-status': { readonly arguments: Nothing; readonly returns: QueryStatusReturn; };
  readonly 'query-target': { readonly arguments: Nothing; readonly returns: QueryTargetReturn; };
  readonly 'query-tpm': { readonly arguments: Nothing; readonly returns: readonly QueryTpmReturnItem[]; };
  readonly 'query-tpm-models': { readonly arguments: Nothing; readonly returns: readonly QueryTpmModelsReturnItem[]; };
  readonly 'query-tpm-types': { readonly arguments: Nothing; readonly returns: readonly QueryTpmTypesReturnItem[]; };
  readonly 'query-uuid': { readonly arguments: Nothing; readonly returns: QueryUuidReturn; };
  readonly 'query-vcpu-dirty-limit': { readonly arguments: Nothing; readonly returns: readonly QueryVcpuDirtyLimitReturnItem[]; };
  readonly 'query-version': { readonly arguments: Nothing; readonly returns: QueryVersionReturn; };
  readonly 'query-vm-generation-id': { readonly arguments: Nothing; readonly returns: QueryVmGenerationIdReturn; };
  readonly 'query-vnc': { readonly arguments: Nothing; readonly returns: QueryVncReturn; };
  readonly 'query-vnc-servers': { readonly arguments: Nothing; readonly returns: readonly QueryVncServersReturnItem[]; };
  readonly 'query-xen-replication-status': { readonly arguments: Nothing; readonly returns: QueryXenReplicationStatusReturn; };
  readonly 'query-yank': { readonly arguments: Nothing; readonly returns: readonly QueryYankReturnItem[]; readonly outOfBand: true; };
  readonly quit: { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly 'remove-fd': { readonly arguments: RemoveFdArguments; readonly returns: Nothing; };
  readonly 'replay-break': { readonly arguments: ReplayBreakArguments; readonly returns: Nothing; };
  readonly 'replay-delete-break': { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly 'replay-seek': { readonly arguments: ReplaySeekArguments; readonly returns: Nothing; };
  readonly 'ringbuf-read': { readonly arguments: RingbufReadArguments; readonly returns: string; };
  readonly 'ringbuf-write': { readonly arguments: RingbufWriteArguments; readonly returns: Nothing; };
  readonly 'rtc-reset-reinjection': { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly screendump: { readonly arguments: ScreendumpArguments; readonly returns: Nothing; };
  readonly 'send-key': { readonly arguments: SendKeyArguments; readonly returns: Nothing; };
  readonly 'set-action': { readonly arguments: SetActionArguments; readonly returns: Nothing; };
  readonly 'set-numa-node': { readonly arguments: SetNumaNodeArguments; readonly returns: Nothing; };
  readonly 'set-vcpu-dirty-limit': { readonly arguments: SetVcpuDirtyLimitArguments; readonly returns: Nothing; };
  readonly set_link: { readonly arguments: SetLinkArguments; readonly returns: Nothing; };
  readonly set_password: { readonly arguments: SetPasswordArguments; readonly returns: Nothing; };
  readonly 'sev-inject-launch-secret': { readonly arguments: SevInjectLaunchSecretArguments; readonly returns: Nothing; };
  readonly 'snapshot-delete': { readonly arguments: SnapshotDeleteArguments; readonly returns: Nothing; };
  readonly 'snapshot-load': { readonly arguments: SnapshotLoadArguments; readonly returns: Nothing; };
  readonly 'snapshot-save': { readonly arguments: SnapshotSaveArguments; readonly returns: Nothing; };
  readonly stop: { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly system_powerdown: { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly system_reset: { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly system_wakeup: { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly 'trace-event-get-state': { readonly arguments: TraceEventGetStateArguments; readonly returns: readonly TraceEventGetStateReturnItem[]; };
  readonly 'trace-event-set-state': { readonly arguments: TraceEventSetStateArguments; readonly returns: Nothing; };
  readonly transaction: { readonly arguments: TransactionArguments; readonly returns: Nothing; };
  readonly 'watchdog-set-action': { readonly arguments: WatchdogSetActionArguments; readonly returns: Nothing; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-blockdev-amend': { readonly arguments: XBlockdevAmendArguments; readonly returns: Nothing; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-blockdev-change': { readonly arguments: XBlockdevChangeArguments; readonly returns: Nothing; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-blockdev-set-iothread': { readonly arguments: XBlockdevSetIothreadArguments; readonly returns: Nothing; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-colo-lost-heartbeat': { readonly arguments: Nothing; readonly returns: Nothing; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-debug-block-dirty-bitmap-sha256': { readonly arguments: BlockDirtyBitmapClearArguments; readonly returns: XDebugBlockDirtyBitmapSha256Return; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-debug-query-block-graph': { readonly arguments: Nothing; readonly returns: XDebugQueryBlockGraphReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-exit-preconfig': { readonly arguments: Nothing; readonly returns: Nothing; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-irq': { readonly arguments: Nothing; readonly returns: XQueryIrqReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-jit': { readonly arguments: Nothing; readonly returns: XQueryIrqReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-numa': { readonly arguments: Nothing; readonly returns: XQueryIrqReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-opcount': { readonly arguments: Nothing; readonly returns: XQueryIrqReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-profile': { readonly arguments: Nothing; readonly returns: XQueryIrqReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-ramblock': { readonly arguments: Nothing; readonly returns: XQueryIrqReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-rdma': { readonly arguments: Nothing; readonly returns: XQueryIrqReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-roms': { readonly arguments: Nothing; readonly returns: XQueryIrqReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-usb': { readonly arguments: Nothing; readonly returns: XQueryIrqReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-virtio': { readonly arguments: Nothing; readonly returns: readonly XQueryVirtioReturnItem[]; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-virtio-queue-element': { readonly arguments: XQueryVirtioQueueElementArguments; readonly returns: XQueryVirtioQueueElementReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-virtio-queue-status': { readonly arguments: XQueryVirtioQueueStatusArguments; readonly returns: XQueryVirtioQueueStatusReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-virtio-status': { readonly arguments: XQueryVirtioStatusArguments; readonly returns: XQueryVirtioStatusReturn; };
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-query-virtio-vhost-queue-status': { readonly arguments: XQueryVirtioVhostQueueStatusArguments; readonly returns: XQueryVirtioVhostQueueStatusReturn; };
  readonly 'xen-colo-do-checkpoint': { readonly arguments: Nothing; readonly returns: Nothing; };
  readonly 'xen-load-devices-state': { readonly arguments: XenLoadDevicesStateArguments; readonly returns: Nothing; };
  readonly 'xen-save-devices-state': { readonly arguments: XenSaveDevicesStateArguments; readonly returns: Nothing; };
  readonly 'xen-set-global-dirty-log': { readonly arguments: XenSetGlobalDirtyLogArguments; readonly returns: Nothing; };
  readonly 'xen-set-replication': { readonly arguments: XenSetReplicationArguments; readonly returns: Nothing; };
  readonly yank: { readonly arguments: YankArguments; readonly returns: Nothing; readonly outOfBand: true; };
}

export interface QmpEvents {
  readonly ACPI_DEVICE_OST: AcpiDeviceOstEventData;
  readonly BALLOON_CHANGE: BalloonChangeEventData;
  readonly BLOCK_EXPORT_DELETED: BlockExportDeletedEventData;
  readonly BLOCK_IMAGE_CORRUPTED: BlockImageCorruptedEventData;
  readonly BLOCK_IO_ERROR: BlockIoErrorEventData;
  readonly BLOCK_JOB_CANCELLED: BlockJobCancelledEventData;
  readonly BLOCK_JOB_COMPLETED: BlockJobCompletedEventData;
  readonly BLOCK_JOB_ERROR: BlockJobErrorEventData;
  readonly BLOCK_JOB_PENDING: BlockJobPendingEventData;
  readonly BLOCK_JOB_READY: BlockJobReadyEventData;
  readonly BLOCK_WRITE_THRESHOLD: BlockWriteThresholdEventData;
  readonly COLO_EXIT: ColoExitEventData;
  readonly DEVICE_DELETED: DeviceDeletedEventData;
  readonly DEVICE_TRAY_MOVED: DeviceTrayMovedEventData;
  readonly DEVICE_UNPLUG_GUEST_ERROR: DeviceUnplugGuestErrorEventData;
  readonly DUMP_COMPLETED: DumpCompletedEventData;
  readonly FAILOVER_NEGOTIATED: FailoverNegotiatedEventData;
  readonly GUEST_CRASHLOADED: GuestCrashloadedEventData;
  readonly GUEST_PANICKED: GuestPanickedEventData;
  readonly JOB_STATUS_CHANGE: JobStatusChangeEventData;
  readonly MEMORY_DEVICE_SIZE_CHANGE: MemoryDeviceSizeChangeEventData;
  readonly MEMORY_FAILURE: MemoryFailureEventData;
  /** @deprecated by QEMU. */
  readonly MEM_UNPLUG_ERROR: MemUnplugErrorEventData;
  readonly MIGRATION: MigrationEventData;
  readonly MIGRATION_PASS: MigrationPassEventData;
  readonly NETDEV_STREAM_CONNECTED: NetdevStreamConnectedEventData;
  readonly NETDEV_STREAM_DISCONNECTED: NetdevStreamDisconnectedEventData;
  readonly NIC_RX_FILTER_CHANGED: NicRxFilterChangedEventData;
  readonly POWERDOWN: undefined;
  readonly PR_MANAGER_STATUS_CHANGED: PrManagerStatusChangedEventData;
  readonly QUORUM_FAILURE: QuorumFailureEventData;
  readonly QUORUM_REPORT_BAD: QuorumReportBadEventData;
  readonly RDMA_GID_STATUS_CHANGED: RdmaGidStatusChangedEventData;
  readonly RESET: ResetEventData;
  readonly RESUME: undefined;
  readonly RTC_CHANGE: RtcChangeEventData;
  readonly SHUTDOWN: ShutdownEventData;
  readonly SPICE_CONNECTED: SpiceConnectedEventData;
  readonly SPICE_DISCONNECTED: SpiceDisconnectedEventData;
  readonly SPICE_INITIALIZED: SpiceInitializedEventData;
  readonly SPICE_MIGRATE_COMPLETED: undefined;
  readonly STOP: undefined;
  readonly SUSPEND: undefined;
  readonly SUSPEND_DISK: undefined;
  readonly UNPLUG_PRIMARY: UnplugPrimaryEventData;
  readonly VFU_CLIENT_HANGUP: VfuClientHangupEventData;
  readonly VNC_CONNECTED: VncConnectedEventData;
  readonly VNC_DISCONNECTED: VncDisconnectedEventData;
  readonly VNC_INITIALIZED: VncInitializedEventData;
  readonly VSERPORT_CHANGE: VserportChangeEventData;
  readonly WAKEUP: undefined;
  readonly WATCHDOG: WatchdogEventData;
}

export interface AcpiDeviceOstEventData {
  readonly info: QueryAcpiOspmStatusReturnItem;
}

export interface AddClientArguments {
  readonly fdname: string;
  readonly protocol: string;
  readonly skipauth?: boolean;
  readonly tls?: boolean;
}

export interface AddFdArguments {
  readonly 'fdset-id'?: number;
  readonly opaque?: string;
}

export interface AddFdReturn {
  readonly fd: number;
  readonly 'fdset-id': number;
}

export interface AnnounceSelfArguments {
  readonly id?: string;
  readonly initial: number;
  readonly interfaces?: readonly string[];
  readonly max: number;
  readonly rounds: number;
  readonly step: number;
}

export interface BalloonArguments {
  readonly value: number;
}

export interface BalloonChangeEventData {
  readonly actual: number;
}

export interface BlockCommitArguments {
  readonly 'auto-dismiss'?: boolean;
  readonly 'auto-finalize'?: boolean;
  readonly 'backing-file'?: string;
  /** @deprecated by QEMU. */
  readonly base?: string;
  readonly 'base-node'?: string;
  readonly device: string;
  readonly 'filter-node-name'?: string;
  readonly 'job-id'?: string;
  readonly 'on-error'?: BlockCommitArgumentsOnError;
  readonly speed?: number;
  /** @deprecated by QEMU. */
  readonly top?: string;
  readonly 'top-node'?: string;
}

export type BlockCommitArgumentsOnError =
  | 'auto'
  | 'enospc'
  | 'ignore'
  | 'report'
  | 'stop';

export interface BlockDirtyBitmapAddArguments {
  readonly disabled?: boolean;
  readonly granularity?: number;
  readonly name: string;
  readonly node: string;
  readonly persistent?: boolean;
}

export interface BlockDirtyBitmapClearArguments {
  readonly name: string;
  readonly node: string;
}

export interface BlockDirtyBitmapMergeArguments {
  readonly bitmaps: readonly BlockDirtyBitmapMergeArgumentsBitmapsItem[];
  readonly node: string;
  readonly target: string;
}

export type BlockDirtyBitmapMergeArgumentsBitmapsItem =
  | BlockDirtyBitmapClearArguments
  | string;

export type BlockExportAddArguments = {
  readonly 'fixed-iothread'?: boolean;
  readonly id: string;
  readonly iothread?: string;
  readonly 'node-name': string;
  readonly writable?: boolean;
  readonly writethrough?: boolean;
} & (
  | ({ readonly type: 'fuse' } & BlockExportAddArgumentsFuse)
  | ({ readonly type: 'nbd' } & BlockExportAddArgumentsNbd)
  | ({ readonly type: 'vduse-blk' } & BlockExportAddArgumentsVduseBlk)
  | ({ readonly type: 'vhost-user-blk' } & BlockExportAddArgumentsVhostUserBlk)
);

export interface BlockExportAddArgumentsFuse {
  readonly 'allow-other'?: BlockExportAddArgumentsFuseAllowOther;
  readonly growable?: boolean;
  readonly mountpoint: string;
}

export type BlockExportAddArgumentsFuseAllowOther =
  | 'auto'
  | 'off'
  | 'on';

export interface BlockExportAddArgumentsNbd {
  readonly 'allocation-depth'?: boolean;
  readonly bitmaps?: readonly BlockDirtyBitmapMergeArgumentsBitmapsItem[];
  readonly description?: string;
  readonly name?: string;
}

export type BlockExportAddArgumentsType =
  | 'fuse'
  | 'nbd'
  | 'vduse-blk'
  | 'vhost-user-blk';

export interface BlockExportAddArgumentsVduseBlk {
  readonly 'logical-block-size'?: number;
  readonly name: string;
  readonly 'num-queues'?: number;
  readonly 'queue-size'?: number;
  readonly serial?: string;
}

export interface BlockExportAddArgumentsVhostUserBlk {
  readonly addr: NetdevStreamConnectedEventDataAddr;
  readonly 'logical-block-size'?: number;
  readonly 'num-queues'?: number;
}

export interface BlockExportDelArguments {
  readonly id: string;
  readonly mode?: BlockExportDelArgumentsMode;
}

export type BlockExportDelArgumentsMode =
  | 'hard'
  | 'safe';

export interface BlockExportDeletedEventData {
  readonly id: string;
}

export interface BlockImageCorruptedEventData {
  readonly device: string;
  readonly fatal: boolean;
  readonly msg: string;
  readonly 'node-name'?: string;
  readonly offset?: number;
  readonly size?: number;
}

export interface BlockIoErrorEventData {
  readonly action: BlockIoErrorEventDataAction;
  readonly device: string;
  readonly 'node-name'?: string;
  readonly nospace?: boolean;
  readonly operation: BlockIoErrorEventDataOperation;
  readonly reason: string;
}

export type BlockIoErrorEventDataAction =
  | 'ignore'
  | 'report'
  | 'stop';

export type BlockIoErrorEventDataOperation =
  | 'read'
  | 'write';

export interface BlockJobCancelArguments {
  readonly device: string;
  readonly force?: boolean;
}

export interface BlockJobCancelledEventData {
  readonly device: string;
  readonly len: number;
  readonly offset: number;
  readonly speed: number;
  readonly type: BlockJobCancelledEventDataType;
}

export type BlockJobCancelledEventDataType =
  | 'amend'
  | 'backup'
  | 'commit'
  | 'create'
  | 'mirror'
  | 'snapshot-delete'
  | 'snapshot-load'
  | 'snapshot-save'
  | 'stream';

export interface BlockJobCompleteArguments {
  readonly device: string;
}

export interface BlockJobCompletedEventData {
  readonly device: string;
  readonly error?: string;
  readonly len: number;
  readonly offset: number;
  readonly speed: number;
  readonly type: BlockJobCancelledEventDataType;
}

export interface BlockJobDismissArguments {
  readonly id: string;
}

export interface BlockJobErrorEventData {
  readonly action: BlockIoErrorEventDataAction;
  readonly device: string;
  readonly operation: BlockIoErrorEventDataOperation;
}

export interface BlockJobFinalizeArguments {
  readonly id: string;
}

export interface BlockJobPauseArguments {
  readonly device: string;
}

export interface BlockJobPendingEventData {
  readonly id: string;
  readonly type: BlockJobCancelledEventDataType;
}

export interface BlockJobReadyEventData {
  readonly device: string;
  readonly len: number;
  readonly offset: number;
  readonly speed: number;
  readonly type: BlockJobCancelledEventDataType;
}

export interface BlockJobResumeArguments {
  readonly device: string;
}

export interface BlockJobSetSpeedArguments {
  readonly device: string;
  readonly speed: number;
}

export interface BlockLatencyHistogramSetArguments {
  readonly boundaries?: readonly number[];
  readonly 'boundaries-flush'?: readonly number[];
  readonly 'boundaries-read'?: readonly number[];
  readonly 'boundaries-write'?: readonly number[];
  readonly id: string;
}

export interface BlockResizeArguments {
  readonly device?: string;
  readonly 'node-name'?: string;
  readonly size: number;
}

export interface BlockSetIoThrottleArguments {
  readonly bps: number;
  readonly bps_max?: number;
  readonly bps_max_length?: number;
  readonly bps_rd: number;
  readonly bps_rd_max?: number;
  readonly bps_rd_max_length?: number;
  readonly bps_wr: number;
  readonly bps_wr_max?: number;
  readonly bps_wr_max_length?: number;
  /** @deprecated by QEMU. */
  readonly device?: string;
  readonly group?: string;
  readonly id?: string;
  readonly iops: number;
  readonly iops_max?: number;
  readonly iops_max_length?: number;
  readonly iops_rd: number;
  readonly iops_rd_max?: number;
  readonly iops_rd_max_length?: number;
  readonly iops_size?: number;
  readonly iops_wr: number;
  readonly iops_wr_max?: number;
  readonly iops_wr_max_length?: number;
}

export interface BlockSetWriteThresholdArguments {
  readonly 'node-name': string;
  readonly 'write-threshold': number;
}

export interface BlockStreamArguments {
  readonly 'auto-dismiss'?: boolean;
  readonly 'auto-finalize'?: boolean;
  readonly 'backing-file'?: string;
  readonly base?: string;
  readonly 'base-node'?: string;
  readonly bottom?: string;
  readonly device: string;
  readonly 'filter-node-name'?: string;
  readonly 'job-id'?: string;
  readonly 'on-error'?: BlockCommitArgumentsOnError;
  readonly speed?: number;
}

export interface BlockWriteThresholdEventData {
  readonly 'amount-exceeded': number;
  readonly 'node-name': string;
  readonly 'write-threshold': number;
}

export type BlockdevAddArguments = {
  readonly 'auto-read-only'?: boolean;
  readonly cache?: BlockdevAddArgumentsCache;
  readonly 'detect-zeroes'?: BlockdevAddArgumentsDetectZeroes;
  readonly discard?: BlockdevAddArgumentsDiscard;
  readonly 'force-share'?: boolean;
  readonly 'node-name'?: string;
  readonly 'read-only'?: boolean;
} & (
  | ({ readonly driver: 'blkdebug' } & BlockdevAddArgumentsBlkdebug)
  | ({ readonly driver: 'blklogwrites' } & BlockdevAddArgumentsBlklogwrites)
  | ({ readonly driver: 'blkreplay' } & BlockdevAddArgumentsBlkreplay)
  | ({ readonly driver: 'blkverify' } & BlockdevAddArgumentsBlkverify)
  | ({ readonly driver: 'bochs' | 'cloop' | 'compress' | 'dmg' | 'parallels' | 'snapshot-access' | 'vdi' | 'vhdx' | 'vpc' } & BlockdevAddArgumentsBochs)
  | ({ readonly driver: 'copy-before-write' } & BlockdevAddArgumentsCopyBeforeWrite)
  | ({ readonly driver: 'copy-on-read' } & BlockdevAddArgumentsCopyOnRead)
  | ({ readonly driver: 'file' | 'host_cdrom' | 'host_device' } & BlockdevAddArgumentsFile)
  | ({ readonly driver: 'ftp' } & BlockdevAddArgumentsFtp)
  | ({ readonly driver: 'ftps' } & BlockdevAddArgumentsFtps)
  | ({ readonly driver: 'gluster' } & BlockdevAddArgumentsGluster)
  | ({ readonly driver: 'http' } & BlockdevAddArgumentsHttp)
  | ({ readonly driver: 'https' } & BlockdevAddArgumentsHttps)
  | ({ readonly driver: 'iscsi' } & BlockdevAddArgumentsIscsi)
  | ({ readonly driver: 'luks' } & BlockdevAddArgumentsLuks)
  | ({ readonly driver: 'nbd' } & BlockdevAddArgumentsNbd)
  | ({ readonly driver: 'nfs' } & BlockdevAddArgumentsNfs)
  | ({ readonly driver: 'null-aio' | 'null-co' } & BlockdevAddArgumentsNullAio)
  | ({ readonly driver: 'nvme' } & BlockdevAddArgumentsNvme)
  | ({ readonly driver: 'preallocate' } & BlockdevAddArgumentsPreallocate)
  | ({ readonly driver: 'qcow' } & BlockdevAddArgumentsQcow)
  | ({ readonly driver: 'qcow2' } & BlockdevAddArgumentsQcow2)
  | ({ readonly driver: 'qed' | 'vmdk' } & BlockdevAddArgumentsQed)
  | ({ readonly driver: 'quorum' } & BlockdevAddArgumentsQuorum)
  | ({ readonly driver: 'raw' } & BlockdevAddArgumentsRaw)
  | ({ readonly driver: 'rbd' } & BlockdevAddArgumentsRbd)
  | ({ readonly driver: 'replication' } & BlockdevAddArgumentsReplication)
  | ({ readonly driver: 'ssh' } & BlockdevAddArgumentsSsh)
  | ({ readonly driver: 'throttle' } & BlockdevAddArgumentsThrottle)
  | ({ readonly driver: 'vvfat' } & BlockdevAddArgumentsVvfat)
);

export interface BlockdevAddArgumentsBlkdebug {
  readonly align?: number;
  readonly config?: string;
  readonly image: BlockdevAddArgumentsBlkdebugImage;
  readonly 'inject-error'?: readonly BlockdevAddArgumentsBlkdebugInjectErrorItem[];
  readonly 'max-discard'?: number;
  readonly 'max-transfer'?: number;
  readonly 'max-write-zero'?: number;
  readonly 'opt-discard'?: number;
  readonly 'opt-write-zero'?: number;
  readonly 'set-state'?: readonly BlockdevAddArgumentsBlkdebugSetStateItem[];
  readonly 'take-child-perms'?: readonly BlockdevAddArgumentsBlkdebugTakeChildPermsItem[];
  readonly 'unshare-child-perms'?: readonly BlockdevAddArgumentsBlkdebugTakeChildPermsItem[];
}

export type BlockdevAddArgumentsBlkdebugImage =
  | BlockdevAddArguments
  | string;

export interface BlockdevAddArgumentsBlkdebugInjectErrorItem {
  readonly errno?: number;
  readonly event: BlockdevAddArgumentsBlkdebugInjectErrorItemEvent;
  readonly immediately?: boolean;
  readonly iotype?: BlockdevAddArgumentsBlkdebugInjectErrorItemIotype;
  readonly once?: boolean;
  readonly sector?: number;
  readonly state?: number;
}

export type BlockdevAddArgumentsBlkdebugInjectErrorItemEvent =
  | 'cluster_alloc'
  | 'cluster_alloc_bytes'
  | 'cluster_alloc_space'
  | 'cluster_free'
  | 'cor_write'
  | 'cow_read'
  | 'cow_write'
  | 'empty_image_prepare'
  | 'flush_to_disk'
  | 'flush_to_os'
  | 'l1_grow_activate_table'
  | 'l1_grow_alloc_table'
  | 'l1_grow_write_table'
  | 'l1_shrink_free_l2_clusters'
  | 'l1_shrink_write_table'
  | 'l1_update'
  | 'l2_alloc_cow_read'
  | 'l2_alloc_write'
  | 'l2_load'
  | 'l2_update'
  | 'l2_update_compressed'
  | 'none'
  | 'pwritev'
  | 'pwritev_done'
  | 'pwritev_rmw_after_head'
  | 'pwritev_rmw_after_tail'
  | 'pwritev_rmw_head'
  | 'pwritev_rmw_tail'
  | 'pwritev_zero'
  | 'read_aio'
  | 'read_backing_aio'
  | 'read_compressed'
  | 'refblock_alloc'
  | 'refblock_alloc_hookup'
  | 'refblock_alloc_switch_table'
  | 'refblock_alloc_write'
  | 'refblock_alloc_write_blocks'
  | 'refblock_alloc_write_table'
  | 'refblock_load'
  | 'refblock_update'
  | 'refblock_update_part'
  | 'reftable_grow'
  | 'reftable_load'
  | 'reftable_update'
  | 'vmstate_load'
  | 'vmstate_save'
  | 'write_aio'
  | 'write_compressed';

export type BlockdevAddArgumentsBlkdebugInjectErrorItemIotype =
  | 'block-status'
  | 'discard'
  | 'flush'
  | 'read'
  | 'write'
  | 'write-zeroes';

export interface BlockdevAddArgumentsBlkdebugSetStateItem {
  readonly event: BlockdevAddArgumentsBlkdebugInjectErrorItemEvent;
  readonly new_state: number;
  readonly state?: number;
}

export type BlockdevAddArgumentsBlkdebugTakeChildPermsItem =
  | 'consistent-read'
  | 'resize'
  | 'write'
  | 'write-unchanged';

export interface BlockdevAddArgumentsBlklogwrites {
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly log: BlockdevAddArgumentsBlkdebugImage;
  readonly 'log-append'?: boolean;
  readonly 'log-sector-size'?: number;
  readonly 'log-super-update-interval'?: number;
}

export interface BlockdevAddArgumentsBlkreplay {
  readonly image: BlockdevAddArgumentsBlkdebugImage;
}

export interface BlockdevAddArgumentsBlkverify {
  readonly raw: BlockdevAddArgumentsBlkdebugImage;
  readonly test: BlockdevAddArgumentsBlkdebugImage;
}

export interface BlockdevAddArgumentsBochs {
  readonly file: BlockdevAddArgumentsBlkdebugImage;
}

export interface BlockdevAddArgumentsCache {
  readonly direct?: boolean;
  readonly 'no-flush'?: boolean;
}

export interface BlockdevAddArgumentsCopyBeforeWrite {
  readonly bitmap?: BlockDirtyBitmapClearArguments;
  readonly 'cbw-timeout'?: number;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly 'on-cbw-error'?: BlockdevAddArgumentsCopyBeforeWriteOnCbwError;
  readonly target: BlockdevAddArgumentsBlkdebugImage;
}

export type BlockdevAddArgumentsCopyBeforeWriteOnCbwError =
  | 'break-guest-write'
  | 'break-snapshot';

export interface BlockdevAddArgumentsCopyOnRead {
  readonly bottom?: string;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
}

export type BlockdevAddArgumentsDetectZeroes =
  | 'off'
  | 'on'
  | 'unmap';

export type BlockdevAddArgumentsDiscard =
  | 'ignore'
  | 'unmap';

export type BlockdevAddArgumentsDriver =
  | 'blkdebug'
  | 'blklogwrites'
  | 'blkreplay'
  | 'blkverify'
  | 'bochs'
  | 'cloop'
  | 'compress'
  | 'copy-before-write'
  | 'copy-on-read'
  | 'dmg'
  | 'file'
  | 'ftp'
  | 'ftps'
  | 'gluster'
  | 'host_cdrom'
  | 'host_device'
  | 'http'
  | 'https'
  | 'iscsi'
  | 'luks'
  | 'nbd'
  | 'nfs'
  | 'null-aio'
  | 'null-co'
  | 'nvme'
  | 'parallels'
  | 'preallocate'
  | 'qcow'
  | 'qcow2'
  | 'qed'
  | 'quorum'
  | 'raw'
  | 'rbd'
  | 'replication'
  | 'snapshot-access'
  | 'ssh'
  | 'throttle'
  | 'vdi'
  | 'vhdx'
  | 'vmdk'
  | 'vpc'
  | 'vvfat';

export interface BlockdevAddArgumentsFile {
  readonly aio?: BlockdevAddArgumentsFileAio;
  readonly 'aio-max-batch'?: number;
  readonly 'drop-cache'?: boolean;
  readonly filename: string;
  readonly locking?: BlockdevAddArgumentsFileLocking;
  readonly 'pr-manager'?: string;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-check-cache-dropped'?: boolean;
}

export type BlockdevAddArgumentsFileAio =
  | 'io_uring'
  | 'native'
  | 'threads';

export type BlockdevAddArgumentsFileLocking =
  | 'auto'
  | 'off'
  | 'on';

export interface BlockdevAddArgumentsFtp {
  readonly 'password-secret'?: string;
  readonly 'proxy-password-secret'?: string;
  readonly 'proxy-username'?: string;
  readonly readahead?: number;
  readonly timeout?: number;
  readonly url: string;
  readonly username?: string;
}

export interface BlockdevAddArgumentsFtps {
  readonly 'password-secret'?: string;
  readonly 'proxy-password-secret'?: string;
  readonly 'proxy-username'?: string;
  readonly readahead?: number;
  readonly sslverify?: boolean;
  readonly timeout?: number;
  readonly url: string;
  readonly username?: string;
}

export interface BlockdevAddArgumentsGluster {
  readonly debug?: number;
  readonly logfile?: string;
  readonly path: string;
  readonly server: readonly NetdevStreamConnectedEventDataAddr[];
  readonly volume: string;
}

export interface BlockdevAddArgumentsHttp {
  readonly cookie?: string;
  readonly 'cookie-secret'?: string;
  readonly 'password-secret'?: string;
  readonly 'proxy-password-secret'?: string;
  readonly 'proxy-username'?: string;
  readonly readahead?: number;
  readonly timeout?: number;
  readonly url: string;
  readonly username?: string;
}

export interface BlockdevAddArgumentsHttps {
  readonly cookie?: string;
  readonly 'cookie-secret'?: string;
  readonly 'password-secret'?: string;
  readonly 'proxy-password-secret'?: string;
  readonly 'proxy-username'?: string;
  readonly readahead?: number;
  readonly sslverify?: boolean;
  readonly timeout?: number;
  readonly url: string;
  readonly username?: string;
}

export interface BlockdevAddArgumentsIscsi {
  readonly 'header-digest'?: BlockdevAddArgumentsIscsiHeaderDigest;
  readonly 'initiator-name'?: string;
  readonly lun?: number;
  readonly 'password-secret'?: string;
  readonly portal: string;
  readonly target: string;
  readonly timeout?: number;
  readonly transport: BlockdevAddArgumentsIscsiTransport;
  readonly user?: string;
}

export type BlockdevAddArgumentsIscsiHeaderDigest =
  | 'crc32c'
  | 'crc32c-none'
  | 'none'
  | 'none-crc32c';

export type BlockdevAddArgumentsIscsiTransport =
  | 'iser'
  | 'tcp';

export interface BlockdevAddArgumentsLuks {
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly 'key-secret'?: string;
}

export interface BlockdevAddArgumentsNbd {
  readonly export?: string;
  readonly 'open-timeout'?: number;
  readonly 'reconnect-delay'?: number;
  readonly server: NetdevStreamConnectedEventDataAddr;
  readonly 'tls-creds'?: string;
  readonly 'tls-hostname'?: string;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-dirty-bitmap'?: string;
}

export interface BlockdevAddArgumentsNfs {
  readonly debug?: number;
  readonly group?: number;
  readonly 'page-cache-size'?: number;
  readonly path: string;
  readonly 'readahead-size'?: number;
  readonly server: BlockdevAddArgumentsNfsServer;
  readonly 'tcp-syn-count'?: number;
  readonly user?: number;
}

export interface BlockdevAddArgumentsNfsServer {
  readonly host: string;
  readonly type: BlockdevAddArgumentsNfsServerType;
}

export type BlockdevAddArgumentsNfsServerType =
  | 'inet';

export interface BlockdevAddArgumentsNullAio {
  readonly 'latency-ns'?: number;
  readonly 'read-zeroes'?: boolean;
  readonly size?: number;
}

export interface BlockdevAddArgumentsNvme {
  readonly device: string;
  readonly namespace: number;
}

export interface BlockdevAddArgumentsPreallocate {
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly 'prealloc-align'?: number;
  readonly 'prealloc-size'?: number;
}

export interface BlockdevAddArgumentsQcow {
  readonly backing?: BlockdevAddArgumentsQcowBacking;
  readonly encrypt?: BlockdevAddArgumentsQcowEncrypt;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
}

export interface BlockdevAddArgumentsQcow2 {
  readonly backing?: BlockdevAddArgumentsQcowBacking;
  readonly 'cache-clean-interval'?: number;
  readonly 'cache-size'?: number;
  readonly 'data-file'?: BlockdevAddArgumentsBlkdebugImage;
  readonly encrypt?: BlockdevAddArgumentsQcow2Encrypt;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly 'l2-cache-entry-size'?: number;
  readonly 'l2-cache-size'?: number;
  readonly 'lazy-refcounts'?: boolean;
  readonly 'overlap-check'?: BlockdevAddArgumentsQcow2OverlapCheck;
  readonly 'pass-discard-other'?: boolean;
  readonly 'pass-discard-request'?: boolean;
  readonly 'pass-discard-snapshot'?: boolean;
  readonly 'refcount-cache-size'?: number;
}

export type BlockdevAddArgumentsQcow2Encrypt = (
  | ({ readonly format: 'aes' } & BlockdevAddArgumentsQcowEncryptAes)
  | ({ readonly format: 'luks' } & BlockdevAddArgumentsQcow2EncryptLuks)
);

export type BlockdevAddArgumentsQcow2EncryptFormat =
  | 'aes'
  | 'luks';

export interface BlockdevAddArgumentsQcow2EncryptLuks {
  readonly 'key-secret'?: string;
}

export type BlockdevAddArgumentsQcow2OverlapCheck =
  | BlockdevAddArgumentsQcow2OverlapCheckEnum
  | BlockdevAddArgumentsQcow2OverlapCheckObject;

export type BlockdevAddArgumentsQcow2OverlapCheckEnum =
  | 'all'
  | 'cached'
  | 'constant'
  | 'none';

export interface BlockdevAddArgumentsQcow2OverlapCheckObject {
  readonly 'active-l1'?: boolean;
  readonly 'active-l2'?: boolean;
  readonly 'bitmap-directory'?: boolean;
  readonly 'inactive-l1'?: boolean;
  readonly 'inactive-l2'?: boolean;
  readonly 'main-header'?: boolean;
  readonly 'refcount-block'?: boolean;
  readonly 'refcount-table'?: boolean;
  readonly 'snapshot-table'?: boolean;
  readonly template?: BlockdevAddArgumentsQcow2OverlapCheckEnum;
}

export type BlockdevAddArgumentsQcowBacking =
  | BlockdevAddArguments
  | null
  | string;

export type BlockdevAddArgumentsQcowEncrypt = (
  | ({ readonly format: 'aes' } & BlockdevAddArgumentsQcowEncryptAes)
);

export interface BlockdevAddArgumentsQcowEncryptAes {
  readonly 'key-secret'?: string;
}

export type BlockdevAddArgumentsQcowEncryptFormat =
  | 'aes';

export interface BlockdevAddArgumentsQed {
  readonly backing?: BlockdevAddArgumentsQcowBacking;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
}

export interface BlockdevAddArgumentsQuorum {
  readonly blkverify?: boolean;
  readonly children: readonly BlockdevAddArgumentsBlkdebugImage[];
  readonly 'read-pattern'?: BlockdevAddArgumentsQuorumReadPattern;
  readonly 'rewrite-corrupted'?: boolean;
  readonly 'vote-threshold': number;
}

export type BlockdevAddArgumentsQuorumReadPattern =
  | 'fifo'
  | 'quorum';

export interface BlockdevAddArgumentsRaw {
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly offset?: number;
  readonly size?: number;
}

export interface BlockdevAddArgumentsRbd {
  readonly 'auth-client-required'?: readonly BlockdevAddArgumentsRbdAuthClientRequiredItem[];
  readonly conf?: string;
  readonly encrypt?: BlockdevAddArgumentsRbdEncrypt;
  readonly image: string;
  readonly 'key-secret'?: string;
  readonly namespace?: string;
  readonly pool: string;
  readonly server?: readonly BlockdevAddArgumentsRbdServerItem[];
  readonly snapshot?: string;
  readonly user?: string;
}

export type BlockdevAddArgumentsRbdAuthClientRequiredItem =
  | 'cephx'
  | 'none';

export type BlockdevAddArgumentsRbdEncrypt = (
  | ({ readonly format: 'luks' } & BlockdevAddArgumentsRbdEncryptLuks)
  | ({ readonly format: 'luks2' } & BlockdevAddArgumentsRbdEncryptLuks2)
);

export type BlockdevAddArgumentsRbdEncryptFormat =
  | 'luks'
  | 'luks2';

export interface BlockdevAddArgumentsRbdEncryptLuks {
  readonly 'key-secret': string;
}

export interface BlockdevAddArgumentsRbdEncryptLuks2 {
  readonly 'key-secret': string;
}

export interface BlockdevAddArgumentsRbdServerItem {
  readonly host: string;
  readonly port: string;
}

export interface BlockdevAddArgumentsReplication {
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly mode: BlockdevAddArgumentsReplicationMode;
  readonly 'top-id'?: string;
}

export type BlockdevAddArgumentsReplicationMode =
  | 'primary'
  | 'secondary';

export interface BlockdevAddArgumentsSsh {
  readonly 'host-key-check'?: BlockdevAddArgumentsSshHostKeyCheck;
  readonly path: string;
  readonly server: BlockdevAddArgumentsSshServer;
  readonly user?: string;
}

export type BlockdevAddArgumentsSshHostKeyCheck = (
  | ({ readonly mode: 'hash' } & BlockdevAddArgumentsSshHostKeyCheckHash)
  | { readonly mode: 'known_hosts' | 'none' }
);

export interface BlockdevAddArgumentsSshHostKeyCheckHash {
  readonly hash: string;
  readonly type: BlockdevAddArgumentsSshHostKeyCheckHashType;
}

export type BlockdevAddArgumentsSshHostKeyCheckHashType =
  | 'md5'
  | 'sha1'
  | 'sha256';

export type BlockdevAddArgumentsSshHostKeyCheckMode =
  | 'hash'
  | 'known_hosts'
  | 'none';

export interface BlockdevAddArgumentsSshServer {
  readonly host: string;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly 'keep-alive'?: boolean;
  readonly mptcp?: boolean;
  readonly numeric?: boolean;
  readonly port: string;
  readonly to?: number;
}

export interface BlockdevAddArgumentsThrottle {
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly 'throttle-group': string;
}

export interface BlockdevAddArgumentsVvfat {
  readonly dir: string;
  readonly 'fat-type'?: number;
  readonly floppy?: boolean;
  readonly label?: string;
  readonly rw?: boolean;
}

export interface BlockdevBackupArguments {
  readonly 'auto-dismiss'?: boolean;
  readonly 'auto-finalize'?: boolean;
  readonly bitmap?: string;
  readonly 'bitmap-mode'?: BlockdevBackupArgumentsBitmapMode;
  readonly compress?: boolean;
  readonly device: string;
  readonly 'filter-node-name'?: string;
  readonly 'job-id'?: string;
  readonly 'on-source-error'?: BlockCommitArgumentsOnError;
  readonly 'on-target-error'?: BlockCommitArgumentsOnError;
  readonly speed?: number;
  readonly sync: BlockdevBackupArgumentsSync;
  readonly target: string;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-perf'?: BlockdevBackupArgumentsXPerf;
}

export type BlockdevBackupArgumentsBitmapMode =
  | 'always'
  | 'never'
  | 'on-success';

export type BlockdevBackupArgumentsSync =
  | 'bitmap'
  | 'full'
  | 'incremental'
  | 'none'
  | 'top';

export interface BlockdevBackupArgumentsXPerf {
  readonly 'max-chunk'?: number;
  readonly 'max-workers'?: number;
  readonly 'use-copy-range'?: boolean;
}

export interface BlockdevChangeMediumArguments {
  /** @deprecated by QEMU. */
  readonly device?: string;
  readonly filename: string;
  readonly force?: boolean;
  readonly format?: string;
  readonly id?: string;
  readonly 'read-only-mode'?: BlockdevChangeMediumArgumentsReadOnlyMode;
}

export type BlockdevChangeMediumArgumentsReadOnlyMode =
  | 'read-only'
  | 'read-write'
  | 'retain';

export interface BlockdevCloseTrayArguments {
  /** @deprecated by QEMU. */
  readonly device?: string;
  readonly id?: string;
}

export interface BlockdevCreateArguments {
  readonly 'job-id': string;
  readonly options: BlockdevCreateArgumentsOptions;
}

export type BlockdevCreateArgumentsOptions = (
  | ({ readonly driver: 'file' } & BlockdevCreateArgumentsOptionsFile)
  | ({ readonly driver: 'gluster' } & BlockdevCreateArgumentsOptionsGluster)
  | ({ readonly driver: 'luks' } & BlockdevCreateArgumentsOptionsLuks)
  | ({ readonly driver: 'nfs' } & BlockdevCreateArgumentsOptionsNfs)
  | ({ readonly driver: 'parallels' } & BlockdevCreateArgumentsOptionsParallels)
  | ({ readonly driver: 'qcow' } & BlockdevCreateArgumentsOptionsQcow)
  | ({ readonly driver: 'qcow2' } & BlockdevCreateArgumentsOptionsQcow2)
  | ({ readonly driver: 'qed' } & BlockdevCreateArgumentsOptionsQed)
  | ({ readonly driver: 'rbd' } & BlockdevCreateArgumentsOptionsRbd)
  | ({ readonly driver: 'ssh' } & BlockdevCreateArgumentsOptionsSsh)
  | ({ readonly driver: 'vdi' } & BlockdevCreateArgumentsOptionsVdi)
  | ({ readonly driver: 'vhdx' } & BlockdevCreateArgumentsOptionsVhdx)
  | ({ readonly driver: 'vmdk' } & BlockdevCreateArgumentsOptionsVmdk)
  | ({ readonly driver: 'vpc' } & BlockdevCreateArgumentsOptionsVpc)
  | { readonly driver: 'blkdebug' | 'blklogwrites' | 'blkreplay' | 'blkverify' | 'bochs' | 'cloop' | 'compress' | 'copy-before-write' | 'copy-on-read' | 'dmg' | 'ftp' | 'ftps' | 'host_cdrom' | 'host_device' | 'http' | 'https' | 'iscsi' | 'nbd' | 'null-aio' | 'null-co' | 'nvme' | 'preallocate' | 'quorum' | 'raw' | 'replication' | 'snapshot-access' | 'throttle' | 'vvfat' }
);

export interface BlockdevCreateArgumentsOptionsFile {
  readonly 'extent-size-hint'?: number;
  readonly filename: string;
  readonly nocow?: boolean;
  readonly preallocation?: BlockdevCreateArgumentsOptionsFilePreallocation;
  readonly size: number;
}

export type BlockdevCreateArgumentsOptionsFilePreallocation =
  | 'falloc'
  | 'full'
  | 'metadata'
  | 'off';

export interface BlockdevCreateArgumentsOptionsGluster {
  readonly location: BlockdevAddArgumentsGluster;
  readonly preallocation?: BlockdevCreateArgumentsOptionsFilePreallocation;
  readonly size: number;
}

export interface BlockdevCreateArgumentsOptionsLuks {
  readonly 'cipher-alg'?: BlockdevCreateArgumentsOptionsLuksCipherAlg;
  readonly 'cipher-mode'?: BlockdevCreateArgumentsOptionsLuksCipherMode;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly 'hash-alg'?: BlockdevCreateArgumentsOptionsLuksHashAlg;
  readonly 'iter-time'?: number;
  readonly 'ivgen-alg'?: BlockdevCreateArgumentsOptionsLuksIvgenAlg;
  readonly 'ivgen-hash-alg'?: BlockdevCreateArgumentsOptionsLuksHashAlg;
  readonly 'key-secret'?: string;
  readonly preallocation?: BlockdevCreateArgumentsOptionsFilePreallocation;
  readonly size: number;
}

export type BlockdevCreateArgumentsOptionsLuksCipherAlg =
  | '3des'
  | 'aes-128'
  | 'aes-192'
  | 'aes-256'
  | 'cast5-128'
  | 'des'
  | 'serpent-128'
  | 'serpent-192'
  | 'serpent-256'
  | 'twofish-128'
  | 'twofish-192'
  | 'twofish-256';

export type BlockdevCreateArgumentsOptionsLuksCipherMode =
  | 'cbc'
  | 'ctr'
  | 'ecb'
  | 'xts';

export type BlockdevCreateArgumentsOptionsLuksHashAlg =
  | 'md5'
  | 'ripemd160'
  | 'sha1'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512';

export type BlockdevCreateArgumentsOptionsLuksIvgenAlg =
  | 'essiv'
  | 'plain'
  | 'plain64';

export interface BlockdevCreateArgumentsOptionsNfs {
  readonly location: BlockdevAddArgumentsNfs;
  readonly size: number;
}

export interface BlockdevCreateArgumentsOptionsParallels {
  readonly 'cluster-size'?: number;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly size: number;
}

export interface BlockdevCreateArgumentsOptionsQcow {
  readonly 'backing-file'?: string;
  readonly encrypt?: BlockdevCreateArgumentsOptionsQcowEncrypt;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly size: number;
}

export interface BlockdevCreateArgumentsOptionsQcow2 {
  readonly 'backing-file'?: string;
  readonly 'backing-fmt'?: BlockdevAddArgumentsDriver;
  readonly 'cluster-size'?: number;
  readonly 'compression-type'?: BlockdevCreateArgumentsOptionsQcow2CompressionType;
  readonly 'data-file'?: BlockdevAddArgumentsBlkdebugImage;
  readonly 'data-file-raw'?: boolean;
  readonly encrypt?: BlockdevCreateArgumentsOptionsQcowEncrypt;
  readonly 'extended-l2'?: boolean;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly 'lazy-refcounts'?: boolean;
  readonly preallocation?: BlockdevCreateArgumentsOptionsFilePreallocation;
  readonly 'refcount-bits'?: number;
  readonly size: number;
  readonly version?: BlockdevCreateArgumentsOptionsQcow2Version;
}

export type BlockdevCreateArgumentsOptionsQcow2CompressionType =
  | 'zlib'
  | 'zstd';

export type BlockdevCreateArgumentsOptionsQcow2Version =
  | 'v2'
  | 'v3';

export type BlockdevCreateArgumentsOptionsQcowEncrypt = (
  | ({ readonly format: 'luks' } & BlockdevCreateArgumentsOptionsQcowEncryptLuks)
  | ({ readonly format: 'qcow' } & BlockdevAddArgumentsQcowEncryptAes)
);

export type BlockdevCreateArgumentsOptionsQcowEncryptFormat =
  | 'luks'
  | 'qcow';

export interface BlockdevCreateArgumentsOptionsQcowEncryptLuks {
  readonly 'cipher-alg'?: BlockdevCreateArgumentsOptionsLuksCipherAlg;
  readonly 'cipher-mode'?: BlockdevCreateArgumentsOptionsLuksCipherMode;
  readonly 'hash-alg'?: BlockdevCreateArgumentsOptionsLuksHashAlg;
  readonly 'iter-time'?: number;
  readonly 'ivgen-alg'?: BlockdevCreateArgumentsOptionsLuksIvgenAlg;
  readonly 'ivgen-hash-alg'?: BlockdevCreateArgumentsOptionsLuksHashAlg;
  readonly 'key-secret'?: string;
}

export interface BlockdevCreateArgumentsOptionsQed {
  readonly 'backing-file'?: string;
  readonly 'backing-fmt'?: BlockdevAddArgumentsDriver;
  readonly 'cluster-size'?: number;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly size: number;
  readonly 'table-size'?: number;
}

export interface BlockdevCreateArgumentsOptionsRbd {
  readonly 'cluster-size'?: number;
  readonly encrypt?: BlockdevCreateArgumentsOptionsRbdEncrypt;
  readonly location: BlockdevAddArgumentsRbd;
  readonly size: number;
}

export type BlockdevCreateArgumentsOptionsRbdEncrypt = (
  | ({ readonly format: 'luks' } & BlockdevCreateArgumentsOptionsRbdEncryptLuks)
  | ({ readonly format: 'luks2' } & BlockdevCreateArgumentsOptionsRbdEncryptLuks2)
);

export interface BlockdevCreateArgumentsOptionsRbdEncryptLuks {
  readonly 'cipher-alg'?: BlockdevCreateArgumentsOptionsLuksCipherAlg;
  readonly 'key-secret': string;
}

export interface BlockdevCreateArgumentsOptionsRbdEncryptLuks2 {
  readonly 'cipher-alg'?: BlockdevCreateArgumentsOptionsLuksCipherAlg;
  readonly 'key-secret': string;
}

export interface BlockdevCreateArgumentsOptionsSsh {
  readonly location: BlockdevAddArgumentsSsh;
  readonly size: number;
}

export interface BlockdevCreateArgumentsOptionsVdi {
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly preallocation?: BlockdevCreateArgumentsOptionsFilePreallocation;
  readonly size: number;
}

export interface BlockdevCreateArgumentsOptionsVhdx {
  readonly 'block-size'?: number;
  readonly 'block-state-zero'?: boolean;
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly 'log-size'?: number;
  readonly size: number;
  readonly subformat?: BlockdevCreateArgumentsOptionsVhdxSubformat;
}

export type BlockdevCreateArgumentsOptionsVhdxSubformat =
  | 'dynamic'
  | 'fixed';

export interface BlockdevCreateArgumentsOptionsVmdk {
  readonly 'adapter-type'?: BlockdevCreateArgumentsOptionsVmdkAdapterType;
  readonly 'backing-file'?: string;
  readonly extents?: readonly BlockdevAddArgumentsBlkdebugImage[];
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly hwversion?: string;
  readonly size: number;
  readonly subformat?: BlockdevCreateArgumentsOptionsVmdkSubformat;
  readonly toolsversion?: string;
  readonly 'zeroed-grain'?: boolean;
}

export type BlockdevCreateArgumentsOptionsVmdkAdapterType =
  | 'buslogic'
  | 'ide'
  | 'legacyESX'
  | 'lsilogic';

export type BlockdevCreateArgumentsOptionsVmdkSubformat =
  | 'monolithicFlat'
  | 'monolithicSparse'
  | 'streamOptimized'
  | 'twoGbMaxExtentFlat'
  | 'twoGbMaxExtentSparse';

export interface BlockdevCreateArgumentsOptionsVpc {
  readonly file: BlockdevAddArgumentsBlkdebugImage;
  readonly 'force-size'?: boolean;
  readonly size: number;
  readonly subformat?: BlockdevCreateArgumentsOptionsVpcSubformat;
}

export type BlockdevCreateArgumentsOptionsVpcSubformat =
  | 'dynamic'
  | 'fixed';

export interface BlockdevDelArguments {
  readonly 'node-name': string;
}

export interface BlockdevInsertMediumArguments {
  readonly id: string;
  readonly 'node-name': string;
}

export interface BlockdevMirrorArguments {
  readonly 'auto-dismiss'?: boolean;
  readonly 'auto-finalize'?: boolean;
  readonly 'buf-size'?: number;
  readonly 'copy-mode'?: BlockdevMirrorArgumentsCopyMode;
  readonly device: string;
  readonly 'filter-node-name'?: string;
  readonly granularity?: number;
  readonly 'job-id'?: string;
  readonly 'on-source-error'?: BlockCommitArgumentsOnError;
  readonly 'on-target-error'?: BlockCommitArgumentsOnError;
  readonly replaces?: string;
  readonly speed?: number;
  readonly sync: BlockdevBackupArgumentsSync;
  readonly target: string;
}

export type BlockdevMirrorArgumentsCopyMode =
  | 'background'
  | 'write-blocking';

export interface BlockdevOpenTrayArguments {
  /** @deprecated by QEMU. */
  readonly device?: string;
  readonly force?: boolean;
  readonly id?: string;
}

export interface BlockdevRemoveMediumArguments {
  readonly id: string;
}

export interface BlockdevReopenArguments {
  readonly options: readonly BlockdevAddArguments[];
}

export interface BlockdevSnapshotArguments {
  readonly node: string;
  readonly overlay: string;
}

export interface BlockdevSnapshotDeleteInternalSyncArguments {
  readonly device: string;
  readonly id?: string;
  readonly name?: string;
}

export interface BlockdevSnapshotDeleteInternalSyncReturn {
  readonly 'date-nsec': number;
  readonly 'date-sec': number;
  readonly icount?: number;
  readonly id: string;
  readonly name: string;
  readonly 'vm-clock-nsec': number;
  readonly 'vm-clock-sec': number;
  readonly 'vm-state-size': number;
}

export interface BlockdevSnapshotInternalSyncArguments {
  readonly device: string;
  readonly name: string;
}

export interface BlockdevSnapshotSyncArguments {
  readonly device?: string;
  readonly format?: string;
  readonly mode?: BlockdevSnapshotSyncArgumentsMode;
  readonly 'node-name'?: string;
  readonly 'snapshot-file': string;
  readonly 'snapshot-node-name'?: string;
}

export type BlockdevSnapshotSyncArgumentsMode =
  | 'absolute-paths'
  | 'existing';

export interface CalcDirtyRateArguments {
  readonly 'calc-time': number;
  readonly mode?: CalcDirtyRateArgumentsMode;
  readonly 'sample-pages'?: number;
}

export type CalcDirtyRateArgumentsMode =
  | 'dirty-bitmap'
  | 'dirty-ring'
  | 'page-sampling';

export interface CancelVcpuDirtyLimitArguments {
  readonly 'cpu-index'?: number;
}

export interface ChangeBackingFileArguments {
  readonly 'backing-file': string;
  readonly device: string;
  readonly 'image-node-name': string;
}

export interface ChangeVncPasswordArguments {
  readonly password: string;
}

export interface ChardevAddArguments {
  readonly backend: ChardevAddArgumentsBackend;
  readonly id: string;
}

export type ChardevAddArgumentsBackend = (
  | ({ readonly type: 'braille' | 'console' | 'msmouse' | 'null' | 'pty' | 'testdev' | 'wctablet' } & ChardevAddArgumentsBackendBraille)
  | ({ readonly type: 'dbus' } & ChardevAddArgumentsBackendDbus)
  | ({ readonly type: 'file' } & ChardevAddArgumentsBackendFile)
  | ({ readonly type: 'memory' | 'ringbuf' } & ChardevAddArgumentsBackendMemory)
  | ({ readonly type: 'mux' } & ChardevAddArgumentsBackendMux)
  | ({ readonly type: 'parallel' | 'pipe' | 'serial' } & ChardevAddArgumentsBackendParallel)
  | ({ readonly type: 'qemu-vdagent' } & ChardevAddArgumentsBackendQemuVdagent)
  | ({ readonly type: 'socket' } & ChardevAddArgumentsBackendSocket)
  | ({ readonly type: 'spiceport' } & ChardevAddArgumentsBackendSpiceport)
  | ({ readonly type: 'spicevmc' } & ChardevAddArgumentsBackendSpicevmc)
  | ({ readonly type: 'stdio' } & ChardevAddArgumentsBackendStdio)
  | ({ readonly type: 'udp' } & ChardevAddArgumentsBackendUdp)
  | ({ readonly type: 'vc' } & ChardevAddArgumentsBackendVc)
);

export interface ChardevAddArgumentsBackendBraille {
  readonly data: ChardevAddArgumentsBackendBrailleData;
}

export interface ChardevAddArgumentsBackendBrailleData {
  readonly logappend?: boolean;
  readonly logfile?: string;
}

export interface ChardevAddArgumentsBackendDbus {
  readonly data: ChardevAddArgumentsBackendDbusData;
}

export interface ChardevAddArgumentsBackendDbusData {
  readonly logappend?: boolean;
  readonly logfile?: string;
  readonly name: string;
}

export interface ChardevAddArgumentsBackendFile {
  readonly data: ChardevAddArgumentsBackendFileData;
}

export interface ChardevAddArgumentsBackendFileData {
  readonly append?: boolean;
  readonly in?: string;
  readonly logappend?: boolean;
  readonly logfile?: string;
  readonly out: string;
}

export interface ChardevAddArgumentsBackendMemory {
  readonly data: ChardevAddArgumentsBackendMemoryData;
}

export interface ChardevAddArgumentsBackendMemoryData {
  readonly logappend?: boolean;
  readonly logfile?: string;
  readonly size?: number;
}

export interface ChardevAddArgumentsBackendMux {
  readonly data: ChardevAddArgumentsBackendMuxData;
}

export interface ChardevAddArgumentsBackendMuxData {
  readonly chardev: string;
  readonly logappend?: boolean;
  readonly logfile?: string;
}

export interface ChardevAddArgumentsBackendParallel {
  readonly data: ChardevAddArgumentsBackendParallelData;
}

export interface ChardevAddArgumentsBackendParallelData {
  readonly device: string;
  readonly logappend?: boolean;
  readonly logfile?: string;
}

export interface ChardevAddArgumentsBackendQemuVdagent {
  readonly data: ChardevAddArgumentsBackendQemuVdagentData;
}

export interface ChardevAddArgumentsBackendQemuVdagentData {
  readonly clipboard?: boolean;
  readonly logappend?: boolean;
  readonly logfile?: string;
  readonly mouse?: boolean;
}

export interface ChardevAddArgumentsBackendSocket {
  readonly data: ChardevAddArgumentsBackendSocketData;
}

export interface ChardevAddArgumentsBackendSocketData {
  readonly addr: NbdServerStartArgumentsAddr;
  readonly logappend?: boolean;
  readonly logfile?: string;
  readonly nodelay?: boolean;
  readonly reconnect?: number;
  readonly server?: boolean;
  readonly telnet?: boolean;
  readonly 'tls-authz'?: string;
  readonly 'tls-creds'?: string;
  readonly tn3270?: boolean;
  readonly wait?: boolean;
  readonly websocket?: boolean;
}

export interface ChardevAddArgumentsBackendSpiceport {
  readonly data: ChardevAddArgumentsBackendSpiceportData;
}

export interface ChardevAddArgumentsBackendSpiceportData {
  readonly fqdn: string;
  readonly logappend?: boolean;
  readonly logfile?: string;
}

export interface ChardevAddArgumentsBackendSpicevmc {
  readonly data: ChardevAddArgumentsBackendSpicevmcData;
}

export interface ChardevAddArgumentsBackendSpicevmcData {
  readonly logappend?: boolean;
  readonly logfile?: string;
  readonly type: string;
}

export interface ChardevAddArgumentsBackendStdio {
  readonly data: ChardevAddArgumentsBackendStdioData;
}

export interface ChardevAddArgumentsBackendStdioData {
  readonly logappend?: boolean;
  readonly logfile?: string;
  readonly signal?: boolean;
}

export type ChardevAddArgumentsBackendType =
  | 'braille'
  | 'console'
  | 'dbus'
  | 'file'
  | 'memory'
  | 'msmouse'
  | 'mux'
  | 'null'
  | 'parallel'
  | 'pipe'
  | 'pty'
  | 'qemu-vdagent'
  | 'ringbuf'
  | 'serial'
  | 'socket'
  | 'spiceport'
  | 'spicevmc'
  | 'stdio'
  | 'testdev'
  | 'udp'
  | 'vc'
  | 'wctablet';

export interface ChardevAddArgumentsBackendUdp {
  readonly data: ChardevAddArgumentsBackendUdpData;
}

export interface ChardevAddArgumentsBackendUdpData {
  readonly local?: NbdServerStartArgumentsAddr;
  readonly logappend?: boolean;
  readonly logfile?: string;
  readonly remote: NbdServerStartArgumentsAddr;
}

export interface ChardevAddArgumentsBackendVc {
  readonly data: ChardevAddArgumentsBackendVcData;
}

export interface ChardevAddArgumentsBackendVcData {
  readonly cols?: number;
  readonly height?: number;
  readonly logappend?: boolean;
  readonly logfile?: string;
  readonly rows?: number;
  readonly width?: number;
}

export interface ChardevAddReturn {
  readonly pty?: string;
}

export interface ChardevChangeArguments {
  readonly backend: ChardevAddArgumentsBackend;
  readonly id: string;
}

export interface ChardevRemoveArguments {
  readonly id: string;
}

export interface ChardevSendBreakArguments {
  readonly id: string;
}

export interface ClientMigrateInfoArguments {
  readonly 'cert-subject'?: string;
  readonly hostname: string;
  readonly port?: number;
  readonly protocol: string;
  readonly 'tls-port'?: number;
}

export interface ClosefdArguments {
  readonly fdname: string;
}

export interface ColoExitEventData {
  readonly mode: QueryColoStatusReturnLastMode;
  readonly reason: QueryColoStatusReturnReason;
}

export interface DeviceAddArguments {
  readonly bus?: string;
  readonly driver: string;
  readonly id?: string;
}

export interface DeviceDelArguments {
  readonly id: string;
}

export interface DeviceDeletedEventData {
  readonly device?: string;
  readonly path: string;
}

export interface DeviceListPropertiesArguments {
  readonly typename: string;
}

export interface DeviceListPropertiesReturnItem {
  readonly 'default-value'?: JsonValue;
  readonly description?: string;
  readonly name: string;
  readonly type: string;
}

export interface DeviceTrayMovedEventData {
  readonly device: string;
  readonly id: string;
  readonly 'tray-open': boolean;
}

export interface DeviceUnplugGuestErrorEventData {
  readonly device?: string;
  readonly path: string;
}

export type DisplayReloadArguments = (
  | ({ readonly type: 'vnc' } & DisplayReloadArgumentsVnc)
);

export type DisplayReloadArgumentsType =
  | 'vnc';

export interface DisplayReloadArgumentsVnc {
  readonly 'tls-certs'?: boolean;
}

export type DisplayUpdateArguments = (
  | ({ readonly type: 'vnc' } & DisplayUpdateArgumentsVnc)
);

export type DisplayUpdateArgumentsType =
  | 'vnc';

export interface DisplayUpdateArgumentsVnc {
  readonly addresses?: readonly NetdevStreamConnectedEventDataAddr[];
}

export interface DriveBackupArguments {
  readonly 'auto-dismiss'?: boolean;
  readonly 'auto-finalize'?: boolean;
  readonly bitmap?: string;
  readonly 'bitmap-mode'?: BlockdevBackupArgumentsBitmapMode;
  readonly compress?: boolean;
  readonly device: string;
  readonly 'filter-node-name'?: string;
  readonly format?: string;
  readonly 'job-id'?: string;
  readonly mode?: BlockdevSnapshotSyncArgumentsMode;
  readonly 'on-source-error'?: BlockCommitArgumentsOnError;
  readonly 'on-target-error'?: BlockCommitArgumentsOnError;
  readonly speed?: number;
  readonly sync: BlockdevBackupArgumentsSync;
  readonly target: string;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-perf'?: BlockdevBackupArgumentsXPerf;
}

export interface DriveMirrorArguments {
  readonly 'auto-dismiss'?: boolean;
  readonly 'auto-finalize'?: boolean;
  readonly 'buf-size'?: number;
  readonly 'copy-mode'?: BlockdevMirrorArgumentsCopyMode;
  readonly device: string;
  readonly format?: string;
  readonly granularity?: number;
  readonly 'job-id'?: string;
  readonly mode?: BlockdevSnapshotSyncArgumentsMode;
  readonly 'node-name'?: string;
  readonly 'on-source-error'?: BlockCommitArgumentsOnError;
  readonly 'on-target-error'?: BlockCommitArgumentsOnError;
  readonly replaces?: string;
  readonly speed?: number;
  readonly sync: BlockdevBackupArgumentsSync;
  readonly target: string;
  readonly unmap?: boolean;
}

export interface DumpCompletedEventData {
  readonly error?: string;
  readonly result: QueryDumpReturn;
}

export interface DumpGuestMemoryArguments {
  readonly begin?: number;
  readonly detach?: boolean;
  readonly format?: DumpGuestMemoryArgumentsFormat;
  readonly length?: number;
  readonly paging: boolean;
  readonly protocol: string;
}

export type DumpGuestMemoryArgumentsFormat =
  | 'elf'
  | 'kdump-lzo'
  | 'kdump-snappy'
  | 'kdump-zlib'
  | 'win-dmp';

export interface DumpdtbArguments {
  readonly filename: string;
}

export interface EjectArguments {
  /** @deprecated by QEMU. */
  readonly device?: string;
  readonly force?: boolean;
  readonly id?: string;
}

export type ExpirePasswordArguments = {
  readonly time: string;
} & (
  | ({ readonly protocol: 'vnc' } & ExpirePasswordArgumentsVnc)
  | { readonly protocol: 'spice' }
);

export type ExpirePasswordArgumentsProtocol =
  | 'spice'
  | 'vnc';

export interface ExpirePasswordArgumentsVnc {
  readonly display?: string;
}

export interface FailoverNegotiatedEventData {
  readonly 'device-id': string;
}

export interface GetfdArguments {
  readonly fdname: string;
}

export interface GuestCrashloadedEventData {
  readonly action: GuestCrashloadedEventDataAction;
  readonly info?: GuestCrashloadedEventDataInfo;
}

export type GuestCrashloadedEventDataAction =
  | 'pause'
  | 'poweroff'
  | 'run';

export type GuestCrashloadedEventDataInfo = (
  | ({ readonly type: 'hyper-v' } & GuestCrashloadedEventDataInfoHyperV)
  | ({ readonly type: 's390' } & GuestCrashloadedEventDataInfoS390)
);

export interface GuestCrashloadedEventDataInfoHyperV {
  readonly arg1: number;
  readonly arg2: number;
  readonly arg3: number;
  readonly arg4: number;
  readonly arg5: number;
}

export interface GuestCrashloadedEventDataInfoS390 {
  readonly core: number;
  readonly 'psw-addr': number;
  readonly 'psw-mask': number;
  readonly reason: GuestCrashloadedEventDataInfoS390Reason;
}

export type GuestCrashloadedEventDataInfoS390Reason =
  | 'disabled-wait'
  | 'extint-loop'
  | 'opint-loop'
  | 'pgmint-loop'
  | 'unknown';

export type GuestCrashloadedEventDataInfoType =
  | 'hyper-v'
  | 's390';

export interface GuestPanickedEventData {
  readonly action: GuestCrashloadedEventDataAction;
  readonly info?: GuestCrashloadedEventDataInfo;
}

export interface HumanMonitorCommandArguments {
  readonly 'command-line': string;
  readonly 'cpu-index'?: number;
}

export interface InputSendEventArguments {
  readonly device?: string;
  readonly events: readonly InputSendEventArgumentsEventsItem[];
  readonly head?: number;
}

export type InputSendEventArgumentsEventsItem = (
  | ({ readonly type: 'abs' | 'rel' } & InputSendEventArgumentsEventsItemAbs)
  | ({ readonly type: 'btn' } & InputSendEventArgumentsEventsItemBtn)
  | ({ readonly type: 'key' } & InputSendEventArgumentsEventsItemKey)
);

export interface InputSendEventArgumentsEventsItemAbs {
  readonly data: InputSendEventArgumentsEventsItemAbsData;
}

export interface InputSendEventArgumentsEventsItemAbsData {
  readonly axis: InputSendEventArgumentsEventsItemAbsDataAxis;
  readonly value: number;
}

export type InputSendEventArgumentsEventsItemAbsDataAxis =
  | 'x'
  | 'y';

export interface InputSendEventArgumentsEventsItemBtn {
  readonly data: InputSendEventArgumentsEventsItemBtnData;
}

export interface InputSendEventArgumentsEventsItemBtnData {
  readonly button: InputSendEventArgumentsEventsItemBtnDataButton;
  readonly down: boolean;
}

export type InputSendEventArgumentsEventsItemBtnDataButton =
  | 'extra'
  | 'left'
  | 'middle'
  | 'right'
  | 'side'
  | 'wheel-down'
  | 'wheel-left'
  | 'wheel-right'
  | 'wheel-up';

export interface InputSendEventArgumentsEventsItemKey {
  readonly data: InputSendEventArgumentsEventsItemKeyData;
}

export interface InputSendEventArgumentsEventsItemKeyData {
  readonly down: boolean;
  readonly key: SendKeyArgumentsKeysItem;
}

export type InputSendEventArgumentsEventsItemType =
  | 'abs'
  | 'btn'
  | 'key'
  | 'rel';

export interface JobCancelArguments {
  readonly id: string;
}

export interface JobCompleteArguments {
  readonly id: string;
}

export interface JobDismissArguments {
  readonly id: string;
}

export interface JobFinalizeArguments {
  readonly id: string;
}

export interface JobPauseArguments {
  readonly id: string;
}

export interface JobResumeArguments {
  readonly id: string;
}

export interface JobStatusChangeEventData {
  readonly id: string;
  readonly status: JobStatusChangeEventDataStatus;
}

export type JobStatusChangeEventDataStatus =
  | 'aborting'
  | 'concluded'
  | 'created'
  | 'null'
  | 'paused'
  | 'pending'
  | 'ready'
  | 'running'
  | 'standby'
  | 'undefined'
  | 'waiting';

export interface MemUnplugErrorEventData {
  readonly device: string;
  readonly msg: string;
}

export interface MemoryDeviceSizeChangeEventData {
  readonly id?: string;
  readonly 'qom-path': string;
  readonly size: number;
}

export interface MemoryFailureEventData {
  readonly action: MemoryFailureEventDataAction;
  readonly flags: MemoryFailureEventDataFlags;
  readonly recipient: MemoryFailureEventDataRecipient;
}

export type MemoryFailureEventDataAction =
  | 'fatal'
  | 'ignore'
  | 'inject'
  | 'reset';

export interface MemoryFailureEventDataFlags {
  readonly 'action-required': boolean;
  readonly recursive: boolean;
}

export type MemoryFailureEventDataRecipient =
  | 'guest'
  | 'hypervisor';

export interface MemsaveArguments {
  readonly 'cpu-index'?: number;
  readonly filename: string;
  readonly size: number;
  readonly val: number;
}

export interface MigrateArguments {
  readonly blk?: boolean;
  readonly detach?: boolean;
  readonly inc?: boolean;
  readonly resume?: boolean;
  readonly uri: string;
}

export interface MigrateContinueArguments {
  readonly state: MigrateContinueArgumentsState;
}

export type MigrateContinueArgumentsState =
  | 'active'
  | 'cancelled'
  | 'cancelling'
  | 'colo'
  | 'completed'
  | 'device'
  | 'failed'
  | 'none'
  | 'postcopy-active'
  | 'postcopy-paused'
  | 'postcopy-recover'
  | 'pre-switchover'
  | 'setup'
  | 'wait-unplug';

export interface MigrateIncomingArguments {
  readonly uri: string;
}

export interface MigrateRecoverArguments {
  readonly uri: string;
}

export interface MigrateSetCapabilitiesArguments {
  readonly capabilities: readonly QueryMigrateCapabilitiesReturnItem[];
}

export interface MigrateSetParametersArguments {
  readonly 'announce-initial'?: number;
  readonly 'announce-max'?: number;
  readonly 'announce-rounds'?: number;
  readonly 'announce-step'?: number;
  readonly 'block-bitmap-mapping'?: readonly MigrateSetParametersArgumentsBlockBitmapMappingItem[];
  readonly 'block-incremental'?: boolean;
  readonly 'compress-level'?: number;
  readonly 'compress-threads'?: number;
  readonly 'compress-wait-thread'?: boolean;
  readonly 'cpu-throttle-increment'?: number;
  readonly 'cpu-throttle-initial'?: number;
  readonly 'cpu-throttle-tailslow'?: boolean;
  readonly 'decompress-threads'?: number;
  readonly 'downtime-limit'?: number;
  readonly 'max-bandwidth'?: number;
  readonly 'max-cpu-throttle'?: number;
  readonly 'max-postcopy-bandwidth'?: number;
  readonly 'multifd-channels'?: number;
  readonly 'multifd-compression'?: MigrateSetParametersArgumentsMultifdCompression;
  readonly 'multifd-zlib-level'?: number;
  readonly 'multifd-zstd-level'?: number;
  readonly 'throttle-trigger-threshold'?: number;
  readonly 'tls-authz'?: MigrateSetParametersArgumentsTlsAuthz;
  readonly 'tls-creds'?: MigrateSetParametersArgumentsTlsAuthz;
  readonly 'tls-hostname'?: MigrateSetParametersArgumentsTlsAuthz;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-checkpoint-delay'?: number;
  readonly 'xbzrle-cache-size'?: number;
}

export interface MigrateSetParametersArgumentsBlockBitmapMappingItem {
  readonly alias: string;
  readonly bitmaps: readonly MigrateSetParametersArgumentsBlockBitmapMappingItemBitmapsItem[];
  readonly 'node-name': string;
}

export interface MigrateSetParametersArgumentsBlockBitmapMappingItemBitmapsItem {
  readonly alias: string;
  readonly name: string;
  readonly transform?: MigrateSetParametersArgumentsBlockBitmapMappingItemBitmapsItemTransform;
}

export interface MigrateSetParametersArgumentsBlockBitmapMappingItemBitmapsItemTransform {
  readonly persistent?: boolean;
}

export type MigrateSetParametersArgumentsMultifdCompression =
  | 'none'
  | 'zlib'
  | 'zstd';

export type MigrateSetParametersArgumentsTlsAuthz =
  | null
  | string;

export interface MigrationEventData {
  readonly status: MigrateContinueArgumentsState;
}

export interface MigrationPassEventData {
  readonly pass: number;
}

export interface NbdServerAddArguments {
  readonly bitmap?: string;
  readonly description?: string;
  readonly device: string;
  readonly name?: string;
  readonly writable?: boolean;
}

export interface NbdServerRemoveArguments {
  readonly mode?: BlockExportDelArgumentsMode;
  readonly name: string;
}

export interface NbdServerStartArguments {
  readonly addr: NbdServerStartArgumentsAddr;
  readonly 'max-connections'?: number;
  readonly 'tls-authz'?: string;
  readonly 'tls-creds'?: string;
}

export type NbdServerStartArgumentsAddr = (
  | ({ readonly type: 'fd' } & NbdServerStartArgumentsAddrFd)
  | ({ readonly type: 'inet' } & NbdServerStartArgumentsAddrInet)
  | ({ readonly type: 'unix' } & NbdServerStartArgumentsAddrUnix)
  | ({ readonly type: 'vsock' } & NbdServerStartArgumentsAddrVsock)
);

export interface NbdServerStartArgumentsAddrFd {
  readonly data: NetdevStreamConnectedEventDataAddrFd;
}

export interface NbdServerStartArgumentsAddrInet {
  readonly data: BlockdevAddArgumentsSshServer;
}

export type NbdServerStartArgumentsAddrType =
  | 'fd'
  | 'inet'
  | 'unix'
  | 'vsock';

export interface NbdServerStartArgumentsAddrUnix {
  readonly data: NetdevStreamConnectedEventDataAddrUnix;
}

export interface NbdServerStartArgumentsAddrVsock {
  readonly data: NetdevStreamConnectedEventDataAddrVsock;
}

export type NetdevAddArguments = {
  readonly id: string;
} & (
  | ({ readonly type: 'bridge' } & NetdevAddArgumentsBridge)
  | ({ readonly type: 'dgram' } & NetdevAddArgumentsDgram)
  | ({ readonly type: 'hubport' } & NetdevAddArgumentsHubport)
  | ({ readonly type: 'l2tpv3' } & NetdevAddArgumentsL2tpv3)
  | ({ readonly type: 'netmap' } & NetdevAddArgumentsNetmap)
  | ({ readonly type: 'nic' } & NetdevAddArgumentsNic)
  | ({ readonly type: 'socket' } & NetdevAddArgumentsSocket)
  | ({ readonly type: 'stream' } & NetdevAddArgumentsStream)
  | ({ readonly type: 'tap' } & NetdevAddArgumentsTap)
  | ({ readonly type: 'user' } & NetdevAddArgumentsUser)
  | ({ readonly type: 'vde' } & NetdevAddArgumentsVde)
  | ({ readonly type: 'vhost-user' } & NetdevAddArgumentsVhostUser)
  | ({ readonly type: 'vhost-vdpa' } & NetdevAddArgumentsVhostVdpa)
  | { readonly type: 'none' }
);

export interface NetdevAddArgumentsBridge {
  readonly br?: string;
  readonly helper?: string;
}

export interface NetdevAddArgumentsDgram {
  readonly local?: NetdevStreamConnectedEventDataAddr;
  readonly remote?: NetdevStreamConnectedEventDataAddr;
}

export interface NetdevAddArgumentsHubport {
  readonly hubid: number;
  readonly netdev?: string;
}

export interface NetdevAddArgumentsL2tpv3 {
  readonly cookie64?: boolean;
  readonly counter?: boolean;
  readonly dst: string;
  readonly dstport?: string;
  readonly ipv6?: boolean;
  readonly offset?: number;
  readonly pincounter?: boolean;
  readonly rxcookie?: number;
  readonly rxsession?: number;
  readonly src: string;
  readonly srcport?: string;
  readonly txcookie?: number;
  readonly txsession: number;
  readonly udp?: boolean;
}

export interface NetdevAddArgumentsNetmap {
  readonly devname?: string;
  readonly ifname: string;
}

export interface NetdevAddArgumentsNic {
  readonly addr?: string;
  readonly macaddr?: string;
  readonly model?: string;
  readonly netdev?: string;
  readonly vectors?: number;
}

export interface NetdevAddArgumentsSocket {
  readonly connect?: string;
  readonly fd?: string;
  readonly listen?: string;
  readonly localaddr?: string;
  readonly mcast?: string;
  readonly udp?: string;
}

export interface NetdevAddArgumentsStream {
  readonly addr: NetdevStreamConnectedEventDataAddr;
  readonly server?: boolean;
}

export interface NetdevAddArgumentsTap {
  readonly br?: string;
  readonly downscript?: string;
  readonly fd?: string;
  readonly fds?: string;
  readonly helper?: string;
  readonly ifname?: string;
  readonly 'poll-us'?: number;
  readonly queues?: number;
  readonly script?: string;
  readonly sndbuf?: number;
  readonly vhost?: boolean;
  readonly vhostfd?: string;
  readonly vhostfds?: string;
  readonly vhostforce?: boolean;
  readonly vnet_hdr?: boolean;
}

export type NetdevAddArgumentsType =
  | 'bridge'
  | 'dgram'
  | 'hubport'
  | 'l2tpv3'
  | 'netmap'
  | 'nic'
  | 'none'
  | 'socket'
  | 'stream'
  | 'tap'
  | 'user'
  | 'vde'
  | 'vhost-user'
  | 'vhost-vdpa';

export interface NetdevAddArgumentsUser {
  readonly bootfile?: string;
  readonly dhcpstart?: string;
  readonly dns?: string;
  readonly dnssearch?: readonly NetdevStreamConnectedEventDataAddrFd[];
  readonly domainname?: string;
  readonly guestfwd?: readonly NetdevStreamConnectedEventDataAddrFd[];
  readonly host?: string;
  readonly hostfwd?: readonly NetdevStreamConnectedEventDataAddrFd[];
  readonly hostname?: string;
  readonly ip?: string;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly 'ipv6-dns'?: string;
  readonly 'ipv6-host'?: string;
  readonly 'ipv6-prefix'?: string;
  readonly 'ipv6-prefixlen'?: number;
  readonly net?: string;
  readonly restrict?: boolean;
  readonly smb?: string;
  readonly smbserver?: string;
  readonly tftp?: string;
  readonly 'tftp-server-name'?: string;
}

export interface NetdevAddArgumentsVde {
  readonly group?: string;
  readonly mode?: number;
  readonly port?: number;
  readonly sock?: string;
}

export interface NetdevAddArgumentsVhostUser {
  readonly chardev: string;
  readonly queues?: number;
  readonly vhostforce?: boolean;
}

export interface NetdevAddArgumentsVhostVdpa {
  readonly queues?: number;
  readonly vhostdev?: string;
  readonly vhostfd?: string;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-svq'?: boolean;
}

export interface NetdevDelArguments {
  readonly id: string;
}

export interface NetdevStreamConnectedEventData {
  readonly addr: NetdevStreamConnectedEventDataAddr;
  readonly 'netdev-id': string;
}

export type NetdevStreamConnectedEventDataAddr = (
  | ({ readonly type: 'fd' } & NetdevStreamConnectedEventDataAddrFd)
  | ({ readonly type: 'inet' } & BlockdevAddArgumentsSshServer)
  | ({ readonly type: 'unix' } & NetdevStreamConnectedEventDataAddrUnix)
  | ({ readonly type: 'vsock' } & NetdevStreamConnectedEventDataAddrVsock)
);

export interface NetdevStreamConnectedEventDataAddrFd {
  readonly str: string;
}

export interface NetdevStreamConnectedEventDataAddrUnix {
  readonly abstract?: boolean;
  readonly path: string;
  readonly tight?: boolean;
}

export interface NetdevStreamConnectedEventDataAddrVsock {
  readonly cid: string;
  readonly port: string;
}

export interface NetdevStreamDisconnectedEventData {
  readonly 'netdev-id': string;
}

export interface NicRxFilterChangedEventData {
  readonly name?: string;
  readonly path: string;
}

export type ObjectAddArguments = {
  readonly id: string;
} & (
  | ({ readonly 'qom-type': 'authz-list' } & ObjectAddArgumentsAuthzList)
  | ({ readonly 'qom-type': 'authz-listfile' } & ObjectAddArgumentsAuthzListfile)
  | ({ readonly 'qom-type': 'authz-pam' } & ObjectAddArgumentsAuthzPam)
  | ({ readonly 'qom-type': 'authz-simple' } & ObjectAddArgumentsAuthzSimple)
  | ({ readonly 'qom-type': 'can-host-socketcan' } & ObjectAddArgumentsCanHostSocketcan)
  | ({ readonly 'qom-type': 'colo-compare' } & ObjectAddArgumentsColoCompare)
  | ({ readonly 'qom-type': 'cryptodev-backend' | 'cryptodev-backend-builtin' | 'cryptodev-backend-lkcf' } & ObjectAddArgumentsCryptodevBackend)
  | ({ readonly 'qom-type': 'cryptodev-vhost-user' } & ObjectAddArgumentsCryptodevVhostUser)
  | ({ readonly 'qom-type': 'dbus-vmstate' } & ObjectAddArgumentsDbusVmstate)
  | ({ readonly 'qom-type': 'filter-buffer' } & ObjectAddArgumentsFilterBuffer)
  | ({ readonly 'qom-type': 'filter-dump' } & ObjectAddArgumentsFilterDump)
  | ({ readonly 'qom-type': 'filter-mirror' } & ObjectAddArgumentsFilterMirror)
  | ({ readonly 'qom-type': 'filter-redirector' } & ObjectAddArgumentsFilterRedirector)
  | ({ readonly 'qom-type': 'filter-replay' } & ObjectAddArgumentsFilterReplay)
  | ({ readonly 'qom-type': 'filter-rewriter' } & ObjectAddArgumentsFilterRewriter)
  | ({ readonly 'qom-type': 'input-barrier' } & ObjectAddArgumentsInputBarrier)
  | ({ readonly 'qom-type': 'input-linux' } & ObjectAddArgumentsInputLinux)
  | ({ readonly 'qom-type': 'iothread' } & ObjectAddArgumentsIothread)
  | ({ readonly 'qom-type': 'main-loop' } & ObjectAddArgumentsMainLoop)
  | ({ readonly 'qom-type': 'memory-backend-epc' } & ObjectAddArgumentsMemoryBackendEpc)
  | ({ readonly 'qom-type': 'memory-backend-file' } & ObjectAddArgumentsMemoryBackendFile)
  | ({ readonly 'qom-type': 'memory-backend-memfd' } & ObjectAddArgumentsMemoryBackendMemfd)
  | ({ readonly 'qom-type': 'memory-backend-ram' } & ObjectAddArgumentsMemoryBackendRam)
  | ({ readonly 'qom-type': 'pr-manager-helper' } & ObjectAddArgumentsPrManagerHelper)
  | ({ readonly 'qom-type': 'qtest' } & ObjectAddArgumentsQtest)
  | ({ readonly 'qom-type': 'rng-builtin' } & ObjectAddArgumentsRngBuiltin)
  | ({ readonly 'qom-type': 'rng-egd' } & ObjectAddArgumentsRngEgd)
  | ({ readonly 'qom-type': 'rng-random' } & ObjectAddArgumentsRngRandom)
  | ({ readonly 'qom-type': 'secret' } & ObjectAddArgumentsSecret)
  | ({ readonly 'qom-type': 'secret_keyring' } & ObjectAddArgumentsSecretKeyring)
  | ({ readonly 'qom-type': 'sev-guest' } & ObjectAddArgumentsSevGuest)
  | ({ readonly 'qom-type': 'thread-context' } & ObjectAddArgumentsThreadContext)
  | ({ readonly 'qom-type': 'throttle-group' } & ObjectAddArgumentsThrottleGroup)
  | ({ readonly 'qom-type': 'tls-cipher-suites' } & ObjectAddArgumentsTlsCipherSuites)
  | ({ readonly 'qom-type': 'tls-creds-anon' } & ObjectAddArgumentsTlsCredsAnon)
  | ({ readonly 'qom-type': 'tls-creds-psk' } & ObjectAddArgumentsTlsCredsPsk)
  | ({ readonly 'qom-type': 'tls-creds-x509' } & ObjectAddArgumentsTlsCredsX509)
  | ({ readonly 'qom-type': 'x-remote-object' } & ObjectAddArgumentsXRemoteObject)
  | ({ readonly 'qom-type': 'x-vfio-user-server' } & ObjectAddArgumentsXVfioUserServer)
  | { readonly 'qom-type': 'can-bus' | 'pef-guest' | 's390-pv-guest' }
);

export interface ObjectAddArgumentsAuthzList {
  readonly policy?: ObjectAddArgumentsAuthzListPolicy;
  readonly rules?: readonly ObjectAddArgumentsAuthzListRulesItem[];
}

export type ObjectAddArgumentsAuthzListPolicy =
  | 'allow'
  | 'deny';

export interface ObjectAddArgumentsAuthzListRulesItem {
  readonly format?: ObjectAddArgumentsAuthzListRulesItemFormat;
  readonly match: string;
  readonly policy: ObjectAddArgumentsAuthzListPolicy;
}

export type ObjectAddArgumentsAuthzListRulesItemFormat =
  | 'exact'
  | 'glob';

export interface ObjectAddArgumentsAuthzListfile {
  readonly filename: string;
  readonly refresh?: boolean;
}

export interface ObjectAddArgumentsAuthzPam {
  readonly service: string;
}

export interface ObjectAddArgumentsAuthzSimple {
  readonly identity: string;
}

export interface ObjectAddArgumentsCanHostSocketcan {
  readonly canbus: string;
  readonly if: string;
}

export interface ObjectAddArgumentsColoCompare {
  readonly compare_timeout?: number;
  readonly expired_scan_cycle?: number;
  readonly iothread: string;
  readonly max_queue_size?: number;
  readonly notify_dev?: string;
  readonly outdev: string;
  readonly primary_in: string;
  readonly secondary_in: string;
  readonly vnet_hdr_support?: boolean;
}

export interface ObjectAddArgumentsCryptodevBackend {
  readonly queues?: number;
}

export interface ObjectAddArgumentsCryptodevVhostUser {
  readonly chardev: string;
  readonly queues?: number;
}

export interface ObjectAddArgumentsDbusVmstate {
  readonly addr: string;
  readonly 'id-list'?: string;
}

export interface ObjectAddArgumentsFilterBuffer {
  readonly insert?: ObjectAddArgumentsFilterBufferInsert;
  readonly interval: number;
  readonly netdev: string;
  readonly position?: string;
  readonly queue?: ObjectAddArgumentsFilterBufferQueue;
  readonly status?: string;
}

export type ObjectAddArgumentsFilterBufferInsert =
  | 'before'
  | 'behind';

export type ObjectAddArgumentsFilterBufferQueue =
  | 'all'
  | 'rx'
  | 'tx';

export interface ObjectAddArgumentsFilterDump {
  readonly file: string;
  readonly insert?: ObjectAddArgumentsFilterBufferInsert;
  readonly maxlen?: number;
  readonly netdev: string;
  readonly position?: string;
  readonly queue?: ObjectAddArgumentsFilterBufferQueue;
  readonly status?: string;
}

export interface ObjectAddArgumentsFilterMirror {
  readonly insert?: ObjectAddArgumentsFilterBufferInsert;
  readonly netdev: string;
  readonly outdev: string;
  readonly position?: string;
  readonly queue?: ObjectAddArgumentsFilterBufferQueue;
  readonly status?: string;
  readonly vnet_hdr_support?: boolean;
}

export interface ObjectAddArgumentsFilterRedirector {
  readonly indev?: string;
  readonly insert?: ObjectAddArgumentsFilterBufferInsert;
  readonly netdev: string;
  readonly outdev?: string;
  readonly position?: string;
  readonly queue?: ObjectAddArgumentsFilterBufferQueue;
  readonly status?: string;
  readonly vnet_hdr_support?: boolean;
}

export interface ObjectAddArgumentsFilterReplay {
  readonly insert?: ObjectAddArgumentsFilterBufferInsert;
  readonly netdev: string;
  readonly position?: string;
  readonly queue?: ObjectAddArgumentsFilterBufferQueue;
  readonly status?: string;
}

export interface ObjectAddArgumentsFilterRewriter {
  readonly insert?: ObjectAddArgumentsFilterBufferInsert;
  readonly netdev: string;
  readonly position?: string;
  readonly queue?: ObjectAddArgumentsFilterBufferQueue;
  readonly status?: string;
  readonly vnet_hdr_support?: boolean;
}

export interface ObjectAddArgumentsInputBarrier {
  readonly height?: string;
  readonly name: string;
  readonly port?: string;
  readonly server?: string;
  readonly width?: string;
  readonly 'x-origin'?: string;
  readonly 'y-origin'?: string;
}

export interface ObjectAddArgumentsInputLinux {
  readonly evdev: string;
  readonly 'grab-toggle'?: ObjectAddArgumentsInputLinuxGrabToggle;
  readonly grab_all?: boolean;
  readonly repeat?: boolean;
}

export type ObjectAddArgumentsInputLinuxGrabToggle =
  | 'alt-alt'
  | 'ctrl-ctrl'
  | 'ctrl-scrolllock'
  | 'meta-meta'
  | 'scrolllock'
  | 'shift-shift';

export interface ObjectAddArgumentsIothread {
  readonly 'aio-max-batch'?: number;
  readonly 'poll-grow'?: number;
  readonly 'poll-max-ns'?: number;
  readonly 'poll-shrink'?: number;
  readonly 'thread-pool-max'?: number;
  readonly 'thread-pool-min'?: number;
}

export interface ObjectAddArgumentsMainLoop {
  readonly 'aio-max-batch'?: number;
  readonly 'thread-pool-max'?: number;
  readonly 'thread-pool-min'?: number;
}

export interface ObjectAddArgumentsMemoryBackendEpc {
  readonly dump?: boolean;
  readonly 'host-nodes'?: readonly number[];
  readonly merge?: boolean;
  readonly policy?: ObjectAddArgumentsMemoryBackendEpcPolicy;
  readonly prealloc?: boolean;
  readonly 'prealloc-context'?: string;
  readonly 'prealloc-threads'?: number;
  readonly reserve?: boolean;
  readonly share?: boolean;
  readonly size: number;
  readonly 'x-use-canonical-path-for-ramblock-id'?: boolean;
}

export type ObjectAddArgumentsMemoryBackendEpcPolicy =
  | 'bind'
  | 'default'
  | 'interleave'
  | 'preferred';

export interface ObjectAddArgumentsMemoryBackendFile {
  readonly align?: number;
  readonly 'discard-data'?: boolean;
  readonly dump?: boolean;
  readonly 'host-nodes'?: readonly number[];
  readonly 'mem-path': string;
  readonly merge?: boolean;
  readonly pmem?: boolean;
  readonly policy?: ObjectAddArgumentsMemoryBackendEpcPolicy;
  readonly prealloc?: boolean;
  readonly 'prealloc-context'?: string;
  readonly 'prealloc-threads'?: number;
  readonly readonly?: boolean;
  readonly reserve?: boolean;
  readonly share?: boolean;
  readonly size: number;
  readonly 'x-use-canonical-path-for-ramblock-id'?: boolean;
}

export interface ObjectAddArgumentsMemoryBackendMemfd {
  readonly dump?: boolean;
  readonly 'host-nodes'?: readonly number[];
  readonly hugetlb?: boolean;
  readonly hugetlbsize?: number;
  readonly merge?: boolean;
  readonly policy?: ObjectAddArgumentsMemoryBackendEpcPolicy;
  readonly prealloc?: boolean;
  readonly 'prealloc-context'?: string;
  readonly 'prealloc-threads'?: number;
  readonly reserve?: boolean;
  readonly seal?: boolean;
  readonly share?: boolean;
  readonly size: number;
  readonly 'x-use-canonical-path-for-ramblock-id'?: boolean;
}

export interface ObjectAddArgumentsMemoryBackendRam {
  readonly dump?: boolean;
  readonly 'host-nodes'?: readonly number[];
  readonly merge?: boolean;
  readonly policy?: ObjectAddArgumentsMemoryBackendEpcPolicy;
  readonly prealloc?: boolean;
  readonly 'prealloc-context'?: string;
  readonly 'prealloc-threads'?: number;
  readonly reserve?: boolean;
  readonly share?: boolean;
  readonly size: number;
  readonly 'x-use-canonical-path-for-ramblock-id'?: boolean;
}

export interface ObjectAddArgumentsPrManagerHelper {
  readonly path: string;
}

export type ObjectAddArgumentsQomType =
  | 'authz-list'
  | 'authz-listfile'
  | 'authz-pam'
  | 'authz-simple'
  | 'can-bus'
  | 'can-host-socketcan'
  | 'colo-compare'
  | 'cryptodev-backend'
  | 'cryptodev-backend-builtin'
  | 'cryptodev-backend-lkcf'
  | 'cryptodev-vhost-user'
  | 'dbus-vmstate'
  | 'filter-buffer'
  | 'filter-dump'
  | 'filter-mirror'
  | 'filter-redirector'
  | 'filter-replay'
  | 'filter-rewriter'
  | 'input-barrier'
  | 'input-linux'
  | 'iothread'
  | 'main-loop'
  | 'memory-backend-epc'
  | 'memory-backend-file'
  | 'memory-backend-memfd'
  | 'memory-backend-ram'
  | 'pef-guest'
  | 'pr-manager-helper'
  | 'qtest'
  | 'rng-builtin'
  | 'rng-egd'
  | 'rng-random'
  | 's390-pv-guest'
  | 'secret'
  | 'secret_keyring'
  | 'sev-guest'
  | 'thread-context'
  | 'throttle-group'
  | 'tls-cipher-suites'
  | 'tls-creds-anon'
  | 'tls-creds-psk'
  | 'tls-creds-x509'
  | 'x-remote-object' /* unstable */
  | 'x-vfio-user-server' /* unstable */;

export interface ObjectAddArgumentsQtest {
  readonly chardev: string;
  readonly log?: string;
}

export interface ObjectAddArgumentsRngBuiltin {
  /** @deprecated by QEMU. */
  readonly opened?: boolean;
}

export interface ObjectAddArgumentsRngEgd {
  readonly chardev: string;
  /** @deprecated by QEMU. */
  readonly opened?: boolean;
}

export interface ObjectAddArgumentsRngRandom {
  readonly filename?: string;
  /** @deprecated by QEMU. */
  readonly opened?: boolean;
}

export interface ObjectAddArgumentsSecret {
  readonly data?: string;
  readonly file?: string;
  readonly format?: ObjectAddArgumentsSecretFormat;
  readonly iv?: string;
  readonly keyid?: string;
  /** @deprecated by QEMU. */
  readonly loaded?: boolean;
}

export type ObjectAddArgumentsSecretFormat =
  | 'base64'
  | 'raw';

export interface ObjectAddArgumentsSecretKeyring {
  readonly format?: ObjectAddArgumentsSecretFormat;
  readonly iv?: string;
  readonly keyid?: string;
  /** @deprecated by QEMU. */
  readonly loaded?: boolean;
  readonly serial: number;
}

export interface ObjectAddArgumentsSevGuest {
  readonly cbitpos?: number;
  readonly 'dh-cert-file'?: string;
  readonly handle?: number;
  readonly 'kernel-hashes'?: boolean;
  readonly policy?: number;
  readonly 'reduced-phys-bits': number;
  readonly 'session-file'?: string;
  readonly 'sev-device'?: string;
}

export interface ObjectAddArgumentsThreadContext {
  readonly 'cpu-affinity'?: readonly number[];
  readonly 'node-affinity'?: readonly number[];
}

export interface ObjectAddArgumentsThrottleGroup {
  readonly limits?: ObjectAddArgumentsThrottleGroupLimits;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-bps-read'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-bps-read-max'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-bps-read-max-length'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-bps-total'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-bps-total-max'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-bps-total-max-length'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-bps-write'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-bps-write-max'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-bps-write-max-length'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-read'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-read-max'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-read-max-length'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-size'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-total'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-total-max'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-total-max-length'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-write'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-write-max'?: number;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-iops-write-max-length'?: number;
}

export interface ObjectAddArgumentsThrottleGroupLimits {
  readonly 'bps-read'?: number;
  readonly 'bps-read-max'?: number;
  readonly 'bps-read-max-length'?: number;
  readonly 'bps-total'?: number;
  readonly 'bps-total-max'?: number;
  readonly 'bps-total-max-length'?: number;
  readonly 'bps-write'?: number;
  readonly 'bps-write-max'?: number;
  readonly 'bps-write-max-length'?: number;
  readonly 'iops-read'?: number;
  readonly 'iops-read-max'?: number;
  readonly 'iops-read-max-length'?: number;
  readonly 'iops-size'?: number;
  readonly 'iops-total'?: number;
  readonly 'iops-total-max'?: number;
  readonly 'iops-total-max-length'?: number;
  readonly 'iops-write'?: number;
  readonly 'iops-write-max'?: number;
  readonly 'iops-write-max-length'?: number;
}

export interface ObjectAddArgumentsTlsCipherSuites {
  readonly dir?: string;
  readonly endpoint?: ObjectAddArgumentsTlsCipherSuitesEndpoint;
  readonly priority?: string;
  readonly 'verify-peer'?: boolean;
}

export type ObjectAddArgumentsTlsCipherSuitesEndpoint =
  | 'client'
  | 'server';

export interface ObjectAddArgumentsTlsCredsAnon {
  readonly dir?: string;
  readonly endpoint?: ObjectAddArgumentsTlsCipherSuitesEndpoint;
  /** @deprecated by QEMU. */
  readonly loaded?: boolean;
  readonly priority?: string;
  readonly 'verify-peer'?: boolean;
}

export interface ObjectAddArgumentsTlsCredsPsk {
  readonly dir?: string;
  readonly endpoint?: ObjectAddArgumentsTlsCipherSuitesEndpoint;
  /** @deprecated by QEMU. */
  readonly loaded?: boolean;
  readonly priority?: string;
  readonly username?: string;
  readonly 'verify-peer'?: boolean;
}

export interface ObjectAddArgumentsTlsCredsX509 {
  readonly dir?: string;
  readonly endpoint?: ObjectAddArgumentsTlsCipherSuitesEndpoint;
  /** @deprecated by QEMU. */
  readonly loaded?: boolean;
  readonly passwordid?: string;
  readonly priority?: string;
  readonly 'sanity-check'?: boolean;
  readonly 'verify-peer'?: boolean;
}

export interface ObjectAddArgumentsXRemoteObject {
  readonly devid: string;
  readonly fd: string;
}

export interface ObjectAddArgumentsXVfioUserServer {
  readonly device: string;
  readonly socket: NetdevStreamConnectedEventDataAddr;
}

export interface ObjectDelArguments {
  readonly id: string;
}

export interface PmemsaveArguments {
  readonly filename: string;
  readonly size: number;
  readonly val: number;
}

export interface PrManagerStatusChangedEventData {
  readonly connected: boolean;
  readonly id: string;
}

export interface QmpCapabilitiesArguments {
  readonly enable?: readonly QmpCapabilitiesArgumentsEnableItem[];
}

export type QmpCapabilitiesArgumentsEnableItem =
  | 'oob';

export interface QomGetArguments {
  readonly path: string;
  readonly property: string;
}

export interface QomListArguments {
  readonly path: string;
}

export interface QomListPropertiesArguments {
  readonly typename: string;
}

export interface QomListTypesArguments {
  readonly abstract?: boolean;
  readonly implements?: string;
}

export interface QomListTypesReturnItem {
  readonly abstract?: boolean;
  readonly name: string;
  readonly parent?: string;
}

export interface QomSetArguments {
  readonly path: string;
  readonly property: string;
  readonly value: JsonValue;
}

export interface QueryAcpiOspmStatusReturnItem {
  readonly device?: string;
  readonly slot: string;
  readonly 'slot-type': QueryAcpiOspmStatusReturnItemSlotType;
  readonly source: number;
  readonly status: number;
}

export type QueryAcpiOspmStatusReturnItemSlotType =
  | 'CPU'
  | 'DIMM';

export interface QueryBalloonReturn {
  readonly actual: number;
}

export interface QueryBlockExportsReturnItem {
  readonly id: string;
  readonly 'node-name': string;
  readonly 'shutting-down': boolean;
  readonly type: BlockExportAddArgumentsType;
}

export interface QueryBlockJobsReturnItem {
  readonly 'auto-dismiss': boolean;
  readonly 'auto-finalize': boolean;
  readonly busy: boolean;
  readonly device: string;
  readonly error?: string;
  readonly 'io-status': QueryBlockReturnItemIoStatus;
  readonly len: number;
  readonly offset: number;
  readonly paused: boolean;
  readonly ready: boolean;
  readonly speed: number;
  readonly status: JobStatusChangeEventDataStatus;
  readonly type: string;
}

export interface QueryBlockReturnItem {
  readonly device: string;
  readonly inserted?: QueryNamedBlockNodesReturnItem;
  readonly 'io-status'?: QueryBlockReturnItemIoStatus;
  readonly locked: boolean;
  readonly qdev?: string;
  readonly removable: boolean;
  readonly tray_open?: boolean;
  readonly type: string;
}

export type QueryBlockReturnItemIoStatus =
  | 'failed'
  | 'nospace'
  | 'ok';

export interface QueryBlockstatsArguments {
  readonly 'query-nodes'?: boolean;
}

export interface QueryBlockstatsReturnItem {
  readonly backing?: QueryBlockstatsReturnItem;
  readonly device?: string;
  readonly 'driver-specific'?: QueryBlockstatsReturnItemDriverSpecific;
  readonly 'node-name'?: string;
  readonly parent?: QueryBlockstatsReturnItem;
  readonly qdev?: string;
  readonly stats: QueryBlockstatsReturnItemStats;
}

export type QueryBlockstatsReturnItemDriverSpecific = (
  | ({ readonly driver: 'file' | 'host_device' } & QueryBlockstatsReturnItemDriverSpecificFile)
  | ({ readonly driver: 'nvme' } & QueryBlockstatsReturnItemDriverSpecificNvme)
  | { readonly driver: 'blkdebug' | 'blklogwrites' | 'blkreplay' | 'blkverify' | 'bochs' | 'cloop' | 'compress' | 'copy-before-write' | 'copy-on-read' | 'dmg' | 'ftp' | 'ftps' | 'gluster' | 'host_cdrom' | 'http' | 'https' | 'iscsi' | 'luks' | 'nbd' | 'nfs' | 'null-aio' | 'null-co' | 'parallels' | 'preallocate' | 'qcow' | 'qcow2' | 'qed' | 'quorum' | 'raw' | 'rbd' | 'replication' | 'snapshot-access' | 'ssh' | 'throttle' | 'vdi' | 'vhdx' | 'vmdk' | 'vpc' | 'vvfat' }
);

export interface QueryBlockstatsReturnItemDriverSpecificFile {
  readonly 'discard-bytes-ok': number;
  readonly 'discard-nb-failed': number;
  readonly 'discard-nb-ok': number;
}

export interface QueryBlockstatsReturnItemDriverSpecificNvme {
  readonly 'aligned-accesses': number;
  readonly 'completion-errors': number;
  readonly 'unaligned-accesses': number;
}

export interface QueryBlockstatsReturnItemStats {
  readonly account_failed: boolean;
  readonly account_invalid: boolean;
  readonly failed_flush_operations: number;
  readonly failed_rd_operations: number;
  readonly failed_unmap_operations: number;
  readonly failed_wr_operations: number;
  readonly flush_latency_histogram?: QueryBlockstatsReturnItemStatsFlushLatencyHistogram;
  readonly flush_operations: number;
  readonly flush_total_time_ns: number;
  readonly idle_time_ns?: number;
  readonly invalid_flush_operations: number;
  readonly invalid_rd_operations: number;
  readonly invalid_unmap_operations: number;
  readonly invalid_wr_operations: number;
  readonly rd_bytes: number;
  readonly rd_latency_histogram?: QueryBlockstatsReturnItemStatsFlushLatencyHistogram;
  readonly rd_merged: number;
  readonly rd_operations: number;
  readonly rd_total_time_ns: number;
  readonly timed_stats: readonly QueryBlockstatsReturnItemStatsTimedStatsItem[];
  readonly unmap_bytes: number;
  readonly unmap_merged: number;
  readonly unmap_operations: number;
  readonly unmap_total_time_ns: number;
  readonly wr_bytes: number;
  readonly wr_highest_offset: number;
  readonly wr_latency_histogram?: QueryBlockstatsReturnItemStatsFlushLatencyHistogram;
  readonly wr_merged: number;
  readonly wr_operations: number;
  readonly wr_total_time_ns: number;
}

export interface QueryBlockstatsReturnItemStatsFlushLatencyHistogram {
  readonly bins: readonly number[];
  readonly boundaries: readonly number[];
}

export interface QueryBlockstatsReturnItemStatsTimedStatsItem {
  readonly avg_flush_latency_ns: number;
  readonly avg_rd_latency_ns: number;
  readonly avg_rd_queue_depth: number;
  readonly avg_wr_latency_ns: number;
  readonly avg_wr_queue_depth: number;
  readonly interval_length: number;
  readonly max_flush_latency_ns: number;
  readonly max_rd_latency_ns: number;
  readonly max_wr_latency_ns: number;
  readonly min_flush_latency_ns: number;
  readonly min_rd_latency_ns: number;
  readonly min_wr_latency_ns: number;
}

export interface QueryChardevBackendsReturnItem {
  readonly name: string;
}

export interface QueryChardevReturnItem {
  readonly filename: string;
  readonly 'frontend-open': boolean;
  readonly label: string;
}

export interface QueryColoStatusReturn {
  readonly 'last-mode': QueryColoStatusReturnLastMode;
  readonly mode: QueryColoStatusReturnLastMode;
  readonly reason: QueryColoStatusReturnReason;
}

export type QueryColoStatusReturnLastMode =
  | 'none'
  | 'primary'
  | 'secondary';

export type QueryColoStatusReturnReason =
  | 'error'
  | 'none'
  | 'processing'
  | 'request';

export interface QueryCommandLineOptionsArguments {
  readonly option?: string;
}

export interface QueryCommandLineOptionsReturnItem {
  readonly option: string;
  readonly parameters: readonly QueryCommandLineOptionsReturnItemParametersItem[];
}

export interface QueryCommandLineOptionsReturnItemParametersItem {
  readonly default?: string;
  readonly help?: string;
  readonly name: string;
  readonly type: QueryCommandLineOptionsReturnItemParametersItemType;
}

export type QueryCommandLineOptionsReturnItemParametersItemType =
  | 'boolean'
  | 'number'
  | 'size'
  | 'string';

export interface QueryCommandsReturnItem {
  readonly name: string;
}

export interface QueryCpuDefinitionsReturnItem {
  readonly 'alias-of'?: string;
  readonly deprecated: boolean;
  readonly 'migration-safe'?: boolean;
  readonly name: string;
  readonly static: boolean;
  readonly typename: string;
  readonly 'unavailable-features'?: readonly string[];
}

export interface QueryCpuModelExpansionArguments {
  readonly model: QueryCpuModelExpansionArgumentsModel;
  readonly type: QueryCpuModelExpansionArgumentsType;
}

export interface QueryCpuModelExpansionArgumentsModel {
  readonly name: string;
  readonly props?: JsonValue;
}

export type QueryCpuModelExpansionArgumentsType =
  | 'full'
  | 'static';

export interface QueryCpuModelExpansionReturn {
  readonly model: QueryCpuModelExpansionArgumentsModel;
}

export type QueryCpusFastReturnItem = {
  readonly 'cpu-index': number;
  readonly props?: QueryCpusFastReturnItemProps;
  readonly 'qom-path': string;
  readonly 'thread-id': number;
} & (
  | ({ readonly target: 's390x' } & QueryCpusFastReturnItemS390x)
  | { readonly target: 'aarch64' | 'alpha' | 'arm' | 'avr' | 'cris' | 'hppa' | 'i386' | 'loongarch64' | 'm68k' | 'microblaze' | 'microblazeel' | 'mips' | 'mips64' | 'mips64el' | 'mipsel' | 'nios2' | 'or1k' | 'ppc' | 'ppc64' | 'riscv32' | 'riscv64' | 'rx' | 'sh4' | 'sh4eb' | 'sparc' | 'sparc64' | 'tricore' | 'x86_64' | 'xtensa' | 'xtensaeb' }
);

export interface QueryCpusFastReturnItemProps {
  readonly 'cluster-id'?: number;
  readonly 'core-id'?: number;
  readonly 'die-id'?: number;
  readonly 'node-id'?: number;
  readonly 'socket-id'?: number;
  readonly 'thread-id'?: number;
}

export interface QueryCpusFastReturnItemS390x {
  readonly 'cpu-state': QueryCpusFastReturnItemS390xCpuState;
}

export type QueryCpusFastReturnItemS390xCpuState =
  | 'check-stop'
  | 'load'
  | 'operating'
  | 'stopped'
  | 'uninitialized';

export interface QueryCurrentMachineReturn {
  readonly 'wakeup-suspend-support': boolean;
}

export interface QueryDirtyRateReturn {
  readonly 'calc-time': number;
  readonly 'dirty-rate'?: number;
  readonly mode: CalcDirtyRateArgumentsMode;
  readonly 'sample-pages': number;
  readonly 'start-time': number;
  readonly status: QueryDirtyRateReturnStatus;
  readonly 'vcpu-dirty-rate'?: readonly QueryDirtyRateReturnVcpuDirtyRateItem[];
}

export type QueryDirtyRateReturnStatus =
  | 'measured'
  | 'measuring'
  | 'unstarted';

export interface QueryDirtyRateReturnVcpuDirtyRateItem {
  readonly 'dirty-rate': number;
  readonly id: number;
}

export type QueryDisplayOptionsReturn = {
  readonly 'full-screen'?: boolean;
  readonly gl?: QueryDisplayOptionsReturnGl;
  readonly 'show-cursor'?: boolean;
  readonly 'window-close'?: boolean;
} & (
  | ({ readonly type: 'curses' } & QueryDisplayOptionsReturnCurses)
  | ({ readonly type: 'dbus' } & QueryDisplayOptionsReturnDbus)
  | ({ readonly type: 'egl-headless' } & QueryDisplayOptionsReturnEglHeadless)
  | ({ readonly type: 'gtk' } & QueryDisplayOptionsReturnGtk)
  | ({ readonly type: 'sdl' } & QueryDisplayOptionsReturnSdl)
  | { readonly type: 'default' | 'none' | 'spice-app' }
);

export interface QueryDisplayOptionsReturnCurses {
  readonly charset?: string;
}

export interface QueryDisplayOptionsReturnDbus {
  readonly addr?: string;
  readonly audiodev?: string;
  readonly p2p?: boolean;
  readonly rendernode?: string;
}

export interface QueryDisplayOptionsReturnEglHeadless {
  readonly rendernode?: string;
}

export type QueryDisplayOptionsReturnGl =
  | 'core'
  | 'es'
  | 'off'
  | 'on';

export interface QueryDisplayOptionsReturnGtk {
  readonly 'grab-on-hover'?: boolean;
  readonly 'show-menubar'?: boolean;
  readonly 'show-tabs'?: boolean;
  readonly 'zoom-to-fit'?: boolean;
}

export interface QueryDisplayOptionsReturnSdl {
  readonly 'grab-mod'?: QueryDisplayOptionsReturnSdlGrabMod;
}

export type QueryDisplayOptionsReturnSdlGrabMod =
  | 'lctrl-lalt'
  | 'lshift-lctrl-lalt'
  | 'rctrl';

export type QueryDisplayOptionsReturnType =
  | 'curses'
  | 'dbus'
  | 'default'
  | 'egl-headless'
  | 'gtk'
  | 'none'
  | 'sdl'
  | 'spice-app';

export interface QueryDumpGuestMemoryCapabilityReturn {
  readonly formats: readonly DumpGuestMemoryArgumentsFormat[];
}

export interface QueryDumpReturn {
  readonly completed: number;
  readonly status: QueryDumpReturnStatus;
  readonly total: number;
}

export type QueryDumpReturnStatus =
  | 'active'
  | 'completed'
  | 'failed'
  | 'none';

export interface QueryFdsetsReturnItem {
  readonly fds: readonly QueryFdsetsReturnItemFdsItem[];
  readonly 'fdset-id': number;
}

export interface QueryFdsetsReturnItemFdsItem {
  readonly fd: number;
  readonly opaque?: string;
}

export interface QueryHotpluggableCpusReturnItem {
  readonly props: QueryCpusFastReturnItemProps;
  readonly 'qom-path'?: string;
  readonly type: string;
  readonly 'vcpus-count': number;
}

export interface QueryIothreadsReturnItem {
  readonly 'aio-max-batch': number;
  readonly id: string;
  readonly 'poll-grow': number;
  readonly 'poll-max-ns': number;
  readonly 'poll-shrink': number;
  readonly 'thread-id': number;
}

export interface QueryJobsReturnItem {
  readonly 'current-progress': number;
  readonly error?: string;
  readonly id: string;
  readonly status: JobStatusChangeEventDataStatus;
  readonly 'total-progress': number;
  readonly type: BlockJobCancelledEventDataType;
}

export interface QueryKvmReturn {
  readonly enabled: boolean;
  readonly present: boolean;
}

export interface QueryMachinesReturnItem {
  readonly alias?: string;
  readonly 'cpu-max': number;
  readonly 'default-cpu-type'?: string;
  readonly 'default-ram-id'?: string;
  readonly deprecated: boolean;
  readonly 'hotpluggable-cpus': boolean;
  readonly 'is-default'?: boolean;
  readonly name: string;
  readonly 'numa-mem-supported': boolean;
}

export interface QueryMemdevReturnItem {
  readonly dump: boolean;
  readonly 'host-nodes': readonly number[];
  readonly id?: string;
  readonly merge: boolean;
  readonly policy: ObjectAddArgumentsMemoryBackendEpcPolicy;
  readonly prealloc: boolean;
  readonly reserve?: boolean;
  readonly share: boolean;
  readonly size: number;
}

export type QueryMemoryDevicesReturnItem = (
  | ({ readonly type: 'dimm' | 'nvdimm' } & QueryMemoryDevicesReturnItemDimm)
  | ({ readonly type: 'sgx-epc' } & QueryMemoryDevicesReturnItemSgxEpc)
  | ({ readonly type: 'virtio-mem' } & QueryMemoryDevicesReturnItemVirtioMem)
  | ({ readonly type: 'virtio-pmem' } & QueryMemoryDevicesReturnItemVirtioPmem)
);

export interface QueryMemoryDevicesReturnItemDimm {
  readonly data: QueryMemoryDevicesReturnItemDimmData;
}

export interface QueryMemoryDevicesReturnItemDimmData {
  readonly addr: number;
  readonly hotpluggable: boolean;
  readonly hotplugged: boolean;
  readonly id?: string;
  readonly memdev: string;
  readonly node: number;
  readonly size: number;
  readonly slot: number;
}

export interface QueryMemoryDevicesReturnItemSgxEpc {
  readonly data: QueryMemoryDevicesReturnItemSgxEpcData;
}

export interface QueryMemoryDevicesReturnItemSgxEpcData {
  readonly id?: string;
  readonly memaddr: number;
  readonly memdev: string;
  readonly node: number;
  readonly size: number;
}

export type QueryMemoryDevicesReturnItemType =
  | 'dimm'
  | 'nvdimm'
  | 'sgx-epc'
  | 'virtio-mem'
  | 'virtio-pmem';

export interface QueryMemoryDevicesReturnItemVirtioMem {
  readonly data: QueryMemoryDevicesReturnItemVirtioMemData;
}

export interface QueryMemoryDevicesReturnItemVirtioMemData {
  readonly 'block-size': number;
  readonly id?: string;
  readonly 'max-size': number;
  readonly memaddr: number;
  readonly memdev: string;
  readonly node: number;
  readonly 'requested-size': number;
  readonly size: number;
}

export interface QueryMemoryDevicesReturnItemVirtioPmem {
  readonly data: QueryMemoryDevicesReturnItemVirtioPmemData;
}

export interface QueryMemoryDevicesReturnItemVirtioPmemData {
  readonly id?: string;
  readonly memaddr: number;
  readonly memdev: string;
  readonly size: number;
}

export interface QueryMemorySizeSummaryReturn {
  readonly 'base-memory': number;
  readonly 'plugged-memory'?: number;
}

export interface QueryMiceReturnItem {
  readonly absolute: boolean;
  readonly current: boolean;
  readonly index: number;
  readonly name: string;
}

export interface QueryMigrateCapabilitiesReturnItem {
  readonly capability: QueryMigrateCapabilitiesReturnItemCapability;
  readonly state: boolean;
}

export type QueryMigrateCapabilitiesReturnItemCapability =
  | 'auto-converge'
  | 'background-snapshot'
  | 'block'
  | 'compress'
  | 'dirty-bitmaps'
  | 'events'
  | 'late-block-activate'
  | 'multifd'
  | 'pause-before-switchover'
  | 'postcopy-blocktime'
  | 'postcopy-preempt'
  | 'postcopy-ram'
  | 'rdma-pin-all'
  | 'release-ram'
  | 'return-path'
  | 'validate-uuid'
  | 'x-colo' /* unstable */
  | 'x-ignore-shared' /* unstable */
  | 'xbzrle'
  | 'zero-blocks'
  | 'zero-copy-send';

export interface QueryMigrateParametersReturn {
  readonly 'announce-initial'?: number;
  readonly 'announce-max'?: number;
  readonly 'announce-rounds'?: number;
  readonly 'announce-step'?: number;
  readonly 'block-bitmap-mapping'?: readonly MigrateSetParametersArgumentsBlockBitmapMappingItem[];
  readonly 'block-incremental'?: boolean;
  readonly 'compress-level'?: number;
  readonly 'compress-threads'?: number;
  readonly 'compress-wait-thread'?: boolean;
  readonly 'cpu-throttle-increment'?: number;
  readonly 'cpu-throttle-initial'?: number;
  readonly 'cpu-throttle-tailslow'?: boolean;
  readonly 'decompress-threads'?: number;
  readonly 'downtime-limit'?: number;
  readonly 'max-bandwidth'?: number;
  readonly 'max-cpu-throttle'?: number;
  readonly 'max-postcopy-bandwidth'?: number;
  readonly 'multifd-channels'?: number;
  readonly 'multifd-compression'?: MigrateSetParametersArgumentsMultifdCompression;
  readonly 'multifd-zlib-level'?: number;
  readonly 'multifd-zstd-level'?: number;
  readonly 'throttle-trigger-threshold'?: number;
  readonly 'tls-authz'?: string;
  readonly 'tls-creds'?: string;
  readonly 'tls-hostname'?: string;
  /** Unstable: QEMU may change or remove it. */
  readonly 'x-checkpoint-delay'?: number;
  readonly 'xbzrle-cache-size'?: number;
}

export interface QueryMigrateReturn {
  readonly 'blocked-reasons'?: readonly string[];
  readonly compression?: QueryMigrateReturnCompression;
  readonly 'cpu-throttle-percentage'?: number;
  readonly disk?: QueryMigrateReturnDisk;
  readonly downtime?: number;
  readonly 'error-desc'?: string;
  readonly 'expected-downtime'?: number;
  readonly 'postcopy-blocktime'?: number;
  readonly 'postcopy-vcpu-blocktime'?: readonly number[];
  readonly ram?: QueryMigrateReturnDisk;
  readonly 'setup-time'?: number;
  readonly 'socket-address'?: readonly NetdevStreamConnectedEventDataAddr[];
  readonly status?: MigrateContinueArgumentsState;
  readonly 'total-time'?: number;
  readonly vfio?: QueryMigrateReturnVfio;
  readonly 'xbzrle-cache'?: QueryMigrateReturnXbzrleCache;
}

export interface QueryMigrateReturnCompression {
  readonly busy: number;
  readonly 'busy-rate': number;
  readonly 'compressed-size': number;
  readonly 'compression-rate': number;
  readonly pages: number;
}

export interface QueryMigrateReturnDisk {
  readonly 'dirty-pages-rate': number;
  readonly 'dirty-sync-count': number;
  readonly 'dirty-sync-missed-zero-copy': number;
  readonly 'downtime-bytes': number;
  readonly duplicate: number;
  readonly mbps: number;
  readonly 'multifd-bytes': number;
  readonly normal: number;
  readonly 'normal-bytes': number;
  readonly 'page-size': number;
  readonly 'pages-per-second': number;
  readonly 'postcopy-bytes': number;
  readonly 'postcopy-requests': number;
  readonly 'precopy-bytes': number;
  readonly remaining: number;
  readonly skipped: number;
  readonly total: number;
  readonly transferred: number;
}

export interface QueryMigrateReturnVfio {
  readonly transferred: number;
}

export interface QueryMigrateReturnXbzrleCache {
  readonly bytes: number;
  readonly 'cache-miss': number;
  readonly 'cache-miss-rate': number;
  readonly 'cache-size': number;
  readonly 'encoding-rate': number;
  readonly overflow: number;
  readonly pages: number;
}

export interface QueryNameReturn {
  readonly name?: string;
}

export interface QueryNamedBlockNodesArguments {
  readonly flat?: boolean;
}

export interface QueryNamedBlockNodesReturnItem {
  readonly backing_file?: string;
  readonly backing_file_depth: number;
  readonly bps: number;
  readonly bps_max?: number;
  readonly bps_max_length?: number;
  readonly bps_rd: number;
  readonly bps_rd_max?: number;
  readonly bps_rd_max_length?: number;
  readonly bps_wr: number;
  readonly bps_wr_max?: number;
  readonly bps_wr_max_length?: number;
  readonly cache: QueryNamedBlockNodesReturnItemCache;
  readonly detect_zeroes: BlockdevAddArgumentsDetectZeroes;
  readonly 'dirty-bitmaps'?: readonly QueryNamedBlockNodesReturnItemDirtyBitmapsItem[];
  readonly drv: string;
  readonly encrypted: boolean;
  readonly file: string;
  readonly group?: string;
  readonly image: QueryNamedBlockNodesReturnItemImage;
  readonly iops: number;
  readonly iops_max?: number;
  readonly iops_max_length?: number;
  readonly iops_rd: number;
  readonly iops_rd_max?: number;
  readonly iops_rd_max_length?: number;
  readonly iops_size?: number;
  readonly iops_wr: number;
  readonly iops_wr_max?: number;
  readonly iops_wr_max_length?: number;
  readonly 'node-name'?: string;
  readonly ro: boolean;
  readonly write_threshold: number;
}

export interface QueryNamedBlockNodesReturnItemCache {
  readonly direct: boolean;
  readonly 'no-flush': boolean;
  readonly writeback: boolean;
}

export interface QueryNamedBlockNodesReturnItemDirtyBitmapsItem {
  readonly busy: boolean;
  readonly count: number;
  readonly granularity: number;
  readonly inconsistent?: boolean;
  readonly name?: string;
  readonly persistent: boolean;
  readonly recording: boolean;
}

export interface QueryNamedBlockNodesReturnItemImage {
  readonly 'actual-size'?: number;
  readonly 'backing-filename'?: string;
  readonly 'backing-filename-format'?: string;
  readonly 'backing-image'?: QueryNamedBlockNodesReturnItemImage;
  readonly 'cluster-size'?: number;
  readonly compressed?: boolean;
  readonly 'dirty-flag'?: boolean;
  readonly encrypted?: boolean;
  readonly filename: string;
  readonly format: string;
  readonly 'format-specific'?: QueryNamedBlockNodesReturnItemImageFormatSpecific;
  readonly 'full-backing-filename'?: string;
  readonly snapshots?: readonly BlockdevSnapshotDeleteInternalSyncReturn[];
  readonly 'virtual-size': number;
}

export type QueryNamedBlockNodesReturnItemImageFormatSpecific = (
  | ({ readonly type: 'luks' } & QueryNamedBlockNodesReturnItemImageFormatSpecificLuks)
  | ({ readonly type: 'qcow2' } & QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2)
  | ({ readonly type: 'rbd' } & QueryNamedBlockNodesReturnItemImageFormatSpecificRbd)
  | ({ readonly type: 'vmdk' } & QueryNamedBlockNodesReturnItemImageFormatSpecificVmdk)
);

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificLuks {
  readonly data: QueryNamedBlockNodesReturnItemImageFormatSpecificLuksData;
}

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificLuksData {
  readonly 'cipher-alg': BlockdevCreateArgumentsOptionsLuksCipherAlg;
  readonly 'cipher-mode': BlockdevCreateArgumentsOptionsLuksCipherMode;
  readonly 'hash-alg': BlockdevCreateArgumentsOptionsLuksHashAlg;
  readonly 'ivgen-alg': BlockdevCreateArgumentsOptionsLuksIvgenAlg;
  readonly 'ivgen-hash-alg'?: BlockdevCreateArgumentsOptionsLuksHashAlg;
  readonly 'master-key-iters': number;
  readonly 'payload-offset': number;
  readonly slots: readonly QueryNamedBlockNodesReturnItemImageFormatSpecificLuksDataSlotsItem[];
  readonly uuid: string;
}

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificLuksDataSlotsItem {
  readonly active: boolean;
  readonly iters?: number;
  readonly 'key-offset': number;
  readonly stripes?: number;
}

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2 {
  readonly data: QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2Data;
}

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2Data {
  readonly bitmaps?: readonly QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2DataBitmapsItem[];
  readonly compat: string;
  readonly 'compression-type': BlockdevCreateArgumentsOptionsQcow2CompressionType;
  readonly corrupt?: boolean;
  readonly 'data-file'?: string;
  readonly 'data-file-raw'?: boolean;
  readonly encrypt?: QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2DataEncrypt;
  readonly 'extended-l2'?: boolean;
  readonly 'lazy-refcounts'?: boolean;
  readonly 'refcount-bits': number;
}

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2DataBitmapsItem {
  readonly flags: readonly QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2DataBitmapsItemFlagsItem[];
  readonly granularity: number;
  readonly name: string;
}

export type QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2DataBitmapsItemFlagsItem =
  | 'auto'
  | 'in-use';

export type QueryNamedBlockNodesReturnItemImageFormatSpecificQcow2DataEncrypt = (
  | ({ readonly format: 'luks' } & QueryNamedBlockNodesReturnItemImageFormatSpecificLuksData)
  | { readonly format: 'aes' }
);

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificRbd {
  readonly data: QueryNamedBlockNodesReturnItemImageFormatSpecificRbdData;
}

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificRbdData {
  readonly 'encryption-format'?: BlockdevAddArgumentsRbdEncryptFormat;
}

export type QueryNamedBlockNodesReturnItemImageFormatSpecificType =
  | 'luks'
  | 'qcow2'
  | 'rbd'
  | 'vmdk';

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificVmdk {
  readonly data: QueryNamedBlockNodesReturnItemImageFormatSpecificVmdkData;
}

export interface QueryNamedBlockNodesReturnItemImageFormatSpecificVmdkData {
  readonly cid: number;
  readonly 'create-type': string;
  readonly extents: readonly QueryNamedBlockNodesReturnItemImage[];
  readonly 'parent-cid': number;
}

export interface QueryPciReturnItem {
  readonly bus: number;
  readonly devices: readonly QueryPciReturnItemDevicesItem[];
}

export interface QueryPciReturnItemDevicesItem {
  readonly bus: number;
  readonly class_info: QueryPciReturnItemDevicesItemClassInfo;
  readonly function: number;
  readonly id: QueryPciReturnItemDevicesItemId;
  readonly irq?: number;
  readonly irq_pin: number;
  readonly pci_bridge?: QueryPciReturnItemDevicesItemPciBridge;
  readonly qdev_id: string;
  readonly regions: readonly QueryPciReturnItemDevicesItemRegionsItem[];
  readonly slot: number;
}

export interface QueryPciReturnItemDevicesItemClassInfo {
  readonly class: number;
  readonly desc?: string;
}

export interface QueryPciReturnItemDevicesItemId {
  readonly device: number;
  readonly subsystem?: number;
  readonly 'subsystem-vendor'?: number;
  readonly vendor: number;
}

export interface QueryPciReturnItemDevicesItemPciBridge {
  readonly bus: QueryPciReturnItemDevicesItemPciBridgeBus;
  readonly devices?: readonly QueryPciReturnItemDevicesItem[];
}

export interface QueryPciReturnItemDevicesItemPciBridgeBus {
  readonly io_range: QueryPciReturnItemDevicesItemPciBridgeBusIoRange;
  readonly memory_range: QueryPciReturnItemDevicesItemPciBridgeBusIoRange;
  readonly number: number;
  readonly prefetchable_range: QueryPciReturnItemDevicesItemPciBridgeBusIoRange;
  readonly secondary: number;
  readonly subordinate: number;
}

export interface QueryPciReturnItemDevicesItemPciBridgeBusIoRange {
  readonly base: number;
  readonly limit: number;
}

export interface QueryPciReturnItemDevicesItemRegionsItem {
  readonly address: number;
  readonly bar: number;
  readonly mem_type_64?: boolean;
  readonly prefetch?: boolean;
  readonly size: number;
  readonly type: string;
}

export interface QueryPrManagersReturnItem {
  readonly connected: boolean;
  readonly id: string;
}

export type QueryQmpSchemaReturnItem = {
  readonly features?: readonly string[];
  readonly name: string;
} & (
  | ({ readonly 'meta-type': 'alternate' } & QueryQmpSchemaReturnItemAlternate)
  | ({ readonly 'meta-type': 'array' } & QueryQmpSchemaReturnItemArray)
  | ({ readonly 'meta-type': 'builtin' } & QueryQmpSchemaReturnItemBuiltin)
  | ({ readonly 'meta-type': 'command' } & QueryQmpSchemaReturnItemCommand)
  | ({ readonly 'meta-type': 'enum' } & QueryQmpSchemaReturnItemEnum)
  | ({ readonly 'meta-type': 'event' } & QueryQmpSchemaReturnItemEvent)
  | ({ readonly 'meta-type': 'object' } & QueryQmpSchemaReturnItemObject)
);

export interface QueryQmpSchemaReturnItemAlternate {
  readonly members: readonly QueryQmpSchemaReturnItemAlternateMembersItem[];
}

export interface QueryQmpSchemaReturnItemAlternateMembersItem {
  readonly type: string;
}

export interface QueryQmpSchemaReturnItemArray {
  readonly 'element-type': string;
}

export interface QueryQmpSchemaReturnItemBuiltin {
  readonly 'json-type': QueryQmpSchemaReturnItemBuiltinJsonType;
}

export type QueryQmpSchemaReturnItemBuiltinJsonType =
  | 'array'
  | 'boolean'
  | 'int'
  | 'null'
  | 'number'
  | 'object'
  | 'string'
  | 'value';

export interface QueryQmpSchemaReturnItemCommand {
  readonly 'allow-oob'?: boolean;
  readonly 'arg-type': string;
  readonly 'ret-type': string;
}

export interface QueryQmpSchemaReturnItemEnum {
  readonly members: readonly QueryQmpSchemaReturnItemEnumMembersItem[];
  /** @deprecated by QEMU. */
  readonly values: readonly string[];
}

export interface QueryQmpSchemaReturnItemEnumMembersItem {
  readonly features?: readonly string[];
  readonly name: string;
}

export interface QueryQmpSchemaReturnItemEvent {
  readonly 'arg-type': string;
}

export type QueryQmpSchemaReturnItemMetaType =
  | 'alternate'
  | 'array'
  | 'builtin'
  | 'command'
  | 'enum'
  | 'event'
  | 'object';

export interface QueryQmpSchemaReturnItemObject {
  readonly members: readonly QueryQmpSchemaReturnItemObjectMembersItem[];
  readonly tag?: string;
  readonly variants?: readonly QueryQmpSchemaReturnItemObjectVariantsItem[];
}

export interface QueryQmpSchemaReturnItemObjectMembersItem {
  readonly default?: JsonValue;
  readonly features?: readonly string[];
  readonly name: string;
  readonly type: string;
}

export interface QueryQmpSchemaReturnItemObjectVariantsItem {
  readonly case: string;
  readonly type: string;
}

export interface QueryReplayReturn {
  readonly filename?: string;
  readonly icount: number;
  readonly mode: QueryReplayReturnMode;
}

export type QueryReplayReturnMode =
  | 'none'
  | 'play'
  | 'record';

export interface QueryRockerArguments {
  readonly name: string;
}

export interface QueryRockerOfDpaFlowsArguments {
  readonly name: string;
  readonly 'tbl-id'?: number;
}

export interface QueryRockerOfDpaFlowsReturnItem {
  readonly action: QueryRockerOfDpaFlowsReturnItemAction;
  readonly cookie: number;
  readonly hits: number;
  readonly key: QueryRockerOfDpaFlowsReturnItemKey;
  readonly mask: QueryRockerOfDpaFlowsReturnItemMask;
}

export interface QueryRockerOfDpaFlowsReturnItemAction {
  readonly 'goto-tbl'?: number;
  readonly 'group-id'?: number;
  readonly 'new-vlan-id'?: number;
  readonly 'out-pport'?: number;
  readonly 'tunnel-lport'?: number;
  readonly 'vlan-id'?: number;
}

export interface QueryRockerOfDpaFlowsReturnItemKey {
  readonly 'eth-dst'?: string;
  readonly 'eth-src'?: string;
  readonly 'eth-type'?: number;
  readonly 'in-pport'?: number;
  readonly 'ip-dst'?: string;
  readonly 'ip-proto'?: number;
  readonly 'ip-tos'?: number;
  readonly priority: number;
  readonly 'tbl-id': number;
  readonly 'tunnel-id'?: number;
  readonly 'vlan-id'?: number;
}

export interface QueryRockerOfDpaFlowsReturnItemMask {
  readonly 'eth-dst'?: string;
  readonly 'eth-src'?: string;
  readonly 'in-pport'?: number;
  readonly 'ip-proto'?: number;
  readonly 'ip-tos'?: number;
  readonly 'tunnel-id'?: number;
  readonly 'vlan-id'?: number;
}

export interface QueryRockerOfDpaGroupsArguments {
  readonly name: string;
  readonly type?: number;
}

export interface QueryRockerOfDpaGroupsReturnItem {
  readonly 'group-id'?: number;
  readonly 'group-ids'?: readonly number[];
  readonly id: number;
  readonly index?: number;
  readonly 'out-pport'?: number;
  readonly 'pop-vlan'?: number;
  readonly pport?: number;
  readonly 'set-eth-dst'?: string;
  readonly 'set-eth-src'?: string;
  readonly 'set-vlan-id'?: number;
  readonly 'ttl-check'?: number;
  readonly type: number;
  readonly 'vlan-id'?: number;
}

export interface QueryRockerPortsArguments {
  readonly name: string;
}

export interface QueryRockerPortsReturnItem {
  readonly autoneg: QueryRockerPortsReturnItemAutoneg;
  readonly duplex: QueryRockerPortsReturnItemDuplex;
  readonly enabled: boolean;
  readonly 'link-up': boolean;
  readonly name: string;
  readonly speed: number;
}

export type QueryRockerPortsReturnItemAutoneg =
  | 'off'
  | 'on';

export type QueryRockerPortsReturnItemDuplex =
  | 'full'
  | 'half';

export interface QueryRockerReturn {
  readonly id: number;
  readonly name: string;
  readonly ports: number;
}

export interface QueryRxFilterArguments {
  readonly name?: string;
}

export interface QueryRxFilterReturnItem {
  readonly 'broadcast-allowed': boolean;
  readonly 'main-mac': string;
  readonly multicast: QueryRxFilterReturnItemMulticast;
  readonly 'multicast-overflow': boolean;
  readonly 'multicast-table': readonly string[];
  readonly name: string;
  readonly promiscuous: boolean;
  readonly unicast: QueryRxFilterReturnItemMulticast;
  readonly 'unicast-overflow': boolean;
  readonly 'unicast-table': readonly string[];
  readonly vlan: QueryRxFilterReturnItemMulticast;
  readonly 'vlan-table': readonly number[];
}

export type QueryRxFilterReturnItemMulticast =
  | 'all'
  | 'none'
  | 'normal';

export interface QuerySevAttestationReportArguments {
  readonly mnonce: string;
}

export interface QuerySevAttestationReportReturn {
  readonly data: string;
}

export interface QuerySevCapabilitiesReturn {
  readonly cbitpos: number;
  readonly 'cert-chain': string;
  readonly 'cpu0-id': string;
  readonly pdh: string;
  readonly 'reduced-phys-bits': number;
}

export interface QuerySevLaunchMeasureReturn {
  readonly data: string;
}

export interface QuerySevReturn {
  readonly 'api-major': number;
  readonly 'api-minor': number;
  readonly 'build-id': number;
  readonly enabled: boolean;
  readonly handle: number;
  readonly policy: number;
  readonly state: QuerySevReturnState;
}

export type QuerySevReturnState =
  | 'launch-secret'
  | 'launch-update'
  | 'receive-update'
  | 'running'
  | 'send-update'
  | 'uninit';

export interface QuerySgxReturn {
  readonly flc: boolean;
  /** @deprecated by QEMU. */
  readonly 'section-size': number;
  readonly sections: readonly QuerySgxReturnSectionsItem[];
  readonly sgx: boolean;
  readonly sgx1: boolean;
  readonly sgx2: boolean;
}

export interface QuerySgxReturnSectionsItem {
  readonly node: number;
  readonly size: number;
}

export interface QuerySpiceReturn {
  readonly auth?: string;
  readonly channels?: readonly SpiceInitializedEventDataClient[];
  readonly 'compiled-version'?: string;
  readonly enabled: boolean;
  readonly host?: string;
  readonly migrated: boolean;
  readonly 'mouse-mode': QuerySpiceReturnMouseMode;
  readonly port?: number;
  readonly 'tls-port'?: number;
}

export type QuerySpiceReturnMouseMode =
  | 'client'
  | 'server'
  | 'unknown';

export type QueryStatsArguments = {
  readonly providers?: readonly QueryStatsArgumentsProvidersItem[];
} & (
  | ({ readonly target: 'vcpu' } & QueryStatsArgumentsVcpu)
  | { readonly target: 'vm' }
);

export interface QueryStatsArgumentsProvidersItem {
  readonly names?: readonly string[];
  readonly provider: QueryStatsSchemasArgumentsProvider;
}

export type QueryStatsArgumentsTarget =
  | 'vcpu'
  | 'vm';

export interface QueryStatsArgumentsVcpu {
  readonly vcpus?: readonly string[];
}

export interface QueryStatsReturnItem {
  readonly provider: QueryStatsSchemasArgumentsProvider;
  readonly 'qom-path'?: string;
  readonly stats: readonly QueryStatsReturnItemStatsItem[];
}

export interface QueryStatsReturnItemStatsItem {
  readonly name: string;
  readonly value: QueryStatsReturnItemStatsItemValue;
}

export type QueryStatsReturnItemStatsItemValue =
  | boolean
  | number
  | readonly number[];

export interface QueryStatsSchemasArguments {
  readonly provider?: QueryStatsSchemasArgumentsProvider;
}

export type QueryStatsSchemasArgumentsProvider =
  | 'kvm';

export interface QueryStatsSchemasReturnItem {
  readonly provider: QueryStatsSchemasArgumentsProvider;
  readonly stats: readonly QueryStatsSchemasReturnItemStatsItem[];
  readonly target: QueryStatsArgumentsTarget;
}

export interface QueryStatsSchemasReturnItemStatsItem {
  readonly base?: number;
  readonly 'bucket-size'?: number;
  readonly exponent: number;
  readonly name: string;
  readonly type: QueryStatsSchemasReturnItemStatsItemType;
  readonly unit?: QueryStatsSchemasReturnItemStatsItemUnit;
}

export type QueryStatsSchemasReturnItemStatsItemType =
  | 'cumulative'
  | 'instant'
  | 'linear-histogram'
  | 'log2-histogram'
  | 'peak';

export type QueryStatsSchemasReturnItemStatsItemUnit =
  | 'boolean'
  | 'bytes'
  | 'cycles'
  | 'seconds';

export interface QueryStatusReturn {
  readonly running: boolean;
  readonly singlestep: boolean;
  readonly status: QueryStatusReturnStatus;
}

export type QueryStatusReturnStatus =
  | 'colo'
  | 'debug'
  | 'finish-migrate'
  | 'guest-panicked'
  | 'inmigrate'
  | 'internal-error'
  | 'io-error'
  | 'paused'
  | 'postmigrate'
  | 'prelaunch'
  | 'restore-vm'
  | 'running'
  | 'save-vm'
  | 'shutdown'
  | 'suspended'
  | 'watchdog';

export interface QueryTargetReturn {
  readonly arch: QueryTargetReturnArch;
}

export type QueryTargetReturnArch =
  | 'aarch64'
  | 'alpha'
  | 'arm'
  | 'avr'
  | 'cris'
  | 'hppa'
  | 'i386'
  | 'loongarch64'
  | 'm68k'
  | 'microblaze'
  | 'microblazeel'
  | 'mips'
  | 'mips64'
  | 'mips64el'
  | 'mipsel'
  | 'nios2'
  | 'or1k'
  | 'ppc'
  | 'ppc64'
  | 'riscv32'
  | 'riscv64'
  | 'rx'
  | 's390x'
  | 'sh4'
  | 'sh4eb'
  | 'sparc'
  | 'sparc64'
  | 'tricore'
  | 'x86_64'
  | 'xtensa'
  | 'xtensaeb';

export type QueryTpmModelsReturnItem =
  | 'tpm-crb'
  | 'tpm-spapr'
  | 'tpm-tis';

export interface QueryTpmReturnItem {
  readonly id: string;
  readonly model: QueryTpmModelsReturnItem;
  readonly options: QueryTpmReturnItemOptions;
}

export type QueryTpmReturnItemOptions = (
  | ({ readonly type: 'emulator' } & QueryTpmReturnItemOptionsEmulator)
  | ({ readonly type: 'passthrough' } & QueryTpmReturnItemOptionsPassthrough)
);

export interface QueryTpmReturnItemOptionsEmulator {
  readonly data: QueryTpmReturnItemOptionsEmulatorData;
}

export interface QueryTpmReturnItemOptionsEmulatorData {
  readonly chardev: string;
}

export interface QueryTpmReturnItemOptionsPassthrough {
  readonly data: QueryTpmReturnItemOptionsPassthroughData;
}

export interface QueryTpmReturnItemOptionsPassthroughData {
  readonly 'cancel-path'?: string;
  readonly path?: string;
}

export type QueryTpmTypesReturnItem =
  | 'emulator'
  | 'passthrough';

export interface QueryUuidReturn {
  readonly UUID: string;
}

export interface QueryVcpuDirtyLimitReturnItem {
  readonly 'cpu-index': number;
  readonly 'current-rate': number;
  readonly 'limit-rate': number;
}

export interface QueryVersionReturn {
  readonly package: string;
  readonly qemu: QueryVersionReturnQemu;
}

export interface QueryVersionReturnQemu {
  readonly major: number;
  readonly micro: number;
  readonly minor: number;
}

export interface QueryVmGenerationIdReturn {
  readonly guid: string;
}

export interface QueryVncReturn {
  readonly auth?: string;
  readonly clients?: readonly VncDisconnectedEventDataClient[];
  readonly enabled: boolean;
  readonly family?: QueryVncReturnFamily;
  readonly host?: string;
  readonly service?: string;
}

export type QueryVncReturnFamily =
  | 'ipv4'
  | 'ipv6'
  | 'unix'
  | 'unknown'
  | 'vsock';

export interface QueryVncServersReturnItem {
  readonly auth: QueryVncServersReturnItemAuth;
  readonly clients: readonly VncDisconnectedEventDataClient[];
  readonly display?: string;
  readonly id: string;
  readonly server: readonly QueryVncServersReturnItemServerItem[];
  readonly vencrypt?: QueryVncServersReturnItemVencrypt;
}

export type QueryVncServersReturnItemAuth =
  | 'none'
  | 'ra2'
  | 'ra2ne'
  | 'sasl'
  | 'tight'
  | 'tls'
  | 'ultra'
  | 'vencrypt'
  | 'vnc';

export interface QueryVncServersReturnItemServerItem {
  readonly auth: QueryVncServersReturnItemAuth;
  readonly family: QueryVncReturnFamily;
  readonly host: string;
  readonly service: string;
  readonly vencrypt?: QueryVncServersReturnItemVencrypt;
  readonly websocket: boolean;
}

export type QueryVncServersReturnItemVencrypt =
  | 'plain'
  | 'tls-none'
  | 'tls-plain'
  | 'tls-sasl'
  | 'tls-vnc'
  | 'x509-none'
  | 'x509-plain'
  | 'x509-sasl'
  | 'x509-vnc';

export interface QueryXenReplicationStatusReturn {
  readonly desc?: string;
  readonly error: boolean;
}

export type QueryYankReturnItem = (
  | ({ readonly type: 'block-node' } & QueryYankReturnItemBlockNode)
  | ({ readonly type: 'chardev' } & QueryYankReturnItemChardev)
  | { readonly type: 'migration' }
);

export interface QueryYankReturnItemBlockNode {
  readonly 'node-name': string;
}

export interface QueryYankReturnItemChardev {
  readonly id: string;
}

export type QueryYankReturnItemType =
  | 'block-node'
  | 'chardev'
  | 'migration';

export interface QuorumFailureEventData {
  readonly reference: string;
  readonly 'sector-num': number;
  readonly 'sectors-count': number;
}

export interface QuorumReportBadEventData {
  readonly error?: string;
  readonly 'node-name': string;
  readonly 'sector-num': number;
  readonly 'sectors-count': number;
  readonly type: QuorumReportBadEventDataType;
}

export type QuorumReportBadEventDataType =
  | 'flush'
  | 'read'
  | 'write';

export interface RdmaGidStatusChangedEventData {
  readonly 'gid-status': boolean;
  readonly 'interface-id': number;
  readonly netdev: string;
  readonly 'subnet-prefix': number;
}

export interface RemoveFdArguments {
  readonly fd?: number;
  readonly 'fdset-id': number;
}

export interface ReplayBreakArguments {
  readonly icount: number;
}

export interface ReplaySeekArguments {
  readonly icount: number;
}

export interface ResetEventData {
  readonly guest: boolean;
  readonly reason: ResetEventDataReason;
}

export type ResetEventDataReason =
  | 'guest-panic'
  | 'guest-reset'
  | 'guest-shutdown'
  | 'host-error'
  | 'host-qmp-quit'
  | 'host-qmp-system-reset'
  | 'host-signal'
  | 'host-ui'
  | 'none'
  | 'snapshot-load'
  | 'subsystem-reset';

export interface RingbufReadArguments {
  readonly device: string;
  readonly format?: RingbufReadArgumentsFormat;
  readonly size: number;
}

export type RingbufReadArgumentsFormat =
  | 'base64'
  | 'utf8';

export interface RingbufWriteArguments {
  readonly data: string;
  readonly device: string;
  readonly format?: RingbufReadArgumentsFormat;
}

export interface RtcChangeEventData {
  readonly offset: number;
  readonly 'qom-path': string;
}

export interface ScreendumpArguments {
  readonly device?: string;
  readonly filename: string;
  readonly format?: ScreendumpArgumentsFormat;
  readonly head?: number;
}

export type ScreendumpArgumentsFormat =
  | 'png'
  | 'ppm';

export interface SendKeyArguments {
  readonly 'hold-time'?: number;
  readonly keys: readonly SendKeyArgumentsKeysItem[];
}

export type SendKeyArgumentsKeysItem = (
  | ({ readonly type: 'number' } & SendKeyArgumentsKeysItemNumber)
  | ({ readonly type: 'qcode' } & SendKeyArgumentsKeysItemQcode)
);

export interface SendKeyArgumentsKeysItemNumber {
  readonly data: number;
}

export interface SendKeyArgumentsKeysItemQcode {
  readonly data: SendKeyArgumentsKeysItemQcodeData;
}

export type SendKeyArgumentsKeysItemQcodeData =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | 'a'
  | 'ac_back'
  | 'ac_bookmarks'
  | 'ac_forward'
  | 'ac_home'
  | 'ac_refresh'
  | 'again'
  | 'alt'
  | 'alt_r'
  | 'apostrophe'
  | 'asterisk'
  | 'audiomute'
  | 'audionext'
  | 'audioplay'
  | 'audioprev'
  | 'audiostop'
  | 'b'
  | 'backslash'
  | 'backspace'
  | 'bracket_left'
  | 'bracket_right'
  | 'c'
  | 'calculator'
  | 'caps_lock'
  | 'comma'
  | 'compose'
  | 'computer'
  | 'copy'
  | 'ctrl'
  | 'ctrl_r'
  | 'cut'
  | 'd'
  | 'delete'
  | 'dot'
  | 'down'
  | 'e'
  | 'end'
  | 'equal'
  | 'esc'
  | 'f'
  | 'f1'
  | 'f10'
  | 'f11'
  | 'f12'
  | 'f2'
  | 'f3'
  | 'f4'
  | 'f5'
  | 'f6'
  | 'f7'
  | 'f8'
  | 'f9'
  | 'find'
  | 'front'
  | 'g'
  | 'grave_accent'
  | 'h'
  | 'help'
  | 'henkan'
  | 'hiragana'
  | 'home'
  | 'i'
  | 'insert'
  | 'j'
  | 'k'
  | 'katakanahiragana'
  | 'kp_0'
  | 'kp_1'
  | 'kp_2'
  | 'kp_3'
  | 'kp_4'
  | 'kp_5'
  | 'kp_6'
  | 'kp_7'
  | 'kp_8'
  | 'kp_9'
  | 'kp_add'
  | 'kp_comma'
  | 'kp_decimal'
  | 'kp_divide'
  | 'kp_enter'
  | 'kp_equals'
  | 'kp_multiply'
  | 'kp_subtract'
  | 'l'
  | 'lang1'
  | 'lang2'
  | 'left'
  | 'less'
  | 'lf'
  | 'm'
  | 'mail'
  | 'mediaselect'
  | 'menu'
  | 'meta_l'
  | 'meta_r'
  | 'minus'
  | 'muhenkan'
  | 'n'
  | 'num_lock'
  | 'o'
  | 'open'
  | 'p'
  | 'paste'
  | 'pause'
  | 'pgdn'
  | 'pgup'
  | 'power'
  | 'print'
  | 'props'
  | 'q'
  | 'r'
  | 'ret'
  | 'right'
  | 'ro'
  | 's'
  | 'scroll_lock'
  | 'semicolon'
  | 'shift'
  | 'shift_r'
  | 'slash'
  | 'sleep'
  | 'spc'
  | 'stop'
  | 'sysrq'
  | 't'
  | 'tab'
  | 'u'
  | 'undo'
  | 'unmapped'
  | 'up'
  | 'v'
  | 'volumedown'
  | 'volumeup'
  | 'w'
  | 'wake'
  | 'x'
  | 'y'
  | 'yen'
  | 'z';

export type SendKeyArgumentsKeysItemType =
  | 'number'
  | 'qcode';

export interface SetActionArguments {
  readonly panic?: SetActionArgumentsPanic;
  readonly reboot?: SetActionArgumentsReboot;
  readonly shutdown?: SetActionArgumentsShutdown;
  readonly watchdog?: SetActionArgumentsWatchdog;
}

export type SetActionArgumentsPanic =
  | 'exit-failure'
  | 'none'
  | 'pause'
  | 'shutdown';

export type SetActionArgumentsReboot =
  | 'reset'
  | 'shutdown';

export type SetActionArgumentsShutdown =
  | 'pause'
  | 'poweroff';

export type SetActionArgumentsWatchdog =
  | 'debug'
  | 'inject-nmi'
  | 'none'
  | 'pause'
  | 'poweroff'
  | 'reset'
  | 'shutdown';

export interface SetLinkArguments {
  readonly name: string;
  readonly up: boolean;
}

export type SetNumaNodeArguments = (
  | ({ readonly type: 'cpu' } & SetNumaNodeArgumentsCpu)
  | ({ readonly type: 'dist' } & SetNumaNodeArgumentsDist)
  | ({ readonly type: 'hmat-cache' } & SetNumaNodeArgumentsHmatCache)
  | ({ readonly type: 'hmat-lb' } & SetNumaNodeArgumentsHmatLb)
  | ({ readonly type: 'node' } & SetNumaNodeArgumentsNode)
);

export interface SetNumaNodeArgumentsCpu {
  readonly 'cluster-id'?: number;
  readonly 'core-id'?: number;
  readonly 'die-id'?: number;
  readonly 'node-id'?: number;
  readonly 'socket-id'?: number;
  readonly 'thread-id'?: number;
}

export interface SetNumaNodeArgumentsDist {
  readonly dst: number;
  readonly src: number;
  readonly val: number;
}

export interface SetNumaNodeArgumentsHmatCache {
  readonly associativity: SetNumaNodeArgumentsHmatCacheAssociativity;
  readonly level: number;
  readonly line: number;
  readonly 'node-id': number;
  readonly policy: SetNumaNodeArgumentsHmatCachePolicy;
  readonly size: number;
}

export type SetNumaNodeArgumentsHmatCacheAssociativity =
  | 'complex'
  | 'direct'
  | 'none';

export type SetNumaNodeArgumentsHmatCachePolicy =
  | 'none'
  | 'write-back'
  | 'write-through';

export interface SetNumaNodeArgumentsHmatLb {
  readonly bandwidth?: number;
  readonly 'data-type': SetNumaNodeArgumentsHmatLbDataType;
  readonly hierarchy: SetNumaNodeArgumentsHmatLbHierarchy;
  readonly initiator: number;
  readonly latency?: number;
  readonly target: number;
}

export type SetNumaNodeArgumentsHmatLbDataType =
  | 'access-bandwidth'
  | 'access-latency'
  | 'read-bandwidth'
  | 'read-latency'
  | 'write-bandwidth'
  | 'write-latency';

export type SetNumaNodeArgumentsHmatLbHierarchy =
  | 'first-level'
  | 'memory'
  | 'second-level'
  | 'third-level';

export interface SetNumaNodeArgumentsNode {
  readonly cpus?: readonly number[];
  readonly initiator?: number;
  readonly mem?: number;
  readonly memdev?: string;
  readonly nodeid?: number;
}

export type SetNumaNodeArgumentsType =
  | 'cpu'
  | 'dist'
  | 'hmat-cache'
  | 'hmat-lb'
  | 'node';

export type SetPasswordArguments = {
  readonly connected?: SetPasswordArgumentsConnected;
  readonly password: string;
} & (
  | ({ readonly protocol: 'vnc' } & SetPasswordArgumentsVnc)
  | { readonly protocol: 'spice' }
);

export type SetPasswordArgumentsConnected =
  | 'disconnect'
  | 'fail'
  | 'keep';

export interface SetPasswordArgumentsVnc {
  readonly display?: string;
}

export interface SetVcpuDirtyLimitArguments {
  readonly 'cpu-index'?: number;
  readonly 'dirty-rate': number;
}

export interface SevInjectLaunchSecretArguments {
  readonly gpa?: number;
  readonly 'packet-header': string;
  readonly secret: string;
}

export interface ShutdownEventData {
  readonly guest: boolean;
  readonly reason: ResetEventDataReason;
}

export interface SnapshotDeleteArguments {
  readonly devices: readonly string[];
  readonly 'job-id': string;
  readonly tag: string;
}

export interface SnapshotLoadArguments {
  readonly devices: readonly string[];
  readonly 'job-id': string;
  readonly tag: string;
  readonly vmstate: string;
}

export interface SnapshotSaveArguments {
  readonly devices: readonly string[];
  readonly 'job-id': string;
  readonly tag: string;
  readonly vmstate: string;
}

export interface SpiceConnectedEventData {
  readonly client: SpiceConnectedEventDataClient;
  readonly server: SpiceConnectedEventDataClient;
}

export interface SpiceConnectedEventDataClient {
  readonly family: QueryVncReturnFamily;
  readonly host: string;
  readonly port: string;
}

export interface SpiceDisconnectedEventData {
  readonly client: SpiceConnectedEventDataClient;
  readonly server: SpiceConnectedEventDataClient;
}

export interface SpiceInitializedEventData {
  readonly client: SpiceInitializedEventDataClient;
  readonly server: SpiceInitializedEventDataServer;
}

export interface SpiceInitializedEventDataClient {
  readonly 'channel-id': number;
  readonly 'channel-type': number;
  readonly 'connection-id': number;
  readonly family: QueryVncReturnFamily;
  readonly host: string;
  readonly port: string;
  readonly tls: boolean;
}

export interface SpiceInitializedEventDataServer {
  readonly auth?: string;
  readonly family: QueryVncReturnFamily;
  readonly host: string;
  readonly port: string;
}

export interface TraceEventGetStateArguments {
  readonly name: string;
  readonly vcpu?: number;
}

export interface TraceEventGetStateReturnItem {
  readonly name: string;
  readonly state: TraceEventGetStateReturnItemState;
  readonly vcpu: boolean;
}

export type TraceEventGetStateReturnItemState =
  | 'disabled'
  | 'enabled'
  | 'unavailable';

export interface TraceEventSetStateArguments {
  readonly enable: boolean;
  readonly 'ignore-unavailable'?: boolean;
  readonly name: string;
  readonly vcpu?: number;
}

export interface TransactionArguments {
  readonly actions: readonly TransactionArgumentsActionsItem[];
  readonly properties?: TransactionArgumentsProperties;
}

export type TransactionArgumentsActionsItem = (
  | ({ readonly type: 'abort' } & TransactionArgumentsActionsItemAbort)
  | ({ readonly type: 'block-dirty-bitmap-add' } & TransactionArgumentsActionsItemBlockDirtyBitmapAdd)
  | ({ readonly type: 'block-dirty-bitmap-clear' | 'block-dirty-bitmap-disable' | 'block-dirty-bitmap-enable' | 'block-dirty-bitmap-remove' } & TransactionArgumentsActionsItemBlockDirtyBitmapClear)
  | ({ readonly type: 'block-dirty-bitmap-merge' } & TransactionArgumentsActionsItemBlockDirtyBitmapMerge)
  | ({ readonly type: 'blockdev-backup' } & TransactionArgumentsActionsItemBlockdevBackup)
  | ({ readonly type: 'blockdev-snapshot' } & TransactionArgumentsActionsItemBlockdevSnapshot)
  | ({ readonly type: 'blockdev-snapshot-internal-sync' } & TransactionArgumentsActionsItemBlockdevSnapshotInternalSync)
  | ({ readonly type: 'blockdev-snapshot-sync' } & TransactionArgumentsActionsItemBlockdevSnapshotSync)
  | ({ readonly type: 'drive-backup' } & TransactionArgumentsActionsItemDriveBackup)
);

export interface TransactionArgumentsActionsItemAbort {
  readonly data: Nothing;
}

export interface TransactionArgumentsActionsItemBlockDirtyBitmapAdd {
  readonly data: BlockDirtyBitmapAddArguments;
}

export interface TransactionArgumentsActionsItemBlockDirtyBitmapClear {
  readonly data: BlockDirtyBitmapClearArguments;
}

export interface TransactionArgumentsActionsItemBlockDirtyBitmapMerge {
  readonly data: BlockDirtyBitmapMergeArguments;
}

export interface TransactionArgumentsActionsItemBlockdevBackup {
  readonly data: BlockdevBackupArguments;
}

export interface TransactionArgumentsActionsItemBlockdevSnapshot {
  readonly data: BlockdevSnapshotArguments;
}

export interface TransactionArgumentsActionsItemBlockdevSnapshotInternalSync {
  readonly data: BlockdevSnapshotInternalSyncArguments;
}

export interface TransactionArgumentsActionsItemBlockdevSnapshotSync {
  readonly data: BlockdevSnapshotSyncArguments;
}

export interface TransactionArgumentsActionsItemDriveBackup {
  readonly data: DriveBackupArguments;
}

export type TransactionArgumentsActionsItemType =
  | 'abort'
  | 'block-dirty-bitmap-add'
  | 'block-dirty-bitmap-clear'
  | 'block-dirty-bitmap-disable'
  | 'block-dirty-bitmap-enable'
  | 'block-dirty-bitmap-merge'
  | 'block-dirty-bitmap-remove'
  | 'blockdev-backup'
  | 'blockdev-snapshot'
  | 'blockdev-snapshot-internal-sync'
  | 'blockdev-snapshot-sync'
  | 'drive-backup' /* deprecated */;

export interface TransactionArgumentsProperties {
  readonly 'completion-mode'?: TransactionArgumentsPropertiesCompletionMode;
}

export type TransactionArgumentsPropertiesCompletionMode =
  | 'grouped'
  | 'individual';

export interface UnplugPrimaryEventData {
  readonly 'device-id': string;
}

export interface VfuClientHangupEventData {
  readonly 'dev-id': string;
  readonly 'dev-qom-path': string;
  readonly 'vfu-id': string;
  readonly 'vfu-qom-path': string;
}

export interface VncConnectedEventData {
  readonly client: VncConnectedEventDataClient;
  readonly server: VncConnectedEventDataServer;
}

export interface VncConnectedEventDataClient {
  readonly family: QueryVncReturnFamily;
  readonly host: string;
  readonly service: string;
  readonly websocket: boolean;
}

export interface VncConnectedEventDataServer {
  readonly auth?: string;
  readonly family: QueryVncReturnFamily;
  readonly host: string;
  readonly service: string;
  readonly websocket: boolean;
}

export interface VncDisconnectedEventData {
  readonly client: VncDisconnectedEventDataClient;
  readonly server: VncConnectedEventDataServer;
}

export interface VncDisconnectedEventDataClient {
  readonly family: QueryVncReturnFamily;
  readonly host: string;
  readonly sasl_username?: string;
  readonly service: string;
  readonly websocket: boolean;
  readonly x509_dname?: string;
}

export interface VncInitializedEventData {
  readonly client: VncDisconnectedEventDataClient;
  readonly server: VncConnectedEventDataServer;
}

export interface VserportChangeEventData {
  readonly id: string;
  readonly open: boolean;
}

export interface WatchdogEventData {
  readonly action: SetActionArgumentsWatchdog;
}

export interface WatchdogSetActionArguments {
  readonly action: SetActionArgumentsWatchdog;
}

export interface XBlockdevAmendArguments {
  readonly force?: boolean;
  readonly 'job-id': string;
  readonly 'node-name': string;
  readonly options: XBlockdevAmendArgumentsOptions;
}

export type XBlockdevAmendArgumentsOptions = (
  | ({ readonly driver: 'luks' } & XBlockdevAmendArgumentsOptionsLuks)
  | ({ readonly driver: 'qcow2' } & XBlockdevAmendArgumentsOptionsQcow2)
  | { readonly driver: 'blkdebug' | 'blklogwrites' | 'blkreplay' | 'blkverify' | 'bochs' | 'cloop' | 'compress' | 'copy-before-write' | 'copy-on-read' | 'dmg' | 'file' | 'ftp' | 'ftps' | 'gluster' | 'host_cdrom' | 'host_device' | 'http' | 'https' | 'iscsi' | 'nbd' | 'nfs' | 'null-aio' | 'null-co' | 'nvme' | 'parallels' | 'preallocate' | 'qcow' | 'qed' | 'quorum' | 'raw' | 'rbd' | 'replication' | 'snapshot-access' | 'ssh' | 'throttle' | 'vdi' | 'vhdx' | 'vmdk' | 'vpc' | 'vvfat' }
);

export interface XBlockdevAmendArgumentsOptionsLuks {
  readonly 'iter-time'?: number;
  readonly keyslot?: number;
  readonly 'new-secret'?: string;
  readonly 'old-secret'?: string;
  readonly secret?: string;
  readonly state: XBlockdevAmendArgumentsOptionsLuksState;
}

export type XBlockdevAmendArgumentsOptionsLuksState =
  | 'active'
  | 'inactive';

export interface XBlockdevAmendArgumentsOptionsQcow2 {
  readonly encrypt?: XBlockdevAmendArgumentsOptionsQcow2Encrypt;
}

export type XBlockdevAmendArgumentsOptionsQcow2Encrypt = (
  | ({ readonly format: 'luks' } & XBlockdevAmendArgumentsOptionsQcow2EncryptLuks)
  | { readonly format: 'qcow' }
);

export interface XBlockdevAmendArgumentsOptionsQcow2EncryptLuks {
  readonly 'iter-time'?: number;
  readonly keyslot?: number;
  readonly 'new-secret'?: string;
  readonly 'old-secret'?: string;
  readonly secret?: string;
  readonly state: XBlockdevAmendArgumentsOptionsLuksState;
}

export interface XBlockdevChangeArguments {
  readonly child?: string;
  readonly node?: string;
  readonly parent: string;
}

export interface XBlockdevSetIothreadArguments {
  readonly force?: boolean;
  readonly iothread: MigrateSetParametersArgumentsTlsAuthz;
  readonly 'node-name': string;
}

export interface XDebugBlockDirtyBitmapSha256Return {
  readonly sha256: string;
}

export interface XDebugQueryBlockGraphReturn {
  readonly edges: readonly XDebugQueryBlockGraphReturnEdgesItem[];
  readonly nodes: readonly XDebugQueryBlockGraphReturnNodesItem[];
}

export interface XDebugQueryBlockGraphReturnEdgesItem {
  readonly child: number;
  readonly name: string;
  readonly parent: number;
  readonly perm: readonly BlockdevAddArgumentsBlkdebugTakeChildPermsItem[];
  readonly 'shared-perm': readonly BlockdevAddArgumentsBlkdebugTakeChildPermsItem[];
}

export interface XDebugQueryBlockGraphReturnNodesItem {
  readonly id: number;
  readonly name: string;
  readonly type: XDebugQueryBlockGraphReturnNodesItemType;
}

export type XDebugQueryBlockGraphReturnNodesItemType =
  | 'block-backend'
  | 'block-driver'
  | 'block-job';

export interface XQueryIrqReturn {
  readonly 'human-readable-text': string;
}

export interface XQueryVirtioQueueElementArguments {
  readonly index?: number;
  readonly path: string;
  readonly queue: number;
}

export interface XQueryVirtioQueueElementReturn {
  readonly avail: XQueryVirtioQueueElementReturnAvail;
  readonly descs: readonly XQueryVirtioQueueElementReturnDescsItem[];
  readonly index: number;
  readonly name: string;
  readonly used: XQueryVirtioQueueElementReturnUsed;
}

export interface XQueryVirtioQueueElementReturnAvail {
  readonly flags: number;
  readonly idx: number;
  readonly ring: number;
}

export interface XQueryVirtioQueueElementReturnDescsItem {
  readonly addr: number;
  readonly flags: readonly string[];
  readonly len: number;
}

export interface XQueryVirtioQueueElementReturnUsed {
  readonly flags: number;
  readonly idx: number;
}

export interface XQueryVirtioQueueStatusArguments {
  readonly path: string;
  readonly queue: number;
}

export interface XQueryVirtioQueueStatusReturn {
  readonly inuse: number;
  readonly 'last-avail-idx'?: number;
  readonly name: string;
  readonly 'queue-index': number;
  readonly 'shadow-avail-idx'?: number;
  readonly 'signalled-used': number;
  readonly 'signalled-used-valid': boolean;
  readonly 'used-idx': number;
  readonly 'vring-align': number;
  readonly 'vring-avail': number;
  readonly 'vring-desc': number;
  readonly 'vring-num': number;
  readonly 'vring-num-default': number;
  readonly 'vring-used': number;
}

export interface XQueryVirtioReturnItem {
  readonly name: string;
  readonly path: string;
}

export interface XQueryVirtioStatusArguments {
  readonly path: string;
}

export interface XQueryVirtioStatusReturn {
  readonly 'backend-features': XQueryVirtioStatusReturnBackendFeatures;
  readonly broken: boolean;
  readonly 'bus-name': string;
  readonly 'device-endian': string;
  readonly 'device-id': number;
  readonly 'disable-legacy-check': boolean;
  readonly disabled: boolean;
  readonly 'guest-features': XQueryVirtioStatusReturnBackendFeatures;
  readonly 'host-features': XQueryVirtioStatusReturnBackendFeatures;
  readonly isr: number;
  readonly name: string;
  readonly 'num-vqs': number;
  readonly 'queue-sel': number;
  readonly 'start-on-kick': boolean;
  readonly started: boolean;
  readonly status: XQueryVirtioStatusReturnStatus;
  readonly 'use-guest-notifier-mask': boolean;
  readonly 'use-started': boolean;
  readonly 'vhost-dev'?: XQueryVirtioStatusReturnVhostDev;
  readonly 'vhost-started': boolean;
  readonly 'vm-running': boolean;
}

export interface XQueryVirtioStatusReturnBackendFeatures {
  readonly 'dev-features'?: readonly string[];
  readonly transports: readonly string[];
  readonly 'unknown-dev-features'?: number;
}

export interface XQueryVirtioStatusReturnStatus {
  readonly statuses: readonly string[];
  readonly 'unknown-statuses'?: number;
}

export interface XQueryVirtioStatusReturnVhostDev {
  readonly 'acked-features': XQueryVirtioStatusReturnBackendFeatures;
  readonly 'backend-cap': number;
  readonly 'backend-features': XQueryVirtioStatusReturnBackendFeatures;
  readonly features: XQueryVirtioStatusReturnBackendFeatures;
  readonly 'log-enabled': boolean;
  readonly 'log-size': number;
  readonly 'max-queues': number;
  readonly 'n-mem-sections': number;
  readonly 'n-tmp-sections': number;
  readonly nvqs: number;
  readonly 'protocol-features': XQueryVirtioStatusReturnVhostDevProtocolFeatures;
  readonly 'vq-index': number;
}

export interface XQueryVirtioStatusReturnVhostDevProtocolFeatures {
  readonly protocols: readonly string[];
  readonly 'unknown-protocols'?: number;
}

export interface XQueryVirtioVhostQueueStatusArguments {
  readonly path: string;
  readonly queue: number;
}

export interface XQueryVirtioVhostQueueStatusReturn {
  readonly avail: number;
  readonly 'avail-phys': number;
  readonly 'avail-size': number;
  readonly call: number;
  readonly desc: number;
  readonly 'desc-phys': number;
  readonly 'desc-size': number;
  readonly kick: number;
  readonly name: string;
  readonly num: number;
  readonly used: number;
  readonly 'used-phys': number;
  readonly 'used-size': number;
}

export interface XenLoadDevicesStateArguments {
  readonly filename: string;
}

export interface XenSaveDevicesStateArguments {
  readonly filename: string;
  readonly live?: boolean;
}

export interface XenSetGlobalDirtyLogArguments {
  readonly enable: boolean;
}

export interface XenSetReplicationArguments {
  readonly enable: boolean;
  readonly failover?: boolean;
  readonly primary: boolean;
}

export interface YankArguments {
  readonly instances: readonly QueryYankReturnItem[];
}
