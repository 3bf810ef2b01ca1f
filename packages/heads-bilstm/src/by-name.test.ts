import { loadHead } from '@kic/roberta/node'
import { expect, it } from 'vitest'

it('is found by its name, and refuses options that are none', async () => {
  expect((await loadHead('bilstm')).name).toBe('bilstm')
  const two = await loadHead('bilstm', { layers: 2 })
  expect(typeof two.apply).toBe('function')
  await expect(loadHead('bilstm', { layers: 0 })).rejects.toThrowError(
    expect.objectContaining({ code: 'heads-bilstm/layers' }),
  )
})
