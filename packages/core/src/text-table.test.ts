import { expect, it } from 'vitest'
import { percent, textTable } from './text-table.ts'

it('aligns columns, Hangul as two columns of a terminal', () => {
  expect(
    textTable(
      [
        ['level', 'accuracy'],
        ['소분류', percent(0.9234)],
      ],
      '  ',
    ),
  ).toBe('  level   accuracy\n  소분류  92.3 %\n')
})
