import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { writeFileAtomic, writeFolderAtomic } from '@kic/core/node'
import { parseRobertaConfig, type RobertaConfig } from '@kic/roberta'
import { loadHead } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import { z } from 'zod'
import type { HierarchicalFusionErrorCode } from './error-code.ts'
import type { FusedClassifier } from './hierarchical-fusion.ts'
import { type RobertaFusion, robertaFusion } from './roberta-fusion.ts'

/** No class of transformers is a fused model, so its folder has no `config.json`. */
const FUSION_FILE = 'fusion.json'
const WEIGHTS_FILE = 'model.safetensors'

const level = z.strictObject({ level: z.string(), config: z.unknown() })
const schema = z.strictObject({ head: z.string(), present: level, previous: level })

/** A fused classifier of a folder. */
export interface LoadedFusion {
  readonly model: FusedClassifier<RobertaConfig>
  /** The head's name. */
  readonly head: string
  readonly params: HostTensors
}

/**
 * Writes a fused classifier as a folder, which appears whole; other files in it stay.
 *
 * @param head its name, by which `loadHead` of `@kic/roberta/node` finds it
 * @param files writes more files into the folder, for example `(at) => saveTokenizer(at, tokenizer)`
 * @throws KicError `core/write-failed`
 */
export const saveFusion = (
  folder: string,
  { present, previous }: RobertaFusion,
  { head, params }: Pick<LoadedFusion, 'head' | 'params'>,
  files: (folder: string) => Promise<void> = async () => {},
): Promise<void> =>
  writeFolderAtomic(folder, async (at) => {
    await saveSafetensors(join(at, WEIGHTS_FILE), params)
    await writeFileAtomic(join(at, FUSION_FILE), `${JSON.stringify({ head, present, previous }, null, 2)}\n`)
    await files(at)
  })

/**
 * The fused classifier that `saveFusion` wrote.
 *
 * @throws KicError `hierarchical-fusion/file`, and as `loadHead`, `parseRobertaConfig` and `loadSafetensors`
 */
export const loadFusion = async (folder: string): Promise<LoadedFusion> => {
  const path = join(folder, FUSION_FILE)
  const { head, present, previous } = parse(path, await readFile(path, 'utf8').catch(() => ''))
  const withConfig = ({ level, config }: typeof present) => ({ level, config: parseRobertaConfig(config) })
  const fusion = { present: withConfig(present), previous: withConfig(previous) }
  const { tensors } = await loadSafetensors(join(folder, WEIGHTS_FILE))
  return { model: robertaFusion(fusion, await loadHead(head)), head, params: tensors }
}

const parse = (path: string, text: string): z.infer<typeof schema> => {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new KicError<HierarchicalFusionErrorCode>(
      'hierarchical-fusion/file',
      `loadFusion: ${path} must describe a fused classifier, received something else. Give a folder that saveFusion wrote.`,
      { cause },
    )
  }
}
