import { expect, it } from 'vitest'
import { readPage } from './read-page.ts'

it('joins blocks of TypeScript and finds relative links, but not those inside of code', () => {
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
  expect(page).toEqual({ program: 'const a = 1\n\nconsole.log(a)\n', links: ['x.md'] })
})
