import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { initialize } from '@kic/nn'
import { createRobertaConfig, sequenceClassifier } from '@kic/roberta'
import { loadPretrained, savePretrained } from '@kic/roberta/node'
import { mutatedJson } from '../json-mutations.ts'
import { judge } from '../judge.ts'
import type { Target } from '../target.ts'

const small = createRobertaConfig({
  vocab_size: 12,
  hidden_size: 4,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 8,
  max_position_embeddings: 8,
  type_vocab_size: 1,
  id2label: { 0: 'A', 1: 'B', 2: 'C' },
})

/** Bytes of the weights beside the config, which a load holds whatever the config says. */
const WEIGHTS = 4096

/** A saved model whose config.json was changed: it loads with what its weights hold, or it is refused. */
export const config: Target = {
  name: 'config',
  inputs: async (folder) => {
    const params = initialize(sequenceClassifier(small).parameters, 1)
    await savePretrained(folder, { config: small, params })
    return mutatedJson([JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))])
  },
  check: (bytes, folder) =>
    judge(WEIGHTS + bytes.length, async () => {
      await writeFile(join(folder, 'config.json'), bytes)
      const { params } = await loadPretrained(folder)
      return { bytes: Object.values(params).reduce((sum, { data }) => sum + data.byteLength, 0) }
    }),
}
