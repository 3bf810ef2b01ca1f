import { TEMPERATURES } from '@kic/scores'
import { expect, it } from 'vitest'
import { temperatureDoubts } from './temperature-doubts.ts'

const numbers = Array.from({ length: 60 }, (_, i) => i % 3)
const { lowest, highest } = TEMPERATURES

it.each([
  [
    'all rows are right',
    0.2,
    true,
    /0\.200, too low for any doubt, because none of 60 rows is answered wrongly/,
  ],
  ['all rows are right at the bound', lowest, true, /none of 60 rows is answered wrongly/],
  [
    'some are wrong at the lowest bound',
    lowest,
    false,
    /the lowest that is tried, .* hardly differ between classes/,
  ],
  ['some are wrong at the highest bound', highest, false, /the highest that is tried, .* tell nothing/],
])('doubts a temperature where %s', (_, temperature, allRight, message) => {
  const doubts = temperatureDoubts(temperature, numbers, allRight)
  expect(doubts).toEqual([expect.stringMatching(message)])
})

it('has no doubt between the bounds', () => {
  expect(temperatureDoubts(1, numbers, false)).toEqual([])
})
