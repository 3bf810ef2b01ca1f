import { expect, it } from 'vitest'
import { readPage } from './read-page.ts'

it('joins blocks of TypeScript, each in its lines, and finds relative links, but not those in code', () => {
  const page = readPage(
    [
      'See [a](x.md#part), [b](https://example.org) and `[c](y.md)`.',
      '```ts',
      'const a = 1',
      '```',
      'then',
      '```sh',
      'echo "[d](z.md)"',
      '```',
      '```ts',
      'console.log(a)',
      '```',
    ].join('\n'),
  )
  expect(page.program.split('\n')).toEqual([
    '',
    '',
    'const a = 1',
    '',
    '',
    '',
    '',
    '',
    '',
    'console.log(a)',
    '',
  ])
  expect(page.links).toEqual(['x.md'])
})

it('has no program without a block of TypeScript', () => {
  expect(readPage('# Title\n\n```sh\nls\n```\n').program).toBe('')
})
