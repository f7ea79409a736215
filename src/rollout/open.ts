/** Opens any template of the data folder, with the image that it was baked from. */
import type { Config } from '../config.ts';
import { verifyImage } from '../image/manifest.ts';
import { imageDirectory } from '../image/paths.ts';
import { inspectPresent } from '../installed.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { readManifest, TemplateError } from '../template/manifest.ts';
import { TemplateStore } from '../template/store.ts';
import { Template } from '../template/template.ts';
import { loadWarmUps } from '../template/warm-ups.ts';

/**
 * Reads all of the template and its image.
 * @throws {TemplateError | ImageCorruptError | QemuMissingError} When guests cannot be restored from it here: it is
 * missing or damaged, or was baked for another host, QEMU, or version of this program.
 */
export async function openTemplateById(config: Config, id: string): Promise<Template> {
  const folder = new TemplateStore(config.home).folder(id);
  const { pins } = await readManifest(folder);
  if (pins.agentProtocol !== PROTOCOL_VERSION) {
    throw new TemplateError(
      `template ${id} speaks version ${pins.agentProtocol} of the agent's protocol, the running server ${PROTOCOL_VERSION}: promote it and restart the server`,
    );
  }
  const image = await verifyImage(imageDirectory(config.home, pins.imageId));
  const { pins: present } = await inspectPresent(config, image);
  return Template.open(folder, { present, image, warmUps: await loadWarmUps() });
}
