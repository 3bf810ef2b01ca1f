import { expect, it } from 'vitest'
import { truncatePair } from './truncate.ts'

it('takes tokens away one by one from the longer text, and keeps the odd one there', () => {
  const oneByOne = (first: number, second: number, room: number): number[] => {
    let [a, b] = [first, second]
    while (a + b > room) {
      if (a > b || (a === b && first <= second)) a--
      else b--
    }
    return [a, b]
  }
  for (let first = 0; first < 12; first++) {
    for (let second = 0; second < 12; second++) {
      for (let room = 0; room < 26; room++) {
        expect(truncatePair(first, second, room), `${first}, ${second} in ${room}`).toEqual(
          oneByOne(first, second, room),
        )
      }
    }
  }
})
