/** Routes that show the guests which were kept after their runs failed. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import type { KeptGuest } from '../postmortem/kept-guest.ts';
import type { KeptGuests } from '../postmortem/kept-guests.ts';
import { LookError } from '../postmortem/look.ts';
import { ControlError } from './errors.ts';

export type KeptServices = {
  /** Undefined: none is kept. */
  readonly kept: KeptGuests | undefined;
};

const byName = { params: Type.Object({ name: Type.String({ pattern: '^[0-9a-z-]{1,64}$' }) }) };
const Path = Type.String({ minLength: 1, maxLength: 4096, pattern: '^[^\\0]*$' });

export const keptRoutes = ({ kept }: KeptServices) => {
  const find = (name: string): KeptGuest => {
    const guest = kept?.find(name);
    if (!guest) throw new ControlError('notFound', `no guest ${name} is kept`);
    return guest;
  };
  return new Elysia()
    .get('/kept', () => ({ isOn: kept !== undefined, guests: kept?.list ?? [] }))
    .get(
      '/kept/:name/console',
      async ({ params }) => ({ console: await find(params.name).console().catch(notAnswered) }),
      byName,
    )
    .get(
      '/kept/:name/processes',
      async ({ params, request, server }) => {
        server?.timeout(request, 0);
        return { processes: await find(params.name).looks.processes().catch(refused) };
      },
      byName,
    )
    .get(
      '/kept/:name/files',
      ({ params, request, server }) => {
        server?.timeout(request, 0);
        return find(params.name).looks.files().catch(refused);
      },
      byName,
    )
    .get(
      '/kept/:name/file',
      ({ params, query, request, server }) => {
        server?.timeout(request, 0);
        return find(params.name).looks.file(query.path).catch(refused);
      },
      { ...byName, query: Type.Object({ path: Path }) },
    )
    .delete(
      '/kept/:name',
      async ({ params: { name } }) => {
        find(name);
        await kept?.end(name);
        return { isEnded: true };
      },
      byName,
    );
};

function refused(error: unknown): never {
  throw error instanceof LookError ? new ControlError('refused', error.message, { cause: error }) : error;
}

function notAnswered(cause: unknown): never {
  throw new ControlError('refused', 'its QEMU does not answer', { cause });
}
