import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openTensorFile } from '@kic/checkpoints/node'
import { isKicError, KicError } from '@kic/core'
import { sequenceClassifier } from '@kic/roberta'
import { loadPretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import { withOneFile } from '../folder-with-one-file.ts'
import { goldenInputs } from '../golden-inputs.ts'
import type { ParityCase } from '../parity-case.ts'
import { runOnce } from '../run-once.ts'

/** Output → the file whose weights it was computed with. */
const MODELS = {
  logits: 'pytorch_model.bin',
  logits_legacy: 'pytorch_model_legacy.bin',
  logits_fp16_weights: 'pytorch_model_fp16.bin',
} as const

/** Would exist if one of the malicious files had been run. */
const TRACE = '/tmp/pwned'

/**
 * Files of `torch.save`: logits from each form of a model; every file with an expected content bit for bit; and malicious
 * files, which must be refused with the name of what they ask for, without having run.
 */
export const torchBin: ParityCase = {
  id: '08',
  compute: async (golden, folder, engine) => {
    const files = await readdir(folder)
    for (const file of files.filter((name) => name.endsWith('.bin'))) {
      const path = join(folder, file)
      const expected = file.replace(/(_legacy)?\.bin$/, '.expected.safetensors')
      if (file.startsWith('malicious')) await checkRefused(path)
      else if (files.includes(expected)) await checkContent(path, join(folder, expected))
    }
    await checkContent(join(folder, MODELS.logits), join(folder, 'model.safetensors'), ['position_ids'])
    await checkContent(join(folder, MODELS.logits_legacy), join(folder, 'model.safetensors'), [
      'position_ids',
    ])
    const outputs: Record<string, HostTensors[string]> = {}
    for (const [output, file] of Object.entries(MODELS)) {
      const { config, params } = await withOneFile(folder, file, 'pytorch_model.bin', loadPretrained)
      const model = sequenceClassifier(config)
      const { logits } = await runOnce(engine, params, goldenInputs(golden), (weights, feeds, ctx) => ({
        logits: model.logits(weights, feeds, ctx),
      }))
      if (logits) outputs[output] = logits
    }
    return outputs
  },
}

const checkRefused = async (path: string): Promise<void> => {
  const error: unknown = await openTensorFile(path).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  const named =
    isKicError(error) && error.code === 'checkpoints/pickle-global' && /asks for "[\w.]+"/.test(error.message)
  if (!named)
    throw new KicError('parity/malicious', `${path} was not refused by its global, but gave: ${error}`)
  const ran = await access(TRACE).then(
    () => true,
    () => false,
  )
  if (ran) throw new KicError('parity/malicious', `${path}: there is a ${TRACE}; remove it and run again.`)
}

/** Types, shapes and bytes of two files are equal, but for names that end so and are only in the first. */
const checkContent = async (
  path: string,
  expectedPath: string,
  extra: readonly string[] = [],
): Promise<void> => {
  const [actual, expected] = [await contentOf(path), await contentOf(expectedPath)]
  const names = [...new Set([...actual.keys(), ...expected.keys()])]
  const off = names.filter(
    (name) => actual.get(name) !== expected.get(name) && !extra.some((end) => name.endsWith(end)),
  )
  if (off.length > 0)
    throw new KicError('parity/content', `${path} differs from ${expectedPath} in ${off.join(', ')}.`)
}

const contentOf = async (path: string): Promise<Map<string, string>> => {
  const file = await openTensorFile(path)
  const content = new Map<string, string>()
  try {
    for await (const { tensors, bytes } of file.read(new Set(file.tensors.keys()))) {
      const hex = Buffer.from(bytes).toString('hex')
      for (const { name, dtype, shape } of tensors) content.set(name, `${dtype} [${shape}] ${hex}`)
    }
    return content
  } finally {
    await file.close()
  }
}
