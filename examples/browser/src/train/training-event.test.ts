import { expect, it } from 'vitest'
import { curvePoints } from './curve-points.ts'
import { noProgress, progressAfter, secondsLeft, type TrainingEvent } from './training-event.ts'

const step = (number: number, loss: number): TrainingEvent => ({
  kind: 'step',
  step: number,
  totalSteps: 10,
  loss,
  seconds: 2,
})

it('collects what the worker tells', () => {
  const events: TrainingEvent[] = [
    { kind: 'engine', gpu: 'some GPU' },
    { kind: 'stage', stage: 'training' },
    ...[3, 2, 1, 0.5].map((loss, i) => step(i + 1, loss)),
    { kind: 'evaluation', epoch: 1, accuracy: 0.8 },
  ]
  const progress = events.reduce(progressAfter, noProgress)
  expect(progress).toMatchObject({
    gpu: 'some GPU',
    started: true,
    stage: 'training',
    losses: [3, 2, 1, 0.5],
    totalSteps: 10,
  })
  expect(progress.evaluations.map(({ accuracy }) => accuracy)).toEqual([0.8])
  // Four steps took 8 s, six are left.
  expect(secondsLeft(progress)).toBe(12)
  expect(secondsLeft(noProgress)).toBeUndefined()
})

it('draws every step of a short training, and means of a long one', () => {
  expect(curvePoints([3, 1])).toEqual([
    { step: 1, loss: 3 },
    { step: 2, loss: 1 },
  ])
  const long = curvePoints(Array.from({ length: 1001 }, (_, i) => i))
  expect(long.length).toBeLessThanOrEqual(200)
  expect(long[0]).toEqual({ step: 6, loss: 2.5 })
  expect(long.at(-1)).toEqual({ step: 1001, loss: 998 })
  expect(curvePoints([])).toEqual([])
})
