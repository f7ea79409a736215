/** Where the build's Debian packages come from: the host's own apt configuration. */
import { runCommand } from './command.ts';
import { CommandFailedError } from './errors.ts';

/**
 * The host's apt sources for a Debian release (the release itself, its updates and its security fixes), as
 * one-line source entries. Empty when the host has none (another distribution, no package lists yet): the
 * bootstrap tool then uses its own default.
 */
export async function debianSources(suite: string, signal?: AbortSignal): Promise<readonly string[]> {
  const format = '$(ORIGIN)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)|$(RELEASE)';
  try {
    const command = ['apt-get', 'indextargets', '--format', format, 'Created-By: Packages'] as const;
    return parseSources(await runCommand(command, { signal }), suite);
  } catch (error) {
    if (error instanceof CommandFailedError) return [];
    throw error;
  }
}

/** The part of {@link debianSources} that needs no apt: `lines` as apt prints them. */
export function parseSources(lines: string, suite: string): readonly string[] {
  const suites = new Set([suite, `${suite}-updates`, `${suite}-security`]);
  const sources = lines.split('\n').flatMap((line) => {
    const [origin, codename, component, uri, release] = line.split('|');
    const wanted = origin === 'Debian' && component === 'main' && suites.has(codename ?? '');
    return wanted && uri && release ? [`deb ${uri} ${release} main`] : [];
  });
  return [...new Set(sources)];
}
