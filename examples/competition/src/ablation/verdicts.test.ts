import { expect, it } from 'vitest'
import type { RowScores, SeedScores } from './ablation-table.ts'
import { verdicts } from './verdicts.ts'

const scores = (seed: number, accuracy: number, perplexities: number[] = []): SeedScores => ({
  seed,
  levels: { group: { accuracy, macroF1: 0 } },
  updates: 1,
  seconds: 1,
  extraUpdates: 0,
  extraSeconds: 0,
  perplexities: perplexities.map((perplexity, epoch) => ({ epoch, perplexity })),
})

const row = (seeds: readonly SeedScores[]): RowScores => ({ seeds, difference: undefined })
const table = {
  reference: 'plain',
  rows: { plain: { name: 'plain' }, bilstm: { name: '+ BiLSTM' }, tapt: { name: '+ TAPT' } },
}

it('compares with the plain model seed by seed, and reports rising perplexity', () => {
  expect(
    verdicts('group', table, {
      plain: row([scores(1, 0.5), scores(2, 0.6)]),
      tapt: row([scores(2, 0.63, [90, 20, 20]), scores(1, 0.52, [90, 30.04, 9])]),
      bilstm: row([scores(1, 0.49)]),
    }),
  ).toEqual([
    '+ BiLSTM: -1.00 points of group accuracy over plain (seed by seed: -1.00)',
    '+ TAPT: +2.50 points of group accuracy over plain (seed by seed: +3.00, +2.00)',
    '+ TAPT, seed 2: held-out perplexity 90.0 → 20.0 → 20.0; it did NOT fall in epoch 2',
    '+ TAPT, seed 1: held-out perplexity 90.0 → 30.0 → 9.0; it fell in every epoch',
  ])
})
