import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { BatchJob } from './batch-job.ts'
import { onAbort } from './on-abort.ts'

it('listens once for any number of jobs, and not at all after the last one', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const jobs = Array.from({ length: 24 }, () => new BatchJob(1, signal))
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  const row = Float32Array.of(1)
  for (const job of jobs) job.put(0, row)
  expect(await Promise.all(jobs.map(({ scores }) => scores))).toEqual(jobs.map(() => row))
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

it('calls all that still wait, also after others have ended', () => {
  const controller = new AbortController()
  const called: string[] = []
  const end = onAbort(controller.signal, () => called.push('ended'))
  end()
  const endOther = onAbort(controller.signal, () => called.push('ended too'))
  onAbort(controller.signal, () => called.push('first'))
  onAbort(controller.signal, () => called.push('second'))
  endOther()
  end()
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
  controller.abort()
  expect(called).toEqual(['first', 'second'])
})
