import { expect, it } from 'vitest'
import { saySometimes } from './say-sometimes.ts'

it('says a line at once and then every 30 seconds', () => {
  let now = 5
  const said: string[] = []
  const say = saySometimes(
    (line) => said.push(line),
    () => now,
  )
  for (; now < 65_000; now += 1_000) say(() => `${now}`)
  expect(said).toEqual(['5', '30005', '60005'])
})
