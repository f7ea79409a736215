/** What both sides need of the protocol's identity; kept apart from the schemas so that the agent stays small. */

/** Raised with every change that an older peer would misread. Host and agent must agree exactly. */
export const PROTOCOL_VERSION = 4;

/** Name of the virtio-serial port, as the guest sees it in `/sys/class/virtio-ports/<port>/name`. */
export const AGENT_PORT_NAME = 'codeland.agent';
