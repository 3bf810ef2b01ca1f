import { expect, it } from 'vitest'
import { checkInterval, isDue } from './interval.ts'

it('is due as often as requested, for any number of updates in an epoch', () => {
  for (const perEpoch of [1, 3, 4, 5, 6, 7, 10, 12, 15, 20]) {
    for (let length = perEpoch; length < 70; length++) {
      const due: number[] = []
      for (let step = 1; step <= 5 * length; step++) {
        const at = (n: number): number => Math.floor(n / length) + (n % length) / length
        // The trainer counts the end of an epoch as a whole epoch.
        const end = Math.floor((step - 1) / length) + (((step - 1) % length) + 1) / length
        if (isDue({ everyEpochs: 1 / perEpoch }, { step, epochsBefore: at(step - 1), epochs: end }))
          due.push(step)
      }
      const expected = Array.from({ length: 5 * perEpoch }, (_, i) =>
        Math.ceil(((i + 1) * length) / perEpoch - 1e-9),
      )
      expect(due, `${perEpoch} times in ${length}`).toEqual(expected)
    }
  }
})

it('refuses values that are not above 0', () => {
  expect(() => checkInterval('evaluate.every', { everySteps: 1.5 })).toThrow(
    /evaluate.every .* received {"everySteps":1.5}/,
  )
  expect(() => checkInterval('evaluate.every', { everyEpochs: 0 })).toThrow(/above 0/)
})
