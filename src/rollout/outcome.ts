/** What comes of a rollout. */
export const ROLLOUT_OUTCOMES = ['promoted', 'rolledBack'] as const;
export type RolloutOutcome = (typeof ROLLOUT_OUTCOMES)[number];
