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

it('keeps a row on one line, whatever its cells hold', () => {
  const cells = ['a\nb', 'c\r\nd', '\te', '\u001b[31mred', '\u0000\u007f\u0085', '"q" \\ é']
  expect(textTable([cells, ['x', 'y']])).toBe(
    'a\\nb  c\\r\\nd  \\te  \\u001b[31mred  \\u0000\\u007f\\u0085  "q" \\ é\nx     y\n',
  )
})
