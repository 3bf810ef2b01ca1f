import { expect, it } from 'vitest'
import { scoreTable } from './score-table.ts'

it('aligns systems and levels, and has dashes for levels that a system does not predict', () => {
  const table = scoreTable(
    ['section', 'group'],
    [
      {
        system: 'ensemble',
        levels: { section: { accuracy: 0.9, macroF1: 0.85 }, group: { accuracy: 1, macroF1: 0.5 } },
      },
      { system: 'member', levels: { section: { accuracy: 0.123456, macroF1: 0 } } },
    ],
  )
  expect(table.split('\n')).toEqual([
    '           section               group',
    '          accuracy  macro-F1  accuracy  macro-F1',
    '─'.repeat(48),
    'ensemble     90.00     85.00    100.00     50.00',
    'member       12.35      0.00         –         –',
  ])
})
