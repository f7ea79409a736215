/** Routes that bring another template into use. */

import { type Static, Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import type { RolloutOrder, Rollouts } from '../rollout/rollouts.ts';
import { ControlError } from './errors.ts';

export type RolloutServices = { readonly rollouts: Pick<Rollouts<never>, 'begin' | 'abort' | 'reload'> };

/** What is left out is as in {@link USUAL}. */
const RolloutBody = Type.Object({
  template: Type.String({ pattern: '^[0-9a-z-]{1,64}$' }),
  sharePercent: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  runs: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
  maxErrorPercent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
});
export type RolloutBody = Static<typeof RolloutBody>;

/** Enough runs to see one failure in ten with 88 % probability: 1 − 0.9²⁰. */
const USUAL: Omit<RolloutOrder, 'template'> = {
  sharePercent: 25,
  runs: 20,
  seconds: 600,
  maxErrorPercent: 5,
};

export const rolloutRoutes = ({ rollouts }: RolloutServices) =>
  new Elysia()
    .post(
      '/rollout',
      ({ body, request, server }) => {
        // It answers when it is decided. Who leaves before gives it up.
        server?.timeout(request, 0);
        const left = new AbortController();
        const leave = () => left.abort(new Error('the one who ordered it has left'));
        request.signal.addEventListener('abort', leave, { once: true });
        return rollouts.begin({ ...USUAL, ...body }, left.signal);
      },
      { body: RolloutBody },
    )
    .delete('/rollout', () => {
      if (rollouts.abort('an operator gave it up')) return { isGivenUp: true };
      throw new ControlError('notFound', 'no rollout is under way');
    })
    .post('/templates/reload', ({ request, server }) => {
      server?.timeout(request, 0);
      return rollouts.reload();
    });
