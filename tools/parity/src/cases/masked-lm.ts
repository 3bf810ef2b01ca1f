import { join } from 'node:path'
import { KicError } from '@kic/core'
import { type Context, gradientName, type Tensors, valueAndGradients } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { matchParameters, type ParamSpec, parameter } from '@kic/nn'
import { compareTensor } from '@kic/nn/testing'
import {
  maskedLmHead,
  maskedLmParameters,
  robertaEncoder,
  robertaInputs,
  robertaParameters,
} from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import type { Tensor } from '@tensorflow/tfjs'
import { goldenInputs } from '../golden-inputs.ts'
import type { ParityCase } from '../parity-case.ts'
import { readConfig } from '../read-config.ts'
import { runOnce } from '../run-once.ts'

const TABLE = 'roberta.embeddings.word_embeddings.weight'

/** `RobertaForMaskedLM`: logits, loss, gradients, and the two uses of the tied embeddings apart. */
export const maskedLm: ParityCase = {
  id: '03',
  compute: async (golden, folder, engine) => {
    const config = await readConfig(folder)
    const specs = [...robertaParameters(config), ...maskedLmParameters(config)]
    const { tensors } = await loadSafetensors(join(folder, 'model.safetensors'))
    await checkTiedFile(join(folder, 'model_with_tied_keys.safetensors'), specs, tensors)

    /** The loss with one dictionary for the encoder and one for the head, so that the table can differ. */
    const loss = (
      encoder: Tensors,
      head: Tensors,
      batch: Tensors,
      ctx: Context,
    ): { loss: Tensor; logits: Tensor } => {
      const { lastHiddenState } = robertaEncoder(encoder, robertaInputs(batch), config, ctx)
      const logits = maskedLmHead(head, lastHiddenState, config) // [B, S, V]
      const labels = parameter(batch, 'labels').reshape([-1])
      return { loss: crossEntropy(logits.reshape([-1, config.vocab_size]), labels), logits }
    }
    return runOnce(engine, tensors, goldenInputs(golden), (params, feeds, ctx) => {
      const names = specs.map(({ name }) => name)
      // A tensor of its own: what is differentiated must not be reached through the other use.
      const constant = { ...params, [TABLE]: parameter(params, TABLE).clone() }
      const gradient = gradientName(TABLE)
      const lookup = valueAndGradients((p, b) => loss(p, constant, b, ctx), params, feeds, ctx, [TABLE])
      const decoder = valueAndGradients((p, b) => loss(constant, p, b, ctx), params, feeds, ctx, [TABLE])
      return {
        ...valueAndGradients((p, b) => loss(p, p, b, ctx), params, feeds, ctx, names),
        'gradpart.embedding_lookup': parameter(lookup, gradient),
        'gradpart.decoder_matmul': parameter(decoder, gradient),
      }
    })
  },
}

/** Older checkpoints store the tied decoder twice: the model must be the same. */
const checkTiedFile = async (
  path: string,
  specs: readonly ParamSpec[],
  expected: HostTensors,
): Promise<void> => {
  const { params, missing } = matchParameters(specs, (await loadSafetensors(path)).tensors)
  const exact = { atol: 0, rtol: 0 }
  const different = specs.filter(({ name }) => {
    const tensor = expected[name]
    return tensor === undefined || !compareTensor(params[name], tensor, exact).pass
  })
  if (missing.length > 0 || different.length > 0) {
    const names = [...missing, ...different].map(({ name }) => name).join(', ')
    throw new KicError(
      'parity/tied-file',
      `${path} does not load to the model of model.safetensors: ${names}.`,
    )
  }
}
