import { describe, expect, test } from 'bun:test';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { bindUnixSocket, closeDescriptor } from '../../../src/lib/posix.ts';
import { TempFolder } from '../../support/temp-folder.ts';

describe('a socket that another process is to serve', () => {
  test('can be connected to before that process takes connections, and breaks when nobody is to', async () => {
    await using folder = await TempFolder.create();
    const path = join(folder.path, 'socket');
    const descriptor = bindUnixSocket(path);
    const early = connect(path);
    await once(early, 'connect');
    const broken = once(early, 'data').catch(({ code }) => code);
    closeDescriptor(descriptor);
    expect(await broken).toBe('ECONNRESET');
  });
});
