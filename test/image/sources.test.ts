import { describe, expect, it } from 'bun:test';
import { bootstrapCommand } from '../../src/image/base-layer.ts';
import { parseSources } from '../../src/image/debian-sources.ts';
import { recipe } from '../../vm-images/base/recipe.ts';

describe('the host’s apt sources', () => {
  it('are used for the release, its updates and its security fixes, and nothing else', () => {
    const targets = [
      'Debian|bookworm|main|http://mirror.test/debian/|bookworm',
      'Debian|bookworm|main|http://mirror.test/debian/|bookworm',
      'Debian|bookworm|contrib|http://mirror.test/debian/|bookworm',
      'Debian|bookworm-security|main|http://mirror.test/security/|stable-security',
      'Debian|trixie|main|http://mirror.test/debian/|trixie',
      'Other|bookworm|main|http://other.test/|bookworm',
      '',
    ];
    expect(parseSources(targets.join('\n'), 'bookworm')).toEqual([
      'deb http://mirror.test/debian/ bookworm main',
      'deb http://mirror.test/security/ stable-security main',
    ]);
  });

  it('go to the bootstrap after the release and the target', () => {
    const at = {
      tar: '/build/base.tar',
      bun: '/build/bun',
      preferences: '/build/pins',
      sources: ['deb a b main'],
    };
    const command = bootstrapCommand(recipe, at);
    expect(command.slice(-3)).toEqual([recipe.suite, '/build/base.tar', 'deb a b main']);
    expect(command).toContain(`--include=${recipe.packages.join(',')}`);
  });
});
