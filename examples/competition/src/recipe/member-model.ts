import { ancestorLevels, codesOf } from '@kic/classification'
import { saveClassifier, saveTextFiles, startingPoint, withClasses } from '@kic/classifier'
import { initializeFusion, robertaFusion } from '@kic/hierarchical-fusion'
import { loadFusion, saveFusion } from '@kic/hierarchical-fusion/node'
import type { Model } from '@kic/nn'
import { saveNotes } from '@kic/predictor/node'
import { type RobertaConfig, robertaParameters, sequenceClassifier } from '@kic/roberta'
import { loadHead, loadPretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { loadTokenizer } from '@kic/tokenizer/node'
import { notesOfTask } from '../notes-of-task.ts'
import { encoderIn } from './make-encoders.ts'
import type { MemberRecipe } from './members.ts'
import { levelAbove, type Workspace } from './workspace.ts'

/** A member with its parameters. */
export interface MemberModel {
  readonly model: Model<RobertaConfig>
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
}

/** A member before its training. */
export interface UntrainedMember extends MemberModel {
  /** Writes the trained model: one that is not fused as a folder that any KIC tool loads. */
  readonly save: (folder: string, trained: HostTensors) => Promise<void>
}

/**
 * A member as its training finds it.
 *
 * @param folders of its encoder, and of the member whose encoder a fused one reads
 */
export const startMember = async (
  workspace: Workspace,
  member: MemberRecipe,
  folders: { readonly encoder?: string | undefined; readonly previous?: string | undefined },
): Promise<UntrainedMember> => {
  const { encoder = '', previous } = folders
  if (previous !== undefined) return startFused(workspace, member, encoder, previous)
  const { classification } = workspace.task
  const { head, level, seed } = member
  const classes = codesOf(classification, level)
  const { model, initial, tokenizer } = await startingPoint({ from: encoder, classes, head, seed })
  return {
    model,
    params: initial,
    tokenizer,
    save: (folder, params) =>
      saveClassifier(
        folder,
        { model, params, tokenizer },
        { notes: notesOfTask(classification), maxLength: workspace.recipe.maxLength },
      ),
  }
}

const startFused = async (
  { recipe, task }: Workspace,
  { head, level, seed }: MemberRecipe,
  encoder: string,
  previousFolder: string,
): Promise<UntrainedMember> => {
  const { classification } = task
  const codes = codesOf(classification, level)
  const present = await encoderIn(encoder)
  const previous = await loadPretrained(previousFolder, { parameters: robertaParameters })
  const config = withClasses(present.config, codes)
  const levels = {
    present: { level, config },
    previous: { level: levelAbove(classification, level), config: previous.config },
  }
  const above = ancestorLevels(classification, { level, codes }).at(-2)
  const model = robertaFusion(levels, await loadHead(head), above)
  const checkpoints = { previous: previous.params, present: present.params }
  const { tokenizer } = present
  return {
    model,
    params: initializeFusion(model, checkpoints, seed).params,
    tokenizer,
    save: (folder, params) =>
      saveFusion(folder, levels, { head, params }, async (at) => {
        await saveTextFiles(at, tokenizer, { maxLength: recipe.maxLength })
        await saveNotes(at, notesOfTask(classification))
      }),
  }
}

/** A trained member from its folder. */
export const loadMember = async (member: MemberRecipe, folder: string): Promise<MemberModel> => {
  const tokenizer = await loadTokenizer(folder)
  if (member.fusion !== 'none') return { ...(await loadFusion(folder)), tokenizer }
  const head = await loadHead(member.head)
  const { config, params } = await loadPretrained(folder, { head })
  return { model: sequenceClassifier(config, head), params, tokenizer }
}
