import { KicError } from '@kic/core'
import { sequenceClassifier } from '@kic/roberta'
import { loadPretrained } from '@kic/roberta/node'
import { goldenInputs } from '../golden-inputs.ts'
import type { ParityCase } from '../parity-case.ts'
import { runOnce } from '../run-once.ts'

/** A model in several safetensors files with an index, loaded as users do. */
export const sharded: ParityCase = {
  id: '09',
  compute: async (golden, folder, engine) => {
    const { config, params, report } = await loadPretrained(folder)
    if (report.missing.length > 0 || report.unexpected.length > 0 || report.files.length < 2) {
      throw new KicError(
        'parity/sharded',
        `${folder}: read ${report.files.join(', ')}, missing ${report.missing}, unexpected ${report.unexpected}.`,
      )
    }
    const model = sequenceClassifier(config)
    return runOnce(engine, params, goldenInputs(golden), (weights, feeds, ctx) => ({
      logits: model.logits(weights, feeds, ctx),
    }))
  },
}
