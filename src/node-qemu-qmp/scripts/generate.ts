import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { QmpClient, type QmpVersion } from '../src/mod.ts';
import { bareMachine, Qemu } from './qemu.ts';
import { Renderer } from './render.ts';
import { Schema } from './schema.ts';

/** How long a QEMU may take to start and to answer, in milliseconds. */
const deadlineMilliseconds = 30_000;

/** Where the types are checked in. */
export const generatedFile = fileURLToPath(new URL('../src/generated/schema.ts', import.meta.url));

/** The first line of the types generated from that QEMU. */
export function headerFor({ qemu, package: build }: QmpVersion): string {
  const version = `${qemu.major}.${qemu.minor}.${qemu.micro}`;
  return `// Generated from the schema of QEMU ${version}${build === '' ? '' : ` (${build})`}. Do not edit.`;
}

/**
 * Asks a QEMU for its schema and writes it as TypeScript.
 *
 * @param binary Such as `qemu-system-x86_64`; the schema depends on the target and on how QEMU was configured.
 * @throws QmpConnectError when QEMU does not start.
 */
export async function generateTypes(binary?: string): Promise<string> {
  await using qemu = await Qemu.start(bareMachine, binary);
  const signal = AbortSignal.timeout(deadlineMilliseconds);
  await using client = await QmpClient.connect({ path: qemu.path, waitForSocket: true, signal });
  const renderer = new Renderer(new Schema(await client.execute('query-qmp-schema', {}, { signal })));
  return [
    `${headerFor(client.version)}\n// Regenerate: bun scripts/generate.ts`,
    "import type { JsonValue } from '../json.ts';",
    '/** Of a command that takes nothing, or gives nothing back. */\ntype Nothing = Record<string, never>;',
    renderer.commands(),
    renderer.events(),
    ...renderer.types(),
  ]
    .join('\n\n')
    .concat('\n');
}

if (import.meta.main) await writeFile(generatedFile, await generateTypes(process.argv[2]));
