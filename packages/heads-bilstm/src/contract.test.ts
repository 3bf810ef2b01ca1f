import { headContract } from '@kic/nn/testing'
import { describe, it } from 'vitest'
import { bilstmHead } from './bilstm-head.ts'

describe.each([1, 2])('the mask-aware head with %d layers', (layers) => {
  for (const { name, check } of headContract(bilstmHead({ layers }))) it(name, check)
})

describe('the published head', () => {
  const published = bilstmHead({ padding: 'as-published' })
  for (const { name, check } of headContract(published, { padding: 'read' })) it(name, check)
})
