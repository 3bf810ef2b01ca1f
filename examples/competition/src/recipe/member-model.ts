import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ancestorLevels } from '@kic/classification'
import { KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { Context, Tensors } from '@kic/engine'
import { type FusedClassifier, hierarchicalFusion, robertaLevel } from '@kic/hierarchical-fusion'
import type { Head } from '@kic/nn'
import { saveNotes } from '@kic/predictor/node'
import { parseRobertaConfig, type RobertaConfig, sequenceClassifier } from '@kic/roberta'
import { loadHead, loadPretrained, savePretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import type { Tokenizer } from '@kic/tokenizer'
import { loadTokenizer } from '@kic/tokenizer/node'
import type { Tensor } from '@tensorflow/tfjs'
import { notesOfTask } from '../notes-of-task.ts'
import { saveTextFiles } from '../save-text-files.ts'
import type { MemberRecipe } from './members.ts'
import { levelAbove, type Workspace } from './workspace.ts'

/** A member that was trained, as its folder holds it. */
export interface TrainedMember {
  readonly config: RobertaConfig
  /** Of the encoder that a fused member reads. */
  readonly previous: RobertaConfig | undefined
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
}

/** What a fused member is made of; no class of transformers is, so it has no `config.json`. */
const FUSION_FILE = 'fusion.json'
const WEIGHTS_FILE = 'model.safetensors'

/** The fused classifier of two configs. */
export const fusedClassifier = (
  { task }: Workspace,
  { level }: MemberRecipe,
  head: Head,
  config: RobertaConfig,
  previous: RobertaConfig,
): FusedClassifier =>
  hierarchicalFusion({
    config,
    head,
    previous: robertaLevel(levelAbove(task.classification, level), previous),
    present: robertaLevel(level, config),
    above: ancestorLevels(task.classification, { level, codes: Object.values(config.id2label) }).at(-2),
  })

/** Writes a member's model: one that is not fused as a folder that any KIC tool loads. */
export const saveMember = async (
  { recipe, task }: Workspace,
  folder: string,
  { head }: MemberRecipe,
  { config, previous, params, tokenizer }: TrainedMember,
): Promise<void> => {
  if (previous === undefined) {
    return savePretrained(
      folder,
      { config, params, head: { name: head } },
      {
        files: async (at) => {
          await saveTextFiles(at, tokenizer, recipe.maxLength)
          await saveNotes(at, notesOfTask(task.classification))
        },
      },
    )
  }
  await saveSafetensors(join(folder, WEIGHTS_FILE), params)
  await saveTextFiles(folder, tokenizer, recipe.maxLength)
  await writeFileAtomic(join(folder, FUSION_FILE), JSON.stringify({ head, present: config, previous }))
}

/** A member that predicts. */
export interface PredictingMember {
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
  /** [B, C] */
  readonly logits: (params: Tensors, feeds: Tensors, ctx: Context) => Tensor
}

/**
 * The member that `saveMember` wrote.
 *
 * @throws KicError `example/member` where the folder is of a member with another head, and as `loadPretrained`
 */
export const loadMember = async (
  workspace: Workspace,
  member: MemberRecipe,
  folder: string,
): Promise<PredictingMember> => {
  const head = await loadHead(member.head)
  const tokenizer = await loadTokenizer(folder)
  if (member.fusion === 'none') {
    const { config, params } = await loadPretrained(folder, { head })
    return { params, tokenizer, logits: sequenceClassifier(config, head).logits }
  }
  const saved: unknown = JSON.parse(await readFile(join(folder, FUSION_FILE), 'utf8'))
  const {
    head: name,
    present,
    previous,
  }: Partial<Record<'head' | 'present' | 'previous', unknown>> = Object(saved)
  if (name !== member.head) {
    throw new KicError(
      'example/member',
      `loadMember: ${folder} must have the head ${member.head}, received ${JSON.stringify(name)}. Remove the folder, so that the member is made anew.`,
    )
  }
  const { logits } = fusedClassifier(
    workspace,
    member,
    head,
    parseRobertaConfig(present),
    parseRobertaConfig(previous),
  )
  const { tensors } = await loadSafetensors(join(folder, WEIGHTS_FILE))
  return { params: tensors, tokenizer, logits }
}
