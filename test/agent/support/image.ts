/** The image that the tests boot: of the working tree, built when it has changed. */
import { join } from 'node:path';
import { buildImage } from '../../../src/image/build.ts';
import { currentImage } from '../../../src/image/paths.ts';

/** Kept between test runs: the packages take a minute to install. */
const HOME =
  process.env['CODELAND_TEST_HOME'] ?? join('/var/tmp', `codeland-test-${process.getuid?.() ?? 0}`);

/** @returns The image's folder. */
export async function testImage(): Promise<string> {
  await buildImage({ home: HOME });
  return currentImage(HOME);
}
