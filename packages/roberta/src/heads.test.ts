import { headContract } from '@kic/nn/testing'
import { describe, it } from 'vitest'
import { besideNgrams } from './beside-ngrams.ts'
import { meanHead } from './mean-head.ts'
import { ngramHead } from './ngram-head.ts'
import { standardHead } from './standard-head.ts'

describe.each([standardHead, meanHead, ngramHead, besideNgrams(standardHead)])('the head $name', (head) => {
  for (const { name, check } of headContract(head)) it(name, check)
})
