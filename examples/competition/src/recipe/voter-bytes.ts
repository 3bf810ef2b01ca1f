import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { NGRAM_FILE } from '@kic/predictor/node'
import { exportedBytes } from '@kic/roberta'
import { loadMember } from './member-model.ts'
import type { MemberRecipe } from './members.ts'
import type { NgramRecipe } from './ngram-recipe.ts'

/** The bytes that each trained voter takes in a packed model, but for its graph and its texts. */
export const voterBytes = async (
  voters: readonly (MemberRecipe | NgramRecipe)[],
  folderOf: (name: string) => string,
): Promise<(name: string) => number> => {
  const bytes = new Map<string, number>()
  for (const voter of voters) {
    const folder = folderOf(voter.name)
    bytes.set(
      voter.name,
      'model' in voter
        ? (await stat(join(folder, NGRAM_FILE))).size
        : exportedBytes((await loadMember(voter, folder)).params),
    )
  }
  return (name) => defined(bytes.get(name))
}
